"""What one does to living sessions: rename, move, end, and say first what would end."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from aiops_desktop.adapters.tmux.inside import programs_below
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.services.sessions_list import owner_of
from aiops_desktop.services.sessions_servers import view_prefix
from aiops_desktop.services.sessions_state import is_shell, program_of

if TYPE_CHECKING:
    from aiops_desktop.adapters.tmux import Snapshot, Tmux, WindowInfo
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.services.history import History
    from aiops_desktop.services.sessions_servers import Servers
    from aiops_desktop.storage.sessions import SessionStore

#: Characters of a name; more does not fit anywhere.
LONGEST = 64
_CHANGES = Changes(Touched.SESSIONS | Touched.HISTORY)


class Verbs:
    """Changes living sessions; each verb leaves an event."""

    def __init__(self, servers: Servers, store: SessionStore, history: History) -> None:
        self._servers = servers
        self._store = store
        self._history = history

    def running_in(self, tenant_id: int, session: str, window: str) -> tuple[str, ...]:
        """What runs in a session or window, such as "codex in “web-shop”"."""
        _server, _snapshot, windows = self._found(tenant_id, session, window)
        said: list[str] = []
        for one in windows:
            for pane in one.panes:
                program = program_of(one, pane)
                names = [] if pane.dead else [program]
                if names and is_shell(program):
                    names = [n for n in programs_below(pane.pid) if not is_shell(n)]
                said += [f"{name} in “{one.name}”" for name in dict.fromkeys(names)]
        return tuple(said)

    def rename(self, tenant_id: int, session: str, name: str, window: str) -> Done:
        """Give a session or a window another name."""
        name = _checked(name)
        server, snapshot, windows = self._found(tenant_id, session, window)
        if window:
            old = windows[0].name
            with self._history.doing(
                "rename window", f"{session}: {old} → {name}", tenant_id=tenant_id
            ):
                server.rename_window(window, name)
                self._store.rename(tenant_id, session, window, name=name)
            return Done(_CHANGES, f"“{old}” is now called “{name}”.")
        room = self._servers.room(tenant_id)
        if session in _given(room):
            raise Refused(
                f"“{session}” must keep its name: terminals are found by it.",
                "Rename its windows.",
                field="name",
            )
        if any(mark in name for mark in ".:") or name.startswith((view_prefix(room), "=", "@")):
            raise Refused(
                "A session's name has no dot or colon in it.", "Choose another.", field="name"
            )
        if snapshot.session(name):
            raise Refused(
                f"There is a session “{name}” already.", "Choose another name.", field="name"
            )
        with self._history.doing("rename session", f"{session} → {name}", tenant_id=tenant_id):
            server.rename_session(session, name)
            self._store.rename_session(tenant_id, session, name)
        return Done(_CHANGES, f"“{session}” is now called “{name}”.")

    def move(self, tenant_id: int, session: str, window: str, to: str) -> Done:
        """Move a window: to "5", "other-session" or "other-session:5"."""
        server, snapshot, windows = self._found(tenant_id, session, window)
        room, one = self._servers.room(tenant_id), windows[0]
        target, index = _place(to, session)
        if not snapshot.session(target) or target.startswith(view_prefix(room)):
            raise Missing(f"There is no session “{target}”.", "Look at the list of living ones.")
        if owner_of(one).run_id is not None and target != session:
            raise Refused(
                "The window of an assist run stays in its session.", "Move another window."
            )
        if (target, index) == (session, one.index):
            return Done(Changes(), f"“{one.name}” is there already.")
        taken = [w for w in snapshot.windows if (w.session, w.index) == (target, index)]
        if taken and target != session:
            raise Refused(
                f"There is “{taken[0].name}” at this place already.", "Choose another.", field="to"
            )
        where = target if index is None else f"{target}:{index}"
        with self._history.doing(
            "move window", f"{session}: {one.name} → {where}", tenant_id=tenant_id
        ):
            server.move_window(f"{session}:{one.id}", target, index, swap=bool(taken))
            self._store.rename(tenant_id, session, one.id, to=target)
        return Done(_CHANGES, f"“{one.name}” is now in {where}.")

    def kill(self, tenant_id: int, session: str, window: str) -> Done:
        """End a window or a whole session."""
        server, _snapshot, windows = self._found(tenant_id, session, window)
        what = f"{session}, window {window}" if window else session
        with self._history.doing("end session", what, tenant_id=tenant_id) as entry:
            entry.note = ", ".join(dict.fromkeys(one.name for one in windows))
            if window:
                server.kill_window(window)
            else:
                server.kill_group(session)
            self._store.forget(tenant_id, session, window)
        return Done(_CHANGES, f"“{what}” has ended.")

    # How --------------------------------------------------------------------------------------

    def _found(
        self, tenant_id: int, session: str, window: str
    ) -> tuple[Tmux, Snapshot, list[WindowInfo]]:
        server = self._servers.living(tenant_id)
        if server is not None:
            snapshot = server.look()
            windows = [
                one for one in snapshot.windows if one.session == session and window in ("", one.id)
            ]
            if windows:
                return server, snapshot, windows
        what = f"{session}, window {window}" if window else session
        raise Missing(f"There is no session “{what}”.", "Look at the list of living ones.")


def _given(room: TenantRoom) -> tuple[str, ...]:
    return room.shell_session, f"{room.slug}-runs"


def _checked(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST:
        raise Refused(
            f"A name has between 1 and {LONGEST} characters.", "Choose another.", field="name"
        )
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in name):
        raise Refused("A name has no control characters.", "Choose another.", field="name")
    return name


def _place(to: str, session: str) -> tuple[str, int | None]:
    """(session, index) of "5", "name" or "name:5"."""
    name, _, index = to.strip().rpartition(":")
    if not name:
        name, index = (session, index) if index.isdigit() else (index, "")
    if not name or (index and not index.isdigit()) or len(index) > 6:
        raise Refused(
            f"“{to}” is no place for a window.", "Write a number, a session, or both.", field="to"
        )
    return name, int(index) if index else None
