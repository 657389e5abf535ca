#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# What a released version left behind is read by this one: a data directory (data-N.tar.gz) passes every
# check and serves on, a backup (backup-N.jsonl) restores to the same journals, the export in it holds
# against the checkpoint of its time. N is the version of the backup; 2 is the first with attachments.
set -u

relais=${RELAIS_BIN:?the program under test}
root=$(cd "$(dirname "$0")/.." && pwd)
here=$root/tests/data
dir=$(mktemp -d)
trap 'rm -r "$dir"' EXIT
bad=0

# expect CODE TEXT ARGUMENT...: the exit code, and a text in what it says on stdout or stderr.
expect() {
	local code=$1 text=$2 said got=0
	shift 2
	said=$("$relais" "$@" 2>&1) || got=$?
	if [ "$got" -ne "$code" ] || ! grep -qF -- "$text" <<<"$said"; then
		echo "released.sh: relais $* should exit $code with \"$text\", and exits $got with:"
		echo "$said"
		bad=1
	fi
}

for archive in "$here"/data-*.tar.gz; do
	n=${archive##*data-}
	n=${n%.tar.gz}
	data=$dir/data-$n
	mkdir "$data"
	tar xzf "$archive" -C "$data" --no-same-owner
	# Rows of an older version (1, 2: before these were numbered) are made anew before anybody reads them.
	if [ "$n" -le 2 ]; then
		expect 74 'relais rebuild' verify --data "$data"
		expect 0 'made anew' rebuild --data "$data"
	fi
	expect 0 '0 differences from the journals' verify --data "$data"
	expect 0 '0 broken entries' audit verify --data "$data"
	expect 0 '0 decisions that differ' audit replay --data "$data"
	expect 0 'entries in 2 journals' restore "$here/backup-$n.jsonl" --data "$dir/restored-$n"
	expect 0 '0 differences from the journals' verify --data "$dir/restored-$n"
	expect 0 'entries in 2 journals' backup --data "$data" "$dir/backup-$n"
	expect 0 'entries in 2 journals' backup --data "$dir/restored-$n" "$dir/again-$n"
	# But for when they were made and the sum that follows, they are one.
	if ! cmp -s <(sed '1d;$d' "$dir/backup-$n") <(sed '1d;$d' "$dir/again-$n") ||
		! cmp -s <(sed '1d;$d' "$dir/backup-$n") <(sed '1d;$d' "$here/backup-$n.jsonl"); then
		echo "released.sh: the backups of version $n are not the same"
		bad=1
	fi
	# The export is in it, line by line, and the sum is that of the bytes before the last line.
	grep -F '"site":"LYO","v":1}' "$here/backup-$n.jsonl" >"$dir/export"
	"$relais" audit key --data "$data" >"$dir/key"
	expect 0 'the chain holds' audit verify "$dir/export" --checkpoint "$data/checkpoints/LYO.note" --key "$dir/key"
	sed -i '$d' "$dir/export"
	expect 1 'the tail was cut off' audit verify "$dir/export" --checkpoint "$data/checkpoints/LYO.note" --key "$dir/key"
	sum=$(sed '$d' "$here/backup-$n.jsonl" | sha256sum | cut -d' ' -f1)
	[ "$(tail -n 1 "$here/backup-$n.jsonl")" = "{\"end\":\"$sum\"}" ] || bad=1
	# And the signature, by another program: the note's text up to the empty line, Ed25519.
	sed '/^$/,$d' "$data/checkpoints/LYO.note" >"$dir/text"
	{
		printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'
		cut -d+ -f3- "$dir/key" | base64 -d | tail -c 32
	} >"$dir/key.der"
	sed -n '$s/.* //p' "$data/checkpoints/LYO.note" | base64 -d | tail -c 64 >"$dir/signature"
	if ! openssl pkeyutl -verify -pubin -keyform DER -inkey "$dir/key.der" -rawin -in "$dir/text" \
		-sigfile "$dir/signature" >/dev/null; then
		echo "released.sh: openssl does not take the signature of version $n"
		bad=1
	fi
done

exit "$bad"
