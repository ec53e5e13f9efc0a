"""Characters of several code points: one cell each, and as wide as tmux and others show them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiops_desktop.terminal.clusters import CLUSTER_MOST, cut
from tests.support.screens import shown, text


@pytest.mark.parametrize(
    ("written", "cells"),
    [
        ("e\u0301", ["e\u0301"]),
        ("漢\u0301", ["漢\u0301", ""]),
        ("👩\u200d🚀", ["👩\u200d🚀", ""]),
        ("👨\u200d👩\u200d👧\u200d👦!", ["👨\u200d👩\u200d👧\u200d👦", "", "!"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "", "🇫🇷", ""]),
        ("🇩x", ["🇩", "x"]),
        ("🇩🇪🇫", ["🇩🇪", "", "🇫"]),
        ("❤\ufe0fx", ["❤\ufe0f", "", "x"]),
        ("❤\ufe0ex", ["❤\ufe0e", "x"]),
        ("⌚\ufe0ex", ["⌚\ufe0e", "", "x"]),
        ("a\ufe0fx", ["a\ufe0f", "x"]),
        ("1\ufe0f\u20e3x", ["1\ufe0f\u20e3", "", "x"]),
        ("👍🏽", ["👍🏽", ""]),
        ("☝🏽", ["☝🏽", ""]),
        ("a🏽", ["a", "🏽", ""]),
        ("🏳\ufe0f\u200d🌈", ["🏳\ufe0f\u200d🌈", ""]),
        ("🧑\u200d⚕\ufe0f", ["🧑\u200d⚕\ufe0f", ""]),
        ("a\u200d🚀", ["a\u200d", "🚀", ""]),
        ("\u1112\u1161\u11ab", ["\u1112\u1161\u11ab", ""]),
        ("कि", ["क", "ि"]),
        ("क्ष", ["क्", "ष"]),
        ("\u0301a", ["a"]),
        ("\u200d🚀", ["🚀", ""]),
        ("葛\U000e0100", ["葛\U000e0100", ""]),
    ],
)
def test_what_one_cell_holds(written: str, cells: list[str]) -> None:
    assert shown(written).grid[0].chars == cells
    assert cut(written).cells == cells


def test_a_cluster_may_come_in_pieces() -> None:
    screen = shown("")
    for char in "a👩\u200d🚀🇩🇪1\ufe0f\u20e3":
        screen.feed(char.encode())
    assert screen.grid[0].chars == ["a", "👩\u200d🚀", "", "🇩🇪", "", "1\ufe0f\u20e3", ""]


def test_what_becomes_wide_in_the_last_column_goes_to_the_next_line() -> None:
    screen = shown("abc❤", columns=4, rows=3)
    assert text(screen) == ["abc❤"]
    screen.feed("\ufe0f!".encode())
    assert text(screen) == ["abc", "❤\ufe0f!"]
    assert screen.grid[0].wrap


def test_what_becomes_wide_keeps_its_look() -> None:
    screen = shown("\x1b[31m❤\x1b[0m\ufe0fx")
    assert screen.cell(0, 1).text == ""
    assert screen.cell(0, 1).foreground == 1
    assert screen.cell(0, 2).text == "x"


def test_mode_2027_off_counts_as_tmux_before_3_4() -> None:
    screen = shown("\x1b[?2027l❤\ufe0f|👍🏽|🇩🇪|👩\u200d🚀|")
    assert screen.grid[0].chars == [
        *("❤\ufe0f", "|", "👍", "", "🏽", "", "|", "🇩🇪", "", "|", "👩\u200d🚀", "", "|"),
    ]
    screen.feed("\x1b[?2027h\r❤\ufe0f".encode())
    assert screen.grid[0].chars[:2] == ["❤\ufe0f", ""]


def test_marks_join_what_is_before_the_cursor_wherever_it_came_from() -> None:
    assert shown("abc\x1b[1;3H\u0301").grid[0].chars == ["a", "b\u0301", "c"]
    assert shown("漢\x1b[1;3H\u0301").grid[0].chars == ["漢\u0301", ""]


def test_a_cell_is_bounded() -> None:
    screen = shown("👩" + "\u200d👩" * 100 + "x")
    assert max(map(len, screen.grid[0].chars)) <= CLUSTER_MOST


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ae漢\u0301\u200d🚀❤\ufe0f\ufe0e🇩🇪🏽#ि\u1112\u1161"), max_size=12))
def test_cutting_at_once_is_cutting_one_by_one(written: str) -> None:
    row: list[str] = []
    for char in written:
        before = next((cell for cell in reversed(row) if cell), "")
        made = cut(char, before)
        if made.before != before:
            at = -2 if row[-1] == "" else -1
            row[at] = made.before
            if made.grown and at == -1:
                row.append("")
        row += made.cells
    assert cut(written).cells == row
