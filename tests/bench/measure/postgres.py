# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of its own for the run: no network, a user without rights, gone afterwards. It waits for the
disk like relais, has memory for all of its data, and is told that the disk is a fast one."""
import os
import pathlib
import re
import shutil
import subprocess

from bench import HERE, Broken, slowed

SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
max_connections = 120
shared_buffers = {buffers}
effective_cache_size = 12GB
work_mem = 32MB
maintenance_work_mem = 1GB
max_wal_size = 8GB
checkpoint_timeout = 30min
random_page_cost = 1.1
jit = off
dynamic_shared_memory_type = mmap
fsync = on
synchronous_commit = on
"""


class Postgres:
    def __init__(self, bench):
        self.bench = bench
        self.bin = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))[-1]
        self.folder = bench.tmp / "pg"
        self.folder.mkdir()
        self.as_user = []
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.run("initdb", "-D", self.folder / "data", "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale", "C")
        buffers = "1GB" if bench.quick else "4GB"
        self.write(SETTINGS.format(folder=self.folder, buffers=buffers))
        self.start()
        bench.exits.callback(self.stop)

    def write(self, settings):
        subprocess.run([*self.as_user, "tee", "-a", self.folder / "data" / "postgresql.conf"], input=settings, text=True,
                       stdout=subprocess.DEVNULL, check=True)

    def run(self, program, *argv, env=None):
        with open(self.bench.tmp / "pg.said", "a", encoding="utf-8") as said:
            done = subprocess.run([*self.as_user, "env", *(f"{k}={v}" for k, v in (env or {}).items()),
                                   str(self.bin / program), *(str(a) for a in argv)], stdout=said, stderr=said,
                                  cwd=self.folder, check=False)
        if done.returncode != 0:
            raise Broken(f"{program} ended with {done.returncode}: " + (self.bench.tmp / "pg.said").read_text()[-1000:])

    def start(self, slow_us=0):
        self.run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-w", "-t", 300, "start",
                 env=slowed(self.bench, slow_us) if slow_us else None)

    def stop(self):
        if (self.folder / "data" / "postmaster.pid").exists():
            self.run("pg_ctl", "-D", self.folder / "data", "-m", "fast", "-w", "-t", 300, "stop")

    def restart(self, slow_us):
        self.stop()
        self.start(slow_us)

    def conninfo(self, database):
        return f"host={self.folder} user=bench dbname={database}"

    def create(self, database, *files):
        self.run("createdb", "-h", self.folder, "-U", "bench", database)
        for file in files:
            self.sql(database, (HERE / file).read_text())

    def sql(self, database, text):
        return subprocess.run([self.bin / "psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d",
                               self.conninfo(database)], input=text, text=True, check=True, stdout=subprocess.PIPE).stdout

    def pgbench(self, database, script, clients, seconds, **variables):
        """Passes of a script, and how many a second."""
        said = self.bench.run(self.bin / "pgbench", "-n", "-M", "prepared", "-f", HERE / script, "-c", clients, "-j",
                              min(clients, 2), "-T", seconds, *(w for k, v in variables.items() for w in ("-D", f"{k}={v}")),
                              self.conninfo(database), stderr=self.bench.log)
        passes = int(re.search(r"actually processed: (\d+)", said).group(1))
        return {"passes": passes, "per_s": float(re.search(r"^tps = ([\d.]+)", said, re.M).group(1))}
