"""Sessions: terminals in the tenant's tmux server, found again after a restart."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.adapters import assistants
from aiops_desktop.adapters.tmux import Snapshot, Tmux
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.sessions import (
    Attention,
    HistoryMatches,
    Inventory,
    Opening,
    RememberedSession,
    Scrollback,
    Session,
)
from aiops_desktop.domain.settings import Terminal
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.services import sessions_history as history_of
from aiops_desktop.services.sessions_census import Census
from aiops_desktop.services.sessions_open import Opener, cloned, direct, find, said
from aiops_desktop.services.sessions_servers import (
    Servers,
    environment,
    tenant_tmux,
    view_prefix,
)
from aiops_desktop.services.sessions_tidy import Tidy
from aiops_desktop.services.sessions_verbs import Verbs
from aiops_desktop.services.sessions_watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiops_desktop.domain.runs import Run
    from aiops_desktop.services.history import History
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.sessions import SessionStore

__all__ = ["Sessions", "cloned", "environment", "tenant_tmux"]


class Sessions:
    """Open, list, look through, and end sessions.

    `runs` gives the assist runs at work: one that waits makes its window wait.
    """

    def __init__(
        self,
        store: SessionStore,
        tenants: Tenants,
        projects: Projects,
        settings: SettingsService,
        history: History,
        *,
        runs: Callable[[], Iterable[Run]] = tuple,
    ) -> None:
        self._store = store
        self._projects = projects
        self._settings = settings
        self._history = history
        self._servers = Servers(store, tenants, settings)
        self._tidy = Tidy(store)
        self._verbs = Verbs(self._servers, store, history)
        self._watch = Watch(self._servers, self._tidy, runs)
        self._census = Census(self._servers, self._watch, runs)
        self._opener = Opener(store, settings, history)
        self._making = threading.Lock()  # two tabs opened at once shall share one window

    # Looking through --------------------------------------------------------------------------

    def open(
        self, project_id: int, *, tool: str = "", fresh: bool = False, window: str = ""
    ) -> Opening:
        """How a terminal tab for this project attaches.

        The tenant's session `<slug>-shell` is created on first use, with one window per project; an
        existing window is attached to, never typed into. Each tab gets a grouped session of its
        own, so that tabs never mirror each other. `tool` "" is DEFAULT_AI_TOOL, "shell" the shell;
        a tool that cannot be found in the pane's own environment is replaced by DEFAULT_AI_SHELL,
        and `note` says so. `fresh` opens another window, `window` names an existing one by id; a
        window whose program has ended runs the tool anew, also for those who look at it already.
        Without tmux: a direct PTY, and `note` says that it ends with the program.

        Raises:
            Missing: the project is not cloned, or there is no such window.
        """
        project = cloned(self._projects.get(project_id))
        room = self._servers.room(project.tenant_id)
        try:
            server = self._servers.usable(room)
        except Missing as missing:
            choice = assistants.choose(tool, self._settings.current().assistants, environment(room))
            looks = self._settings.current().terminal
            made = direct(project, room, choice, str(missing))
            return replace(made, font_size=looks.font_size, history=looks.history)
        with self._making:
            now = self._now(room, server)
            found = find(now, room, project.id, window)
            if found and not fresh and not found.dead:
                server.prepare(now)
                self._watch.settle(room.tenant_id)
                program = self._opener.program(room, found)
                return self._opener.attach(
                    server, room, project, found.id, program, session=found.session, reused=True
                )
            made = self._opener.make(server, room, project, tool, None if fresh else found)
        self._watch.settle(room.tenant_id)
        return made

    def attach(self, tenant_id: int, session: str, window: str) -> Opening:
        """How a tab looks at any window of a tenant (by id or name), such as a run's.

        The window stays when its program ends, so that the tab is not thrown upon another one.

        Raises:
            Missing: it has ended.
        """
        room = self._servers.room(tenant_id)
        server = self._servers.usable(room)
        for found in self._now(room, server).windows:
            if found.session == session and window in (found.id, found.name) and not found.dead:
                server.keep(found.id)
                self._watch.settle(tenant_id)
                return self._opener.look_at(server, room, found)
        raise Missing("This session has ended.", "Look at the run's steps.")

    def close_view(self, tenant_id: int, view: str) -> None:
        """End a tab's grouped session; the windows go on."""
        if not view:
            return
        server = self._servers.living(tenant_id)
        if server:
            server.kill_session(view)

    def seen(self, tenant_id: int, window: str) -> None:
        """Somebody looks at a window: its bell need not be told any more."""
        server = self._servers.living(tenant_id)
        if server:
            server.hush(window)

    def scrollback(
        self,
        tenant_id: int,
        window: str,
        *,
        lines: int = 10_000,
        joined: bool = True,
        colours: bool = True,
    ) -> Scrollback:
        """The newest `lines` of a window's history and its screen, of the active pane.

        Args:
            tenant_id: whose.
            window: id of the window ("@3") or of one of its panes ("%4").
            lines: of history at most; 0 is the screen alone.
            joined: lines that tmux wrapped come as one, so that an emulator of the same width wraps
                them again and copying does not cut them.
            colours: with SGR sequences; else nothing but text.

        Raises:
            Missing: it does not live.
        """
        server = self._needed(tenant_id)
        return history_of.scrollback(server, window, lines=lines, joined=joined, colours=colours)

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
        server = self._needed(tenant_id)
        return history_of.search(server, window, text, regex=regex, case=case, limit=limit)

    # What there is ----------------------------------------------------------------------------

    def inventory(self, tenant_id: int | None = None) -> Inventory:
        """Servers, sessions, windows and panes as they are now; never raises for a server's sake.

        A server's trouble stands in its `note`. Asks over the watch's own connection where there
        is one, else with one process a server.
        """
        return self._census.inventory(tenant_id)

    def all(self, tenant_id: int | None = None) -> list[Session]:
        """The sessions something lives in, of one tenant or all; views of tabs are not listed."""
        return [
            session
            for session in self.inventory(tenant_id).sessions
            if any(not window.dead for window in session.windows)
        ]

    def watch(self, listener: Callable[[Changes | Attention], None]) -> Callable[[], None]:
        """Tell what happens in the tenants' servers, until the returned function is called.

        `listener` is called from worker threads: with Changes when the list of sessions, windows or
        their states is another, with Attention when a window wants to be looked at. One connection
        (tmux's control mode) a living server serves all listeners; it counts as no view, changes no
        size and keeps no session alive. The returned function waits until its threads have ended.
        """
        return self._watch.add(listener)

    # Changing ---------------------------------------------------------------------------------

    def running_in(self, tenant_id: int, session: str, window: str = "") -> tuple[str, ...]:
        """What ending a session (or one window, by id) would end, for the question.

        Such as "codex in “web-shop”"; shells that only wait at their prompt are not named.

        Raises:
            Missing: it does not live.
        """
        return self._verbs.running_in(tenant_id, session, window)

    def rename(self, tenant_id: int, session: str, name: str, window: str = "") -> Done:
        """Give a session, or one of its windows (by id), another name.

        Raises:
            Missing: it does not live.
            Refused: the name cannot be used, or the session is one whose name says whose it is.
        """
        return self._verbs.rename(tenant_id, session, name, window)

    def move(self, tenant_id: int, session: str, window: str, to: str) -> Done:
        """Move a window to another place: "5", "other-session" or "other-session:5".

        A window that is at that place of the same session changes places with it.

        Raises:
            Missing: the window or the other session does not live.
            Refused: that is no place of this tenant, or it is taken in another session.
        """
        return self._verbs.move(tenant_id, session, window, to)

    def kill(self, tenant_id: int, session: str, window: str = "") -> Done:
        """End a window (by id) or a whole session.

        Raises:
            Missing: it does not live.
        """
        return self._verbs.kill(tenant_id, session, window)

    def end_all(self, room: TenantRoom) -> None:
        """End a tenant's tmux server with everything in it, before the tenant is deleted."""
        try:
            tenant_tmux(room, Terminal(use_tmux=True)).kill_server()
        except Missing:
            return
        self._store.forget(room.tenant_id)

    # After a restart --------------------------------------------------------------------------

    def recover(self) -> list[Session]:
        """Match what the database remembers with what lives; the living ones."""
        for tenant_id in self._servers.ids():
            server = self._servers.living(tenant_id)
            if server is None:
                self._tidy.compare(tenant_id, Snapshot())
                continue
            with suppress(Trouble):  # the inventory says it of this server; the others count, too
                now = self._now(self._servers.room(tenant_id), server)
                self._tidy.sweep(tenant_id, server, now)
        return self.all()

    def lost(self, tenant_id: int | None = None) -> list[RememberedSession]:
        """What ran before the computer or tmux went down and does not run now.

        As the last look saw it: `recover` looks, and so does a watch.
        """
        return [row for row in self._store.all(tenant_id) if row.lost]

    def bring_back(self, lost: RememberedSession) -> Done:
        """Open a lost session again, with its folder and program; nothing is attached.

        Raises:
            Missing: its project or folder is gone, or tmux is.
        """
        project = cloned(self._projects.get(lost.project_id))
        room = self._servers.room(lost.tenant_id)
        server = self._servers.usable(room)
        with self._making:
            opening = self._opener.bring_back(server, room, project, lost)
        self._watch.hurry()
        return Done(opening.changes, said(lost, opening))

    def forget(self, lost: RememberedSession) -> Done:
        """Do not offer a lost session any more."""
        self._store.forget_lost(lost.id)
        return Done(Changes(Touched.SESSIONS), f"“{lost.name}” is not offered any more.")

    # How --------------------------------------------------------------------------------------

    def _now(self, room: TenantRoom, server: Tmux) -> Snapshot:
        """How the server is, and what is lost by now."""
        now = server.look(view_prefix(room))
        if now.server is None and server.revive():
            now = server.look(view_prefix(room))
        self._tidy.compare(room.tenant_id, now)
        return now

    def _needed(self, tenant_id: int) -> Tmux:
        server = self._servers.living(tenant_id)
        if server is None:
            raise Missing("This session has ended.", "Open a new one.")
        return server
