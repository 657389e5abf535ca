#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# relais_report.claims and GET /v1/audit/claims, row by row, over the demonstration's year: moved into a PostgreSQL, asked
# of a server over it, brought into the reports by who may do nothing else, and read by who may only read.
set -eu -o pipefail

root=$RELAIS_ROOT
. "$root/tests/lib/served.sh"
kill "$server"
wait "$server"
server=

as_postgres=(setpriv --pdeathsig KILL)
[ "$(id -u)" -ne 0 ] || as_postgres+=(--reuid postgres --regid postgres --clear-groups)
bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
mkdir "$dir/pg"
[ "$(id -u)" -ne 0 ] || { chown postgres "$dir/pg"; chmod 711 "$dir"; }
"${as_postgres[@]}" "$bin/initdb" -D "$dir/pg/data" -U owner -A trust -E UTF8 --locale=C --no-sync >/dev/null
"${as_postgres[@]}" "$bin/postgres" -D "$dir/pg/data" -k "$dir/pg" -h '' -c fsync=off >"$dir/pg.log" 2>&1 &
postgres=$!
trap '[ -z "$server" ] || kill "$server"; kill -QUIT "$postgres"; wait; rm -r "$dir"' EXIT
address() { echo "postgresql://$1@/postgres?host=$dir/pg"; }
ask() { psql -XAtq -v ON_ERROR_STOP=1 -d "$(address "$1")" -c "$2"; }
mkfifo "$dir/never"
exec 3<>"$dir/never"
for ((i = 0; i < 300; i++)); do
	ask owner "SELECT 1" >/dev/null 2>&1 && break
	read -r -t 0.1 <&3 || true
done

"$relais" journal migrate "$(address owner)"
"$relais" journal copy "$dir/data" "$(address owner)" 2>/dev/null
ask owner "CREATE ROLE bringer LOGIN IN ROLE relais_claims; CREATE ROLE reader LOGIN IN ROLE relais_report;"
exec 4< <(exec "$relais" serve --data "$dir/data" --listen 127.0.0.1:0 --journal "$(address owner)" 2>"$dir/log")
server=$!
read -r url <&4 || { cat "$dir/log"; exit 1; }
url=${url##* }
(umask 077; "$relais" token create --data "$dir/data" --name reports --role auditor >"$dir/token")

# The demonstration's day goes on: what is compared is compared where nothing happened in between.
for ((i = 0; i < 10; i++)); do
	"$root/deploy/claims-report" "$url" "$dir/token" "$(address bringer)"
	for site in $(ask reader "SELECT site FROM relais_report.claims_read"); do
		curl -fsS -H "Authorization: Bearer $(cat "$dir/token")" -o "$dir/$site.jsonl" "$url/v1/audit/claims?site=$site&format=jsonl"
	done
	is=$(ask reader "SELECT count(*), sum(behind), sum(directory_behind) FROM relais_report.claims_read")
	[ "$is" != "2|0|0" ] || break
done
[ "$is" = "2|0|0" ]
for site in $(ask reader "SELECT site FROM relais_report.claims_read ORDER BY site"); do
	ask reader "SELECT to_jsonb(c) - 'n' FROM relais_report.claims AS c WHERE site = '$site' ORDER BY n" >"$dir/$site.view"
	python3 - "$dir/$site.jsonl" "$dir/$site.view" <<'END'
import datetime
import json
import re
import sys

instant = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)")


def plain(value):
    return datetime.datetime.fromisoformat(value).timestamp() if instant.fullmatch(str(value)) else value


answered, viewed = ([{k: plain(v) for k, v in json.loads(line).items()} for line in open(p, encoding="utf-8")] for p in sys.argv[1:])
assert len(answered) > 100 and len(answered) == len(viewed), (len(answered), len(viewed))
for number, (want, got) in enumerate(zip(answered, viewed)):
    assert want == got, (number, {k: (want.get(k), got.get(k)) for k in want.keys() | got.keys() if want.get(k) != got.get(k)})
print(f"{len(answered)} claims, row by row")
END
done

# Nobody does more than is his.
refused() { ! ask "$1" "$2" >/dev/null 2>"$dir/said" && grep -q "permission denied" "$dir/said"; }
refused reader "DELETE FROM relais.claim_line"
refused reader "SELECT bytes FROM relais.journal"
refused bringer "SELECT bytes FROM relais.journal"
refused bringer "SELECT key FROM relais.person_key"
# What happens since is told.
curl -fsS -X PUT -H "Authorization: Bearer $("$relais" token create --data "$dir/data" --name desk --role admin)" \
	-H 'Content-Type: application/json' -d '{"segment":"private","language":"en","preferred_channel":"phone","person":{"name":"Late Comer"}}' \
	-o /dev/null "$url/v1/customers/LATE-1"
[ "$(ask reader "SELECT min(directory_behind) FROM relais_report.claims_read")" -ge 1 ]
