#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# The arrows between the rooms (ARCHITECTURE.md): which folder may include what. It reads the #include
# lines, and the calls that would let the world into rules/.
#   tests/arrows.sh [ROOT]      check a tree
#   tests/arrows.sh --self-test prove that planted breaches are found
set -u

here=$(cd "$(dirname "$0")" && pwd)
faults=0

fault() { # file:line, sentence
	echo "arrows: $1: $2"
	faults=$((faults + 1))
}

# The <headers> of libc that rules/ may name: nothing that allocates or asks the time. <stdio.h> is there
# for vsnprintf; its input and output are banned by name below.
rules_may_include() { # file header
	case $2 in
	stdlib.h) [ "$1" = rules/base.c ] ;;
	std*.h | string.h | inttypes.h | limits.h) true ;;
	*) false ;;
	esac
}

# Libraries have one home each.
library_is_home() { # file header
	case $2 in
	lmdb.h) [ "$1" = fleet/store_lmdb.h ] ;;
	fleet/store_lmdb.h) case $1 in fleet/store.c | fleet/store_txn.c | fleet/copy.c) true ;; *) false ;; esac ;;
	openssl/*) case $1 in fleet/seal.c | fleet/password.c | fleet/signature.c | server/*) true ;; *) false ;; esac ;;
	h2o.h | h2o/*) case $1 in server/http*.c) true ;; *) false ;; esac ;;
	uv.h | uv/*) case $1 in server/*) true ;; *) false ;; esac ;;
	jansson.h) case $1 in server/json.c) true ;; *) false ;; esac ;;
	qrencode.h) case $1 in fleet/qr.c) true ;; *) false ;; esac ;;
	libpq-fe.h) case $1 in sql/*) true ;; *) false ;; esac ;;
	cmocka.h) false ;;
	*) true ;;
	esac
}

# What a room may ask of another room.
room_may_include() { # room other-room
	case $1:$2 in
	rules:rules | fleet:fleet | fleet:rules) true ;;
	sql:sql | sql:fleet | sql:rules) true ;;
	server:server | server:sql | server:fleet | server:rules) true ;;
	*) false ;;
	esac
}

check_include() { # file line text
	local file=$1 at="$1:$2" room=${1%%/*} header
	case $3 in
	*\<*\>*)
		header=${3#*<}
		header=${header%%>*}
		if [ "$room" = rules ] && ! rules_may_include "$file" "$header"; then
			fault "$at" "rules knows libc's pure part only, not <$header>"
		elif ! library_is_home "$file" "$header"; then
			fault "$at" "<$header> has its home elsewhere"
		fi ;;
	*\"*\"*)
		header=${3#*\"}
		header=${header%%\"*}
		case $header in
		fleet/store_lmdb.h) library_is_home "$file" "$header" || fault "$at" "only the store knows LMDB" ;;
		*/*) room_may_include "$room" "${header%%/*}" || fault "$at" "$room may not include $header" ;;
		*) fault "$at" "say the room: \"$room/$header\", not \"$header\"" ;;
		esac ;;
	*) fault "$at" "an include that names no file" ;;
	esac
}

# Calls only: words in comments and strings do not count. base.c may speak before it stops the process.
check_rules_calls() {
	local file line text
	while IFS=: read -r file line text; do
		fault "$file:$line" "rules allocates nothing and asks the world nothing: $text"
	done < <(find rules -name '*.[ch]' ! -path rules/base.c | sort | xargs -r awk '
		BEGIN {
			memory = "malloc|calloc|realloc|free|alloca|strdup|strndup"
			clock = "time|clock|clock_gettime|gettimeofday|localtime|localtime_r|gmtime|mktime"
			files = "fopen|open|read|write|fread|fwrite|fclose|close|fputs|puts|putc|putchar|scanf|getc"
			world = "printf|fprintf|vfprintf|perror|getenv|setlocale|rand|random|system|abort|exit"
			call = "[^A-Za-z0-9_](" memory "|" clock "|" files "|" world ")[ \t]*\\("
		}
		FNR == 1 { inside = 0 }
		{
			code = $0
			gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
			if (inside) { if (sub(/^.*\*\//, "", code)) inside = 0; else next }
			gsub(/\/\*[^*]*\*+([^\/*][^*]*\*+)*\//, " ", code)
			if (sub(/\/\*.*$/, "", code)) inside = 1
			sub(/\/\/.*$/, "", code)
			if (match(" " code, call)) print FILENAME ":" FNR ":" $0
		}')
}

check_tree() { # root
	cd "$1" || exit 2
	local file line text
	for room in rules fleet sql server; do
		[ -d "$room" ] || continue
		while IFS=: read -r file line text; do
			check_include "$file" "$line" "$text"
		done < <(grep -RnE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include' "$room" /dev/null)
	done
	[ -d rules ] && check_rules_calls
	[ -d deploy ] && while read -r file; do
		fault "$file" "deploy holds no C code"
	done < <(find deploy -name '*.[ch]')
	[ "$faults" -eq 0 ]
}

# Each planted breach alone in a tree of its own must be found; the clean tree must pass.
expect() { # pass|fail file text
	local dir
	dir=$(mktemp -d)
	mkdir -p "$dir/$(dirname "$2")"
	printf '%s\n' "$3" >"$dir/$2"
	if "$here/arrows.sh" "$dir" >/dev/null; then got=pass; else got=fail; fi
	rm -r "$dir"
	if [ "$got" != "$1" ]; then
		echo "arrows: self-test: $2 with '$3' should $1"
		faults=$((faults + 1))
	fi
}

self_test() {
	expect fail rules/a.c '#include "fleet/key.h"'
	expect fail rules/a.c '#include <time.h>'
	expect fail rules/a.c '#include <stdlib.h>'
	expect fail rules/a.c 'int f(void) { return (int)time(0); }'
	expect fail rules/a.c 'void *f(void) { return malloc(3); }'
	expect fail fleet/a.c '#include "server/http.h"'
	expect fail fleet/a.c '#include <lmdb.h>'
	expect fail fleet/a.c '#include <openssl/sha.h>'
	expect fail fleet/a.c '#include <qrencode.h>'
	expect fail fleet/a.c '#include "tests/lib/check.h"'
	expect fail fleet/a.c '#include "key.h"'
	expect fail server/api.c '#include <h2o.h>'
	expect fail server/api.c '#include <jansson.h>'
	expect fail sql/a.c '#include "server/http.h"'
	expect fail deploy/a.c 'int x;'
	expect fail rules/a.c 'void f(void) { printf("hello"); }'
	expect pass rules/a.c '#include <stdio.h>'
	expect pass rules/base.c '#include <stdlib.h>'
	expect pass rules/a.c '/* time (of day) is handed in; malloc() is not for us */'
	expect pass rules/a.c 'int run_time(int x) { return day_time(x); }'
	expect fail fleet/a.c '#include "fleet/store_lmdb.h"'
	expect pass fleet/store_txn.c '#include "fleet/store_lmdb.h"'
	expect pass fleet/store_lmdb.h '#include <lmdb.h>'
	expect pass fleet/seal.c '#include <openssl/evp.h>'
	expect pass fleet/qr.c '#include <qrencode.h>'
	expect pass fleet/password.c '#include <openssl/evp.h>'
	expect pass server/http_guard.c '#include <h2o.h>'
	expect pass server/json.c '#include <jansson.h>'
	expect pass server/a.c '#include "rules/base.h"'
	[ "$faults" -eq 0 ]
}

if [ "${1:-}" = --self-test ]; then
	self_test
else
	check_tree "${1:-$here/..}"
fi
