"""Every key of xterm's table, pressed in the widget as Qt reports it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from aiops_desktop.terminal.keys import Modifier, key_bytes
from aiops_desktop.ui.terminal.keymap import pressed
from aiops_desktop.ui.terminal.widget import TerminalWidget
from tests.terminal.test_keys import ASKED, HELD, PAD, deviates, measured, spelled

K, M = Qt.Key, Qt.KeyboardModifier
KEYS = {
    "up": K.Key_Up,
    "down": K.Key_Down,
    "left": K.Key_Left,
    "right": K.Key_Right,
    "home": K.Key_Home,
    "end": K.Key_End,
    "begin": K.Key_Clear,
    "insert": K.Key_Insert,
    "delete": K.Key_Delete,
    "page_up": K.Key_PageUp,
    "page_down": K.Key_PageDown,
    "return": K.Key_Return,
    "tab": K.Key_Tab,
    "escape": K.Key_Escape,
    "backspace": K.Key_Backspace,
    "space": K.Key_Space,
    "menu": K.Key_Menu,
    "kp_enter": K.Key_Enter,
    "kp_add": K.Key_Plus,
    "kp_subtract": K.Key_Minus,
    "kp_multiply": K.Key_Asterisk,
    "kp_divide": K.Key_Slash,
    "kp_decimal": K.Key_Period,
    "kp_separator": K.Key_Comma,
    "kp_equal": K.Key_Equal,
    **{f"kp_{at}": K(K.Key_0.value + at) for at in range(10)},
    **{f"f{at + 1}": K(K.Key_F1.value + at) for at in range(20)},
}
TEXTS = {"return": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\b", "space": " "}
TEXTS |= {"delete": "\x7f", "kp_enter": "\r", **PAD}
CTRL_SHIFT = Modifier.CTRL | Modifier.SHIFT
QT_HELD = (
    (Modifier.SHIFT, M.ShiftModifier),
    (Modifier.CTRL, M.ControlModifier),
    (Modifier.ALT, M.AltModifier),
)


def qt_mods(held: Modifier) -> Qt.KeyboardModifier:
    made = M.NoModifier
    for ours, theirs in QT_HELD:
        if held & ours:
            made |= theirs
    return made


def event_of(key: str, held: Modifier) -> QKeyEvent:
    """The event of a key of the table, with the text that Qt on X11 gives it."""
    mods = qt_mods(held)
    if key in KEYS:
        code = KEYS[key]
        if code is K.Key_Tab and held & Modifier.SHIFT:
            code = K.Key_Backtab
        if key.startswith("kp_") or key == "begin":
            mods |= M.KeypadModifier
        return QKeyEvent(QEvent.Type.KeyPress, code, mods, TEXTS.get(key, ""))
    text = key[2] if held & Modifier.SHIFT else key[0]
    code_point = ord(text.upper())
    if held & Modifier.CTRL:
        sent = key_bytes("", text, Modifier.CTRL, TerminalModes.plain)
        text = sent.decode("latin-1")
    return QKeyEvent(QEvent.Type.KeyPress, code_point, mods, text)


class TerminalModes:
    """The modes of a terminal nobody asked anything of."""

    from aiops_desktop.terminal.emulator import Emulator

    plain = Emulator(80, 24).modes


@pytest.mark.parametrize("mode", ASKED)
def test_keys_send_what_xterm_sends(screen: TerminalWidget, sent: list[bytes], mode: str) -> None:
    screen.feed(ASKED[mode])
    tried = 0
    for asked, key, row in measured():
        if asked != mode:
            continue
        for held, expected in zip(HELD, row, strict=True):
            event = event_of(key, held)
            ours = screen._own_shortcut(event) is not None
            window = held & CTRL_SHIFT == CTRL_SHIFT and not event.text().isprintable()
            if expected == "?" or deviates(mode, held) or ours or window:
                continue
            sent.clear()
            QApplication.sendEvent(screen, event)
            assert spelled(b"".join(sent)) == expected, (key, held)
            tried += 1
    assert tried > 40


@pytest.mark.parametrize(
    ("key", "mods", "text", "scan", "expected"),
    [
        # A Russian layout: Qt may give the Latin key, the control character, or only the place.
        (K.Key_C, M.ControlModifier, "\x03", 54, b"\x03"),
        (0x421, M.ControlModifier, "\x03", 54, b"\x03"),
        (0x421, M.ControlModifier, "", 54, b"\x03"),
        (0x421, M.ControlModifier | M.AltModifier, "", 54, b"\x1b\x03"),
        (0x421, M.NoModifier, "с", 54, "с".encode()),
        (0x421, M.AltModifier, "с", 54, b"\x1b" + "с".encode()),
        (0x3A9, M.ControlModifier, "", 0, b""),
        # Dead keys type nothing by themselves; what they compose comes as text.
        (K.Key_Dead_Acute, M.NoModifier, "", 0, b""),
        (K.Key_Eacute, M.NoModifier, "é", 0, "é".encode()),
        # AltGr is no Alt.
        (K.Key_At, M.GroupSwitchModifier, "@", 24, b"@"),
        (K.Key_AltGr, M.NoModifier, "", 0, b""),
        (K.Key_CapsLock, M.NoModifier, "", 0, b""),
    ],
)
def test_layouts_dead_keys_and_altgr(
    screen: TerminalWidget,
    sent: list[bytes],
    key: int,
    mods: Qt.KeyboardModifier,
    text: str,
    scan: int,
    expected: bytes,
) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, int(key), mods, scan, 0, 0, text)
    QApplication.sendEvent(screen, event)
    assert b"".join(sent) == expected


def test_kittys_events_of_a_held_key(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.feed(b"\x1b[>3u")
    for kind, repeat in (
        (QEvent.Type.KeyPress, False),
        (QEvent.Type.KeyRelease, True),  # Qt tells each repeat as release and press
        (QEvent.Type.KeyPress, True),
        (QEvent.Type.KeyRelease, False),
    ):
        event = QKeyEvent(kind, K.Key_Up, M.NoModifier, "", repeat)
        QApplication.sendEvent(screen, event)
    assert sent == [b"\x1b[A", b"\x1b[1;1:2A", b"\x1b[1;1:3A"]


def test_every_modifier_is_known() -> None:
    event = QKeyEvent(
        QEvent.Type.KeyPress,
        K.Key_Up,
        M.ShiftModifier | M.AltModifier | M.ControlModifier | M.MetaModifier,
    )
    assert pressed(event) == ("up", "", Modifier(15))


def test_a_terminal_that_is_only_read_sends_nothing(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.setReadOnly(True)
    screen.feed(b"\x1b[?1000h\x1b[?1004h\x1b[>3u")
    QApplication.sendEvent(screen, event_of("a A", Modifier.NONE))
    QApplication.sendEvent(screen, event_of("up", Modifier.NONE))
    screen.paste("text")
    screen.clearFocus()
    screen.setFocus()
    assert sent == []
    screen.setReadOnly(False)
    QApplication.sendEvent(screen, event_of("a A", Modifier.NONE))
    assert sent == [b"a"]
