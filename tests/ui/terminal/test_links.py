"""What leads somewhere is found, told truly, and opened only when that is safe."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.links import links_in
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.terminal.widget import TerminalWidget

CTRL = Qt.KeyboardModifier.ControlModifier


def middle(screen: TerminalWidget, row: int, column: int) -> QPoint:
    width, height = screen.cell_size
    return QPoint(
        round(PADDING_X + (column + 0.5) * width), round(PADDING_Y + (row + 0.5) * height)
    )


def told(screen: TerminalWidget, row: int, column: int) -> str:
    return screen.link_at(middle(screen, row, column))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.example/b(c). And", ["https://a.example/b(c)"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("[https://a.example/[1]]", ["https://a.example/[1]"]),
        ("<https://a.example>, 'http://b.example'", ["https://a.example", "http://b.example"]),
        ("│https://a.example│", ["https://a.example"]),
        ("https://a.example/?q=1&r=%20;x!", ["https://a.example/?q=1&r=%20;x"]),
        ("http://[::1]:80/x", ["http://[::1]:80/x"]),
        ("mailto:ann@acme.example", ["mailto:ann@acme.example"]),
        ("nothing http:// here", []),
        ("src/a.py:12:3: error", ["src/a.py:12:3"]),
        ("main.go:7", ["main.go:7"]),
        ("./run:3 and ../x/y.c:4", ["./run:3", "../x/y.c:4"]),
        ("~/notes.txt:1", ["~/notes.txt:1"]),
        ('  File "/srv/app/x y.py", line 33, in z', ["/srv/app/x y.py:33"]),
        ("at 12:30:45 on localhost:8080 and 10.0.0.1:80", []),
        ("C:/x and a::b:3", []),
        ("https://a.example/x.py:3", ["https://a.example/x.py:3"]),
    ],
)
def test_addresses_and_files_are_found(text: str, expected: list[str]) -> None:
    assert [link.told for _, _, link in links_in(text)] == expected


def test_a_link_over_wrapped_rows_is_one(screen: TerminalWidget) -> None:
    columns = screen.screenColumnsCount()
    screen.feed(b"x" * (columns - 12) + b" https://a.example/" + b"p" * columns + b" end")
    address = "https://a.example/" + "p" * columns
    for row, column in ((0, columns - 3), (1, 5), (2, 2)):
        assert told(screen, row, column) == address
    found = screen.hot_spot(middle(screen, 1, 5))
    assert found is not None
    assert [span[0] for span in found.spans] == [0, 1, 2]


def test_a_link_that_a_program_broke_at_the_edge_is_one(screen: TerminalWidget) -> None:
    columns = screen.screenColumnsCount()
    head = "https://a.example/" + "q" * (columns - 18)
    screen.feed(f"{head}\r\nrest\r\n".encode())
    assert told(screen, 1, 1) == head + "rest"


def test_parts_of_one_osc_8_link_belong_together(screen: TerminalWidget) -> None:
    screen.feed(
        b"\x1b]8;id=1;https://one.example\x07left\x1b]8;;\x07 gap "
        b"\x1b]8;id=1;https://one.example\x07right\x1b]8;;\x07\r\n"
        b"\x1b]8;;https://two.example\x07a\x1b]8;;\x07 \x1b]8;;https://two.example\x07b\x1b]8;;\x07"
    )
    first = screen.hot_spot(middle(screen, 0, 1))
    assert first is not None
    assert first.spans == ((0, 0, 4), (0, 9, 14))
    second = screen.hot_spot(middle(screen, 1, 0))
    assert second is not None
    assert second.spans == ((1, 0, 1),), "without an id only what touches"


def test_files_are_told_with_line_and_column(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"src/a.py:12:3: error\r\n\x1b]8;;file:///srv/b%20c.py#L7\x07b\x1b]8;;\x07")
    for row, expected in ((0, ["src/a.py", 12, 3]), (1, ["/srv/b c.py", 7, 0])):
        with qtbot.waitSignal(screen.fileActivated) as heard:
            at = middle(screen, row, 0)
            QTest.mouseClick(screen.viewport(), Qt.MouseButton.LeftButton, CTRL, at)
        assert heard.args == expected
    screen.file_known = lambda path: path == "src/b.py"
    assert told(screen, 0, 0) == ""


def test_a_click_works_though_the_program_has_the_mouse(
    qtbot: QtBot, screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.feed(b"\x1b[?1000h\x1b[?1006hsrc/a.py:1 word")
    with qtbot.waitSignal(screen.fileActivated):
        at = middle(screen, 0, 2)
        QTest.mouseClick(screen.viewport(), Qt.MouseButton.LeftButton, CTRL, at)
    assert sent == []
    QTest.mouseClick(screen.viewport(), Qt.MouseButton.LeftButton, CTRL, middle(screen, 0, 13))
    assert sent == [b"\x1b[<16;14;1M", b"\x1b[<16;14;1m"]


def test_only_safe_addresses_are_opened(
    screen: TerminalWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    for address in (
        "https://a.example",
        "javascript:alert(1)",
        "ssh://-oProxyCommand=x",
        "smb://x",
    ):
        screen.urlActivated.emit(QUrl(address), False)
    assert opened == ["https://a.example"]


def test_hovering_underlines_and_tells_the_true_address(screen: TerminalWidget) -> None:
    screen.feed(b"\x1b]8;;https://evil.example\x07https://good.example\x1b]8;;\x07 plain")
    at = middle(screen, 0, 3)
    QTest.mouseMove(screen.viewport(), at)
    assert screen._highlights.marks(0, None, screen._renderer.palette).underlined == ((0, 20),)
    QApplication.sendEvent(
        screen.viewport(),
        QHelpEvent(QHelpEvent.Type.ToolTip, at, screen.viewport().mapToGlobal(at)),
    )
    assert "https://evil.example" in QToolTip.text()
    found = screen.hot_spot(at)
    assert found is not None
    assert "not opened" in screen.said_of(type(found)("javascript:x"))
    QTest.mouseMove(screen.viewport(), middle(screen, 0, 25))
    assert screen._highlights.empty


def test_control_points_at_a_link(screen: TerminalWidget) -> None:
    screen.feed(b"https://a.example")
    at = QPointF(middle(screen, 0, 3))
    none = Qt.MouseButton.NoButton
    move = QMouseEvent(QMouseEvent.Type.MouseMove, at, at, none, none, CTRL)
    QApplication.sendEvent(screen.viewport(), move)
    assert screen.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.keyRelease(screen, Qt.Key.Key_Control)
    assert screen.viewport().cursor().shape() == Qt.CursorShape.IBeamCursor
    QTest.keyPress(screen, Qt.Key.Key_Control)
    assert screen.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor


def test_a_menu_offers_what_can_be_done_with_a_link(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.urlActivated.disconnect(screen._open_address)
    screen.feed(b"https://a.example javascript:x")
    actions = screen.filterActions(middle(screen, 0, 3))
    assert [action.text() for action in actions] == ["Open link", "Copy link address"]
    with qtbot.waitSignal(screen.urlActivated) as heard:
        actions[0].trigger()
    assert heard.args == [QUrl("https://a.example"), True]
    actions[1].trigger()
    assert QApplication.clipboard().text() == "https://a.example"
    assert screen.filterActions(middle(screen, 0, 22)) == []
    assert screen.getHotSpotAt(0, 3) == screen.getHotSpotAt(middle(screen, 0, 3))
    assert screen.getHotSpotAt(0, 18) is None
