# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""An invented rule set: names, amounts and limits are nobody's terms."""

CARS = ("loaner_brand", "loaner_other", "rental")
TRIPS = ("pickup_delivery", "pickup", "delivery", "taxi", "accompanied_drive", "public_transport")


def benefit(code, more_than=0, **limits):
    return {"cost_code": code, "more_than_minutes": more_than, "overnight_required": False,
            "immobile_required": False, "from_day": 1, "max_days": None, "day_count": "rental_day",
            "max_per_day": None, "max_amount": None, "max_distance_km": None, **limits}


def programme(id, name, kind, payer, priority, job_types, benefits, **more):
    return {"id": id, "name": name, "kind": kind, "payer": payer, "priority": priority,
            "reference": {"title": f"{name} (invented terms)", "version": "demo", "article": str(priority)},
            "requires_coverage": True, "markets": ["EU"], "months": None, "odometer_limit_km": None,
            "transferable": True, "continues_after_expiry": True, "voided_by_lock": False,
            "needs_open_campaign": False, "needs_claim_ref": False, "segments": None, "max_uses": None,
            "job_types": job_types, "benefits": benefits, **more}


REPAIRS = ["warranty_repair", "service_campaign"]
ANY_WORK = ["maintenance", "warranty_repair", "service_campaign", "customer_pay_repair"]

PROGRAMMES = [
    programme("SAFE-ACTION", "Mobility during a safety action", "recall", "manufacturer", 10, ["recall"], {
        "loaner_brand": benefit("D24", 90), "rental": benefit("D24", 90, max_per_day=6800),
        "taxi": benefit("D24", max_amount=7500)}, requires_coverage=False, needs_open_campaign=True),
    programme("LAW-STANDBY", "Standby car by law", "statutory", "dealer", 15, ["warranty_repair"], {
        "loaner_other": benefit("DLAW", 7200, from_day=6)}, markets=["CN"], months=36, odometer_limit_km=60000),
    programme("NEW36", "New car warranty, 36 months", "manufacturer_warranty", "manufacturer", 20, REPAIRS, {
        "loaner_brand": benefit("D75", 210, max_days=4), "rental": benefit("D75", 210, max_days=4, max_per_day=7000,
                                                                          excess_payer="dealer"),
        "taxi": benefit("D75", max_amount=12000)}, months=36, voided_by_lock=True),
    programme("NEW48-GULF", "New car warranty of another market", "manufacturer_warranty", "manufacturer", 21, REPAIRS, {
        "loaner_brand": benefit("D77", 0, max_days=8)}, markets=["GCC"], months=48, odometer_limit_km=100000,
        voided_by_lock=True),
    programme("ROAD36", "Roadside mobility", "roadside_assistance", "manufacturer", 30,
              ["warranty_repair", "customer_pay_repair"], {
        "rental": benefit("D79", 240, immobile_required=True, max_days=3, max_per_day=6500),
        "taxi": benefit("D79", immobile_required=True, max_amount=11000)}, months=36, voided_by_lock=True),
    programme("CERT12", "Certified used car, 12 months or 110,000 km", "certified_pre_owned", "programme", 40,
              ["warranty_repair"], {
        "loaner_other": benefit("D25", 240, max_days=3), "rental": benefit("D25", 240, max_days=3, max_per_day=6000)},
        months=12, odometer_limit_km=110000, voided_by_lock=True),
    programme("EXT24", "Extended warranty without mobility", "extended_warranty", "programme", 50, ["warranty_repair"],
              {}, months=24, odometer_limit_km=150000, voided_by_lock=True),
    programme("EXT24-PLUS", "Extended warranty with mobility", "extended_warranty", "programme", 51,
              ["warranty_repair"], {
        "loaner_brand": benefit("D36", 240, max_days=2, max_per_day=8000, excess_payer="ask"),
        "rental": benefit("D36", 240, max_days=3, max_per_day=6500)}, months=24, odometer_limit_km=150000,
        voided_by_lock=True),
    programme("FETCH36", "Fetch and bring back", "mobility_programme", "manufacturer", 60,
              ["maintenance", "warranty_repair", "recall", "service_campaign"], {
        "pickup": benefit("D78", max_distance_km=50), "delivery": benefit("D78", max_distance_km=50),
        "pickup_delivery": benefit("D78", max_distance_km=50)}, months=36),
    programme("RELAIS12", "Loaner programme of the first owner", "mobility_programme", "programme", 70, ANY_WORK, {
        "loaner_brand": benefit("D76", 120, max_days=2), "taxi": benefit("D76", max_amount=5500)}, months=12,
        transferable=False, continues_after_expiry=False, max_uses=3),
    programme("TAXI12", "Taxi programme", "mobility_programme", "programme", 71, ANY_WORK, {
        "taxi": benefit("D76", max_amount=4200), "public_transport": benefit("D76")}, months=12),
    programme("INSURER", "Replacement car of the insurer", "insurance", "insurer", 80, ["bodywork_insurance"], {
        "rental": benefit("DINS", max_days=7), "loaner_other": benefit("DINS", max_days=7),
        "loaner_brand": benefit("DINS", max_days=7, max_per_day=7000)}, needs_claim_ref=True),
    programme("HOUSE-VIP", "Courtesy of the house", "dealer_policy", "dealer", 90,
              ["maintenance", "customer_pay_repair", "warranty_repair"], {
        "loaner_other": benefit("DDLR", 120, max_days=1), "loaner_brand": benefit("DDLR", 120, max_days=1)},
        requires_coverage=False, markets=["EU", "GCC", "CN"], segments=["vip"]),
]


def paper(who, original, fr, en):
    return {"who": who, "original": original, "names": {"fr": fr, "en": en}}


RULESET = {
    "version": "demo-1",
    "valid_from": "2025-01-01",
    "solution_order": [*CARS, *TRIPS],
    "job_types": ["warranty_repair", "maintenance", "recall", "service_campaign", "customer_pay_repair",
                  "bodywork_insurance", "goodwill_repair"],
    "segments": ["private", "company", "vip"],
    "driver_limits": {
        "loaner_brand": {"min_age": 25, "min_licence_years": 3, "classes": {
            "granturismo": {"min_age": 30, "min_licence_years": 5}}},
        "loaner_other": {"min_age": 21, "min_licence_years": 2},
        "rental": {"min_age": 21, "min_licence_years": 1, "max_age": 80},
    },
    "programmes": PROGRAMMES,
    "documents": {
        "driving_licence": paper("customer", True, "votre permis de conduire", "your driving licence"),
        "identity_document": paper("customer", True, "une pièce d'identité", "an identity document"),
        "vehicle_registration": paper("customer", True, "votre carte grise", "your registration document"),
        "payment_card": paper("customer", True, "une carte bancaire à votre nom", "a payment card in your name"),
        "loan_agreement": paper("dealer", True, "le contrat de prêt", "the loan agreement"),
        "rental_agreement": paper("dealer", True, "le contrat de location", "the rental agreement"),
        "handover_sheet": paper("dealer", False, "la fiche de prise en charge", "the hand-over sheet"),
    },
    "documents_by_solution": {
        "loaner_brand": ["driving_licence", "vehicle_registration", "identity_document", "loan_agreement"],
        "loaner_other": ["driving_licence", "vehicle_registration", "identity_document", "loan_agreement"],
        "rental": ["driving_licence", "vehicle_registration", "identity_document", "payment_card", "rental_agreement"],
        "pickup_delivery": ["vehicle_registration", "handover_sheet"],
        "pickup": ["vehicle_registration", "handover_sheet"],
        "delivery": ["vehicle_registration", "handover_sheet"],
        "taxi": ["vehicle_registration"],
        "accompanied_drive": ["vehicle_registration"],
        "public_transport": ["vehicle_registration"],
    },
    "claim_profiles": [
        {
            "id": "ZAM-EU",
            "vin_prefixes": ["ZAM"],
            "markets": ["EU"],
            "payers": ["manufacturer"],
            "requires": ["ro_closed", "ro_odometer", "loan_odometer_out", "loan_odometer_in", "claim_number"],
        }
    ],
    "condition_rules": [
        {"when": "solution in loaner_brand, loaner_other, rental", "key": "return_on_completion"},
        {"when": "solution in loaner_brand, loaner_other, rental", "key": "fuel_tolls_fines_customer"},
        {"when": "solution = rental", "key": "card_deposit"},
        {"when": "solution in loaner_brand, loaner_other, rental and driver not given", "key": "driver_check_pending"},
        {"when": "decision = partly_free", "key": "excess_charged_to_customer"},
        {"when": "decision = paid", "key": "price_agreed_before_departure"},
        {"when": "solution in taxi, public_transport and value_minor > 0", "key": "original_receipt_required"},
        {"when": "a covered row used authorisation extra days", "key": "authorisation_reference_on_claim"},
    ],
}
