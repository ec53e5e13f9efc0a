"""What a key sends, as xterm sends it (ctlseqs, "PC-Style Function Keys"; modifyOtherKeys)."""

from __future__ import annotations

from enum import IntFlag

from aiops_desktop.terminal.modes import Modes


class Modifier(IntFlag):
    """Held keys; xterm's modifier parameter is this plus one."""

    NONE = 0
    SHIFT = 1
    ALT = 2
    CTRL = 4
    META = 8


_CURSOR = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
_CURSOR |= {"begin": "E"}
_TILDE = {"insert": 2, "delete": 3, "page_up": 5, "page_down": 6}
_TILDE |= {"f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24}
_TILDE |= {"f13": 25, "f14": 26, "f15": 28, "f16": 29, "f17": 31, "f18": 32, "f19": 33, "f20": 34}
_TILDE |= {"menu": 29}
_SS3 = {"f1": "P", "f2": "Q", "f3": "R", "f4": "S"}
_KEYPAD = {f"kp_{digit}": chr(ord("p") + digit) for digit in range(10)}
_KEYPAD |= {"kp_add": "k", "kp_subtract": "m", "kp_multiply": "j", "kp_divide": "o"}
_KEYPAD |= {"kp_decimal": "n", "kp_enter": "M", "kp_equal": "X", "kp_separator": "l"}
_CODES = {"return": 13, "kp_enter": 13, "tab": 9, "escape": 27, "backspace": 127, "space": 32}

#: The names `key_bytes` knows besides "" for a key that types text.
NAMES = frozenset((*_CURSOR, *_TILDE, *_SS3, *_KEYPAD, *_CODES))

#: Control with a key of the digit row, as on DEC's keyboards.
_CTRL_DIGITS = {"2": 0, "3": 27, "4": 28, "5": 29, "6": 30, "7": 31, "8": 127}
_CTRL_SIGNS = {" ": 0, "@": 0, "[": 27, "\\": 28, "]": 29, "^": 30, "~": 30, "_": 31, "/": 31}
_CTRL_SIGNS |= {"?": 127, "-": 31}


def key_bytes(name: str, text: str, held: Modifier, modes: Modes) -> bytes:
    """The bytes of a pressed key, empty when it sends nothing.

    Args:
        name: one of `NAMES`, or "" for a key that types `text`.
        text: the character it types, with Shift in effect but without Ctrl ("a" for Ctrl+A).
        held: the modifiers.
        modes: what the program asked for.
    """
    if name in _CODES and not (name == "kp_enter" and modes.application_keypad):
        return _simple(name, held, modes)
    if name in _KEYPAD:
        if modes.application_keypad and not held:
            return b"\x1bO" + _KEYPAD[name].encode()
        return _typed(text, held, modes)
    if name in _CURSOR:
        if held:
            return f"\x1b[1;{held + 1}{_CURSOR[name]}".encode()
        return (b"\x1bO" if modes.application_cursor else b"\x1b[") + _CURSOR[name].encode()
    if name in _SS3:
        if held:
            return f"\x1b[1;{held + 1}{_SS3[name]}".encode()
        return b"\x1bO" + _SS3[name].encode()
    if name in _TILDE:
        more = f";{held + 1}" if held else ""
        return f"\x1b[{_TILDE[name]}{more}~".encode()
    return _typed(text, held, modes)


def _simple(name: str, held: Modifier, modes: Modes) -> bytes:
    """Return, Tab, Escape, Backspace and Space."""
    if _modified(name, held, modes.modify_other_keys):
        return f"\x1b[27;{held + 1};{_CODES[name]}~".encode()
    escape = b"\x1b" if held & (Modifier.ALT | Modifier.META) and modes.meta_sends_escape else b""
    if name in ("return", "kp_enter"):
        sent = b"\r\n" if modes.newline else b"\r"
    elif name == "tab":
        sent = b"\x1b[Z" if held & Modifier.SHIFT else b"\t"
    elif name == "escape":
        sent = b"\x1b"
    elif name == "space":
        sent = b"\0" if held & Modifier.CTRL else b" "
    else:
        plain, other = (b"\x08", b"\x7f") if modes.backarrow_sends_backspace else (b"\x7f", b"\x08")
        sent = other if held & Modifier.CTRL else plain
    return escape + sent


def _modified(name: str, held: Modifier, level: int) -> bool:
    """Whether modifyOtherKeys makes it a `CSI 27 ; modifier ; code ~`."""
    if level == 2:
        return bool(held)
    return level == 1 and bool(held & Modifier.CTRL) and name != "backspace"


def _typed(text: str, held: Modifier, modes: Modes) -> bytes:
    """A key that types text."""
    if not text:
        return b""
    beyond = held & ~Modifier.SHIFT
    control = _control(text) if held & Modifier.CTRL else None
    if len(text) == 1 and beyond and _as_other(control, beyond, modes):
        return f"\x1b[27;{held + 1};{ord(text)}~".encode()
    sent = bytes([control]) if control is not None else text.encode("utf-8", "replace")
    if beyond & (Modifier.ALT | Modifier.META) and modes.meta_sends_escape:
        return b"\x1b" + sent
    return sent


def _as_other(control: int | None, beyond: Modifier, modes: Modes) -> bool:
    """Whether modifyOtherKeys makes this a `CSI 27 ; modifier ; code ~`."""
    if modes.modify_other_keys == 2:
        return True
    # Level 1 leaves alone what has a well-known meaning: Ctrl+letter, Alt+letter.
    return modes.modify_other_keys == 1 and control is None and bool(beyond & Modifier.CTRL)


def _control(text: str) -> int | None:
    """The control character of a key, None when it has none."""
    if len(text) != 1:
        return None
    if "a" <= text.lower() <= "z":
        return ord(text.lower()) - 96
    if text in _CTRL_SIGNS:
        return _CTRL_SIGNS[text]
    return _CTRL_DIGITS.get(text)
