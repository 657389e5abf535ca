# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""docs/operating.md as an operator follows it: its blocks, in their order, in one shell as root, over a machine whose
/usr, /etc, /var, /root and this tree are copies that vanish (overlays in a mount namespace, a network of its own).
operating.py BUILD: the build that stands for the one the page makes. What cannot run here is listed below with its
reason; a block or line that fails is a fault, and so is a listed one that the page does not have any more."""
import fcntl
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys

ROOT = pathlib.Path(os.environ["RELAIS_ROOT"]).resolve()
PAGE = ROOT / "docs" / "operating.md"
UPPER = pathlib.Path("/run/relais-page")
CANNOT_RUN = 77  # as meson has it

# Blocks by a line of theirs that are not run, and why.
ELSEWHERE = {
    'relais journal migrate "postgresql://relais_owner@db.example': "another machine's PostgreSQL; tests/pg has its own",
    'echo "journal.url = postgresql://relais_1@db.example': "the same",
    "relais audit pack --data /var/lib/relais --site LYO": "nothing was lent on this day; tests/pack.sh has a year of loans",
}
# Lines that have something else in their place, and why.
INSTEAD = [
    (r"deploy/build usr gcc all\b.*", "meson configure build/usr -Dprefix=/usr -Dsysconfdir=/etc && ninja -C build/usr --quiet",
     "what is tested is built already: it is told its place"),
    (r"apt-get .*", ":", "no network, and tests/packages has it"),
]
# A block that speaks of a server that runs comes when one does; and what an operator has at hand by then.
LATER = {"auth=\"Authorization: Bearer $(cat token)\"": """
url=http://127.0.0.1:8080; cd /var/tmp/relais-import
runuser -u relais -- relais token create --data /var/lib/relais --name importer --role admin >token
"""}
FIRST_START = "systemctl enable --now relais"

# The service manager is not process 1 here: what the page asks of it is done by what the installed unit says.
SYSTEMCTL = r"""#!/bin/bash
set -eu
verb=$1; shift
while [[ ${1:-} == --* ]]; do shift; done
unit=/usr/lib/systemd/system/relais.service
start() {
	if [ "$1" = haproxy ]; then
		haproxy -D -p /run/haproxy.pid -f /etc/haproxy/haproxy.cfg >/dev/null
		return
	fi
	command=$(sed -n 's/^ExecStart=//p' $unit)
	(umask 077; cd /; exec setpriv --reuid relais --regid relais --init-groups ${command//%S//var/lib} >>/run/relais.log 2>&1) &
	echo $! >/run/relais.pid
	for ((i = 0; i < 600; i++)); do
		grep -q "^relais: ready on\|ready on" <(tail -n +"$(cat /run/relais.from 2>/dev/null || echo 1)" /run/relais.log) && return
		kill -0 "$(cat /run/relais.pid)" || { cat /run/relais.log >&2; exit 1; }
		sleep 0.1
	done
	cat /run/relais.log >&2
	exit 1
}
stop() {
	pid=$(cat "/run/$1.pid" 2>/dev/null || true)
	[ -n "$pid" ] || return 0
	kill "$pid"
	while [ -e "/proc/$pid/exe" ]; do sleep 0.05; done # nobody reaps it
	rm "/run/$1.pid"
	[ "$1" = haproxy ] || echo $(($(wc -l </run/relais.log) + 1)) >/run/relais.from
}
case $verb in
daemon-reload) systemd-analyze verify --man=no $unit ;;
enable | start) start "$1" ;;
stop) stop "$1" ;;
restart) stop "$1"; start "$1" ;;
reload) kill -HUP "$(cat "/run/$1.pid")" ;;
status) kill -0 "$(cat "/run/$1.pid")" ;;
*) echo "systemctl $verb: not known here" >&2; exit 1 ;;
esac
"""
JOURNALCTL = "#!/bin/bash\ntail -n 3 /run/relais.log\n"


def blocks():
    """(line, text) of each block of the page that a shell would run."""
    text = PAGE.read_text(encoding="utf-8")
    return [(text.count("\n", 0, found.start()) + 1, found[1])
            for found in re.finditer(r"^```sh\n(.*?)^```$", text, re.M | re.S)]


def script():
    """All of it as one shell reads it, and what was expected of the page and is not there."""
    unseen = set(ELSEWHERE) | set(LATER) | {pattern for pattern, _, _ in INSTEAD} | {FIRST_START}
    lines = ["set -eE -o pipefail", "trap 'echo \"operating: the block of line $block: $BASH_COMMAND\" >&2' ERR"]
    waiting = []
    run = 0
    for at, text in blocks():
        away = [mark for mark in ELSEWHERE if mark in text]
        unseen -= set(away)
        if away:
            continue
        for pattern, other, _ in INSTEAD:
            text, n = re.subn(f"^{pattern}$", lambda _, other=other: other, text, flags=re.M)
            if n:
                unseen.discard(pattern)
        later = [mark for mark in LATER if mark in text]
        unseen -= set(later)
        run += 1
        block = [f"block={at}", *(LATER[mark] for mark in later), text, "cd " + str(ROOT)]
        if later:
            waiting += block
            continue
        lines += block
        if FIRST_START in text:
            unseen.discard(FIRST_START)
            lines += waiting
    lines += ["systemctl stop relais", "systemctl stop haproxy"]
    return "\n".join(lines), run, sorted(unseen)


def lay_over(place):
    name = UPPER / str(place).strip("/").replace("/", "-")
    for part in ("up", "work"):
        (name / part).mkdir(parents=True)
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                    f"lowerdir={place},upperdir={name}/up,workdir={name}/work", place], check=True)


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        flags = struct.unpack("16sh", fcntl.ioctl(s, 0x8913, struct.pack("16sh", b"lo", 0)))[1]  # SIOCGIFFLAGS
        fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", flags | 1))  # SIOCSIFFLAGS, IFF_UP


def inside(build):
    """In the namespaces: the copies, the stand-ins, the page."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    for place in ("/usr", "/etc", "/var", "/root", ROOT):
        lay_over(place)
    os.chdir(ROOT)
    bring_up_loopback()
    for name, text in (("systemctl", SYSTEMCTL), ("journalctl", JOURNALCTL)):
        path = pathlib.Path("/usr/local/sbin") / name
        path.write_text(text)
        path.chmod(0o755)
    (ROOT / "build" / "usr").symlink_to(build)
    text, run, unseen = script()
    if unseen:
        sys.exit(f"operating: the page does not say any more: {unseen}")
    os.environ["PATH"] = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
    status = subprocess.run(["bash", "-c", text], stdin=subprocess.DEVNULL, check=False).returncode
    print(f"operating: {run} blocks run, {len(ELSEWHERE)} listed as for elsewhere")
    return status


def main():
    if os.environ.get("RELAIS_PAGE_INSIDE") == "1":
        return inside(sys.argv[1])
    if os.geteuid() != 0:
        print("operating: the page is for root")
        return CANNOT_RUN
    if subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", sys.executable, "-c", ""], check=False).returncode:
        print("operating: no namespaces here")
        return CANNOT_RUN
    inner = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc",
             sys.executable, __file__, os.path.abspath(sys.argv[1])]
    return subprocess.run(inner, env={**os.environ, "RELAIS_PAGE_INSIDE": "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
