# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""claims.py BASE: BASE.json, BASE.csv and the sheets BASE.Claims|Findings|Sums.sheet.csv say the same."""
import collections
import csv
import json
import re
import sys

base = sys.argv[1]
rows = json.load(open(base + ".json", encoding="utf-8"))["items"]
assert len(rows) > 100, f"only {len(rows)} claims"


def table(name):
    with open(base + name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(value):
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def in_a_cell(value):
    instant = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)[+-]\d\d:\d\d", text(value))
    return f"{instant[1].replace('-', '/')} {instant[2]}" if instant else text(value)


def same(name, read, as_text):
    assert len(read) == len(rows), f"{name}: {len(read)} rows, not {len(rows)}"
    for number, (want, got) in enumerate(zip(rows, read)):
        assert set(want) == set(got), f"{name}: columns {set(want) ^ set(got)}"
        for column, value in want.items():
            # A cell that a spreadsheet would take for a formula has a mark before it.
            expected = as_text(value)
            if got[column] != expected and got[column] != "'" + expected:
                raise SystemExit(f"{name}: row {number} {column}: {got[column]!r}, not {expected!r}")


same("csv", table(".csv"), text)
same("xlsx", table(".Claims.sheet.csv"), in_a_cell)

found = [(row["claim_id"], f) for row in rows for f in row["findings"]]
assert [(r["claim_id"], r["finding"]) for r in table(".Findings.sheet.csv")] == found

sums = collections.defaultdict(lambda: [0, 0, 0])
for row in rows:
    s = sums[text(row["payer"]), text(row["cost_code"]), text(row["currency"])]
    s[0] += 1
    s[1] += row["days_claimed"]
    s[2] += row["amount_minor"]
read = {
    (r["payer"], r["cost_code"], r["currency"]): [int(r["lines"]), int(r["days_claimed"]), int(r["amount_minor"])]
    for r in table(".Sums.sheet.csv")
}
assert read == dict(sums), f"sums: {read} is not {dict(sums)}"
print(f"{len(rows)} claims, {len(found)} findings, {len(sums)} sums")
