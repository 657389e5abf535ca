# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# For a test in bash, which sources it: the demonstration, served until the test ends. $relais is the program, $dir a
# scratch folder with the data in data/ and what the server said in log, $url where it serves. With $fill, the program
# that plays a year (tests/demo/fill.c), it is a year of the demonstration.

relais=${RELAIS_BIN:?the program under test}
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; wait; rm -r "$dir"' EXIT

demo=--demo
if [ -n "${fill:-}" ]; then
	demo=
	mkdir "$dir/year"
	"$root/tests/demo/generate.py" --year "$dir/year"
	"$fill" "$dir/data" "$dir/year"
fi
exec 4< <(exec "$relais" serve $demo --data "$dir/data" --listen 127.0.0.1:0 2>"$dir/log")
server=$!
read -r url <&4 || { cat "$dir/log"; exit 1; }
url=${url##* }
