"""The sessions page over real tmux servers: what it shows, and what one does there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from aiops_desktop.domain.projects import Project
from aiops_desktop.ui.dialogs.sessions import KillDialog, NewSessionDialog, RenameSessionDialog
from aiops_desktop.ui.parts.rows import Section
from aiops_desktop.ui.views.sessions.lines import SessionLine, cells
from aiops_desktop.ui.views.sessions.page import SessionsPage
from tests.support.stage import Stage
from tests.support.terminal_pages import SHELL, prompted, terminals_on


def shown(stage: Stage) -> SessionsPage:
    """The page, with the program's other one behind it."""
    stage.desk.run_action("view.sessions")
    page = stage.window.page_of("sessions")
    assert isinstance(page, SessionsPage)
    stage.settle()
    return page


def window_of(stage: Stage, project: Project) -> str:
    """A shell in a window of its own; its id."""
    stage.house.settings.save(SHELL)
    return stage.house.sessions.open(project.id, tool="shell", fresh=True).window


def listed(page: SessionsPage) -> list[SessionLine]:
    return [item for item in page.rows.rows.items if isinstance(item, SessionLine)]


def names(page: SessionsPage) -> list[str]:
    return [line.name for line in listed(page)]


def says(page: SessionsPage, text: str) -> bool:
    return any(text in one.text() for one in page.findChildren(QLabel) if one.isVisible())


def test_an_empty_page_says_how_sessions_begin(stage: Stage) -> None:
    page = shown(stage)
    stage.wait(lambda: says(page, "No sessions yet."))
    assert stage.desk.session is None


def test_without_tmux_the_page_says_why_there_are_none(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.project(stage.tenant())
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    page = shown(stage)
    stage.wait(lambda: says(page, "Without tmux a terminal ends with the program."))
    assert says(page, "tmux was not found on this computer.")


def test_windows_of_all_tenants_stand_in_one_table(stage: Stage) -> None:
    shop = stage.project(stage.tenant())
    billing = stage.project(stage.tenant("globex"), "billing")
    window_of(stage, shop)
    window_of(stage, billing)
    page = shown(stage)
    stage.wait(lambda: names(page) == ["web-shop", "billing"])
    headings = [item.title for item in page.rows.rows.items if isinstance(item, Section)]
    assert headings == ["acme", "globex"]
    first = [cell.text for cell in cells(listed(page)[0])]
    assert first[1:4] == ["acme-shell:0", "bash", "Idle"]
    assert page.details.isVisible()
    assert page.details.command.text.endswith("attach -t acme-shell:0")
    page.search.setText("globex")
    assert names(page) == ["billing"]
    page.search.setText("nothing of the kind")
    stage.wait(lambda: says(page, "No window is called so"))


def test_changes_arrive_alone_and_leave_the_selection(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    window_of(stage, project)
    chosen = window_of(stage, project)
    page = shown(stage)
    stage.wait(lambda: len(listed(page)) == 2)
    page.open_argument((project.tenant_id, chosen))
    window_of(stage, project)
    stage.wait(lambda: len(listed(page)) == 3)
    current = page.rows.current()
    assert isinstance(current, SessionLine)
    assert current.window.id == chosen


def test_attach_shows_the_window_on_its_projects_page(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    page = terminals_on(stage, project)
    window = window_of(stage, project)
    sessions = shown(stage)
    stage.wait(lambda: len(listed(sessions)) == 1)
    stage.desk.run_action("sessions.attach")
    stage.wait(lambda: page.pane is not None and page.pane.window_id == window)
    pane = prompted(stage.qtbot, page.pane)
    shown(stage)
    stage.wait(lambda: stage.desk.session is not None)
    stage.desk.run_action("sessions.attach")
    stage.wait(lambda: stage.desk.page == "terminal")
    assert page.terminals.panes == [pane], "a window that is shown is not shown twice"


def test_kill_names_what_runs_and_ends_it(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    page = terminals_on(stage, project)
    page.new()
    prompted(stage.qtbot, page.pane).terminal.sendText("sleep 1000\r")
    sessions = shown(stage)
    stage.wait(lambda: [line.program for line in listed(sessions)] == ["sleep"])
    stage.desk.run_action("sessions.kill")
    dialog = stage.dialog(KillDialog)
    assert any("sleep" in label.text() for label in dialog.findChildren(QLabel))
    assert dialog.focusWidget() is dialog.cancel
    dialog.submit()
    stage.no_dialog()
    stage.wait(lambda: listed(sessions) == [])


def test_a_window_is_renamed(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    window_of(stage, project)
    page = shown(stage)
    stage.wait(lambda: len(listed(page)) == 1)
    stage.desk.run_action("sessions.rename")
    dialog = stage.dialog(RenameSessionDialog)
    assert isinstance(dialog, RenameSessionDialog)
    dialog.name.setText("deploy logs")
    dialog.submit()
    stage.no_dialog()
    stage.wait(lambda: names(page) == ["deploy logs"])


def test_a_new_session_opens_on_its_project(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    page = terminals_on(stage, project)
    shown(stage)
    stage.desk.run_action("sessions.new")
    dialog = stage.dialog(NewSessionDialog)
    dialog.submit()
    stage.wait(lambda: stage.desk.page == "terminal")
    prompted(stage.qtbot, page.pane)
