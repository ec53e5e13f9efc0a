"""Has the service say how a pane attaches, and attaches it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.sessions import Opening
from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.sessions import Sessions
from aiops_desktop.services.sessions_state import is_shell
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.pane import Pane
from aiops_desktop.ui.views.terminal.shape import Leaf

Work = Callable[[Job], Opening]


class Opener:
    """Opens, opens again and closes views; knows which windows are on the screen already."""

    def __init__(self, desk: Desk, panes: Callable[[], list[Pane]]) -> None:
        """`panes` are all there are, in every tab and window."""
        self._desk, self._panes = desk, panes

    def open(self, pane: Pane, *, fresh: bool = False) -> None:
        """Attach a pane: to its window, else to one of the project's, else to a new one."""
        house, leaf = self._desk.house, pane.leaf

        def work(_job: Job) -> Opening:
            if leaf.project:
                return house.sessions.open(
                    leaf.project, tool=leaf.tool, fresh=fresh, window=leaf.window
                )
            return house.sessions.attach(leaf.tenant, leaf.session, leaf.window)

        self.start(pane, work)

    def again(self, pane: Pane) -> None:
        """Start its program anew where its window is left, else attach to another one, or a new."""
        self.close_view(pane)
        pane.say("")
        house, leaf = self._desk.house, pane.leaf
        if not leaf.project:
            self.open(pane)
            return
        shown = frozenset(
            one.window_id for one in self._panes() if one is not pane and one.terminal.running
        )

        def work(_job: Job) -> Opening:
            if leaf.window:
                with contextlib.suppress(Missing):
                    return house.sessions.open(leaf.project, tool=leaf.tool, window=leaf.window)
            window = _spare(house.sessions, leaf, shown)
            return house.sessions.open(
                leaf.project, tool=leaf.tool, fresh=bool(shown) and not window, window=window
            )

        self.start(pane, work)

    def start(self, pane: Pane, work: Work) -> None:
        """Ask in a worker, then attach."""
        pane.asked = True
        leaf = pane.leaf

        def done(opening: Opening) -> None:
            if pane not in self._panes():
                self._close(leaf.tenant, opening.view)
                return
            pane.begin(opening)
            if pane.isVisible() and pane.wants_focus:
                pane.setFocus()

        def failed(trouble: Trouble) -> None:
            if pane not in self._panes():  # it was closed meanwhile
                return
            gone = isinstance(trouble, Missing) and bool(leaf.window) and bool(leaf.project)
            words = tr("Start it again") if gone else ""
            pane.fail(trouble, lambda: self.again(pane), words)

        self._desk.start(
            tr("Open terminal of {project}", project=self._whose(leaf)),
            work,
            done=done,
            trouble=failed,
            lane=("terminal", leaf.tenant, leaf.project),
            project_id=leaf.project or None,
        )

    def close_view(self, pane: Pane) -> None:
        """End the pane's own view of the session; what runs goes on."""
        if pane.opening is not None:
            self._close(pane.leaf.tenant, pane.opening.view)

    def _close(self, tenant: int, view: str) -> None:
        if view:
            house = self._desk.house
            self._desk.read(
                lambda _job: house.sessions.close_view(tenant, view), lambda _none: None
            )

    def _whose(self, leaf: Leaf) -> str:
        project: Project | None = self._desk.projects.get(leaf.project)
        tenant = self._desk.tenants.get(leaf.tenant)
        return project.name if project else tenant.name if tenant else leaf.name


def _spare(sessions: Sessions, leaf: Leaf, shown: frozenset[str]) -> str:
    """A living window of the pane's project that nobody looks at here; "" for none."""
    for session in sessions.all(leaf.tenant):
        for window in session.windows:
            mine = window.project_id == leaf.project and not window.dead and window.run_id is None
            alike = leaf.tool in ("", window.program, window.command)
            alike = alike or (leaf.tool == "shell" and is_shell(window.program))
            if mine and alike and window.id not in shown:
                return window.id
    return ""
