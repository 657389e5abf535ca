#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# The example for HAProxy as HAProxy reads it, and the real one in front of the real server: HTTP/2 over
# TLS, the figures hidden, the server gone and back.
set -u

root=$RELAIS_ROOT
relais=$RELAIS_BIN
work=$(mktemp -d)
faults=0
proxy=
server=

fault() {
	echo "haproxy: $1"
	faults=$((faults + 1))
}

end() {
	[ -z "$proxy" ] || kill "$proxy"
	[ -z "$server" ] || kill "$server"
	wait
	rm -rf "$work"
}
trap end EXIT

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# What a loop waits for comes within a minute or never.
within_a_minute() { # command...
	local i
	for ((i = 0; i < 600; i++)); do
		"$@" && return 0
		read -r -t 0.1 <>/dev/fd/3
	done
	return 1
}
mkfifo "$work/never"
exec 3<>"$work/never"

serve() {
	exec 4< <(exec "$relais" serve --data "$work/data" --config "$root/deploy/behind-proxy.conf" --listen "127.0.0.1:$1" 2>"$work/log")
	server=$!
	read -r ready <&4 || fault "the server did not start: $(cat "$work/log")"
}

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key" -out "$work/chain" -subj /CN=localhost -days 2 2>/dev/null
cat "$work/chain" "$work/key" >"$work/relais.pem"
at=$(free_port)
tls=$(free_port)
plain=$(free_port)
sed -e "s|/etc/haproxy/relais.pem|$work/relais.pem|" -e "s|bind :443|bind 127.0.0.1:$tls|" -e "s|bind :80|bind 127.0.0.1:$plain|" \
	-e "s|server relais 127.0.0.1:8080|server relais 127.0.0.1:$at|" "$root/deploy/haproxy.cfg" >"$work/haproxy.cfg"
said=$(haproxy -c -f "$work/haproxy.cfg" 2>&1) || fault "$said"

serve "$at"
haproxy -f "$work/haproxy.cfg" >"$work/proxy.log" 2>&1 &
proxy=$!
url=https://127.0.0.1:$tls

ask() { # what curl writes out, options...
	local what=$1
	shift
	curl -s --cacert "$work/chain" --connect-to "localhost:$tls:127.0.0.1:$tls" -o "$work/body" -w "$what" "$@"
}
is_ready() {
	[ "$(ask '%{http_code}' "https://localhost:$tls/livez")" = 200 ]
}
within_a_minute is_ready || fault "nothing is served through the proxy: $(cat "$work/proxy.log")"

answer=$(ask '%{http_version} %{http_code}' --http2 "https://localhost:$tls/livez")
[ "$answer" = "2 200" ] || fault "HTTP/2: $answer"
answer=$(ask '%{http_version} %{http_code}' --http1.1 "https://localhost:$tls/")
[ "$answer" = "1.1 200" ] || fault "HTTP/1.1: $answer"
answer=$(ask '%{http_code}' "https://localhost:$tls/metrics")
[ "$answer" = 404 ] || fault "the figures are told to the world: $answer"
# Also where a proxy forgets to: who is named in X-Forwarded-For is not on this machine.
answer=$(curl -s -o /dev/null -w '%{http_code}' -H 'X-Forwarded-For: 203.0.113.7' "http://127.0.0.1:$at/metrics")
[ "$answer" = 404 ] || fault "the figures are told to whom a proxy names: $answer"
answer=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$at/metrics")
[ "$answer" = 200 ] || fault "the figures are not told here: $answer"
answer=$(curl -s -o /dev/null -w '%{http_code} %{redirect_url}' -H "Host: localhost" "http://127.0.0.1:$plain/")
[ "$answer" = "308 https://localhost/" ] || fault "plain HTTP: $answer"

# Without a server the proxy says so; with one again it serves.
kill "$server"
wait "$server"
server=
is_away() {
	[ "$(ask '%{http_code}' "https://localhost:$tls/livez")" = 503 ]
}
within_a_minute is_away || fault "a server that is gone is not noticed"
serve "$at"
within_a_minute is_ready || fault "a server that is back is not noticed"
[ "$faults" -eq 0 ]
