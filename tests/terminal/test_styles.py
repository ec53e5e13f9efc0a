"""Colours and attributes: SGR in all its spellings, links, colours by OSC."""

from __future__ import annotations

import pytest

from aiops_desktop.terminal import styles
from aiops_desktop.terminal.colours import parsed, spelled
from tests.support.screens import shown


@pytest.mark.parametrize(
    ("sgr", "fg", "bg"),
    [
        ("31;42", 1, 2),
        ("91;102", 9, 10),
        ("38;5;208;48;5;17", 208, 17),
        ("38:5:208", 208, None),
        ("38;2;1;2;3", styles.RGB | 0x010203, None),
        ("38:2:1:2:3", styles.RGB | 0x010203, None),
        ("38:2::1:2:3", styles.RGB | 0x010203, None),
        ("48;2;999;0;0", None, styles.RGB | 0xFF0000),
        ("31;39;42;49", None, None),
        ("38;5;300", None, None),
        ("38;5", None, None),
        ("31;38;9;9", 1, None),
        ("31;", None, None),
    ],
)
def test_colours(sgr: str, fg: int | None, bg: int | None) -> None:
    cell = shown(f"\x1b[{sgr}mx").cell(0, 0)
    assert (cell.foreground, cell.background) == (fg, bg)


@pytest.mark.parametrize(
    ("on", "off", "flag"),
    [
        ("1", "22", styles.BOLD),
        ("2", "22", styles.FAINT),
        ("3", "23", styles.ITALIC),
        ("4", "24", styles.UNDERLINE),
        ("4:2", "24", styles.DOUBLE),
        ("4:3", "4:0", styles.CURLY),
        ("4:4", "24", styles.DOTTED),
        ("4:5", "24", styles.DASHED),
        ("21", "24", styles.DOUBLE),
        ("5", "25", styles.BLINK),
        ("7", "27", styles.REVERSE),
        ("8", "28", styles.HIDDEN),
        ("9", "29", styles.STRIKE),
        ("53", "55", styles.OVERLINE),
    ],
)
def test_attributes_go_on_and_off(on: str, off: str, flag: int) -> None:
    screen = shown(f"\x1b[{on}mx\x1b[{off}my")
    assert screen.cell(0, 0).attributes == flag
    assert screen.cell(0, 1).attributes == 0


def test_an_underline_has_a_colour_of_its_own() -> None:
    assert shown("\x1b[4;58:5:9mx").cell(0, 0).underline_colour == 9
    assert shown("\x1b[4;58:5:9;59mx").cell(0, 0).underline_colour is None


def test_links_have_an_address_and_end() -> None:
    screen = shown("\x1b]8;id=7;https://x.example\x1b\\link\x1b]8;;\x1b\\ text")
    assert screen.cell(0, 0).link == ("id=7", "https://x.example")
    assert screen.cell(0, 5).link is None
    assert shown(f"\x1b]8;;http://{'x' * 5000}\x07link").cell(0, 0).link is None


def test_caches_are_bounded() -> None:
    screen = shown("")
    for number in range(30_000):
        screen.feed(b"\x1b[38;2;%d;%d;1m\x1b[%d;1H" % (number % 256, number // 256, number))
    assert len(styles._table) <= 20_001
    assert len(screen._stream._actions) <= 30_001


@pytest.mark.parametrize(
    ("spec", "colour"),
    [
        ("rgb:ff/80/00", 0xFF8000),
        ("rgb:ffff/8080/0000", 0xFF8000),
        ("rgb:f/0/0", 0xFF0000),
        ("#ff8000", 0xFF8000),
        ("#f80", 0xF08000),
        ("#ffff80800000", 0xFF8000),
        ("red?", None),
        ("Light Steel Blue", 0xB0C4DE),
        ("grey50", 0x808080),
        ("rgb:gg/0/0", None),
    ],
)
def test_colour_names(spec: str, colour: int | None) -> None:
    assert parsed(spec) == colour


def test_colours_are_set_asked_for_and_given_back() -> None:
    screen = shown("")
    screen.set_theme({"foreground": 0x1B222C, "background": 0xFFFFFF, 1: 0xB8283F}, (8, 18))
    screen.feed(b"\x1b]10;?\x1b\\\x1b]11;?\x07\x1b]4;1;?;200;?\x07")
    assert screen.take_replies() == (
        b"\x1b]10;rgb:1b1b/2222/2c2c\x1b\\\x1b]11;rgb:ffff/ffff/ffff\x07"
        b"\x1b]4;1;rgb:b8b8/2828/3f3f\x07\x1b]4;200;rgb:ffff/0000/d7d7\x07"
    )
    screen.feed(b"\x1b]4;1;#00ff00\x07\x1b]11;#000000\x07")
    assert screen.colours == {1: 0x00FF00, "background": 0}
    screen.feed(b"\x1b]104;1\x07\x1b]111\x07")
    assert screen.colours == {}
    assert spelled(0x0102FF) == "rgb:0101/0202/ffff"
