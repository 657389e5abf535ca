# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""A small invented house, and clients that book there and write down what they asked and were told."""
import datetime
import http.client
import json
import threading
import time

from nodes import until

BENEFIT = {"cost_code": "75", "overnight_required": False, "immobile_required": False, "from_day": 1, "day_count": "rental_day",
           "max_per_day": None, "max_distance_km": None}
SITE = {
    "name": "House of tests (invented)", "time_zone": "Europe/Paris", "market": "EU", "currency": "EUR", "locale": "en",
    "grace_minutes": 59, "opening": [{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:00", "until": "24:00"}],
    "handover_minutes": 15, "return_minutes": 15, "offer_minutes": 1440, "max_service_distance_km": 80,
    "accompanied_max_km": 25, "phone": "+33 4 65 71 00 99", "address": "9 rue de l'Essai, 69000 Lyon",
    "tariff": {"loaner_brand": {"unit": "day", "price": 9000}, "taxi": {"unit": "trip", "trips": 2, "price": 2600}}}
RULES = {
    "valid_from": "2020-01-01", "solution_order": [
        "loaner_brand", "loaner_other", "rental", "pickup_delivery", "pickup", "delivery", "taxi", "accompanied_drive",
        "public_transport"],
    "job_types": ["warranty_repair", "maintenance"], "segments": ["private", "company", "vip"], "driver_limits": {},
    "documents_by_solution": {}, "condition_rules": [], "programmes": [{
        "id": "TESTWAR", "name": "Test warranty", "kind": "manufacturer_warranty", "payer": "manufacturer", "priority": 10,
        "requires_coverage": True, "markets": ["EU"], "months": 240, "odometer_limit_km": None, "transferable": True,
        "continues_after_expiry": True, "voided_by_lock": True, "needs_open_campaign": False, "needs_claim_ref": False,
        "segments": None, "max_uses": None, "job_types": ["warranty_repair"], "benefits": {
            "loaner_brand": {**BENEFIT, "more_than_minutes": 210, "max_days": 4, "max_amount": None},
            "taxi": {**BENEFIT, "more_than_minutes": 0, "max_days": None, "max_amount": 12000}}}]}
PERSON = {"name": "Keeper Number1", "birth_on": "1980-04-12", "licence": {"categories": [{"code": "B", "since": "1999-06-01"}]}}
SLOT_H, SLOTS, TRIES_S, PAUSE_S = 4, 900, 150, 0.05


def resource(kind, solution, group, seats):
    return {"site": "LYO", "kind": kind, "solutions": [solution], "class": group, "label": group, "seats": seats,
            "turnaround_minutes": 60 if kind == "car" else 0, "status": "active"}


class Clients:
    def __init__(self, history, servers):
        self.file = open(history, "w", encoding="utf-8")
        self.lock = threading.Lock()
        self.servers = servers
        self.made = 0
        self.asked = {}  # key -> body
        self.booked = {}  # key -> what its last yes was
        self.going = False
        self.threads = []
        self.faults = []

    def ask(self, server, method, path, key="", body=None, min_seq=""):
        """One request; (status, headers, answer), status 0 where nothing came."""
        head = {"Authorization": server.bearer, "Content-Type": "application/json"}
        head.update({"Idempotency-Key": key} if key else {})
        head.update({"Relais-Min-Seq": min_seq} if min_seq else {})
        status, headers, answer = 0, {}, {}
        began = time.monotonic_ns()
        connection = http.client.HTTPConnection(server.address, 8080, timeout=20)
        try:
            connection.request(method, path, json.dumps(body) if body else None, head)
            said = connection.getresponse()
            text = said.read()
            status, headers = said.status, {k.lower(): v for k, v in said.getheaders()}
            answer = json.loads(text) if text[:1] == b"{" else {}
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        if key or method == "GET":
            line = {"server": server.name, "invoked_ns": began, "answered_ns": time.monotonic_ns(), "by": "tester",
                    "site": "LYO", "method": method, "path": path, "key": key, "min_seq": min_seq, "body": body,
                    "status": status, "seq": headers.get("relais-seq", ""),
                    "replayed": "idempotency-replayed" in headers, "answer": answer}
            with self.lock:
                self.file.write(json.dumps(line) + "\n")
        return status, headers, answer

    def fill(self):
        def put(path, body):
            status, _, answer = self.ask(self.servers[0], "PUT", path, body=body)
            if status != 201:
                raise SystemExit(f"PUT {path}: {status} {answer}")
        put("/v1/sites/LYO", SITE)
        put("/v1/rulesets/house-1", RULES)
        put("/v1/resources/SOLO", resource("car", "loaner_brand", "solo", 1))
        put("/v1/resources/TAXIS", resource("allotment", "taxi", "taxi", None))
        for desk in ("DESK-1", "DESK-2"):
            put(f"/v1/resources/{desk}", resource("desk", "loaner_brand", "desk", 1))
        put("/v1/customers/K1", {"segment": "private", "language": "en", "preferred_channel": "phone", "person": PERSON})
        put("/v1/vehicles/ZAMTESTC1T0000001", {
            "model": "Grecale", "owner": "K1", "odometer_km": 10000, "cover_checked": {"at": "2025-01-01T09:00:00Z"},
            "coverages": [{"programme": "TESTWAR", "start_on": "2024-05-02"}]})
        now = datetime.datetime.now(datetime.timezone.utc).replace(minute=0, second=0, microsecond=0)
        self.first = now + datetime.timedelta(hours=48)
        status, head, answer = self.ask(self.servers[0], "POST", "/v1/offers", body={
            "site": "LYO", "vin": "ZAMTESTC1T0000001", "drop_off_at": self.first.isoformat(),
            "jobs": [{"type": "warranty_repair", "immobilisation_minutes": 480}]})
        if status != 200:
            raise SystemExit(f"no offer: {status} {answer}")
        self.offer = answer["offer"]
        for server in self.servers:  # which follow the house in their own time
            until(f"{server.name} has the house",
                  lambda server=server: self.ask(server, "GET", "/v1/sites/LYO", min_seq=head["relais-seq"])[0] == 200)

    def order(self):
        """A new key and what it asks for: rides, and of three one for the one car, at a time that two ask for."""
        with self.lock:
            n = self.made
            self.made += 1
        solo = n % 3 == 0 and n // 6 < SLOTS
        start = self.first + datetime.timedelta(hours=SLOT_H * (n // 6 if solo else n % SLOTS))
        body = {"offer": self.offer, "solution": "loaner_brand" if solo else "taxi", "from": start.isoformat(),
                "until": (start + datetime.timedelta(hours=2)).isoformat(), "accept_customer_minor": 99999999}
        if solo:
            body["class"] = "solo"
        key = f"order-{n}"
        self.asked[key] = body
        return key

    def insist(self, key, first=0):
        """Asks one server after the other until one knows."""
        end = time.monotonic() + TRIES_S
        turn = first
        while time.monotonic() < end:
            server = self.servers[turn % len(self.servers)]
            status, headers, answer = self.ask(server, "POST", "/v1/bookings", key, self.asked[key])
            if status == 201:
                self.booked[key] = answer["booking"], headers["relais-seq"], server
            if status in (201, 409):
                return status
            if status not in (0, 503):
                self.faults.append(f"{key}: {status} {answer}")
                return status
            turn += 1
            time.sleep(PAUSE_S)
        self.faults.append(f"{key}: nobody knows")
        return 0

    def look(self, key, server):
        booking, seq, _ = self.booked[key]
        self.ask(server, "GET", f"/v1/bookings/{booking}", min_seq=seq)

    def client(self, number):
        turn = number
        while self.going:
            key = self.order()
            if self.insist(key, turn) == 201 and turn % 3 == 0:
                self.look(key, self.servers[(turn + 1) % len(self.servers)])
            turn += 1

    def go(self, count):
        self.going = True
        self.threads = [threading.Thread(target=self.client, args=(n,), daemon=True) for n in range(count)]
        for thread in self.threads:
            thread.start()

    def pause(self):
        self.going = False
        for thread in self.threads:
            thread.join()

    def again(self):
        """Whatever was asked for, asked of all."""
        for key in self.asked:
            for n in range(len(self.servers)):
                self.insist(key, n)
        self.file.flush()
