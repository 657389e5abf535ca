# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""pack_tamper.py RELAIS PACK KEY FOLDER: every way below to change an audit pack is found, and named.

Whoever has no key leaves the signatures as they are; whoever signs all anew with a key of his own is found by the key
that was given elsewhere, and without it by the first fact that does not fit.
"""
import base64
import hashlib
import json
import pathlib
import subprocess
import sys

relais, pack, key, folder = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], pathlib.Path(sys.argv[4])
good = pack.read_bytes()
ORDER = [line.split()[-1] for line in subprocess.run(["tar", "-tf", pack], capture_output=True, text=True).stdout.splitlines()]
ORDER = [name.removeprefix("relais-pack/") for name in ORDER]


def head(name, size):
    block = bytearray(512)
    fields = {0: f"relais-pack/{name}", 100: "0000644", 108: "0000000", 116: "0000000", 124: f"{size:011o}"}
    for at, text in (fields | {136: "0" * 11, 148: " " * 8, 156: "0", 257: "ustar\0" + "00"}).items():
        block[at : at + len(text)] = text.encode()
    block[148:155] = f"{sum(block):06o}\0".encode()
    return bytes(block)


def unpacked():
    files, at = {}, 0
    for name in ORDER:
        size = int(good[at + 124 : at + 135], 8)
        files[name] = good[at + 512 : at + 512 + size]
        at += 512 + -(-size // 512) * 512
    return files


def packed(files, order=None):
    parts = []
    for name in order or files:
        parts += [head(name, len(files[name])), files[name], bytes(-len(files[name]) % 512)]
    return b"".join(parts) + bytes(1024)


assert packed(unpacked()) == good  # what is changed below is all that is changed


class Forger:
    """A key of somebody else's."""

    def __init__(self):
        self.secret = folder / "forger.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.secret], check=True)
        der = subprocess.run(["openssl", "pkey", "-in", self.secret, "-pubout", "-outform", "DER"], capture_output=True)
        self.open = b"\x01" + der.stdout[-32:]
        self.name = "relais/" + hashlib.sha256(self.open[1:]).hexdigest()[:16]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + self.open).digest()[:4]

    def key(self):
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.open).decode()}\n".encode()

    def note(self, text):
        (folder / "text").write_text(text)
        made = subprocess.run(
            ["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.secret, "-in", folder / "text"], capture_output=True
        )
        assert len(made.stdout) == 64
        return f"{text}\n— {self.name} {base64.b64encode(self.id + made.stdout).decode()}\n".encode()

    def sign(self, files):
        files["key"] = self.key()
        entries = files["journal.jsonl"].splitlines()
        _, size, digest = files["checkpoint"].decode().splitlines()[:3]
        if files.pop("also the end", None):
            last = json.loads(entries[-1])
            size, digest = last["event"]["seq"], base64.b64encode(bytes.fromhex(last["hash"])).decode()
        files["checkpoint"] = self.note(f"{self.name}/DUB\n{size}\n{digest}\n")
        add_up(files)
        sums = hashlib.sha256(files["SHA256SUMS"]).hexdigest()
        files["SHA256SUMS.note"] = self.note(f"{self.name} pack of DUB\n{sums}\n")


forger = Forger()


def add_up(files):
    names = [n for n in ORDER if not n.startswith("SHA256SUMS")]
    files["SHA256SUMS"] = "".join(f"{hashlib.sha256(files[n]).hexdigest()}  {n}\n" for n in names).encode()


def lines(files, name, change):
    rows = files[name].split(b"\n")[:-1]
    made = change(rows)
    rows = rows if made is None else made
    files[name] = b"".join(row + b"\n" for row in rows)


def put(row, old, new):
    assert old in row, old
    return row.replace(old, new, 1)


def first(old, new):
    def change(rows):
        at = next(i for i, row in enumerate(rows) if old in row)
        rows[at] = put(rows[at], old, new)

    return change


def chain_anew(files):
    def change(rows):
        before = json.loads(rows[0])["prev"]
        for i, row in enumerate(rows):
            event = row[len(b'{"event":') : row.rindex(b',"hash":"')]
            made = hashlib.sha256(bytes.fromhex(before) + event).hexdigest()
            rows[i] = b'{"event":' + event + f',"hash":"{made}","prev":"{before}"}}'.encode()
            before = made

    lines(files, "journal.jsonl", change)
    files["also the end"] = True


def terms_anew(files):
    """One decision dearer, wherever it stands: only deciding again can tell."""
    row = next(r for r in files["decisions.jsonl"].splitlines() if b'"decision":"free"' in r)
    terms = row[row.rindex(b',"terms":') + 1 : -1]
    value = json.loads(b"{" + terms + b"}")["terms"]["value_minor"]
    other = put(terms, b'"value_minor":%d' % value, b'"value_minor":%d' % (value + 100))
    for name in ("decisions.jsonl", "bookings.jsonl", "journal.jsonl"):
        files[name] = files[name].replace(terms, other)
    chain_anew(files)


def swap(a, b):
    order = list(ORDER)
    i, j = order.index(a), order.index(b)
    order[i], order[j] = order[j], order[i]
    return order


def signed_anew(name, change):
    def tamper(files):
        lines(files, name, change)
        forger.sign(files)

    return tamper


def unsigned(name, change, fix=False):
    def tamper(files):
        lines(files, name, change)
        if fix:
            add_up(files)

    return tamper


def with_key(files):
    forger.sign(files)


def rewritten(files):
    chain_anew(files)
    forger.sign(files)


def one_entry_rewritten(files):
    lines(files, "journal.jsonl", first(b'"status":"returned"', b'"status":"out"'))
    rewritten(files)


def priced_anew(files):
    terms_anew(files)
    forger.sign(files)


def tail_cut(files):
    lines(files, "journal.jsonl", lambda rows: rows[:-1])
    forger.sign(files)


def foreign_checkpoint(files):
    files["checkpoint"] = forger.note(f"{forger.name}/DUB\n7\n{base64.b64encode(bytes(32)).decode()}\n")
    add_up(files)


def at(place, byte):
    return good[:place] + byte + good[place + 1 :]


readme = 512 + int(good[124:135], 8)
WAYS = [
    ("cut in the middle", good[: len(good) // 2], "it is cut off"),
    ("cut at its end", good[:-1024], "it is cut off before its end"),
    ("a byte behind it", good + b"\0", "something stands behind its end"),
    ("another owner", at(110, b"7"), "the head of README.html, at byte 0"),
    ("another size", at(134, b"%d" % ((good[134] - 47) % 8)), "the head of README.html"),
    ("a byte in a gap", at(readme, b"x"), "something stands behind the end of README.html"),
    ("two files changed places", packed(unpacked(), swap("claims.csv", "bookings.jsonl")), "bookings.jsonl stands where"),
    ("a file left out", packed(unpacked(), [n for n in ORDER if n != "decisions.jsonl"]), "rulesets.jsonl stands where"),
    ("a file twice", packed(unpacked(), ORDER[:1] + ORDER), "README.html stands where"),
    ("an amount in the table", unsigned("claims.csv", first(b",EUR,", b",EUR,1")), "claims.csv is not what SHA256SUMS"),
    ("a finding taken away", unsigned("claims.jsonl", first(b'"findings":["AUD', b'"findings":["AUX')), "claims.jsonl is not"),
    ("another cover", unsigned("README.html", first(b"<h1>", b"<h1> ")), "README.html is not what SHA256SUMS"),
    ("an entry touched", unsigned("journal.jsonl", first(b'"by":"', b'"by":"x')), "journal.jsonl is not what SHA256SUMS"),
    ("sums made anew", unsigned("claims.csv", first(b",EUR,", b",EUR,1"), True), "SHA256SUMS.note: it does not sign"),
    ("a line more in the sums", unsigned("SHA256SUMS", lambda r: r + [r[0]]), "SHA256SUMS says more than it should"),
    ("a line less in the sums", unsigned("SHA256SUMS", lambda r: r[1:]), "SHA256SUMS: line 1 is not that of README.html"),
    ("another signature", unsigned("SHA256SUMS.note", lambda r: r[:-1] + [r[-1][:-4] + b"AAA="]), "SHA256SUMS.note:"),
    ("another key alone", unsigned("key", lambda r: [forger.key()[:-1]], True), "checkpoint: it is not signed with this key"),
    ("no key", unsigned("key", lambda r: [b"none"], True), "key: it is no public key"),
    ("a longer checkpoint", unsigned("checkpoint", lambda r: r[:1] + [r[1] + b"0"] + r[2:], True), "checkpoint: it is not"),
    ("a foreign checkpoint", foreign_checkpoint, "checkpoint: it is not signed with this key"),
    ("all signed anew, the key is known", with_key, "key: it is relais/"),
    ("an event altered", signed_anew("journal.jsonl", first(b'"by":"', b'"by":"x')), "altered: its hash does not fit"),
    ("an entry left out", signed_anew("journal.jsonl", lambda r: r[:5] + r[6:]), "journal.jsonl: line 6: it says it is entry"),
    ("entries changed places", signed_anew("journal.jsonl", lambda r: [r[1], r[0]] + r[2:]), "journal.jsonl: line 2"),
    ("an entry twice", signed_anew("journal.jsonl", lambda r: r[:3] + r[2:]), "journal.jsonl: line 4"),
    ("the tail cut off", tail_cut, "it does not end with the entry that the checkpoint signs"),
    ("one event rewritten and chained anew", one_entry_rewritten, "is not what the journal's entries make of"),
    ("a booking altered", signed_anew("bookings.jsonl", first(b'"status":"returned"', b'"status":"out"')), "bookings.jsonl: line 1"),
    ("a booking left out", signed_anew("bookings.jsonl", lambda r: r[1:]), "decisions.jsonl: line"),
    ("a booking twice", signed_anew("bookings.jsonl", lambda r: r + r[:1]), "stands there twice"),
    ("an amount claimed", signed_anew("claims.jsonl", first(b'"amount_minor":', b'"amount_minor":1')), "claims.jsonl: line 1 is not"),
    ("a claim left out", signed_anew("claims.jsonl", lambda r: r[:-1]), "claims.jsonl: line"),
    ("a claim twice", signed_anew("claims.jsonl", lambda r: r + r[-1:]), "is of no loan in the pack"),
    ("a table that says otherwise", signed_anew("claims.csv", first(b",EUR,", b",EUR,1")), "claims.csv: row 2 is not line 1"),
    ("inputs altered", signed_anew("decisions.jsonl", first(b'"odometer_km":', b'"odometer_km":1')), "the decision of booking"),
    ("a decision left out", signed_anew("decisions.jsonl", lambda r: r[1:]), "the decision of booking"),
    ("a decision more", signed_anew("decisions.jsonl", lambda r: r + r[-1:]), "is in no entry of the journal"),
    ("other rules", signed_anew("rulesets.jsonl", first(b'"title":"', b'"title":"x')), "its rule set is not in the pack"),
    ("no rules", signed_anew("rulesets.jsonl", lambda r: []), "its rule set is not in the pack"),
    ("a price rewritten everywhere", priced_anew, "deciding again gives other terms"),
]

for name, way, expected in WAYS:
    if callable(way):
        files = unpacked()
        way(files)
        way = packed(files)
    assert way != good, name
    (folder / "tampered.tar").write_bytes(way)
    command = [relais, "audit", "verify", folder / "tampered.tar"] + (["--key", key] if "key is known" in name else [])
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 1 and expected in run.stdout, f"{name}: {run.returncode}: {run.stdout}{run.stderr}"
files = unpacked()
forger.sign(files)
(folder / "tampered.tar").write_bytes(packed(files))
run = subprocess.run([relais, "audit", "verify", folder / "tampered.tar"], capture_output=True, text=True)
assert run.returncode == 0 and forger.name in run.stdout, run.stdout  # the forger is good at it
print(f"tampered with in {len(WAYS)} ways, each named")
