# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Plays a dealership's bookings on working days (W-64 .. W+21), so that seats, turnaround, desks and
chauffeurs suffice: each booking is given a seat in the order in which bookings are made, the tightest gap
first, as the program does it. Time here is a count of minutes: working day * 1440 + minute of the day."""
import heapq
import random

COLUMNS = ["ref", "site", "vin", "customer", "jobs", "cover_source", "made_at", "drop_off_at", "ready_at", "from",
           "until", "solution", "class", "distance_km", "repair_order", "out_at", "out_km", "out_fuel",
           "licence_checked_at", "agreement_signed_at", "in_at", "in_km", "in_fuel", "cancelled_at", "cancel_reason", "no_show_at"]
FIRST, LAST = -64, 21
DAY = 1440
DESK_MINUTES = 15
FOREVER = 10**9
CLOSING = {"LYO": 18 * 60 + 30, "DUB": 18 * 60}
PER_DAY = {"LYO": 25.5, "DUB": 13.4}  # wishes a day; what can be placed is about 600 a month in all
SOLUTIONS = [("loaner_brand", 76), ("loaner_other", 13), ("rental", 3), ("taxi", 3), ("pickup_delivery", 2),
             ("accompanied_drive", 2), ("public_transport", 1)]
WORKING_DAYS_AWAY = [(0, 54), (1, 26), (2, 11), (3, 5), (4, 3), (6, 1)]
CARS = ("loaner_brand", "loaner_other", "rental")


def weighted(rng, pairs):
    return rng.choices([p[0] for p in pairs], [p[1] for p in pairs])[0]


class Seat:
    def __init__(self, resource, turnaround):
        self.resource, self.turnaround, self.claims = resource, turnaround, []

    def gap(self, start, end):
        """The free gap around [start, end + turnaround), or None."""
        end += self.turnaround
        before = max((u for f, u in self.claims if f < end), default=-FOREVER)
        after = min((f for f, u in self.claims if u > start), default=FOREVER)
        return after - before if before <= start and after >= end else None

    def take(self, start, end):
        self.claims.append((start, end + self.turnaround))

    def free(self, start, new_end):
        """An early return or a cancellation."""
        self.claims = [(f, u) if f != start else (f, new_end) for f, u in self.claims if f != start or new_end > f]


class Site:
    def __init__(self, site, resources):
        self.site = site
        mine = [r for r in resources if r["site"] == site]
        self.pools = {}
        for r in sorted(mine, key=lambda r: r["resource"]):
            if r["kind"] == "car" and "accompanied" not in r["solutions"]:
                self.pools.setdefault(r["class"], []).append(Seat(r["resource"], r["turnaround_minutes"]))
        self.desks = [Seat(r["resource"], 0) for r in mine if r["kind"] == "desk"]
        self.chauffeurs = [Seat(r["resource"], 0) for r in mine if r["kind"] == "chauffeur"]
        self.shuttle = [Seat("shuttle", 0)]
        allotment = [r for r in mine if r["kind"] == "allotment"][0]
        self.rental = [Seat("rental", 0) for _ in range(40 if allotment["seats"] == "null" else allotment["seats"])]

    def classes(self, solution):
        if solution == "loaner_brand":
            return [c for c in self.pools if c not in ("city", "compact_suv")]
        return ["city", "compact_suv"] if solution == "loaner_other" else []


def find(seats, start, end):
    gaps = [(seat.gap(start, end), i) for i, seat in enumerate(seats)]
    gaps = [g for g in gaps if g[0] is not None]
    return seats[min(gaps)[1]] if gaps else None


def when(t):
    day, minute = divmod(t, DAY)
    return f"W{day:+d} {minute // 60:02}:{minute % 60:02}"


def legs_of(booking):
    minutes = -(-(20 + -(-2 * booking["distance_km"] * 60 // 50)) // 15) * 15
    return [(booking["_from"], booking["_from"] + minutes), (booking["_until"] - minutes, booking["_until"])]


def place(site, booking):
    """Gives the booking its seats, or answers False."""
    start, end, solution = booking["_from"], booking["_until"], booking["solution"]
    taken = []
    if solution in ("loaner_brand", "loaner_other"):
        desk_out, desk_in = (start, start + DESK_MINUTES), (end - DESK_MINUTES, end)
        wanted = [(site.pools[booking["class"]], (start, end)), (site.desks, desk_out), (site.desks, desk_in)]
    elif solution == "rental":
        wanted = [(site.rental, (start, end))]
    elif solution == "pickup_delivery":
        wanted = [(site.chauffeurs, leg) for leg in legs_of(booking)]
    elif solution == "accompanied_drive":
        wanted = [(pool, leg) for leg in legs_of(booking) for pool in (site.chauffeurs, site.shuttle)]
    else:
        wanted = []
    for seats, span in wanted:
        seat = find(seats, *span)
        if not seat:
            for other, claimed in taken:
                other.free(claimed[0], claimed[0])
            return False
        seat.take(*span)
        taken.append((seat, span))
    booking["_taken"] = taken
    return True


def window(rng, site, day):
    """From and until on the quarter hour, inside ordinary opening hours."""
    days = weighted(rng, WORKING_DAYS_AWAY)
    closing = CLOSING[site.site]
    part = rng.random()
    if part < 0.68:
        start = rng.randrange(8 * 60, 10 * 60 + 15, 15)
    elif part < 0.88 or days == 0:
        start = rng.randrange(10 * 60, 13 * 60, 15)
    else:  # the evening before, from 16:30
        start = rng.randrange(16 * 60 + 30, closing - 30, 15)
    if days and rng.random() < 0.45:
        end = rng.randrange(10 * 60, 14 * 60, 15)
    else:
        end = rng.randrange(15 * 60 + 30, closing + 1, 15)
    return day * DAY + start, (day + days) * DAY + end


def jobs(rng, car, minutes):
    have = car["_programmes"]
    kinds = [("maintenance", 42), ("customer_pay_repair", 4 if "NEW36" in have else 30)]
    if set(have) & {"NEW36", "EXT24", "EXT24-PLUS", "CERT12"}:
        kinds.append(("warranty_repair", 75))
    if "NEW36" in have:
        kinds.append(("service_campaign", 8))
    if "INSURER" in have:
        kinds.append(("bodywork_insurance", 70))
    if "campaigns" in car:
        kinds.append(("recall", 120))
    first = weighted(rng, kinds)
    if first == "warranty_repair" and rng.random() < 0.25:
        return f"{first}:{minutes * 2 // 3 // 5 * 5}|maintenance:{minutes // 3 // 5 * 5}"
    return f"{first}:{minutes}"


def request(rng, site, day, car, number):
    start, end = window(rng, site, day)
    solution = weighted(rng, SOLUTIONS)
    if car["_young"] and solution == "loaner_brand":
        solution = "loaner_other"
    pools = site.classes(solution)
    klass = rng.choices(pools, [len(site.pools[c]) ** 1.1 for c in pools])[0] if pools else ""
    if solution not in CARS:
        end = start // DAY * DAY + rng.randrange(15 * 60 + 30, CLOSING[site.site] + 1, 15)
        start = start // DAY * DAY + rng.randrange(8 * 60, 9 * 60 + 15, 15)
    away = (end // DAY) - (start // DAY)
    ready = end - rng.choice([15, 30, 45, 60, 90]) if end - start > 240 else end - 15
    minutes = max(60, min(3000, (ready - start - away * 780) // 15 * 15))
    lead = min(rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 10, 12, 15, 20]), day - FIRST + 20)
    made = (day - lead) * DAY + rng.randrange(8 * 60 + 5, 17 * 60 + 50)
    if day > 0 and made >= DAY:  # what lies ahead was booked before today
        made = -rng.choice([0, 1, 1, 2, 2, 3, 4, 5, 6, 8]) * DAY + rng.randrange(8 * 60 + 5, 17 * 60 + 50)
    if made > start - 30:
        made = start - rng.randint(35, 60) if start % DAY > 9 * 60 else (day - 1) * DAY + rng.randrange(600, 1060)
    return {"ref": f"{site.site}-{number:05}", "site": site.site, "vin": car["vin"], "customer": car["owner"],
            "jobs": jobs(rng, car, minutes), "solution": solution, "class": klass, "_made": made, "_from": start,
            "_until": end, "_ready": ready, "_car": car,
            "distance_km": rng.randint(4, 38) if solution in ("pickup_delivery", "taxi") else rng.randint(2, 18)}


def what_becomes(rng, b):
    """What happens to a booking after it was made; instants the program will or will not reach."""
    start, end, fate = b["_from"], b["_until"], rng.random()
    if fate < 0.06:
        last = max(start - 60, b["_made"] + 20)
        b["_cancelled"] = min(last, b["_made"] + rng.randint(20, max(21, last - b["_made"])))
        minute = b["_cancelled"] % DAY
        if not 480 < minute < 1080:
            b["_cancelled"] = max(b["_made"] + 10, b["_cancelled"] // DAY * DAY - 300)
        b["cancel_reason"] = rng.choice(["customer_changed_date", "customer_declined", "parts_missing"])
    elif fate < 0.085 and b["solution"] in CARS:
        b["_no_show"] = start + 120
    elif b["solution"] in CARS:
        b["_out"] = start + rng.randint(0, 9)
        early = rng.random()
        if early < 0.07 and end - start > DAY:
            b["_in"] = end - DAY + rng.randint(-60, 0)
        elif early < 0.2 and end % DAY >= 17 * 60 + 15:  # late, and nobody waits for the car that evening
            b["_in"] = end + rng.randint(5, 25)
        else:
            b["_in"] = end - rng.randint(0, 14)
        b["_in"] = max(b["_in"], b["_out"] + 60)
    else:
        b["_out"], b["_in"] = start + 5, end - 5
    if "_out" in b and (rng.random() < 0.97):
        b["repair_order"] = f"OR{b['site'][0]}{abs(hash_of(b['ref'])) % 900000 + 100000}"


def hash_of(text):
    value = 17
    for letter in text:
        value = (value * 131 + ord(letter)) % 1000003
    return value


def requests(rng, site, cars):
    """Every request of a site, none of a car that is in the workshop already or was there last week."""
    busy, number = {}, 0
    for day in range(FIRST, LAST + 1):
        wish = PER_DAY[site.site] * (1.0 if day <= 4 else max(0.45, 1.0 - (day - 4) * 0.04))
        for _ in range(int(wish + rng.random())):
            car = next(c for c in iter(lambda: rng.choice(cars), None) if busy.get(c["vin"], FIRST - 99) < day - 7)
            number += 1
            b = request(rng, site, day, car, number)
            busy[car["vin"]] = b["_until"] // DAY
            yield b


def play(rng, site, cars):
    """In the order of what happens: bookings are made, cancelled, cars come back early."""
    queue, placed, order = [], [], 0
    for b in requests(rng, site, cars):
        heapq.heappush(queue, (b["_made"], order, "made", b))
        order += 1
    while queue:
        at, _, what, b = heapq.heappop(queue)
        if what == "free":
            for seat, (start, _) in b["_taken"]:
                seat.free(start, max(start, at))
            continue
        tries = [b["class"]] + [c for c in site.classes(b["solution"]) if c != b["class"]]
        for klass in tries:
            b["class"] = klass
            if place(site, b):
                break
        else:
            continue
        what_becomes(rng, b)
        placed.append(b)
        free_at = b.get("_cancelled", b.get("_no_show"))
        if free_at is not None:
            order += 1
            heapq.heappush(queue, (free_at, order, "free", b))
    return placed


def row(rng, b):
    out = {k: v for k, v in b.items() if not k.startswith("_")}
    out["cover_source"] = "warranty portal (demonstration)"
    for name, key in (("made_at", "_made"), ("drop_off_at", "_from"), ("ready_at", "_ready"), ("from", "_from"),
                      ("until", "_until"), ("out_at", "_out"), ("in_at", "_in"), ("cancelled_at", "_cancelled"),
                      ("no_show_at", "_no_show")):
        if key in b:
            out[name] = when(b[key])
    if "_out" in b and b["solution"] in CARS:
        out["out_km"] = rng.randint(3000, 24000)
        out["in_km"] = out["out_km"] + rng.randint(8, 60) * (1 + (b["_until"] - b["_from"]) // DAY)
        # One in forty hand-overs forgot something: the audit of claims finds it.
        for name, after in (("licence_checked_at", -2), ("agreement_signed_at", -1)):
            if rng.random() < 0.975:
                out[name] = when(b["_out"] + after)
        out["out_fuel"] = rng.choice([90, 95, 100])
        out["in_fuel"] = max(20, out["out_fuel"] - rng.choice([0, 0, 0, 5, 10, 25]))
    return out


def everything(sites, resources, vehicles):
    """Bookings as they are placed and their rows: (placed, rows), in the order in which they were made."""
    placed = []
    for site in sites:
        rng = random.Random(f"relais {site['site']}")
        cars = [c for c in vehicles if c["_site"] == site["site"] and "_sits_out" not in c]
        placed += play(rng, Site(site["site"], resources), cars)
    placed.sort(key=lambda b: (b["_made"], b["ref"]))
    rng = random.Random("odometers")
    return placed, [row(rng, b) for b in placed]
