"""Killed at any moment of a backup or a restore, the data is the one or the other, and whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.journey
@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_killed_anywhere_nothing_is_lost(verb: str, tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "tests.support.backup_killed", str(tmp_path / "k"), verb, "20"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=220, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.split()[-1] == "20"
