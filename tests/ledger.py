# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""ledger.py BASE URL SITE (the token in the environment): of every covered loan in BASE.json, the ledger's days add up
to its terms and to its claim lines; and of all claims that stand, no car's day is in two."""
import collections
import http.client
import json
import os
import sys
import urllib.parse

base, url, site = sys.argv[1:]
rows = json.load(open(base + ".json", encoding="utf-8"))["items"]
server = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc)


def get(path):
    server.request("GET", path, headers={"Authorization": "Bearer " + os.environ["TOKEN"]})
    answer = server.getresponse()
    text = answer.read()
    assert answer.status == 200, (path, answer.status, text)
    return json.loads(text)


def every(path):
    """All pages of a list."""
    more, next_page = [], ""
    while next_page is not None:
        page = get(path + (f"&cursor={urllib.parse.quote(next_page)}" if next_page else ""))
        more += page["items"]
        next_page = page.get("next")
    return more


lines = collections.defaultdict(list)
for row in rows:
    lines[row["visit"]].append(row)
days = loans = 0
for visit, covered in lines.items():
    ledger = get(f"/v1/visits/{visit}/ledger")
    paid = collections.Counter()  # of all its bookings, by payer
    for booking in ledger["bookings"]:
        own = collections.Counter()
        for day in booking["days"]:
            shares = [(day["payer"], day["amount_minor"]), (day.get("rest_payer"), day["rest_minor"]),
                      ("goodwill", day["goodwill_minor"]), ("customer", day["customer_minor"])]
            assert sum(amount for _, amount in shares) == day["price_minor"], (visit, day)
            for payer, amount in shares:
                own[payer] += amount
            days += 1
        mine = [row for row in covered if row["booking"] == booking["booking"]]
        assert sum(own.values()) == booking["gross_minor"], (visit, own)
        assert own["customer"] == booking["customer_minor"] == booking["gross_minor"] - booking["value_minor"], visit
        claimed = collections.Counter()
        for row in mine:
            assert row["customer_minor"] == booking["customer_minor"] and row["value_minor"] == booking["value_minor"]
            claimed[row["payer"]] += row["amount_minor"]
        if mine:  # what lines ask for is what the days say, payer by payer
            assert claimed == +collections.Counter({k: v for k, v in own.items() if k != "customer"}), (visit, own)
        loans += 1

holder, status = {}, collections.Counter()
for claim in every(f"/v1/claims?site={site}"):
    status[claim["status"]] += 1
    if claim["status"] in ("withdrawn", "charged_back"):
        continue
    for day in claim["days"]:
        at = (claim["vin"], day)
        assert holder.setdefault(at, claim["booking"]) == claim["booking"], (at, claim["claim"], holder[at])
assert status["accepted"] and status["exported"] and status["complete"], status
print(f"{loans} loans, {days} days, {len(holder)} of them claimed, {dict(status)}")
