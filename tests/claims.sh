#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# Claims as others read them: the demonstration (the long form: a whole year of it) as CSV by a reader of CSV, as a
# workbook by a spreadsheet program, row by row against the API; the same from the command line, and what each filter
# leaves of it. Its ledgers add up to the terms, and no day is claimed twice.
set -eu

root=$RELAIS_ROOT
[ -z "${RELAIS_LONG:-}" ] || fill=${DEMO_FILL:?the program that plays a year}
. "$root/tests/lib/served.sh"
token=$("$relais" token create --data "$dir/data" --name reader --role auditor)
for site in $(curl -fsS -H "Authorization: Bearer $token" "$url/v1/sites" | python3 -c '
import json, sys
print(*(s["site"] for s in json.load(sys.stdin)["items"]))'); do
	for format in json jsonl csv csv-fr xlsx; do
		curl -fsS -H "Authorization: Bearer $token" -o "$dir/$site.$format" "$url/v1/audit/claims?site=$site&format=$format"
		"$relais" audit export --data "$dir/data" --site "$site" --format "$format" "$dir/typed.$format"
		[ "$format" = xlsx ] || cmp "$dir/$site.$format" "$dir/typed.$format"
		rm "$dir/typed.$format"
	done
	HOME=$dir ssconvert -S "$dir/$site.xlsx" "$dir/$site.%s.sheet.csv" >"$dir/said" 2>&1 || { cat "$dir/said"; exit 1; }
	python3 "$root/tests/claims.py" "$dir/$site"
	# Complete cases are those that the page would claim, and nothing of them is missing.
	curl -fsS -H "Authorization: Bearer $token" -o "$dir/ready" "$url/v1/audit/claims?site=$site&ready=yes&format=jsonl"
	"$relais" audit export --data "$dir/data" --site "$site" --ready --format jsonl | cmp - "$dir/ready"
	[ -s "$dir/ready" ]
	if grep -v '"findings":\[\].*"light":"ready".*"missing":\[\]' "$dir/ready"; then exit 1; fi
	TOKEN=$token python3 "$root/tests/ledger.py" "$dir/$site" "$url" "$site"
	# What is asked for is what is shown: by each filter that this site's lines have values for, the very lines.
	while IFS="$(printf '\t')" read -r name value; do
		curl -fsS -G -H "Authorization: Bearer $token" -o "$dir/filtered" --data-urlencode "$name=$value" \
			-d "site=$site" -d format=jsonl "$url/v1/audit/claims"
		"$relais" audit export --data "$dir/data" --site "$site" --format jsonl "--${name//_/-}" "$value" | cmp - "$dir/filtered"
		python3 "$root/tests/claims.py" "$dir/$site" "$name" "$value" "$dir/filtered"
	done < <(python3 "$root/tests/claims.py" "$dir/$site" filters)
done
"$relais" audit replay --data "$dir/data"
