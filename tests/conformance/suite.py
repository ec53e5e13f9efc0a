"""Where esctest2 is and which tests it has."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

SOURCE = "https://github.com/ThomasDickey/esctest2"
#: The state that the score in docs/conformance.md belongs to.
COMMIT = "664be3cf2c1e3f06bc93a8bafb48a0db83c607db"

_LIST = """
import sys
sys.argv = ["esctest"]
import esc, escargs, esccmd, escio, escutil, tests
for case in tests.tests:
    for name in sorted(dir(case)):
        if name.startswith("test_"):
            print(f"{case.__name__}.{name}")
"""


def cache() -> Path:
    """Where the suite is looked for when ESCTEST does not say."""
    tools = os.environ.get("AIOPS_TEST_TOOLS")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (Path(tools) if tools else base / "aiops-desktop" / "test-tools") / "esctest2"


def found(given: Path | None) -> Path | None:
    """The folder with esctest.py in it, None when the suite is not there."""
    named = os.environ.get("ESCTEST")
    base = given or (Path(named) if named else cache())
    for folder in (base / "esctest", base):
        if (folder / "esctest.py").is_file():
            return folder.resolve()
    return None


def advice() -> str:
    """How to get the suite."""
    return (
        "esctest2 is not here. It is under the GPL and not part of this repository; get it with\n"
        f"  git clone {SOURCE} {cache()} && git -C {cache()} checkout -q {COMMIT}\n"
        "or set ESCTEST to a folder that has it."
    )


def names(folder: Path, include: str) -> list[str]:
    """The tests whose name matches, as "Class.test"."""
    listed = subprocess.run(
        [sys.executable, "-c", _LIST], cwd=folder, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split() if re.search(include, name)]
