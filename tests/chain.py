# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""The chain of an exported journal, checked with nothing of relais: python3 chain.py EXPORT HEAD."""
import hashlib
import json
import sys

before = "0" * 64
for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    entry = json.loads(line)
    event = json.dumps(entry["event"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    made = hashlib.sha256(bytes.fromhex(entry["prev"]) + event.encode()).hexdigest()
    if (entry["event"]["seq"], entry["prev"], entry["hash"]) != (number, before, made):
        sys.exit(f"line {number}: the chain does not hold")
    before = made
if before != sys.argv[2]:
    sys.exit(f"the head is {before}")
