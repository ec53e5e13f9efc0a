"""Tells a program at work from one that waits, by what it writes without being typed at."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

#: Seconds looked back, and in how many of them something must have been written.
_BACK, _LEAST = 4, 3
#: Seconds after a key in which output is taken for its echo.
_ECHO = 0.5


class Pulse:
    """Remembers in which of the last seconds a program wrote by itself."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seconds: deque[int] = deque(maxlen=_BACK)
        self._typed_at = float("-inf")

    def begin(self) -> None:
        """A program was started."""
        self._seconds.clear()

    def typed(self) -> None:
        """Something was sent to it."""
        self._typed_at = self._now()

    def wrote(self) -> None:
        """It wrote something."""
        now = self._now()
        second = int(now)
        if now - self._typed_at > _ECHO and (not self._seconds or self._seconds[-1] != second):
            self._seconds.append(second)

    def working(self) -> bool:
        """Whether it writes steadily."""
        recent = [second for second in self._seconds if second >= int(self._now()) - _BACK]
        return len(recent) >= _LEAST
