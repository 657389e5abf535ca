# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""claims.py BASE: BASE.json, .jsonl, .csv, .csv-fr and the sheets BASE.Claims|Findings|Sums.sheet.csv say the same.

claims.py BASE filters: what may be asked for; claims.py BASE NAME VALUE FILE: FILE has those lines of BASE.json, no other.
"""
import collections
import csv
import json
import re
import sys

base = sys.argv[1]
rows = json.load(open(base + ".json", encoding="utf-8"))["items"]
assert len(rows) > 100, f"only {len(rows)} claims"


columns = {"vin": "vin", "repair_order": "ro_number", "payer": "payer", "cost_code": "cost_code"}
if sys.argv[2:] == ["filters"]:
    for name, column in columns.items():
        seen = collections.Counter(row[column] for row in rows if row[column])
        for value in [seen.most_common(1)[0][0], min(seen), "NONE"]:
            print(name, value, sep="\t")
    sys.exit()
if len(sys.argv) == 5:
    wanted = [row for row in rows if row[columns[sys.argv[2]]] == sys.argv[3]]
    found = [json.loads(line) for line in open(sys.argv[4], encoding="utf-8")]
    order = lambda row: (row["claimed_from"], row["claim_id"])
    assert sorted(found, key=order) == sorted(wanted, key=order), sys.argv
    sys.exit()


def table(name, **how):
    with open(base + name, encoding=how.pop("encoding", "utf-8"), newline="") as file:
        return list(csv.DictReader(file, **how))


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


def in_french(row):
    as_text = {}
    for column, value in row.items():
        instant = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)[+-]\d\d:\d\d", text(value))
        if column.endswith("_minor") or column == "max_per_day":
            column = column.removesuffix("_minor")
            value = value and f"{value / 100:.2f}".replace(".", ",") or text(value) and "0,00"
        as_text[column] = "{3}/{2}/{1} {4}".format("", *instant.groups()) if instant else text(value)
    return as_text


assert [json.loads(line) for line in open(base + ".jsonl", encoding="utf-8")] == rows
assert open(base + ".csv-fr", "rb").read(3) == b"\xef\xbb\xbf"
french = table(".csv-fr", encoding="utf-8-sig", delimiter=";")
assert len(french) == len(rows)
for want, got in zip(map(in_french, rows), french):
    differ = {c for c in want | got if got.get(c) not in (want[c], "'" + want[c])}
    assert not differ, f"csv-fr: {differ} of {got['claim_id']}"
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
