#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# A site's calendar as a calendar program's library reads it: each live booking once, at its time, nobody's name; and
# no more of it once the token is removed that its address hangs on.
set -eu

. "$RELAIS_ROOT/tests/lib/served.sh"
admin=$("$relais" token create --data "$dir/data" --name admin --role admin)
token=$("$relais" token create --data "$dir/data" --name calendar --role auditor --site LYO)
as() { curl -fsS -H "Authorization: Bearer $1" "${@:2}"; }

for what in '' '&kind=car' '&kind=chauffeur'; do
	link=$(as "$token" "$url/v1/calendar-link?site=LYO$what")
	curl -fsS -D "$dir/head" -o "$dir/lyo.ics" "$url$link"
	grep -qi '^content-type: text/calendar' "$dir/head"
	etag=$(sed -n 's/^etag: *\(.*\)\r$/\1/Ip' "$dir/head")
	[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "If-None-Match: $etag" "$url$link")" = 304 ]
	for status in held booked out; do
		as "$admin" "$url/v1/bookings?site=LYO&status=$status&limit=500"
		echo
	done >"$dir/bookings.jsonl"
	PATH=/usr/bin:$PATH python3 - "$dir/lyo.ics" "$dir/bookings.jsonl" "$what" <<'END'
import datetime, json, sys
from icalendar import Calendar

events = {str(e["UID"]): e for e in Calendar.from_ical(open(sys.argv[1], "rb").read()).walk("VEVENT")}
bookings = [b for line in open(sys.argv[2]) for b in json.loads(line)["items"]]
now = datetime.datetime.now(datetime.timezone.utc)
ahead = now + datetime.timedelta(days=170)
seen = 0
for b in bookings:
    begin, end = (datetime.datetime.fromisoformat(b[k]) for k in ("from", "until"))
    if begin > ahead or b["status"] == "out":
        continue
    drives = {uid: e for uid, e in events.items() if uid.startswith(b["booking"])}
    if sys.argv[3] == "&kind=chauffeur":
        wanted = [(leg["at"], leg["until"]) for leg in b.get("legs", [])]
    elif sys.argv[3] == "" or b["solution"].startswith("loaner"):
        wanted = [(b["from"], b["until"])]
    else:
        continue
    wanted = [tuple(map(datetime.datetime.fromisoformat, w)) for w in wanted]
    assert sorted((e["DTSTART"].dt, e["DTEND"].dt) for e in drives.values()) == sorted(wanted), b
    for event in drives.values():
        seen += 1
        assert b["number"] in event["SUMMARY"], event["SUMMARY"]
        assert event["STATUS"] == ("TENTATIVE" if b["status"] == "held" else "CONFIRMED")
        assert not b.get("customer_name") or b["customer_name"] not in event.to_ical().decode()
assert seen, "no booking is in the calendar"
print(f"{sys.argv[3] or 'all'}: {len(events)} events, {seen} looked at one by one")
END
done

id=$(as "$admin" "$url/v1/tokens" | python3 -c 'import json, sys; print(*(t["token_id"] for t in json.load(sys.stdin)["items"] if t["name"] == "calendar"))')
as "$admin" -X DELETE -H 'If-Match: *' "$url/v1/tokens/$id"
[ "$(curl -sS -o /dev/null -w '%{http_code}' "$url$link")" = 404 ]
