# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""The two invented dealerships and what they lend. Dates are relative to the day of import: J-12."""
import datetime

YEARS = range(2025, 2033)


def easter(year):
    """Anonymous Gregorian computus."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return datetime.date(year, f // 31, f % 31 + 1)


def nth_monday(year, month, n):
    """The n-th Monday of a month; -1 is its last."""
    days = [d for d in (datetime.date(year, month, 1) + datetime.timedelta(i) for i in range(31))
            if d.month == month and d.weekday() == 0]
    return days[n - 1 if n > 0 else n]


def french_holidays():
    for year in YEARS:
        for month, day in ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)):
            yield datetime.date(year, month, day)
        for after in (1, 39, 50):
            yield easter(year) + datetime.timedelta(after)


def irish_holidays():
    for year in YEARS:
        for month, day in ((1, 1), (3, 17), (12, 25), (12, 26)):
            yield datetime.date(year, month, day)
        yield easter(year) + datetime.timedelta(1)
        for month, n in ((2, 1), (5, 1), (6, 1), (8, 1), (10, -1)):
            yield nth_monday(year, month, n)


def dates(days):
    return sorted({d.isoformat() for d in days})


def christmas_eves(opening):
    return [{"date": f"{year}-12-24", "opening": [opening]} for year in YEARS]


def tariff(day_brand, day_other, day_rental, leg_base, taxi, classes):
    leg = {"unit": "leg", "base": leg_base, "per_km": 120}
    return {
        "loaner_brand": {"unit": "day", "price": day_brand, "classes": classes},
        "loaner_other": {"unit": "day", "price": day_other},
        "rental": {"unit": "day", "price": day_rental},
        "pickup_delivery": dict(leg, legs=2),
        "pickup": dict(leg, legs=1),
        "delivery": dict(leg, legs=1),
        "taxi": {"unit": "trip", "trips": 2, "price": taxi},
        "accompanied_drive": {"unit": "trip", "trips": 2, "price": 0},
        "public_transport": {"unit": "trip", "trips": 2, "price": 210},
    }


def loan_class(price, deposit, excess):
    return {"price": price, "km_per_day": 150, "extra_km": 60, "deposit_minor": deposit, "excess_minor": excess}


LYON_CLASSES = {
    "grecale": loan_class(8900, 100000, 120000),
    "levante": loan_class(11900, 150000, 150000),
    "ghibli": loan_class(10900, 150000, 150000),
    "quattroporte": loan_class(14900, 200000, 200000),
    "granturismo": loan_class(18900, 300000, 250000),
}
DUBLIN_CLASSES = {
    "grecale": loan_class(9500, 100000, 125000),
    "levante": loan_class(12500, 150000, 150000),
    "ghibli": loan_class(11500, 150000, 150000),
    "quattroporte": loan_class(15500, 200000, 200000),
    "granturismo": loan_class(19500, 300000, 250000),
}


def appointments(latest):
    """Whole days of work come in the morning, half days in the afternoon; before noon there is time for the urgent."""
    weekdays = [1, 2, 3, 4, 5]
    return {
        "reception_minutes": 15, "customers_per_day": 12, "latest": latest,
        "workshop_minutes_per_day": 4800, "workshop_kept_minutes": 720,
        "reserved": [{"days": weekdays, "from": "11:30", "until": "12:00"}],
        "peak": [{"days": weekdays, "from": "08:00", "until": "09:00"}],
        "templates": [{"work_minutes": 480, "times": ["09:30", "10:30"]}, {"work_minutes": 240, "times": ["15:00", "15:30"]}],
    }


SITES = [
    {
        "site": "LYO", "name": "Concession de démonstration Lyon (inventée)", "time_zone": "Europe/Paris",
        "market": "EU", "currency": "EUR", "locale": "fr-FR", "name_driver_days": 45, "tax_bp": 2000, "grace_minutes": 59,
        "opening": [{"days": [1, 2, 3, 4, 5], "from": "08:00", "until": "18:30"},
                    {"days": [6], "from": "09:00", "until": "12:30"}],
        "special_days": christmas_eves({"from": "08:00", "until": "12:30"}),
        "holidays": dates(french_holidays()),
        "handover_minutes": 15, "return_minutes": 15, "collect_minutes": 240, "cover_fresh_days": 30,
        "immobilisation_suspends": {"job_types": ["warranty_repair"], "kinds": ["manufacturer_warranty"],
                                    "reference": "Code de la consommation, L217-28"},
        "deadlines": [{"rule": "CIT-6.2", "on": True}], "appointments": appointments("48_hours"),
        "max_service_distance_km": 80, "accompanied_max_km": 25,
        "tariff": tariff(8900, 4900, 7400, 2900, 2600, LYON_CLASSES),
        "phone": "+33 4 65 71 00 10", "address": "1 rue de l'Exemple, 69000 Lyon (adresse inventée)",
    },
    {
        "site": "DUB", "name": "Demonstration dealership Dublin (invented)", "time_zone": "Europe/Dublin",
        "market": "EU", "currency": "EUR", "locale": "en-IE", "tax_bp": 2300, "grace_minutes": 59,
        "opening": [{"days": [1, 2, 3, 4, 5], "from": "08:00", "until": "18:00"},
                    {"days": [6], "from": "09:00", "until": "13:00"}],
        "special_days": christmas_eves({"from": "08:30", "until": "12:30"}),
        "holidays": dates(irish_holidays()),
        "handover_minutes": 15, "return_minutes": 15, "collect_minutes": 240, "cover_fresh_days": 30,
        "appointments": appointments("two_working_days"),
        "max_service_distance_km": 60, "accompanied_max_km": 20,
        "tariff": tariff(9500, 5200, 7900, 3200, 2900, DUBLIN_CLASSES),
        "phone": "+353 20 910 0010", "address": "1 Example Quay, Dublin (invented address)",
    },
]

RESOURCE_COLUMNS = ["resource", "site", "kind", "solutions", "class", "label", "plate", "vin", "features", "energy",
                    "seats", "turnaround_minutes", "in_service_on", "out_of_service_on", "insurance_until",
                    "inspection_until", "odometer_km", "now.where", "now.key", "now.ready", "now.fuel_percent",
                    "now.charge_percent", "status"]

FOLGORE = {"grecale": 3, "granturismo": 3}  # every third of these is electric
NAMES = {"grecale": "Maserati Grecale", "levante": "Maserati Levante", "ghibli": "Maserati Ghibli",
         "quattroporte": "Maserati Quattroporte", "granturismo": "Maserati GranTurismo",
         "city": "Fiat 500e", "compact_suv": "Alfa Romeo Tonale"}
FLEET = {
    "LYO": {"grecale": 10, "levante": 6, "ghibli": 5, "quattroporte": 2, "granturismo": 3, "city": 4, "compact_suv": 4},
    "DUB": {"grecale": 6, "levante": 3, "ghibli": 3, "quattroporte": 1, "granturismo": 1, "city": 2, "compact_suv": 2},
}
BRAND = ("grecale", "levante", "ghibli", "quattroporte", "granturismo")


def plate(site, n):
    """French plates never use I, O, U; Irish ones have no third half-year: these can belong to nobody."""
    if site == "LYO":
        return f"{'IOU'[n % 3]}{'OUI'[n // 3 % 3]}-{101 + n * 7 % 899}-{'UIO'[n // 9 % 3]}{'IUO'[n // 27 % 3]}"
    return f"263-D-{10001 + n * 13}"


def car(site, klass, n, number):
    electric = klass == "city" or (klass in FOLGORE and n % FOLGORE[klass] == 2)
    return {
        "resource": f"{site}-{klass}-{n + 1:02}", "site": site, "kind": "car",
        "solutions": "loaner_brand" if klass in BRAND else "loaner_other", "class": klass,
        "label": f"{NAMES[klass]}{' Folgore' if electric and klass in BRAND else ''} {n + 1}",
        "plate": plate(site, number), "vin": f"{'ZAM' if klass in BRAND else 'ZAR'}DEMF1T0D{number + 100001:06}",
        "features": "winter_tyres" if number % 2 else "winter_tyres|tow_bar",
        "energy": "electric" if electric else "petrol", "seats": 1,
        "turnaround_minutes": 60 if klass in BRAND else 45,
        "in_service_on": f"J-{300 + number * 9}", "insurance_until": f"J+{120 + number * 5}",
        "inspection_until": f"J+{90 + number * 11}", "odometer_km": 2500 + number * 431,
        "now.where": "parc" if site == "LYO" else "yard", "now.key": f"K{number + 1:02}", "now.ready": "true",
        "now.fuel_percent": "" if electric else 100, "now.charge_percent": 90 if electric else "",
        "status": "active",
    }


def cars(site, first):
    number = first
    for klass, count in FLEET[site].items():
        for n in range(count):
            yield car(site, klass, n, number)
            number += 1


def others(site, chauffeurs, desks):
    legs = "pickup|delivery|pickup_delivery|accompanied_drive"
    for n in range(chauffeurs):
        yield {"resource": f"{site}-chauffeur-{n + 1}", "site": site, "kind": "chauffeur", "solutions": legs,
               "class": "chauffeur", "label": f"Chauffeur {n + 1}", "seats": 1, "turnaround_minutes": 0,
               "status": "active"}
    for n in range(desks):
        yield {"resource": f"{site}-desk-{n + 1}", "site": site, "kind": "desk", "solutions": "", "class": "desk",
               "label": f"{'Comptoir' if site == 'LYO' else 'Desk'} {n + 1}", "seats": 1, "turnaround_minutes": 0,
               "status": "active"}
    yield {"resource": f"{site}-shuttle", "site": site, "kind": "car", "solutions": "accompanied_drive",
           "class": "shuttle", "label": "Maserati Levante (navette)" if site == "LYO" else "Maserati Levante (shuttle)",
           "plate": plate(site, 90), "vin": f"ZAMDEMF1T0D{100091 if site == 'LYO' else 100092}", "energy": "petrol",
           "seats": 1, "turnaround_minutes": 0, "in_service_on": "J-400", "insurance_until": "J+300",
           "inspection_until": "J+300", "odometer_km": 31200, "status": "active"}
    yield {"resource": f"{site}-rental", "site": site, "kind": "allotment", "solutions": "rental", "class": "rental",
           "label": "Loueur partenaire (inventé)" if site == "LYO" else "Partner rental, on request (invented)",
           "seats": 3 if site == "LYO" else "null", "turnaround_minutes": 0, "status": "active"}


def resources():
    """40 Maserati and 12 other cars, 3 chauffeurs, 3 desks, a shuttle and an allotment a site."""
    rows = [*cars("LYO", 0), *others("LYO", 2, 2), *cars("DUB", 34), *others("DUB", 1, 1)]
    by_id = {row["resource"]: row for row in rows}
    by_id["LYO-levante-06"]["out_of_service_on"] = "J+20"  # goes to used-car sales in three weeks
    by_id["LYO-ghibli-05"]["inspection_until"] = "J+12"
    by_id["DUB-grecale-06"]["insurance_until"] = "J+16"
    by_id["LYO-city-04"]["in_service_on"] = "J-45"
    return rows
