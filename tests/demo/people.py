# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Invented customers, their cars and what covers them. Phone numbers come from the ranges that France
(06 39 98, 04 65 71) and Ireland (020 91x) keep free for fiction; e-mail is example.com and example.org."""
import random

CUSTOMER_COLUMNS = ["customer", "segment", "language", "preferred_channel", "person.name", "person.title",
                    "person.phone", "person.email", "person.address", "person.birth_on", "person.licence.number",
                    "person.licence.country", "person.licence.categories", "person.licence.expires_on"]
VEHICLE_COLUMNS = ["vin", "plate", "model", "owner", "odometer_km", "immobile", "warranty_locked", "flags",
                   "campaigns"]
COVERAGE_COLUMNS = ["vin", "checked_at", "source", "programme", "start_on", "ends_on", "owner_id", "suspended_days",
                    "uses", "claim_ref"]
CUSTOMERS = 760
CHECKED_DAYS_AGO = (96, 150)  # a car's cover was looked up before anything else is told of it
SOURCE = "warranty portal (demonstration)"

FRENCH = (["Clair", "Bel", "Mont", "Val", "Font", "Roche", "Haut", "Grand", "Beau", "Or", "Brum", "Vent", "Nuit",
           "Mer", "Pont", "Bois"],
          ["fable", "conte", "songe", "lune", "étoile", "mirage", "légende", "chimère", "rêverie", "comète", "féerie",
           "énigme"])
ENGLISH = (["Fable", "Story", "Dream", "Myth", "Tale", "Legend", "Moon", "Whim", "Fancy", "Riddle", "Wonder", "Star"],
           ["wood", "well", "bury", "ley", "worth", "ford", "mere", "combe", "by", "stead", "brook", "field"])
STREETS = {"LYO": ["rue de la Fable", "place du Conte", "quai des Songes", "impasse du Mirage"],
           "DUB": ["Fable Street", "Storybook Lane", "Make-Believe Road", "Legend Park"]}
MODELS = ["Grecale GT", "Grecale Modena", "Grecale Trofeo", "Grecale Folgore", "Levante GT", "Levante Modena",
          "Ghibli GT", "Ghibli Trofeo", "Quattroporte Modena", "GranTurismo", "GranCabrio", "MC20"]


def plate(site, n):
    """Letters and half-years that no register issues: see world.plate."""
    if site == "LYO":
        return f"{'OUI'[n % 3]}{'UIO'[n // 3 % 3]}-{100 + n * 17 % 900}-{'IOU'[n // 9 % 3]}{'OIU'[n // 27 % 3]}"
    return f"253-D-{20001 + n * 7}"


def person_dates(rng, young):
    """Birth and licence: the young stay about 22 whenever the demonstration is made."""
    year, month, day = rng.randint(1970, 1990), rng.randint(1, 12), rng.randint(1, 28)
    birth, since = f"{year}-{month:02}-{day:02}", f"{year + 18 + rng.randint(0, 6)}-{month:02}-{day:02}"
    if young:
        birth, since = f"J-{8000 + rng.randint(0, 300)}", f"J-{1200 + rng.randint(0, 200)}"
    return {"person.birth_on": birth, "person.licence.categories": f"B:{since}",
            "person.licence.expires_on": f"J+{rng.randint(60, 4000)}"}


def customer(rng, n):
    site = "LYO" if n % 25 < 16 else "DUB"
    first, last = FRENCH if site == "LYO" else ENGLISH
    surname = first[n % len(first)] + last[n // len(first) % len(last)]
    given = "ABCDEFGHIJLMNOPRSTV"[n % 19]
    title = rng.choice(("Madame", "Monsieur") if site == "LYO" else ("Ms", "Mr"))
    young = n % 41 == 40
    mobile = n % 5 != 4
    if site == "LYO":
        phone = f"+33 {'6 39 98' if mobile else '4 65 71'} {n // 100:02} {n % 100:02}"
    else:
        phone = f"+353 20 91{n // 1000 % 10} {n % 1000 + 1000:04}"
    return {"customer": f"C{n + 1:04}", "_site": site, "_young": young,
            "segment": "vip" if n % 15 == 7 else "company" if n % 7 == 3 else "private",
            "language": "en" if site == "DUB" or n % 11 == 5 else "fr",
            "preferred_channel": rng.choice(["phone", "phone", "sms", "sms", "email", "letter"]),
            "person.name": f"{given}. {surname}", "person.title": title, "person.phone": phone,
            "person.email": f"client{n + 1}@example.{'com' if n % 2 else 'org'}",
            "person.address": f"{n % 90 + 1} {STREETS[site][n % 4]}",
            "person.licence.number": f"DEMO{n:06}", "person.licence.country": "FR" if site == "LYO" else "IE",
            **person_dates(rng, young)}


def vehicle(rng, n, owner, age_months):
    return {"vin": f"ZAMDEMC1T0D{n + 200001:06}", "plate": plate(owner["_site"], n), "model": f"Maserati {rng.choice(MODELS)}",
            "owner": owner["customer"], "odometer_km": 400 + age_months * rng.randint(700, 1900), "immobile": "false",
            "warranty_locked": "false", "_site": owner["_site"], "_age": age_months, "_segment": owner["segment"],
            "_young": owner["_young"], "_programmes": []}


def cover(car, programme, started_days_ago, **more):
    car["_programmes"].append(programme)
    return {"vin": car["vin"], "source": SOURCE, "programme": programme, "start_on": f"J-{started_days_ago}",
            "owner_id": car["owner"], "suspended_days": 0, "uses": 0, **more}


def covers(rng, car):
    """What a car of its age usually has."""
    age, days, rows = car["_age"], car["_age"] * 30 + rng.randint(0, 29), []
    if age < 36:
        rows += [cover(car, "NEW36", days), cover(car, "ROAD36", days)]
        if rng.random() < 0.5:
            rows.append(cover(car, "FETCH36", days))
        if age < 12 and rng.random() < 0.8:
            rows.append(cover(car, "RELAIS12", days))
    elif age < 62 and rng.random() < 0.7:
        kind = rng.choice(["EXT24", "EXT24-PLUS", "CERT12"])
        rows.append(cover(car, kind, rng.randint(10, 300)))
    if age >= 12 and rng.random() < 0.2:
        rows.append(cover(car, "TAXI12", rng.randint(5, 200)))
    if rng.random() < 0.05:
        rows.append(cover(car, "INSURER", rng.randint(60, 200), claim_ref=f"DEMO-{car['vin'][-6:]}"))
    return rows


def no_cover(car):
    return {"vin": car["vin"], "source": SOURCE}


def cases():
    """(what it shows, changes to the car, its cover rows, when it was looked up): the first cars of all."""
    return [
        ("warranty ended yesterday", {}, [("NEW36", 1096, {"ends_on": "J-1"})], "J-3"),
        ("warranty ends in 12 days", {}, [("NEW36", 1083, {"ends_on": "J+12"})], "J-3"),
        ("warranty locked by the maker", {"warranty_locked": "true", "flags": "odometer_in_question"},
         [("NEW36", 400, {}), ("ROAD36", 400, {})], "J-3"),
        ("loaner programme used up", {}, [("RELAIS12", 200, {"uses": 3})], "J-3"),
        ("loaner programme of the first owner, not this one", {}, [("RELAIS12", 200, {"owner_id": "C-BEFORE"})], "J-3"),
        ("cover of another market", {}, [("NEW48-GULF", 500, {})], "J-3"),
        ("looked up, nothing found", {}, [], "J-3"),
        ("cover never looked up", {}, None, None),
        ("cover looked up too long ago", {}, [("NEW36", 300, {}), ("FETCH36", 300, {})], "J-70"),
        ("open safety action", {"campaigns": "DEMO-7001:true:J-3 09:00"}, [("NEW36", 900, {})], "J-3"),
        ("insurer's car, claim number missing", {}, [("INSURER", 20, {})], "J-3"),
        ("insurer's car, claim number given", {}, [("INSURER", 20, {"claim_ref": "DEMO-INS-1"})], "J-3"),
        ("certified used car beyond its kilometres", {"odometer_km": 118400}, [("CERT12", 100, {})], "J-3"),
        ("immobile, roadside mobility", {"immobile": "true"}, [("ROAD36", 600, {}), ("NEW36", 600, {})], "J-3"),
        ("loaner programme ends the day after tomorrow", {}, [("RELAIS12", 363, {"ends_on": "J+2"})], "J-3"),
        ("extended warranty without mobility", {}, [("EXT24", 90, {})], "J-3"),
        ("under warranty, its owner's licence ends in five days", {}, [("NEW36", 200, {})], "J-3"),
        ("no programme, the house's courtesy for a VIP", {}, [], "J-3"),
    ]


def case_cars(rng, customers):
    for n, (about, changes, rows, checked) in enumerate(cases()):
        car = vehicle(rng, n, customers[n], 20)
        car.update(changes, _case=about, _sits_out=True)
        yield car, [dict(cover(car, programme, days, **more)) for programme, days, more in rows or []], checked


def everybody():
    rng = random.Random(20250101)
    customers = [customer(rng, n) for n in range(CUSTOMERS)]
    customers[16]["person.licence.expires_on"] = "J+5"
    customers[17]["segment"] = "vip"
    vehicles, coverages = [], []

    def enter(car, rows, checked_at):
        vehicles.append(car)
        if checked_at:
            coverages.extend(dict(row, checked_at=checked_at) for row in rows or [no_cover(car)])

    for car, rows, checked in case_cars(rng, customers):
        enter(car, rows, checked and f"{checked} 09:00")
    for n, owner in enumerate(customers[len(vehicles):] + customers[100::9]):
        car = vehicle(rng, len(vehicles), owner, int(rng.triangular(1, 84, 6)))
        if n % 29 == 28:
            car["campaigns"] = "DEMO-7002:true:J-140 10:00"
        enter(car, covers(rng, car), f"J-{rng.randint(*CHECKED_DAYS_AGO)} {rng.randint(8, 17):02}:{rng.randint(0, 3) * 15:02}")
    coverages.sort(key=lambda row: (row["vin"], row.get("programme", "")))
    strip = [{k: v for k, v in c.items() if not k.startswith("_")} for c in customers]
    return strip, vehicles, coverages


def rows(vehicles):
    return [{k: v for k, v in car.items() if not k.startswith("_")} for car in vehicles]


def cases_table():
    _, vehicles, _ = everybody()
    lines = ["| plate | VIN | shows |", "| --- | --- | --- |"]
    lines += [f"| {car['plate']} | {car['vin']} | {car['_case']} |" for car in vehicles if "_case" in car]
    return "\n".join(lines)
