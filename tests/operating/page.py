# SPDX-FileCopyrightText: The relais authors
# SPDX-License-Identifier: Apache-2.0
"""page.py PAGE: the page's commands as one script, block by block.

A block of commands is fenced as `sh`; blocks of other languages are files to look at. A block that the test cannot
run follows a comment `<!-- not run by the test: REASON -->`, which no reader sees. Each command is said before it is
done; the first that fails ends the script, with the line of its block. How many blocks were run and how many were not
is said at the end, each of these with its reason.
"""

import re
import shlex
import sys

MARK = re.compile(r"<!-- not run by the test: (\S.*\S) -->")
SHOWN = ("ini", "json", "")


def blocks(lines):
    """(line, language, text, reason or None) of each fence."""
    reason = None
    fence = None
    for number, line in enumerate(lines, 1):
        if fence:
            if line == "```":
                yield fence[0], fence[1], "".join(fence[2]), reason
                fence = reason = None
            else:
                fence[2].append(line + "\n")
        elif line.startswith("```"):
            fence = (number, line[3:], [])
        elif line.startswith("<!--"):
            found = MARK.fullmatch(line)
            if not found:
                sys.exit(f"line {number}: a comment that says no reason: {line}")
            reason = found[1]
        elif reason and line:
            sys.exit(f"line {number}: a reason that no block follows")
    if fence or reason:
        sys.exit("the last block has no end")


def main():
    path = sys.argv[1]
    run, left = 0, []
    print("set -E -o pipefail")
    print("trap 'status=$?; echo \"operating: exit code $status in the block of line $at: $BASH_COMMAND\"; exit 1' ERR")
    for line, language, text, reason in blocks(open(path, encoding="utf-8").read().split("\n")):
        if language != "sh":
            if language not in SHOWN:
                sys.exit(f"line {line}: neither commands nor a file: {language}")
            if reason:
                sys.exit(f"line {line}: only commands can be left out")
            continue
        if reason:
            left.append(f"{path.rsplit('/', 1)[1]}:{line} was not run: {reason}")
            continue
        run += 1
        print(f"at={line}")
        print(f"echo {shlex.quote('---- line ' + str(line))}")
        print(text)
    for one in left:
        print("echo", shlex.quote(one))
    print(f"echo '{run} blocks were run, {len(left)} were not'")


main()
