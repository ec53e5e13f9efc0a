"""What can be done to a key, and what may be held meanwhile."""

from __future__ import annotations

from enum import Enum, IntFlag


class Modifier(IntFlag):
    """Held keys; xterm's and kitty's modifier parameter is this plus one.

    META is the key between Ctrl and Alt, called Super by kitty.
    """

    NONE = 0
    SHIFT = 1
    ALT = 2
    CTRL = 4
    META = 8


class Stroke(Enum):
    """What happened to a key, numbered as kitty numbers event types."""

    PRESS = 1
    REPEAT = 2
    RELEASE = 3
