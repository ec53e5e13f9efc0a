"""Decides when a terminal is painted next."""

from __future__ import annotations

#: Seconds between frames while much is written; at least so many times what painting one takes.
FRAME, FRAME_SHARE = 0.016, 5
#: Seconds between frames while whole screens pass unseen between two of them, and how many have to.
FLOOD_FRAME, FLOOD_SCREENS = 0.04, 8
#: What ends a frame that a program held back (mode 2026).
FRAME_END = b"\x1b[?2026l"
#: Seconds that a program may hold a frame back (mode 2026).
HELD_MOST = 0.15
#: Seconds between the frames of several terminals that are all written to without a pause, so that
#: one turn of the event loop does not paint all of them.
APART = 0.002


class Pace:
    """The frames of one terminal. Times are of `time.monotonic`."""

    def __init__(self) -> None:
        self._begun = self._took = self._next = 0.0
        self._held_since = 0.0
        self._least = FRAME

    def held(self, now: float, *, synchronized: bool) -> float:
        """Seconds for which the program may hold the next frame back yet; 0 when it does not."""
        if not synchronized:
            self._held_since = 0.0
            return 0.0
        self._held_since = self._held_since or now
        return max(0.0, self._held_since + HELD_MOST - now)

    def due(self, now: float) -> float:
        """Seconds until the next frame: none after a pause."""
        return max(0.0, self._next - now)

    def begin(self, now: float, screens: float = 0.0) -> None:
        """A frame begins; `screens` have scrolled by since the last one."""
        self._begun, self._took = now, 0.0
        self._least = FLOOD_FRAME if screens >= FLOOD_SCREENS else FRAME

    def spent(self, seconds: float) -> None:
        """Painting it took this long, or this much longer.

        A screen that takes long to paint gets fewer frames, so that what writes goes on.
        """
        self._took += seconds
        self._next = self._begun + max(self._least, self._took * FRAME_SHARE)

    def crowded(self, now: float) -> bool:
        """Whether another terminal was just painted while this one is painted all the time."""
        return now - _last.at < APART and now - self._begun < 4 * FRAME


class _Last:
    """When any terminal was painted last; all share the window's thread."""

    def __init__(self) -> None:
        self.at = 0.0


_last = _Last()


def painted(now: float) -> None:
    """A terminal's frame ended."""
    _last.at = now
