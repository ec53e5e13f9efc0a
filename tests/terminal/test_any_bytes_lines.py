"""Lines that are written at once, and those that are not, leave the same screen."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aiops_desktop.terminal.emulator import Emulator
from tests.support.screens import check_sound, state

_WORDS = (
    "a|word |x|漢字|e\u0301|é|│─|🚀|👩\u200d🚀|❤\ufe0f|🇩🇪|🇩|👍🏽|\u1112\u1161\u11ab|\u0301|\u200d|"
    "\ufe0f|🏽|1\ufe0f\u20e3|कि|" + "y" * 9 + "|" + "z" * 20 + "|"
)
_LOOKS = (
    "\x1b[31m|\x1b[0m|\x1b[m|\x1b[1;44m|\x1b[4:3m|\x1b[38;5;200m|\x1b[38;2;1;2;3m|\x1b[K|\x1b[49m|"
    "\x1b[1K|\t|\x1b[3C|\b|\x1b]8;;http://x\x07|\x1b]8;;\x07|\x1b[?2027l|\x1b[?2027h|\x1b[2P|\x1b(B"
)
_ENDS = (
    "\r\n|\r\n|\r\n|\x1b[K\r\n|\x1b[K\r\n|\n|\r|\x1b[2;4r|\x1b[r|\x1b[H|\x1b[3S|\x1b[?7l|\x1b[?7h|"
)
_ENDS += "\x1b[?1049h|\x1b[?1049l|\x1b[4h|\x1b[4l|\x1b[20h|\x1b[20l|\x1b[5;1H|\x1b[0m\r\n|\x1b[2J"
_line = st.tuples(
    st.lists(
        st.sampled_from(_WORDS.split("|")) | st.sampled_from(_LOOKS.split("|")), max_size=6
    ).map("".join),
    st.sampled_from(_ENDS.split("|")),
).map("".join)
_stream = st.lists(_line, max_size=14).map("".join)


def _whole_and_bytes(data: bytes) -> tuple[Emulator, Emulator]:
    whole, pieces = Emulator(18, 5, 30), Emulator(18, 5, 30)
    whole.feed(data)
    for at in range(len(data)):
        pieces.feed(data[at : at + 1])
    return whole, pieces


@settings(max_examples=500, deadline=None)
@given(_stream)
@example("🚀\u200d❤\ufe0f\r\n")
@example("e\x1b[31m\u0301\r\n")
@example("\x1b[?7l" + "z" * 17 + "❤\ufe0f")
@example("z" * 17 + "❤\ufe0f🇩🇪")
@example("\x1b[44m" + "z" * 17 + "👩\u200d🚀")
@example("z" * 18 + "\x1b[K\r\nx")
@example("z" * 17 + "🇩\r\n" + "z" * 17 + "🇩🇪")
def test_lines_are_the_same_at_once_and_byte_by_byte(text: str) -> None:
    whole, pieces = _whole_and_bytes(text.encode())
    check_sound(whole)
    assert state(whole) == state(pieces)
    assert whole.text_rows() == pieces.text_rows()


@settings(max_examples=60, deadline=None)
@given(_stream)
def test_every_split_point_gives_the_same_grid(text: str) -> None:
    data = text.encode()[:160]
    whole = Emulator(18, 5, 30)
    whole.feed(data)
    expected = state(whole)
    for cut in range(1, len(data)):
        parts = Emulator(18, 5, 30)
        parts.feed(data[:cut])
        parts.feed(data[cut:])
        assert state(parts) == expected, cut


@settings(max_examples=40, deadline=None)
@given(st.lists(_line, min_size=20, max_size=60), st.booleans())
def test_a_long_stream_compacts_to_the_same_history(lines: list[str], plain: bool) -> None:
    kept = [line for line in lines if "\x1b" not in line] if plain else lines
    data = ("".join(kept) * (1 + 3_000 // (1 + len("".join(kept))))).encode()[:9_000]
    whole, pieces = Emulator(18, 5, 400), Emulator(18, 5, 400)
    whole.feed(data)
    for at in range(0, len(data), 7):
        pieces.feed(data[at : at + 7])
    assert state(whole) == state(pieces)
    assert whole.history_text() == pieces.history_text()
    assert whole.history.pushed == pieces.history.pushed
