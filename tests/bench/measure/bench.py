# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""What one run of the benchmarks has in hand: programs of the build, a scratch folder, processes that end
with it, and the figures noted so far."""
import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
READY_S = 120


class Broken(Exception):
    """A result that is wrong; being slow never is."""


class Bench:
    def __init__(self, build, quick):
        self.build = pathlib.Path(build).resolve()
        self.quick = quick
        self.figures = {}  # name -> (unit, [value of each round])
        self.notes = []
        self.exits = contextlib.ExitStack()
        self.tmp = pathlib.Path(self.exits.enter_context(tempfile.TemporaryDirectory(prefix="relais-bench-")))
        self.log = self.exits.enter_context(open(self.tmp / "said", "a", encoding="utf-8"))
        self.tmp.chmod(0o755)  # the database's user looks at its own folder in it

    def close(self):
        self.exits.close()

    def program(self, name):
        for folder in ("tests", "server"):
            path = self.build / folder / name
            if path.exists():
                return str(path)
        raise Broken(f"there is no {name} in {self.build}")

    def note(self, name, value, unit):
        self.figures.setdefault(name, (unit, []))[1].append(float(value))
        print(f"    {name} {float(value):.6g} {unit}", flush=True)

    def note_lines(self, text):
        """Lines "name value unit" of a program."""
        for line in text.splitlines():
            name, value, unit = line.split()
            self.note(name, value, unit)

    def say(self, sentence):
        print(sentence, flush=True)

    # ---- programs ----

    def run(self, *argv, timeout=1800, **more):
        done = subprocess.run([str(a) for a in argv], stdout=subprocess.PIPE, timeout=timeout, text=True,
                              **{"stderr": self.log, **more})
        if done.returncode != 0:
            self.log.flush()
            raise Broken(f"{pathlib.Path(argv[0]).name} ended with {done.returncode}: "
                         + (self.tmp / "said").read_text(encoding="utf-8")[-2000:])
        return done.stdout

    def start(self, *argv, env=None):
        """A server that says its URL on its first line; the process, its port, and how long that took."""
        begin = time.monotonic()
        process = subprocess.Popen([str(a) for a in argv], stdout=subprocess.PIPE, text=True,
                                   stderr=self.log, env={**os.environ, **(env or {})})
        self.exits.callback(self.stop, process, signal.SIGKILL)
        if not select.select([process.stdout], [], [], READY_S)[0]:
            raise Broken(f"{argv[0]} does not serve")
        line = process.stdout.readline()
        ready_s = time.monotonic() - begin
        port = re.search(r":(\d+)", line)
        if not port:
            raise Broken(f"{argv[0]} said {line!r}")
        return process, int(port.group(1)), ready_s

    @staticmethod
    def stop(process, number=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(number)
            process.wait(timeout=60)

    def load(self, port, seconds, **options):
        """tests/bench/load: its figures by name. Whatever is no 2xx and no refusal breaks the run."""
        argv = [self.program("load"), "--port", port, "--seconds", seconds]
        for name, value in options.items():
            argv += ["--" + name.replace("_", "-")] + ([] if value is True else [value])
        said = self.run(*argv)
        figures = {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", said)}
        if figures["other"] or figures["lost"]:
            raise Broken(f"load: {said}")
        return figures


def exchange(connection, method, path, body, headers):
    """Once more where the server had closed what lay idle."""
    for last in (False, True):
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        except (http.client.RemoteDisconnected, ConnectionError):
            connection.close()
            if last:
                raise
    return None


class Relais:
    """The real program over a directory, and an admin's token."""

    CONFIG = "http.connections_per_address_max = 600\nhttp.in_flight_per_connection_max = 20\n"

    def __init__(self, bench, data, demo=False, env=None, preload_us=0):
        self.bench, self.data = bench, pathlib.Path(data)
        config = bench.tmp / "relais.conf"
        config.write_text(self.CONFIG)
        argv = [bench.program("relais"), "serve", "--data", self.data, "--config", config, "--listen", "127.0.0.1:0"]
        if preload_us:
            env = slowed(bench, preload_us)
        self.process, self.port, self.ready_s = bench.start(*argv, *(["--demo"] if demo else []), env=env)
        self.token_file = pathlib.Path(str(self.data) + ".token")
        if not self.token_file.exists():
            self.token_file.touch(mode=0o600)
            self.token_file.write_text(bench.run(bench.program("relais"), "token", "create", "--data", self.data,
                                                 "--name", "bench", "--role", "admin"))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, expect=(200, 201), **headers):
        headers["Authorization"] = "Bearer " + self.token_file.read_text().strip()
        if body is not None:
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        answer, text = exchange(self.connection, method, path, body, headers)
        if answer.status not in expect:
            raise Broken(f"{method} {path}: {answer.status} {text[:400]!r}")
        return text

    def ask_all(self, asked, connections=16):
        """Many (method, path, body), on several connections."""
        token = self.token_file.read_text().strip()

        def some(share):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            for i, (method, path, body) in share:
                headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json",
                           **({"Idempotency-Key": f"{path}-{i}"} if method == "POST" else {})}
                answer, text = exchange(connection, method, path, json.dumps(body).encode(), headers)
                if answer.status not in (200, 201):
                    raise Broken(f"{method} {path}: {answer.status} {text[:400]!r}")
            connection.close()

        numbered = list(enumerate(asked))
        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            list(pool.map(some, [numbered[i::connections] for i in range(connections)]))

    def get(self, path):
        return json.loads(self.ask("GET", path))

    def load(self, path, seconds, **options):
        return self.bench.load(self.port, seconds, path=path, token_file=self.token_file, **options)

    def anonymous_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status).group(1))

    def stop(self):
        self.connection.close()
        self.bench.stop(self.process)

    def kill(self):
        self.connection.close()
        self.bench.stop(self.process, signal.SIGKILL)


def slowed(bench, us):
    return {"LD_PRELOAD": bench.program("libslow_sync.so"), "SLOW_SYNC_US": str(us)}
