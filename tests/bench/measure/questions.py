# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Questions over HTTP beside h2o alone answering as many bytes: the next dates, offers; the board; what an idle
server keeps in memory. All on the demonstration's data."""
import datetime
import gzip
import http.client
import json
import pathlib
import time

from bench import Broken, Relais, exchange

CONNECTIONS = 16
OFFERS = 400
SERVE_S = 600


def measure(bench):
    bench.say("questions over HTTP on the demonstration's data")
    relais = Relais(bench, bench.tmp / "demo", demo=True)
    relais.stop()  # what filling it took is not what serving takes
    relais = Relais(bench, bench.tmp / "demo")
    rest(bench, relais)
    paths, bodies = write_questions(bench, relais)
    one = relais.load("/", 5, paths=paths, requests=len(paths.read_text().splitlines()))
    against_h2o(bench, relais, "next_http", {"paths": paths}, one["answer_bytes"])
    saved = bench.tmp / "offers.answers"
    one = relais.load("/v1/offers", 20, bodies=bodies, connections=4, save=saved)
    check_offers(saved)
    against_h2o(bench, relais, "offers_http", {"bodies": bodies, "repeat": True}, one["answer_bytes"])
    board(bench, relais)
    relais.stop()


def rest(bench, relais):
    """Memory and wake-ups of a server nobody asks."""
    time.sleep(2)
    before = switches(relais)
    time.sleep(5)
    bench.note("idle_wakeups_s", (switches(relais) - before) / 5, "1/s")
    bench.note("idle_rss_mib", relais.anonymous_kib() / 1024, "MiB")


def switches(relais):
    total = 0
    for task in pathlib.Path(f"/proc/{relais.process.pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                total += int(line.split()[1])
    return total


def monday(weeks):
    day = datetime.date.today() + datetime.timedelta(days=7 * weeks)
    return day - datetime.timedelta(days=day.weekday())


def write_questions(bench, relais):
    sites = [s["site"] for s in relais.get("/v1/sites")["items"]]
    classes = {}
    for site in sites:
        cars = relais.get(f"/v1/resources?site={site}&kind=car")["items"]
        classes[site] = sorted({c["class"] for c in cars if "loaner_brand" in c["solutions"]})
    vehicles = [v for v in relais.get("/v1/search?q=ZAM")["items"] if v["kind"] == "vehicle"]
    if not vehicles or not all(classes.values()):
        raise Broken("the demonstration has no vehicles or no cars")
    paths, bodies = bench.tmp / "next.paths", bench.tmp / "offers.bodies"
    with open(paths, "w", encoding="utf-8") as out:
        for i in range(60):
            site = sites[i % len(sites)]
            of = classes[site][i // len(sites) % len(classes[site])]
            after = monday(1) + datetime.timedelta(days=i % 20)
            print(f"/v1/availability/next?site={site}&solution=loaner_brand&class={of}&minutes={1440 + 480 * (i % 4)}"
                  f"&after={after}T{8 + i % 9:02}:00:00Z&count=2", file=out)
    jobs = [("warranty_repair", 900), ("maintenance", 240), ("customer_pay_repair", 480)]
    with open(bodies, "w", encoding="utf-8") as out:
        for i in range(OFFERS):
            car, turn = vehicles[i % len(vehicles)], i // len(vehicles) % 40
            job, minutes = jobs[i % len(jobs)]
            json.dump({"site": sites[i % len(sites)], "vin": car["vin"], "distance_km": 12,
                       "jobs": [{"type": job, "immobilisation_minutes": minutes}],
                       "drop_off_at": f"{monday(2 + turn)}T{9 + i % 5:02}:{i % 4 * 15:02}",
                       "driver": {"birth_on": "1980-04-12", "licence_on": "1999-06-01"}}, out, separators=(",", ":"))
            out.write("\n")
    return paths, bodies


def check_offers(saved):
    """Nine solutions, each with its terms and a sentence."""
    for line in saved.read_text(encoding="utf-8").splitlines():
        solutions = json.loads(line)["solutions"]
        if len(solutions) != 9 or not all(s.get("terms") for s in solutions):
            raise Broken("an offer without nine decided solutions: " + line[:300])


def against_h2o(bench, relais, name, options, answer_bytes):
    floor, port, _ = bench.start(bench.program("bare_h2o"), int(answer_bytes), SERVE_S)
    seconds, rounds = (2, 3) if bench.quick else (5, 5)
    path = "/v1/offers" if "bodies" in options else "/"
    for _ in range(rounds):
        ours = relais.load(path, seconds, connections=CONNECTIONS, **options)
        bare = bench.load(port, seconds, path="/", token_file=relais.token_file, connections=CONNECTIONS, **options)
        bench.note(f"{name}_vs_h2o", ours["ok_per_s"] / bare["ok_per_s"], "ratio")
        bench.note(f"{name}_p50_vs_h2o", ours["p50_us"] / bare["p50_us"], "ratio")
        bench.note(f"{name}_per_s", ours["ok_per_s"], "1/s")
        bench.note(f"{name}_h2o_per_s", bare["ok_per_s"], "1/s")
        bench.note(f"{name}_p99_us", ours["p99_us"], "us")
    bench.note(f"{name}_answer_bytes", answer_bytes, "bytes")
    bench.stop(floor)


def board(bench, relais):
    """300 cars for 30 days: those of a site that is made for it, taken half of the time."""
    site = relais.get("/v1/sites")["items"][0]
    body = {k: v for k, v in site.items() if k not in ("site", "rev")}
    relais.ask("PUT", "/v1/sites/BOARD", {**body, "name": "A board of 300 (invented)"})
    start = monday(1)
    relais.ask_all([("PUT", f"/v1/resources/BOARD-{i:03}", {
        "site": "BOARD", "kind": "car", "class": "compact", "label": f"BOARD-{i:03}", "seats": 1,
        "solutions": ["loaner_brand"], "status": "active", "turnaround_minutes": 30}) for i in range(300)])
    relais.ask_all([("POST", f"/v1/resources/BOARD-{i:03}/blocks", {
        "from": f"{start + datetime.timedelta(days=6 * k + i % 3)}T08:00:00Z",
        "until": f"{start + datetime.timedelta(days=6 * k + i % 3 + 3)}T17:00:00Z", "reason": "workshop"})
        for k in range(5) for i in range(300)])
    path = f"/v1/board?site=BOARD&from={start}T00:00:00Z&until={start + datetime.timedelta(days=30)}T00:00:00Z"
    plain = relais.load(path, 10, requests=40)
    bench.note("board_ms", plain["p50_us"] / 1e3, "ms")
    bench.note("board_bytes", plain["answer_bytes"], "bytes")
    packed = []
    connection = http.client.HTTPConnection("127.0.0.1", relais.port, timeout=60)
    token = relais.token_file.read_text().strip()
    for _ in range(20):
        begin = time.monotonic()
        answer, text = exchange(connection, "GET", path, None,
                                {"Authorization": "Bearer " + token, "Accept-Encoding": "gzip"})
        packed.append(time.monotonic() - begin)
    if answer.getheader("Content-Encoding") != "gzip" or len(gzip.decompress(text)) != int(plain["answer_bytes"]):
        raise Broken("the packed board is not the board")
    bench.note("board_packed_ms", sorted(packed)[10] * 1e3, "ms")
