"""A screen reader can read a terminal."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.accessible import changed_part
from aiops_desktop.ui.terminal.widget import TerminalWidget


def test_the_screen_is_a_text_with_a_cursor(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed("漢字 first\r\nsecond".encode())
    found = QAccessible.queryAccessibleInterface(screen)
    assert found.role() == QAccessible.Role.Terminal
    assert found.text(QAccessible.Text.Name) == "Terminal"
    text = found.textInterface()
    assert text is not None
    assert text.characterCount() == len(screen.text())
    assert text.text(0, 15) == "漢字 first\nsecond"
    assert text.cursorPosition() == 15
    spot = text.characterRect(9).center()
    assert text.offsetAtPoint(spot) == 9
    screen.select_all()
    assert text.selectionCount() == 1


def test_places_count_cells_where_characters_are_wide(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed("a漢e\u0301b\r\nsame same".encode())
    text = QAccessible.queryAccessibleInterface(screen).textInterface()
    width = screen.cell_size[0]
    wide, narrow = text.characterRect(1), text.characterRect(4)
    assert wide.width() == pytest.approx(2 * width, abs=1)
    assert narrow.x() - wide.x() == pytest.approx(3 * width, abs=1)
    assert text.text(4, 5) == "b"
    assert [text.offsetAtPoint(text.characterRect(at).center()) for at in (0, 1, 2, 4)] == [
        *(0, 1, 2, 4)
    ]


def test_the_selection_is_the_one_that_was_made(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"same same\r\n\xe6\xbc\xa2 more")
    assert QAccessible.queryAccessibleInterface(screen).textInterface() is not None
    assert screen.accessible is not None
    text = screen.accessible.screen_text
    screen.setSelectionStart(0, 5)
    screen.setSelectionEnd(1, 1)
    assert screen.selectedText() == "same\n漢"
    assert text.selection(0) == (5, 11)
    assert text.text(*text.selection(0)) == "same\n漢"
    screen.clear_selection()
    assert text.selectionCount() == 0
    assert text.selection(0) == (0, 0)


def test_what_is_scrolled_away_is_no_part_of_the_screen(
    qtbot: QtBot, screen: TerminalWidget
) -> None:
    screen.feed(b"line\r\n" * 100)
    text = QAccessible.queryAccessibleInterface(screen).textInterface()
    before = text.characterRect(0)
    screen.scroll_lines(-2)
    after = text.characterRect(0)
    assert after.y() - before.y() == pytest.approx(2 * screen.cell_size[1], abs=1)
    assert text.offsetAtPoint(before.center()) == -1
    assert text.offsetAtPoint(after.center()) == 0


def test_only_what_changed_is_told() -> None:
    assert changed_part("$ ls", "$ lsb") == (4, "", "b")
    assert changed_part("one two", "one too") == (5, "w", "o")
    assert changed_part("aaa", "aaaa") == (3, "", "a")
    assert changed_part("", "x") == (0, "", "x")
