# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""The machine a run was made on, and how busy it was with other things."""
import datetime
import os
import pathlib
import platform
import re


def describe(bench):
    cpu = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    release = re.search(r'PRETTY_NAME="(.+)"', pathlib.Path("/etc/os-release").read_text())
    return {
        "on": datetime.date.today().isoformat(),
        "quick": bench.quick,
        "processor": cpu.group(1) if cpu else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(memory.group(1)) / (1 << 20)),
        "system": release.group(1) if release else platform.system(),
        "kernel": platform.release(),
        "load_at_start": os.getloadavg()[0],
    }


def floor(bench):
    """What one durable write takes, first of all: everything durable is to be read beside it."""
    for line in bench.run(bench.program("commit_floor"), bench.tmp, 1).splitlines():
        name = line.split()[0]
        bench.note(f"{name}_fdatasync_p50_us", re.search(r"p50_us=([\d.]+)", line).group(1), "us")
