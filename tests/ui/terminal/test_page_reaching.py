"""Terminals reach beyond their page: files, disk, paper, and what needs a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPageSize, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from aiops_desktop.domain.projects import Project
from aiops_desktop.ui.views.terminal.page import TerminalPage
from aiops_desktop.ui.views.terminal.pane import Pane
from tests.support.stage import Stage
from tests.support.terminal_pages import deck_of, prompted, run, terminals_on, windows_of

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


def opened(stage: Stage) -> tuple[TerminalPage, Project, Pane]:
    """A page with one shell."""
    project = stage.project(stage.tenant())
    page = terminals_on(stage, project)
    page.new("shell")
    return page, project, prompted(stage.qtbot, page.pane)


def click_on(pane: Pane, text: str) -> None:
    """Ctrl+click on the first place a text stands."""
    lines = pane.terminal.text().split("\n")
    row = next(number for number, line in enumerate(lines) if line.startswith(text))
    width, height = pane.terminal.cell_size
    spot = QPoint(round(14 + 2 * width), round(10 + (row + 0.4) * height))
    port = pane.terminal.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, spot)


def test_a_clicked_file_opens_in_the_editor_below_and_goes_with_it(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "vim"
    editor.write_text('#!/bin/sh\necho "editing $1 $2"\nread answer\n')
    editor.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(editor))
    page, _project, pane = opened(stage)
    run(stage.qtbot, pane, "clear; echo README.md:1:$((1+1))", "README.md:1:2")
    click_on(pane, "README.md:1:2")
    deck = deck_of(page)
    stage.wait(lambda: len(deck.panes) == 2)
    below = deck.panes[1]
    assert below.y() > pane.y() or below.x() == pane.x()
    stage.wait(lambda: "+call cursor(1,2)" in below.terminal.text())
    assert below.name == "README.md"
    below.terminal.sendText("done\r")
    stage.wait(lambda: deck.panes == [pane])
    stage.wait(lambda: windows_of(stage, pane.leaf.tenant) == 1)


def test_a_file_of_another_computer_is_not_looked_for_here(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, _project, pane = opened(stage)
    told: list[str] = []
    monkeypatch.setattr(stage.desk, "toast", lambda *words: told.append(words[1]))
    pane.terminal.feed(b"\x1b]7;file://far.example/srv\x07")
    page.terminals.edit(pane, "README.md", 1, 2)
    assert told == ["“README.md” is on far.example"]
    assert len(deck_of(page).panes) == 1


def test_the_whole_history_is_saved(stage: Stage, tmp_path: Path) -> None:
    _page, _project, pane = opened(stage)
    run(stage.qtbot, pane, "seq 1 300; echo to-$((40+2))", "to-42")
    stage.desk.run_action("terminal.save")
    (dialog,) = pane.findChildren(QFileDialog)
    where = tmp_path / "kept.txt"
    dialog.fileSelected.emit(str(where))
    dialog.reject()
    stage.wait(lambda: where.exists() and "to-42" in where.read_text())
    lines = where.read_text().splitlines()
    assert lines[lines.index("1") :][:300] == [str(number) for number in range(1, 301)]


def test_what_is_shown_is_printed(stage: Stage, tmp_path: Path) -> None:
    _page, _project, pane = opened(stage)
    run(stage.qtbot, pane, "seq 1 30; echo to-$((40+2))", "to-42")
    paper = QPdfWriter(str(tmp_path / "screen.pdf"))
    paper.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    pane.view.print_history(paper)
    del paper
    assert (tmp_path / "screen.pdf").read_bytes().startswith(b"%PDF")


def test_a_bell_needs_you_until_one_looks(stage: Stage) -> None:
    page, project, pane = opened(stage)
    needs = stage.window.needs
    stage.desk.go("overview")
    pane.terminal.sendText("sleep 2.6; printf '\\a'\r")
    stage.wait(lambda: any("the bell rang" in need.text for need in needs.of(project.id)))
    (need,) = needs.of(project.id)
    stage.desk.go(need.page, need.argument)
    assert page.pane is pane
    pane.setFocus()
    stage.wait(lambda: not needs.of(project.id))
