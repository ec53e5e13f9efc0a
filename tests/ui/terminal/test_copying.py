"""Selecting and what leaves the terminal: text, HTML, sequences, files, paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPdfWriter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.terminal.widget import TerminalWidget

B, M = Qt.MouseButton, Qt.KeyboardModifier


def edge(screen: TerminalWidget, row: int, column: int) -> QPoint:
    """The left edge of a cell."""
    width, height = screen.cell_size
    return QPoint(round(PADDING_X + column * width), round(PADDING_Y + (row + 0.5) * height))


def drag(
    screen: TerminalWidget,
    start: QPoint,
    end: QPoint,
    mods: Qt.KeyboardModifier = M.NoModifier,
) -> None:
    port = screen.viewport()
    QTest.mousePress(port, B.LeftButton, mods, start)
    QTest.mouseMove(port, end)
    QTest.mouseRelease(port, B.LeftButton, mods, end)


def test_alt_selects_a_rectangle(screen: TerminalWidget) -> None:
    screen.feed(b"abcdef\r\nghijkl\r\nmnopqr")
    drag(screen, edge(screen, 0, 1), edge(screen, 2, 4), M.AltModifier)
    assert screen.selectedText() == "bcd\nhij\nnop"


def test_shift_extends_a_selection(screen: TerminalWidget) -> None:
    screen.feed(b"one two three")
    drag(screen, edge(screen, 0, 0), edge(screen, 0, 3))
    QTest.mouseClick(screen.viewport(), B.LeftButton, M.ShiftModifier, edge(screen, 0, 7))
    assert screen.selectedText() == "one two"


def test_what_belongs_to_words_can_be_chosen(screen: TerminalWidget) -> None:
    screen.feed(b"a-b/c d")
    port, at = screen.viewport(), edge(screen, 0, 0) + QPoint(3, 0)
    for characters, word in (("", "a"), ("-", "a-b"), ("-/", "a-b/c")):
        screen.setWordCharacters(characters)
        QTest.mousePress(port, B.LeftButton, M.NoModifier, edge(screen, 3, 0))
        QTest.mouseRelease(port, B.LeftButton, M.NoModifier, edge(screen, 3, 0))
        for _ in range(2):
            QTest.mouseClick(port, B.LeftButton, M.NoModifier, at)
        assert screen.selectedText() == word


def test_dragging_outside_scrolls(qtbot: QtBot, screen: TerminalWidget) -> None:
    screen.feed(b"".join(b"line %d\r\n" % number for number in range(200)))
    port, bottom = screen.viewport(), screen.top_line
    QTest.mousePress(port, B.LeftButton, M.NoModifier, edge(screen, 3, 2))
    QTest.mouseMove(port, QPoint(20, -60))
    qtbot.waitUntil(lambda: screen.top_line < bottom - 20)
    QTest.mouseRelease(port, B.LeftButton, M.NoModifier, QPoint(20, -60))
    assert screen.selectedText().count("\n") > 20
    here = screen.top_line
    qtbot.wait(100)
    assert screen.top_line == here, "it ends with the button"


def test_a_selection_survives_output_but_not_being_overwritten(screen: TerminalWidget) -> None:
    screen.feed(b"keep me\r\nother")
    drag(screen, edge(screen, 0, 0), edge(screen, 0, 7))
    screen.feed(b" and more\r\n" * 100)
    assert screen.selectedText() == "keep me"
    screen.scrollToEnd()
    screen.feed(b"\x1b[Hpresent")
    drag(screen, edge(screen, 0, 0), edge(screen, 0, 7))
    assert screen.selectedText() == "present"
    screen.feed(b"\x1b[HPAST")
    assert screen.selectedText() == ""
    drag(screen, edge(screen, 0, 0), edge(screen, 0, 4))
    screen.feed(b"\x1b[?1049h")
    assert screen.selectedText() == "", "another screen shows another text"


def test_a_click_selects_nothing_and_tells_so(qtbot: QtBot, screen: TerminalWidget) -> None:
    told: list[bool] = []
    screen.copyAvailable.connect(told.append)
    screen.feed(b"text")
    drag(screen, edge(screen, 0, 0), edge(screen, 0, 4))
    qtbot.wait(1)
    QTest.mouseClick(screen.viewport(), B.LeftButton, M.NoModifier, edge(screen, 4, 8))
    assert screen.selection is None
    assert told[0] is True
    assert told[-1] is False


def test_html_keeps_the_colours_and_escapes_the_rest(screen: TerminalWidget) -> None:
    screen.feed(
        b"\x1b[1;31m<b>&\x1b[m plain \x1b[4;42mgreen\x1b[m\r\n"
        b'\x1b]8;;https://a.example/?q="1"\x07link\x1b]8;;\x07'
        b"\x1b]8;;javascript:alert(1)\x07bad\x1b]8;;\x07"
    )
    screen.select_all()
    screen.copy_html()
    data = QGuiApplication.clipboard().mimeData()
    html = data.html()
    assert "&lt;b&gt;&amp;" in html
    assert screen.colours.ansi[1] in html
    assert "font-weight:bold" in html
    assert f"background-color:{screen.colours.ansi[2]}" in html
    assert 'href="https://a.example/?q=&quot;1&quot;"' in html
    assert "javascript" not in html
    assert data.text().startswith("<b>& plain green\nlinkbad")


def test_sequences_show_the_same_in_another_terminal(screen: TerminalWidget) -> None:
    shown = "\x1b[1;31mred\x1b[m \x1b[48;2;1;2;3mground\x1b[m \x1b[4:3mcurl\x1b[m 漢字\r\nnext"
    screen.feed(shown.encode())
    screen.select_all()
    screen.copy_ansi()
    other = Emulator(screen.screenColumnsCount(), 60)
    other.feed(QGuiApplication.clipboard().text().replace("\n", "\r\n").encode())
    for row in range(2):
        for column in range(24):
            assert other.cell(row, column) == screen.emulator.cell(row, column)


@pytest.mark.parametrize(
    ("form", "wanted"),
    [("text", "line 7\n"), ("ansi", "\x1b[0;31mred 7\x1b[m"), ("html", "</span>")],
)
def test_the_history_is_saved(screen: TerminalWidget, form: str, wanted: str) -> None:
    for number in range(100):
        screen.feed(b"line %d\r\n\x1b[31mred %d\x1b[m\r\n" % (number, number))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    screen.save_history(buffer, form)
    saved = bytes(buffer.data().data()).decode()
    assert saved.count("line ") == saved.count("red ") == 100
    assert wanted in saved


def test_the_history_is_printed(screen: TerminalWidget, tmp_path: Path) -> None:
    screen.feed(b"line \x1b[32mgreen\x1b[m\r\n" * 300)
    paper = tmp_path / "paper.pdf"
    screen.print_history(QPdfWriter(str(paper)))
    assert paper.read_bytes().startswith(b"%PDF")
    assert paper.stat().st_size > 2_000


def test_a_paste_can_be_trimmed_and_is_cleaned(screen: TerminalWidget, sent: list[bytes]) -> None:
    screen.setTrimPastedTrailingNewlines(True)
    screen.paste("echo one\n")
    assert sent == [b"echo one"], "one line without its end runs nothing, so nobody is asked"
    sent.clear()
    screen.setConfirmMultilinePaste(False)
    screen.paste("a\x1b[201~\x03\x9b1m\u0085b\tc\r\nd")
    assert sent == [b"a[201~1mb\tc\rd"]
    sent.clear()
    screen.feed(b"\x1b[?2004h")
    screen.paste("x\ny")
    assert sent == [b"\x1b[200~x\ry\x1b[201~"]
    sent.clear()
    screen.disableBracketedPasteMode(True)
    screen.paste("z")
    assert sent == [b"z"]
    assert screen.bracketText("q") == "q"


def test_where_one_looks_after_a_paste_can_be_chosen(
    screen: TerminalWidget, sent: list[bytes]
) -> None:
    screen.feed(b"line\r\n" * 200)
    for motion, line in ((0, 100), (1, 0), (2, None)):
        screen.setMotionAfterPasting(motion)
        screen.scroll_lines(100 - screen.top_line)
        screen.paste("text")
        if line is None:
            assert screen.follows
        else:
            assert screen.top_line <= line < screen.top_line + screen.screenLinesCount()
            assert not screen.follows
