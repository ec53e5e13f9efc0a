"""The lock: nothing behind it is seen, reached or run, and work goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters.secrets import phrase
from aiops_desktop.app import build
from aiops_desktop.domain.events import EventFilter
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.jobs.job import Job, Question
from aiops_desktop.ui.dialogs.shortcuts import ShortcutsDialog
from aiops_desktop.ui.lockscreen import LockScreen
from tests.support.stage import Stage, close_stage, open_stage

PHRASE = "correct horse"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrase, "MEMORY", 64)
    monkeypatch.setattr(phrase, "PASSES", 1)
    monkeypatch.setattr(phrase, "LANES", 1)


@pytest.fixture
def locked(qapp: QApplication, qtbot: QtBot, layout: Layout) -> Iterator[Stage]:
    """A window whose operator has a passphrase, as it is at the start."""
    house = build(layout, {})
    house.operators.create_admin("ann@acme.example", "Ann", PHRASE)
    house.operators.add("Bob", "bob@acme.example", Role.VIEWER, "battery staple")
    made = open_stage(qapp, qtbot, layout)
    made.wait(lambda: made.window.locking.screen is not None)
    yield made
    close_stage(made)


def _screen(stage: Stage) -> LockScreen:
    found = stage.window.locking.screen
    assert found is not None
    return found


def _unlock(stage: Stage, text: str = PHRASE) -> None:
    screen = _screen(stage)
    stage.wait(screen.button.isEnabled)
    screen.passphrase.clear()
    QTest.keyClicks(screen.passphrase, text)
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)


def _said(stage: Stage) -> str:
    labels = _screen(stage).findChildren(QLabel)
    return " ".join(one.text() for one in labels if one.isVisible())


def test_a_start_shows_nothing_before_the_passphrase(locked: Stage) -> None:
    window = locked.window
    locked.tenant("acme")
    assert not window.stack.isVisible()
    assert not window.sidebar.isVisible()
    assert window.windowTitle() == "aiops desktop"
    assert "acme" not in _said(locked)
    assert "Ann" in _said(locked)
    _unlock(locked)
    locked.wait(lambda: window.locking.screen is None)
    assert window.stack.isVisible()
    assert window.sidebar.isVisible()


def test_a_wrong_passphrase_stays_outside(locked: Stage) -> None:
    _unlock(locked, "wrong horse")
    locked.wait(lambda: "That was not it. 4 tries left" in _said(locked))
    assert not _screen(locked).passphrase.text(), "the field forgets"
    assert locked.desk.locked
    _unlock(locked)
    locked.wait(lambda: not locked.desk.locked)


def test_no_shortcut_reaches_behind_the_lock(locked: Stage) -> None:
    window = locked.window
    for key in (Qt.Key.Key_K, Qt.Key.Key_P, Qt.Key.Key_Comma):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    window.menus.run("view.palette")
    window.menus.run("view.settings")
    assert "palette_" not in vars(window)
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert _screen(locked).isAncestorOf(focus)


def test_locking_hides_dialogs_and_brings_them_back(locked: Stage) -> None:
    _unlock(locked)
    locked.wait(lambda: not locked.desk.locked)
    locked.window.menus.run("help.shortcuts")
    dialog = locked.dialog(ShortcutsDialog)
    locked.window.locking.lock()
    assert locked.desk.locked
    assert not dialog.isVisible()
    _unlock(locked)
    locked.wait(lambda: not locked.desk.locked)
    assert dialog.isVisible()
    dialog.reject()
    events = [event.verb for event in locked.house.history.all(EventFilter())]
    assert events.count("unlock window") == 2
    assert events.count("lock window") == 1


def test_questions_wait_behind_the_lock(locked: Stage) -> None:
    answered: list[str] = []

    def asks(job: Job) -> None:
        answered.append(job.ask(Question("Which one?", choices=("This", "That"))).text)

    locked.desk.start("Ask", asks)
    locked.wait(lambda: bool(locked.window.questions._waiting))
    assert locked.window.questions.dialog is None
    _unlock(locked)
    locked.dialog().submit()
    locked.wait(lambda: answered == ["That"])


def test_it_locks_by_itself_when_nobody_touches_it(locked: Stage) -> None:
    locking = locked.window.locking
    locked.wait(lambda: locking._minutes == 15)
    _unlock(locked)
    locked.wait(lambda: not locked.desk.locked)
    assert locking._idle.isActive()
    assert locking._idle.remainingTime() > 14 * 60 * 1000
    locking._rested()
    assert not locked.desk.locked, "somebody touched it just now"
    locking._last -= 15 * 60
    QTest.keyClick(locked.window.windowHandle(), Qt.Key.Key_Shift)
    locking._rested()
    assert not locked.desk.locked, "a key counts"
    locking._last -= 15 * 60
    locking._rested()
    assert locked.desk.locked


def test_another_operator_signs_in_and_may_do_less(locked: Stage) -> None:
    screen = _screen(locked)
    screen.other.click()
    screen.email.setText("bob@acme.example")
    _unlock(locked, "battery staple")
    locked.wait(lambda: not locked.desk.locked)
    operator = locked.desk.operator
    assert operator is not None
    assert (operator.name, operator.role) == ("Bob", Role.VIEWER)
    reason = locked.desk.refusal("keys.delete")
    assert reason == "This needs the role admin; Bob is a viewer."


def test_without_a_passphrase_there_is_no_lock(stage: Stage) -> None:
    stage.settle()
    stage.window.locking.lock()
    assert not stage.desk.locked
    assert not stage.window.locking._idle.isActive()
