"""What a person can do with sessions of all tenants."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.sessions.lines import SessionLine


def _needs_house(desk: Desk) -> str:
    return "" if desk.ready else tr("The data folder is still being opened.")


def _chosen(desk: Desk) -> str:
    if desk.session is not None:
        return ""
    return _needs_house(desk) or tr("Show the sessions and choose one first.")


def _lives(desk: Desk) -> str:
    line = desk.session
    if line is not None and line.window.dead:
        return tr("The program of {name} has ended.", name=line.window.name)
    return _chosen(desk)


def _of_project(desk: Desk) -> str:
    line = desk.session
    if line is not None and line.window.project_id not in desk.projects:
        return tr("{name} belongs to no project.", name=line.window.name)
    return _chosen(desk)


def _may_open(desk: Desk) -> str:
    from aiops_desktop.ui.dialogs.sessions import ready_projects

    if ready_projects(desk):
        return ""
    return _needs_house(desk) or tr("A session runs in a cloned project. Clone one first.")


def _with(act: Callable[[Desk, SessionLine], object]) -> Callable[[Desk], None]:
    """Do something with the chosen row."""

    def run(desk: Desk) -> None:
        if desk.session is not None:
            act(desk, desk.session)

    return run


def _new(desk: Desk) -> None:
    from aiops_desktop.ui.actions.keys import over
    from aiops_desktop.ui.dialogs.sessions import NewSessionDialog

    NewSessionDialog(desk, over()).open()


def attach(desk: Desk, line: SessionLine) -> None:
    """On its project's terminal page; in a window of its own when it belongs to none."""
    window = line.window
    if window.project_id in desk.projects and window.run_id is None:
        desk.select(window.project_id)
        desk.go("terminal", ("window", window.id))
    else:
        desk.go("attach", (line.tenant.id, window.session, window.id, window.name))


def _new_window(desk: Desk, line: SessionLine) -> None:
    desk.select(line.window.project_id)
    desk.go("terminal", ("tool", "shell"))


def _rename(*, whole: bool) -> Callable[[Desk, SessionLine], None]:
    def run(desk: Desk, line: SessionLine) -> None:
        from aiops_desktop.ui.actions.keys import over
        from aiops_desktop.ui.dialogs.sessions import RenameSessionDialog

        RenameSessionDialog(desk, over(), line, whole=whole).open()

    return run


def _move(desk: Desk, line: SessionLine) -> None:
    from aiops_desktop.ui.actions.keys import over
    from aiops_desktop.ui.dialogs.sessions import MoveWindowDialog

    house = desk.house

    def ask(names: list[str]) -> None:
        MoveWindowDialog(desk, over(), line, names).open()

    desk.read(
        lambda _job: [
            one.name for one in house.sessions.all(line.tenant.id) if one.name != line.session.name
        ],
        ask,
    )


def _kill(*, whole: bool) -> Callable[[Desk, SessionLine], None]:
    """Ask what runs in it, then ask the person."""

    def run(desk: Desk, line: SessionLine) -> None:
        from aiops_desktop.ui.actions.keys import over
        from aiops_desktop.ui.dialogs.sessions import KillDialog

        house = desk.house
        window = "" if whole else line.window.id
        desk.read(
            lambda _job: house.sessions.running_in(line.tenant.id, line.session.name, window),
            lambda runs: KillDialog(desk, over(), line, runs, whole=whole).open(),
            trouble=lambda trouble: desk.toast("prohibit", tr("Not killed"), str(trouble)),
        )

    return run


def _copy(desk: Desk, line: SessionLine) -> None:
    QGuiApplication.clipboard().setText(line.attach_command)
    desk.toast("copy", tr("Attach command copied"), line.attach_command)


def _of(
    name: str,
    title: str,
    run: Callable[[Desk], object],
    icon: str,
    unavailable: Callable[[Desk], str],
    *,
    danger: bool = False,
    words: str = "tmux session",
    verb: str = "",
) -> Action:
    return Action(
        f"sessions.{name}",
        title,
        run,
        "Terminal",
        icon,
        unavailable,
        danger=danger,
        words=words,
        verb=verb and f"sessions.{verb}",
    )


ACTIONS: tuple[Action, ...] = (
    Action("view.sessions", tr("Show sessions of all tenants"), lambda desk: desk.go("sessions"),
           "View", "terminal-window", _needs_house, words="tmux terminal windows panes"),
    _of("new", tr("New session…"), _new, "plus", _may_open, verb="open"),
    _of("attach", tr("Attach to the session's window"), _with(attach), "terminal-window", _lives,
        verb="attach"),
    _of("new_window", tr("New window in the session"), _with(_new_window), "plus", _of_project,
        verb="open"),
    _of("copy_attach", tr("Copy the window's attach command"), _with(_copy), "copy", _chosen),
    _of("rename", tr("Rename window…"), _with(_rename(whole=False)), "pencil-simple", _chosen,
        verb="rename"),
    _of("rename_session", tr("Rename session…"), _with(_rename(whole=True)), "pencil-simple",
        _chosen, verb="rename"),
    _of("move", tr("Move window…"), _with(_move), "arrows-left-right", _chosen, verb="move"),
    _of("kill", tr("Kill window…"), _with(_kill(whole=False)), "x-circle", _chosen, danger=True,
        words="tmux end close", verb="kill"),
    _of("kill_session", tr("Kill session…"), _with(_kill(whole=True)), "trash", _chosen,
        danger=True, words="tmux end close all windows", verb="kill"),
)  # fmt: skip
