"""Searching in a terminal: what is found, how it is stepped through, and that it never stalls."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.ui.terminal.search import Search, Wanted
from aiops_desktop.ui.terminal.widget import TerminalWidget

K, M = Qt.Key, Qt.KeyboardModifier


def spans(screen: TerminalWidget) -> list[tuple[int, int, int]]:
    return list(screen._highlights.matches)


def count(screen: TerminalWidget) -> str:
    return screen.search_bar.count.text()


def look_for(qtbot: QtBot, screen: TerminalWidget, text: str) -> None:
    if not screen.searching:
        screen.toggleShowSearchBar()
    screen.search_bar.field.clear()
    screen.search_bar.field.insert(text)
    qtbot.waitUntil(lambda: not screen._search_timer.isActive())


def test_matches_are_counted_and_stepped_through(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"".join(b"line %d nginx\r\n" % number for number in range(100)))
    look_for(qtbot, screen, "NGINX")
    assert count(screen) == "100 of 100"
    field = screen.search_bar.field
    QTest.keyClick(field, K.Key_Return)
    assert count(screen) == "99 of 100"
    QTest.keyClick(field, K.Key_Return, M.ShiftModifier)
    QTest.keyClick(field, K.Key_Return, M.ShiftModifier)
    assert count(screen) == "1 of 100", "it goes on at the other end"
    assert screen.top_line == 0, "the match is in view"
    QTest.mouseClick(screen.search_bar.wrap, Qt.MouseButton.LeftButton)
    QTest.mouseClick(screen.search_bar.up, Qt.MouseButton.LeftButton)
    assert count(screen) == "1 of 100"
    QTest.mouseClick(screen.search_bar.down, Qt.MouseButton.LeftButton)
    assert count(screen) == "2 of 100"
    assert len(spans(screen)) == 100
    assert screen._highlights.current == 1


def test_case_and_patterns(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"Warn warn WARN 404 500")
    look_for(qtbot, screen, "warn")
    assert count(screen).endswith("of 3")
    QTest.keyClick(screen.search_bar.field, K.Key_C, M.AltModifier)
    assert count(screen) == "1 of 1"
    QTest.keyClick(screen.search_bar.field, K.Key_R, M.AltModifier)
    look_for(qtbot, screen, r"\d{3}\b")
    assert count(screen).endswith("of 2")
    look_for(qtbot, screen, "(")
    assert count(screen) == "Not a pattern"
    assert screen.search_bar.count.toolTip()
    look_for(qtbot, screen, "absent")
    assert count(screen) == "No match"
    assert not screen.search_bar.down.isEnabled()


def test_matches_over_wrapped_rows_and_wide_characters(
    qtbot: QtBot, screen: TerminalWidget
) -> None:
    columns = screen.screenColumnsCount()
    screen.feed(b"x" * (columns - 3) + b"needle\r\n" + "漢字 needle 🙂 needle".encode())
    look_for(qtbot, screen, "needle")
    assert spans(screen) == [
        (0, columns - 3, columns),
        (1, 0, 3),
        (2, 5, 11),
        (2, 15, 21),
    ]
    look_for(qtbot, screen, "字")
    assert spans(screen) == [(2, 2, 4)]


def test_it_goes_on_while_output_comes(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"match\r\n" * 3)
    look_for(qtbot, screen, "match")
    assert count(screen) == "3 of 3"
    screen.feed(b"other\r\n" * 200 + b"match\r\n")
    qtbot.waitUntil(lambda: count(screen) == "3 of 4")
    screen.feed(b"\x1b[A\x1b[2K")
    qtbot.waitUntil(lambda: count(screen) == "3 of 3")
    screen.clear()
    qtbot.waitUntil(lambda: count(screen) == "No match")


def test_the_alternate_screen_is_searched_by_itself(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"match\r\n" * 100)
    look_for(qtbot, screen, "match")
    assert count(screen) == "100 of 100"
    screen.feed(b"\x1b[?1049h\x1b[Ha match here")
    qtbot.waitUntil(lambda: count(screen) == "1 of 1")
    screen.feed(b"\x1b[?1049l")
    qtbot.waitUntil(lambda: count(screen).endswith("of 100"))


def test_another_size_is_searched_anew(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"a long line with a match at its end\r\n" * 50)
    look_for(qtbot, screen, "match")
    screen.resize(300, 300)
    screen.fit_now()
    qtbot.waitUntil(lambda: count(screen).endswith("of 50"))
    for line, left, right in spans(screen):
        row = screen.line(line)
        assert row is not None
        assert right > left


def test_escape_closes_it_and_selects_the_match(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"one two three")
    look_for(qtbot, screen, "two")
    assert screen.search_bar.field.hasFocus()
    QTest.keyClick(screen.search_bar.field, K.Key_Escape)
    assert not screen.searching
    assert screen.hasFocus()
    assert spans(screen) == []
    assert screen.selectedText() == "two"
    screen.toggleShowSearchBar()
    assert screen.search_bar.field.text() == "two", "what is selected is searched for"
    screen.toggleShowSearchBar()
    assert not screen.searching


def test_earlier_searches_come_back(qtbot: QtBot, screen: TerminalWidget) -> None:
    for text in ("first", "second"):
        look_for(qtbot, screen, text)
        QTest.keyClick(screen.search_bar.field, K.Key_Return)
    field = screen.search_bar.field
    field.clear()
    found = []
    for key in (K.Key_Up, K.Key_Up, K.Key_Up, K.Key_Down):
        QTest.keyClick(field, key)
        found.append(field.text())
    assert found == ["second", "first", "first", "second"]


def test_the_search_floats_and_leaves_the_grid_its_size(
    qtbot: QtBot, screen: TerminalWidget
) -> None:
    before = screen.fitting()
    screen.toggleShowSearchBar()
    assert screen.fitting() == before
    bar = screen.search_bar.geometry()
    assert bar.right() <= screen.width()
    assert bar.top() == 8
    screen.resize(260, 200)
    QApplication.processEvents()
    assert screen.rect().contains(screen.search_bar.geometry())


def ten_thousand() -> Emulator:
    emulator = Emulator(120, 40)
    for number in range(100):
        emulator.feed(
            b"".join(
                b"%d \x1b[31mERR\x1b[m some words of a log line, %d\r\n" % (number, at)
                for at in range(101)
            )
        )
    return emulator


@pytest.mark.parametrize("wanted", [Wanted("words"), Wanted(r"line, \d+7$", regex=True)])
def test_ten_thousand_lines_are_searched_in_short_slices(wanted: Wanted) -> None:
    emulator = ten_thousand()
    history = emulator.history

    def line(number: int) -> object:
        at = number - (history.pushed - len(history))
        return (
            history.lines[at] if number < history.pushed else emulator.grid[number - history.pushed]
        )

    search = Search(wanted, line)  # type: ignore[arg-type]  # lines of history or grid
    slices: list[float] = []
    done = False
    while not done:
        begun = time.thread_time()
        done = search.step(history.pushed - len(history), history.pushed, emulator.rows)
        slices.append(time.thread_time() - begun)
    assert len(search.matches) > 800
    assert sorted(slices)[len(slices) // 2] < 0.06
    places = [match.place for match in search.matches]
    assert places == sorted(places)


def test_an_expression_that_would_run_for_ever_is_given_up() -> None:
    emulator = Emulator(80, 5)
    emulator.feed(b"a" * 60 + b"!")
    search = Search(Wanted("(a+)+$", regex=True), lambda at: emulator.grid[at] if at < 5 else None)
    begun = time.perf_counter()
    assert search.step(0, 0, 5)
    assert time.perf_counter() - begun < 30
