"""A day with terminals: opened, split, broadcast to, detached, killed, left and found again."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.ui.views.sessions.lines import SessionLine
from aiops_desktop.ui.views.sessions.page import SessionsPage
from aiops_desktop.ui.views.terminal import verbs
from aiops_desktop.ui.views.terminal.page import TerminalPage
from tests.support.stage import Stage, close_stage, open_stage
from tests.support.terminal_pages import deck_of, pills, prompted, run, terminals_on


def test_a_day_with_terminals(qapp: QApplication, qtbot: QtBot, layout: Layout) -> None:
    stage = open_stage(qapp, qtbot, layout)
    project = stage.project(stage.tenant())
    page = terminals_on(stage, project)
    page.new()
    first = prompted(qtbot, page.pane)
    verbs.split(stage.desk, False)
    second = prompted(qtbot, page.pane)
    verbs.broadcast_tab(stage.desk)
    run(qtbot, second, "echo both-$((40+2))", "both-42")
    stage.wait(lambda: "both-42" in first.terminal.text())
    verbs.broadcast_stop(stage.desk)

    page.new("shell")
    third = prompted(qtbot, page.pane)
    run(qtbot, third, "echo mine-$((40+3))", "mine-43")
    verbs.detach(stage.desk)
    assert len(page.terminals.windows.all) == 1

    run(qtbot, second, "echo still-$((40+4))", "still-44")
    second.terminal.sendText("exit 5\r")
    stage.wait(lambda: second.dead)
    stage.wait(lambda: "exit 5" in second.terminal.prompt.sentence)
    second.terminal.prompt.button(1).click()
    prompted(qtbot, second)
    stage.wait(lambda: not second.dead)
    shown = {pane.window_id for pane in (first, second, third)}
    assert len(shown) == 3
    close_stage(stage)

    stage = open_stage(qapp, qtbot, layout)
    stage.wait(lambda: stage.desk.terminals is not None and stage.desk.terminals.keeper.ready)
    terminals = stage.desk.terminals
    assert terminals is not None
    assert len(terminals.windows.all) == 1, "its window came back with the start"
    stage.desk.select(project.id, "terminal")
    again = stage.window.page_of("terminal")
    assert isinstance(again, TerminalPage)
    stage.wait(lambda: len(deck_of(again).panes) == 2)
    assert pills(again) == ["acme-shell"]
    panes = [*deck_of(again).panes, *terminals.windows.all[0].deck.panes]
    assert {pane.window_id for pane in panes} == shown
    stage.wait(lambda: "mine-43" in panes[2].terminal.text())
    stage.wait(lambda: "both-42" in panes[0].terminal.text())
    close_stage(stage)


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, layout: Layout) -> Iterator[Stage]:
    """A window on an empty data folder."""
    made = open_stage(qapp, qtbot, layout)
    yield made
    close_stage(made)


def press(within: SessionsPage, name: str) -> None:
    """Press the button that is called so."""
    found = within.findChildren(QPushButton)
    (button,) = [one for one in found if name in (one.text(), one.accessibleName())]
    button.click()


def test_a_server_killed_under_us_is_said_and_recovered(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    page = terminals_on(stage, project)
    for _ in range(3):
        page.new("shell", fresh=True)
        prompted(stage.qtbot, page.pane)
    pane = prompted(stage.qtbot, page.pane)
    stage.desk.go("sessions")
    sessions = stage.window.page_of("sessions")
    assert isinstance(sessions, SessionsPage)

    def windows() -> int:
        return sum(isinstance(one, SessionLine) for one in sessions.rows.rows.items)

    stage.wait(lambda: windows() == 3)
    os.kill(stage.house.sessions.inventory().servers[0].pid, signal.SIGKILL)
    stage.wait(lambda: not pane.terminal.running)
    stage.wait(lambda: "tmux server has ended" in pane.terminal.prompt.sentence)
    stage.wait(lambda: windows() == 0)
    stage.wait(lambda: not sessions.lost.isHidden())

    press(sessions, "Show each")
    assert sessions.lost.count == 3
    for one in sessions.lost.findChildren(QPushButton):
        if one.text() == "Bring back":
            one.click()
            break
    stage.wait(lambda: windows() == 1)
    stage.wait(lambda: sessions.lost.count == 2)
    press(sessions, "Bring them back")
    stage.wait(lambda: windows() == 3)
    stage.wait(sessions.lost.isHidden)

    stage.desk.select(project.id, "terminal")
    assert pane.terminal.prompt.isVisible()
    pane.terminal.prompt.button(0).click()
    back = prompted(stage.qtbot, pane)
    run(stage.qtbot, back, "echo again-$((40+2))", "again-42")
    assert len(deck_of(page).tabs) == 3
    assert len(stage.house.sessions.all()[0].windows) == 3, "it took one that was brought back"
