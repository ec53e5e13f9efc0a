"""Each tenant's tmux server: how it is reached, how it is, what can be done for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux import (
    NoServer,
    OtherProtocol,
    Snapshot,
    Socket,
    Tmux,
    find_tmux,
    own_config,
    parse,
)
from aiops_desktop.domain.sessions import ServerState, SessionServer
from aiops_desktop.domain.settings import Terminal
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Missing, Trouble

if TYPE_CHECKING:
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.sessions import SessionStore

_OFF = "tmux is turned off in the settings, so this terminal ends with the program."


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
    data = room.folder.parent.parent  # a relative path starts there, not where one was started
    own = data / Path(settings.tmux_config_path).expanduser() if settings.tmux_config_path else None
    return Tmux(
        program,
        room.tmux_socket,
        own if own and own.is_file() else own_config(),
        env,
        clipboard=may_write_clipboard(room, settings),
    )


def may_write_clipboard(room: TenantRoom, settings: Terminal) -> bool:
    """Whether programs of this tenant may write the clipboard (OSC 52)."""
    return room.slug in settings.clipboard_tenants.replace(",", " ").split()


def view_prefix(room: TenantRoom) -> str:
    """How the names of views begin."""
    return f"{room.slug}-view-"


class Servers:
    """Finds servers; starts none."""

    def __init__(self, store: SessionStore, tenants: Tenants, settings: SettingsService) -> None:
        self._store = store
        self._tenants = tenants
        self._settings = settings

    def ids(self, tenant_id: int | None = None) -> list[int]:
        """The tenants meant: one, or all."""
        return [tenant_id] if tenant_id is not None else [t.id for t in self._tenants.all()]

    def room(self, tenant_id: int) -> TenantRoom:
        """Everything of a tenant that adapters need."""
        return self._tenants.room(tenant_id)

    def usable(self, room: TenantRoom) -> Tmux:
        """The server as the settings want it.

        Raises:
            Missing: tmux is turned off, not there or too old.
        """
        return tenant_tmux(room, self._settings.current().terminal)

    def known(self, room: TenantRoom) -> Tmux:
        """The same, also after tmux was turned off: what lives is shown and can be ended.

        Raises:
            Missing: tmux is not there or too old.
        """
        settings = self._settings.current().terminal
        wanted = Terminal(
            use_tmux=True,
            tmux_config_path=settings.tmux_config_path,
            clipboard_tenants=settings.clipboard_tenants,
        )
        return tenant_tmux(room, wanted)

    def living(self, tenant_id: int) -> Tmux | None:
        """The server when it can be spoken with, None when there is none.

        One whose socket was removed is helped to another socket first.
        """
        try:
            server = self.known(self.room(tenant_id))
        except Missing:
            return None
        if server.running() or (self._remembers(tenant_id) and server.revive()):
            return server
        return None

    def described(self, tenant_id: int, told: Snapshot | Trouble | None) -> SessionServer:
        """A server in words; `told` is what it answered, None when it was not asked."""
        room = self.room(tenant_id)
        try:
            server = self.known(room)
        except Missing as missing:
            what = missing.what.removesuffix(" This terminal ends with the program.")
            return SessionServer(
                tenant_id, room.tmux_socket, ServerState.OFF, "", what, missing.hint
            )
        made = SessionServer(tenant_id, server.socket, ServerState.NONE, server.version.text)
        if isinstance(told, Snapshot) and told.server is not None:
            return self._running(server, tenant_id, told)
        if isinstance(told, OtherProtocol):
            return _with(made, ServerState.MISMATCH, told.what, told.hint)
        if isinstance(told, Trouble) and not isinstance(told, NoServer):
            return _with(made, ServerState.TROUBLE, told.what, told.hint)
        found = server.examine(thorough=self._remembers(tenant_id))
        if found is Socket.STALE:
            return _with(
                made,
                ServerState.STALE,
                "The tmux server has died; only its socket is left.",
                "The next terminal starts a new server.",
            )
        if found is Socket.GONE:
            return _with(
                made,
                ServerState.UNREACHABLE,
                "The tmux server lives, but its socket was removed.",
                "Refresh to have the socket made again.",
            )
        if not self._settings.current().terminal.use_tmux:
            return _with(made, ServerState.OFF, "tmux is turned off in the settings.", "")
        return made

    # How --------------------------------------------------------------------------------------

    def _remembers(self, tenant_id: int) -> bool:
        return any(not row.lost for row in self._store.all(tenant_id))

    @staticmethod
    def _running(server: Tmux, tenant_id: int, told: Snapshot) -> SessionServer:
        running = told.server
        if running is None:
            raise ValueError("there is no server")
        installed, version = server.installed, parse(running.version)
        note = hint = ""
        if version.text != installed.text:
            note = (
                f"tmux was upgraded to {installed.text}; these sessions go on with {version.text}."
            )
            hint = "The new one is used when all sessions of the tenant have ended."
        older = min(installed, version, key=lambda one: one.number)
        return SessionServer(
            tenant_id,
            server.socket,
            ServerState.RUNNING,
            version.text,
            note,
            hint,
            older.missing,
            running.pid,
            running.started,
        )


def _with(made: SessionServer, state: ServerState, note: str, hint: str) -> SessionServer:
    return SessionServer(made.tenant_id, made.socket, state, made.version, note, hint)
