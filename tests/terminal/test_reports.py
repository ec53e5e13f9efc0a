"""What the terminal answers and what it keeps to itself."""

from __future__ import annotations

import pytest

from aiops_desktop.terminal.commands import ClipboardWrite, Notice, Prompt
from aiops_desktop.terminal.tokens import STRING_MOST
from tests.support.screens import shown, text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("\x1b[c", "\x1b[?64;1;6;9;15;21;22;28c"),
        ("\x1b[>c", "\x1b[>41;380;0c"),
        ("\x1b[=c", "\x1bP!|00000000\x1b\\"),
        ("\x1b[5n", "\x1b[0n"),
        ("\x1b[2;3H\x1b[6n", "\x1b[2;3R"),
        ("\x1b[2;3H\x1b[?6n", "\x1b[?2;3;1R"),
        ("\x1b[2;4r\x1b[?6h\x1b[6n", "\x1b[1;1R"),
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?25$p", "\x1b[?25;1$y"),
        ("\x1b[?12345$p", "\x1b[?12345;0$y"),
        ("\x1b[4$p", "\x1b[4;2$y"),
        ("\x1bP$qm\x1b\\", "\x1bP1$r0m\x1b\\"),
        ("\x1b[1;4:3;31m\x1bP$qm\x1b\\", "\x1bP1$r0;1;4:3;31m\x1b\\"),
        ("\x1b[2;4r\x1bP$qr\x1b\\", "\x1bP1$r2;4r\x1b\\"),
        ("\x1b[5 q\x1bP$q q\x1b\\", "\x1bP1$r5 q\x1b\\"),
        ("\x1bP$qz\x1b\\", "\x1bP0$r\x1b\\"),
        ("\x1b[18t", "\x1b[8;5;20t"),
        ("\x1b[>q", "\x1bP>|aiops desktop\x1b\\"),
    ],
)
def test_answers(question: str, answer: str) -> None:
    screen = shown(question)
    assert screen.take_replies() == answer.encode()
    assert screen.take_replies() == b""


def test_answers_that_nobody_takes_are_bounded() -> None:
    assert len(shown("\x1b[c" * 20_000).take_replies()) <= 1 << 16


def test_titles_are_plain_and_kept_on_a_stack() -> None:
    screen = shown("\x1b]0;one\x07\x1b[22;0t\x1b]2;two\u202e\x07")
    assert (screen.title, screen.icon_name) == ("two", "one")
    screen.feed(b"\x1b[23;0t\x1b[23;0t")
    assert screen.title == "one"
    assert len(shown(f"\x1b]2;{'x' * 9999}\x07").title) == 1024


def test_the_folder_and_marks_and_notices_are_told() -> None:
    screen = shown("\x1b]7;file://host/srv/a%20b\x07\x1b]9;done\x07\x1b]777;notify;T;text\x07")
    screen.feed(b"\x1b]133;A\x07\x1b]133;D;3\x07")
    assert screen.working_directory == "/srv/a b"
    assert screen.working_host == "host"
    assert screen.take_events() == [
        Notice("", "done"),
        Notice("T", "text"),
        Prompt("A"),
        Prompt("D", 3),
    ]


def test_the_clipboard_is_written_only_when_allowed_and_never_read() -> None:
    screen = shown("\x1b]52;c;aGVsbG8=\x07\x1b]52;c;?\x07")
    assert screen.take_events() == []
    screen.clipboard_allowed = True
    screen.feed(b"\x1b]52;c;aGVsbG8=\x07\x1b]52;p;aGVsbG8=\x07\x1b]52;c;?\x07\x1b]52;c;%%%\x07")
    assert screen.take_events() == [ClipboardWrite("hello", False), ClipboardWrite("hello", True)]
    screen.feed(b"\x1b]52;c;" + b"QUFB" * 100_000 + b"\x07")
    assert screen.take_events() == []
    assert screen.take_replies() == b""


def test_unknown_and_endless_strings_do_not_reach_the_screen() -> None:
    assert text(shown("a\x1b_app\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\\x1b]999;x\x07b")) == ["ab"]
    screen = shown("")
    screen.feed(b"\x1b]2;")
    for _ in range(40):
        screen.feed(b"x" * 65_536)
    assert sum(map(len, screen._stream._tokens._string)) <= STRING_MOST + 128
    screen.feed(b"\x07after")
    assert text(screen) == ["after"]
    assert screen.title == ""


def test_sequences_are_cancelled_and_broken_ones_swallowed() -> None:
    assert text(shown("a\x1b[31\x18b")) == ["ab"]
    assert text(shown("a\x1b[31\x1b[Cb")) == ["a b"]
    screen = shown("ab\x1b[3\r1mc")
    assert screen.text_rows()[0] == "cb"
    assert screen.cell(0, 0).foreground == 1


def test_too_many_and_too_large_parameters_are_bounded() -> None:
    screen = shown("\x1b[" + ";".join(["1"] * 500) + "m\x1b[99999999999999999999Cx")
    assert screen.cursor.column == 19
    screen.feed(b"\x1b[" + b"1" * 5000 + b"m\x1b[Hok")
    assert screen.text_rows()[0].startswith("ok")
