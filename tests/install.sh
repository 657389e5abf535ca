#!/bin/bash
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
#
# tests/install.sh BUILD: `meson install` into an empty root, and what stands there: every file in its
# place, the program run from there, the unit as systemd reads and scores it.
set -u

build=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
faults=0
scored_at_most=15 # tenths of what `systemd-analyze security` says

fault() {
	echo "install: $1"
	faults=$((faults + 1))
}

must() { # what command...
	local what=$1 said
	shift
	said=$("$@" 2>&1) || {
		fault "$what: $said"
		return 1
	}
}

install_it() {
	DESTDIR=$root meson install -C "$build" --no-rebuild --quiet
}

find_file() { # the end of its path
	find "$root" -path "*/$1" -type f | head -n 1
}

files=(
	bin/relais
	etc/relais/relais.conf
	lib/systemd/system/relais.service
	lib/systemd/system/relais.socket
	lib/systemd/system/relais-claims.service
	lib/systemd/system/relais-claims.timer
	lib/relais/claims-report
	lib/sysusers.d/relais.conf
	lib/tmpfiles.d/relais.conf
	share/bash-completion/completions/relais
	share/zsh/site-functions/_relais
	share/fish/vendor_completions.d/relais.fish
	share/man/man1/relais.1
	share/man/man5/relais.conf.5
	share/man/man5/relais-rules.5
	share/man/man7/relais-api.7
	share/doc/relais/README.md
	share/doc/relais/LICENSE
	share/doc/relais/operating.md
	share/doc/relais/examples/relais.conf
	share/doc/relais/examples/behind-proxy.conf
	share/doc/relais/examples/haproxy.cfg
	share/doc/relais/examples/alerts.yml
)

must "meson install" install_it || exit 1
for file in "${files[@]}"; do
	[ -n "$(find_file "$file")" ] || fault "$file is not installed"
done
# Nothing that only the building needs.
while read -r file; do
	fault "$file has no business there"
done < <(find "$root" -name '*.[acho]' -o -name embed)

# An operator's file stays as it is at the next installation.
conf=$(find_file etc/relais/relais.conf)
echo "http.streams_max = 77" >>"$conf"
must "the second meson install" install_it
grep -q "streams_max = 77" "$conf" || fault "relais.conf was overwritten"

relais=$(find_file bin/relais)
must "the installed program" "$relais" --version
must "the installed configuration" "$relais" check-config "$conf"
must "the example" "$relais" check-config "$(find_file examples/relais.conf)"

unit=$(find_file systemd/system/relais.service)
grep -q "^ExecStart=.*/bin/relais serve --config .*etc/relais/relais.conf" "$unit" || fault "ExecStart names another place"
reports=$(find_file systemd/system/relais-claims.service)
for scored in "$unit" "$reports"; do
	must "systemd-analyze security" systemd-analyze security --offline=true --threshold=$scored_at_most --no-pager "$scored"
done
# As it would be read here, with the program where it stands.
mkdir "$root/units" "$root/etc" 2>/dev/null
sed "s|^ExecStart=[^ ]*|ExecStart=$relais|" "$unit" >"$root/units/relais.service"
sed "s|^ExecStart=[^ ]*|ExecStart=$(find_file lib/relais/claims-report)|" "$reports" >"$root/units/relais-claims.service"
cp "$(find_file systemd/system/relais.socket)" "$(find_file systemd/system/relais-claims.timer)" "$root/units"
for name in relais.service relais.socket relais-claims.service relais-claims.timer; do
	said=$(systemd-analyze verify --man=no "$root/units/$name" 2>&1) || fault "$name: $said"
	[ -z "$said" ] || fault "$name: $said"
done

must "systemd-sysusers" systemd-sysusers --dry-run "$(find_file sysusers.d/relais.conf)"
if [ "$(id -u)" -eq 0 ] && must "systemd-sysusers" systemd-sysusers --root="$root" "$(find_file sysusers.d/relais.conf)"; then
	must "systemd-tmpfiles" systemd-tmpfiles --create --root="$root" "$(find_file tmpfiles.d/relais.conf)"
	[ "$(stat -c %a "$root/var/lib/relais")" = 700 ] || fault "DIR is open to others"
fi
[ "$faults" -eq 0 ]
