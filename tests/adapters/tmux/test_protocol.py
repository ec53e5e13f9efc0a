"""Control mode is understood however its bytes are cut, and whatever a newer tmux adds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.adapters.tmux import protocol
from aiops_desktop.adapters.tmux.protocol import Answer, Notice, Overflow, Reader, quoted

STREAM = (
    b"%begin 1795438965 270 0\n%end 1795438965 270 0\n"
    b"%session-changed $0 acme-shell\n"
    b"%begin 1795438965 275 1\nP\tone\n%end 1 2 1\n%output %1 x\n%end 1795438965 275 1\n"
    b"%something-new with words\n"
    b"not a line of tmux\n"
    b"%output %3 a\\033[1mb\\134c\\777\n"
    b"%begin 1795438966 288 1\nparse error: unknown command: bogus\n%error 1795438966 288 1\n"
    b"%exit server exited\n"
)
MEANT = [
    Answer(270, (), True, False),
    Notice("session-changed", "$0 acme-shell"),
    Answer(275, ("P\tone", "%end 1 2 1", "%output %1 x"), True, True),
    Notice("something-new", "with words"),
    Notice("output", "%3 a\x1b[1mb\\c\\777"),
    Answer(288, ("parse error: unknown command: bogus",), False, True),
    Notice("exit", "server exited"),
]


def test_answers_and_notices_are_told_apart() -> None:
    assert Reader().feed(STREAM) == MEANT


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_it_does_not_matter_where_the_bytes_are_cut(cuts: list[int]) -> None:
    reader, told = Reader(), []
    places = [0, *sorted(cuts), len(STREAM)]
    for start, end in itertools.pairwise(places):
        told += reader.feed(STREAM[start:end])
    assert told == MEANT


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    reader = Reader()
    reader.feed(data)
    reader.feed(b"\n%begin 1 1 1\n" + data + b"\n%end 1 1 1\n")


def test_what_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "LIMIT", 1000)
    with pytest.raises(Overflow):
        Reader().feed(b"x" * 1001)
    with pytest.raises(Overflow):
        Reader().feed(b"%begin 1 1 1\n" + b"some line\n" * 200)


@pytest.mark.parametrize(
    ("word", "line"),
    [
        ("plain", b"'plain'\n"),
        ("#{x} $HOME ; ~ \\", b"'#{x} $HOME ; ~ \\'\n"),
        ('it\'s $5 "now" \\n', b'"it\'s \\$5 \\"now\\" \\\\n"\n'),
        ("two\nlines", b'"two\\nlines"\n'),
    ],
)
def test_no_word_means_anything_to_tmux(word: str, line: bytes) -> None:
    assert quoted([word]) == line
