# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Judges what clients of several servers saw against the journals, with nothing of relais: check.py DIR.

DIR has history*.jsonl (a request and its answer a line), journal.jsonl (what PostgreSQL has in the end), secret (hex),
a folder SERVER/ for each server with `journal` and `rows` (mdb_dump of its store) and, where its journal was left
behind by a failover, `log`, and `lost` if it went on (what it keeps in DIR/lost). Findings begin with the number of what does not hold:

  1 each journal is one chain without holes            5 a read shows a prefix, not older than what it asked for
  2 a yes is in it once, a no never, silence at most   6 a refusal was true while it was asked for
  3 no seat is promised twice, in no prefix            7 each server has the rows that the journal makes
  4 what was answered before is before                 8 what was acknowledged and is lost was told, and nothing else
"""
import bisect
import collections
import datetime
import glob
import hashlib
import hmac
import json
import os
import re
import sys

Entry = collections.namedtuple("Entry", "site seq prev hash request bytes event")
HOLDS_A_SEAT = ("booking", "desk", "block")


def instant(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def entry_of(site, seq, prev, hash_, text):
    event = json.loads(text)
    request = event.get("request") or {}
    return Entry(site, seq, prev, hash_, request.get("key_sha256"), text, event)


# ---- reading ----
def dumped(path):
    """(key, value) of each record of an mdb_dump."""
    with open(path, encoding="ascii") as file:
        for line in file:
            if line == "HEADER=END\n":
                break
        lines = [line[1:-1] for line in file if line.startswith(" ")]
    return [(bytes.fromhex(k), bytes.fromhex(v)) for k, v in zip(lines[::2], lines[1::2])]


def read_server_journal(path):
    journals = collections.defaultdict(list)
    for key, value in dumped(path):
        site, seq = key[:-9].decode(), int.from_bytes(key[-8:], "big")
        before = journals[site][-1].hash if journals[site] else "00" * 32
        journals[site].append(entry_of(site, seq, before, value[:32].hex(), value[32:].decode()))
    return journals


def read_lost(path):
    lines = [json.loads(line) for line in open(path, encoding="utf-8")]
    return {(e["site"], e["seq"]): Entry(e["site"], e["seq"], line["prev"], line["hash"], None, "", e)
            for line in lines for e in [line["event"]]}


class World:
    def __init__(self, directory):
        self.findings = []
        self.counts = collections.Counter()
        self.journals = collections.defaultdict(list)
        for line in open(f"{directory}/journal.jsonl", encoding="utf-8"):
            e = json.loads(line)
            self.journals[e["site"]].append(entry_of(e["site"], e["seq"], e["prev"], e["hash"], e["bytes"]))
        self.secret = bytes.fromhex(open(f"{directory}/secret", encoding="ascii").read().strip())
        self.calls = []
        for path in sorted(glob.glob(f"{directory}/history*.jsonl")):
            self.calls += [json.loads(line) for line in open(path, encoding="utf-8")]
        self.servers, self.rows, self.logs, self.lost = {}, {}, {}, {}
        for path in sorted(glob.glob(f"{directory}/*/journal")):
            folder = os.path.dirname(path)
            name = os.path.basename(folder)
            self.servers[name] = read_server_journal(path)
            self.rows[name] = dict(dumped(f"{folder}/rows"))
            if os.path.exists(f"{folder}/log"):
                self.logs[name] = open(f"{folder}/log", encoding="utf-8", errors="replace").read()
            if os.path.exists(f"{folder}/lost"):
                self.lost[name] = read_lost(f"{folder}/lost")
        self.by_request = collections.defaultdict(list)
        for journal in self.journals.values():
            for e in journal:
                if e.request:
                    self.by_request[e.site, e.request].append(e)

    def find(self, point, text):
        self.findings.append(f"{point} {text}")

    def told_of(self, name, site, start, end):
        """What a server says is lost: kept aside where it went on, else in its journal still."""
        kept, journal = self.lost.get(name, {}), self.servers[name][site]
        for seq in range(start, end + 1):
            if (site, seq) in kept or seq <= len(journal):
                yield kept.get((site, seq)) or journal[seq - 1]
            else:
                self.find(8, f"{name} tells of {site}={seq}, and has it nowhere")

    def entries(self, call):
        """Those of the journal that came of this request, by its key alone."""
        name = hmac.new(self.secret, call["by"].encode() + b"\0" + call["key"].encode(), hashlib.sha256).hexdigest()
        return self.by_request[call["site"], name]


# ---- 1 ----
def chains(world, name, journals):
    for site, journal in journals.items():
        prev, at = "00" * 32, ""
        for n, e in enumerate(journal, 1):
            made = hashlib.sha256(bytes.fromhex(prev) + e.bytes.encode()).hexdigest()
            if (e.seq, e.event["seq"], e.event["site"]) != (n, n, site):
                world.find(1, f"{name}: {site} has {e.seq} where {n} belongs")
                break
            if (e.prev, e.hash) != (prev, made) or e.event["at"] < at:
                world.find(1, f"{name}: {site}={n} does not hang on what is before it")
                break
            prev, at = e.hash, e.event["at"]
        world.counts["entries"] += len(journal)


def one_history(world):
    chains(world, "PostgreSQL", world.journals)
    for name, journals in world.servers.items():
        chains(world, name, journals)
        for site, journal in journals.items():
            for mine, there in zip(journal, world.journals[site]):
                if mine.hash != there.hash and name not in world.logs:
                    world.find(1, f"{name}: {site}={mine.seq} is another entry than PostgreSQL's")
                    break
            if len(journal) > len(world.journals[site]) and name not in world.logs:
                world.find(1, f"{name}: {site} goes on where PostgreSQL's ends")


# ---- 2 ----
def made_booking(e):
    return [f["id"] for f in e.event["effects"] if f.get("kind") == "booking" and f["op"] == "put"]


def once(world, lost):
    keys, asked_for = collections.defaultdict(list), set()
    for call in world.calls:
        if call["key"]:
            keys[call["site"], call["by"], call["key"]].append(call)
    for (_, _, key), calls in keys.items():
        entries = world.entries(calls[0])
        asked_for.update(e.request for e in entries)
        refused = [e for e in entries if any(f["op"] == "refuse" for f in e.event["effects"])]
        world.counts["requests"] += 1
        if len(entries) > 1:
            world.find(2, f"{key} is in the journal {len(entries)} times")
        for c in calls:
            status = c["status"]
            if status == 201 and not any(c["answer"]["booking"] in made_booking(e) for e in entries):
                lost[c["answer"]["booking"]] = c
                if not world.logs:
                    world.find(2, f"{key} was told yes, {c['answer']['booking']}, which is not in the journal")
            elif status == 409 and len(refused) != len(entries):
                world.find(2, f"{key} was told no, and is a booking")
            elif 400 <= status < 500 and status != 409 and entries:
                world.find(2, f"{key} was told {status}, and is in the journal")
            world.counts["yes" if status == 201 else "no" if 400 <= status < 500 else "unknown"] += 1
        if len({c["answer"]["booking"] for c in calls if c["status"] == 201} - set(lost)) > 1:
            world.find(2, f"{key} was told two bookings")
    for journal in world.journals.values():
        for e in journal:
            if e.request and made_booking(e) and e.request not in asked_for:
                world.find(2, f"{e.site}={e.seq} is a booking that nobody asked for")


# ---- 3 ----
class Fold:
    """Objects as the entries make them, and who has which seat."""

    def __init__(self):
        self.objects = {}
        self.seats = collections.defaultdict(dict)

    def apply(self, e):
        """The claims that it made: (seat, from, until, whose)."""
        made = []
        for f in e.event["effects"]:
            if f["op"] == "refuse":
                continue
            who = f["kind"], f["id"]
            before = self.objects.get(who, (0, {}))[1]
            if f["op"] == "delete":
                self.objects.pop(who, None)
            else:
                gone = {k for k, v in f["doc"].items() if v is None} if f["op"] == "set" else ()
                doc = f["doc"] if f["op"] == "put" else {**before, **f["doc"]}
                self.objects[who] = e.seq, {k: v for k, v in doc.items() if k not in gone}
            if who[0] in HOLDS_A_SEAT:
                after = self.objects.get(who, (0, {}))[1]
                for seat, _, _ in claims_of(before):
                    self.seats[seat].pop(who, None)
                for seat, start, end in claims_of(after):
                    self.seats[seat].setdefault(who, []).append((start, end))
                    made.append((seat, start, end, who))
        return made


def claims_of(doc):
    if "claims" in doc:
        return [((c["resource"], c["seat"]), instant(c["from"]), instant(c["until"])) for c in doc["claims"] or []]
    if "reason" in doc and "resource" in doc:
        span = instant(doc["from"]), instant(doc["until"])
        return [((doc["resource"], seat), *span) for seat in range(doc.get("seats", 1))]
    return []


def fits(world, fold, e, who):
    """What is promised has its seat, of its class, which does what was promised; or is said to be at risk."""
    doc = fold.objects.get(who, (0, {}))[1]
    if who[0] != "booking" or doc["status"] not in ("held", "booked", "out") or doc.get("at_risk"):
        return
    lent = fold.objects.get(("resource", doc.get("resource")), (0, None))[1]
    seats = [seat for seat, _, _ in claims_of(doc) if seat[0] == doc.get("resource")]
    if lent and (doc["solution"] not in lent["solutions"] or doc["class"] != lent["class"]):
        world.find(3, f"{e.site}={e.seq}: {who[1]} is promised a {doc['class']} and has {doc['resource']}")
    if lent and lent.get("seats") and not any(seat[1] < lent["seats"] for seat in seats):
        world.find(3, f"{e.site}={e.seq}: {who[1]} has no seat of {doc['resource']}")


def prefixes(world, visit):
    for site, journal in world.journals.items():
        fold = Fold()
        for e in journal:
            visit(site, e, fold)
            for seat, start, end, who in fold.apply(e):
                world.counts["claims"] += 1
                for other, spans in fold.seats[seat].items():
                    if other != who and any(s < end and start < u for s, u in spans):
                        world.find(3, f"{site}={e.seq}: {seat[0]}.{seat[1]} is promised to {who[1]} and {other[1]}")
            for who in {(f["kind"], f["id"]) for f in e.event["effects"] if f["op"] != "refuse"}:
                fits(world, fold, e, who)


# ---- 4 ----
def highest_before(pairs):
    """Of (time, number): what the highest number was before a time."""
    times, highest = [], [0]
    for time, number in sorted(pairs):
        times.append(time)
        highest.append(max(number, highest[-1]))
    return lambda time: highest[bisect.bisect_left(times, time)]


def real_time(world):
    """Whoever was answered before another was asked stands before it; and no server goes back."""
    asked, answered, shown = {}, collections.defaultdict(list), collections.defaultdict(list)
    for c in world.calls:
        for e in world.entries(c) if c["key"] else ():
            asked[e.site, e.seq] = min(asked.get((e.site, e.seq), c["invoked_ns"]), c["invoked_ns"])
            if c["status"] == 409 or c["status"] == 201 and c["answer"]["booking"] in made_booking(e):
                answered[e.site].append((c["answered_ns"], e.seq))
        for site, seq in heads(c["seq"]).items():
            shown[c["server"], site].append((c["answered_ns"], seq, c["invoked_ns"]))
    before = {site: highest_before(pairs) for site, pairs in answered.items()}
    for (site, seq), time in asked.items():
        if site in before and before[site](time) >= seq:
            world.find(4, f"{site}={seq} was asked for after {site}={before[site](time)} was answered")
    for (server, site), seen in shown.items():
        known = highest_before([(time, seq) for time, seq, _ in seen])
        for _, seq, time in seen:
            if known(time) > seq:
                world.find(4, f"{server} showed {site}={seq} after {site}={known(time)}")


# ---- 5 ----
def heads(text):
    return {site: int(seq) for site, seq in re.findall(r"([\w-]+)=(\d+)", text or "")}


def reads(world):
    shown = collections.defaultdict(list)
    for c in world.calls:
        if c["method"] != "GET" or c["status"] != 200:
            continue
        world.counts["reads"] += 1
        at = heads(c["seq"])
        for site, seq in heads(c.get("min_seq")).items():
            if at.get(site, 0) < seq:
                world.find(5, f"{c['server']} showed {c['seq']} where {site}={seq} was asked for")
        for site, seq in at.items():
            have = max(len(world.journals[site]), len(world.servers.get(c["server"], {}).get(site, ())))
            if seq > have:
                world.find(5, f"{c['server']} showed {site}={seq}, of which there are {have}")
        if c["path"].startswith("/v1/bookings/"):
            shown[c["server"], c["site"]].append((at[c["site"]], c))
    for (server, site), wanted in shown.items():
        journal, fold, done = world.servers.get(server, world.journals)[site], Fold(), 0
        for seq, c in sorted(wanted, key=lambda w: w[0]):
            for e in journal[done:seq]:
                fold.apply(e)
            done = max(done, seq)
            as_then(world, c, fold.objects.get(("booking", c["path"].split("/")[3])))


def as_then(world, c, then):
    if not then:
        world.find(5, f"{c['server']} {c['path']}: is not there at {c['seq']}")
        return
    for name in ("number", "status", "solution", "class", "visit", "from", "until"):
        read = instant if name in ("from", "until") else str
        if read(c["answer"].get(name)) != read(then[1].get(name)):
            world.find(5, f"{c['server']} {c['path']}: {name} is not that of {c['seq']}")


# ---- 6 ----
def refusals(world):
    """Judges each refusal where it was decided, while the prefixes pass (when that was: point 4)."""
    at = collections.defaultdict(list)
    for c in world.calls:
        for e in world.entries(c) if c["key"] and c["status"] == 409 else ():
            at[e.site, e.seq].append(c)

    def visit(site, e, fold):
        slug = next((f["slug"] for f in e.event["effects"] if f["op"] == "refuse"), "")
        world.counts["refusals"] += bool(slug)
        for c in at[site, e.seq] if slug else ():
            if c["answer"].get("type", "").rpartition("/")[2] != slug:
                world.find(6, f"{c['key']} was told {c['answer'].get('type')}, where {slug} was decided")
            if slug == "no-seat" and not taken(fold, site, c["body"]):
                world.find(6, f"{c['key']} was refused at {site}={e.seq}, where a seat was free")
    return visit


def taken(fold, site, wanted):
    """At some moment of what was wanted every seat of that class had its user."""
    start, end = instant(wanted["from"]), instant(wanted["until"])
    spans, seats = [], 0
    for (kind, name), (_, r) in fold.objects.items():
        suits = kind == "resource" and r["site"] == site and wanted["solution"] in r["solutions"]
        if not suits or wanted.get("class", r["class"]) != r["class"] or r["status"] != "active":
            continue
        seats += r.get("seats") or 1 << 30
        for seat in range(r.get("seats") or 0):
            turnaround = 60 * r.get("turnaround_minutes", 0)
            spans += [s for held in fold.seats[name, seat].values() for s in held
                      if s[0] < end + turnaround and start < s[1]]
    return any(sum(s <= t < u for s, u in spans) >= seats for t in {start} | {max(s, start) for s, _ in spans})


# ---- 7 ----
LETTERS = {"site": "s", "resource": "r", "block": "k", "customer": "c", "vehicle": "v", "ruleset": "u", "visit": "w",
           "booking": "b", "task": "t", "demand": "d", "waiting": "l", "desk": "e", "attachment": "a",
           "repair_order": "o", "claim": "m", "import": "i", "contact": "n", "complaint": "p"}


def rows(world):
    for name, journals in world.servers.items():
        fold = {}
        for journal in journals.values():
            of_site = Fold()
            for e in journal:
                of_site.apply(e)
            fold.update(of_site.objects)
        want = {LETTERS[kind].encode() + id_.encode() + b"\0": seq.to_bytes(8, "big") + canonical(doc)
                for (kind, id_), (seq, doc) in fold.items()}
        have = world.rows[name]
        world.counts["rows"] += len(have)
        for key in sorted(set(want) | set(have)):
            if want.get(key) != have.get(key):
                world.find(7, f"{name}: row {key!r} is not what its journal makes")


def canonical(doc):
    return json.dumps(doc, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


# ---- 8 ----
def losses(world, lost):
    """Every yes that is gone stands in a log; and whoever is told there was there and is not any more."""
    told, named = set(), {}
    pattern = r"lost what was acknowledged here: (\S+), entries (\d+) to (\d+); bookings:(.*)"
    for name, log in world.logs.items():
        for site, start, end, numbers in re.findall(pattern, log):
            for e in world.told_of(name, site, int(start), int(end)):
                told.update(made_booking(e))
                if e.hash in {x.hash for x in world.journals[site][e.seq - 1:e.seq]}:
                    world.find(8, f"{name} tells of {site}={e.seq}, which is not lost")
            named.update((number, site) for number in re.findall(r"[\w-]+\d[\w-]*", numbers))
    for booking, c in lost.items():
        world.counts["lost"] += 1
        if booking not in told or c["answer"]["number"] not in named:
            world.find(8, f"{c['key']} was told yes, is lost, and no server tells so")
    there = {f["doc"].get("number") for j in world.journals.values() for e in j for f in e.event["effects"]
             if f.get("kind") == "booking" and f["op"] == "put"}
    gone = {c["answer"]["number"] for c in lost.values()}
    for number in sorted(set(named) & there - gone):
        world.find(8, f"a server tells that {number} is lost, and it is there")


def check(directory):
    world, lost = World(directory), {}
    one_history(world)
    once(world, lost)
    prefixes(world, refusals(world))
    real_time(world)
    reads(world)
    rows(world)
    losses(world, lost)
    return world


if __name__ == "__main__":
    judged = check(sys.argv[1])
    print(*judged.findings[:50], sep="\n", end="\n" if judged.findings else "")
    print(*(f"{n} {what}," for what, n in sorted(judged.counts.items())), f"{len(judged.findings)} findings")
    sys.exit(bool(judged.findings))
