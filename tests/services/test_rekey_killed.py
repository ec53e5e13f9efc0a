"""However the program ends while the data key is changed, every secret can be read afterwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from aiops_desktop.domain.secrets import Place

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (Place.FILE, Place.FILE, 11),
        (Place.FILE, Place.PASSPHRASE, 13),
        (Place.PASSPHRASE, Place.PASSPHRASE, 17),
        (Place.PASSPHRASE, Place.FILE, 19),
        (Place.KEYRING, Place.FILE, 17),
        (Place.FILE, Place.KEYRING, 13),
        (Place.KEYRING, Place.KEYRING, 11),
    ],
)
def test_a_kill_at_any_line_loses_nothing(
    tmp_path: Path, before: Place, after: Place, step: int
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.support.rekey_killed",
            str(tmp_path),
            before,
            after,
            str(step),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 8, "there were kills in the midst of it"
