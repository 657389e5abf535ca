# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Three nodes as deploy/cluster/start makes them, and what may happen to one; relais servers beside them."""
import json
import os
import signal
import ssl
import subprocess
import time
import urllib.request

ROOT = os.environ["RELAIS_ROOT"]
RELAIS = os.environ["RELAIS_BIN"]
WAIT_S = 180
LOOK_S = 0.1


def until(what, look):
    """What it looks for comes in time, or that is the fault."""
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(LOOK_S)
    raise SystemExit(f"never: {what}")


def as_postgres(*words):
    """PostgreSQL refuses to run as root; nothing outlives the test."""
    user = ["--reuid", "postgres", "--regid", "postgres", "--clear-groups"] if os.geteuid() == 0 else []
    return ["setpriv", "--pdeathsig", "KILL", *user, *words]


class Cluster:
    def __init__(self, directory, network, *options):
        self.dir, self.network = directory, network
        self.program = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", f"{ROOT}/deploy/cluster/start", directory, "--network", network, *options],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "BUFFERS": "16MB"})
        self.again = []
        self.says = self.program.stdout.readline().strip()
        if not self.says.startswith("up: "):
            self.end()
            raise SystemExit(f"the cluster does not start: {self.says}")
        self.tls = ssl.create_default_context(cafile=f"{directory}/ca.crt")
        self.tls.check_hostname = False

    def end(self):
        for patroni in self.again:
            patroni.terminate()
            patroni.wait()
        self.program.terminate()
        self.program.wait()

    def url(self, role):
        return open(f"{self.dir}/{role}.url", encoding="ascii").read().strip()

    def ask(self, sql, role="owner", database=None):
        """One value, by way of HAProxy; None where nobody answers."""
        url = self.url(role) if role != "postgres" else self.url("owner").replace("relais_owner", "postgres")
        said = subprocess.run(["psql", "-XAtq", "-d", database or url, "-c", sql], stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, check=False)
        return said.stdout.strip() if said.returncode == 0 else None

    def members(self):
        for n in (1, 2, 3):
            try:
                with urllib.request.urlopen(f"https://{self.network}.{n}:8008/cluster", timeout=2, context=self.tls) as said:
                    return {m["name"]: m for m in json.load(said)["members"]}
            except OSError:
                pass
        return {}

    def having(self, role):
        return next((name for name, m in self.members().items() if m["role"] == role and m["state"] == "running"), None)

    def is_whole(self):
        return self.ask("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", "postgres") == "2"

    def copies_have(self, place):
        return self.ask(f"SELECT count(*) FROM pg_stat_replication WHERE flush_lsn >= '{place}'", "postgres") == "2"

    def postgres(self, node):
        return int(open(f"{self.dir}/{node}/data/postmaster.pid", encoding="ascii").readline())

    def kill_postgres(self, node):
        """All its processes at once."""
        pid = self.postgres(node)
        os.kill(pid, signal.SIGSTOP)
        for child in self.children(pid):
            os.kill(child, signal.SIGKILL)
        os.kill(pid, signal.SIGKILL)

    @staticmethod
    def children(pid):
        return [int(p) for p in open(f"/proc/{pid}/task/{pid}/children", encoding="ascii").read().split()]

    def patroni(self, node):
        return int(open(f"{self.dir}/{node}/patroni.pid", encoding="ascii").read())

    def kill_node(self, node):
        """Its Patroni too: nobody is left to say that it died."""
        os.kill(self.patroni(node), signal.SIGKILL)
        self.kill_postgres(node)

    def start_node(self, node):
        log = open(f"{self.dir}/{node}/patroni.log", "a", encoding="utf-8")
        words = as_postgres("patroni", f"{self.dir}/{node}/patroni.yml")
        program = subprocess.Popen(words, stdout=log, stderr=log, env={**os.environ, "HOME": self.dir})
        self.again.append(program)
        with open(f"{self.dir}/{node}/patroni.pid", "w", encoding="ascii") as file:
            file.write(f"{program.pid}\n")

    def switch_over(self, leader, to):
        subprocess.run(["patronictl", "-c", f"{self.dir}/node1/patroni.yml", "switchover", "--master", leader, "--candidate",
                        to, "--force"], check=True, stdout=subprocess.DEVNULL)


class Server:
    def __init__(self, name, directory, address, url):
        self.name, self.dir, self.address, self.url = name, directory, address, url
        self.data = f"{directory}/data"
        os.mkdir(directory)
        self.start()
        made = subprocess.run([RELAIS, "token", "create", "--data", self.data, "--name", "tester", "--role", "admin"],
                              check=True, stdout=subprocess.PIPE, text=True)
        self.bearer = "Bearer " + made.stdout.split()[0]

    def start(self):
        self.log = open(f"{self.dir}/log", "a", encoding="utf-8")
        self.program = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", RELAIS, "serve", "--data", self.data, "--listen", f"{self.address}:8080",
             "--journal", self.url], stdout=subprocess.PIPE, stderr=self.log, text=True)
        if not self.program.stdout.readline():
            raise SystemExit(f"{self.name} does not start: {open(self.log.name, encoding='utf-8').read()}")

    def stop(self):
        self.program.terminate()
        return self.program.wait()
