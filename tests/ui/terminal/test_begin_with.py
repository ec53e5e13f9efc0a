"""What the settings say of a terminal's looks, and what the person has zoomed."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.widget import TerminalWidget


def size(terminal: TerminalWidget) -> int:
    return terminal.getTerminalFont().pixelSize()


def test_the_font_size_of_the_settings_is_the_usual_one(qtbot: QtBot) -> None:
    terminal = TerminalWidget()
    qtbot.addWidget(terminal)
    terminal.begin_with(20, 10_000)
    assert size(terminal) == 20
    terminal.zoomIn()
    terminal.zoomIn()
    assert size(terminal) == 22
    terminal.begin_with(20, 10_000)
    assert size(terminal) == 22, "attached again: what was zoomed stays"
    terminal.zoomReset()
    assert size(terminal) == 20
    terminal.begin_with(0, 10_000)
    assert size(terminal) == 20


def test_the_history_keeps_so_many_lines(qtbot: QtBot) -> None:
    terminal = TerminalWidget()
    qtbot.addWidget(terminal)
    terminal.begin_with(0, 5)
    terminal.feed(b"".join(b"line %d\r\n" % n for n in range(200)))
    assert terminal.historyLinesCount() == 5
