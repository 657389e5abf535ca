# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""What is free and when next, in process, beside PostgreSQL; and how the answers' price grows with sites."""
import statistics


def measure(bench, postgres):
    sites = (1, 100) if bench.quick else (1, 100, 1000)
    rounds, questions = (3, 1000) if bench.quick else (5, 4000)
    for n in sites:
        bench.say(f"free and next, {n} site{'s' if n > 1 else ''} of 60 cars")
        database = f"search{n}"
        postgres.create(database, "search/world.sql")
        said = bench.run(bench.program("bench_search"), "--sites", n, "--rounds", rounds, "--questions", questions,
                         "--postgres", postgres.conninfo(database))
        for line in said.splitlines():
            name, value, unit = line.split()
            bench.note(name if n == sites[-1] else f"{name}_{n}_sites", value, unit)
        bench.run(postgres.bin / "dropdb", "-h", postgres.folder, "-U", "bench", database)
    grow(bench)


def grow(bench):
    """The calendar alone, ten times as many sites."""
    few, many = (10, 100) if bench.quick else (1000, 10000)
    p50 = []
    for n in (few, many):
        bench.say(f"next, the calendar alone, {n} sites")
        said = bench.run(bench.program("bench_search"), "--sites", n, "--calendar-only", "--rounds", 5, "--questions", 5000 if bench.quick else 20000,
                         timeout=3600)
        values = [float(line.split()[1]) for line in said.splitlines() if line.startswith("next_p50_us ")]
        bench.note(f"next_p50_us_calendar_{n}_sites", statistics.median(values), "us")
        p50.append(values)
    for a, b in zip(*p50):
        bench.note("next_growth", b / a, "ratio")
    bench.notes.append(f"`next_growth` compares {many:,} sites with {few:,}.")
