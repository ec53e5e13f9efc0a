"""What programs ask of the window: sizes, titles, capabilities, settings."""

from __future__ import annotations

import pytest

from aiops_desktop.terminal.windows import LARGEST
from tests.support.screens import check_sound, shown, text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("\x1b[14t", "\x1b[4;80;160t"),
        ("\x1b[15t", "\x1b[5;80;160t"),
        ("\x1b[16t", "\x1b[6;16;8t"),
        ("\x1b[19t", "\x1b[9;5;20t"),
        ("\x1b[11t", "\x1b[1t"),
        ("\x1b]2;title\x07\x1b[21t", "\x1b]l\x1b\\"),
        ("\x1b[?2048h", "\x1b[48;5;20;80;160t"),
        ("\x1b[8;10;10t\x1b[3;1;1t\x1b[18t", "\x1b[8;5;20t"),
        ("\x1b[?69h\x1b[3;9s\x1bP$qs\x1b\\", "\x1bP1$r3;9s\x1b\\"),
        ("\x1b[58:5:9;4m\x1bP$qm\x1b\\", "\x1bP1$r0;4;58:5:9m\x1b\\"),
        ("\x1b[2*x\x1bP$q*x\x1b\\", "\x1bP1$r2*x\x1b\\"),
        ('\x1b[1"q\x1bP$q"q\x1b\\', '\x1bP1$r1"q\x1b\\'),
        ("\x1bP+q436F;524742\x1b\\", "\x1bP1+r436F=323536\x1b\\\x1bP1+r524742=382F382F38\x1b\\"),
        ("\x1bP+q436F;4242;436F\x1b\\", "\x1bP1+r436F=323536\x1b\\\x1bP0+r\x1b\\"),
        ("\x1bP+qxyz\x1b\\", "\x1bP0+r\x1b\\"),
        ("\x1b[?75n\x1b[?85n\x1b[?62n", "\x1b[?70n\x1b[?83n\x1b[0*{"),
        ("\x1b[?63;5n", "\x1bP5!~0000\x1b\\"),
        ("\x1bZ", "\x1b[?64;1;6;9;15;21;22;28c"),
        ("\x1b[2;3H\x1b[1m\x1b[1$w", "\x1bP1$u2;3;1;A;@;@;0;2;@;BBBB\x1b\\"),
        ("\x1b[3g\x1b[1;5H\x1bH\x1b[2$w", "\x1bP2$u5\x1b\\"),
    ],
)
def test_answers(question: str, answer: str) -> None:
    assert shown(question).take_replies() == answer.encode()


def test_a_new_size_is_told_to_who_asked() -> None:
    screen = shown("\x1b[?2048h")
    screen.take_replies()
    screen.resize(30, 6)
    assert screen.take_replies() == b"\x1b[48;6;30;96;240t"
    screen.resize(30, 6)
    assert screen.take_replies() == b""


def test_an_obliging_terminal_changes_its_size() -> None:
    screen = shown("one\r\ntwo")
    screen.oblige((60, 30))
    screen.feed(b"\x1b[8;10;40t")
    assert (screen.columns, screen.rows) == (40, 10)
    screen.feed(b"\x1b[8;;30t\x1b[18t")
    assert screen.take_replies() == b"\x1b[8;10;30t"
    screen.feed(b"\x1b[8;0;t")
    assert (screen.columns, screen.rows) == (30, 30)
    screen.feed(b"\x1b[4;160;160t")
    assert (screen.columns, screen.rows) == (20, 10)
    screen.feed(b"\x1b[24t\x1b[12*|\x1b[50$|")
    assert (screen.columns, screen.rows) == (50, 12)
    assert text(screen) == ["one", "two"]
    screen.feed(b"\x1b[8;99999;99999t")
    assert screen.columns <= LARGEST
    screen.feed(b"\x1b[?40h\x1b[?3hx\x1bc")
    assert screen.columns == 80
    check_sound(screen)


def test_lines_after_a_new_size_in_the_stream_are_kept() -> None:
    screen = shown("")
    screen.oblige()
    screen.feed(b"a\r\nb\r\nc\r\n\x1b[3*|d\r\ne\r\nf\r\n")
    assert screen.history_text() + screen.text_rows() == ["a", "b", "c", "d", "e", "f", ""]


def test_titles_are_read_back_only_from_an_obliging_terminal() -> None:
    screen = shown("\x1b]2;title\x07\x1b]1;icon\x07")
    screen.oblige()
    screen.feed(b"\x1b[21t\x1b[20t\x1b[>1t\x1b[21t")
    assert screen.take_replies() == b"\x1b]ltitle\x1b\\\x1b]Licon\x1b\\\x1b]l7469746c65\x1b\\"


def test_titles_may_come_in_hexadecimal() -> None:
    screen = shown("\x1b[>0t\x1b]2;6162\x07")
    assert screen.title == "ab"
    screen.feed(b"\x1b]2;no\x07")
    assert screen.title == "ab"
    screen.feed(b"\x1b[>0T\x1b]2;6162\x07")
    assert screen.title == "6162"


def test_titles_and_icons_are_popped_together_or_apart() -> None:
    both = "\x1b]0;one\x07\x1b[22;0t\x1b]0;two\x07"
    assert shown(both + "\x1b[23;1t").icon_name == "one"
    assert shown(both + "\x1b[23;1t").title == "two"
    assert shown(both + "\x1b[23;2t\x1b[23;1t").icon_name == "two"
    apart = shown("\x1b]0;one\x07\x1b[22;1t\x1b[22;2t\x1b]0;two\x07\x1b[23t")
    assert (apart.title, apart.icon_name) == ("one", "one")


def test_progress_is_no_notice() -> None:
    assert shown("\x1b]9;4;1;50\x07").take_events() == []
