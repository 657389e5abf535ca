#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# What the eye should not have to check: 100 columns with tabs of 8, files of at most 500 lines, functions
# of at most 70, calls we do not use, the two SPDX lines, no work left for later.
#   tests/tidy.sh [ROOT]      check a tree
#   tests/tidy.sh --self-test prove that planted breaches are found
set -u

here=$(cd "$(dirname "$0")" && pwd)

sources() {
	find rules fleet sql server tests -name '*.[ch]' -not -path '*/node_modules/*' 2>/dev/null | sort
}

# One pass over each C file. A function begins at a line `{` in column one that follows no '=' or struct,
# and ends at `}` in column one.
check_file() { # file
	LC_ALL=C awk -v file="$1" '
		function fault(line, text) { print "tidy: " file ":" line ": " text; bad = 1 }
		# Characters, not bytes (what continues a character of UTF-8 adds nothing), tabs to the next 8.
		function columns(s,   n, i, c) {
			n = 0
			for (i = 1; i <= length(s); i++) {
				c = substr(s, i, 1)
				if (c >= "\200" && c <= "\277") continue
				n = c == "\t" ? n + 8 - n % 8 : n + 1
			}
			return n
		}
		FNR == 1 && !/SPDX-FileCopyrightText/ { fault(1, "the first line names the SPDX copyright") }
		FNR == 2 && !/SPDX-License-Identifier: Apache-2.0/ { fault(2, "the second line names the SPDX license") }
		length($0) > 12 && columns($0) > 100 { fault(FNR, columns($0) " columns, more than 100") }
		/[ \t]$/ { fault(FNR, "blanks at the end of the line") }
		/\r/ { fault(FNR, "a carriage return") }
		{
			code = $0
			gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
			if (inside) { if (sub(/^.*\*\//, "", code)) inside = 0; else code = "" }
			gsub(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//, " ", code)
			if (sub(/\/\*.*$/, "", code)) inside = 1
			sub(/\/\/.*$/, "", code)
			if (match(" " code, /[^A-Za-z0-9_](strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|atoi|atol|gets|localtime|gmtime|rand|srand|alloca|system)[ \t]*\(/))
				fault(FNR, "a call that this house does not use: " substr(" " code, RSTART + 1, RLENGTH - 2))
			if (code ~ /^[ \t]*typedef[ \t]/) fault(FNR, "no typedef: struct noun")
		}
		(" " $0 " ") ~ /[^A-Za-z0-9_](TODO|FIXME)[^A-Za-z0-9_]/ { fault(FNR, "work left for later belongs into an issue") }
		/^\{/ { start = FNR }
		/^\}/ && start {
			if (FNR - start - 1 > 70) fault(start, "a function of " FNR - start - 1 " lines, more than 70")
			start = 0
		}
		END {
			if (FNR > 500) fault(FNR, FNR " lines, more than 500")
			if (file ~ /\.h$/ && !once) fault(1, "a header begins with #pragma once")
			exit bad
		}
		/^#pragma once/ { once = 1 }' "$1"
}

check_script() { # file
	head -n 3 "$1" | grep -q 'SPDX-License-Identifier: Apache-2.0' || {
		echo "tidy: $1: the SPDX lines are missing"
		return 1
	}
}

check_tree() { # root
	cd "$1" || exit 2
	local bad=0 file
	while read -r file; do
		check_file "$file" || bad=1
	done < <(sources)
	while read -r file; do
		check_script "$file" || bad=1
	done < <(find . -path ./build -prune -o -name node_modules -prune -o -path ./var -prune -o -path ./.git -prune -o \
		\( -name '*.sh' -o -name '*.py' -o -name meson.build -o -name meson_options.txt \) -type f -print | sort)
	return $bad
}

head_lines='/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */'

expect() { # pass|fail file text
	local dir got
	dir=$(mktemp -d)
	mkdir -p "$dir/$(dirname "$2")"
	printf '%s\n' "$3" >"$dir/$2"
	if "$here/tidy.sh" "$dir" >/dev/null; then got=pass; else got=fail; fi
	rm -r "$dir"
	[ "$got" = "$1" ] && return 0
	echo "tidy: self-test: $2 with '${3:0:200}' should $1"
	return 1
}

repeat() { # count text
	for ((i = 0; i < $1; i++)); do printf '%s' "$2"; done
}

self_test() {
	local bad=0 nl=$'\n' body
	expect pass rules/a.c "$head_lines${nl}int x;" || bad=1
	expect fail rules/a.c 'int x;' || bad=1
	expect fail rules/a.c "$head_lines$nl/* $(repeat 99 x) */" || bad=1
	expect fail rules/a.c "$head_lines$nl$(repeat 12 $'\t')wide = 1;" || bad=1
	expect pass rules/a.c "$head_lines$nl/* $(repeat 90 é) */" || bad=1
	body=$(repeat 71 "	x++;$nl")
	expect fail rules/a.c "$head_lines${nl}void f(void)${nl}{$nl$body$nl}" || bad=1
	body=$(repeat 70 "	x++;$nl")
	expect pass rules/a.c "$head_lines${nl}void f(void)${nl}{$nl$body}" || bad=1
	expect fail rules/a.c "$head_lines$nl$(repeat 499 "int x;$nl")" || bad=1
	expect fail server/a.c "$head_lines${nl}void f(void) { strcpy(a, b); }" || bad=1
	expect fail server/a.c "$head_lines${nl}int f(void) { return sprintf(a, b); }" || bad=1
	expect pass server/a.c "$head_lines${nl}int f(void) { return snprintf(a, 3, \"strcpy(\"); } /* not sprintf() */" || bad=1
	expect fail server/a.h "$head_lines${nl}int f(void);" || bad=1
	expect fail server/a.c "$head_lines${nl}typedef int number;" || bad=1
	expect fail server/a.c "$head_lines${nl}/* T""ODO later */" || bad=1
	expect fail tests/a.sh 'echo hello' || bad=1
	return $bad
}

if [ "${1:-}" = --self-test ]; then
	self_test
else
	check_tree "${1:-$here/..}"
fi
