"""The mouse: every mode and encoding, and what stays with the terminal."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.terminal.widget import TerminalWidget

B, M = Qt.MouseButton, Qt.KeyboardModifier


def middle(screen: TerminalWidget, row: int, column: int) -> QPoint:
    width, height = screen.cell_size
    return QPoint(
        round(PADDING_X + (column + 0.5) * width), round(PADDING_Y + (row + 0.5) * height)
    )


def wheel(
    screen: TerminalWidget,
    angle: QPoint,
    mods: Qt.KeyboardModifier = M.NoModifier,
    pixels: QPoint | None = None,
) -> None:
    at = QPointF(middle(screen, 2, 4))
    event = QWheelEvent(
        at,
        screen.viewport().mapToGlobal(at),
        pixels or QPoint(),
        angle,
        B.NoButton,
        mods,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(screen.viewport(), event)


def gesture(screen: TerminalWidget) -> None:
    """Move, press, move with the button down, release, move."""
    port = screen.viewport()
    QTest.mouseMove(port, middle(screen, 0, 0))
    QTest.mousePress(port, B.LeftButton, M.NoModifier, middle(screen, 1, 1))
    QTest.mouseMove(port, middle(screen, 2, 3))
    QTest.mouseRelease(port, B.LeftButton, M.NoModifier, middle(screen, 2, 3))
    QTest.mouseMove(port, middle(screen, 5, 5))


SGR = {
    9: [b"\x1b[<0;2;2M"],
    1000: [b"\x1b[<0;2;2M", b"\x1b[<0;4;3m"],
    1002: [b"\x1b[<0;2;2M", b"\x1b[<32;4;3M", b"\x1b[<0;4;3m"],
    1003: [
        b"\x1b[<35;1;1M",
        b"\x1b[<0;2;2M",
        b"\x1b[<32;4;3M",
        b"\x1b[<0;4;3m",
        b"\x1b[<35;6;6M",
    ],
}
OLD = {
    9: [b"\x1b[M \x22\x22"],
    1000: [b"\x1b[M \x22\x22", b"\x1b[M#$#"],
    1002: [b"\x1b[M \x22\x22", b"\x1b[M@$#", b"\x1b[M#$#"],
    1003: [b"\x1b[MC!!", b"\x1b[M \x22\x22", b"\x1b[M@$#", b"\x1b[M#$#", b"\x1b[MC&&"],
}
URXVT = {
    9: [b"\x1b[32;2;2M"],
    1000: [b"\x1b[32;2;2M", b"\x1b[35;4;3M"],
    1002: [b"\x1b[32;2;2M", b"\x1b[64;4;3M", b"\x1b[35;4;3M"],
    1003: [
        b"\x1b[67;1;1M",
        b"\x1b[32;2;2M",
        b"\x1b[64;4;3M",
        b"\x1b[35;4;3M",
        b"\x1b[67;6;6M",
    ],
}


@pytest.mark.parametrize("mode", [9, 1000, 1002, 1003])
@pytest.mark.parametrize(
    ("encoding", "expected"), [(0, OLD), (1005, OLD), (1006, SGR), (1015, URXVT)]
)
def test_each_mode_reports_its_part_in_each_encoding(
    screen: TerminalWidget,
    sent: list[bytes],
    mode: int,
    encoding: int,
    expected: dict[int, list[bytes]],
) -> None:
    screen.feed(b"\x1b[?%dh" % mode + (b"\x1b[?%dh" % encoding if encoding else b""))
    gesture(screen)
    assert sent == expected[mode]


@pytest.mark.parametrize(
    ("button", "number"),
    [(B.LeftButton, 0), (B.MiddleButton, 1), (B.RightButton, 2)],
)
@pytest.mark.parametrize(
    ("mods", "more"),
    [
        (M.NoModifier, 0),
        (M.AltModifier, 8),
        (M.ControlModifier, 16),
        (M.AltModifier | M.ControlModifier, 24),
    ],
)
def test_buttons_and_modifiers_are_told(
    screen: TerminalWidget,
    sent: list[bytes],
    button: Qt.MouseButton,
    number: int,
    mods: Qt.KeyboardModifier,
    more: int,
) -> None:
    screen.feed(b"\x1b[?1000h\x1b[?1006h")
    QTest.mouseClick(screen.viewport(), button, mods, middle(screen, 0, 0))
    told = number + more
    assert sent == [b"\x1b[<%d;1;1M" % told, b"\x1b[<%d;1;1m" % told]


def test_pixels_are_told_when_they_are_asked_for(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.feed(b"\x1b[?1003h\x1b[?1016h")
    port = screen.viewport()
    QTest.mousePress(port, B.LeftButton, M.NoModifier, QPoint(PADDING_X + 5, PADDING_Y + 7))
    QTest.mouseMove(port, QPoint(PADDING_X + 6, PADDING_Y + 7))
    QTest.mouseRelease(port, B.LeftButton, M.NoModifier, QPoint(1, 1))
    assert sent == [b"\x1b[<0;6;8M", b"\x1b[<32;7;8M", b"\x1b[<0;1;1m"]


def test_cells_beyond_223_are_told_as_far_as_the_encoding_reaches(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.resize(2400, 300)
    screen.fit_now()
    at = middle(screen, 0, 250)
    for encoding, expected in (
        (b"", []),
        (b"\x1b[?1005h", [b"\x1b[M \xc4\x9b!"]),
        (b"\x1b[?1006h", [b"\x1b[<0;251;1M"]),
        (b"\x1b[?1015h", [b"\x1b[32;251;1M"]),
    ):
        sent.clear()
        screen.feed(b"\x1b[?9h\x1b[?1006l" + encoding)
        QTest.mouseClick(screen.viewport(), B.LeftButton, M.NoModifier, at)
        assert sent == expected


def test_a_release_belongs_to_its_press(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.feed(b"words here\x1b[?1000h\x1b[?1006h")
    port = screen.viewport()
    QTest.mousePress(port, B.LeftButton, M.ShiftModifier, middle(screen, 0, 0))
    QTest.mouseMove(port, middle(screen, 0, 4))
    QTest.mouseRelease(port, B.LeftButton, M.NoModifier, middle(screen, 0, 4))
    assert sent == []
    assert screen.selectedText()
    QTest.mousePress(port, B.LeftButton, M.NoModifier, middle(screen, 0, 0))
    QTest.mouseRelease(port, B.LeftButton, M.ShiftModifier, middle(screen, 0, 0))
    assert sent == [b"\x1b[<0;1;1M", b"\x1b[<4;1;1m"]


def test_the_wheel_in_all_four_directions(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.feed(b"\x1b[?1000h\x1b[?1006h")
    for angle in (QPoint(0, 120), QPoint(0, -120), QPoint(120, 0), QPoint(-120, 0)):
        wheel(screen, angle)
    assert [int(told[3:5]) for told in sent] == [64, 65, 66, 67]


def test_the_wheel_zooms_with_control(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.feed(b"\x1b[?1000h")
    before = screen.getTerminalFont().pixelSize()
    wheel(screen, QPoint(0, 120), M.ControlModifier)
    assert screen.getTerminalFont().pixelSize() == before + 1
    wheel(screen, QPoint(0, -120), M.ControlModifier)
    assert screen.getTerminalFont().pixelSize() == before
    assert sent == []


def test_a_touch_pad_scrolls_by_pixels(screen: TerminalWidget) -> None:
    screen.feed(b"line\r\n" * 200)
    bottom = screen.top_line
    wheel(screen, QPoint(0, 10), pixels=QPoint(0, 5))
    assert screen.top_line == bottom - 1, "a part of a line is in view"
    assert not screen.follows
    wheel(screen, QPoint(0, -10), pixels=QPoint(0, -5))
    assert screen.follows


def test_a_history_kept_elsewhere_is_asked_for(
    qtbot: QtBot, screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.scrollback_elsewhere = True
    screen.feed(b"\x1b[?1049h")
    with qtbot.waitSignal(screen.scrollbackWanted) as heard:
        wheel(screen, QPoint(0, 120))
    assert heard.args == [3]
    wheel(screen, QPoint(0, -120))
    with qtbot.waitSignal(screen.scrollbackWanted) as heard:
        QTest.keyClick(screen, Qt.Key.Key_PageUp, M.ShiftModifier)
    assert heard.args == [screen.screenLinesCount() - 1]
    assert sent == []


def test_without_alternate_scroll_the_wheel_sends_nothing(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.feed(b"\x1b[?1049h\x1b[?1007l")
    wheel(screen, QPoint(0, 120))
    assert sent == []


def test_the_menu_is_the_terminals_unless_the_program_has_the_mouse(
    qtbot: QtBot, screen: TerminalWidget
) -> None:
    asked: list[QPoint] = []
    screen.menuWanted.disconnect(screen._plain_menu)
    screen.menuWanted.connect(asked.append)
    at = middle(screen, 0, 0)

    def menu(reason: QContextMenuEvent.Reason) -> None:
        place = screen.viewport().mapToGlobal(at)
        QApplication.sendEvent(screen.viewport(), QContextMenuEvent(reason, at, place))

    menu(QContextMenuEvent.Reason.Mouse)
    screen.feed(b"\x1b[?1000h")
    menu(QContextMenuEvent.Reason.Mouse)
    menu(QContextMenuEvent.Reason.Keyboard)
    assert len(asked) == 2


def test_the_plain_menu_offers_what_is_possible(screen: TerminalWidget) -> None:
    screen.feed(b"https://a.example and words")
    menu = screen.make_menu(middle(screen, 0, 2))
    offered = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert offered["Open link"]
    assert not offered["Copy"]
    screen.select_all()
    menu.deleteLater()
    menu = screen.make_menu(middle(screen, 0, 25))
    offered = {action.text(): action.isEnabled() for action in menu.actions() if action.text()}
    assert "Open link" not in offered
    assert offered["Copy"]
    menu.deleteLater()


def test_dropped_files_become_quoted_paths(screen: TerminalWidget, sent: list[bytes]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/srv/a b.txt"), QUrl.fromLocalFile("/srv/it's")])
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(20, 20), copy, data, B.LeftButton, M.NoModifier)
    QApplication.sendEvent(screen.viewport(), enter)
    drop = QDropEvent(QPointF(20, 20), copy, data, B.LeftButton, M.NoModifier)
    QApplication.sendEvent(screen.viewport(), drop)
    assert sent == [b"'/srv/a b.txt' '/srv/it'\"'\"'s' "]


def test_the_pointer_can_be_hidden(qtbot: QtBot, screen: TerminalWidget) -> None:
    blank = Qt.CursorShape.BlankCursor
    screen.autoHideMouseAfter(0)
    QTest.keyClick(screen, Qt.Key.Key_A)
    assert screen.viewport().cursor().shape() == blank
    QTest.mouseMove(screen.viewport(), middle(screen, 1, 1))
    assert screen.viewport().cursor().shape() != blank
    screen.autoHideMouseAfter(10)
    qtbot.waitUntil(lambda: screen.viewport().cursor().shape() == blank)


class Menu:
    """A menu that does not grab the keyboard, which the offscreen platform cannot."""

    def __init__(self, shown: list[QPoint]) -> None:
        self._shown = shown

    def setAttribute(self, _attribute: Qt.WidgetAttribute) -> None:
        pass

    def popup(self, place: QPoint) -> None:
        self._shown.append(place)


def test_the_plain_menu_stays_away_where_a_page_builds_one(
    screen: TerminalWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QPoint] = []
    monkeypatch.setattr(screen, "make_menu", lambda _at: Menu(shown))
    screen.menuWanted.emit(QPoint(5, 5))
    assert shown == [QPoint(5, 5)]
    screen.menuWanted.connect(lambda _at: None)
    screen.menuWanted.emit(QPoint(6, 6))
    assert shown == [QPoint(5, 5)]
