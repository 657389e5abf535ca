#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# Audit packs of the demonstration: the same bytes from the server and from the command line, read by a program that
# shares nothing with relais, checked without a data directory, and tampered with in many ways, each of them named.
set -eu

root=$RELAIS_ROOT
. "$root/tests/lib/served.sh"
token=$("$relais" token create --data "$dir/data" --name reader --role auditor)
ask() { curl -fsS -G -H "Authorization: Bearer $token" "$@"; }

# of some weeks with covered lines, and of one car
read -r from until vin < <("$relais" audit export --data "$dir/data" --site DUB --format jsonl | python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
print(rows[0]["from"][:10], rows[40]["from"][:10], rows[60]["vin"])')
ask -o "$dir/weeks.tar" -d site=DUB -d "from=$from" -d "until=$until" "$url/v1/audit/pack"
"$relais" audit pack --data "$dir/data" --site DUB --from "$from" --until "$until" "$dir/typed.tar"
cmp "$dir/weeks.tar" "$dir/typed.tar"
"$relais" audit pack --data "$dir/data" --site DUB --vin "$vin" "$dir/car.tar"
"$relais" audit export --data "$dir/data" --site DUB --from "$from" --until "$until" --format jsonl >"$dir/claims.jsonl"
"$relais" audit export --data "$dir/data" --site DUB --from "$from" --until "$until" >"$dir/claims.csv"
"$relais" audit key --data "$dir/data" >"$dir/key"
# What the server shows is what the key given by another way comes to, and what a pack says of itself.
print=$(ask "$url/v1/audit/key" | python3 -c '
import base64, hashlib, json, sys
answer = json.load(sys.stdin)
assert answer["key"] == open(sys.argv[1]).read().strip()
made = hashlib.sha256(base64.b64decode(answer["key"].split("+", 2)[2])[1:]).hexdigest()
assert " ".join(made[i:i + 4] for i in range(0, 64, 4)) == answer["fingerprint"]
print(answer["fingerprint"])' "$dir/key")

code=0
ask -o "$dir/none" -d site=DUB -d from=2001-01-01 -d until=2001-02-01 "$url/v1/audit/pack" 2>"$dir/said" || code=$?
[ "$code" = 22 ] # 404
code=0
"$relais" audit pack --data "$dir/data" --site DUB --until 2001-02-01 "$dir/none.tar" 2>"$dir/said" || code=$?
[ "$code" = 66 ] && [ ! -e "$dir/none.tar" ] && grep -q 'nothing was lent' "$dir/said"

# elsewhere: neither server nor data
kill "$server"
wait "$server"
server=
rm -r "$dir/data"
for pack in weeks car; do
	python3 "$root/tests/pack.py" "$dir/$pack.tar"
	"$relais" audit verify "$dir/$pack.tar" --key "$dir/key"
	"$relais" audit verify "$dir/$pack.tar" | grep -q "good: .*($print).*compare it"
done
tar -xf "$dir/weeks.tar" -C "$dir"
grep -q "$print" "$dir"/relais-pack/*.html
(cd "$dir/relais-pack" && sha256sum --strict --quiet -c SHA256SUMS)
cmp "$dir/relais-pack/claims.jsonl" "$dir/claims.jsonl"
cmp "$dir/relais-pack/claims.csv" "$dir/claims.csv"
"$relais" audit verify "$dir/relais-pack/journal.jsonl" --checkpoint "$dir/relais-pack/checkpoint" --key "$dir/key" >"$dir/said"
"$relais" audit verify "$dir/weeks.tar" --checkpoint "$dir/relais-pack/checkpoint" --key "$dir/key" >"$dir/said"
python3 "$root/tests/pack_tamper.py" "$relais" "$dir/weeks.tar" "$dir/key" "$dir"
