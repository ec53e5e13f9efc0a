"""From the sessions page: windows are moved, and those of no project looked at."""

from __future__ import annotations

from aiops_desktop.services.sessions import tenant_tmux
from aiops_desktop.ui.dialogs.sessions import MoveWindowDialog
from tests.support.stage import Stage
from tests.support.terminal_pages import prompted, terminals_on
from tests.ui.sessions.test_page import listed, shown, window_of


def test_a_window_is_moved_to_another_place(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    window_of(stage, project)
    second = window_of(stage, project)
    page = shown(stage)
    stage.wait(lambda: len(listed(page)) == 2)
    page.open_argument((project.tenant_id, second))
    stage.desk.run_action("sessions.move")
    dialog = stage.dialog(MoveWindowDialog)
    assert isinstance(dialog, MoveWindowDialog)
    dialog.to.setText("no-such-session:1")
    dialog.submit()
    stage.wait(lambda: not stage.desk.runner.busy)
    assert dialog.isVisible(), "it says what is wrong"
    dialog.to.setText("7")
    dialog.submit()
    stage.no_dialog()
    stage.wait(lambda: [line.window.index for line in listed(page)] == [0, 7])
    assert listed(page)[1].window.id == second


def test_a_window_of_no_project_is_looked_at_in_a_window_of_its_own(stage: Stage) -> None:
    tenant = stage.tenant()
    terminals = terminals_on(stage, stage.project(tenant)).terminals
    server = tenant_tmux(
        stage.house.tenants.room(tenant.id), stage.house.settings.current().terminal
    )
    folder = stage.desk.layout.data
    window = server.new_window("mine", "own", ["bash", "--norc", "--noprofile"], folder)
    page = shown(stage)
    stage.wait(lambda: [line.name for line in listed(page)] == ["own"])
    stage.wait(lambda: stage.desk.session is not None)
    stage.desk.run_action("sessions.attach")
    stage.wait(lambda: len(terminals.windows.all) == 1)
    floating = terminals.windows.all[0]
    pane = prompted(stage.qtbot, floating.deck.pane)
    assert pane.window_id == window
    stage.desk.run_action("sessions.attach")
    assert len(terminals.windows.all) == 1
    floating.close()
    stage.wait(lambda: not terminals.windows.all)
    assert [one.id for one in server.windows()] == [window]
