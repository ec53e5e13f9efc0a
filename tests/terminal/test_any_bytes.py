"""Whatever the bytes and wherever they are split: nothing is raised, the screen is the same."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aiops_desktop.terminal.emulator import Emulator
from tests.support.screens import check_sound, shown, state

_FINALS = "@ABCDEFGHIJKLMPSTXZ`abcdefghilmnpqrstuvwxyz{|}~"
_MODES = [47, 1047, 1049, 1000, 1006, 2004, 99999, 7, 3, 40, 41, 42, 45, 69, 1045, 2026, 2027, 2048]
_number = st.one_of(st.integers(0, 30), st.sampled_from(_MODES))
_csi = st.builds(
    lambda prefix, numbers, between, final: f"\x1b[{prefix}{numbers}{between}{final}",
    st.sampled_from(["", "", "", "?", ">", "=", "<"]),
    st.lists(_number.map(str) | st.just(""), max_size=5).map(";".join),
    st.sampled_from(["", "", "", "", "", " ", "!", '"', "$", "$", "'", "*", "#"]),
    st.sampled_from(_FINALS),
)
_text = st.sampled_from(
    ["a", "word ", "漢字", "e\u0301", "😀", "x" * 30, "\u0301", "│─", "\u200d", "👩\u200d🚀", " "]
)
_CONTROLS = (
    "\r\n|\r|\n|\b|\t|\x07|\x0e|\x0f|\x18|\x1a|\x7f|\x00|\x84|\x1b7|\x1b8|\x1bc|\x1bD|\x1bM|\x1bE|"
    "\x1bH|\x1b(0|\x1b(B|\x1b#8|\x1b]0;title\x07|\x1b]8;;http://x\x1b\\|\x1b]8;;\x1b\\|"
    "\x1bP$qm\x1b\\|\x1b_x\x1b\\|\x1b]4;1;#ff0000\x07|\x1b]10;?\x07|\x1b]7;file://h/tmp\x07|"
    "\x1b[?69h\x1b[4;9s|\x1b[?69h\x1b[2;3r\x1b[3;12s|\x1b[?69l|\x1b[?6h|\x1b[4h|\x1b[?7l|\x1b[?7h|"
    '\x1b[?45h|\x1b[?1045h|\x1b6|\x1b9|\x1bV|\x1bW|\x1b[1"q|\x1bN|\x1bO|\x1bn|\x1b)>|\x1b(K|\x1b-A|'
    "\x1b[44m|\x1b]5;0;red\x07|\x1b]104\x07|\x1bP+q436F;544E\x1b\\|\x1b[22t|\x1b[23t|\x1b[>1u|\x1b[<u|"
    "\x1b|\x1b[|\x1b]|\x1b[1\x07;2H|\x1b[3\x1b[4m|\x1bPabc\x1b[1mx|\x9b5n|\x9d0;q\x9c"
)
_control = st.sampled_from(_CONTROLS.split("|"))
_stream = st.lists(_csi | _csi | _text | _text | _control, max_size=40).map("".join)
_bytes = _stream.map(str.encode) | st.binary(max_size=120)


@settings(max_examples=400, deadline=None)
@example(b"\x1b]\x1b[@", [4])
@example(b"\x1b]ab\x1b]2;c\x07d", [6])
@given(_bytes, st.lists(st.integers(0, 400), max_size=6))
def test_where_bytes_are_split_does_not_matter(data: bytes, cuts: list[int]) -> None:
    whole = Emulator(20, 5, 50)
    whole.feed(data)
    pieces = Emulator(20, 5, 50)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    for left, right in pairwise(edges):
        pieces.feed(data[left:right])
    check_sound(whole)
    assert state(pieces) == state(whole)
    assert pieces.take_replies() == whole.take_replies()


@settings(max_examples=100, deadline=None)
@given(_bytes)
def test_byte_by_byte_is_the_same(data: bytes) -> None:
    whole, pieces = shown(data), shown(b"")
    for at in range(len(data)):
        pieces.feed(data[at : at + 1])
    assert state(pieces) == state(whole)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_bytes | st.tuples(st.integers(1, 40), st.integers(1, 12)), min_size=1, max_size=12)
)
def test_resizing_never_breaks_the_grid(steps: list[bytes | tuple[int, int]]) -> None:
    emulator = Emulator(20, 5, 50)
    for step in steps:
        if isinstance(step, bytes):
            emulator.feed(step)
        else:
            emulator.resize(*step)
        check_sound(emulator)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("abc 漢", min_size=1, max_size=50).map(str.strip), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(2, 60), st.integers(2, 12)), min_size=1, max_size=5),
)
def test_resizing_loses_no_text(lines: list[str], sizes: list[tuple[int, int]]) -> None:
    emulator = Emulator(30, 6, 1000)
    emulator.feed("\r\n".join(lines).encode())
    for size in sizes:
        emulator.resize(*size)
    kept = "".join(emulator.history_text() + emulator.text_rows())
    assert kept.replace(" ", "") == "".join(lines).replace(" ", "")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("abcdef ", max_size=45), min_size=300, max_size=400),
    st.integers(1, 4000),
    st.booleans(),
)
def test_much_plain_text_takes_the_same_way_as_little(
    lines: list[str], cut: int, indented: bool
) -> None:
    before = b"\x1b[3;4Hsome text below\x1b[H" if indented else b"start"
    data = "".join(f"{line}\r\n" for line in lines).encode()
    whole, pieces = shown(before), shown(before)
    whole.feed(data)
    for at in range(0, len(data), cut):
        pieces.feed(data[at : at + cut])
    assert whole.text_rows() == pieces.text_rows()
    assert whole.history_text() == pieces.history_text()
    assert [row.wrap for row in whole.grid] == [row.wrap for row in pieces.grid]
    assert whole.cursor == pieces.cursor
    assert whole.history.pushed == pieces.history.pushed
