#!/usr/bin/env python3
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""A mail server and a gateway for text messages on loopback, and relais beside them. Customers are booked for tomorrow:
each is told once by the channel he prefers, in his language, whatever happens in between: the mail server refuses for
now and for good, is away, relais is killed after the hand-over and before its entry; a repeat has the first one's
Message-ID. Who prefers the telephone is a call. The address in the message takes his word, once he has seen the time.
Needs RELAIS_BIN and RELAIS_ROOT."""
import asyncio, base64, collections, datetime, email, email.policy, http.server, json, os, pathlib, re, signal
import subprocess, sys, tempfile, threading, time, urllib.error, urllib.parse, urllib.request
from aiosmtpd.controller import Controller
from icalendar import Calendar

RELAIS, ROOT = os.environ["RELAIS_BIN"], pathlib.Path(os.environ["RELAIS_ROOT"])
folder = tempfile.TemporaryDirectory()
DIR = pathlib.Path(folder.name)


class Mails:
    """What the mail server was handed, and what it does next."""

    def __init__(self):
        self.mode, self.took, self.held = "take", [], threading.Event()
        self.refused = collections.Counter()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.mode in ("later", "never"):
            self.refused[address] += 1
            return "451 4.7.1 come back" if self.mode == "later" else "550 5.1.1 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.took.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.mode == "hold":
            self.held.set()
            await asyncio.sleep(3600)
        return "250 OK"

    def of(self, address):
        return [m for m in self.took if m["to"] == f"<{address}>" or address in m["to"]]


class Gateway(http.server.BaseHTTPRequestHandler):
    took = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body["key"], body["by"] = self.headers["idempotency-key"], self.headers["authorization"]
        self.took.append(body)
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        pass


mails = Mails()
post_office = Controller(mails, hostname="127.0.0.1", port=0)


def start_mail(port):
    """aiosmtpd asks its own port when it starts, so the port is chosen first."""
    global post_office
    post_office = Controller(mails, hostname="127.0.0.1", port=port)
    post_office.start()


def free_port():
    import socket

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


mail_port = free_port()
start_mail(mail_port)
gateway = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()


def until(what, so):
    """Waits for the world; the test's own time ends what never comes."""
    while True:
        got = so()
        if got:
            return got
        threading.Event().wait(0.05)


# ---- a site where it is morning, so that what is due by noon is due now ----

utc = datetime.datetime.now(datetime.timezone.utc)
ahead = (8 - utc.hour) % 24
ahead = ahead if ahead <= 14 else ahead - 24
ahead = max(-12, ahead)
zone = "Etc/GMT" if ahead == 0 else f"Etc/GMT{'-' if ahead > 0 else '+'}{abs(ahead)}"
local = utc + datetime.timedelta(hours=ahead)
tomorrow = (local + datetime.timedelta(days=1)).date()
site = json.loads((ROOT / "deploy/demo/sites.json").read_text())[0]
site.update(time_zone=zone, special_days=[], holidays=[], opening=[{"days": [1, 2, 3, 4, 5, 6, 7], "from": "00:30", "until": "23:30"}],
            deadlines=[{"rule": "CIT-6.2", "on": True}])
site.pop("immobilisation_suspends", None)
(DIR / "sites.json").write_text(json.dumps([site]))

header = "customer,segment,language,preferred_channel,person.name,person.title,person.phone,person.email\n"
people = [("M1", "fr", "email"), ("M2", "it", "email"), ("M3", "en", "sms"), ("M4", "en", "phone"), ("M5", "en", "email"),
          ("M6", "en", "email"), ("M7", "fr", "email")]
rows = [f"{c},private,{l},{ch},Test Été {c},Mme,+33 6 39 98 01 0{c[1]},{c.lower()}@example.org" for c, l, ch in people]
(DIR / "customers.csv").write_text(header + "\n".join(rows) + "\n")
for kind, file in (("sites", DIR / "sites.json"), ("rulesets", ROOT / "deploy/demo/ruleset.json"), ("customers", DIR / "customers.csv")):
    subprocess.run([RELAIS, "import", "--data", DIR / "data", kind, file], check=True, stdout=subprocess.DEVNULL)
token = subprocess.run([RELAIS, "token", "create", "--data", DIR / "data", "--name", "admin", "--role", "admin"],
                       check=True, capture_output=True, text=True).stdout.strip()

# ---- relais ----

(DIR / "sms-token").write_text("gateway-token\n")
os.chmod(DIR / "sms-token", 0o600)
server = None
log = open(DIR / "log", "ab")


def serve():
    global server, url
    (DIR / "conf").write_text(f"""data = {DIR}/data
listen = 127.0.0.1:0
public.url = https://loan.example
smtp.url = smtp://127.0.0.1:{mail_port}
smtp.from = desk@dealer.example
smtp.plain = 1
sms.url = http://127.0.0.1:{gateway.server_port}/send
sms.token_file = {DIR}/sms-token
sms.private = 1
""")
    server = subprocess.Popen([RELAIS, "serve", "--config", DIR / "conf"], stdout=subprocess.PIPE, stderr=log, text=True)
    url = server.stdout.readline().split()[-1]


def call(method, path, body=None, key=None, plain=False):
    headers = {"Authorization": f"Bearer {token}"} if not plain else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    if key:
        headers["Idempotency-Key"] = key
    request = urllib.request.Request(url + path, json.dumps(body).encode() if body is not None else (b"" if method == "POST" else None),
                                     headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            text = answer.read().decode()
            return answer.status, text
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def metric(name):
    return int(re.search(rf"^{name} (\d+)$", call("GET", "/metrics", plain=True)[1], re.M)[1])


def book(customer, hour):
    at = f"{tomorrow}T{hour:02d}:00"
    status, text = call("POST", "/v1/offers", {"site": "LYO", "customer": customer, "drop_off_at": at, "distance_km": 5,
                                              "jobs": [{"type": "customer_pay_repair", "immobilisation_minutes": 60}]})
    assert status == 200, text
    status, text = call("POST", "/v1/bookings", {"offer": json.loads(text)["offer"], "solution": "taxi", "customer": customer}, f"book-{customer}-{hour}")
    assert status == 201, text
    return json.loads(text)


def tasks(status):
    return [t for t in json.loads(call("GET", f"/v1/tasks?site=LYO&status={status}")[1])["items"] if t["kind"] == "confirm"]


def task_of(customer, status):
    return next((t for t in tasks(status) if t["customer"] == customer), None)


# ---- each by his channel, once ----

serve()
booked = {c: book(c, 9 + i) for i, (c, _, _) in enumerate(people[:4])}
until("M1", lambda: task_of("M1", "done"))
until("M2", lambda: task_of("M2", "done"))
until("M3", lambda: task_of("M3", "done"))
mail = mails.of("m1@example.org")[0]
assert mail["from"] == "desk@dealer.example" and mail["auto-submitted"] == "auto-generated"
assert mail["subject"] == f"Votre rendez-vous du {tomorrow:%d/%m/%Y} à 09:00", mail["subject"]
body = mail.get_body().get_content()
assert "Mme Test Été M1," in body and booked["M1"]["number"] in body and "{" not in body, body
link = re.search(r"https://loan\.example(/c/\S+)", body)[1]
part = next(p for p in mail.iter_attachments())
event = next(e for e in Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT"))
assert event["uid"] == f"{booked['M1']['booking']}@relais" and part.get_content_type() == "text/calendar"
assert event["dtstart"].dt == datetime.datetime.fromisoformat(booked["M1"]["from"])
assert "Il Suo appuntamento" in mails.of("m2@example.org")[0]["subject"]
sms = Gateway.took[0]
assert sms["to"] == "+33639980103" and sms["by"] == "Bearer gateway-token" and sms["key"] == sms["id"]
assert f"reservation {booked['M3']['number']}" in sms["text"], sms
assert task_of("M1", "done")["message"]["message"] + "@dealer.example" in mail["message-id"]
# who prefers the telephone is a call for a person, and no message
assert "message" not in task_of("M4", "open")

# ---- his own word ----

status, page = call("GET", link, plain=True)
assert status == 200 and 'lang="fr"' in page and "Oui, je viens" in page and "M1" not in page, page
action = re.search(r'action="([^"]+)"', page)[1].replace("&amp;", "&")
assert call("POST", link, plain=True)[0] == 400
status, page = call("POST", action, plain=True)
assert status == 200 and "Merci" in page and "<form" not in page, page
assert json.loads(call("GET", f"/v1/bookings/{booked['M1']['booking']}")[1])["customer_confirmed"]["by"] == "customer"
assert call("POST", action, plain=True)[0] == 200
assert call("GET", link[:-1] + ("0" if link[-1] != "0" else "1"), plain=True)[0] == 404
link2 = re.search(r"https://loan\.example(/c/\S+)", mails.of("m2@example.org")[0].get_body().get_content())[1]
old = re.search(r'action="([^"]+)"', call("GET", link2, plain=True)[1])[1].replace("&amp;", "&")
status, text = call("POST", f"/v1/bookings/{booked['M2']['booking']}/reschedule",
                    {"from": f"{tomorrow}T15:00", "until": f"{tomorrow}T16:00"}, "later")
assert status == 200, text
status, page = call("POST", old, plain=True)
assert status == 200 and "cambiato" in page and "15:00" in page, page
# and is told of the other time
until("M2 again", lambda: len(mails.of("m2@example.org")) == 2)
again = mails.of("m2@example.org")
assert "15:00" in again[1]["subject"] and again[0]["message-id"] != again[1]["message-id"]
# whoever guesses is soon no longer answered
guesses = [call("GET", f"/c/{booked['M4']['booking']}.29400000.{i:032x}", plain=True)[0] for i in range(60)]
assert guesses[0] == 404 and guesses[-1] == 429, guesses

# ---- the mail server refuses: for now, and for good ----

mails.mode = "later"
book("M5", 14)
until("a refusal", lambda: mails.refused["m5@example.org"])
until("counted", lambda: metric("relais_messages_tries_failed_total") >= 1)
assert "a message to a customer was not taken: the mail server answered 451" in call("GET", "/status", plain=True)[1]
assert task_of("M5", "open")["message"]["status"] == "waiting"
mails.mode = "take"
until("M5", lambda: task_of("M5", "done"))
mails.mode = "never"
book("M6", 15)
failed = until("M6", lambda: (task_of("M6", "open") or {}).get("message", {}).get("status") == "failed" and task_of("M6", "open"))
assert failed["message"]["why"] == "the mail server answered 550", failed
assert metric("relais_messages_failed_total") == 1 and not mails.of("m6@example.org")
mails.mode = "take"

# ---- killed between the hand-over and its entry ----

mails.mode = "hold"
book("M7", 16)
mails.held.wait()
server.send_signal(signal.SIGKILL)
server.wait()
post_office.stop()
mails.mode = "take"
serve()  # while the mail server is away
until("away", lambda: metric("relais_messages_tries_failed_total") >= 1)
start_mail(mail_port)
until("M7", lambda: task_of("M7", "done"))
twice = mails.of("m7@example.org")
assert len(twice) == 2 and twice[0]["message-id"] == twice[1]["message-id"], [m["message-id"] for m in twice]
assert twice[0].as_bytes() == twice[1].as_bytes()

# ---- nothing of it in clear, and nothing left of who is erased ----

server.terminate()
assert server.wait() == 0
journal = subprocess.run([RELAIS, "export", "--data", DIR / "data", "--site", "LYO"], capture_output=True, text=True)
kept = b"".join(p.read_bytes() for p in (DIR / "data").rglob("*") if p.is_file()) + (DIR / "log").read_bytes()
for word in (b"example.org", "Test Été".encode(), b"loan.example"):
    assert word not in kept, word
assert subprocess.run([RELAIS, "verify", "--data", DIR / "data"], capture_output=True).returncode == 0
said = (DIR / "log").read_text()
assert "Sanitizer" not in said and "runtime error" not in said, said
post_office.stop()
gateway.shutdown()
print(f"{len(mails.took)} e-mails, {len(Gateway.took)} text messages, {sum(mails.refused.values())} refusals")
