"""What a key sends, as xterm sends it (ctlseqs, "PC-Style Function Keys"; modifyOtherKeys)."""

from __future__ import annotations

from aiops_desktop.terminal import kitty
from aiops_desktop.terminal.modes import Modes
from aiops_desktop.terminal.strokes import Modifier, Stroke

__all__ = ["NAMES", "Modifier", "Stroke", "key_bytes"]

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
#: Typed as text while Num Lock is a key of its own (1035), though the keypad is in its other mode.
_DIGITS = frozenset((*(f"kp_{digit}" for digit in range(10)), "kp_decimal"))
_CODES = {"return": 13, "tab": 9, "escape": 27, "backspace": 127, "space": 32}

#: The names `key_bytes` knows besides "" for a key that types text.
NAMES = frozenset((*_CURSOR, *_TILDE, *_SS3, *_KEYPAD, *_CODES))

#: Control with a key of the digit row, as on DEC's keyboards.
_CTRL_DIGITS = {"2": 0, "3": 27, "4": 28, "5": 29, "6": 30, "7": 31, "8": 127}
_CTRL_SIGNS = {" ": 0, "@": 0, "`": 0, "[": 27, "{": 27, "\\": 28, "|": 28, "]": 29, "}": 29}
_CTRL_SIGNS |= {"^": 30, "~": 30, "_": 31, "/": 31, "?": 127}
_ESCAPED = Modifier.ALT | Modifier.META


def key_bytes(
    name: str, text: str, held: Modifier, modes: Modes, stroke: Stroke = Stroke.PRESS
) -> bytes:
    """The bytes of a key, empty when it sends nothing.

    Args:
        name: one of `NAMES`, or "" for a key that types `text`.
        text: the character it types, with Shift in effect but without Ctrl ("a" for Ctrl+A).
        held: the modifiers.
        modes: what the program asked for.
        stroke: whether it went down, repeats or went up; only kitty's protocol tells the last.
    """
    if modes.kitty_flags:
        return kitty.key_bytes(name, text, held, modes.kitty_flags, stroke)
    if stroke is Stroke.RELEASE:
        return b""
    if name in _CODES:
        return _simple(name, held, modes)
    if name in _KEYPAD:
        return _pad(name, text, held, modes)
    parameter = str(held + 1) if held else ""
    if name in _CURSOR:
        if held:
            return f"\x1b[1;{parameter}{_CURSOR[name]}".encode()
        return (b"\x1bO" if modes.application_cursor else b"\x1b[") + _CURSOR[name].encode()
    if name in _SS3:
        return (f"\x1b[1;{parameter}" if held else "\x1bO").encode() + _SS3[name].encode()
    if name in _TILDE:
        return f"\x1b[{_TILDE[name]}{';' if held else ''}{parameter}~".encode()
    return _typed(text, held, modes)


def _pad(name: str, text: str, held: Modifier, modes: Modes) -> bytes:
    """A key of the keypad: text, or in DECKPAM what it is called; Alt adds nothing, as in xterm."""
    if modes.application_keypad and not (modes.numlock_digits and name in _DIGITS):
        return f"\x1bO{held + 1 if held else ''}{_KEYPAD[name]}".encode()
    if name == "kp_enter":
        return b"\r\n" if modes.newline else b"\r"
    return text.encode("utf-8", "replace")


def _simple(name: str, held: Modifier, modes: Modes) -> bytes:
    """Return, Tab, Escape, Backspace and Space."""
    control = bool(held & Modifier.CTRL)
    erase = 8 if control != modes.backarrow_sends_backspace else 127
    if _modified(name, held, modes.modify_other_keys):
        code = erase if name == "backspace" else _CODES[name]
        return f"\x1b[27;{held + 1};{code}~".encode()
    escape = b"\x1b" if held & _ESCAPED and modes.meta_sends_escape else b""
    if name == "tab" and held & Modifier.SHIFT:
        return b"\x1b[Z"
    if name == "return":
        return escape + (b"\r\n" if modes.newline else b"\r")
    if name == "backspace":
        return escape + bytes([erase])
    if name == "space" and control:
        return escape + b"\0"
    return escape + bytes([_CODES[name]])


def _modified(name: str, held: Modifier, level: int) -> bool:
    """Whether modifyOtherKeys makes it a `CSI 27 ; modifier ; code ~`."""
    if not held or not level:
        return False
    shift, control = bool(held & Modifier.SHIFT), bool(held & Modifier.CTRL)
    if level == 1:
        if name == "tab":
            return control and not shift
        return name == "return" and (control or shift)
    if name == "tab":
        return held != Modifier.SHIFT
    return not (name == "backspace" and held == Modifier.CTRL)


def _typed(text: str, held: Modifier, modes: Modes) -> bytes:
    """A key that types text."""
    if not text:
        return b""
    control = _control(text) if held & Modifier.CTRL else None
    if len(text) == 1 and _as_other(text, control, held, modes.modify_other_keys):
        return f"\x1b[27;{held + 1};{ord(text)}~".encode()
    sent = bytes([control]) if control is not None else text.encode("utf-8", "replace")
    if held & _ESCAPED and modes.meta_sends_escape:
        return b"\x1b" + sent
    return sent


def _as_other(text: str, control: int | None, held: Modifier, level: int) -> bool:
    """Whether modifyOtherKeys makes this a `CSI 27 ; modifier ; code ~`."""
    if level == 2:
        # What Shift alone types below "@" is told apart by the character already.
        return "@" <= text <= "~" if held == Modifier.SHIFT else bool(held)
    if level != 1 or not held & Modifier.CTRL:
        return False
    # Level 1 leaves alone what has a well-known meaning: Ctrl+letter, Alt+letter.
    shifted_sign = bool(held & Modifier.SHIFT) and text == "?"
    return control is None or shifted_sign


def _control(text: str) -> int | None:
    """The control character of a key, None when it has none."""
    if len(text) != 1:
        return None
    if "a" <= text.lower() <= "z":
        return ord(text.lower()) - 96
    if text in _CTRL_SIGNS:
        return _CTRL_SIGNS[text]
    return _CTRL_DIGITS.get(text)
