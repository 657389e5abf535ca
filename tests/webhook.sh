#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# Another system that is told of bookings (webhook.py): refuses, hangs up after it has heard, and answers. relais is
# killed while a message is in flight. Each change arrives at least once, in its order, signed, a repeat under its
# first id; and what leads inside is not connected to.
set -eu

relais=${RELAIS_BIN:?the program under test}
dir=$(mktemp -d)
server=
hears=
trap 'for p in $server $hears; do kill "$p"; done; wait; rm -r "$dir"' EXIT
heard=$dir/heard
secret=whsec_$(head -c 32 /dev/urandom | base64)
echo "$secret" >"$dir/secret"
chmod 600 "$dir/secret"
as() { curl -fsS -H "Authorization: Bearer $admin" "$@"; }
metric() { curl -fsS "$url/metrics" | sed -n "s/^$1 //p"; }
# Until it is so, or the test's own time is over.
until_so() { until "$@"; do read -rt 0.1 <> <(:) || :; done; }
serve() {
	exec 4< <(exec "$relais" serve --config "$dir/conf" 2>>"$dir/log")
	server=$!
	read -r url <&4 || { cat "$dir/log"; exit 1; }
	url=${url##* }
}
conf() {
	printf 'data = %s\nlisten = 127.0.0.1:0\nwebhook.secret_file = %s\nwebhook.url = %s\nwebhook.private = %s\n' \
		"$dir/data" "$dir/secret" "$1" "$2" >"$dir/conf"
}
is_more() { [ "$(metric "$1")" -gt "$2" ]; }
heard_has() { grep -q "$1" "$heard" 2>/dev/null; }
next=0
# Cancels the next booking; it is then $booking.
change() {
	next=$((next + 1))
	booking=$(sed -n "${next}p" "$dir/bookings")
	as -o "$dir/answer" -X POST -H 'Content-Type: application/json' -H "Idempotency-Key: webhook-change-$next" \
		-d '{"reason":"another day"}' "$url/v1/bookings/$booking/cancel"
}
stop() {
	kill "$server"
	wait "$server"
	server=
}

demo=$RELAIS_ROOT/deploy/demo
{
	echo "ref,site,customer,jobs,drop_off_at,from,until,solution"
	for day in 20 21 22 23 24; do
		echo "R$day,LYO,C0416,customer_pay_repair:60,W+$day 09:15,W+$day 09:15,W+$day 16:00,taxi"
	done
} >"$dir/bookings.csv"
for import in "sites $demo/sites.json" "rulesets $demo/ruleset.json" "resources $demo/resources.csv" \
	"customers $demo/customers.csv" "bookings $dir/bookings.csv"; do
	"$relais" import --data "$dir/data" $import >"$dir/said" 2>&1 || { cat "$dir/said"; exit 1; }
done
admin=$("$relais" token create --data "$dir/data" --name admin --role admin)
echo answer >"$dir/mode"
exec 5< <(exec python3 "$RELAIS_ROOT/tests/webhook.py" "$dir/secret" "$heard" "$dir/mode" 2>"$dir/hears")
hears=$!
read -r port <&5

# What is refused before anything is served.
conf "http://127.0.0.1:$port/hook" 0
! "$relais" check-config "$dir/conf" >"$dir/said" 2>&1
grep -q 'conf:4: "webhook.url" must be https://' "$dir/said"
echo whsec_c2hvcnQ= >"$dir/short"
chmod 600 "$dir/short"
conf "http://127.0.0.1:$port/hook" 1
sed -i "s|$dir/secret|$dir/short|" "$dir/conf"
! "$relais" serve --config "$dir/conf" >"$dir/said" 2>&1
grep -q 'must hold whsec_ and base64 of 24 to 64 bytes' "$dir/said"

# A name that leads inside: nothing is connected to.
conf "https://localhost:$port/hook" 0
serve
until_so test -s "$dir/data/webhooks"
as "$url/v1/bookings?site=LYO&status=booked&limit=20" |
	python3 -c 'import json, sys; [print(b["booking"]) for b in json.load(sys.stdin)["items"]]' >"$dir/bookings"
[ "$(wc -l <"$dir/bookings")" = 5 ]
change
first=$booking
until_so is_more relais_webhook_failed_total 0
curl -fsS "$url/status" | grep -q 'leads to an address that is not public'
[ ! -e "$heard" ]
stop

# It refuses, then answers; it sends elsewhere and is not followed.
conf "http://127.0.0.1:$port/hook" 1
echo refuse >"$dir/mode"
serve
until_so heard_has "^refuse LYO-.* $first=cancelled"
until_so is_more relais_webhook_failed_total 0
curl -fsS "$url/status" | grep -q 'the other system answered 500'
echo answer >"$dir/mode"
until_so heard_has "^answer LYO-.* $first=cancelled"
echo move >"$dir/mode"
change
until_so heard_has "^move LYO-.* $booking=cancelled"
echo answer >"$dir/mode"
until_so heard_has "^answer LYO-.* $booking=cancelled"

# It hangs up after it has heard: told again, under the same id.
echo hang >"$dir/mode"
change
until_so heard_has "^hang LYO-.* $booking=cancelled"
echo answer >"$dir/mode"
until_so heard_has "^answer LYO-.* $booking=cancelled"

# relais dies while a message is in flight.
echo hold >"$dir/mode"
change
until_so heard_has "^hold LYO-.* $booking=cancelled"
kill -9 "$server"
wait "$server" || :
server=
echo answer >"$dir/mode"
serve
until_so heard_has "^answer LYO-.* $booking=cancelled"

# So does a stop, which waits for nobody.
echo hold >"$dir/mode"
change
until_so heard_has "^hold LYO-.* $booking=cancelled"
stop
echo answer >"$dir/mode"
serve
until_so heard_has "^answer LYO-.* $booking=cancelled"

# An older place in the file tells again what came since.
stop
place=$(cat "$dir/data/webhook-LYO")
from=$(sed -n "s/^answer LYO-\([0-9]*\) .* $first=cancelled.*/\1/p" "$heard" | head -1)
echo $((from - 1)) >"$dir/data/webhook-LYO"
cp "$heard" "$dir/before"
serve
again() { [ "$(cat "$dir/data/webhook-LYO")" -ge "$place" ]; }
until_so again

stop
! grep -E 'Sanitizer|runtime error' "$dir/log" || exit 1

python3 - "$heard" "$dir/before" <<'END'
import sys

lines = [line.split() for line in open(sys.argv[1])]
before = [line.split() for line in open(sys.argv[2])]
assert all(line[0] != "FORGED" for line in lines), lines
entry = {line[1]: int(line[1].rsplit("-", 1)[1]) for line in lines if line[1].startswith("LYO-")}
order = list(entry.values())
assert order == sorted(order), "told out of order"
for what in "refuse", "move", "hang", "hold":
    ids = {line[1] for line in before if line[0] == what}
    assert ids and ids <= {line[1] for line in before if line[0] == "answer"}, what
told = {line[1] for line in before if line[0] == "answer" and line[1].startswith("LYO-")}
assert told <= {line[1] for line in lines[len(before):]}, "what came since was not told again"
print(f"{len(entry)} messages in {len(lines)} posts")
END

# ---- those that an administrator asks for over HTTP ----

# From here on it hears under another secret, of the webhook that is made now.
kill "$hears"
wait "$hears" || :
printf 'data = %s\nlisten = 127.0.0.1:0\nwebhook.private = 1\n' "$dir/data" >"$dir/conf"
serve
made() { as -o "$dir/made" -X POST -H 'Content-Type: application/json' -H 'Idempotency-Key: made' -d "{\"url\":\"$1\"}" "$url/v1/webhooks"; }
of_made() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$dir/made" "$1"; }
hear() {
	exec 5< <(exec python3 "$RELAIS_ROOT/tests/webhook.py" "$dir/secret" "$heard" "$dir/mode" 2>>"$dir/hears")
	hears=$!
	read -r port <&5
}
hear
made "http://127.0.0.1:$port/hook"
of_made secret >"$dir/secret"
hook=$(of_made webhook_id)
made "http://127.0.0.1:$port/hook" # the same request again: the same secret
[ "$(of_made secret)" = "$(cat "$dir/secret")" ]
! as "$url/v1/webhooks" "$url/v1/webhooks/$hook" | grep -q whsec_
ask() { as -X POST -H 'Content-Type: application/json' -H "Idempotency-Key: $3" -d "$2" "$url/v1/webhooks/$hook/$1"; }
: >"$heard"
[ "$(ask test '{}' one)" = '{"sent":true}' ]
heard_has '^answer test-'
until_so test -s "$dir/data/hooks-$hook"
! grep -q LYO- "$heard" # what was before it is not told
ask replay "{\"site\":\"LYO\",\"entry\":$from}" two
until_so heard_has "^answer LYO-$from .* $first=cancelled"
# Sealed: the secret lies nowhere in clear, and a restart still has it.
! grep -rqF "$(sed 's/whsec_//' "$dir/secret")" "$dir/data" "$dir/log"
stop
serve
ask replay "{\"site\":\"LYO\",\"entry\":$from}" three
twice() { [ "$(grep -c "^answer LYO-$from " "$heard")" -ge 2 ]; }
until_so twice
echo refuse >"$dir/mode"
ask replay "{\"site\":\"LYO\",\"entry\":$from}" four
fails() { as "$url/v1/webhooks" | grep -q '"last_failure":"the other system answered 500"'; }
until_so fails
as -o "$dir/answer" -X DELETE -H 'If-Match: *' "$url/v1/webhooks/$hook"
[ "$(as "$url/v1/webhooks")" = '{"items":[]}' ]
gone() { [ -z "$(ls "$dir/data" | grep "$hook")" ]; }
until_so gone
! grep -q FORGED "$heard"
stop
! grep -E 'Sanitizer|runtime error' "$dir/log" || exit 1
