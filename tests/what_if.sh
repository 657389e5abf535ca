#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# Other rules on the demonstration's year: the same rules differ by nothing, what was decided is what claims say, and
# without programmes no programme pays.
set -eu

root=$RELAIS_ROOT
. "$root/tests/lib/served.sh"
token=$("$relais" token create --data "$dir/data" --name reader --role auditor)
curl -fsS -H "Authorization: Bearer $token" "$url/v1/rulesets" >"$dir/rulesets"
for site in DUB LYO; do
	"$relais" audit export --data "$dir/data" --site "$site" --format jsonl >"$dir/$site.jsonl"
done
python3 "$root/tests/what_if.py" "$dir" make
for rules in same without; do
	"$relais" rules what-if "$dir/$rules" --data "$dir/data" >"$dir/$rules.csv"
done
for site in DUB LYO; do
	"$relais" rules what-if "$dir/same" --data "$dir/data" --site "$site" >"$dir/same.$site.csv"
done
"$relais" rules what-if "$dir/without" --data "$dir/data" --until 2001-01-01 >"$dir/before"
grep -q '^0 loans, 0 would be decided otherwise' "$dir/before"
python3 "$root/tests/what_if.py" "$dir" compare
code=0
"$relais" rules what-if "$dir/rulesets" --data "$dir/data" 2>"$dir/said" || code=$?
[ "$code" = 65 ] && grep -q 'relais rules check' "$dir/said"
