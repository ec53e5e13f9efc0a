"""A terminal page that is open on a project, and what a person sees and does there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.projects import Project
from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.views.terminal.deck import Deck
from aiops_desktop.ui.views.terminal.page import TerminalPage
from aiops_desktop.ui.views.terminal.pane import Pane
from tests.support.stage import Stage

#: Terminals start this, so that prompts look alike everywhere.
SHELL = {
    "assistants.default_tool": "shell",
    "assistants.default_shell": "/bin/bash --norc --noprofile",
}


def terminals_on(stage: Stage, project: Project) -> TerminalPage:
    """The window's terminal page, shown on a project, with plain shells."""
    stage.house.settings.save(SHELL)
    stage.desk.select(project.id, "terminal")
    page = stage.window.page_of("terminal")
    assert isinstance(page, TerminalPage)
    stage.wait(lambda: page.terminals.keeper.ready)
    stage.settle()
    return page


def prompted(qtbot: QtBot, pane: Pane | None) -> Pane:
    """A pane whose shell is at its prompt."""
    assert pane is not None

    def ready() -> None:
        told = (pane.terminal.prompt.sentence, pane.terminal.text().strip())
        assert pane.terminal.running, told
        assert _ends_in_prompt(pane.terminal), pane.terminal.text()

    qtbot.waitUntil(ready)
    return pane


def _ends_in_prompt(terminal: TerminalWidget) -> bool:
    return terminal.text().rstrip().endswith(("$", "#"))


def run(qtbot: QtBot, pane: Pane, command: str, answer: str) -> None:
    """Type a command and wait for what it says."""
    pane.terminal.sendText(f"{command}\r")
    qtbot.waitUntil(lambda: answer in pane.terminal.text())


def deck_of(page: TerminalPage) -> Deck:
    """The tabs of the page."""
    deck = page.deck
    assert deck is not None
    return deck


def pills(page: TerminalPage) -> list[str]:
    """Names of the tabs as they are shown, left to right."""
    found = page.findChildren(QPushButton)
    seen = [one for one in found if one.property("pill") == "true" and one.isVisible()]
    return [one.text() for one in sorted(seen, key=lambda one: one.x())]


def turn_wheel(terminal: TerminalWidget, notches: int) -> None:
    """Turn the wheel over a terminal; up when positive."""
    port = terminal.viewport()
    at = QPointF(port.rect().center())
    event = QWheelEvent(
        at,
        QPointF(port.mapToGlobal(port.rect().center())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(port, event)


def seen_lines(terminal: TerminalWidget) -> list[str]:
    """What a terminal shows at the place it is scrolled to."""
    top, shown = terminal.top_line, []
    for number in range(top, top + terminal.emulator.rows):
        line = terminal.line(number)
        shown.append((line if isinstance(line, str) else getattr(line, "text", "")).rstrip())
    return shown


def windows_of(stage: Stage, tenant: int, alive: Callable[[object], bool] = lambda _w: True) -> int:
    """How many tmux windows a tenant has."""
    found = stage.house.sessions.inventory(tenant).sessions
    return sum(alive(window) for session in found for window in session.windows)
