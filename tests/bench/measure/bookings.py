# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Durable bookings: relais over HTTP with four sites of 60 cars whose year is 80 % booked; PostgreSQL with the
same year, by pgbench and without HTTP; LMDB alone committing the same bytes in the same batches. New bookings lie
in the time after that year on all sides, half a day to three days long, of a class as likely as it has cars; only
what was booked counts. Each customer's car has three coverages."""
import datetime
import json
import os
import random
import re
import subprocess

from bench import Broken, Relais, slowed

SITES = 4
CLASSES = ("compact", "saloon", "estate", "coupe")
FIRSTS = (0, 24, 42, 54, 60)
SEASON_DAYS = 100  # each measurement books into a time of its own, so that all begin alike
TURNAROUND = 30
KEY_BOX = {"handover": {"where": "key_box"}, "return": {"where": "key_box"}}  # at any minute, as on the other sides
PARTS = ("journal", "head", "requests", "rows", "index", "claims")


class House:
    """The directory, and bookings that nobody has made yet."""

    def __init__(self, bench, sites=SITES, days=None, vins=None):
        self.bench, self.sites = bench, sites
        self.vins = vins or (400 if bench.quick else 1000)
        self.days = (60 if bench.quick else 365) if days is None else days
        self.chance = random.Random(1)
        self.made = self.season = 0
        start = datetime.date.today() + datetime.timedelta(days=7)
        self.zero = datetime.datetime.combine(start - datetime.timedelta(days=start.weekday()), datetime.time())
        self.data = bench.tmp / ("house" if sites == SITES else f"house-{sites}")
        relais = Relais(bench, self.data, demo=True, preload_us=-1)  # filling waits for no disk
        self.furnish(relais)
        if self.days:
            self.fill(relais)
        self.offer(relais)
        relais.stop()

    def at(self, minute):
        return (self.zero + datetime.timedelta(minutes=minute)).isoformat() + "Z"

    def furnish(self, relais):
        model = relais.get("/v1/sites")["items"][0]
        model = {k: v for k, v in model.items() if k not in ("site", "rev", "special_days", "holidays", "protected")}
        model.update(time_zone="UTC", opening=[{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "until": "24:00"}])
        for site in range(self.sites):
            relais.ask("PUT", f"/v1/sites/BENCH{site}", {**model, "name": f"Bench {site} (invented)"})
        relais.ask_all([("PUT", f"/v1/resources/B{site}C{car:02}", {
            "site": f"BENCH{site}", "kind": "car", "class": CLASSES[[car < n for n in FIRSTS[1:]].index(True)],
            "label": f"B{site}C{car:02}", "seats": 1, "solutions": ["loaner_brand"], "status": "active",
            "turnaround_minutes": TURNAROUND}) for site in range(self.sites) for car in range(60)])
        began = (datetime.date.today() - datetime.timedelta(days=200)).isoformat()
        programmes = ("ROAD36", "NEW36", "EXT24")
        relais.ask_all([("PUT", f"/v1/vehicles/ZAMBENCHM1T{i:06}", {
            "model": "Grecale", "owner": f"C{1 + i % 400:04}", "odometer_km": 20000,
            "coverages": [{"programme": p, "start_on": began} for p in programmes]}) for i in range(self.vins)])

    def post_all(self, relais, path, name, bodies, **options):
        file = self.bench.tmp / name
        with open(file, "w", encoding="utf-8") as out:
            for body in bodies:
                out.write(json.dumps(body, separators=(",", ":")) + "\n")
        return relais.load(path, 60, bodies=file, connections=32, **options)

    def fill(self, relais):
        """The year, in the order of its loans."""
        loans = loans_of(self.bench, SITES, self.days)
        self.loans = sorted((x for x in loans if x[4] > x[3] + TURNAROUND), key=lambda x: x[3])
        offers = {}
        for site in range(SITES):
            answer = json.loads(relais.ask("POST", "/v1/offers", {
                "site": f"BENCH{site}", "distance_km": 12, "jobs": [{"type": "maintenance", "immobilisation_minutes": 300}],
                "drop_off_at": self.at(480), "driver": {"birth_on": "1980-04-12", "licence_on": "1999-06-01"}}))
            offers[site] = answer["offer"]
        step, done, refused = 4000, 0, 0
        for i in range(0, len(self.loans), step):
            said = self.post_all(relais, "/v1/bookings", "fill", ({
                "offer": offers[site], "solution": "loaner_brand", "class": CLASSES[of], "customer": f"C{1 + car % 400:04}",
                "accept_customer_minor": 100000000, "from": self.at(from_), "until": self.at(until - TURNAROUND), **KEY_BOX}
                for site, of, car, from_, until in self.loans[i:i + step]), key=f"fill-{i}")
            done, refused = done + said["ok"], refused + said["refused"]
        self.bench.say(f"    {done:.0f} bookings made, {refused:.0f} refused, at {SITES} sites")
        if refused * 100 > done:
            raise Broken(f"{refused:.0f} of {len(self.loans)} bookings of a year that fits were refused")

    def offer(self, relais):
        saved = self.bench.tmp / "house.offers"
        self.post_all(relais, "/v1/offers", "house.asked", ({
            "site": f"BENCH{i % self.sites}", "vin": f"ZAMBENCHM1T{i:06}", "distance_km": 12,
            "jobs": [{"type": "warranty_repair", "immobilisation_minutes": 900}], "drop_off_at": self.at(480),
            "driver": {"birth_on": "1980-04-12", "licence_on": "1999-06-01"}} for i in range(self.vins)), save=saved)
        self.offers = [json.loads(line)["offer"] for line in saved.read_text(encoding="utf-8").splitlines()]

    def bodies(self, count):
        """A file of new bookings in the next season."""
        file = self.bench.tmp / "new"
        first = 365 + self.season * SEASON_DAYS
        self.season += 1
        with open(file, "w", encoding="utf-8") as out:
            for i in range(count):
                vin = i % self.vins
                begin = first * 1440 + self.chance.randrange(SEASON_DAYS * 1440)
                car = self.chance.randrange(60)
                of = [car < n for n in FIRSTS[1:]].index(True)
                json.dump({"offer": self.offers[vin], "solution": "loaner_brand", "class": CLASSES[of],
                           "customer": f"C{1 + vin % 400:04}", "accept_customer_minor": 100000000, "from": self.at(begin),
                           "until": self.at(begin + self.chance.randrange(720, 4320)), **KEY_BOX}, out, separators=(",", ":"))
                out.write("\n")
        self.made += 1
        return file

    def book(self, relais, connections, seconds, count):
        before = batches(relais)
        said = relais.load("/v1/bookings", seconds, bodies=self.bodies(count), connections=connections,
                           key=f"new-{self.made}")
        after = batches(relais)
        if said["refused"] * 10 > said["ok"]:
            raise Broken(f"a tenth of all bookings was refused: {said}")
        said["batch"] = max(1, round((after[0] - before[0]) / max(1, after[1] - before[1])))
        return said


def batches(relais):
    text = relais.ask("GET", "/metrics").decode()
    return [float(re.search(rf"^\w*writer_{name}_total (\S+)", text, re.M).group(1)) for name in ("commands", "batches")]


def shape(bench, data):
    lines = bench.run(bench.program("bare_lmdb"), data).splitlines()
    return {line.split()[0]: [int(n) for n in line.split()[1:]] for line in lines}


def bare_words(before, after, bookings):
    """What a booking adds to a store, for bare_lmdb; heads, requests and claims are written once each."""
    words = []
    for part in PARTS:
        entries, keys, values = (b - a for a, b in zip(before[part], after[part]))
        count = entries / bookings
        if part in ("head", "claims"):
            entries, keys, values = after[part]
            count = 1
        if entries and count:
            words.append(f"{part}={max(1, round(count * 1000))}:{max(10, round(keys / entries))}:{max(8, round(values / entries))}")
    return words


def bare(bench, words, batch, seconds, env=None):
    folder = bench.tmp / "bare"
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    said = bench.run(bench.program("bare_lmdb"), folder, "--batch", batch, "--seconds", seconds, *words,
                     env={**os.environ, **(env or {})})
    return {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", said)}


def fill_postgres(bench, postgres, database, loans, sites):
    postgres.create(database, "booking/world.sql")
    firsts = ",".join(str(n) for n in FIRSTS[1:4])
    with open(bench.tmp / "rows", "w", encoding="utf-8") as out:
        out.writelines(f"{car}\t[{a},{b})\tCustomer {car % 400}\n" for site, of, car, a, b in loans)
    postgres.sql(database, f"""
        INSERT INTO car SELECT i, i / 60, width_bucket(i % 60, ARRAY[{firsts}]) FROM generate_series(0, {sites * 60 - 1}) i;
        \\copy reservation (car, taken, customer) FROM '{bench.tmp / "rows"}'
        CALL world_index();
        VACUUM ANALYZE;""")


class Database:
    """What pgbench books, each time in a season of its own."""

    def __init__(self, bench, postgres, name, sites, loans):
        self.bench, self.postgres, self.name, self.sites, self.season = bench, postgres, name, sites, 0
        self.way = None
        fill_postgres(bench, postgres, name, loans, sites)

    def rate(self, way, clients, seconds):
        """Bookings made a second."""
        before = self.count()
        rate = self.postgres.pgbench(self.name, f"booking/{way}.sql", clients, seconds, sites=self.sites,
                                     first=365 + self.season * SEASON_DAYS, days=SEASON_DAYS)
        self.season += 1
        made = self.count() - before
        if made * 10 < rate["passes"] * 9:
            raise Broken(f"PostgreSQL refused more than a tenth: {made} of {rate['passes']}")
        return rate["per_s"] * made / rate["passes"]

    def count(self):
        return int(self.postgres.sql(self.name, "SELECT count(*) FROM history"))

    def best(self, seconds):
        """The best rate of any way with any number of clients; all ways are tried once, then the best of them."""
        ways = (self.way,) if self.way else ("hopeful", "skipping", "queueing")
        tried = [(self.rate(way, n, seconds), way, n) for way in ways for n in ((8, 64) if self.way else (1, 8, 64))]
        self.way = max(tried)[1]
        return max(tried)


def rounds_of(bench, house, database, suffix, slow_us, words):
    """A B A B: relais with 64 and 256 clients, LMDB alone, PostgreSQL."""
    seconds, count, rounds = (1, 3000, 2) if bench.quick else (3, 6000, 5)
    env = slowed(bench, slow_us) if slow_us else None
    relais = Relais(bench, house.data, preload_us=slow_us)
    for _ in range(rounds):
        ours = max((house.book(relais, n, seconds, count) for n in (64, 256)), key=lambda said: said["ok_per_s"])
        bench.note(f"bookings_per_s{suffix}", ours["ok_per_s"], "1/s")
        bench.note(f"bookings_batch{suffix}", ours["batch"], "count")
        bench.note(f"bookings_p99_us{suffix}", ours["p99_us"], "us")
        floor = bare(bench, words, ours["batch"], seconds, env)
        bench.note(f"bookings_lmdb_per_s{suffix}", floor["per_s"], "1/s")
        bench.note(f"bookings_vs_lmdb{suffix}", ours["ok_per_s"] / floor["per_s"], "ratio")
        theirs = database.best(seconds)
        bench.note(f"bookings_pg_per_s{suffix}", theirs[0], "1/s")
        bench.note(f"bookings_vs_pg{suffix}", ours["ok_per_s"] / theirs[0], "ratio")
    bench.notes.append(f"PostgreSQL's best bookings{suffix}: `{theirs[1]}`, {theirs[2]} clients.")
    relais.stop()


def loans_of(bench, sites, days):
    """The world's loans that begin in its first days, car by car."""
    printing = subprocess.Popen([bench.program("bench_search"), "--sites", str(sites), "--print"], stdout=subprocess.PIPE,
                                text=True)
    for line in printing.stdout:
        loan = tuple(int(n) for n in line.split("\t"))
        if loan[3] < days * 1440:
            yield loan
    if printing.wait() != 0:
        raise Broken("bench_search --print")


def many_sites(bench, house, postgres):
    """PostgreSQL with a thousand sites and a quarter of their year: its constraint takes minutes to make."""
    bench.say("bookings: PostgreSQL with 1,000 sites")
    database = Database(bench, postgres, "booking1000", 1000, loans_of(bench, 1000, 90))
    relais = Relais(bench, house.data)
    for _ in range(5):
        ours = max(house.book(relais, n, 3, 6000)["ok_per_s"] for n in (64, 256))
        bench.note("bookings_vs_pg_1000_sites", ours / database.best(3)[0], "ratio")
    relais.stop()


def latency(bench, house, words):
    relais = Relais(bench, house.data)
    for _ in range(3 if bench.quick else 5):
        ours = house.book(relais, 1, 1 if bench.quick else 3, 2000)
        floor = bare(bench, words, 1, 1 if bench.quick else 3)
        bench.note("booking_p50_us", ours["p50_us"], "us")
        bench.note("booking_lmdb_p50_us", floor["p50_us"], "us")
        bench.note("booking_latency_vs_lmdb", ours["p50_us"] / floor["p50_us"], "ratio")
    relais.stop()


def reads(bench, house):
    """A reader's p50 with nobody else there, and beside 16 writers."""
    relais = Relais(bench, house.data, preload_us=1000)
    booking = json.loads(relais.ask("GET", f"/v1/bookings?site=BENCH0&limit=1&from={house.at(0)}&until={house.at(20000)}"))
    path = "/v1/bookings/" + booking["items"][0]["booking"]
    seconds = 1 if bench.quick else 3
    for _ in range(3 if bench.quick else 5):
        alone = relais.load(path, seconds)
        file = house.bodies(5000)
        writers = subprocess.Popen([bench.program("load"), "--port", str(relais.port), "--path", "/v1/bookings", "--seconds",
                                    str(seconds + 1), "--token-file", relais.token_file, "--bodies", file, "--connections",
                                    "16", "--key", f"beside-{house.made}"], stdout=subprocess.PIPE, text=True)
        beside = relais.load(path, seconds)
        said = writers.communicate(timeout=120)[0]
        if writers.returncode != 0:
            raise Broken(f"the writers beside: {said}")
        bench.note("reads_alone_p50_us", alone["p50_us"], "us")
        bench.note("reads_beside_writers", beside["p50_us"] / alone["p50_us"], "ratio")
    relais.stop()


def measure(bench, postgres):
    bench.say(f"bookings: a year of {SITES} sites")
    house = House(bench)
    database = Database(bench, postgres, "booking", SITES, house.loans)
    before = shape(bench, house.data)
    relais = Relais(bench, house.data)
    made = house.book(relais, 32, 3, 1000)["ok"]
    relais.stop()
    after = shape(bench, house.data)
    words = bare_words(before, after, made)
    bench.notes.append("A booking in the store: `" + " ".join(words) + "` (part = thousandths : key : value bytes).")
    entries, _, values = (b - a for a, b in zip(before["journal"], after["journal"]))
    bench.note("event_bytes", values / entries - 32, "bytes")
    latency(bench, house, words)
    for suffix, slow_us in (("", 0), ("_1ms", 1000), ("_5ms", 5000)):
        if slow_us:
            postgres.restart(slow_us)
        rounds_of(bench, house, database, suffix, slow_us, words)
    postgres.restart(0)
    if not bench.quick:
        many_sites(bench, house, postgres)
    reads(bench, house)
    return house
