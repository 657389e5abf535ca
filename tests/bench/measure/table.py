# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of a run: medians with the least and the most of their rounds, as a table and as JSON lines."""
import json
import statistics

# name, the target as (whether more is better, value), what it is
TARGETS = [
    ("free_vs_pg", True, 200, "free cars of a class, in process, beside PostgreSQL"),
    ("free_p99_us", False, 3, "the same, p99"),
    ("next_vs_pg", True, 300, "next window of a class, in process, beside PostgreSQL"),
    ("next_p99_us", False, 4, "the same, p99"),
    ("next_full_vs_pg", True, 100, "with opening hours and a desk at both ends"),
    ("next_growth", False, 1.6, "ten times as many sites"),
    ("next_http_vs_h2o", True, 0.70, "`GET /v1/availability/next` beside bare h2o"),
    ("offers_http_vs_h2o", True, 0.25, "`POST /v1/offers` beside bare h2o"),
    ("offers_http_p50_vs_h2o", False, 4, "the same, p50 with 16 clients"),
    ("bookings_vs_pg", True, 2, "durable bookings/s over HTTP beside PostgreSQL without HTTP, 4 sites"),
    ("bookings_vs_pg_1000_sites", True, 1.2, "the same, PostgreSQL with 1,000 sites"),
    ("bookings_vs_pg_1ms", True, 2, "the same with 1 ms more a sync"),
    ("bookings_vs_pg_5ms", True, 2, "with 5 ms more"),
    ("bookings_vs_lmdb", True, 0.5, "beside bare LMDB committing the same bytes in such batches"),
    ("bookings_vs_lmdb_1ms", True, 0.5, "the same with 1 ms more a sync"),
    ("bookings_vs_lmdb_5ms", True, 0.5, "with 5 ms more"),
    ("servers_vs_pg", True, 1, "3 servers over one PostgreSQL, 50 sites: bookings/s over HTTP beside that PostgreSQL without HTTP"),
    ("servers_vs_plain", True, 0.5, "the same beside plain INSERTs of the same rows, one a commit"),
    ("booking_latency_vs_lmdb", False, 1.3, "one client's p50 beside one bare durable commit"),
    ("reads_beside_writers", False, 1.3, "GET p50 beside 16 writers at +1 ms, against alone"),
    ("reshuffle_p99_us", False, 100, "decision of a booking that needs a re-shuffle, p99"),
    ("calendar_bytes_car_year", False, 2048, "calendar of a car and year, 80 % booked"),
    ("event_bytes", False, 3072, "a booking's entry at 3 coverages"),
    ("start_ms", False, 100, "start to ready after a clean stop"),
    ("start_after_kill_ms", False, 200, "after kill -9"),
    ("start_rss_mib", False, 24, "RssAnon before the first request"),
    ("rebuild_events_s", True, 25000, "rebuild of the projection, entries a second"),
    ("board_ms", False, 5, "board of 300 cars and 30 days"),
    ("board_packed_ms", False, 15, "the same, packed"),
    ("idle_rss_mib", False, 16, "RssAnon of an idle server with the demonstration"),
]


def shown(value):
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def row_of(figures, name):
    unit, values = figures[name]
    return statistics.median(values), min(values), max(values), unit


def rows(figures):
    for name, more, target, what in TARGETS:
        if name not in figures:
            yield f"| {what} | `{name}` | {'≥' if more else '≤'} {shown(target)} | not measured in this run | | |"
            continue
        value, least, most, unit = row_of(figures, name)
        met = value >= target if more else value <= target
        yield (f"| {what} | `{name}` | {'≥' if more else '≤'} {shown(target)} | {shown(value)}"
               f"{'' if unit == 'ratio' else ' ' + unit} | {shown(least)} to {shown(most)} | {'yes' if met else '**no**'} |")


def table(figures):
    head = ["| what | name | target | median | range | met |", "| --- | --- | --- | --- | --- | --- |"]
    return "\n".join(head + list(rows(figures))) + "\n"


def json_lines(figures, machine):
    lines = [json.dumps({"machine": machine}, ensure_ascii=False)]
    for name in figures:
        value, least, most, unit = row_of(figures, name)
        lines.append(json.dumps({"name": name, "value": float(f"{value:.5g}"), "unit": unit, "least": float(f"{least:.5g}"),
                                 "most": float(f"{most:.5g}")}))
    return "\n".join(lines) + "\n"
