#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# tests/manual.sh BUILD: the manual pages as mandoc reads them, what they show as the program reads it, and
# what three shells offer for a line that somebody is typing.
set -u

pages=$1/deploy
relais=$RELAIS_BIN
faults=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fault() {
	echo "manual: $1"
	faults=$((faults + 1))
}

# ---- pages ----

for page in relais.1 relais.conf.5 relais-rules.5 relais-api.7; do
	said=$(mandoc -Tlint -Wwarning "$pages/$page") || fault "$said"
	grep -q '^@' "$pages/$page" && fault "$page: a part was not set in"
	mandoc -Tutf8 "$pages/$page" | col -bx >"$work/$page"
done

# No command, option or key is missing.
"$relais" --help | sed -n 's/^  relais \([a-z-]*\).*/\1/p' | sort -u >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 10 ] || fault "--help names no commands"
while read -r command; do
	grep -q "^ *relais $command" "$work/relais.1" || fault "relais.1 lacks $command"
	"$relais" "$command" --help | sed -n 's/^  *--\([a-z-]*\).*/\1/p' | while read -r option; do
		grep -q -- "--$option" "$work/relais.1" || echo "relais.1 lacks --$option of $command"
	done
done <"$work/commands" >"$work/lacks"
[ -s "$work/lacks" ] && fault "$(cat "$work/lacks")"
"$relais" serve --data /srv --dump-config | sed -n 's/^#\{0,1\} *\([a-z_.]*\) =.*/\1/p' >"$work/keys"
[ "$(wc -l <"$work/keys")" -ge 15 ] || fault "--dump-config names no keys"
while read -r key; do
	grep -q "^ *$key = " "$work/relais.conf.5" || fault "relais.conf.5 lacks $key"
done <"$work/keys"
grep -q "GET /v1/sites" "$work/relais-api.7" || fault "relais-api.7 lacks the routes"
grep -q "no-seat *409" "$work/relais-api.7" || fault "relais-api.7 lacks the problems"

# The example of a rule set is one.
sed -n '/^\.Bd -literal$/,/^\.Ed/p' "$pages/relais-rules.5" | sed '1d;$d' >"$work/rules.json"
said=$("$relais" rules check "$work/rules.json" 2>&1) || fault "the example of relais-rules.5: $said"

# ---- completion ----

offers() { # what is expected among the offers for the words that follow
	local expected=$1 offered
	shift
	offered=$(
		# shellcheck disable=SC1091
		. "$pages/relais"
		COMP_WORDS=(relais "$@")
		COMP_CWORD=$#
		COMPREPLY=()
		_relais
		printf '%s\n' "${COMPREPLY[@]}"
	)
	grep -qxF -- "$expected" <<<"$offered" || fault "bash offers for 'relais $*' no $expected but: $(tr '\n' ' ' <<<"$offered")"
}
cd "$work" || exit 1
mkdir folder
touch export.jsonl
offers serve se
offers restore re
offers --help ""
offers create token ""
offers --role token create --r
offers manager token create --role m
offers folder serve --data fol
offers export.jsonl audit verify exp
offers replay audit re
offers sites import si
offers --dry-run import --d
offers export.jsonl restore exp
while read -r command; do
	offers "$command" "${command%?}"
done <commands

said=$(zsh -n "$pages/_relais" 2>&1) || fault "zsh: $said"
offered=$(fish --no-config -c "source $pages/relais.fish; complete -C 'relais token create --ro'" 2>&1)
grep -q "^--role" <<<"$offered" || fault "fish offers for 'relais token create --ro': $offered"
offered=$(fish --no-config -c "source $pages/relais.fish; complete -C 'relais ser'" 2>&1)
grep -q "^serve" <<<"$offered" || fault "fish offers for 'relais ser': $offered"

[ "$faults" -eq 0 ]
