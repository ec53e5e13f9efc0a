"""Runs the measurements one after the other and writes them as JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

#: Modules with `measure(folder) -> list[Result]`, in the order they run.
AREAS = (
    "start",
    "secrets",
    "backup",
    "git",
    "keys",
    "issues",
    "history",
    "tree",
    "terminal_feed",
    "terminal",
    "window",
)


def main() -> int:
    """Measure what was asked for (all, when nothing was)."""
    parser = argparse.ArgumentParser(description="Measure against named peers.")
    parser.add_argument("areas", nargs="*", help=f"any of {', '.join(AREAS)}; all by default")
    parser.add_argument("--out", type=Path, default=Path("build/bench.json"))
    wanted = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rows: list[dict[str, object]] = []
    failed = False
    for area in wanted.areas or AREAS:
        # In memory where that can be had: a disk that writes back hits one of a pair, not both.
        shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="aiops-bench-", dir=shm) as folder:
            home = Path(folder) / "home"
            home.mkdir()
            os.environ["HOME"] = str(home)
            os.environ["TMUX_TMPDIR"] = folder
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
            try:
                results = importlib.import_module(f"tests.benchmarks.{area}").measure(Path(folder))
            except Exception:  # one broken measurement must not hide the others
                traceback.print_exc()
                failed = True
                continue
        for result in results:
            rows.append(result.row())
            sign = "≤" if result.better == "lower" else "≥"
            mark = "" if result.met else "   MISSED"
            shown = f"{result.value:10.3f} {result.unit:6} {sign} {result.target:g}"
            print(f"{result.name:32} {shown}{mark}")
    wanted.out.parent.mkdir(parents=True, exist_ok=True)
    wanted.out.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
