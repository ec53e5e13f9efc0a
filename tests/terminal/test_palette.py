"""Colours as programs set them and ask for them, in all of X11's spellings."""

from __future__ import annotations

import pytest

from aiops_desktop.terminal.colours import parsed
from tests.support.screens import shown

THEME: dict[int | str, int] = {"foreground": 0x101010, "background": 0xFFFFFF, 1: 0xB8283F}


@pytest.mark.parametrize(
    ("spec", "colour"),
    [
        ("red", 0xFF0000),
        ("Medium Sea Green", 0x3CB371),
        ("gray100", 0xFFFFFF),
        ("gray101", None),
        ("rgbi:1/0/0.5", 0xFF00BC),
        ("rgbi:2/-1/0", 0xFF0000),
        ("CIEXYZ:0.9505/1/1.0888", 0xFFFFFF),
        ("CIExyY:0.3127/0.329/1", 0xFFFFFF),
        ("CIEuvY:0.1978/0.4683/1", 0xFFFFFF),
        ("CIELab:53.24/80.09/67.2", 0xFF0000),
        ("CIELuv:53.24/175.01/37.75", 0xFF0000),
        ("CIELab:0/0/0", 0x000000),
        ("TekHVC:0/100/0", 0xFFFFFF),
        ("TekHVC:0/0/0", 0x000000),
        ("CIEXYZ:1/1", None),
        ("CIEXYZ:1/1/x", None),
        ("CIEXYZ:inf/nan/1", None),
        ("CIElab:1e300/0/0", 0xFFFFFF),
        ("Munsell:1/1/1", None),
    ],
)
def test_spellings(spec: str, colour: int | None) -> None:
    found = parsed(spec)
    if colour is None or found is None:
        assert found is colour
    else:
        apart = [abs((found >> at & 255) - (colour >> at & 255)) for at in (0, 8, 16)]
        assert max(apart) <= 2, hex(found)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("\x1b]5;0;?\x07", "\x1b]5;0;rgb:1010/1010/1010\x07"),
        ("\x1b]5;1;blue\x07\x1b]5;1;?\x07", "\x1b]5;1;rgb:0000/0000/ffff\x07"),
        ("\x1b]4;257;blue\x07\x1b]5;1;?\x07", "\x1b]5;1;rgb:0000/0000/ffff\x07"),
        ("\x1b]5;1;blue\x07\x1b]105;1\x07\x1b]5;1;?\x07", "\x1b]5;1;rgb:1010/1010/1010\x07"),
        ("\x1b]5;1;blue\x07\x1b]105\x07\x1b]5;1;?\x07", "\x1b]5;1;rgb:1010/1010/1010\x07"),
        ("\x1b]4;1;blue;2;red\x07\x1b]104\x07\x1b]4;1;?\x07", "\x1b]4;1;rgb:b8b8/2828/3f3f\x07"),
        ("\x1b]10;red;green\x1b\\\x1b]11;?\x1b\\", "\x1b]11;rgb:0000/ffff/0000\x1b\\"),
        ("\x1b]10;red\x07\x1b]110\x07\x1b]10;?\x07", "\x1b]10;rgb:1010/1010/1010\x07"),
        ("\x1b]14;?\x07", "\x1b]14;rgb:ffff/ffff/ffff\x07"),
        ("\x1b]15;?\x07\x1b]4;999;?\x07\x1b]4;x;?\x07\x1b]4;²;?\x07", ""),
        ("\x1b[?996n", "\x1b[?997;2n"),
    ],
)
def test_questions(question: str, answer: str) -> None:
    screen = shown("")
    screen.set_theme(THEME, (8, 16))
    screen.feed(question.encode())
    assert screen.take_replies() == answer.encode()


def test_a_program_may_be_told_of_another_theme() -> None:
    screen = shown("\x1b[?2031h")
    screen.set_theme(THEME, (8, 16))
    assert screen.take_replies() == b"\x1b[?997;2n"
    screen.set_theme(THEME, (8, 16))
    assert screen.take_replies() == b""
    screen.set_theme(THEME | {"background": 0x101010}, (8, 16))
    assert screen.take_replies() == b"\x1b[?997;1n"
