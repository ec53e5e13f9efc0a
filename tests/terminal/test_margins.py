"""Left and right margins (DECLRMM, DECSLRM): everything inside moves, nothing outside does."""

from __future__ import annotations

import pytest

from tests.support.screens import check_sound, shown, text

FIVE = "\r\n".join(("abcde", "fghij", "klmno", "pqrst", "uvwxy"))
#: Columns 2 to 4 of rows 2 to 4.
INSIDE = "\x1b[?69h\x1b[2;4s\x1b[2;4r"


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b[S", ["abcde", "flmnj", "kqrso", "p   t", "uvwxy"]),
        ("\x1b[T", ["abcde", "f   j", "kghio", "plmnt", "uvwxy"]),
        ("\x1b[9S", ["abcde", "f   j", "k   o", "p   t", "uvwxy"]),
        ("\x1b[4;3H\n", ["abcde", "flmnj", "kqrso", "p   t", "uvwxy"]),
        ("\x1b[4;1H\n", ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[2;3H\x1bM", ["abcde", "f   j", "kghio", "plmnt", "uvwxy"]),
        ("\x1b[2;5H\x1bM", ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[3;3H\x1b[L", ["abcde", "fghij", "k   o", "plmnt", "uvwxy"]),
        ("\x1b[3;5H\x1b[L", ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[2;3H\x1b[M", ["abcde", "flmnj", "kqrso", "p   t", "uvwxy"]),
        ("\x1b[3;3H\x1b[@", ["abcde", "fghij", "kl mo", "pqrst", "uvwxy"]),
        ("\x1b[3;2H\x1b[P", ["abcde", "fghij", "kmn o", "pqrst", "uvwxy"]),
        ("\x1b[3;2H\x1b[9P", ["abcde", "fghij", "k   o", "pqrst", "uvwxy"]),
        ("\x1b[3;1H\x1b[P", ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[3;3H\x1b['}", ["abcde", "fg hj", "kl mo", "pq rt", "uvwxy"]),
        ("\x1b[3;3H\x1b['~", ["abcde", "fgi j", "kln o", "pqs t", "uvwxy"]),
        ("\x1b[3;2H\x1b6", ["abcde", "f ghj", "k lmo", "p qrt", "uvwxy"]),
        ("\x1b[3;4H\x1b9", ["abcde", "fhi j", "kmn o", "prs t", "uvwxy"]),
        ("\x1b[2;2HABCD", ["abcde", "fABCj", "kDmno", "pqrst", "uvwxy"]),
        ("\x1b[4;4HAB", ["abcde", "flmnj", "kqrAo", "pB  t", "uvwxy"]),
        ("\x1b[?7l\x1b[2;2HABCDE", ["abcde", "fABEj", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[4h\x1b[2;2HA", ["abcde", "fAghj", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[4h\x1b[2;1HA", ["abcde", "Aghij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[2;4H漢", ["abcde", "fghij", "k漢no", "pqrst", "uvwxy"]),
        ("\x1b[2;4H\x1b[K", ["abcde", "fgh", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[2;2H\x1b[9X", ["abcde", "f", "klmno", "pqrst", "uvwxy"]),
    ],
)
def test_only_the_inside_changes(sequence: str, expected: list[str]) -> None:
    screen = shown(FIVE + INSIDE + sequence)
    check_sound(screen)
    assert text(screen) == expected


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b[3;3H\x1b[9C", (2, 3)),
        ("\x1b[3;6H\x1b[99C", (2, 19)),
        ("\x1b[3;3H\x1b[9D", (2, 1)),
        ("\x1b[3;1H\x1b[9D", (2, 0)),
        ("\x1b[3;4H\r", (2, 1)),
        ("\x1b[3;1H\r", (2, 0)),
        ("\x1b[3;1H\t", (2, 3)),
        ("\x1b[2;4H\x1b[9E", (3, 1)),
        ("\x1b[?6h\x1b[2;2H", (2, 2)),
        ("\x1b[?6h\x1b[9;9H", (3, 3)),
        ("\x1b[?6h\x1b[2;1H\x1b[3G", (2, 3)),
        ("\x1b[?6h\x1b[2;2H\x1b[e", (3, 2)),
        ("\x1b[3;3H\x1b7\x1b[H\x1b8", (2, 2)),
    ],
)
def test_margins_hold_the_cursor(sequence: str, expected: tuple[int, int]) -> None:
    cursor = shown(INSIDE + sequence).cursor
    assert (cursor.row, cursor.column) == expected


def test_margins_need_their_mode_and_end_with_it() -> None:
    assert text(shown("\x1b[2;4sabcdef")) == ["abcdef"]
    assert text(shown(INSIDE + "\x1b[?69l\x1b[Habcdef")) == ["abcdef"]
    assert text(shown(INSIDE + "\x1b[s\x1b[Habcdef")) == ["abcdef"]
    assert text(shown('\x1b[63"p' + INSIDE + "\x1b[Habcdef")) == ["abcdef"]


def test_the_cursor_waits_at_the_right_margin() -> None:
    screen = shown(INSIDE + "\x1b[2;2HABC")
    assert screen.cursor.column == 3
    screen.feed("\u0301".encode())
    assert screen.cell(1, 3).text == "C\u0301"
    screen.feed(b"\x1b[2;4HX")
    assert text(screen) == ["", " ABX"]


def test_wide_characters_are_not_cut_in_halves() -> None:
    screen = shown("\x1b[2;1H漢字漢字" + INSIDE + "\x1b[2;2H\x1b[P")
    check_sound(screen)
    assert text(screen) == ["", " 字 漢字"]
    screen = shown(INSIDE + "\x1b[2;2H漢字")
    check_sound(screen)
    assert text(screen) == ["", " 漢", " 字"]


def test_nothing_scrolls_into_the_history_between_margins() -> None:
    screen = shown(FIVE + "\x1b[?69h\x1b[2;4s\x1b[5;3H\n\n\n")
    assert screen.history_text() == []


def test_a_new_size_takes_the_margins_away() -> None:
    screen = shown(INSIDE)
    screen.resize(30, 6)
    screen.feed(b"\x1b[Habcdef")
    assert text(screen) == ["abcdef"]


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b[?45h" + "x" * 22 + "\x1b[9D", (0, 13)),
        ("\x1b[?45hx\r\n\b", (1, 0)),
        ("\x1b[?1045hx\r\n\b", (0, 19)),
        ("\x1b[?1045h\x1b[H\b", (4, 19)),
        ("\x1b[?1045h\x1b[2;4r\x1b[2;1H\b", (3, 19)),
        ("\x1b[?1045h" + "x" * 20 + "\b", (0, 19)),
        ("\x1b[?1045h\x1b[?7l\x1b[2;1H\b", (1, 0)),
    ],
)
def test_going_back_may_wrap(sequence: str, expected: tuple[int, int]) -> None:
    cursor = shown(sequence).cursor
    assert (cursor.row, cursor.column) == expected


def test_a_tab_from_behind_the_right_margin_goes_back_to_it() -> None:
    emulator = shown("\x1b[?69h\x1b[2;9s\x1b[1;15H\t")
    assert emulator.cursor.column == 8
