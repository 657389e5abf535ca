#!/usr/bin/env python3
# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""Hears webhooks on loopback: webhook.py SECRET_FILE HEARD MODE_FILE. Prints its port; each message with a good
signature is a line of HEARD: what it did, its id, its type, its bookings. MODE_FILE says what it does: answer, refuse
(500), move (307), hang up once it has heard, or hold until the other side is gone."""
import base64, hashlib, hmac, http.server, json, pathlib, sys, time

secret, heard, mode_file = map(pathlib.Path, sys.argv[1:])


class Hears(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        mode = mode_file.read_text().strip()
        key = base64.b64decode(secret.read_text().strip().removeprefix("whsec_"))
        body = self.rfile.read(int(self.headers["content-length"]))
        name, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        mac = hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
        good = self.headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
        good = good and abs(int(at) - time.time()) < 300
        told = json.loads(body)
        bookings = [f"{r['booking']}={r['status']}" for r in told["data"].get("changed", []) if r["kind"] == "booking"]
        entry = f"{told['data'].get('site')}-{told['data'].get('entry')}"
        good = good and (name == entry or (told["type"] == "relais.test" and name.startswith("test-")))
        with heard.open("a") as f:
            print(mode if good else "FORGED", name, told["type"], *bookings, file=f)
        if mode == "hold":
            self.connection.recv(1)
        elif mode != "hang":
            self.send_response({"answer": 204, "refuse": 500, "move": 307}[mode])
            if mode == "move":
                self.send_header("location", "/elsewhere")
            self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hears)
print(server.server_port, flush=True)
server.serve_forever()
