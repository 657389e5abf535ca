# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""The page BENCHMARKS.md and the figures it shows, tests/bench/last.jsonl: what a run measured takes the place
of what was known of it; the rest stays."""
import json

from bench import HERE
from table import json_lines, table

PAGE, KEPT = HERE.parent.parent / "BENCHMARKS.md", HERE / "last.jsonl"


def kept():
    figures = {}
    if KEPT.exists():
        for line in KEPT.read_text(encoding="utf-8").splitlines()[1:]:
            figure = json.loads(line)
            figures[figure["name"]] = (figure["unit"], [figure["least"], figure["value"], figure["most"]])
    return figures


def between(text, mark, new):
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->\n"
    head, rest = text.split(begin)
    return head + begin + new + end + rest.split(end)[1]


def record(figures, machine):
    figures = {**kept(), **figures}
    KEPT.write_text(json_lines(figures, machine), encoding="utf-8")
    text = PAGE.read_text(encoding="utf-8")
    text = between(text, "table", table(figures))
    instructions = dict(line.split() for line in (HERE / "instructions.txt").read_text(encoding="utf-8").splitlines())
    text = between(text, "machine", (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gib']} GiB, {machine['system']}, kernel "
        f"{machine['kernel']}, on {machine['on']}; load of the machine {machine['load_at_start']:.1f} when the run began and "
        f"{machine['load_at_end']:.1f} when it ended{'; a quick run' if machine['quick'] else ''}.\n"))
    text = between(text, "instructions", "".join(f"- {k}: {int(v):,}\n" for k, v in instructions.items()))
    PAGE.write_text(text, encoding="utf-8")
