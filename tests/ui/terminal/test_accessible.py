"""A screen reader can read a terminal."""

from __future__ import annotations

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


def test_only_what_changed_is_told() -> None:
    assert changed_part("$ ls", "$ lsb") == (4, "", "b")
    assert changed_part("one two", "one too") == (5, "w", "o")
    assert changed_part("aaa", "aaaa") == (3, "", "a")
    assert changed_part("", "x") == (0, "", "x")
