"""Rectangles: copied, filled, erased, with changed attributes, and summed up."""

from __future__ import annotations

import pytest

from aiops_desktop.terminal import styles
from tests.support.screens import check_sound, shown, text

FIVE = "\r\n".join(("abcde", "fghij", "klmno", "pqrst", "uvwxy"))


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b[1;1;2;2;1;4;4;1$v", ["abcde", "fghij", "klmno", "pqrab", "uvwfg"]),
        ("\x1b[1;1;3;3;1;2;2;1$v", ["abcde", "fabcj", "kfgho", "pklmt", "uvwxy"]),
        ("\x1b[2;2;3;3$v", ["ghcde", "lmhij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[33;2;2;4;4$x", ["abcde", "f!!!j", "k!!!o", "p!!!t", "uvwxy"]),
        ("\x1b[7;2;2;4;4$x", ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[2;2;4;4$z", ["abcde", "f   j", "k   o", "p   t", "uvwxy"]),
        ("\x1b[4;4;2;2$z", ["abcde", "fghij", "klmno", "pqrst", "uvwxy"]),
        ("\x1b[2$z", ["abcde"]),
        ("\x1b[?69h\x1b[2;4s\x1b[2;4r\x1b[?6h\x1b[1;1;9;1$z",
         ["abcde", "f hij", "k mno", "p rst", "uvwxy"]),
    ],
)  # fmt: skip
def test_rectangles(sequence: str, expected: list[str]) -> None:
    screen = shown(FIVE + sequence)
    check_sound(screen)
    assert text(screen) == expected


def test_selective_erasing_spares_what_decsca_protected_but_not_what_spa_did() -> None:
    assert text(shown('ab\x1b[1"qcd\x1b[0"qe\x1b[1;1;1;5${')) == ["  cd"]
    assert text(shown("ab\x1bVcd\x1bWe\x1b[1;1;1;5${")) == []
    assert text(shown("ab\x1bVcd\x1bWe\x1b[2K")) == ["  cd"]
    assert text(shown("ab\x1bVcd\x1bWe\x1b[2J")) == ["  cd"]


def test_copies_keep_wide_characters_whole() -> None:
    screen = shown("漢字\x1b[1;2;1;3;1;2;1;1$v")
    check_sound(screen)
    assert text(screen) == ["漢字"]


def test_attributes_change_in_a_stream_or_in_a_box() -> None:
    screen = shown(FIVE + "\x1b[2;2;3;3;1;4$r")
    both = styles.BOLD | styles.UNDERLINE
    assert [screen.cell(1, x).attributes for x in (0, 1, 19)] == [0, both, both]
    assert [screen.cell(2, x).attributes for x in (0, 2, 3)] == [both, both, 0]
    screen = shown(FIVE + "\x1b[2*x\x1b[2;2;3;3;1;4$r\x1b[2;2;2;3;22$r\x1b[3;1;3;5;4$t")
    assert [screen.cell(1, x).attributes for x in (0, 1, 3)] == [0, styles.UNDERLINE, 0]
    assert [screen.cell(2, x).attributes for x in (0, 1)] == [styles.UNDERLINE, styles.BOLD]
    assert text(screen) == FIVE.split("\r\n")


@pytest.mark.parametrize(
    ("content", "question", "total"),
    [
        ("ab", "\x1b[7;1;1;1;1;2*y", -(97 + 98)),
        ("ab", "\x1b[7;1;1;1;1;4*y", -(97 + 98 + 64)),
        ("\x1b[1ma\x1b[7mb", "\x1b[7;1;1;1;1;2*y", -(97 + 0x80 + 98 + 0xA0)),
        ("\x1b[1ma\x1b[7mb", "\x1b[7#y\x1b[7;1;1;1;1;2*y", 97 + 98),
        ("ab", "\x1b[1#y\x1b[7;1;1;1;1;4*y", 97 + 98),
        ("漢", "\x1b[17#y\x1b[7;1;1;1;1;1*y", ord("漢")),
        ("ab", "\x1b[7;1;9;9;1;1*y", 0),
    ],
)
def test_checksums(content: str, question: str, total: int) -> None:
    answer = shown(content + question).take_replies()
    assert answer == f"\x1bP7!~{total & 0xFFFF:04X}\x1b\\".encode()


def test_a_lower_level_knows_no_rectangles() -> None:
    assert text(shown('\x1b[62"pab\x1b[1;1;1;2$z')) == ["ab"]
    assert shown('\x1b[62"p\x1b[4$p\x1b[1;1;1;1;1;1*y').take_replies() == b""
