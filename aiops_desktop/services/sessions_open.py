"""How a terminal comes to be: a new window, an old one brought back, or a plain PTY."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import assistants
from aiops_desktop.adapters.tmux import Feature
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.sessions import Opening, RememberedSession
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.services.sessions_list import owner_of
from aiops_desktop.services.sessions_servers import (
    environment,
    may_write_clipboard,
    view_prefix,
)
from aiops_desktop.services.sessions_state import is_shell

if TYPE_CHECKING:
    from aiops_desktop.adapters.assistants import Choice
    from aiops_desktop.adapters.tmux import Snapshot, Tmux, WindowInfo
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.services.history import History
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.storage.sessions import SessionStore

_LOST = "The session from before has ended with the computer or with tmux; this is a new one."


def cloned(project: Project) -> Project:
    """The project, when its checkout is on disk.

    Raises:
        Missing: it is not.
    """
    if project.state is not CheckoutState.READY:
        raise Missing(
            f"“{project.name}” is not cloned yet.", "Clone it first.", steps=("project.clone",)
        )
    if not project.checkout.is_dir():
        raise Missing(
            f"The folder {project.checkout} is not there.",
            "Clone the project again, or put the folder back.",
            steps=("project.clone",),
        )
    return project


def direct(project: Project, room: TenantRoom, choice: Choice, why: str) -> Opening:
    """A terminal without tmux; it ends with the program, and `why` says so."""
    env = environment(room) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    return Opening(
        argv=choice.argv,
        environment=env | {"PWD": str(project.checkout)},
        folder=project.checkout,
        title=project.slug,
        program=choice.program,
        lasting=False,
        changes=Changes(),
        note=" ".join(text for text in (choice.note, why) if text),
    )


def find(now: Snapshot, room: TenantRoom, project_id: int, window: str) -> WindowInfo | None:
    """The window of a project that is meant: the one of this id, else the first that lives.

    Raises:
        Missing: there is no window of this id.
    """
    mine = [
        found
        for found in now.windows
        if not found.session.startswith(view_prefix(room))
        and owner_of(found).project_id == project_id
        and owner_of(found).run_id is None
    ]
    if window:
        mine = [found for found in mine if found.id == window]
        if not mine:
            raise Missing("This session has ended.", "Open a new one.")
    return min(mine, key=lambda found: (found.dead, found.index), default=None)


def said(lost: RememberedSession, opening: Opening) -> str:
    """What to tell of a session that was brought back."""
    return f"“{lost.name}” runs {opening.program} again in {opening.folder}. {opening.note}".strip()


class Opener:
    """Makes windows, remembers them, and says how to attach."""

    def __init__(self, store: SessionStore, settings: SettingsService, history: History) -> None:
        self._store = store
        self._settings = settings
        self._history = history

    def make(
        self,
        server: Tmux,
        room: TenantRoom,
        project: Project,
        tool: str,
        dead: WindowInfo | None,
    ) -> Opening:
        """A new window, or the program of one whose own has ended started again."""
        lost = [
            row
            for row in self._store.all(room.tenant_id)
            if row.lost and row.project_id == project.id
        ]
        choice = self._choice(tool, room)
        with self._history.doing(
            "open session",
            f"{project.name}: {choice.program}",
            tenant_id=room.tenant_id,
            project_id=project.id,
        ) as entry:
            if dead:
                server.respawn(dead.id, choice.argv, project.checkout, program=choice.program)
                self._remember(server, room, project, choice, dead.session, dead.id, dead.name)
                window = dead.id
            else:
                window = self._window(server, room, project, choice, project.slug, project.checkout)
            entry.note = choice.note
        if lost and not dead:
            self._store.forget_lost(lost[0].id)  # the one this window stands for
        note = " ".join(text for text in (choice.note, _LOST if lost and not dead else "") if text)
        return self.attach(
            server,
            room,
            project,
            window,
            choice.program,
            session=dead.session if dead else "",
            note=note,
        )

    def bring_back(
        self, server: Tmux, room: TenantRoom, project: Project, lost: RememberedSession
    ) -> Opening:
        """A window with the name, folder and program of one that was lost."""
        choice = self._choice(lost.tool or ("shell" if is_shell(lost.program) else ""), room)
        folder = lost.folder if lost.folder.is_dir() else project.checkout
        with self._history.doing(
            "bring back session",
            f"{project.name}: {choice.program}",
            tenant_id=room.tenant_id,
            project_id=project.id,
        ) as entry:
            name = lost.name or project.slug
            window = self._window(server, room, project, choice, name, folder)
            entry.note = choice.note
        self._store.forget_lost(lost.id)
        return self.attach(server, room, project, window, choice.program, note=choice.note)

    def program(self, room: TenantRoom, window: WindowInfo) -> str:
        """What was started in a window; tmux itself only knows what runs in it now."""
        if window.program:
            return window.program
        for row in self._store.all(room.tenant_id):
            if (row.session, row.window) == (window.session, window.id) and not row.lost:
                return row.program
        return window.command

    def attach(
        self,
        server: Tmux,
        room: TenantRoom,
        project: Project,
        window: str,
        program: str,
        *,
        session: str = "",
        note: str = "",
        reused: bool = False,
    ) -> Opening:
        """How a tab looks at a project's window; `session` "" is the tenant's own."""
        touched = Touched.NOTHING if reused else Touched.SESSIONS | Touched.HISTORY
        return self._opening(
            server,
            room,
            session or room.shell_session,
            window,
            program,
            project.checkout,
            changes=Changes(touched, project.id),
            note=note,
            reused=reused,
        )

    def look_at(self, server: Tmux, room: TenantRoom, window: WindowInfo) -> Opening:
        """How a tab looks at any window."""
        folder = Path(window.path)
        return self._opening(server, room, window.session, window.id, window.name, folder)

    # How --------------------------------------------------------------------------------------

    def _choice(self, tool: str, room: TenantRoom) -> Choice:
        return assistants.choose(tool, self._settings.current().assistants, environment(room))

    def _window(
        self,
        server: Tmux,
        room: TenantRoom,
        project: Project,
        choice: Choice,
        name: str,
        folder: Path,
    ) -> str:
        window = server.new_window(
            room.shell_session,
            name,
            choice.argv,
            folder,
            owner=f"project:{project.id}",
            program=choice.program,
            keep=True,
        )
        self._remember(server, room, project, choice, room.shell_session, window, name)
        return window

    def _remember(
        self,
        server: Tmux,
        room: TenantRoom,
        project: Project,
        choice: Choice,
        session: str,
        window: str,
        name: str,
    ) -> None:
        now = server.look(view_prefix(room)).server
        self._store.remember(
            RememberedSession(
                tenant_id=room.tenant_id,
                project_id=project.id,
                session=session,
                window=window,
                program=choice.program,
                folder=project.checkout,
                opened=datetime.now(UTC),
                tool="shell" if is_shell(choice.program) else choice.program,
                name=name,
            ),
            now.identity if now else "",
        )

    def _opening(
        self,
        server: Tmux,
        room: TenantRoom,
        session: str,
        window: str,
        program: str,
        folder: Path,
        *,
        changes: Changes = Changes(),  # noqa: B008 - frozen
        note: str = "",
        reused: bool = True,
    ) -> Opening:
        view = f"{view_prefix(room)}{secrets.token_hex(4)}"
        settings = self._settings.current().terminal
        return Opening(
            argv=tuple(server.attach_argv(session, window, view)),
            environment=server.client_environment(),
            folder=folder,
            title=session,
            program=program,
            lasting=True,
            changes=changes,
            note=note,
            attach_command=server.attach_command(session),
            session=session,
            window=window,
            view=view,
            reused=reused,
            clipboard=may_write_clipboard(room, settings),
            clusters=server.version.has(Feature.CLUSTERS),
            font_size=settings.font_size,
            history=settings.history,
        )
