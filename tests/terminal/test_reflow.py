"""Resizing wraps the lines of the main screen anew, and nothing that was written is lost."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.rows import line_row
from tests.support.screens import check_sound, shown, text

_WORDS = (
    "a|word |漢字|é|e\u0301|🚀|👩\u200d🚀|🇩🇪|❤\ufe0f|   |\x1b[31m|\x1b[0m|\x1b[44m|x" + "y" * 30
)
_lines = st.lists(
    st.lists(st.sampled_from(_WORDS.split("|")), max_size=8).map("".join), min_size=1, max_size=20
)
_sizes = st.lists(st.tuples(st.integers(2, 60), st.integers(1, 14)), min_size=1, max_size=6)
Paragraph = list[tuple[str, int]]


def paragraphs(emulator: Emulator) -> list[Paragraph]:
    """All that was written: characters and their styles, a list for each line of the program.

    Blanks at a line's end are left out: they are cut where they would be wrapped.
    """
    made: list[Paragraph] = [[]]
    for line in (*emulator.history.lines, *emulator.grid):
        row = line_row(line)
        made[-1] += [
            (char, id(look)) for char, look in zip(row.chars, row.styles, strict=True) if char
        ]
        if not row.wrap:
            while made[-1] and made[-1][-1][0] == " ":
                made[-1].pop()
            made.append([])
    while made and not made[-1]:
        made.pop()
    return made


@settings(max_examples=250, deadline=None)
@given(_lines, _sizes)
@example(["a漢"], [(2, 1)])
@example(["x" * 31, ""], [(60, 3), (2, 14)])
def test_every_paragraph_and_its_colours_stay(
    lines: list[str], sizes: list[tuple[int, int]]
) -> None:
    emulator = Emulator(20, 6, 5_000)
    emulator.feed("\r\n".join(lines).encode())
    before = paragraphs(emulator)
    for size in sizes:
        emulator.resize(*size)
        check_sound(emulator)
        assert paragraphs(emulator) == before


@settings(max_examples=150, deadline=None)
@given(_lines, _sizes, st.integers(1, 20), st.integers(1, 6))
def test_a_cursor_anywhere_stays_on_the_screen(
    lines: list[str], sizes: list[tuple[int, int]], column: int, row: int
) -> None:
    emulator = Emulator(20, 6, 5_000)
    emulator.feed("\r\n".join(lines).encode() + b"\x1b[%d;%dH" % (row, column))
    for size in sizes:
        emulator.resize(*size)
        check_sound(emulator)
        assert len(emulator.history) < 4_000


@settings(max_examples=150, deadline=None)
@given(_lines, _sizes)
def test_the_cursor_stays_behind_the_last_character(
    lines: list[str], sizes: list[tuple[int, int]]
) -> None:
    emulator = Emulator(20, 6, 5_000)
    emulator.feed("\r\n".join(lines).encode() + b"\x1b[0m")
    before = paragraphs(emulator)
    for size in sizes:
        emulator.resize(*size)
    emulator.feed(b"!")
    last = "".join(char for char, _ in before[-1]) if len(before) == len(lines) else ""
    now = "".join(char for char, _ in paragraphs(emulator)[-1])
    assert now.endswith("!")
    assert now.removesuffix("!").rstrip(" ") == last


@settings(max_examples=100, deadline=None)
@given(
    st.lists(_lines | st.tuples(st.integers(2, 60), st.integers(1, 14)), min_size=2, max_size=10),
    st.booleans(),
)
def test_writing_and_resizing_in_turn_keeps_every_line(
    steps: list[list[str] | tuple[int, int]], alternate: bool
) -> None:
    emulator = Emulator(20, 6, 5_000)
    written: list[str] = []
    for step in steps:
        if isinstance(step, tuple):
            if alternate:
                emulator.feed(b"\x1b[?1049h\x1b[2Jan editor")
            emulator.resize(*step)
            if alternate:
                emulator.feed(b"\x1b[?1049l")
        else:
            emulator.feed("".join(f"{line}\x1b[0m\r\n" for line in step).encode())
            written += step
        check_sound(emulator)
    expected = shown("".join(f"{line}\x1b[0m\r\n" for line in written), 4_000, 20, 5_000)
    assert paragraphs(emulator) == paragraphs(expected)


def test_a_full_history_loses_nothing_to_a_narrow_window() -> None:
    emulator = Emulator(80, 5, 100)
    emulator.feed(b"".join(b"%03d %s\r\n" % (n, b"x" * 70) for n in range(300)))
    before = emulator.history_text()
    assert len(before) == 100
    emulator.resize(10, 5)
    assert len(emulator.history) > 100
    emulator.resize(80, 5)
    assert emulator.history_text() == before


def test_a_history_that_grew_with_a_narrow_window_does_not_grow_for_ever() -> None:
    emulator = Emulator(80, 5, 100)
    emulator.feed(b"".join(b"%03d %s\r\n" % (n, b"x" * 70) for n in range(300)))
    emulator.resize(10, 5)
    most = len(emulator.history)
    emulator.feed(b"short\r\n" * 5_000)
    assert len(emulator.history) <= most
    emulator.resize(80, 5)
    assert len(emulator.history) <= 105


def test_a_wide_character_that_did_not_fit_leaves_no_blank_behind() -> None:
    screen = shown("abc漢字", columns=4, rows=3)
    screen.resize(10, 3)
    assert text(screen) == ["abc漢字"]


def test_coloured_lines_of_the_history_are_wrapped_anew_in_their_colours() -> None:
    screen = shown("\x1b[31mred \x1b[32mgreen\x1b[0m\r\n" * 600, columns=20, rows=3, history=1000)
    screen.resize(6, 3)
    assert screen.history_text()[:2] == ["red gr", "een"]
    assert screen.cell(-2, 5).foreground == 2
    screen.resize(20, 3)
    assert set(screen.history_text()) == {"red green"}
    assert screen.cell(-1, 3).foreground == 1


def test_the_program_on_the_alternate_screen_is_cut_and_not_wrapped() -> None:
    screen = shown("\x1b[?1049h\x1b[H" + "x" * 30, columns=20, rows=4)
    screen.resize(10, 4)
    assert text(screen) == ["x" * 10, "x" * 10]


@settings(max_examples=150, deadline=None)
@given(_lines, st.integers(1, 6), st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_a_lower_window_keeps_what_is_below_the_cursor(
    lines: list[str], row: int, heights: list[int]
) -> None:
    emulator = Emulator(20, 6, 5_000)
    emulator.feed(("\r\n".join(lines) + f"\x1b[{row};1H").encode())
    before = paragraphs(emulator)
    for height in heights:
        emulator.resize(20, height)
        check_sound(emulator)
    emulator.resize(20, 40)
    assert paragraphs(emulator) == before


def test_what_was_cut_off_does_not_come_back_over_new_output() -> None:
    emulator = shown("one\r\ntwo\r\nthree\r\nfour\r\nfive\x1b[H")
    emulator.resize(20, 2)
    assert text(emulator) == ["one", "two"]
    emulator.resize(20, 5)
    assert text(emulator) == ["one", "two", "three", "four", "five"]
    emulator.resize(20, 2)
    emulator.feed(b"\x1b[J$ ")
    emulator.resize(20, 5)
    assert text(emulator) == ["$"]
