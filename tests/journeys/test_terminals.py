"""A day with terminals: opened, split, broadcast to, detached, killed, left and found again."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.ui.views.terminal import verbs
from aiops_desktop.ui.views.terminal.page import TerminalPage
from tests.support.stage import close_stage, open_stage
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
    assert "exit 5" in second.terminal.prompt.sentence
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
