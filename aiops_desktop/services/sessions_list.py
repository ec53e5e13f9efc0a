"""What tmux told of a tenant's server, as sessions, windows and panes a person knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiops_desktop.adapters.tmux import PaneInfo, SessionInfo, Snapshot, Tmux, WindowInfo
from aiops_desktop.domain.runs import Run, RunState
from aiops_desktop.domain.sessions import Session, SessionPane, SessionWindow
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.services.sessions_servers import view_prefix
from aiops_desktop.services.sessions_state import (
    pane_state,
    program_of,
    unheard,
    window_state,
)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a window is, as its mark says."""

    project_id: int | None = None
    run_id: int | None = None


@dataclass(frozen=True)
class Scene:
    """All that is needed to tell of one server at one moment. `runs` are those at work."""

    server: Tmux
    room: TenantRoom
    snapshot: Snapshot
    runs: Mapping[int, Run] = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def sessions(self) -> tuple[Session, ...]:
        """The sessions without the views of tabs."""
        return tuple(
            self._session(one)
            for one in self.snapshot.sessions
            if not one.name.startswith(view_prefix(self.room))
        )

    def _session(self, one: SessionInfo) -> Session:
        everyone = self.snapshot.sessions
        group = [other for other in everyone if one.group and other.group == one.group] or [one]
        return Session(
            tenant_id=self.room.tenant_id,
            socket=self.server.socket,
            name=one.name,
            created=one.created,
            attached=sum(other.attached for other in group),
            windows=tuple(
                self._window(window)
                for window in self.snapshot.windows
                if window.session == one.name
            ),
            attach_command=self.server.attach_command(one.name),
        )

    def _window(self, window: WindowInfo) -> SessionWindow:
        pane, whose = window.pane, owner_of(window)
        run = self.runs.get(whose.run_id) if whose.run_id is not None else None
        rang = unheard(window, self.snapshot)
        return SessionWindow(
            session=window.session,
            index=window.index,
            id=window.id,
            name=window.name,
            command=program_of(window, pane),
            path=pane.path,
            pid=pane.pid,
            dead=window.dead,
            active=window.active,
            bell=rang,
            activity=window.activity,
            project_id=run.project_id if run else whose.project_id,
            run_id=whose.run_id,
            program=window.program,
            title=pane.title,
            state=window_state(
                window,
                self.now,
                rang=rang,
                waiting=run is not None and run.state is RunState.WAITING,
            ),
            exit_code=pane.code,
            opened=window.opened or (run.created if run else None),
            views=len(self.snapshot.watchers(window.id)),
            columns=pane.columns,
            rows=pane.rows,
            history=pane.history,
            alternate=pane.alternate,
            wants_mouse=pane.wants_mouse,
            panes=tuple(self._pane(window, one) for one in window.panes),
        )

    def _pane(self, window: WindowInfo, pane: PaneInfo) -> SessionPane:
        return SessionPane(
            id=pane.id,
            index=pane.index,
            active=pane.active,
            command=program_of(window, pane),
            title=pane.title,
            path=pane.path,
            pid=pane.pid,
            state=pane_state(window, pane, self.now),
            dead=pane.dead,
            exit_code=pane.code,
            columns=pane.columns,
            rows=pane.rows,
            history=pane.history,
            history_limit=pane.history_limit,
            alternate=pane.alternate,
            wants_mouse=pane.wants_mouse,
            copying=pane.copying,
        )


def owner_of(window: WindowInfo) -> Owner:
    """What the window's mark says: "project:7", "run:12" or "run:12:7"."""
    kind, _, rest = window.owner.partition(":")
    first, _, second = rest.partition(":")
    if not first.isdigit():
        return Owner()
    if kind == "project":
        return Owner(project_id=int(first))
    if kind == "run":
        return Owner(int(second) if second.isdigit() else None, int(first))
    return Owner()


def by_id(runs: Iterable[Run]) -> dict[int, Run]:
    """Runs by their number."""
    return {run.id: run for run in runs}
