# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""The workshop's side of the loans: an invented repair order for each visit that has a number. Most are whole; a
few lack what a claim needs (see REAL_GAPS), as in any house."""
import random

import timeline

COLUMNS = ["number", "site", "vin", "opened_at", "ready_at", "closed_at", "odometer_in", "odometer_out", "lines",
           "claim_number", "invoice.reference", "invoice.supplier", "invoice.net_minor"]
MAKERS_WORK = {"warranty_repair", "service_campaign", "recall"}
PAID_FIRST = {"rental": ("Location inventée SARL", "Invented Rentals Ltd", 5200),
              "taxi": ("Taxis inventés", "Invented Taxis", 3100)}
OPERATIONS = {"maintenance": 10, "warranty_repair": 40, "recall": 70, "service_campaign": 75,
              "customer_pay_repair": 20, "bodywork_insurance": 90}


def not_closed(row):
    for column in ("closed_at", "odometer_out"):
        row.pop(column, None)


def opened_late(row):
    row["opened_at"] = row["_late"]


def without(*columns):
    return lambda row: [row.pop(column, None) for column in columns]


# What was forgotten, and how often among a hundred: AUD06, AUD12, AUD11 and what the maker's profile asks.
REAL_GAPS = [(None, 88), (not_closed, 3), (without("claim_number"), 3), (without("odometer_out"), 2), (opened_late, 2),
             (without("lines"), 1), (without("invoice.reference", "invoice.supplier", "invoice.net_minor"), 1)]


def lines(rng, jobs):
    kinds = [job.split(":")[0] for job in jobs.split("|")]
    return kinds, "|".join(f"{kind}:DEMO-{OPERATIONS[kind]}{rng.randint(10, 99)}:1" for kind in kinds)


def order(rng, b):
    kinds, text = lines(rng, b["jobs"])
    kilometres = b["_car"]["odometer_km"]
    row = {"number": b["repair_order"], "site": b["site"], "vin": b["vin"],
           "opened_at": timeline.when(b["_from"]), "closed_at": timeline.when(b["_in"] + rng.randint(6, 25)),
           "_late": timeline.when(b["_out"] + rng.randint(15, 55)),
           "odometer_in": kilometres, "odometer_out": kilometres + rng.randint(0, 14), "lines": text}
    if b["_ready"] < b["_in"]:
        row["ready_at"] = timeline.when(b["_ready"])
    if MAKERS_WORK & set(kinds):
        row["claim_number"] = f"DEMO-{b['site'][0]}{rng.randint(100000, 999999)}"
    if b["solution"] in PAID_FIRST:
        french, english, per_day = PAID_FIRST[b["solution"]]
        row["invoice.reference"] = f"INV-{rng.randint(10000, 99999)}"
        row["invoice.supplier"] = french if b["site"] == "LYO" else english
        row["invoice.net_minor"] = per_day * (1 + (b["_until"] - b["_from"]) // timeline.DAY)
    forget = timeline.weighted(rng, REAL_GAPS)
    if forget:
        forget(row)
    return {k: v for k, v in row.items() if not k.startswith("_")}


def orders(placed):
    rng = random.Random("repair orders")
    closed = [b for b in placed if "_in" in b and "repair_order" in b]
    numbers = {(b["site"], b["repair_order"]) for b in closed}
    assert len(numbers) == len(closed), "a repair order's number is one visit's"
    return [order(rng, b) for b in closed]
