"""What the mouse sends to a program that asked for it (xterm ctlseqs, "Mouse Tracking")."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from aiops_desktop.terminal.keys import Modifier
from aiops_desktop.terminal.modes import Modes


class MouseAction(Enum):
    """What happened."""

    PRESS = "press"
    RELEASE = "release"
    MOVE = "move"


#: Buttons by the names used here: number in the report. Wheel events are presses.
BUTTONS = {"left": 0, "middle": 1, "right": 2, "none": 3}
BUTTONS |= {"wheel_up": 64, "wheel_down": 65, "wheel_left": 66, "wheel_right": 67}
BUTTONS |= {"back": 128, "forward": 129}


@dataclass(frozen=True, slots=True)
class MouseEvent:
    """A mouse event in cells from 0, and in pixels from the grid's corner.

    Attributes:
        button: a name of `BUTTONS`; for a motion the one held, or "none".
    """

    action: MouseAction
    button: str
    column: int
    row: int
    held: Modifier = Modifier.NONE
    pixel_x: int = 0
    pixel_y: int = 0


def mouse_bytes(event: MouseEvent, modes: Modes) -> bytes:
    """The report of an event; empty when the program did not ask for this kind."""
    if not _wanted(event, modes.mouse):
        return b""
    number = BUTTONS[event.button]
    x10 = modes.mouse == 9
    if event.action is MouseAction.MOVE:
        number += 32
    if not x10:
        number += 4 * bool(event.held & Modifier.SHIFT)
        number += 8 * bool(event.held & (Modifier.ALT | Modifier.META))
        number += 16 * bool(event.held & Modifier.CTRL)
    released = event.action is MouseAction.RELEASE
    column, row = event.column + 1, event.row + 1
    if modes.mouse_encoding == 1006:
        return f"\x1b[<{number};{column};{row}{'m' if released else 'M'}".encode()
    if modes.mouse_encoding == 1016:
        x, y = event.pixel_x + 1, event.pixel_y + 1
        return f"\x1b[<{number};{x};{y}{'m' if released else 'M'}".encode()
    if released:
        number = number & ~3 | 3
    if modes.mouse_encoding == 1015:
        return f"\x1b[{number + 32};{column};{row}M".encode()
    if modes.mouse_encoding == 1005:
        return (
            b"\x1b[M"
            + "".join(chr(min(part + 32, 2047)) for part in (number, column, row)).encode()
        )
    if column > 223 or row > 223:
        return b""
    return b"\x1b[M" + bytes((number + 32, column + 32, row + 32))


def _wanted(event: MouseEvent, mode: int) -> bool:
    if mode == 0:
        return False
    if event.action is MouseAction.MOVE:
        return mode == 1003 or (mode == 1002 and event.button != "none")
    if event.action is MouseAction.RELEASE:
        return mode != 9 and not event.button.startswith("wheel")
    return mode != 9 or event.button in ("left", "middle", "right")
