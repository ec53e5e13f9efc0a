"""Moves bytes between a program's terminal and the window's thread, in short slices."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

from aiops_desktop.terminal.pty import DRAIN_MOST, PtyProcess, reap_ended

#: Seconds of the window's thread given to output at once; the notifier fires again for the rest.
SLICE, SLICE_HIDDEN = 0.005, 0.002
#: Milliseconds a terminal that nobody sees waits after a whole slice; its program waits, too.
_REST_HIDDEN = 8
#: Seconds after which a terminal that had output counts as quiet, and the least it is given.
_LATELY, _SLICE_LEAST = 0.1, 0.001
#: Bytes taken at once at least; more while they are shown within a slice.
_DRAIN_LEAST = 16 * 1024
#: Milliseconds between looks whether a program without an open terminal has ended.
_LOOK = 50
#: Looks before an end without an exit code is believed.
_LOOKS_MOST = 100
#: Reads after the program's end: its children may write for ever.
_LAST_READS = 16
#: Milliseconds after which a program that was hung up has usually ended.
_REAP = 300


class Share:
    """Divides the time for output among the terminals that had some lately.

    The event loop serves all that are ready before anything else, so that ten floods would keep
    the window waiting ten slices.
    """

    def __init__(self) -> None:
        self._ready: dict[int, float] = {}

    def of(self, fd: int, room: float, now: float) -> float:
        """Seconds for one terminal of `room` that it would have alone."""
        self._ready[fd] = now
        if len(self._ready) > 1:
            self._ready = {one: at for one, at in self._ready.items() if now - at < _LATELY}
        return max(_SLICE_LEAST, room / len(self._ready))


_share = Share()


class Channel(QObject):
    """Feeds what a program writes to a sink, and sends it input without ever waiting.

    Attributes:
        pty: the program.
    """

    ended = Signal(int)
    """The program ended with this exit code; -1 when it is not known. Everything was fed before."""

    def __init__(
        self, pty: PtyProcess, sink: Callable[[bytes], None], hidden: Callable[[], bool]
    ) -> None:
        """`sink` takes output; `hidden` says whether nobody sees it, so that less time is taken."""
        super().__init__()
        self.pty = pty
        self._sink = sink
        self._hidden = hidden
        self._looks = 0
        self._drain = _DRAIN_LEAST
        kind = QSocketNotifier.Type
        self._reads = QSocketNotifier(pty.fd, kind.Read, self)
        self._reads.activated.connect(self._ready)
        self._writes = QSocketNotifier(pty.fd, kind.Write, self)
        self._writes.setEnabled(False)
        self._writes.activated.connect(self._flush)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK)
        self._timer.timeout.connect(self._look)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_HIDDEN)
        self._rest.timeout.connect(self._rested)
        self._pidfd = -1
        self._exits: QSocketNotifier | None = None
        self._watch_exit()

    def _watch_exit(self) -> None:
        """Notice the end of a program whose children keep the terminal open, where we can."""
        if self.pty.pid and hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._pidfd = os.pidfd_open(self.pty.pid)
                self._exits = QSocketNotifier(self._pidfd, QSocketNotifier.Type.Read, self)
                self._exits.activated.connect(self._exited)

    def write(self, data: bytes) -> None:
        """Send input; what the terminal does not take yet follows when it does."""
        if data and not self.pty.write(data):
            self._writes.setEnabled(True)

    def close(self) -> None:
        """Hang up and watch nothing more; the program ends in its own time."""
        self._stop()
        self.pty.close()
        QTimer.singleShot(_REAP, reap_ended)

    def _stop(self) -> None:
        self._timer.stop()
        self._rest.stop()
        for notifier in (self._reads, self._writes, self._exits):
            if notifier is not None:
                notifier.setEnabled(False)
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def _flush(self) -> None:
        if self.pty.flush():
            self._writes.setEnabled(False)

    def _ready(self) -> None:
        now = time.monotonic()
        hidden = self._hidden()
        room = _share.of(self.pty.fd, SLICE_HIDDEN if hidden else SLICE, now)
        end = now + room
        while now < end:
            data = self.pty.read(self._drain)
            if data:
                self._sink(data)
            before, now = now, time.monotonic()
            self._learn(len(data), now - before, room)
            if self.pty.ended or not data:
                break
        else:
            if hidden:
                self._reads.setEnabled(False)
                self._rest.start()
        if self.pty.ended and self.pty.fd >= 0:
            self._reads.setEnabled(False)
            self._look()
            if self._pidfd >= 0 or self.pty.fd >= 0:
                self._timer.start()

    def _rested(self) -> None:
        if self.pty.fd >= 0 and not self.pty.ended:
            self._reads.setEnabled(True)

    def _learn(self, size: int, took: float, room: float) -> None:
        """Take as much at once as fits into half a slice at the speed just seen."""
        if size >= self._drain // 2 and took > 0:
            fitting = int(size * room / 2 / took)
            self._drain = max(_DRAIN_LEAST, min(fitting, DRAIN_MOST))

    def _exited(self) -> None:
        """The program ended; what its terminal still holds is read before it is told."""
        if self._exits is not None:
            self._exits.setEnabled(False)
        self._timer.start()
        self._look()

    def _look(self) -> None:
        code = self.pty.exit_code
        self._looks += 1
        if code is None and self._looks < _LOOKS_MOST:
            return
        for _ in range(_LAST_READS):
            data = self.pty.read()
            if not data:
                break
            self._sink(data)
        self._stop()
        self.pty.close()
        self.ended.emit(-1 if code is None else code)
