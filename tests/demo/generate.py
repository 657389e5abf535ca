#!/usr/bin/env python3
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Writes deploy/demo: the demonstration dealership. Every person, plate, VIN, phone number, programme
and amount in it is invented; the same run always writes the same bytes (see deploy/demo/README.md).

    tests/demo/generate.py            writes the files
    tests/demo/generate.py --check    exit 1 when the files differ from what it would write
    tests/demo/generate.py --year DIR writes files that tell of a whole year, for tests (tests/demo/fill.c plays them)
"""
import csv
import io
import json
import pathlib
import sys

sys.dont_write_bytecode = True  # the tree stays as it was cloned

import orders
import people
import ruleset
import timeline
import world

FOLDER = pathlib.Path(__file__).resolve().parent.parent.parent / "deploy" / "demo"


def as_json(value):
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def as_csv(columns, rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def files():
    customers, vehicles, coverages = people.everybody()
    placed, bookings = timeline.everything(world.SITES, world.resources(), vehicles)
    repair_orders = orders.orders(placed)
    return {
        "sites.json": as_json(world.SITES),
        "resources.csv": as_csv(world.RESOURCE_COLUMNS, world.resources()),
        "customers.csv": as_csv(people.CUSTOMER_COLUMNS, customers),
        "vehicles.csv": as_csv(people.VEHICLE_COLUMNS, people.rows(vehicles)),
        "coverages.csv": as_csv(people.COVERAGE_COLUMNS, coverages),
        "ruleset.json": as_json(ruleset.RULESET),
        "bookings.csv": as_csv(timeline.COLUMNS, bookings),
        "repair-orders.csv": as_csv(orders.COLUMNS, repair_orders),
        "README.md": (pathlib.Path(__file__).parent / "README.in.md").read_text(encoding="utf-8").format(
            cases=people.cases_table(), bookings=len(bookings), orders=len(repair_orders), customers=len(customers), vehicles=len(vehicles)),
    }


def tell_a_year():
    """About 8,000 bookings of 250 working days, where the demonstration tells of 64."""
    timeline.FIRST = -250
    people.CHECKED_DAYS_AGO = (390, 410)


def main():
    stale = 0
    if sys.argv[1:2] == ["--year"]:
        tell_a_year()
        for name, text in files().items():
            (pathlib.Path(sys.argv[2]) / name).write_text(text, encoding="utf-8")
        return 0
    for name, text in files().items():
        path = FOLDER / name
        if sys.argv[1:] == ["--check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                print(f"deploy/demo/{name} is not what tests/demo/generate.py writes")
                stale = 1
        else:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return stale


if __name__ == "__main__":
    sys.exit(main())
