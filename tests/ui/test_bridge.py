"""Calls from workers arrive in the GUI thread, all of them, in order."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from PySide6.QtCore import QEventLoop, QTimer
from pytestqt.qtbot import QtBot

from aiops_desktop.ui import bridge as bridges
from aiops_desktop.ui.bridge import Bridge


def test_calls_of_many_threads_arrive_each_in_order(qtbot: QtBot) -> None:
    bridge, heard = Bridge(), list[tuple[int, int, bool]]()
    main = threading.get_ident()

    def hear(number: int, turn: int) -> None:
        heard.append((number, turn, threading.get_ident() == main))

    def post(number: int) -> None:
        for turn in range(500):
            bridge.post(partial(hear, number, turn))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(heard) == 2000, timeout=20_000)
    for thread in threads:
        thread.join()
    assert all(here for _, _, here in heard)
    for number in range(4):
        assert [turn for n, turn, _ in heard if n == number] == list(range(500))


def test_more_than_a_slice_gives_the_window_its_turn(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridges, "SLICE", 0.0)
    bridge, heard = Bridge(), list[str]()
    bridge.post(lambda: QTimer.singleShot(0, lambda: heard.append("window")))
    for number in range(3):
        bridge.post(partial(heard.append, str(number)))
    qtbot.waitUntil(lambda: len(heard) == 4, timeout=20_000)
    assert [what for what in heard if what != "window"] == ["0", "1", "2"]
    assert heard[-1] != "window"


def test_a_call_that_fails_does_not_hold_up_the_next(qtbot: QtBot) -> None:
    bridge, heard = Bridge(), list[str]()

    def fail() -> None:
        raise ValueError("no")

    bridge.post(fail)
    bridge.post(lambda: heard.append("next"))
    with qtbot.captureExceptions() as errors:
        qtbot.waitUntil(lambda: heard == ["next"], timeout=20_000)
    assert [kind for kind, _, _ in errors] == [ValueError]


def test_a_call_may_wait_for_later_ones(qtbot: QtBot) -> None:
    bridge, heard = Bridge(), list[str]()

    def dialog() -> None:
        loop = QEventLoop()
        bridge.post(partial(heard.append, "within"))
        bridge.post(loop.quit)
        loop.exec()
        heard.append("after")

    bridge.post(dialog)
    qtbot.waitUntil(lambda: "after" in heard, timeout=20_000)
    assert heard == ["within", "after"]


def test_nothing_arrives_after_the_end(qtbot: QtBot) -> None:
    bridge, heard = Bridge(), list[str]()
    bridge.post(lambda: heard.append("late"))
    bridge.close()
    bridge.post(lambda: heard.append("later"))
    qtbot.wait(50)
    assert heard == []
