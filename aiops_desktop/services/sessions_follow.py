"""Follows one tenant's tmux server over one connection, for as long as both live."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.adapters.tmux import Control, Notice, Snapshot, Tmux, questions, read
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.sessions import Attention, AttentionKind
from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.services.sessions_changes import Observer
from aiops_desktop.services.sessions_list import Scene, by_id
from aiops_desktop.services.sessions_servers import view_prefix

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiops_desktop.domain.runs import Run
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.services.sessions_tidy import Tidy

_log = logging.getLogger(__name__)

#: Seconds between two looks; what tmux tells by itself brings the next one forward.
TICK = 1.0
#: Seconds that notifications are gathered: closing a session brings a dozen.
GATHER = 0.05
#: How often a server is asked to look after a program that ended without a code.
REMINDERS = 3
#: What tmux says when the list of sessions and windows is another.
_NEWS = frozenset(
    """
    sessions-changed session-renamed window-add window-close window-renamed window-pane-changed
    unlinked-window-add unlinked-window-close unlinked-window-renamed pane-mode-changed client-
    detached client-session-changed session-window-changed layout-change
    """.split()  # noqa: SIM905 - easier to read than so many quotes
)

Told = Changes | Attention


class Follower:
    """A thread with a connection to one server. When either ends, it ends; make another."""

    def __init__(
        self,
        room: TenantRoom,
        server: Tmux,
        tidy: Tidy,
        runs: Callable[[], Iterable[Run]],
        tell: Callable[[Told], None],
    ) -> None:
        self.server = server
        self._room = room
        self._tidy = tidy
        self._runs = runs
        self._tell = tell
        self._views = view_prefix(room)
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._control: Control | None = None
        self._last = Snapshot()
        self._given: Snapshot | None = None
        self._reminded: Counter[str] = Counter()
        self._gone = False
        self.failed = ""
        """Why it never came to follow, "" when it did."""
        self.settled = threading.Event()
        """Set once it follows, or never will."""
        self._thread = threading.Thread(
            target=self._follow, name=f"sessions-{room.slug}", daemon=True
        )

    def start(self) -> None:
        """Connect and follow."""
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether its thread has ended."""
        return not self._thread.is_alive()

    def end(self) -> None:
        """Hang up and wait until the thread has ended."""
        self._stop.set()
        self._wake.set()
        self._thread.join(10.0)

    def snapshot(self) -> Snapshot | None:
        """How the server is now, asked over the connection; None when there is none (any more)."""
        control = self._control
        if control is None or not control.alive:
            return None
        try:
            self._given = self._ask(control)
        except Trouble:
            return None
        return self._given

    # How --------------------------------------------------------------------------------------

    def _follow(self) -> None:
        try:
            first = self.server.look(self._views)
            session = self._base(first)
            if not session:
                self.failed = "There is no session to watch."
                if first.server is None and self._tidy.remembers(self._room.tenant_id):
                    self._lost()  # it died before anybody followed it
                return
            self.server.prepare(first)
            self._control = self.server.control(session, self._noticed)
        except Trouble as trouble:
            self.failed = str(trouble)
            return
        finally:
            self.settled.set()
        self._tidy.compare(self._room.tenant_id, first)
        self._tell(Changes(Touched.SESSIONS))
        observer = Observer(self._room.tenant_id)
        try:
            while not self._stop.is_set():
                self._look(self._control, observer)
                self._wake.wait(TICK)
                if self._wake.is_set():
                    time.sleep(GATHER)
                self._wake.clear()
        except Trouble as trouble:
            _log.info("%s: %s", self._room.slug, trouble)
        finally:
            self._control.close()
        if not self._stop.is_set():
            self._lost()

    def _base(self, first: Snapshot) -> str:
        """The session to attach to: never a view, which would outlive its tab by that."""
        names = [one.name for one in first.sessions if not one.name.startswith(self._views)]
        wanted = [self._room.shell_session, *names]
        return next((name for name in wanted if name in names), "")

    def _ask(self, control: Control) -> Snapshot:
        asked = datetime.now(UTC)
        answers = control.ask_all(questions(self.server.version, self._views))
        return read((line for lines in answers for line in lines), asked)

    def _look(self, control: Control, observer: Observer) -> None:
        given, self._given = self._given, None
        if given is not None:  # whoever asked must hear of every change since
            observer.shown(Scene(self.server, self._room, given, by_id(self._runs())).sessions())
        snapshot = self._ask(control)
        if snapshot.server is None:
            raise Missing("There is no session any more.")
        gone, self._gone = self._gone, not self.server.running()
        if gone and self._gone and self.server.revive():  # a server that ends has none either
            self._say("The socket of the tmux server was gone; it was made again.")
        self._left(snapshot)
        self._remind(snapshot)
        swept = self._tidy.sweep(self._room.tenant_id, self.server, snapshot)
        self._hush(snapshot)
        scene = Scene(self.server, self._room, snapshot, by_id(self._runs()))
        for told in observer.compare(scene.sessions(), scene.now):
            self._tell(told)
        self._last = snapshot
        if swept:
            self._wake.set()

    def _remind(self, snapshot: Snapshot) -> None:
        """An exit code that is not known soon is one tmux has missed; before 3.3 all of signals."""
        late = {
            pane.id
            for window in snapshot.windows
            for pane in window.panes
            if pane.dead and pane.code is None
        }
        fresh = {one for one in late if self._reminded[one] < REMINDERS}
        self._reminded.update(fresh)
        if fresh:
            self.server.remind(snapshot)
            self._wake.set()

    def _left(self, snapshot: Snapshot) -> None:
        """Windows that were ended from elsewhere are not offered again."""
        alive = {one.id for one in snapshot.windows}
        for one in self._last.windows:
            if one.id not in alive and not one.session.startswith(self._views):
                self._tidy.gone(self._room.tenant_id, one.session, one.id)

    def _hush(self, snapshot: Snapshot) -> None:
        """A bell that was heard is not to ring again when the terminal that heard it closes."""
        for one in {w.id: w for w in snapshot.windows}.values():
            if one.rang and self._tidy.heard(one, snapshot):
                self.server.hush(one.id)

    def _lost(self) -> None:
        """The connection has ended: did the server with it?"""
        last = self._last
        try:
            now = self.server.look(self._views)
            if now.server is None and self.server.revive():
                now = self.server.look(self._views)
                if _same(now, last):
                    self._say("The socket of the tmux server was gone; it was made again.")
        except Trouble:
            return  # it may live; the next follower will see
        if _same(now, last):
            return
        lost = self._tidy.compare(self._room.tenant_id, now)
        if lost:
            sessions = "a session" if lost == 1 else f"{lost} sessions"
            self._say(
                f"The tmux server of {self._room.name} has ended with {sessions} in it. "
                "They can be brought back with their folder and program."
            )
        self._tell(Changes(Touched.SESSIONS))

    def _say(self, sentence: str) -> None:
        self._tell(Attention(AttentionKind.SERVER, self._room.tenant_id, sentence=sentence))

    def _noticed(self, notice: Notice) -> None:
        if notice.name == "exit" or notice.name in _NEWS:
            self._wake.set()
        elif notice.name == "session-changed" and self._views in notice.text and self._control:
            # detach-on-destroy is off in somebody's configuration; a view is no place to stay.
            threading.Thread(target=self._control.close, daemon=True).start()


def _same(one: Snapshot, other: Snapshot) -> bool:
    """Whether both are of one and the same server."""
    both = one.server and other.server
    return bool(both and one.server and one.server.identity == both.identity)
