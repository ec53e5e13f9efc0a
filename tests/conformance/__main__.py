"""Runs esctest2 against the emulator and prints its score; `make conformance`."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conformance import suite
from tests.conformance.session import FAILED, KNOWN, PASSED, SKIPPED, outcome

#: Fewer passed tests than this is a step back (docs/conformance.md has the score).
LEAST = 495


def main() -> int:
    """0 when the score holds, 1 when it does not, 2 without the suite."""
    parser = argparse.ArgumentParser(description="Score the emulator with esctest2.")
    parser.add_argument("--esctest", type=Path, help="folder of esctest2")
    parser.add_argument("--include", default=".", help="only tests whose name matches this")
    parser.add_argument("--jobs", type=int, default=2)
    wanted = parser.parse_args()
    folder = suite.found(wanted.esctest)
    if folder is None:
        print(suite.advice())
        return 2
    names = suite.names(folder, wanted.include)
    begun = time.monotonic()
    with ThreadPoolExecutor(wanted.jobs) as pool:
        found = pool.map(lambda name: outcome(folder, name), names)
        outcomes = dict(zip(names, found, strict=True))
    _print(outcomes, time.monotonic() - begun)
    passed = sum(each == PASSED for each in outcomes.values())
    return int(passed < LEAST and wanted.include == ".")


def _print(outcomes: dict[str, str], seconds: float) -> None:
    groups: dict[str, Counter[str]] = {}
    for name, each in outcomes.items():
        groups.setdefault(name.partition(".")[0], Counter())[each] += 1
    for group, counts in sorted(groups.items()):
        print(f"{group:32} {counts[PASSED]:3} of {counts[PASSED] + counts[FAILED]}")
    for name, each in sorted(outcomes.items()):
        if each == FAILED:
            print(f"failed: {name}")
    total = Counter(outcomes.values())
    print(
        f"{total[PASSED]} of {total[PASSED] + total[FAILED]} passed; {total[KNOWN]} fail in xterm"
        f" as well, {total[SKIPPED]} are for other terminals; {seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main())
