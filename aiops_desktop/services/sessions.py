"""Sessions: terminals in the tenant's tmux server, found again after a restart."""

from __future__ import annotations

import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import assistants, process
from aiops_desktop.adapters.tmux import SessionInfo, Tmux, WindowInfo, find_tmux, own_config
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.sessions import (
    Attention,
    HistoryMatches,
    Inventory,
    Opening,
    RememberedSession,
    Scrollback,
    Session,
    SessionWindow,
)
from aiops_desktop.domain.settings import Terminal
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Missing, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiops_desktop.adapters.assistants import Choice
    from aiops_desktop.services.history import History
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.sessions import SessionStore

_OFF = "tmux is turned off in the settings, so this terminal ends with the program."
_LOST = "The session from before has ended with the computer or with tmux; this is a new one."


class Sessions:
    """Open, list and end sessions."""

    def __init__(
        self,
        store: SessionStore,
        tenants: Tenants,
        projects: Projects,
        settings: SettingsService,
        history: History,
    ) -> None:
        self._store = store
        self._tenants = tenants
        self._projects = projects
        self._settings = settings
        self._history = history
        self._making = threading.Lock()  # two tabs opened at once shall share one window

    def open(
        self, project_id: int, *, tool: str = "", fresh: bool = False, window: str = ""
    ) -> Opening:
        """How a terminal tab for this project attaches.

        The tenant's session `<slug>-shell` is created on first use, with one window per project; an
        existing window is attached to, never typed into. Each tab gets a grouped session of its
        own, so that tabs never mirror each other. `tool` "" is DEFAULT_AI_TOOL, "shell" the shell;
        a tool that cannot be found in the pane's own environment is replaced by DEFAULT_AI_SHELL,
        and `note` says so. `fresh` opens another window, `window` names an existing one by id.
        Without tmux: a direct PTY, and `note` says that it ends with the program.

        Raises:
            Missing: the project is not cloned, or there is no such window.
        """
        project = cloned(self._projects.get(project_id))
        room = self._tenants.room(project.tenant_id)
        settings = self._settings.current()
        try:
            server = tenant_tmux(room, settings.terminal)
        except Missing as missing:
            choice = assistants.choose(tool, settings.assistants, environment(room))
            return _direct(project, room, choice, str(missing))
        with self._making:
            found = self._window(server, room, project.id, window)
            if found and not fresh and not found.dead:
                program = self._program(room, found)
                return _attach(server, room, project, found.id, program, reused=True)
            choice = assistants.choose(tool, settings.assistants, environment(room))
            with self._history.doing(
                "open session",
                f"{project.name}: {choice.program}",
                tenant_id=room.tenant_id,
                project_id=project.id,
            ) as entry:
                made = self._make(server, room, project, choice, None if fresh else found)
                entry.note = choice.note
        note = " ".join(text for text in (choice.note, made[1]) if text)
        return _attach(server, room, project, made[0], choice.program, note=note)

    def attach(self, tenant_id: int, session: str, window: str) -> Opening:
        """How a tab looks at any window of a tenant, such as the one a run works in.

        Raises:
            Missing: it has ended.
        """
        room = self._tenants.room(tenant_id)
        server = tenant_tmux(room, self._settings.current().terminal)
        for found in server.windows():
            if found.session == session and window in (found.id, found.name) and not found.dead:
                return _opening(server, room, found.session, found.id, found.name, Path(found.path))
        raise Missing("This session has ended.", "Look at the run's steps.")

    def close_view(self, tenant_id: int, view: str) -> None:
        """End a tab's grouped session; the windows go on."""
        if not view:
            return
        server = self._server(tenant_id)
        if server:
            server.kill_session(view)

    def all(self, tenant_id: int | None = None) -> list[Session]:
        """The living sessions, of one tenant or all; views of tabs are not among them."""
        tenants = [tenant_id] if tenant_id is not None else [t.id for t in self._tenants.all()]
        return [session for number in tenants for session in self._living(number)]

    def kill(self, tenant_id: int, session: str, window: str = "") -> Done:
        """End a window (by id) or a whole session.

        Raises:
            Missing: it does not live.
        """
        server = self._server(tenant_id)
        what = f"{session}, window {window}" if window else session
        known = server.windows() if server else []
        if not any(w.session == session and window in ("", w.id) for w in known):
            raise Missing(f"There is no session “{what}”.", "Look at the list of living ones.")
        with self._history.doing("end session", what, tenant_id=tenant_id):
            if server and window:
                server.kill_window(window)
            elif server:
                server.kill_group(session)
            self._store.forget(tenant_id, session, window)
        return Done(Changes(Touched.SESSIONS | Touched.HISTORY), f"“{what}” has ended.")

    def end_all(self, room: TenantRoom) -> None:
        """End a tenant's tmux server with everything in it, before the tenant is deleted."""
        try:
            tenant_tmux(room, Terminal(use_tmux=True)).kill_server()
        except Missing:
            return
        self._store.forget(room.tenant_id)

    def recover(self) -> list[Session]:
        """Match what the database remembers with what lives; the living ones."""
        living = self.all()
        for tenant_id in {row.tenant_id for row in self._store.all()}:
            room = self._tenants.room(tenant_id)
            server = self._server(tenant_id)
            windows = server.windows() if server else []
            self._store.compare(
                tenant_id,
                [
                    (window.session, window.id, project)
                    for window in windows
                    if window.session == room.shell_session
                    and not window.dead
                    and (project := _project_of(window)) is not None
                ],
            )
        return living

    def inventory(self, tenant_id: int | None = None) -> Inventory:
        """Servers, sessions, windows and panes as they are now; never raises for a server's sake.

        A server's trouble stands in its `note`. Asks over the watch's own connection where there
        is one, else with one process a server.
        """
        raise Missing("The list of sessions is not there yet.")

    def running_in(self, tenant_id: int, session: str, window: str = "") -> tuple[str, ...]:
        """What ending a session (or one window, by id) would end, for the question.

        Such as "codex in “web-shop”"; shells that only wait at their prompt are not named.
        """
        raise Missing("This is not there yet.")

    def rename(self, tenant_id: int, session: str, name: str, window: str = "") -> Done:
        """Give a session, or one of its windows (by id), another name.

        Raises:
            Missing: it does not live.
            Refused: the name cannot be used, or the session is one whose name says whose it is.
        """
        raise Missing("This is not there yet.")

    def move(self, tenant_id: int, session: str, window: str, to: str) -> Done:
        """Move a window to another place: "5", "other-session" or "other-session:5".

        A window that is at that place already changes places with it.

        Raises:
            Missing: the window or the other session does not live.
            Refused: that is no place of this tenant.
        """
        raise Missing("This is not there yet.")

    def lost(self, tenant_id: int | None = None) -> list[RememberedSession]:
        """What ran before the computer or tmux went down and does not run now."""
        raise Missing("This is not there yet.")

    def bring_back(self, lost: RememberedSession) -> Done:
        """Open a lost session again, with its folder and program; nothing is attached.

        Raises:
            Missing: its project or folder is gone, or tmux is.
        """
        raise Missing("This is not there yet.")

    def forget(self, lost: RememberedSession) -> Done:
        """Do not offer a lost session any more."""
        raise Missing("This is not there yet.")

    def scrollback(
        self, tenant_id: int, window: str, *, lines: int = 10_000, joined: bool = True
    ) -> Scrollback:
        """The newest `lines` of a window's history and its screen, of the active pane.

        Args:
            tenant_id: whose.
            window: id of the window ("@3") or of one of its panes ("%4").
            lines: of history at most; 0 is the screen alone.
            joined: lines that tmux wrapped come as one, so that an emulator of the same width wraps
                them again and copying does not cut them.

        Raises:
            Missing: it does not live.
        """
        raise Missing("This is not there yet.")

    def search(
        self,
        tenant_id: int,
        window: str,
        text: str,
        *,
        regex: bool = False,
        case: bool = False,
        limit: int = 1000,
    ) -> HistoryMatches:
        """Look for text in all that tmux keeps of a window; the newest `limit` matches.

        Raises:
            Missing: it does not live.
            Refused: the pattern is no regular expression.
        """
        raise Missing("This is not there yet.")

    def watch(self, listener: Callable[[Changes | Attention], None]) -> Callable[[], None]:
        """Tell what happens in the tenants' servers, until the returned function is called.

        `listener` is called from worker threads: with Changes when the list of sessions, windows or
        their states is another, with Attention when a window wants to be looked at. One connection
        (tmux's control mode) a living server serves all listeners; it counts as no view, changes no
        size and keeps no session alive. The returned function waits until its thread has ended.
        """
        raise Missing("This is not there yet.")

    # How --------------------------------------------------------------------------------------

    def _server(self, tenant_id: int) -> Tmux | None:
        try:
            room = self._tenants.room(tenant_id)
            # What lives is shown and can be ended also after tmux was turned off.
            server = tenant_tmux(room, Terminal(use_tmux=True))
        except Missing:
            return None
        return server if server.running() else None

    def _window(
        self, server: Tmux, room: TenantRoom, project_id: int, window: str
    ) -> WindowInfo | None:
        mine = [
            found
            for found in server.windows()
            if found.session == room.shell_session and _project_of(found) == project_id
        ]
        if window:
            mine = [found for found in mine if found.id == window]
            if not mine:
                raise Missing("This session has ended.", "Open a new one.")
        return min(mine, key=lambda found: (found.dead, found.index), default=None)

    def _make(
        self,
        server: Tmux,
        room: TenantRoom,
        project: Project,
        choice: Choice,
        dead: WindowInfo | None,
    ) -> tuple[str, str]:
        """(id of the window that runs it now, what to say of the one before)."""
        lost = any(row.lost and row.project_id == project.id for row in self._store.all())
        if dead:
            server.respawn(dead.id, choice.argv, project.checkout)
            window = dead.id
        else:
            window = server.new_window(
                room.shell_session,
                project.slug,
                choice.argv,
                project.checkout,
                owner=f"project:{project.id}",
            )
        self._store.remember(
            room.tenant_id,
            project.id,
            room.shell_session,
            window,
            choice.program,
            project.checkout,
        )
        return window, _LOST if lost else ""

    def _program(self, room: TenantRoom, window: WindowInfo) -> str:
        """What was started in a window; tmux itself only knows what runs in it now."""
        for row in self._store.all(room.tenant_id):
            if (row.session, row.window) == (window.session, window.id) and not row.lost:
                return row.program
        return window.command

    def _living(self, tenant_id: int) -> list[Session]:
        server = self._server(tenant_id)
        if server is None:
            return []
        try:
            sessions, windows = server.sessions(), server.windows()
        except Trouble:  # a list nobody asked for just now opens no dialog
            return []
        room = self._tenants.room(tenant_id)
        made = (_session(server, tenant_id, one, sessions, windows) for one in sessions)
        return [
            one
            for one in made
            if not one.name.startswith(_view_prefix(room))
            and any(not window.dead for window in one.windows)
        ]


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


def environment(room: TenantRoom) -> dict[str, str]:
    """What every process of a tenant gets, in a pane or beside it."""
    return process.environment(room.environment)


def tenant_tmux(room: TenantRoom, settings: Terminal) -> Tmux:
    """The tenant's tmux server.

    Raises:
        Missing: tmux is turned off, not there or too old; the sentence says what that means.
    """
    if not settings.use_tmux:
        raise Missing(_OFF)
    env = environment(room)
    try:
        program = find_tmux(env)
    except Missing as missing:
        raise Missing(
            f"{missing.what} This terminal ends with the program.", missing.hint
        ) from missing
    own = Path(settings.tmux_config_path).expanduser() if settings.tmux_config_path else None
    return Tmux(program, room.tmux_socket, own if own and own.is_file() else own_config(), env)


def _view_prefix(room: TenantRoom) -> str:
    return f"{room.slug}-view-"


def _project_of(window: WindowInfo) -> int | None:
    kind, _, number = window.owner.partition(":")
    return int(number) if kind == "project" and number.isdigit() else None


def _direct(project: Project, room: TenantRoom, choice: Choice, why: str) -> Opening:
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


def _attach(
    server: Tmux,
    room: TenantRoom,
    project: Project,
    window: str,
    program: str,
    *,
    note: str = "",
    reused: bool = False,
) -> Opening:
    touched = Touched.NOTHING if reused else Touched.SESSIONS | Touched.HISTORY
    return _opening(
        server,
        room,
        room.shell_session,
        window,
        program,
        project.checkout,
        changes=Changes(touched, project.id),
        note=note,
        reused=reused,
    )


def _opening(
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
    view = f"{_view_prefix(room)}{secrets.token_hex(4)}"
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
    )


def _session(
    server: Tmux,
    tenant_id: int,
    one: SessionInfo,
    sessions: list[SessionInfo],
    windows: list[WindowInfo],
) -> Session:
    group = [other for other in sessions if one.group and other.group == one.group] or [one]
    return Session(
        tenant_id=tenant_id,
        socket=server.socket,
        name=one.name,
        created=one.created,
        attached=sum(other.attached for other in group),
        windows=tuple(
            SessionWindow(
                session=window.session,
                index=window.index,
                id=window.id,
                name=window.name,
                command=window.command,
                path=window.path,
                pid=window.pid,
                dead=window.dead,
                active=window.active,
                bell=window.bell,
                activity=window.activity,
            )
            for window in windows
            if window.session == one.name
        ),
        attach_command=server.attach_command(one.name),
    )
