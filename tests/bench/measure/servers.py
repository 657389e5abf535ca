# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Three servers over one journal in PostgreSQL, 50 sites of 60 cars with nothing booked yet: durable bookings over
HTTP, each site asked of the server it belongs to (as a proxy routes) and of any. Beside them, in the same
PostgreSQL: the conventional design of `bookings` with as many sites and cars, and the very rows that the servers
appended put into a table without key, check or trigger, one a commit."""
import json
import os
import random
import re
import subprocess

import bookings
from bench import Broken, Relais

SERVERS, SITES, SEASON_DAYS = 3, 50, 300
PLAIN = """\\set n random(1, :rows)
INSERT INTO plain SELECT site, seq, prev_seq, prev, hash, request, at, bytes FROM sample WHERE n = :n;
"""


class Server(Relais):
    """One of several: it follows the journal into a directory of its own."""

    CONFIG = Relais.CONFIG

    def __init__(self, bench, data, url):
        self.CONFIG = f"{Relais.CONFIG}journal.url = {url}\n"
        super().__init__(bench, data)


class Houses(bookings.House):
    """The house of `bookings` with more sites and no year, moved into PostgreSQL, and its servers."""

    def __init__(self, bench, postgres, database):
        super().__init__(bench, sites=SITES, days=0, vins=8 * SITES)
        postgres.create(database)
        self.database, self.postgres = database, postgres
        url = f"postgresql://bench@/{database}?host={postgres.folder}"
        bench.run(bench.program("relais"), "journal", "copy", self.data, url)
        folders = [self.data] + [bench.tmp / f"house{i}" for i in range(1, SERVERS)]
        self.servers = [Server(bench, folder, url) for folder in folders]

    def write_bodies(self, server, count, by_site):
        """New bookings in the season that is now, of the server's own sites or of all."""
        file = self.bench.tmp / f"new{server}"
        vins = [v for v in range(self.vins) if not by_site or v % SITES % SERVERS == server]
        with open(file, "w", encoding="utf-8") as out:
            for _ in range(count):
                vin = self.chance.choice(vins)
                begin = (365 + self.season * SEASON_DAYS + self.chance.randrange(SEASON_DAYS)) * 1440
                begin += self.chance.randrange(1440)
                car = self.chance.randrange(60)
                of = [car < n for n in bookings.FIRSTS[1:]].index(True)
                json.dump({"offer": self.offers[vin], "solution": "loaner_brand", "class": bookings.CLASSES[of],
                           "customer": f"C{1 + vin % 400:04}", "accept_customer_minor": 100000000, "from": self.at(begin),
                           "until": self.at(begin + self.chance.randrange(720, 4320)), **bookings.KEY_BOX}, out,
                          separators=(",", ":"))
                out.write("\n")
        return file

    def book(self, connections, seconds, count, by_site):
        """All servers at once: bookings a second of all, and the share of answers that were 503."""
        files = [self.write_bodies(i, count, by_site) for i in range(SERVERS)]
        self.season += 1
        self.made += 1
        loads = [subprocess.Popen([self.bench.program("load"), "--port", str(s.port), "--path", "/v1/bookings", "--seconds",
                                   str(seconds), "--token-file", s.token_file, "--bodies", str(file), "--connections",
                                   str(connections), "--key", f"new-{self.made}-{i}"], stdout=subprocess.PIPE, text=True,
                                  stderr=self.bench.log)
                 for i, (s, file) in enumerate(zip(self.servers, files))]
        said = [load.communicate(timeout=300)[0] for load in loads]
        figures = [{k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", line)} for line in said]
        together = {k: sum(f[k] for f in figures) for k in ("ok", "refused", "other", "lost", "ok_per_s")}
        if together["lost"] or together["refused"] * 10 > together["ok"]:
            raise Broken(f"servers: {said}")
        together["p99_us"] = max(f["p99_us"] for f in figures)
        return together

    def stop(self):
        for server in self.servers:
            server.stop()


def sample(houses):
    """The rows that bookings became, and the same table with nothing that holds it to anything."""
    houses.postgres.sql(houses.database, """
        CREATE TABLE sample AS SELECT row_number() OVER () AS n, site, seq, prev_seq, prev, hash, request, at, bytes
            FROM relais.journal WHERE site LIKE 'BENCH%' AND request IS NOT NULL LIMIT 20000;
        ALTER TABLE sample ADD PRIMARY KEY (n);
        CREATE TABLE plain AS SELECT site, seq, prev_seq, prev, hash, request, at, bytes FROM sample LIMIT 0;
        VACUUM ANALYZE sample;""")
    return int(houses.postgres.sql(houses.database, "SELECT count(*) FROM sample"))


def check(houses):
    """What was told is there once: every server has all of it, and the database's witness holds."""
    for server in houses.servers:
        houses.bench.run(houses.bench.program("relais"), "verify", "--data", server.data)


def measure(bench, postgres):
    bench.say(f"servers: {SERVERS} servers, {SITES} sites, one journal in PostgreSQL")
    houses = Houses(bench, postgres, "servers")
    database = bookings.Database(bench, postgres, "conventional", SITES, [])
    seconds, count, rounds = (2, 3000, 3) if bench.quick else (5, 8000, 5)
    plain = bench.tmp / "plain.sql"
    plain.write_text(PLAIN)
    plain.chmod(0o644)
    houses.book(16, 1, 300, True)
    rows = sample(houses)
    for _ in range(rounds):
        ours = max((houses.book(n, seconds, count, True) for n in (32, 128)), key=lambda said: said["ok_per_s"])
        any_site = houses.book(32, seconds, count, False)
        raw = max(postgres.pgbench("servers", plain, n, seconds, rows=rows)["per_s"] for n in (8, 64))
        theirs = database.best(seconds)
        bench.note("servers_bookings_per_s", ours["ok_per_s"], "1/s")
        bench.note("servers_bookings_p99_us", ours["p99_us"], "us")
        bench.note("servers_any_per_s", any_site["ok_per_s"], "1/s")
        bench.note("servers_any_unlucky", any_site["other"] / (any_site["ok"] + any_site["other"]), "ratio")
        bench.note("servers_pg_per_s", theirs[0], "1/s")
        bench.note("servers_plain_per_s", raw, "1/s")
        bench.note("servers_vs_pg", ours["ok_per_s"] / theirs[0], "ratio")
        bench.note("servers_vs_plain", ours["ok_per_s"] / raw, "ratio")
    houses.stop()
    check(houses)
