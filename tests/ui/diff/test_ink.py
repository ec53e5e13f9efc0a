"""Colours and changed words."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.domain.trouble import Stopped
from aiops_desktop.ui.views.diff.ink import changed_words, ink
from aiops_desktop.ui.views.diff.shown import WIDEST, columns, shown
from tests.support.diffs import diff_of

LINES = st.lists(st.text(alphabet=string.ascii_letters + " =()\t'", max_size=30), max_size=30)


def test_a_keyword_of_python_is_found_where_it_stands() -> None:
    diff = diff_of("a.py", "x = 1\n", "x = 1\nwhile True:\n    pass\n")
    made = ink(diff)
    number = next(n for n, line in enumerate(diff.hunks[0].lines) if "while" in line.text)
    assert (0, 5, "keyword") in made.runs[0][number]


def test_a_string_over_several_lines_is_known_from_the_text_before_the_hunk() -> None:
    before = 'text = """\n' + "\n" * 20 + 'while\n"""\n'
    diff = diff_of("a.py", before, before.replace("while", "while if"))
    made = ink(diff)
    kinds = {kind for line in made.runs[0] for _, _, kind in line}
    assert kinds == {"string"}


def test_without_the_whole_text_the_hunk_itself_is_coloured() -> None:
    diff = replace(diff_of("a.py", "x\n", "def f(): pass\n"), before=None, after=None)
    assert any(kind == "keyword" for line in ink(diff).runs[0] for _, _, kind in line)


def test_a_file_of_no_known_kind_has_no_colours_and_a_carriage_return_moves_nothing() -> None:
    assert not any(ink(diff_of("LICENSE.xyz", "a\n", "while\n")).runs[0])
    diff = diff_of("a.py", "a = 1\r\nb = 2\r\n", "a = 1\r\nwhile b:\r\n")
    added = next(n for n, line in enumerate(diff.hunks[0].lines) if line.kind == "+")
    assert (0, 5, "keyword") in ink(diff).runs[0][added]


def test_words_that_changed_are_marked_and_unlike_lines_are_not() -> None:
    diff = diff_of("a.txt", "TIMEOUT = 30\nINTERVAL = 2\n", "TIMEOUT = 120\nFIRST, LAST = 0.5, 8\n")
    words = ink(diff).words[0]
    lines = diff.hunks[0].lines
    marked = {
        line.text: [line.text[a:b] for a, b in w] for line, w in zip(lines, words, strict=True)
    }
    assert marked["TIMEOUT = 30"] == ["30"]
    assert marked["TIMEOUT = 120"] == ["120"]
    assert marked["INTERVAL = 2"] == []


@given(st.text(max_size=60), st.text(max_size=60))
def test_changed_words_lie_within_their_lines_and_never_overlap(old: str, new: str) -> None:
    for text, spans in zip((old, new), changed_words(old, new), strict=True):
        end = 0
        for first, last in spans:
            assert end <= first < last <= len(text)
            end = last


@given(LINES, LINES)
def test_runs_cover_no_more_than_their_lines(old: list[str], new: list[str]) -> None:
    diff = diff_of("a.py", "\n".join(old), "\n".join(new))
    made = ink(diff)
    for hunk, runs in zip(diff.hunks, made.runs, strict=True):
        for line, pieces in zip(hunk.lines, runs, strict=True):
            assert all(0 <= first < last <= len(line.text) for first, last, _ in pieces)


def test_nobody_waits_for_colours_of_a_diff_that_is_gone() -> None:
    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        ink(diff_of("a.py", "a\n", "b\n"), stop)


@given(st.text(max_size=80))
def test_nothing_that_turns_or_hides_text_is_shown_as_it_is(text: str) -> None:
    made, places = shown(text)
    assert not set(made) & set("\t\r\x00\x1b\u202e\u2066\u200b\ufeff")
    if places is not None:
        assert len(places) == len(text) + 1
        assert list(places) == sorted(places)


def test_tabs_go_to_the_next_stop_and_endless_lines_are_cut_with_a_count() -> None:
    assert shown("a\tb") == ("a   b", (0, 1, 4, 5))
    assert shown("x" * (WIDEST + 7))[0].endswith("… 7 more")
    assert shown("a\u202eb")[0] == "a[U+202E]b"
    assert columns("ab") == 2
    assert columns("世界") == 4
