"""The one way tests wait: for a condition, never for a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds between two looks.
PAUSE = 0.01


def until(condition: Callable[[], T], limit: float = 30.0, why: str | Callable[[], str] = "") -> T:
    """Look again and again until the condition holds; its value.

    Raises:
        AssertionError: it did not within `limit` seconds; `why` says what was missing.
    """
    deadline = time.monotonic() + limit
    while not (found := condition()):
        if time.monotonic() > deadline:
            told = why() if callable(why) else why
            raise AssertionError(told or "It did not happen in time.")
        time.sleep(PAUSE)
    return found
