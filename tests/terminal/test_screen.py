"""Cursor, erasing, scrolling regions, the alternate screen, as xterm documents them."""

from __future__ import annotations

import pytest

from tests.support.screens import shown, text

FIVE = "\r\n".join("abcde"[n] * 5 for n in range(5))


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b[3;4H", (2, 3)),
        ("\x1b[H", (0, 0)),
        ("\x1b[99;99H", (4, 19)),
        ("\x1b[3;4H\x1b[A", (1, 3)),
        ("\x1b[3;4H\x1b[2B", (4, 3)),
        ("\x1b[3;4H\x1b[5C", (2, 8)),
        ("\x1b[3;4H\x1b[9D", (2, 0)),
        ("\x1b[3;4H\x1b[E", (3, 0)),
        ("\x1b[3;4H\x1b[F", (1, 0)),
        ("\x1b[3;4H\x1b[10G", (2, 9)),
        ("\x1b[3;4H\x1b[10`", (2, 9)),
        ("\x1b[3;4H\x1b[5d", (4, 3)),
        ("\x1b[3;4H\x1b7\x1b[H\x1b8", (2, 3)),
        ("\x1b[3;4H\x1b[s\x1b[H\x1b[u", (2, 3)),
        ("\x1b[2;4r\x1b[?6h\x1b[2;3H", (2, 2)),
        ("\x1b[2;4r\x1b[5;1H\x1b[9A", (1, 0)),
        ("\x1b[2;4r\x1b[1;1H\x1b[9B", (3, 0)),
        ("abc\x1bE", (1, 0)),
        ("abc\x1bD", (1, 3)),
    ],
)
def test_the_cursor_goes_where_it_is_sent(sequence: str, expected: tuple[int, int]) -> None:
    cursor = shown(sequence).cursor
    assert (cursor.row, cursor.column) == expected


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b[3;3H\x1b[K", ["aaaaa", "bbbbb", "cc", "ddddd", "eeeee"]),
        ("\x1b[3;3H\x1b[1K", ["aaaaa", "bbbbb", "   cc", "ddddd", "eeeee"]),
        ("\x1b[3;3H\x1b[2K", ["aaaaa", "bbbbb", "", "ddddd", "eeeee"]),
        ("\x1b[3;3H\x1b[J", ["aaaaa", "bbbbb", "cc"]),
        ("\x1b[3;3H\x1b[1J", ["", "", "   cc", "ddddd", "eeeee"]),
        ("\x1b[3;3H\x1b[2J", []),
        ("\x1b[3;2H\x1b[2X", ["aaaaa", "bbbbb", "c  cc", "ddddd", "eeeee"]),
        ("\x1b[3;2H\x1b[2P", ["aaaaa", "bbbbb", "ccc", "ddddd", "eeeee"]),
        ("\x1b[3;2H\x1b[2@", ["aaaaa", "bbbbb", "c  cccc", "ddddd", "eeeee"]),
        ("\x1b[3;1H\x1b[L", ["aaaaa", "bbbbb", "", "ccccc", "ddddd"]),
        ("\x1b[3;1H\x1b[2M", ["aaaaa", "bbbbb", "eeeee"]),
        ("\x1b[2S", ["ccccc", "ddddd", "eeeee"]),
        ("\x1b[2T", ["", "", "aaaaa", "bbbbb", "ccccc"]),
        ("\x1b[2;4r\x1b[S", ["aaaaa", "ccccc", "ddddd", "", "eeeee"]),
        ("\x1b[2;4r\x1b[4;1H\nx", ["aaaaa", "ccccc", "ddddd", "x", "eeeee"]),
        ("\x1b[2;4r\x1b[2;1H\x1bMx", ["aaaaa", "x", "bbbbb", "ccccc", "eeeee"]),
        ("\x1b[2;4r\x1b[3;1H\x1b[M", ["aaaaa", "bbbbb", "ddddd", "", "eeeee"]),
    ],
)
def test_erasing_and_scrolling(sequence: str, expected: list[str]) -> None:
    assert text(shown(FIVE + sequence)) == expected


def test_protected_cells_are_spared_by_selective_erase_only() -> None:
    sequence = '\x1b[1"qsafe\x1b[0"q rest\x1b[H'
    assert text(shown(sequence + "\x1b[?K")) == ["safe"]
    assert text(shown(sequence + "\x1b[K")) == []


def test_erasing_leaves_the_background() -> None:
    screen = shown("\x1b[44m\x1b[2K")
    assert {screen.cell(0, column).background for column in range(20)} == {4}
    assert screen.cell(0, 5).foreground is None


def test_only_the_whole_main_screen_scrolls_into_the_history() -> None:
    assert shown(FIVE + "\r\nx").history_text() == ["aaaaa"]
    assert shown(FIVE + "\x1b[2;4r\x1b[4;1H\n\n").history_text() == []
    assert shown("\x1b[?1049h" + FIVE + "\r\nx").history_text() == []


def test_the_alternate_screen_gives_everything_back() -> None:
    screen = shown("shell\x1b[?1049h\x1b[Hvim\x1b[31m")
    assert text(screen) == ["vim"]
    assert screen.modes.alternate_screen
    screen.feed(b"\x1b[?1049lx")
    assert text(screen) == ["shellx"]
    assert screen.cell(0, 5).foreground is None


def test_resizing_while_an_editor_runs_keeps_the_shell_below() -> None:
    screen = shown("x" * 30 + "\r\n$ vim\x1b[?1049h\x1b[Hediting", columns=20, rows=5)
    screen.resize(40, 8)
    screen.feed(b"\x1b[?1049l!")
    assert text(screen) == ["x" * 30, "$ vim!"]


def test_reset_makes_everything_new() -> None:
    screen = shown("\x1b[31mx\x1b[?1049h\x1b[2;3r\x1b[?25l\x1b]2;t\x07\x1bc")
    assert text(screen) == []
    assert screen.cursor.visible
    assert screen.title == ""
    assert not screen.modes.alternate_screen


def test_alignment_fills_the_screen() -> None:
    assert text(shown("\x1b#8", columns=4, rows=2)) == ["EEEE", "EEEE"]


@pytest.mark.parametrize(
    ("kind", "shape", "blink"),
    [
        (0, "block", False),
        (1, "block", True),
        (2, "block", False),
        (4, "underline", False),
        (5, "bar", True),
    ],
)
def test_the_cursors_shape(kind: int, shape: str, blink: bool) -> None:
    cursor = shown(f"\x1b[{kind} q").cursor
    assert (cursor.shape, cursor.blink) == (shape, blink)


def test_modes_are_recorded() -> None:
    modes = shown("\x1b[?1;1002;1006;2004;1004;2026h\x1b=").modes
    assert modes.application_cursor
    assert modes.application_keypad
    assert (modes.mouse, modes.mouse_encoding) == (1002, 1006)
    assert modes.bracketed_paste
    assert modes.focus_events
    assert modes.synchronized
    assert shown("\x1b[?1000h\x1b[?1003h\x1b[?1003l").modes.mouse == 0


def test_saved_modes_come_back() -> None:
    assert shown("\x1b[?2004h\x1b[?2004s\x1b[?2004l\x1b[?2004r").modes.bracketed_paste


def test_rep_repeats_only_what_stands_straight_before_it() -> None:
    assert text(shown("a\x1b[3b")) == ["aaaa"]
    assert text(shown("a\x1b[3b\x1b[2b")) == ["aaaa"]
    assert text(shown("a\x1b[31m\x1b[3b")) == ["a"]
    assert text(shown("a\r\n\x1b[3b")) == ["a"]
