"""Single characters with a sequence each leave the same screen, many at once or one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aiops_desktop.terminal.emulator import Emulator
from tests.support.screens import check_sound, state

_BEFORE = (
    "",
    "漢字漢字漢字漢字\r\n漢字漢字漢字",
    "\x1b[44m\x1b[2J",
    "\x1b[4h",
    "\x1b[?7l",
    "\x1b[?69h\x1b[4;9s",
    "\x1b[2;4r\x1b[?6h",
    "\x1b(0",
    "\x1b[?1049h",
    "\x1b[3;12Habc\x1b[2;4r",
    "\x1bV",
)
_place = st.builds(
    "\x1b[{};{}H{}".format,
    st.integers(0, 7) | st.just("007") | st.just(""),
    st.integers(0, 21) | st.just(99),
    st.sampled_from("xyz "),
)
_colour = st.builds(
    "\x1b[{}m{}".format, st.sampled_from(["31", "44", "", "1;38;5;9", "7"]), st.sampled_from("abc ")
)
_odd = st.sampled_from(
    ["\x1b[Ha", "\x1b[fb", "\x1b[2Cc", "\x1b[2Jd", "\x1b[3be", "\x1bMf", "\x07g", "\x1b[?7lh"]
)
_run = st.lists(_place, min_size=40, max_size=90) | st.lists(_colour, min_size=40, max_size=90)
_runs = _run | st.lists(_odd, max_size=2) | st.lists(_place | _colour, max_size=20)
_stream = st.lists(_runs.map("".join), min_size=1, max_size=5).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(_BEFORE), _stream, st.sampled_from(["", "\x1b[3b", "\u0301", "end", "漢"]))
def test_pairs_are_the_same_at_once_and_in_small_pieces(
    before: str, pairs: str, after: str
) -> None:
    whole, pieces = Emulator(18, 5, 30), Emulator(18, 5, 30)
    for emulator in (whole, pieces):
        emulator.feed(before.encode())
    data = (pairs + after).encode()
    whole.feed(data)
    for at in range(0, len(data), 50):
        pieces.feed(data[at : at + 50])
    check_sound(whole)
    assert state(whole) == state(pieces)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(_BEFORE), _stream)
def test_every_row_that_changed_is_painted_again(before: str, pairs: str) -> None:
    emulator = Emulator(18, 5, 30)
    emulator.feed(before.encode())
    painted = emulator.next_frame()
    shown = {id(row): (row, list(row.chars), list(row.styles)) for row in emulator.grid}
    emulator.feed(pairs.encode())
    for row in emulator.grid:
        if row.gen <= painted:
            assert shown[id(row)] == (row, row.chars, row.styles)


def test_each_row_a_place_lies_in_is_marked_for_painting() -> None:
    emulator = Emulator(18, 5, 30)
    painted = emulator.next_frame()
    emulator.feed(b"".join(b"\x1b[%d;%dHx" % (n % 4 + 1, n % 17 + 1) for n in range(200)))
    assert [row.gen > painted for row in emulator.grid] == [True, True, True, True, False]


def test_a_run_of_colours_that_ends_inside_a_wide_character_leaves_no_half_of_it() -> None:
    for size in (67, 68, 69):
        emulator = Emulator(18, 5, 30)
        emulator.feed(("漢" * 9 + "\r\n").encode() * 4 + b"\x1b[H")
        emulator.feed(b"".join(b"\x1b[%dmx" % (31 + n % 6) for n in range(size)))
        check_sound(emulator)
        assert "".join(emulator.text_rows()).count("x") == size
