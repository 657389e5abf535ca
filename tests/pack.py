# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""An audit pack, checked with nothing of relais: python3 pack.py PACK: sums, chain, checkpoint, rule sets, entries."""
import base64
import hashlib
import json
import sys
import tarfile

with tarfile.open(sys.argv[1]) as tar:
    files = {m.name.removeprefix("relais-pack/"): tar.extractfile(m).read() for m in tar.getmembers()}
sums = [line.split("  ") for line in files["SHA256SUMS"].decode().splitlines()]
assert {name for _, name in sums} == set(files) - {"SHA256SUMS", "SHA256SUMS.note"}
for digest, name in sums:
    assert hashlib.sha256(files[name]).hexdigest() == digest, name
assert files["SHA256SUMS.note"].decode().splitlines()[1] == hashlib.sha256(files["SHA256SUMS"]).hexdigest()
rows = {name: [json.loads(line) for line in files[name].splitlines()] for name in files if name.endswith(".jsonl")}
before = None
for entry in rows["journal.jsonl"]:
    event = json.dumps(entry["event"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    made = hashlib.sha256(bytes.fromhex(entry["prev"]) + event.encode()).hexdigest()
    assert made == entry["hash"] and before in (None, (entry["event"]["seq"] - 1, entry["prev"])), entry["event"]["seq"]
    before = (entry["event"]["seq"], made)
signed = files["checkpoint"].decode().splitlines()
assert (int(signed[1]), base64.b64decode(signed[2]).hex()) == before
known = {hashlib.sha256(line).hexdigest() for line in files["rulesets.jsonl"].splitlines()}
assert all(d["ruleset"]["sha256"] in known for d in rows["decisions.jsonl"])
entries = {entry["event"]["seq"]: entry for entry in rows["journal.jsonl"]}
bookings = {b["booking"]: b for b in rows["bookings.jsonl"]}
for claim in rows["claims.jsonl"]:
    booking = bookings[claim["booking"]]
    assert entries[booking["seq"]]["hash"] == claim["journal_hash"]
    covered = booking["row"]["terms"]["covered"][int(claim["claim_id"].rsplit("/", 1)[1]) - 1]
    assert (covered["amount_minor"], covered["units"]) == (claim["amount_minor"], claim["days_claimed"])
assert len(rows["claims.jsonl"]) == sum(len(b["row"]["terms"]["covered"]) for b in bookings.values()) > 0
print(f"{len(bookings)} loans, {len(rows['claims.jsonl'])} lines, {len(entries)} entries")
