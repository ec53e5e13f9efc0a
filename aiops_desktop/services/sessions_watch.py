"""Watches the servers of all tenants for those who listen, and finds new servers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.services.sessions_follow import Follower, Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiops_desktop.adapters.tmux import Snapshot, Tmux
    from aiops_desktop.domain.runs import Run
    from aiops_desktop.services.sessions_servers import Servers
    from aiops_desktop.services.sessions_tidy import Tidy

_log = logging.getLogger(__name__)

#: Seconds between two looks for sockets; each costs one look at a file.
SEARCH = 1.0
#: Looks after which the tenants themselves are asked for again.
TENANTS = 5
#: Seconds that the first view of a server waits for its follower.
SETTLE = 2.0
#: Seconds until a server that could not be followed is tried again: at first, and at most.
PATIENCE = (1.0, 60.0)


@dataclass(frozen=True, slots=True)
class _Patience:
    """Until when a server is left alone, how long that is, and which socket it was."""

    until: float
    wait: float
    birth: object

    def holds(self, server: Tmux) -> bool:
        """Whether it is still to be left alone; another server at the same place is not."""
        return time.monotonic() < self.until and server.birth() == self.birth


class Watch:
    """Runs while somebody listens: one thread that searches, and one for each living server."""

    def __init__(self, servers: Servers, tidy: Tidy, runs: Callable[[], Iterable[Run]]) -> None:
        self._servers = servers
        self._tidy = tidy
        self._runs = runs
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Told], None]] = []
        self._followers: dict[int, Follower] = {}
        self._retry: dict[int, _Patience] = {}
        self._wake = threading.Event()
        self._hurried = False
        self._thread: threading.Thread | None = None

    def add(self, listener: Callable[[Told], None]) -> Callable[[], None]:
        """Tell a listener from now on, until the returned function is called."""
        with self._lock:
            self._listeners.append(listener)
            if self._thread is None:
                self._wake.clear()
                self._thread = threading.Thread(
                    target=self._search, name="sessions-watch", daemon=True
                )
                self._thread.start()
        return lambda: self._remove(listener)

    def hurry(self) -> None:
        """A server was made: look for it now, also where the tenant itself is new."""
        self._hurried = True
        self._wake.set()

    def settle(self, tenant_id: int) -> None:
        """Wait until a tenant's server is followed, a moment at most, before a view is made.

        A view is a session, and none may begin while a connection is being made (`Caller.gate`).
        """
        end = time.monotonic() + SETTLE
        while self._thread is not None and tenant_id not in self._retry:
            follower = self._followers.get(tenant_id)
            left = max(0.0, end - time.monotonic())
            if follower is not None and not follower.over and follower.settled.wait(left):
                return
            if not left:
                return
            self.hurry()
            time.sleep(0.01)

    def snapshot(self, tenant_id: int) -> Snapshot | None:
        """What a tenant's server says over its connection, None when there is none."""
        follower = self._followers.get(tenant_id)
        return follower.snapshot() if follower is not None else None

    # How --------------------------------------------------------------------------------------

    def _remove(self, listener: Callable[[Told], None]) -> None:
        with self._lock:
            if listener in self._listeners:
                self._listeners.remove(listener)
            thread = self._thread if not self._listeners else None
            if thread is not None:
                self._thread = None
                self._wake.set()
        inside = threading.current_thread().name.startswith("sessions-")
        if thread is not None and not inside:  # a listener may stop listening while it is told
            thread.join(15.0)

    def _tell(self, told: Told) -> None:
        for listener in list(self._listeners):
            try:
                listener(told)
            except Exception:  # one listener's fault is not the others'
                _log.exception("a listener of sessions failed")

    def _search(self) -> None:
        known: dict[int, Tmux] = {}
        mine: dict[int, Follower] = {}
        self._followers = mine
        turn = 0
        try:
            while threading.current_thread() is self._thread:
                if turn % TENANTS == 0 or self._hurried:
                    self._hurried = False
                    known = self._known(known)
                turn += 1
                for tenant_id, server in known.items():
                    self._attend(mine, tenant_id, server)
                if self._wake.wait(SEARCH):
                    self._wake.clear()
        finally:
            for follower in mine.values():
                follower.end()

    def _known(self, before: dict[int, Tmux]) -> dict[int, Tmux]:
        """The tenants' servers, living or not."""
        found = {}
        try:
            for tenant_id in self._servers.ids():
                found[tenant_id] = self._servers.known(self._servers.room(tenant_id))
        except Missing as missing:
            _log.debug("no server can be watched: %s", missing)
        except Trouble as trouble:  # the next turn may see more
            _log.info("the tenants could not be looked at: %s", trouble)
            return before
        return found

    def _attend(self, followers: dict[int, Follower], tenant_id: int, server: Tmux) -> None:
        """See to it that a living server is followed."""
        follower = followers.get(tenant_id)
        if follower is not None:
            if not follower.over:
                return
            del followers[tenant_id]
            self._note(tenant_id, server, follower)
        patience = self._retry.get(tenant_id)
        if not server.running() or (patience and patience.holds(server)):
            return
        try:
            room = self._servers.room(tenant_id)
        except Trouble:
            return
        follower = Follower(room, server, self._tidy, self._runs, self._tell)
        followers[tenant_id] = follower
        follower.start()

    def _note(self, tenant_id: int, server: Tmux, follower: Follower) -> None:
        """Be patient with a server that cannot be followed."""
        before = self._retry.pop(tenant_id, None)
        if follower.failed:
            first, most = PATIENCE
            wait = min(most, before.wait * 2 if before else first)
            self._retry[tenant_id] = _Patience(time.monotonic() + wait, wait, server.birth())
