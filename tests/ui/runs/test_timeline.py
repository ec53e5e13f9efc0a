"""The timeline: any number of steps, folded and unfolded, that follows its end."""

from __future__ import annotations

import time
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.runs import EventKind, RunEvent
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.runs.model import StepsModel
from aiops_desktop.ui.views.runs.steps import Folder, Step
from aiops_desktop.ui.views.runs.timeline import Timeline
from tests.support.runs import a_story


def timeline(qtbot: QtBot, qapp: QApplication, width: int = 800) -> Timeline:
    view = Timeline(Theme(qapp, "light"))
    qtbot.addWidget(view)
    view.resize(width, 400)
    view.show()
    return view


def story() -> list[Step]:
    return list(Folder().take(a_story()).new)


def many(count: int) -> list[Step]:
    kinds = (EventKind.MESSAGE, EventKind.COMMAND, EventKind.CHANGE)
    events = [
        RunEvent(
            kinds[n % 3], n, str(n), f"step {n} " + "words " * (n % 40), paths=(f"dir/file{n}.py",)
        )
        for n in range(count)
    ]
    return list(Folder().take(events).new)


def test_the_model_keeps_qts_rules(qapp: QApplication) -> None:
    model = StepsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    steps = story()
    model.add(steps[:3])
    model.add([])
    model.add(steps[3:])
    model.toggle(1)
    model.change(0, steps[1])
    model.change(99, steps[1])
    model.set_counts({"deploy/rollout.py": (3, 2)})
    model.clear()
    model.add(steps)
    assert model.rowCount() == len(steps)
    assert tester.model() is model


def test_counts_stand_at_the_last_change_of_a_file() -> None:
    model = StepsModel()
    model.add(story())
    model.set_counts({"deploy/rollout.py": (14, 8)})
    rows = [n for n, step in enumerate(model.steps) if step.paths == ("deploy/rollout.py",)]
    assert [model.counts(row, "deploy/rollout.py") for row in rows] == [None, (14, 8)]


def test_a_failed_command_shows_its_failing_lines_and_unfolds_to_all(
    qtbot: QtBot, qapp: QApplication
) -> None:
    view = timeline(qtbot, qapp)
    view.steps.add(story())
    row = next(n for n, step in enumerate(view.steps.steps) if step.exit_code == 1)
    folded = view.visualRect(view.steps.index(row, 0)).height()
    quiet = view.visualRect(view.steps.index(1, 0)).height()
    assert (quiet, folded) == (32, 32 + 4 + 4 * 16)
    view.setCurrentIndex(view.steps.index(row, 0))
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.visualRect(view.steps.index(row, 0)).height() == 32 + 4 + 31 * 16
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.visualRect(view.steps.index(row, 0)).height() == folded


def test_a_click_unfolds_and_copy_takes_the_whole_step(qtbot: QtBot, qapp: QApplication) -> None:
    view = timeline(qtbot, qapp)
    view.steps.add(story()[:3])
    spot = view.visualRect(view.steps.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert view.steps.unfolded == {1}
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().startswith('rg -n "rollout')


def test_it_follows_its_end_until_scrolled_away(qtbot: QtBot, qapp: QApplication) -> None:
    view = timeline(qtbot, qapp)
    bar = view.verticalScrollBar()
    view.steps.add(many(300))
    assert bar.value() == bar.maximum() > 0
    bar.setValue(bar.maximum() // 2)
    assert not view.follows
    before = bar.value()
    seen = view.indexAt(QPoint(5, 200)).row()
    view.steps.add(many(100))
    assert bar.value() == before
    assert view.indexAt(QPoint(5, 200)).row() == seen
    view.follow()
    assert view.follows
    assert bar.value() == bar.maximum()
    view.steps.add(many(5))
    assert bar.value() == bar.maximum()


def test_every_row_can_be_reached_with_the_keys(qtbot: QtBot, qapp: QApplication) -> None:
    view = timeline(qtbot, qapp)
    view.steps.add(many(200))
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Up):
        QTest.keyClick(view, key)
        rect = view.visualRect(view.currentIndex())
        assert rect.top() >= 0
        assert rect.bottom() <= view.viewport().height()
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 199
    assert view.follows


def test_rows_lie_one_under_the_other_whatever_the_width(qtbot: QtBot, qapp: QApplication) -> None:
    view = timeline(qtbot, qapp)
    view.steps.add(many(120))
    for width in (900, 420, 700):
        view.resize(width, 400)
        view.grab()
        rects = [view.visualRect(view.steps.index(row, 0)) for row in range(120)]
        assert all(a.bottom() + 1 == b.top() for a, b in pairwise(rects))


def test_a_hundred_thousand_steps_do_not_freeze_the_window(
    qtbot: QtBot, qapp: QApplication
) -> None:
    view = timeline(qtbot, qapp)
    steps = many(100_000)
    longest = 0.0
    for start in range(0, len(steps), 4_000):
        begun = time.monotonic()
        view.steps.add(steps[start : start + 4_000])
        view.viewport().repaint()
        longest = max(longest, time.monotonic() - begun)
    assert view.steps.rowCount() == 100_000
    begun = time.monotonic()
    for part in (0, 0.3, 0.9, 0.5):
        view.verticalScrollBar().setValue(int(view.verticalScrollBar().maximum() * part))
        view.viewport().repaint()
    scrolled = (time.monotonic() - begun) / 4
    assert longest < 0.25, "adding a slice keeps the window for too long"
    assert scrolled < 0.25, "scrolling keeps the window for too long"


def test_it_paints_in_both_schemes(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    view = Timeline(theme)
    qtbot.addWidget(view)
    view.set_placeholder("Codex is starting.")
    view.resize(500, 300)
    view.show()
    empty = view.grab().toImage()
    view.steps.add(story())
    full = view.grab().toImage()
    assert empty != full
    theme.choose("dark")
    assert view.grab().toImage() != full
    theme.choose("light")
