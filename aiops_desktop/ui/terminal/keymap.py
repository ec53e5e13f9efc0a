"""Qt's keys and modifiers in the words of `terminal.keys`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from aiops_desktop.terminal.strokes import Modifier, Stroke

_K = Qt.Key
_NAMES = {
    _K.Key_Up: "up",
    _K.Key_Down: "down",
    _K.Key_Left: "left",
    _K.Key_Right: "right",
    _K.Key_Home: "home",
    _K.Key_End: "end",
    _K.Key_Clear: "begin",
    _K.Key_Insert: "insert",
    _K.Key_Delete: "delete",
    _K.Key_PageUp: "page_up",
    _K.Key_PageDown: "page_down",
    _K.Key_Return: "return",
    _K.Key_Enter: "kp_enter",
    _K.Key_Tab: "tab",
    _K.Key_Backtab: "tab",
    _K.Key_Escape: "escape",
    _K.Key_Backspace: "backspace",
    _K.Key_Space: "space",
    _K.Key_Menu: "menu",
}
_FUNCTION = {_K(_K.Key_F1.value + at): f"f{at + 1}" for at in range(20)}
_KEYPAD = {_K(_K.Key_0.value + at): f"kp_{at}" for at in range(10)}
_KEYPAD |= {
    _K.Key_Plus: "kp_add",
    _K.Key_Minus: "kp_subtract",
    _K.Key_Asterisk: "kp_multiply",
    _K.Key_Slash: "kp_divide",
    _K.Key_Period: "kp_decimal",
    _K.Key_Comma: "kp_separator",
    _K.Key_Equal: "kp_equal",
}
_MODIFIERS = (
    (Qt.KeyboardModifier.ShiftModifier, Modifier.SHIFT),
    (Qt.KeyboardModifier.AltModifier, Modifier.ALT),
    (Qt.KeyboardModifier.ControlModifier, Modifier.CTRL),
    (Qt.KeyboardModifier.MetaModifier, Modifier.META),
)


#: Letters by key code: the rows of a US keyboard from where Q, A and Z are.
_US_PLACES = {
    first + at: letter
    for first, row in ((24, "qwertyuiop[]"), (38, "asdfghjkl;'`"), (51, "\\zxcvbnm,./"))
    for at, letter in enumerate(row)
}


def held(modifiers: Qt.KeyboardModifier) -> Modifier:
    """The held modifiers."""
    made = Modifier.NONE
    for theirs, ours in _MODIFIERS:
        if modifiers & theirs:
            made |= ours
    return made


def pressed(event: QKeyEvent) -> tuple[str, str, Modifier]:
    """Name, text and modifiers of a key press, as `terminal.keys.key_bytes` takes them."""
    try:
        key = _K(event.key())
    except ValueError:
        return "", event.text(), Modifier.NONE
    on_pad = bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)
    name = _NAMES.get(key) or _FUNCTION.get(key) or (_KEYPAD.get(key, "") if on_pad else "")
    mods = held(event.modifiers())
    if key is _K.Key_Backtab:
        mods |= Modifier.SHIFT
    text = event.text()
    if mods & Modifier.CTRL and (not text or not text.isprintable()):
        text = _typed(event) or _control_letter(text) or _by_place(event)
    return name, text, mods


def stroke(event: QKeyEvent, *, released: bool = False) -> Stroke:
    """What happened to the key."""
    if released:
        return Stroke.RELEASE
    return Stroke.REPEAT if event.isAutoRepeat() else Stroke.PRESS


def _control_letter(text: str) -> str:
    """The letter of a control character: what a layout without Latin letters gives for Ctrl+C."""
    return chr(ord(text) + 0x60) if len(text) == 1 and 0 < ord(text) < 27 else ""


def _by_place(event: QKeyEvent) -> str:
    """The letter on a US keyboard at the place of the key (X11 and Wayland key codes)."""
    char = _US_PLACES.get(event.nativeScanCode(), "")
    shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    return char.upper() if shift else char


def _typed(event: QKeyEvent) -> str:
    """What the key would type without Ctrl; "" where it has no Latin character."""
    key = event.key()
    if not 0x20 <= key < 0x7F:
        return ""
    char = chr(key)
    shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
    return char if shift else char.lower()
