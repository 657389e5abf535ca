# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""From the start of the process to the line that says it is ready, after a clean stop and after kill -9, and what
is in memory then; the projection made anew from the journals; the decision of a booking that needs a re-shuffle."""
import os
import time

from bench import Relais
from bookings import shape


def measure(bench, house):
    bench.say("starts, a rebuild, a re-shuffle")
    rounds = 3 if bench.quick else 7
    for _ in range(rounds):
        relais = Relais(bench, house.data)
        bench.note("start_ms", relais.ready_s * 1e3, "ms")
        bench.note("start_rss_mib", relais.anonymous_kib() / 1024, "MiB")
        relais.ask("GET", "/v1/sites")
        relais.kill()
        relais = Relais(bench, house.data)
        bench.note("start_after_kill_ms", relais.ready_s * 1e3, "ms")
        relais.stop()
    entries = shape(bench, house.data)["journal"][0]
    for _ in range(1 if bench.quick else 3):
        begin = time.monotonic()
        bench.run(bench.program("relais"), "rebuild", "--data", house.data)
        bench.note("rebuild_events_s", entries / (time.monotonic() - begin), "1/s")
    if not bench.quick:  # nothing that was promised under load is other than its journals say
        scratch = bench.tmp / "verified"
        scratch.mkdir()
        bench.run(bench.program("relais"), "verify", "--data", house.data, env={**os.environ, "TMPDIR": str(scratch)})
    bench.notes.append(f"Starts and rebuilds: {entries:,} entries in the journals.")
    bench.note("start_entries", entries, "count")
    for _ in range(1 if bench.quick else 3):
        bench.note_lines(bench.run(bench.program("bench_shuffle"), 1000 if bench.quick else 5000))
