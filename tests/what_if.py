# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""what_if.py FOLDER make|compare: rule sets to try, and what was said of them against the claims."""
import collections
import csv
import json
import sys

folder = sys.argv[1]
if sys.argv[2] == "make":
    rules = json.load(open(f"{folder}/rulesets", encoding="utf-8"))["items"]
    assert len(rules) == 1, "the year was decided by one rule set"
    json.dump(rules[0], open(f"{folder}/same", "w"))
    json.dump(rules[0] | {"programmes": [], "version": "none"}, open(f"{folder}/without", "w"))
    sys.exit()


def read(name):
    *table, said = open(f"{folder}/{name}.csv", encoding="utf-8").read().splitlines()
    rows = list(csv.DictReader(table))
    numbers = [{k: int(v) for k, v in row.items() if k.endswith(("_minor", "_was", "_would"))} for row in rows]
    return {(r["payer"], r["cost_code"], r["currency"]): n for r, n in zip(rows, numbers)}, said


same, said = read("same")
assert " 0 would be decided otherwise, 0 of them not offered" in said and not said.startswith("0 "), said
assert all(row["difference_minor"] == 0 and row["lines_was"] == row["lines_would"] for row in same.values())
claimed = collections.Counter()
for site in "DUB", "LYO":
    for line in open(f"{folder}/{site}.jsonl", encoding="utf-8"):
        claim = json.loads(line)
        claimed[claim["payer"] or "", claim["cost_code"] or "", claim["currency"]] += claim["amount_minor"]
was = {key: row["was_minor"] for key, row in same.items() if key[0] != "customer"}
assert was == dict(claimed), f"{was} is not {dict(claimed)}"
parts = [read(f"same.{site}")[0] for site in ("DUB", "LYO")]
assert all(row["was_minor"] == sum(p.get(key, {"was_minor": 0})["was_minor"] for p in parts) for key, row in same.items())
without, said = read("without")
assert {key: row["was_minor"] for key, row in without.items()} == {key: row["was_minor"] for key, row in same.items()}
makers = [row for (payer, _, _), row in without.items() if payer == "manufacturer"]
assert makers and all(row["would_minor"] == 0 > row["difference_minor"] for row in makers), without
# what nobody else pays the customer does: not a cent is lost
assert sum(row["difference_minor"] for row in without.values()) == 0
print(said)
