"""The history: small, bounded, and the same whichever way lines came into it."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from aiops_desktop.terminal import styles
from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.rows import Packed, Row
from tests.support.screens import shown

_WORDS = ["the", "quick", "brown", "fox", "error", "warning", "info", "module", "function"]


def _size(lines: list[str], at_once: int) -> float:
    """Megabytes that a history of these lines takes."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        screen = Emulator(200, 50, 10_000)
        for at in range(0, len(lines), at_once):
            screen.feed("".join(f"{line}\r\n" for line in lines[at : at + at_once]).encode())
        assert len(screen.history) == 10_000
        return (tracemalloc.get_traced_memory()[0] - before) / 1e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("at_once", [1, 100, 11_000])
def test_ten_thousand_plain_lines_take_less_than_three_megabytes(at_once: int) -> None:
    chance = random.Random(1)
    lines = [" ".join(chance.choices(_WORDS, k=12)) for _ in range(10_050)]
    assert _size(lines, at_once) < 3


@pytest.mark.parametrize("tab", ["", "\t"])
def test_ten_thousand_coloured_lines_are_compact_too(tab: str) -> None:
    chance = random.Random(1)
    lines = [
        tab + " ".join(f"\x1b[{30 + chance.randrange(8)}m{word}\x1b[0m" for word in chosen)
        for chosen in (chance.choices(_WORDS, k=8) for _ in range(10_050))
    ]
    assert _size(lines, 500) < 8


def test_looking_at_the_history_does_not_make_it_larger() -> None:
    screen = shown("\x1b[31mred\x1b[0m line\r\n" * 2_000, columns=40, rows=5, history=1_000)
    kinds = [type(line) for line in screen.history.lines]
    assert Packed in kinds
    for line in range(-1_000, 0):
        assert screen.cell(line, 0).foreground == 1
    assert [type(line) for line in screen.history.lines] == kinds


def test_lines_keep_their_looks_and_links() -> None:
    link = "\x1b]8;;http://x.example\x07link\x1b]8;;\x07"
    line = f"\x1b[1;31mred\x1b[0m {link} 漢字\t\x1b[44mblue\x1b[0m"
    screen = shown(f"{line}\r\n" * 700, columns=60, rows=5, history=1_000)
    for number in (-650, -300, -1):
        assert screen.cell(number, 0).attributes == styles.BOLD
        assert screen.cell(number, 4).link == ("", "http://x.example")
        assert screen.cell(number, 9).text == "漢"
        assert screen.cell(number, 10).text == ""
        assert screen.cell(number, 16).background == 4
    assert set(screen.history_text()) == {"red link 漢字   blue"}


def test_old_lines_go_and_lines_keep_their_numbers() -> None:
    screen = shown("".join(f"line {n}\r\n" for n in range(5_000)), rows=5, history=1_000)
    assert len(screen.history) == 1_000
    assert screen.history.pushed == 4_996
    assert screen.history_text()[0] == "line 3996"


def test_without_a_history_nothing_is_kept() -> None:
    screen = shown("".join(f"line {n}\r\n" for n in range(500)), rows=5, history=0)
    assert screen.history_text() == []
    screen.resize(3, 2)
    assert screen.history_text() == []


def test_a_line_that_was_looked_at_while_it_was_shown_becomes_small_again() -> None:
    screen = shown("", columns=40, rows=5, history=1_000)
    for number in range(600):
        screen.feed(b"\x1b[32mline\x1b[0m %d\r\n" % number)
        assert screen.cell(3, 39).text == " "
    assert not [line for line in list(screen.history.lines)[:-300] if isinstance(line, Row)]


def test_a_flood_of_sequences_in_one_line_is_not_kept() -> None:
    screen = shown("\x1b[31m\x1b[32m" * 20_000 + "x\r\n" * 10, columns=40, rows=3)
    assert screen.history_text()[0] == "x"
    packed = [line for line in screen.history.lines if isinstance(line, Packed)]
    assert all(len(line.source) < 2_000 for line in packed)
