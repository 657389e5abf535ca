# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Three nodes by Patroni under two relais servers that are asked to book: leaders are killed and changed, and the judge
(tests/pg/history) looks at all that clients saw. play.py waited-for: a yes waits for a copy; behind: it does not.
RELAIS_LONG=1: more often, and nodes that vanish whole.
"""
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from clients import Clients
from nodes import RELAIS, ROOT, Cluster, Server, as_postgres, until

LONG = os.environ.get("RELAIS_LONG") == "1"
CLIENTS = 4


def network(which):
    """Addresses of this very run."""
    return f"127.{60 + which}.{os.getpid() % 250 + 1}"


@contextlib.contextmanager
def house(directory, which, *options):
    """A cluster with two servers and clients, and the end of them."""
    cluster = Cluster(f"{directory}/c", network(which), *options)
    servers = []
    try:
        subprocess.run([RELAIS, "journal", "migrate", cluster.url("owner")], check=True)
        for n, name in enumerate("AB", 1):
            servers.append(Server(name, f"{directory}/{name}", f"{cluster.network}.{20 + n}", cluster.url(f"relais_{n}")))
        os.mkdir(f"{directory}/history")
        clients = Clients(f"{directory}/history/history.jsonl", servers)
        clients.fill()
        yield cluster, servers, clients
    finally:
        for server in servers:
            server.program.kill()
        cluster.end()


def judge(directory, cluster, *servers):
    sys.stdout.flush()
    subprocess.run([f"{ROOT}/tests/pg/history/judge", f"{directory}/history", cluster.url("owner"),
                    *(f"{s.name}={s.data}" for s in servers)], check=True)


def no_faults(clients):
    if clients.faults:
        raise SystemExit("\n".join(clients.faults[:10]))


# ---- what happens to who leads ----

def postgres_dies(cluster, leader):
    cluster.kill_postgres(leader)


def changed_by_hand(cluster, leader):
    cluster.switch_over(leader, cluster.having("sync_standby"))


def node_vanishes(cluster, leader):
    cluster.kill_node(leader)


def strike(cluster, clients, what):
    until("a copy that is waited for", lambda: cluster.having("sync_standby"))
    leader = until("a leader", lambda: cluster.having("leader"))
    known = len(clients.booked)
    began = time.monotonic()
    what(cluster, leader)
    until("another leads", lambda: cluster.having("leader") not in (None, leader))
    led = time.monotonic() - began
    before = len(clients.booked)
    until("bookings go on", lambda: len(clients.booked) > before + 2)
    if what is node_vanishes:
        cluster.start_node(leader)
    until("all follow", cluster.is_whole)
    print(f"{what.__name__}: {leader} leads no more, another after {led:.1f} s; {known} bookings before", flush=True)


def nothing_is_lost(directory):
    with house(directory, 0) as (cluster, servers, clients):
        base = backup(cluster)
        clients.go(CLIENTS)
        until("bookings", lambda: len(clients.booked) > 10)
        faults = [changed_by_hand, postgres_dies] + ([node_vanishes, postgres_dies, changed_by_hand] * 4 if LONG else [])
        for what in faults:
            strike(cluster, clients, what)
        clients.pause()
        clients.again()
        no_faults(clients)
        front(cluster)
        for server in servers:
            if server.stop() != 0:
                raise SystemExit(f"{server.name} did not stop as it should")
        judge(directory, cluster, *servers)
        print(f"{len(faults)} failovers, {len(clients.booked)} bookings, 0 lost", flush=True)
        restore(cluster, base, servers, clients)


def front(cluster):
    """Through HAProxy people reach a server that is ready, by TLS."""
    subprocess.run(["curl", "-fsS", "-o", "/dev/null", "--cacert", f"{cluster.dir}/ca.crt",
                    f"https://{cluster.network}.10:8443/livez"], check=True)


# ---- a backup, and back to a moment ----

def replica_words(cluster):
    pgpass = f"{cluster.dir}/secret/replicator.pgpass"
    return {**os.environ, "PGPASSFILE": pgpass, "PGSSLMODE": "verify-full", "PGSSLROOTCERT": f"{cluster.dir}/ca.crt",
            "HOME": cluster.dir}


def backup(cluster):
    base = f"{cluster.dir}/base"
    subprocess.run(as_postgres("pg_basebackup", "-D", base, "-h", f"{cluster.network}.10", "-U", "replicator", "-c", "fast",
                               "-X", "none", "--no-sync"), check=True, env=replica_words(cluster), stderr=subprocess.DEVNULL)
    return base


def restore(cluster, base, servers, clients):
    """As the page for operators says it: the base backup, the archive, a moment that was named."""
    count = "SELECT count(*) FROM relais.journal"
    then = cluster.ask(count)
    cluster.ask("SELECT pg_create_restore_point('before')", "postgres")
    servers[0].start()
    for _ in range(5):
        clients.insist(clients.order(), 0)
    after = cluster.ask(count)
    last = cluster.ask("SELECT pg_walfile_name(pg_switch_wal())", "postgres")
    until("all is archived", lambda: os.path.exists(f"{cluster.dir}/archive/{last}"))
    servers[0].stop()
    address, pgpass = f"{cluster.network}.30", f"{cluster.dir}/secret/relais_owner.pgpass"
    for name in ("standby.signal", "postgresql.auto.conf"):
        with contextlib.suppress(FileNotFoundError):
            os.remove(f"{base}/{name}")
    subprocess.run(as_postgres("touch", f"{base}/recovery.signal"), check=True)
    settings = {"listen_addresses": address, "unix_socket_directories": base, "archive_mode": "off",
                "synchronous_standby_names": "", "restore_command": f"cp {cluster.dir}/archive/%f %p",
                "recovery_target_name": "before", "recovery_target_action": "promote", "primary_conninfo": "",
                "primary_slot_name": ""}
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with open(f"{cluster.dir}/restored.log", "w", encoding="utf-8") as log:
        postgres = subprocess.Popen(as_postgres(shutil.which("postgres", path=binaries()), "-D", base, *words), stdout=log, stderr=log)
    try:
        url = f"postgresql://relais_owner@{address}/relais?sslmode=require&passfile={pgpass}"
        there = until("it is restored", lambda: cluster.ask("SELECT NOT pg_is_in_recovery()", database=url) == "t"
                      and cluster.ask(count, database=url))
        if there != then or int(after) <= int(then):
            raise SystemExit(f"restored {there} entries of then {then}, and {after} after that")
        fresh = Server("C", f"{cluster.dir}/fresh", f"{cluster.network}.23", url)
        status, _, _ = clients.ask(fresh, "GET", "/v1/sites/LYO")
        fresh.stop()
        subprocess.run([RELAIS, "verify", "--data", fresh.data], check=True, stdout=subprocess.DEVNULL)
        if status != 200:
            raise SystemExit(f"a server over what was restored answers {status}")
        print(f"restored to a moment: {there} entries, {int(after) - int(then)} later ones left out", flush=True)
    finally:
        postgres.send_signal(signal.SIGQUIT)
        postgres.wait()


def binaries():
    return ":".join(sorted((f"/usr/lib/postgresql/{v}/bin" for v in os.listdir("/usr/lib/postgresql")), reverse=True))


# ---- where nobody waits for a copy ----

def every_loss_is_told(directory):
    with house(directory, 1, "--asynchronous") as (cluster, servers, clients):
        clients.go(CLIENTS)
        until("bookings", lambda: len(clients.booked) > 20)
        clients.pause()
        leader = until("a leader", lambda: cluster.having("leader"))
        there = cluster.ask("SELECT pg_current_wal_lsn()", "postgres")
        until("the copies have it", lambda: cluster.copies_have(there))
        # What goes to the copies stands still: what is acknowledged from now on is here alone.
        for pid in cluster.ask("SELECT string_agg(pid::text, ' ') FROM pg_stat_replication", "postgres").split():
            os.kill(int(pid), signal.SIGSTOP)
        before = set(clients.booked)
        for n in range(8):
            clients.insist(clients.order(), n)
        late = set(clients.booked) - before
        cluster.kill_node(leader)
        until("another leads", lambda: cluster.having("leader") not in (None, leader))
        logs = [f"{s.dir}/log" for s in servers]
        until("both notice", lambda: all("lost what was acknowledged" in open(log, encoding="utf-8").read() for log in logs))
        for server in servers:
            server.program.kill()
            server.program.wait()
        fresh = [Server(name, f"{directory}/{name}", f"{cluster.network}.{30 + n}", cluster.url(f"relais_{n}"))
                 for n, name in enumerate(("A2", "B2"), 1)]
        lost_servers, clients.servers = servers[:], fresh
        servers += fresh
        clients.again()
        no_faults(clients)
        for server in fresh:
            server.stop()
        for server in lost_servers:
            os.mkdir(f"{directory}/history/{server.name}")
            shutil.copy(f"{server.dir}/log", f"{directory}/history/{server.name}/log")
        judge(directory, cluster, *servers)
        print(f"{len(late)} bookings were acknowledged by a leader that had no copy: each was told", flush=True)


STORIES = {"waited-for": nothing_is_lost, "behind": every_loss_is_told}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="relais-") as scratch:
        os.chmod(scratch, 0o755)
        STORIES[sys.argv[1]](scratch)
