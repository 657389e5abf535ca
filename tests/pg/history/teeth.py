# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""teeth.py DIR: breaks what check.py judges, one thing at a time, and shows that it finds each by its name.

The run itself is judged by check.py alone: here every variant of it must have the finding that it was made for. DIR
is left as it is.
"""
import collections
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile

import check

SITE = "LYO"


class Run:
    """A run in memory, to be broken: calls, the journal's lines, each server's dumps and log."""

    def __init__(self, directory):
        self.directory = directory
        self.calls = [json.loads(line) for line in open(f"{directory}/history.jsonl", encoding="utf-8")]
        self.journal = [json.loads(line) for line in open(f"{directory}/journal.jsonl", encoding="utf-8")]
        self.servers = sorted(name for name in os.listdir(directory) if os.path.exists(f"{directory}/{name}/journal"))
        self.rows = {name: check.dumped(f"{directory}/{name}/rows") for name in self.servers}
        self.logs = {}

    def write(self, directory):
        def lines(name, rows):
            with open(f"{directory}/{name}", "w", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
        lines("history.jsonl", self.calls)
        lines("journal.jsonl", self.journal)
        shutil.copy(f"{self.directory}/secret", directory)
        for name in self.servers:
            os.mkdir(f"{directory}/{name}")
            shutil.copy(f"{self.directory}/{name}/journal", f"{directory}/{name}/journal")
            with open(f"{directory}/{name}/rows", "w", encoding="ascii") as file:
                file.write("HEADER=END\n" + "".join(f" {k.hex()}\n {v.hex()}\n" for k, v in self.rows[name]))
            if name in self.logs:
                with open(f"{directory}/{name}/log", "w", encoding="utf-8") as file:
                    file.write(self.logs[name])

    def entries(self):
        """Those of the site, each with its event, to be changed; chain_again() makes it a chain of its own."""
        return [(e, json.loads(e["bytes"])) for e in self.journal if e["site"] == SITE]

    def chain_again(self, events):
        self.journal = [e for e in self.journal if e["site"] != SITE]
        prev = "00" * 32
        for seq, event in enumerate(events, 1):
            text = check.canonical({**event, "seq": seq}).decode()
            made = hashlib.sha256(bytes.fromhex(prev) + text.encode()).hexdigest()
            self.journal.append({"site": SITE, "seq": seq, "prev": prev, "hash": made, "bytes": text})
            prev = made

    def events(self):
        return [event for _, event in self.entries()]

    def bookings(self):
        """(place, event, effect) of each booking that was made with a seat."""
        return [(n, v, f) for n, v in enumerate(self.events()) for f in v["effects"]
                if f.get("kind") == "booking" and f["op"] == "put" and f["doc"].get("claims")]

    def call_of(self, booking):
        return next(c for c in self.calls if c["status"] == 201 and c["answer"]["booking"] == booking)

    def answered(self, status):
        return next(c for c in self.calls if c["key"] and c["status"] == status)

    def reads(self):
        return [c for c in self.calls if c["path"].startswith("/v1/bookings/") and c["status"] == 200]


# ---- 1 ----

def hole(run):
    del run.journal[len(run.journal) // 2]
    return "1 PostgreSQL: .* belongs"


def changed_entry(run):
    entry = run.entries()[5][0]
    entry["bytes"] = entry["bytes"].replace('"at":"2', '"at":"3')
    return "1 PostgreSQL: .* does not hang"


def other_history(run):
    events = run.events()
    events[len(events) // 2]["by"] = "nobody"  # which all servers have followed
    run.chain_again(events)
    return "1 A: .* another entry"


# ---- 2 ----

def lost_yes(run):
    n, _, effect = run.bookings()[-1]
    events = run.events()
    del events[n]
    run.chain_again(events)
    return f"2 .* was told yes, {effect['id']}, which is not"


def twice(run):
    _, event, _ = run.bookings()[-1]
    again = json.loads(json.dumps(event))
    for effect in again["effects"]:
        effect["id"] += "x"
    run.chain_again(run.events() + [again])
    return "2 .* in the journal 2 times"


def false_no(run):
    run.answered(201)["status"] = 409
    return "2 .* was told no, and is a booking"


def refused_and_done(run):
    run.answered(201)["status"] = 422
    return "2 .* was told 422, and is in the journal"


def two_answers(run):
    key = next(k for k, n in collections.Counter(c["key"] for c in run.calls if c["status"] == 201).items() if n > 1)
    next(c for c in run.calls if c["key"] == key and c["status"] == 201)["answer"]["booking"] = "another"
    return "2 .* was told yes, another"


def nobody_asked(run):
    key = run.answered(201)["key"]
    run.calls = [c for c in run.calls if c["key"] != key]
    return "2 .* nobody asked for"


# ---- 3 ----

def seat_set(run, effect, doc):
    event = {**run.events()[-1], "request": None}
    event["effects"] = [{"op": "set", "kind": "booking", "id": effect["id"], "doc": doc}]
    run.chain_again(run.events() + [event])


def double_booked(run):
    (_, _, one), *_, (_, _, other) = run.bookings()
    seat_set(run, one, {"claims": other["doc"]["claims"]})
    return "3 .* is promised to"


def double_booked_for_a_minute(run):
    """And put right by the next entry: a prefix counts as well."""
    (_, _, one), *_, (_, _, other) = run.bookings()
    seat_set(run, one, {"claims": other["doc"]["claims"]})
    seat_set(run, one, {"claims": one["doc"]["claims"]})
    return "3 .* is promised to"


def other_class(run):
    seat_set(run, run.bookings()[0][2], {"class": "limousine"})
    return "3 .* promised a limousine"


def no_seat(run):
    seat_set(run, run.bookings()[0][2], {"claims": []})
    return "3 .* has no seat"


# ---- 4 ----

def order_turned(run):
    """Who came first is said to have asked after the last one was answered."""
    bookings = run.bookings()
    first, last = (run.call_of(b[2]["id"])["key"] for b in (bookings[0], bookings[-1]))
    end = max(c["answered_ns"] for c in run.calls if c["key"] == last)
    for c in run.calls:
        if c["key"] == first:
            c["invoked_ns"], c["answered_ns"] = c["invoked_ns"] + end, c["answered_ns"] + end
    return "4 .* asked for after"


def server_goes_back(run):
    run.reads()[-1]["seq"] = f"{SITE}=9, directory=1"
    return "4 . showed .* after"


# ---- 5 ----

def too_old(run):
    next(c for c in run.reads() if c["min_seq"])["min_seq"] = f"{SITE}=999999"
    return "5 .* was asked for"


def from_nowhere(run):
    run.reads()[-1]["seq"] = f"{SITE}=999999, directory=1"
    return "5 .* of which there are"


def other_than_then(run):
    run.reads()[0]["answer"]["status"] = "returned"
    return "5 .* status is not that of"


def read_too_soon(run):
    run.reads()[-1]["seq"] = f"{SITE}=17, directory=1"
    return "5 .* is not there at"


# ---- 6 ----

def seat_was_free(run):
    key = run.answered(409)["key"]
    for c in run.calls:
        if c["key"] == key:
            c["body"].update({"from": "2044-01-05T09:00:00Z", "until": "2044-01-05T11:00:00Z"})
    return "6 .* a seat was free"


def other_reason(run):
    run.answered(409)["answer"]["type"] = "/problems/closed"
    return "6 .* was told /problems/closed"


# ---- 7 ----

def row_changed(run):
    key, value = run.rows["A"][3]
    run.rows["A"][3] = key, value[:-2] + b"9}"
    return "7 A: row .* is not what"


def row_missing(run):
    del run.rows[run.servers[-1]][0]
    return f"7 {run.servers[-1]}: row"


# ---- 8 ----

def behind(run):
    """A copy takes over that has not the last bookings; both servers tell."""
    n = run.bookings()[-2][0]
    entries = run.entries()
    gone = {e["hash"] for e, _ in entries[n:]}
    numbers = [f["doc"]["number"] for _, v in entries[n:] for f in v["effects"]
               if f.get("kind") == "booking" and f["op"] == "put"]
    run.journal = [e for e in run.journal if e["hash"] not in gone]
    run.logs = {}
    for name in run.servers:  # each tells of what it had followed
        last = len(check.read_server_journal(f"{run.directory}/{name}/journal")[SITE])
        run.logs[name] = (f"relais: the journal lost what was acknowledged here: {SITE}, entries {n + 1} to {last}; "
                          f"bookings: {', '.join(numbers)}\n")
    return numbers


def told_loss(run):
    behind(run)
    return None


def loss_not_told(run):
    numbers = behind(run)
    run.logs = {name: log.replace(numbers[-1], "") for name, log in run.logs.items()}
    return "8 .* is lost, and no server tells"


def false_alarm(run):
    behind(run)
    first = run.bookings()[0][2]["doc"]["number"]
    run.logs["A"] = run.logs["A"].strip() + f", {first}\n"
    return f"8 a server tells that {first} is lost"


def loss_not_kept(run):
    behind(run)
    run.logs["A"] = re.sub(r"to (\d+);", lambda m: f"to {int(m[1]) + 1};", run.logs["A"])
    return f"8 A tells of {SITE}=.*, and has it nowhere"


VARIANTS = [hole, changed_entry, other_history, lost_yes, twice, false_no, refused_and_done, two_answers, nobody_asked,
            double_booked, double_booked_for_a_minute, other_class, no_seat, order_turned, server_goes_back, too_old,
            from_nowhere, other_than_then, read_too_soon, seat_was_free, other_reason, row_changed, row_missing,
            told_loss, loss_not_told, loss_not_kept, false_alarm]


def main(directory):
    points, missed = set(), 0
    for variant in VARIANTS:
        run = Run(directory)
        wanted = variant(run)
        with tempfile.TemporaryDirectory() as broken:
            run.write(broken)
            findings = check.check(broken).findings
        if wanted and not any(re.match(wanted, f) for f in findings):
            print(f"{variant.__name__}: nobody finds it: {findings[:3]}")
            missed += 1
        elif not wanted and findings:
            print(f"{variant.__name__}: {findings[:3]}, though nothing is wrong")
            missed += 1
        points.update(wanted[:1] if wanted else "")
    print(f"{len(VARIANTS)} variants of points {''.join(sorted(points))}, {missed} not judged as they should be")
    return missed or points != set("12345678")


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1])))
