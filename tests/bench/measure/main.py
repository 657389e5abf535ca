# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Called by tests/bench/run."""
import argparse
import os
import pathlib
import signal
import sys
import time

sys.dont_write_bytecode = True  # the tree stays as it was cloned

import bookings
import machine
import page
import questions
import search
import servers
import starts
import table
from bench import Bench, Broken
from postgres import Postgres

SECTIONS = ["search", "questions", "bookings", "servers", "starts"]


def measure(bench, sections):
    database, house = [], None

    def postgres():
        if not database:
            database.append(Postgres(bench))
        return database[0]

    machine.floor(bench)
    for section in sections:
        begin = time.monotonic()
        if section == "search":
            search.measure(bench, postgres())
        elif section == "questions":
            questions.measure(bench)
        elif section == "bookings":
            house = bookings.measure(bench, postgres())
        elif section == "servers":
            servers.measure(bench, postgres())
        elif section == "starts":
            starts.measure(bench, house or bookings.House(bench))
        bench.say(f"  {section}: {time.monotonic() - begin:.0f} s")


def main():
    parser = argparse.ArgumentParser(prog="tests/bench/run")
    parser.add_argument("--quick", action="store_true", help="at most 100 sites, some minutes")
    parser.add_argument("--only", default=",".join(SECTIONS), help="of " + ", ".join(SECTIONS))
    parser.add_argument("--out", help="folder of bench.jsonl and bench.md; the build's where none is named")
    parser.add_argument("--record", action="store_true", help="put what is measured into BENCHMARKS.md and tests/bench/last.jsonl")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    sections = [s for s in options.only.split(",") if s]
    if not set(sections) <= set(SECTIONS):
        parser.error("--only: of " + ", ".join(SECTIONS))
    out = pathlib.Path(options.out or options.build)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends with it
    bench = Bench(options.build, options.quick)
    about = machine.describe(bench)
    status = 0
    try:
        measure(bench, sections)
    except Broken as broken:
        print(f"bench: broken: {broken}", file=sys.stderr)
        status = 1
    finally:
        bench.close()
    about["load_at_end"] = os.getloadavg()[0]
    text = table.table(bench.figures)
    print("\n" + text + "".join(f"\n{note}" for note in bench.notes))
    out.mkdir(parents=True, exist_ok=True)
    (out / "bench.jsonl").write_text(table.json_lines(bench.figures, about), encoding="utf-8")
    (out / "bench.md").write_text(text, encoding="utf-8")
    if options.record and status == 0:
        page.record(bench.figures, about)
    return status


if __name__ == "__main__":
    sys.exit(main())
