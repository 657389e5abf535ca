#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# `relais import` as an operator meets it: what it says, its exit codes, the same file twice.
set -u

relais=${RELAIS_BIN:?the program under test}
root=$(cd "$(dirname "$0")/.." && pwd)
demo=$root/deploy/demo
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -r "$dir"' EXIT
bad=0

# expect CODE TEXT ARGUMENT...: the exit code, and a text in what it says on stdout or stderr.
expect() {
	local code=$1 text=$2 said got=0
	shift 2
	said=$("$relais" import "$@" 2>&1) || got=$?
	if [ "$got" -ne "$code" ] || ! grep -qF -- "$text" <<<"$said"; then
		echo "import.sh: relais import $* should exit $code with \"$text\", and exits $got with:"
		echo "$said"
		bad=1
	fi
}

expect 64 'KIND must be' --data "$dir/data" cars "$demo/sites.json"
expect 64 '--data is required' sites "$demo/sites.json"
expect 66 'nowhere' --data "$dir/data" --mapping "$dir/nowhere" sites "$demo/sites.json"
expect 66 'nowhere' --data "$dir/data" sites "$dir/nowhere"
expect 0 '2 rows are good; nothing was written' --data "$dir/data" --dry-run sites "$demo/sites.json"
expect 0 '2 new, 0 changed, 0 as before, 0 refused' --data "$dir/data" sites "$demo/sites.json"
expect 0 '0 new, 0 changed, 2 as before, 0 refused' --data "$dir/data" sites "$demo/sites.json"
expect 0 '1 new' --data "$dir/data" rulesets "$demo/ruleset.json"
expect 0 '62 new' --data "$dir/data" resources "$demo/resources.csv"
printf 'site,number,opened_at\nLYO,OR1,2026-03-16T08:00:00Z\n' >"$dir/o.csv"
expect 65 'o.csv:2: /number no visit here has this number' --data "$dir/data" repair-orders "$dir/o.csv"

printf 'customer,segment,language,preferred_channel,person.name\nC1,private,fr,sms,A. Conte\nC2,x,fr,sms,B\n' >"$dir/c.csv"
expect 65 'c.csv:3: /segment must be one of' --data "$dir/data" customers "$dir/c.csv"
expect 65 '1 faults, nothing was written' --data "$dir/data" customers "$dir/c.csv"
sed -i 's/,x,/,vip,/' "$dir/c.csv"
expect 0 '2 new' --data "$dir/data" customers "$dir/c.csv"

# As a spreadsheet saves it: Windows-1252, tabs.
printf 'customer\tsegment\tlanguage\tpreferred_channel\tperson.name\r\nC3\tprivate\tfr\tsms\tZo\xe9\r\n' >"$dir/w.csv"
expect 0 '1 rows are good; nothing was written (Windows-1252, cells between tabs)' --data "$dir/data" --dry-run customers "$dir/w.csv"

# Another system's export.
printf 'Kundennummer;Art;Nom\nC4;Privatkunde;D. Conte\n' >"$dir/d.csv"
printf '[columns]\nKundennummer = customer\nArt = segment\n[absent]\nlanguage = fr\npreferred_channel = sms\n' >"$dir/d.ini"
expect 65 'd.csv:2: /segment must be one of' --data "$dir/data" --mapping "$dir/d.ini" customers "$dir/d.csv"
printf '[segment]\nPrivatkunde = private\n' >>"$dir/d.ini"
expect 0 '1 new' --data "$dir/data" --mapping "$dir/d.ini" customers "$dir/d.csv"
expect 0 '1 as before' --data "$dir/data" --mapping "$dir/d.ini" customers "$dir/d.csv"
printf 'Name\n' >>"$dir/d.ini"
expect 65 'd.ini:9: must be [SECTION] or NAME = MEANING' --data "$dir/data" --mapping "$dir/d.ini" customers "$dir/d.csv"

# The good rows go in, the others stand in a file that is corrected and imported by itself.
printf 'Client;Segment;Langue;Canal;Nom;Adresse\r\nC5;vip;fr;sms;Zo\xe9;\r\nC6;roi;fr;sms;"Ren\xe9e ""La""";"1 rue\nB"\r\nC7;vip;fr;sms;W\r\n\r\nC8;vip;fr;sms;X;\r\nC9;vip;fr;sms;Y;\r\nC8;vip;fr;sms;Z;\r\n' >"$dir/r.csv"
expect 65 '1 faults, nothing was written' --data "$dir/data" --rejected "$dir/out.csv" vehicles "$dir/r.csv" # no column of a vehicle
[ -e "$dir/out.csv" ] && bad=1
expect 65 '2 faults, nothing was written' --data "$dir/data" customers "$dir/r.csv"
expect 65 '4 rejected rows stand in' --data "$dir/data" --dry-run --rejected "$dir/dry.csv" customers "$dir/r.csv"
expect 65 '2 new, 0 changed, 0 as before, 0 refused' --data "$dir/data" --rejected "$dir/out.csv" customers "$dir/r.csv"
cmp "$dir/dry.csv" "$dir/out.csv" || bad=1
[ "$(stat -c %a "$dir/out.csv")" = 600 ] || bad=1
printf '\xef\xbb\xbfClient;Segment;Langue;Canal;Nom;Adresse;"#fault"\r\nC6;roi;fr;sms;"Ren\xc3\xa9e ""La""";"1 rue\nB";"/segment must be one of private, company, vip"\r\nC7;vip;fr;sms;W;"has 5 cells where the header has 6"\r\nC8;vip;fr;sms;X;;"customer stands again on line 9"\r\nC8;vip;fr;sms;Z;;"customer C8 stands already on line 7"\r\n' |
	cmp - "$dir/out.csv" || bad=1
expect 73 'out.csv' --data "$dir/data" --rejected "$dir/out.csv" customers "$dir/r.csv"
sed -i -e 's/;roi;/;vip;/' -e 's/^C7;vip;fr;sms;W;/C7;vip;fr;sms;W;;/' -e '/;Z;/d' "$dir/out.csv"
expect 0 '3 new, 0 changed, 0 as before, 0 refused' --data "$dir/data" --rejected "$dir/none.csv" customers "$dir/out.csv"
[ -e "$dir/none.csv" ] && bad=1
printf 'vin,model,owner\nZAMDEMC1T0D200008,x,NOBODY\nZAMDEMC1T0D200007,y,C5\n' >"$dir/v.csv"
expect 65 '1 new, 0 changed, 0 as before, 1 refused' --data "$dir/data" --rejected "$dir/refused.csv" vehicles "$dir/v.csv"
grep -qF 'NOBODY,"/owner this customer is not known here"' "$dir/refused.csv" || bad=1
# More than can be kept: nothing is written, rather than a file of rejected rows that is not whole.
{ printf 'customer,segment,language,preferred_channel,person.name\nC20,vip,fr,sms,X\n'; yes '"a"x' | head -n 1100000; } >"$dir/many.csv"
expect 65 'many.csv:1: has more rows at fault than a file of rejected rows can hold' --data "$dir/data" --rejected "$dir/many.out" customers "$dir/many.csv"
[ -e "$dir/many.out" ] && bad=1

expect 64 'taken whole or not at all' --data "$dir/data" --rejected "$dir/x.csv" coverages "$dir/v.csv"
expect 65 'is JSON: a file of rejected rows is for CSV' --data "$dir/data" --rejected "$dir/x.csv" sites "$demo/sites.json"

# On a terminal it says how far it is, and takes that away before it says anything else.
drawn=$(script -qec "'$relais' import --data '$dir/data' --dry-run customers '$dir/c.csv'" /dev/null | tr '\r' '\n')
grep -qF 'reading [########################################] 100 %' <<<"$drawn" || bad=1
grep -q $'^\033\[K2 rows are good' <<<"$drawn" || bad=1

# What is typed at the desk after the file was written stays, and both values are told.
token=$("$relais" token create --data "$dir/data" --name desk --role operator)
exec 4< <(exec "$relais" serve --data "$dir/data" --listen 127.0.0.1:0 2>"$dir/log")
server=$!
read -r ready <&4
answer=$(curl -s -o "$dir/body" -w '%{http_code}' -X PUT -H "Authorization: Bearer $token" -H 'If-Match: *' -H 'Content-Type: application/json' \
	-d '{"segment":"private","language":"fr","preferred_channel":"sms","person":{"name":"A. Conte","phone":"+33 2"}}' \
	"${ready##* }/v1/customers/C1")
[ "$answer" = 200 ] || { echo "import.sh: the desk got $answer: $(cat "$dir/body")"; bad=1; }
kill "$server"
wait "$server"
server=
exec 4<&-
printf 'Client,Segment,Langue,Canal,Nom,Portable\nC1,vip,fr,sms,A. Conte,+33 3\n' >"$dir/old.csv"
touch -d '1 hour ago' "$dir/old.csv"
expect 0 'old.csv:2: /person/phone stays "+33 2", as desk typed it on ' --data "$dir/data" customers "$dir/old.csv"
printf 'Client,Segment,Langue,Canal,Nom,Portable\nC1,vip,en,sms,A. Conte,+33 4\n' >"$dir/new.csv"
touch -d '2 seconds' "$dir/new.csv"
said=$("$relais" import --data "$dir/data" customers "$dir/new.csv" 2>&1)
[ "$said" = '0 new, 1 changed, 0 as before, 0 refused' ] || { echo "import.sh: a younger file said: $said"; bad=1; }

# A person is forgotten for ever: no import brings the id back.
printf 'Client,Segment,Langue,Canal,Nom,Portable\nC99,vip,en,sms,A. Quillane,+33 5\n' >"$dir/gone.csv"
expect 0 '1 new' --data "$dir/data" customers "$dir/gone.csv"
grep -q quillane "$dir/data/people/data" || { echo "import.sh: there is no search word of C99"; bad=1; }
said=$("$relais" erase C99 --data "$dir/data" 2>&1) || bad=1
[ "$said" = erased ] || { echo "import.sh: erase said: $said"; bad=1; }
[ "$("$relais" erase C99 --data "$dir/data" 2>&1)" = 'was erased already' ] || bad=1
"$relais" erase nobody --data "$dir/data" >/dev/null 2>&1 && bad=1
grep -q quillane "$dir/data/people/data" && { echo "import.sh: a search word of C99 is still there"; bad=1; }
sed -i 's/+33 5/+33 6/' "$dir/gone.csv"
expect 65 'This person was forgotten' --data "$dir/data" customers "$dir/gone.csv"

# Beside a running server the directory is taken: flock is what the server holds.
exec 9<>"$dir/data/lock" 2>/dev/null || exec 9<>"$dir/data/data/lock" 2>/dev/null || exec 9<>"$dir/data/data-lock"
flock -n 9 || bad=1
expect 74 'in use by a running relais' --data "$dir/data" customers "$dir/c.csv"
exec 9>&-

exit "$bad"
