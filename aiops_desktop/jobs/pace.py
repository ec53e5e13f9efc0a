"""Lets the window's thread go first.

Threads of one Python interpreter take turns (its global lock), and every short call into Qt gives
the turn away: beside a worker that parses a long listing, a repaint of a hundred such calls has to
wait for it a hundred times. So long work in workers pauses, at places of its own choosing, while
the window paints or takes results. Without a window, as in the shell, nobody ever waits.
"""

from __future__ import annotations

import threading
import time

#: Seconds that a worker waits at most at one place, so that a busy window never starves it.
LONGEST = 0.02
#: Seconds after which a piece of work counts as a dialog's own event loop: nobody waits for that.
PIECE = 0.25

_at_rest = threading.Event()
_at_rest.set()


class _Window:
    """A piece of the window's work; pieces within pieces count as one. Its thread alone uses it."""

    def __init__(self) -> None:
        self._depth = 0
        self.since = 0.0

    def __enter__(self) -> None:
        self._depth += 1
        self.since = time.monotonic()
        _at_rest.clear()

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1
        if not self._depth:
            _at_rest.set()


#: `with window:` stands around what the window's thread does in one go.
window = _Window()


def breathe() -> None:
    """Wait until the window is at rest, at most `LONGEST`.

    For loops that parse or build much, about every millisecond of work; never in the window's
    own thread.
    """
    if not _at_rest.is_set() and time.monotonic() - window.since < PIECE:
        _at_rest.wait(LONGEST)
