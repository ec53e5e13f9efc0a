"""A person works in a terminal: real programs, typed keys, what stands on the screen."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.colours import DARK, LIGHT
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.terminal.widget import TerminalWidget

Open = Callable[..., TerminalWidget]


def shows(qtbot: QtBot, widget: TerminalWidget, text: str) -> None:
    def there() -> None:
        assert text in widget.text().split("\n"), widget.text().rstrip()

    qtbot.waitUntil(lambda: _passes(there))


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except AssertionError:
        return False
    return True


def pixel(widget: TerminalWidget, row: int, column: int) -> str:
    """The colour of a cell's corner, as painted."""
    width, height = widget.cell_size
    image = widget.viewport().grab().toImage()
    x, y = PADDING_X + (column + 0.3) * width, PADDING_Y + (row + 0.15) * height
    ratio = image.devicePixelRatio()
    return QColor(image.pixel(int(x * ratio), int(y * ratio))).name()


def cell(widget: TerminalWidget, row: int, column: float) -> QPoint:
    width, height = widget.cell_size
    return QPoint(round(PADDING_X + column * width), round(PADDING_Y + (row + 0.5) * height))


def test_typing_a_command_shows_its_output(qtbot: QtBot, open_terminal: Open) -> None:
    terminal = open_terminal()
    shows(qtbot, terminal, "$")
    QTest.keyClicks(terminal, "echo a-$((40+2))")
    QTest.keyClick(terminal, Qt.Key.Key_Return)
    shows(qtbot, terminal, "a-42")


def test_resizing_the_window_tells_the_program(qtbot: QtBot, open_terminal: Open) -> None:
    terminal = open_terminal()
    shows(qtbot, terminal, "$")
    before = terminal.fitting()
    with qtbot.waitSignal(terminal.gridResized):
        terminal.resize(500, 300)
    columns, rows = terminal.fitting()
    assert (columns, rows) < before
    terminal.sendText("stty size\r")
    shows(qtbot, terminal, f"{rows} {columns}")


def test_a_larger_font_makes_fewer_columns(qtbot: QtBot, screen: TerminalWidget) -> None:
    before = screen.screenColumnsCount()
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    for _ in range(3):
        QTest.keyClick(screen, Qt.Key.Key_Plus, control_shift)
    assert screen.screenColumnsCount() < before
    QTest.keyClick(screen, Qt.Key.Key_0, control_shift)
    assert screen.screenColumnsCount() == before


def test_colours_are_painted_in_both_schemes(screen: TerminalWidget) -> None:
    screen.feed(b"\x1b[41m   \x1b[48;2;1;2;3m   \x1b[48;5;196m   \x1b[m   ")
    for colours in (LIGHT, DARK):
        screen.set_scheme(colours)
        screen._frame()
        found = [pixel(screen, 0, column) for column in (1, 4, 7, 10)]
        assert found == [colours.ansi[1], "#010203", "#ff0000", colours.ground]


def test_the_cursor_is_filled_with_focus_and_an_outline_without(
    qtbot: QtBot, screen: TerminalWidget
) -> None:
    screen.feed(b"\x1b[3;5H")
    screen._frame()
    assert screen.hasFocus()
    assert pixel(screen, 2, 4) == LIGHT.cursor
    screen.clearFocus()
    assert pixel(screen, 2, 4) == LIGHT.ground
    screen.setFocus()
    screen.feed(b"\x1b[?25l")
    screen._frame()
    assert pixel(screen, 2, 4) == LIGHT.ground


def test_only_changed_rows_are_painted(screen: TerminalWidget) -> None:
    screen.feed(b"\r\n".join(b"line %d" % number for number in range(20)))
    screen._frame()
    before = screen._renderer.rows_painted
    screen.feed(b"\x1b[5;1Hchanged")
    screen._frame()
    assert screen._renderer.rows_painted - before <= 2
    before = screen._renderer.rows_painted
    rows = screen.screenLinesCount()
    screen.feed(b"\x1b[%d;1H\r\n\nscrolled" % rows)
    screen._frame()
    assert screen._renderer.rows_painted - before <= 4


def test_scrolled_rows_look_as_if_painted_anew(screen: TerminalWidget) -> None:
    for number in range(200):
        screen.feed(b"\x1b[%dmline %d\x1b[m\r\n" % (30 + number % 8, number))
        if number % 7 == 0:
            screen._frame()
    screen._frame()
    before = screen._renderer.pixmap.toImage()
    screen._renderer.forget()
    screen._frame()
    assert screen._renderer.pixmap.toImage() == before


def test_dragging_selects_and_copies(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"one two three\r\nfour five")
    QTest.mousePress(screen.viewport(), Qt.MouseButton.LeftButton, pos=cell(screen, 0, 4))
    QTest.mouseMove(screen.viewport(), cell(screen, 0, 9))
    QTest.mouseMove(screen.viewport(), cell(screen, 1, 4))
    QTest.mouseRelease(screen.viewport(), Qt.MouseButton.LeftButton, pos=cell(screen, 1, 4))
    assert screen.selectedText() == "two three\nfour"
    QTest.keyClick(
        screen,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert QGuiApplication.clipboard().text() == "two three\nfour"
    screen._frame()
    assert pixel(screen, 0, 7) == LIGHT.selection


def test_two_clicks_take_a_word_and_three_a_wrapped_line(
    qtbot: QtBot, screen: TerminalWidget
) -> None:
    columns = screen.screenColumnsCount()
    screen.feed(b"see ~/src/web-shop/a.py: " + b"x" * columns + b"\r\nnext")
    place = cell(screen, 0, 8.5)
    port = screen.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(port, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=place)
    assert screen.selectedText() == "~/src/web-shop/a.py:"
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
    assert screen.selectedText() == "see ~/src/web-shop/a.py: " + "x" * columns


def test_a_selection_stays_with_its_text_when_it_scrolls(screen: TerminalWidget) -> None:
    screen.feed(b"precious text\r\n")
    screen.setSelectionStart(0, 0)
    screen.setSelectionEnd(0, 7)
    assert screen.selectedText() == "precious"
    screen.feed(b"more\r\n" * 100)
    assert screen.selectedText() == "precious"
    assert screen.getSelectionEnd() == (0, 7)


def test_pasting_marks_the_text_when_the_program_asked(
    qtbot: QtBot, screen: TerminalWidget, sent: list[bytes]
) -> None:
    QGuiApplication.clipboard().setText("ls\x1b[201~\nrm x\n")
    screen.feed(b"\x1b[?2004h")
    screen.pasteClipboard()
    assert sent == [b"\x1b[200~ls[201~\rrm x\r\x1b[201~"]


def test_several_lines_are_pasted_after_a_question(
    qtbot: QtBot, screen: TerminalWidget, sent: list[bytes]
) -> None:
    QGuiApplication.clipboard().setText("one\ntwo")
    with qtbot.waitSignal(screen.pasteHeld):
        screen.pasteClipboard()
    assert sent == []
    assert "2 lines" in screen.prompt.sentence
    QTest.mouseClick(screen.prompt.button(1), Qt.MouseButton.LeftButton)
    assert sent == [b"one\rtwo"]
    assert not screen.prompt.isVisible()


def test_the_wheel_scrolls_through_the_history(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"".join(b"line %d\r\n" % number for number in range(300)))
    screen._frame()
    bottom = screen.top_line
    screen.scroll_lines(-50)
    assert screen.top_line == bottom - 50
    assert screen.verticalScrollBar().maximum() == len(screen.emulator.history)
    screen.feed(b"more\r\n" * 10)
    assert screen.top_line == bottom - 50, "reading is not disturbed by output"
    screen._frame()
    screen.verticalScrollBar().setValue(screen.verticalScrollBar().maximum())
    assert screen.follows
    screen.scroll_lines(-5)
    assert not screen.follows
    QTest.keyClick(screen, Qt.Key.Key_X)
    assert screen.follows, "typing shows where one types"


def test_the_end_is_said_and_restart_begins_anew(qtbot: QtBot, open_terminal: Open) -> None:
    terminal = open_terminal("sh", "-c", "echo gone; exit 7")
    with qtbot.waitSignal(terminal.finished):
        pass
    assert terminal.exit_code == 7
    assert terminal.prompt.sentence == "The program ended (exit 7)."
    assert "gone" in terminal.text()
    with qtbot.waitSignal(terminal.finished):
        QTest.mouseClick(terminal.prompt.button(0), Qt.MouseButton.LeftButton)
    assert terminal.text().count("gone") == 2


def test_the_end_is_noticed_though_a_child_keeps_the_terminal(
    qtbot: QtBot, open_terminal: Open
) -> None:
    terminal = open_terminal("sh", "-c", "trap '' HUP; sleep 3 & exit 4")
    with qtbot.waitSignal(terminal.finished, timeout=2_500):
        pass
    assert terminal.exit_code == 4


def test_a_missing_program_is_said_in_place(open_terminal: Open) -> None:
    terminal = open_terminal("no-such-program")
    assert "no-such-program" in terminal.prompt.sentence
    assert not terminal.running


def test_a_flood_leaves_the_window_alive(qtbot: QtBot, open_terminal: Open, tmp_path: Path) -> None:
    line = b"2026-11-23 10:00:00 info a line of a log with some words in it\n"
    (tmp_path / "big").write_bytes(line * (20_000_000 // len(line)) + b"the end\n")
    terminal = open_terminal("cat", "big")
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(0)
    with qtbot.waitSignal(terminal.finished, timeout=30_000):
        pass
    timer.stop()
    shows(qtbot, terminal, "the end")
    gaps.sort()
    assert gaps[int(len(gaps) * 0.99)] < 0.1, gaps[-5:]


def test_a_hidden_terminal_goes_on_without_painting(qtbot: QtBot, open_terminal: Open) -> None:
    terminal = open_terminal()
    shows(qtbot, terminal, "$")
    terminal.hide()
    before = terminal._renderer.rows_painted
    terminal.sendText("seq 1 500\r")
    shows(qtbot, terminal, "500")
    assert terminal._renderer.rows_painted == before
    terminal.show()
    assert terminal._renderer.rows_painted > before


def test_shortcuts_of_the_window_are_kept_from_the_terminal_but_with_ctrl_shift(
    screen: TerminalWidget,
) -> None:
    def taken(key: Qt.Key, mods: Qt.KeyboardModifier) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, mods)
        event.ignore()
        QGuiApplication.sendEvent(screen, event)
        return event.isAccepted()

    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    assert taken(Qt.Key.Key_K, control)
    assert taken(Qt.Key.Key_F5, Qt.KeyboardModifier.NoModifier)
    assert taken(Qt.Key.Key_C, control | shift)
    assert not taken(Qt.Key.Key_T, control | shift)


def test_title_bell_and_folder_are_told(qtbot: QtBot, screen: TerminalWidget) -> None:
    with qtbot.waitSignals([screen.titleChanged, screen.bell, screen.currentDirectoryChanged]):
        screen.feed(b"\x1b]2;build\x07\x07\x1b]7;file://localhost/srv/web%20shop\x07")
    assert screen.title() == "build"
    assert screen.workingDirectory() == "/srv/web shop"


def test_a_folder_of_another_computer_is_none_of_ours(screen: TerminalWidget) -> None:
    screen.setWorkingDirectory("/srv")
    screen.feed(b"\x1b]7;file://far.example/home/ann\x07")
    assert screen.emulator.working_directory == "/home/ann"
    assert screen.workingDirectory() == "/srv"
    screen.feed(f"\x1b]7;file://{socket.gethostname().upper()}/etc\x07".encode())
    assert screen.workingDirectory() == "/etc"


def test_output_is_told_as_text_to_who_listens(qtbot: QtBot, screen: TerminalWidget) -> None:
    with qtbot.waitSignal(screen.receivedData) as told:
        screen.feed("héllo".encode())
    assert told.args == ["héllo"]


def test_the_clipboard_is_written_only_where_it_is_allowed(screen: TerminalWidget) -> None:
    board = QGuiApplication.clipboard()
    board.setText("mine")
    screen.feed(b"\x1b]52;c;aGVsbG8=\x07")
    assert board.text() == "mine"
    screen.set_clipboard_allowed(True)
    screen.feed(b"\x1b]52;c;aGVsbG8=\x07")
    assert board.text() == "hello"


def test_history_can_be_saved_and_cleared(screen: TerminalWidget) -> None:
    screen.feed(b"".join(b"line %d\r\n" % number for number in range(100)))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    screen.saveHistory(buffer)
    assert bytes(buffer.data().data()).decode().split("\n")[:2] == ["line 0", "line 1"]
    screen.clear()
    assert screen.historyLinesCount() == 0
    assert screen.text().strip() == ""


def test_links_are_found_and_followed_with_control(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.urlActivated.disconnect(screen._open_address)
    screen.feed(
        b"see https://git.acme.example/a(b). and \x1b]8;;https://x.example\x07here\x1b]8;;\x07"
    )
    for column, address in ((8, "https://git.acme.example/a(b)"), (40, "https://x.example")):
        with qtbot.waitSignal(screen.urlActivated) as told:
            QTest.mouseClick(
                screen.viewport(),
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.ControlModifier,
                cell(screen, 0, column + 0.5),
            )
        assert told.args is not None
        assert told.args[0].toString() == address
    assert screen.link_at(cell(screen, 0, 34)) == ""


def test_a_terminal_that_goes_with_its_window_hangs_up(qtbot: QtBot) -> None:
    """Nobody tells the widgets of a window that is deleted; the program must not be read on."""
    window = QWidget()
    terminal = TerminalWidget(parent=window)
    terminal.start(["/bin/sh", "-c", "while :; do echo more; done"], dict(os.environ), Path("/"))
    channel = terminal._channel
    assert channel is not None
    shows(qtbot, terminal, "more")
    gone: list[object] = []
    terminal.destroyed.connect(lambda: gone.append(True))
    window.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))
    assert channel.pty.fd == -1
    qtbot.waitUntil(lambda: channel.pty.exit_code is not None)
