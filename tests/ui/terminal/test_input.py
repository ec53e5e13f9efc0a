"""What a terminal sends for keys, mouse, wheel and composed text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.terminal.widget import TerminalWidget

K, M = Qt.Key, Qt.KeyboardModifier
NONE, SHIFT, CTRL, ALT = M.NoModifier, M.ShiftModifier, M.ControlModifier, M.AltModifier


def press(screen: TerminalWidget, key: Qt.Key, mods: Qt.KeyboardModifier, text: str = "") -> None:
    QApplication.sendEvent(screen, QKeyEvent(QEvent.Type.KeyPress, key, mods, text))


@pytest.mark.parametrize(
    ("key", "mods", "text", "expected"),
    [
        (K.Key_A, NONE, "a", b"a"),
        (K.Key_A, SHIFT, "A", b"A"),
        (K.Key_A, CTRL, "\x01", b"\x01"),
        (K.Key_A, ALT, "a", b"\x1ba"),
        (K.Key_A, CTRL | ALT, "\x01", b"\x1b\x01"),
        (K.Key_Space, CTRL, " ", b"\x00"),
        (K.Key_BracketLeft, CTRL, "\x1b", b"\x1b"),
        (K.Key_Backslash, CTRL, "\x1c", b"\x1c"),
        (K.Key_Slash, CTRL, "/", b"\x1f"),
        (K.Key_Return, NONE, "\r", b"\r"),
        (K.Key_Return, ALT, "\r", b"\x1b\r"),
        (K.Key_Enter, NONE, "\r", b"\r"),
        (K.Key_Tab, NONE, "\t", b"\t"),
        (K.Key_Backtab, SHIFT, "", b"\x1b[Z"),
        (K.Key_Backspace, NONE, "\b", b"\x7f"),
        (K.Key_Backspace, CTRL, "\b", b"\x08"),
        (K.Key_Escape, NONE, "\x1b", b"\x1b"),
        (K.Key_Up, NONE, "", b"\x1b[A"),
        (K.Key_Left, CTRL, "", b"\x1b[1;5D"),
        (K.Key_Right, SHIFT | ALT, "", b"\x1b[1;4C"),
        (K.Key_Home, NONE, "", b"\x1b[H"),
        (K.Key_End, CTRL, "", b"\x1b[1;5F"),
        (K.Key_Insert, NONE, "", b"\x1b[2~"),
        (K.Key_Delete, NONE, "\x7f", b"\x1b[3~"),
        (K.Key_PageUp, NONE, "", b"\x1b[5~"),
        (K.Key_PageDown, CTRL, "", b"\x1b[6;5~"),
        (K.Key_F1, NONE, "", b"\x1bOP"),
        (K.Key_F1, SHIFT, "", b"\x1b[1;2P"),
        (K.Key_F5, NONE, "", b"\x1b[15~"),
        (K.Key_F12, CTRL, "", b"\x1b[24;5~"),
        (K.Key_unknown, NONE, "ü", "ü".encode()),
        (K.Key_5, M.KeypadModifier, "5", b"5"),
        (K.Key_Shift, SHIFT, "", b""),
    ],
)
def test_keys_as_xterm_sends_them(
    screen: TerminalWidget,
    sent: list[bytes],
    key: Qt.Key,
    mods: Qt.KeyboardModifier,
    text: str,
    expected: bytes,
) -> None:
    press(screen, key, mods, text)
    assert b"".join(sent) == expected


def test_application_modes_change_cursor_and_keypad(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.feed(b"\x1b[?1h\x1b=\x1b[?1035l")
    press(screen, K.Key_Up, NONE)
    press(screen, K.Key_5, M.KeypadModifier, "5")
    press(screen, K.Key_Enter, M.KeypadModifier, "\r")
    assert sent == [b"\x1bOA", b"\x1bOu", b"\x1bOM"]


def test_modify_other_keys_tells_what_has_no_control_character(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.feed(b"\x1b[>4;1m")
    press(screen, K.Key_Comma, CTRL, ",")
    press(screen, K.Key_Return, CTRL, "\r")
    press(screen, K.Key_C, CTRL, "\x03")
    screen.feed(b"\x1b[>4;2m")
    press(screen, K.Key_C, CTRL, "\x03")
    assert sent == [b"\x1b[27;5;44~", b"\x1b[27;5;13~", b"\x03", b"\x1b[27;5;99~"]


def test_composed_text_is_shown_then_sent(screen: TerminalWidget, sent: list[bytes]) -> None:
    QApplication.sendEvent(screen, QInputMethodEvent("にほ", []))
    assert sent == []
    commit = QInputMethodEvent()
    commit.setCommitString("日本")
    QApplication.sendEvent(screen, commit)
    assert sent == ["日本".encode()]
    screen.feed(b"\x1b[4;7H")
    at = screen.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    width, height = screen.cell_size
    assert isinstance(at, QRect)
    assert at.topLeft() == QPoint(round(PADDING_X + 6 * width), round(PADDING_Y + 3 * height))


def middle(screen: TerminalWidget, row: int, column: int) -> QPoint:
    width, height = screen.cell_size
    return QPoint(
        round(PADDING_X + (column + 0.5) * width), round(PADDING_Y + (row + 0.5) * height)
    )


def wheel(screen: TerminalWidget, delta: int, mods: Qt.KeyboardModifier = NONE) -> None:
    at = QPointF(middle(screen, 2, 4))
    event = QWheelEvent(
        at,
        screen.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        mods,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(screen.viewport(), event)


def test_mouse_reports_in_every_encoding(screen: TerminalWidget, sent: list[bytes]) -> None:
    left = Qt.MouseButton.LeftButton
    for mode, expected in (
        (b"1006", [b"\x1b[<0;5;3M", b"\x1b[<0;5;3m"]),
        (b"1015", [b"\x1b[32;5;3M", b"\x1b[35;5;3M"]),
        (b"1005", [b"\x1b[M %#", b"\x1b[M#%#"]),
    ):
        sent.clear()
        screen.feed(b"\x1b[?1000h\x1b[?%sh" % mode)
        QTest.mouseClick(screen.viewport(), left, NONE, middle(screen, 2, 4))
        assert sent == expected
    assert screen.selection is None


def test_motion_is_told_once_a_cell_and_only_when_asked(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    port, left = screen.viewport(), Qt.MouseButton.LeftButton
    screen.feed(b"\x1b[?1002h\x1b[?1006h")
    QTest.mouseMove(port, middle(screen, 1, 1))
    QTest.mousePress(port, left, NONE, middle(screen, 1, 1))
    QTest.mouseMove(port, middle(screen, 1, 2))
    QTest.mouseMove(port, middle(screen, 1, 2) + QPoint(1, 0))
    QTest.mouseRelease(port, left, NONE, middle(screen, 1, 2))
    assert sent == [b"\x1b[<0;2;2M", b"\x1b[<32;3;2M", b"\x1b[<0;3;2m"]
    sent.clear()
    screen.feed(b"\x1b[?1003h")
    QTest.mouseMove(port, middle(screen, 3, 3))
    assert sent == [b"\x1b[<35;4;4M"]


def test_shift_keeps_the_mouse_for_selecting(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.feed(b"hello\x1b[?1000h\x1b[?1006h")
    port, left = screen.viewport(), Qt.MouseButton.LeftButton
    QTest.mousePress(port, left, SHIFT, middle(screen, 0, 0) - QPoint(3, 0))
    QTest.mouseMove(port, middle(screen, 0, 3))
    QTest.mouseRelease(port, left, SHIFT, middle(screen, 0, 3))
    assert sent == []
    assert screen.selectedText().startswith("hel")


def test_the_wheel_reports_scrolls_or_sends_cursor_keys(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.feed(b"line\r\n" * 200)
    wheel(screen, 120)
    assert not screen.follows
    screen.scrollToEnd()
    screen.feed(b"\x1b[?1049h")
    wheel(screen, 120)
    wheel(screen, -120)
    assert sent == [b"\x1b[A" * 3, b"\x1b[B" * 3]
    sent.clear()
    screen.feed(b"\x1b[?1000h\x1b[?1006h")
    wheel(screen, 120)
    wheel(screen, -60)
    wheel(screen, -60)
    assert sent == [b"\x1b[<64;5;3M", b"\x1b[<65;5;3M"]


def test_focus_is_told_when_asked(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.clearFocus()
    screen.setFocus()
    assert sent == []
    screen.feed(b"\x1b[?1004h")
    screen.clearFocus()
    screen.setFocus()
    assert sent == [b"\x1b[O", b"\x1b[I"]
