"""The diff on screen: hunks, selected lines, mouse, keyboard."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.repositories import DiffLine, FileDiff, FileState, Hunk
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.views.diff.canvas import GUTTER
from aiops_desktop.ui.views.diff.picked import Picked, pick_of
from aiops_desktop.ui.views.diff.plan import HEAD, LINE
from aiops_desktop.ui.views.diff.verbs import Verdict
from aiops_desktop.ui.views.diff.view import DiffView
from tests.support.diffs import diff_of
from tests.support.git_pages import idle

OLD = "\n".join(f"line {n}" for n in range(60)) + "\n"
NEW = OLD.replace("line 5\n", "five\nmore\n").replace("line 40\n", "forty\n")
DIFF = diff_of("a/b.py", OLD, NEW)
#: Index of the removed line of the first hunk; two added ones follow.
GONE = 3


@pytest.fixture
def acted(view: DiffView) -> list[tuple[int, str, object]]:
    calls: list[tuple[int, str, object]] = []
    view.acted.connect(lambda *call: calls.append(call))
    view.show_diff(DIFF)
    return calls


def spot(view: DiffView, hunk: int, line: int, x: int = GUTTER + 60) -> QPoint:
    top = HEAD + line * LINE if hunk == 0 else 0
    if hunk:
        sizes = [len(one.lines) for one in DIFF.hunks]
        top = sum(HEAD + size * LINE for size in sizes[:hunk]) + HEAD + line * LINE
    return QPoint(x, top - view.verticalScrollBar().value() + 4)


def drag(view: DiffView, start: QPoint, end: QPoint) -> None:
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(port, end)
    move(view, end)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def move(view: DiffView, to: QPoint) -> None:
    """QTest.mouseMove carries no pressed button offscreen."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    left = Qt.MouseButton.LeftButton
    view.mouseMoveEvent(
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(to),
            QPointF(to),
            Qt.MouseButton.NoButton,
            left,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def press(view: DiffView, key: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(view, key, held)


def click_words(view: DiffView, words: str) -> None:
    view.grab()  # painting finds out where the words stand
    hit = next(hit for hit in view._hits if hit.action == words and hit.hunk == view.current)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=hit.rect.center())


def test_a_button_acts_on_the_whole_hunk(view: DiffView, acted: list[Any]) -> None:
    click_words(view, "stage")
    assert acted == [(0, "stage", None)]


def test_dragged_lines_are_picked_without_the_unchanged_ones(
    view: DiffView, acted: list[Any]
) -> None:
    drag(view, spot(view, 0, 1), spot(view, 0, GONE + 1))
    assert view.picked == {GONE, GONE + 1}
    click_words(view, "stage")
    assert acted == [(0, "stage", frozenset({GONE, GONE + 1}))]


def test_all_changed_lines_are_the_hunk(view: DiffView, acted: list[Any]) -> None:
    view.pick(0, 0, 9)
    view.act("discard")
    assert acted == [(0, "discard", None)]


def test_unchanged_lines_alone_pick_nothing(view: DiffView, acted: list[Any]) -> None:
    drag(view, spot(view, 0, 0), spot(view, 0, 2))
    view.act("stage")
    assert acted == [(0, "stage", None)]


def test_a_number_is_clicked_and_shift_and_control_change_the_selection(
    view: DiffView, acted: list[Any]
) -> None:
    port, left = view.viewport(), Qt.MouseButton.LeftButton
    QTest.mouseClick(port, left, pos=spot(view, 0, GONE, x=20))
    assert view.picked == {GONE}
    shift = Qt.KeyboardModifier.ShiftModifier
    QTest.mouseClick(port, left, shift, spot(view, 0, GONE + 2))
    assert view.picked == {GONE, GONE + 1, GONE + 2}
    control = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(port, left, control, spot(view, 0, GONE + 1))
    assert view.picked == {GONE, GONE + 2}
    QTest.mouseClick(port, left, pos=spot(view, 0, 0))
    assert view.picked == frozenset()


def test_a_selection_ends_at_the_border_of_its_hunk(view: DiffView, acted: list[Any]) -> None:
    drag(view, spot(view, 0, GONE), spot(view, 1, 2))
    assert view.current == 0
    assert view.picked == {GONE, GONE + 1, GONE + 2}
    assert max(view._picked.lines) == len(DIFF.hunks[0].lines) - 1


def test_the_keyboard_goes_through_hunks_and_lines(view: DiffView, acted: list[Any]) -> None:
    press(view, Qt.Key.Key_J)
    assert view.current == 1
    press(view, Qt.Key.Key_J)
    assert view.current == 1
    press(view, Qt.Key.Key_K)
    for _ in range(GONE + 1):
        press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Space)
    assert view.picked == {GONE}
    press(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.picked == {GONE, GONE + 1}
    press(view, Qt.Key.Key_Return)
    press(view, Qt.Key.Key_Delete)
    assert acted == [
        (0, "stage", frozenset({GONE, GONE + 1})),
        (0, "discard", frozenset({GONE, GONE + 1})),
    ]
    press(view, Qt.Key.Key_Escape)
    assert view.picked == frozenset()


def test_lines_go_on_into_the_next_hunk_and_back(view: DiffView, acted: list[Any]) -> None:
    for _ in range(len(DIFF.hunks[0].lines) + 1):
        press(view, Qt.Key.Key_Down)
    assert (view.current, view._cursor) == (1, (1, 0))
    press(view, Qt.Key.Key_Up)
    assert (view.current, view._cursor) == (0, (0, len(DIFF.hunks[0].lines) - 1))


def test_selected_lines_are_copied_without_signs_and_a_hunk_with_them(
    view: DiffView, acted: list[Any]
) -> None:
    view.pick(0, GONE, GONE + 1)
    press(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "line 5\nfive"
    view.clear_picked()
    view.copy()
    assert "-line 5\n+five\n+more\n line 6" in QGuiApplication.clipboard().text()


def test_selecting_renames_the_buttons(view: DiffView, acted: list[Any]) -> None:
    assert [a.text() for a in view.menu().actions() if a.text()] == [
        "Stage hunk", "Discard hunk", "Copy hunk",
    ]  # fmt: skip
    view.pick(0, GONE, GONE)
    assert [a.text() for a in view.menu().actions() if a.text()][:2] == [
        "Stage 1 line", "Discard 1 line",
    ]  # fmt: skip
    assert "Stage 1 line." in view.accessibleDescription()


def test_a_decided_hunk_offers_undo_and_the_next_open_one_becomes_current(
    view: DiffView, acted: list[Any]
) -> None:
    decided: dict[int, Verdict] = {}
    view.set_verdict(decided.get)
    decided[0] = Verdict("check-circle", "Kept", "success")
    view.decide()
    assert view.current == 1
    view.set_current(0)
    press(view, Qt.Key.Key_Return)
    assert acted == [(0, "undo", None)]
    press(view, Qt.Key.Key_Delete)
    assert len(acted) == 1


def test_the_same_file_keeps_its_place_and_another_begins_at_the_top(
    view: DiffView, acted: list[Any]
) -> None:
    view.resize(800, 160)
    view.set_current(1)
    at = view.verticalScrollBar().value()
    assert at > 0
    changed = diff_of("a/b.py", OLD, NEW.replace("forty", "fourty"))
    view.show_diff(changed)
    assert (view.current, view.verticalScrollBar().value()) == (1, at)
    view.show_diff(diff_of("other.py", OLD, NEW))
    assert (view.current, view.verticalScrollBar().value()) == (0, 0)


def test_an_equal_diff_keeps_the_selection(view: DiffView, acted: list[Any]) -> None:
    view.pick(0, GONE, GONE)
    view.show_diff(diff_of("a/b.py", OLD, NEW))
    assert view.picked == {GONE}


@pytest.mark.parametrize(
    ("diff", "words"),
    [
        (FileDiff("a", FileState.MODIFIED, binary=True), "not text"),
        (FileDiff("a", FileState.MODIFIED, too_large=True), "too large"),
        (FileDiff("a", FileState.MODIFIED, note="The mode changed."), "The mode changed."),
    ],
)
def test_what_has_no_lines_is_said_in_a_sentence(
    view: DiffView, diff: FileDiff, words: str
) -> None:
    view.show_diff(diff)
    view.grab()
    assert words in view.placeholder()
    assert words in view.accessibleDescription()
    for key in (Qt.Key.Key_J, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Space):
        press(view, key)


def test_strange_lines_are_painted_without_complaint(
    qtbot: QtBot, desk: Desk, view: DiffView
) -> None:
    texts = ["\t\tx\u202e", "世界 🎉 a", "x" * 300_000, "", "a\r", "é" * 9000, "\x1b[31mred"]
    lines = tuple(DiffLine("+", None, n + 1, text) for n, text in enumerate(texts))
    gone = DiffLine("-", 123_456, None, "old", no_newline=True)
    view.show_diff(
        FileDiff("a.py", FileState.ADDED, (Hunk(0, 0, 1, 7, "\tcontext\u202e", (*lines, gone)),))
    )
    idle(qtbot, desk)
    view.grab()
    view.horizontalScrollBar().setValue(view.horizontalScrollBar().maximum())
    view.grab()


def test_a_thread_stands_in_the_margin_or_under_its_line(view: DiffView, acted: list[Any]) -> None:
    thread = QLabel("Does it still work there?")
    thread.setFixedHeight(60)
    view.resize(1000, 500)
    view.threads.hang(0, GONE, thread)
    assert thread.x() >= view.code_width
    view.resize(700, 500)
    assert thread.x() < view.code_width
    assert thread.y() >= spot(view, 0, GONE).y()
    view.show_diff(None)
    assert not view.threads.beside((0, GONE))


def test_colours_arrive_from_a_worker_and_are_kept(
    qtbot: QtBot, desk: Desk, view: DiffView, acted: list[Any]
) -> None:
    other = diff_of("other.py", OLD, NEW)
    view.show_diff(other)
    assert view._ink is None
    idle(qtbot, desk)
    made = view._ink
    assert made is not None
    view.show_diff(DIFF)
    view.show_diff(other)
    assert view._ink is made


def test_twenty_thousand_lines_scroll_fluidly(view: DiffView) -> None:
    lines = tuple(DiffLine("+", None, n, f"value_{n} = compute({n})") for n in range(1, 20_001))
    view.show_diff(FileDiff("a.py", FileState.ADDED, (Hunk(0, 0, 1, 20_000, "", lines),)))
    view.grab()
    begun = time.thread_time()
    for step in range(20):
        view.verticalScrollBar().setValue(step * 18_000)
        view.viewport().grab()
    assert (time.thread_time() - begun) / 20 < 0.2


def test_a_whole_hunk_is_a_pick_of_none() -> None:
    hunk = DIFF.hunks[0]
    changed = frozenset(n for n, line in enumerate(hunk.lines) if line.kind != " ")
    assert pick_of(hunk, changed) is None
    assert pick_of(hunk, frozenset()) is None
    assert pick_of(hunk, frozenset({GONE})) == frozenset({GONE})


def test_a_range_can_grow_and_shrink_from_where_it_began() -> None:
    picked = Picked()
    picked.begin(0, 5)
    assert picked.lines == frozenset()
    picked.extend(0, 7, 10)
    assert picked.lines == {5, 6, 7}
    picked.extend(0, 4, 10)
    assert picked.lines == {4, 5}
    picked.toggle(0, 9)
    assert picked.lines == {4, 5, 9}
    picked.toggle(1, 2)
    assert (picked.hunk, picked.lines) == (1, frozenset({2}))
