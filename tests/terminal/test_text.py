"""Text on the screen: wrapping, wide and combining characters, character sets, insert mode."""

from __future__ import annotations

from tests.support.screens import shown, text


def test_text_wraps_and_scrolls_into_the_history() -> None:
    screen = shown("abcdefghij" * 2 + "\r\n1\r\n2", columns=8, rows=3)
    assert text(screen) == ["ghij", "1", "2"]
    assert screen.history_text() == ["abcdefgh", "ijabcdef"]


def test_the_cursor_waits_in_the_last_column_before_it_wraps() -> None:
    screen = shown("12345678", columns=8, rows=3)
    assert (screen.cursor.row, screen.cursor.column) == (0, 7)
    screen.feed(b"\b9")
    assert text(screen) == ["12345698"]


def test_without_autowrap_the_last_column_is_overwritten() -> None:
    assert text(shown("\x1b[?7labcdefghijk", columns=5)) == ["abcdk"]


def test_wide_characters_take_two_cells_and_never_half_of_the_edge() -> None:
    screen = shown("abc漢字", columns=4, rows=3)
    assert text(screen) == ["abc", "漢字"]
    assert screen.cell(1, 0).text == "漢"
    assert screen.cell(1, 1).text == ""


def test_overwriting_half_of_a_wide_character_removes_it() -> None:
    assert text(shown("漢字\x1b[1;2Hx")) == [" x字"]
    assert text(shown("漢字\x1b[1;3Hx")) == ["漢x"]
    assert text(shown("漢字\x1b[1;2H\x1b[K")) == []


def test_combining_marks_join_the_character_before() -> None:
    screen = shown("e\u0301x")
    assert screen.cell(0, 0).text == "e\u0301"
    assert screen.cell(0, 1).text == "x"
    assert shown("漢\u0301").cell(0, 0).text == "漢\u0301"


def test_a_flood_of_marks_is_bounded() -> None:
    assert len(shown("e" + "\u0301" * 1000).cell(0, 0).text) <= 32


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert text(shown(b"a\xffb\xe6\xbc")) == ["a\ufffdb"]


def test_dec_graphics_draw_boxes() -> None:
    assert text(shown("\x1b(0lqk\x1b(B-lqk")) == ["┌─┐-lqk"]
    assert text(shown("\x1b)0a\x0eqx\x0fq")) == ["a─│q"]


def test_insert_mode_moves_the_rest() -> None:
    assert text(shown("abcdef\x1b[1;3H\x1b[4hXY\x1b[4l-", columns=6)) == ["abXY-d"]


def test_repeat_writes_the_last_character_again() -> None:
    assert text(shown("ab\x1b[3b")) == ["abbbb"]


def test_tabs_stop_where_they_are_set() -> None:
    assert text(shown("a\tb", columns=20)) == ["a       b"]
    screen = shown("\x1b[3g\x1b[1;5H\x1bH\x1b[1;11H\x1bH\ra\tb\tc\x1b[2Zd")
    assert text(screen) == ["a   d     c"]


def test_lines_that_were_cut_by_the_edge_are_one_paragraph() -> None:
    screen = shown("x" * 25 + "\r\nshort", columns=10, rows=5)
    assert [row.wrap for row in screen.grid] == [True, True, False, False, False]
    screen.resize(30, 5)
    assert text(screen) == ["x" * 25, "short"]
    assert (screen.cursor.row, screen.cursor.column) == (1, 5)


def test_making_the_screen_lower_and_higher_loses_nothing() -> None:
    screen = shown("\r\n".join(f"line {n}" for n in range(10)), columns=20, rows=10)
    screen.resize(20, 4)
    assert text(screen) == [f"line {n}" for n in range(6, 10)]
    screen.resize(20, 12)
    assert text(screen) == [f"line {n}" for n in range(10)]
    assert screen.history_text() == []


def test_clear_stays_cleared_after_a_resize() -> None:
    screen = shown("old\r\n" * 20 + "\x1b[H\x1b[2J$ ", columns=20, rows=5)
    screen.resize(25, 6)
    assert text(screen) == ["$"]
    assert "old" in screen.history_text()


def test_the_history_is_bounded_and_small() -> None:
    screen = shown("", columns=80, rows=24, history=1000)
    for number in range(5000):
        screen.feed(b"line %d\r\n" % number)
    assert len(screen.history) == 1000
    assert screen.history_text()[-1] == "line 4976"
    plain = [line for line in screen.history.lines if isinstance(line, str)]
    assert len(plain) > 700
