#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# tests/container.sh WORK: builds deploy/Containerfile without a registry (the base is made of Debian's packages by
# mmdebstrap, once, and kept in the folder WORK), starts the container and takes the first booking in it. As root,
# with mmdebstrap, buildah, podman, runc and curl; some ten minutes and 4 GB. RELAIS_CONTAINER_OPTIONS is handed to
# `buildah build`, for a network that needs more (its certificates: "-v /etc/ssl/certs:/etc/ssl/certs:ro").
set -eu -o pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
places=(--root "$work/store" --runroot "$work/run")
image=localhost/relais:tried
name=relais-tried

[ -f "$work/base.tar" ] || mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$work/base.tar"
if ! buildah "${places[@]}" inspect --type image debian:12-slim >/dev/null 2>&1; then
	base=$(buildah "${places[@]}" from scratch)
	buildah "${places[@]}" add -q "$base" "$work/base.tar" / >/dev/null
	buildah "${places[@]}" commit -q "$base" docker.io/library/debian:12-slim >/dev/null
	buildah "${places[@]}" rm "$base" >/dev/null
fi
rm -rf "$work/tree"
git clone -q --depth 1 "file://$root" "$work/tree"
# shellcheck disable=SC2086 # several words
buildah "${places[@]}" build --format docker --isolation chroot --pull-never --network host ${RELAIS_CONTAINER_OPTIONS:-} -t "$image" \
	-f "$work/tree/deploy/Containerfile" "$work/tree" >"$work/log" 2>&1 || {
	tail -20 "$work/log"
	exit 1
}

# A machine inside another has limits that may not be raised, and control groups of two kinds, which crun refuses.
run=(podman "${places[@]}" --storage-driver overlay --runtime runc --cgroup-manager cgroupfs)
trap '"${run[@]}" rm -f "$name" >/dev/null 2>&1' EXIT
"${run[@]}" run -d --name "$name" --ulimit nofile=1024:4096 --ulimit nproc=1024:4096 --read-only --cap-drop=all \
	--network host "$image" serve --demo --data /var/lib/relais --listen 127.0.0.1:18080 >/dev/null
url=http://127.0.0.1:18080
for what in livez readyz; do
	curl -sf --retry 60 --retry-delay 2 --retry-all-errors -o /dev/null "$url/$what"
done
token=$("${run[@]}" exec "$name" relais token create --data /var/lib/relais --name first --role admin)
ask() { curl -fsS -H "Authorization: Bearer $token" -H 'Content-Type: application/json' "$@"; }
member() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }
day=$(date -d '40 days' +%F)
customer=$(ask "$url/v1/bookings?site=DUB&limit=1" | member "['items'][0]['customer']")
offer=$(ask -d "{\"site\":\"DUB\",\"jobs\":[{\"type\":\"maintenance\",\"immobilisation_minutes\":240}],
	\"drop_off_at\":\"${day}T09:00\",\"ready_at\":\"${day}T17:00\",\"distance_km\":12}" "$url/v1/offers" | member "['offer']")
ask -H 'Idempotency-Key: first' -d "{\"offer\":\"$offer\",\"solution\":\"taxi\",\"customer\":\"$customer\",
	\"accept_customer_minor\":99999999}" "$url/v1/bookings" | member "['number']"
"${run[@]}" stop -t 30 "$name" >/dev/null
[ "$("${run[@]}" inspect -f '{{.State.ExitCode}}' "$name")" = 0 ]
