#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# tests/requirements.sh ROOT: docs/requirements-met.md has a row for every id of tests/data/requirements and for no other,
# in that order; whatever it names is there, each test by its own name; and what has no test says "not yet". With
# --self-test each kind of breach is planted in a copy and must be found.
set -eu

check() {
	local root=$1 page=$1/docs/requirements-met.md faults=0 id how where held file name
	say() {
		echo "requirements: $*"
		faults=$((faults + 1))
	}
	diff <(sed -n 's/^| \([A-Z][A-Z]*-[^ ]*\) |.*/\1/p' "$page") "$root/tests/data/requirements" >/dev/null ||
		say "the ids of the page are not those of tests/data/requirements"
	while IFS='|' read -r _ id how where held _; do
		id=${id// /}
		where=$(sed 's/^ *`//; s/` *$//; s/^ *$//' <<<"$where")
		held=$(sed 's/^ *`//; s/` *$//; s/^ *$//' <<<"$held")
		if [ -z "$held" ]; then
			[[ $how == " not yet: "* ]] || say "$id: held by no test, and does not say why"
			continue
		fi
		[ -e "$root/$where" ] || say "$id: there is no $where"
		file=${held%%: *}
		name=${held#"$file"}
		name=${name#: }
		if [ ! -f "$root/$file" ]; then
			say "$id: there is no $file"
		elif [ -n "$name" ] && ! grep -qF -- "$name" "$root/$file"; then
			say "$id: $file has no \"$name\""
		fi
	done < <(grep -E '^\| [A-Z]+-[^ ]+ \|' "$page")
	[ "$faults" = 0 ]
}

if [ "${1:-}" != --self-test ]; then
	check "${1:-.}"
	exit
fi
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
plant() { # what is planted, what must be said
	rm -rf "$work/copy"
	mkdir -p "$work/copy/docs" "$work/copy/tests"
	for folder in fleet rules server; do ln -s "$here/$folder" "$work/copy/$folder"; done
	for folder in unit http web data; do ln -s "$here/tests/$folder" "$work/copy/tests/$folder"; done
	sed "$1" "$here/docs/requirements-met.md" >"$work/copy/docs/requirements-met.md"
	said=$(check "$work/copy") && {
		echo "requirements: not found: $1"
		exit 1
	}
	grep -qF -- "$2" <<<"$said" || {
		echo "requirements: \"$2\" is not said of $1, but: $said"
		exit 1
	}
}
plant '/^| LEX-6 |/d' "the ids of the page"
plant 's/^| LEX-6 | .*/| LEX-6 | somehow | | |/' "LEX-6: held by no test"
plant '/^| LEX-6 |/s/suits_the_customer/suits_nobody/' "LEX-6: tests/unit/test_fleet_contacts.c has no"
plant '/^| LEX-6 |/s/test_fleet_contacts/test_no_such/' "LEX-6: there is no tests/unit/test_no_such.c"
plant '/^| LEX-6 |/s/decide_contact/decide_nothing/' "LEX-6: there is no fleet/decide_nothing.c"
