#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# deploy/alerts.yml as Prometheus reads it: the rules, the days on which they must speak, and that the real
# server tells every figure they ask for, in the format that Prometheus takes.
set -u

root=$RELAIS_ROOT
work=$(mktemp -d)
faults=0
server=
trap '[ -z "$server" ] || kill "$server"; wait; rm -rf "$work"' EXIT

fault() {
	echo "alerts: $1"
	faults=$((faults + 1))
}

cp "$root/deploy/alerts.yml" "$work/alerts.yml"
cp "$root/tests/data/alerts.yml" "$work/days.yml"
said=$(promtool check rules "$work/alerts.yml" 2>&1) || fault "$said"
said=$(promtool test rules "$work/days.yml" 2>&1) || fault "$said"

exec 4< <(exec "$RELAIS_BIN" serve --data "$work/data" --listen 127.0.0.1:0 2>"$work/log")
server=$!
read -r ready <&4 || fault "the server did not start: $(cat "$work/log")"
curl -s "${ready##* }/metrics" >"$work/metrics" || fault "there are no figures"
said=$(promtool check metrics <"$work/metrics" 2>&1) || fault "$said"
asked=$(grep -o 'relais_[a-z_]*' "$work/alerts.yml" | sort -u)
[ "$(wc -l <<<"$asked")" -ge 10 ] || fault "the rules ask for hardly anything: $asked"
for name in $asked; do
	grep -q "^$name[{ ]" "$work/metrics" || fault "the server does not tell $name"
done
# What a board of the machine is drawn from, alerts or not.
for name in build_info http_request_duration_seconds_bucket writer_batch_size_bucket writer_waiting \
	writer_commit_duration_seconds_bucket problems_total bookings store_used_bytes \
	done_total store_map_bytes store_reader_behind http_slow_total http_slow_answers_total writer_dropped_total; do
	grep -q "^relais_$name[{ ]" "$work/metrics" || fault "the server does not tell relais_$name"
done
# Every limit of the configuration, in the units of Prometheus, as it is set.
limits=$("$RELAIS_BIN" serve --data "$work/data" --dump-config | sed -n 's/^\(http\|writer\)\.\([a-z_]*\) = \([0-9]*\)$/\1_\2 \3/p')
[ "$(wc -l <<<"$limits")" -ge 12 ] || fault "hardly a limit is configured: $limits"
while read -r name value; do
	case $name in
	*_ms | *_ms_max) value=$(printf '%d.%03d' $((value / 1000)) $((value % 1000))) name=${name/_ms/_seconds} ;;
	esac
	grep -qxF "relais_$name $value" "$work/metrics" || fault "the server does not tell its limit relais_$name $value"
done <<<"$limits"
for state in held booked out returned cancelled no_show expired; do
	grep -q "^relais_bookings{state=\"$state\"} 0$" "$work/metrics" || fault "no bookings are told as $state"
done
[ "$faults" -eq 0 ]
