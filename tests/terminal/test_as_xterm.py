"""Wide characters at edges, and what selective erasure leaves, as on a real xterm's screen."""

from __future__ import annotations

import json
import unicodedata

import pytest

from aiops_desktop.terminal.emulator import Emulator
from tests.support.xterm_answers import CASES, COLUMNS, KEPT, ROWS

TOLD = json.loads(KEPT.read_text())["screens"]


@pytest.mark.parametrize("name", CASES)
def test_the_screen_is_as_xterm_has_it(name: str) -> None:
    emulator = Emulator(COLUMNS, ROWS)
    emulator.feed(CASES[name].encode())
    cursor = emulator.cursor
    rows = [unicodedata.normalize("NFC", row) for row in emulator.text_rows()]
    assert [[cursor.row + 1, cursor.column + 1], *rows] == TOLD[name]


def test_xterm_was_asked_about_every_case() -> None:
    assert list(TOLD) == list(CASES)
