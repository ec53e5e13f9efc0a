"""Modes, conformance levels, character sets, the keyboard's protocols, the two screens."""

from __future__ import annotations

import pytest

from tests.support.screens import shown, text


@pytest.mark.parametrize("mode", [1, 5, 6, 7, 18, 25, 42, 45, 66, 67, 69, 1004, 1045, 2004, 2027])
def test_private_modes_are_set_reset_and_asked_for(mode: int) -> None:
    answer = shown(f"\x1b[?{mode}h\x1b[?{mode}$p\x1b[?{mode}l\x1b[?{mode}$p").take_replies()
    assert answer == f"\x1b[?{mode};1$y\x1b[?{mode};2$y".encode()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("\x1b[2h\x1b[2$p", "\x1b[2;1$y"),
        ("\x1b[12$p", "\x1b[12;1$y"),
        ("\x1b[10$p", "\x1b[10;4$y"),
        ("\x1b[99$p", "\x1b[99;0$y"),
        ("\x1b[?60$p", "\x1b[?60;4$y"),
        ("\x1b[?8$p", "\x1b[?8;3$y"),
    ],
)
def test_modes_that_stay_as_they_are(question: str, answer: str) -> None:
    assert shown(question).take_replies() == answer.encode()


def test_a_soft_reset_keeps_the_text_and_ends_the_modes() -> None:
    screen = shown("text\x1b[?69h\x1b[2;4s\x1b[2;3r\x1b[4h\x1b[?6h\x1b[31m\x1b(0\x1b[!p")
    assert text(screen) == ["text"]
    assert not screen.modes.insert
    screen.feed(b"\x1b[Hqqqqqq")
    assert text(screen) == ["qqqqqq"]
    assert screen.cell(0, 0).foreground is None


def test_levels_are_remembered_up_to_the_fourth() -> None:
    screen = shown('\x1b[65;1"p\x1bP$q"p\x1b\\\x1b[63"p\x1bP$q"p\x1b\\\x1b[9"p\x1bP$q"p\x1b\\')
    answers = screen.take_replies().split(b"\x1b\\")
    assert [answer[5:] for answer in answers[:3]] == [b'64;1"p', b'63;1"p', b'63;1"p']


# Character sets


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b(0lqk", "┌─┐"),
        ("\x1b)0q\x0eq\x0fq", "q─q"),
        ("\x1b*0qq\x1bNqq", "qq─q"),
        ("\x1b+>\x1bOaa", "αa"),
        ("\x1b*0\x1bnq", "─"),
        ("\x1b(A#", "£"),
        ("\x1b(K[", "["),
        ("\x1b[?42h\x1b(K[", "Ä"),
        ("\x1b[?42h\x1b(%6[", "Ã"),
        ("\x1b(%5W", "Œ"),
        ("\x1b-A\x0ei", "é"),
        ("\x1b(0\x1b7\x1b(B\x1b8q", "─"),
        ("\x1b(0\x1b[!pq", "q"),
    ],
)
def test_character_sets(sequence: str, expected: str) -> None:
    assert text(shown(sequence)) == [expected]


# The keyboard


def test_kitty_flags_are_a_stack_for_each_screen() -> None:
    screen = shown("\x1b[>1u")
    assert screen.modes.kitty_flags == 1
    screen.feed(b"\x1b[?1049h")
    assert screen.modes.kitty_flags == 0
    screen.feed(b"\x1b[>31u\x1b[?u\x1b[?1049l\x1b[?u")
    assert screen.take_replies() == b"\x1b[?3u\x1b[?1u"
    screen.feed(b"\x1b[=2;2u")
    assert screen.modes.kitty_flags == 3
    screen.feed(b"\x1b[=1;3u")
    assert screen.modes.kitty_flags == 2
    screen.feed(b"\x1b[=1u")
    assert screen.modes.kitty_flags == 1
    screen.feed(b"\x1b[<9u")
    assert screen.modes.kitty_flags == 0
    screen.feed(b"\x1b[>1u" * 1000 + b"\x1b[<999u")
    assert screen.modes.kitty_flags == 0


def test_other_keys_are_asked_for_and_reset() -> None:
    screen = shown("\x1b[>4;2m\x1b[?4m")
    assert screen.modes.modify_other_keys == 2
    assert screen.take_replies() == b"\x1b[>4;2m"
    screen.feed(b"\x1b[>4n")
    assert screen.modes.modify_other_keys == 0


# The screens


def test_the_old_alternate_screen_is_as_it_was_left() -> None:
    screen = shown("main\x1b[?47h\x1b[Halt\x1b[?47l")
    assert text(screen) == ["main"]
    screen.resize(2, 5)
    screen.feed(b"\x1b[?47h")
    assert text(screen) == ["al"]
    screen.feed(b"\x1b[?1047l\x1b[?47h")
    assert text(screen) == []


def test_the_newer_alternate_screen_keeps_the_cursor() -> None:
    screen = shown("\x1b[3;4H\x1b[?1049h\x1b[2;2Halt\x1b[?1049h")
    assert text(screen) == []
    screen = shown("\x1b[3;4H\x1b7\x1b[H\x1b[?1049l")
    assert (screen.cursor.row, screen.cursor.column) == (2, 3)
    assert text(shown("x" * 20 + "\x1b[?1049hy")) == [" " * 19 + "y"]


def test_tab_stops_come_back() -> None:
    assert text(shown("\x1b[3g\x1b[?5W\tx")) == ["        x"]


def test_protection_is_kept_with_the_cursor() -> None:
    assert text(shown('\x1b[1"q\x1b7\x1b[0"qa\x1b8b\x1b[?2K')) == ["b"]


def test_a_tab_behind_the_last_column_may_wrap() -> None:
    row = "x" * 20
    assert text(shown(f"{row}\t1")) == [row, "1"]
    assert text(shown(f"\x1b[?41h{row}\t1")) == [row, "        1"]
