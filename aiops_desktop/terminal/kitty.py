"""What a key sends under kitty's keyboard protocol, flags 1 and 2.

Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/. Flag 1 gives every key but those that
type text an escape sequence of its own; flag 2 tells repeats and releases of such keys.
"""

from __future__ import annotations

from aiops_desktop.terminal.strokes import Modifier, Stroke

_EVENTS = 2

_LETTERS = {"up": "A", "down": "B", "right": "C", "left": "D", "begin": "E", "end": "F"}
_LETTERS |= {"home": "H", "f1": "P", "f2": "Q", "f4": "S"}
_TILDE = {"insert": 2, "delete": 3, "page_up": 5, "page_down": 6, "f3": 13}
_TILDE |= {"f5": 15, "f6": 17, "f7": 18, "f8": 19, "f9": 20, "f10": 21, "f11": 23, "f12": 24}
_NUMBERS = {"escape": 27, "return": 13, "tab": 9, "backspace": 127, "space": 32, "menu": 57363}
_NUMBERS |= {f"f{number}": 57363 + number for number in range(13, 21)}
_NUMBERS |= {f"kp_{digit}": 57399 + digit for digit in range(10)}
_NUMBERS |= {"kp_decimal": 57409, "kp_divide": 57410, "kp_multiply": 57411, "kp_subtract": 57412}
_NUMBERS |= {"kp_add": 57413, "kp_enter": 57414, "kp_equal": 57415, "kp_separator": 57416}
#: So that a person can still type `reset` after a program left the flags behind.
_OLD = {"return": b"\r", "tab": b"\t", "backspace": b"\x7f", "space": b" "}


def key_bytes(name: str, text: str, held: Modifier, flags: int, stroke: Stroke) -> bytes:
    """The bytes of a key; the arguments are those of `keys.key_bytes`, and the flags in force."""
    if stroke is Stroke.RELEASE and not flags & _EVENTS:
        return b""
    types_text = not name or name == "space" or (name.startswith("kp_") and bool(text.strip()))
    if not held & ~Modifier.SHIFT and (types_text or (name in _OLD and not held)):
        if stroke is Stroke.RELEASE:
            return b""
        return text.encode("utf-8", "replace") if types_text and text else _OLD.get(name, b"")
    if name in _OLD and name != "space" and stroke is Stroke.RELEASE:
        return b""
    told = _told(held, flags, stroke)
    if name in _LETTERS:
        return f"\x1b[{'1;' + told if told else ''}{_LETTERS[name]}".encode()
    if name in _TILDE:
        return f"\x1b[{_TILDE[name]}{';' + told if told else ''}~".encode()
    number = _NUMBERS.get(name) or (ord(text.lower()[0]) if text else 0)
    return f"\x1b[{number}{';' + told if told else ''}u".encode() if number else b""


def _told(held: Modifier, flags: int, stroke: Stroke) -> str:
    """Modifiers and kind of event; "" when there is nothing to tell."""
    kind = f":{stroke.value}" if flags & _EVENTS and stroke is not Stroke.PRESS else ""
    return f"{held + 1}{kind}" if held or kind else ""
