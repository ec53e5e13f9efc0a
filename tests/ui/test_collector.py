"""Garbage is collected in the GUI thread alone."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from aiops_desktop.ui import collector
from aiops_desktop.ui.collector import Collector


class Knot:
    """Refers to itself, so that only the collector can free it; remembers where that was."""

    freed_in: list[str] = []  # noqa: RUF012 - shared on purpose

    def __init__(self) -> None:
        self.own = self

    def __del__(self) -> None:
        Knot.freed_in.append(threading.current_thread().name)


def tie(count: int = 5_000) -> None:
    for _ in range(count):
        Knot()


@pytest.fixture
def kept(qtbot: QtBot) -> Iterator[Collector]:
    gc.collect()
    Knot.freed_in.clear()
    made = Collector(lambda: False)
    yield made
    made.close()
    made.deleteLater()
    assert gc.isenabled()
    gc.collect()


def test_a_worker_never_frees_what_hangs_together(kept: Collector) -> None:
    worker = threading.Thread(target=tie, name="job")
    worker.start()
    worker.join()
    assert Knot.freed_in == []
    kept.look()
    assert len(Knot.freed_in) == 5_000
    assert set(Knot.freed_in) == {threading.main_thread().name}


def test_it_looks_by_itself(qtbot: QtBot, kept: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[bool] = []
    monkeypatch.setattr(collector, "YOUNG", -1)
    monkeypatch.setattr(gc, "collect", lambda which=2: looked.append(True))
    qtbot.waitUntil(lambda: bool(looked))


def test_a_full_pass_waits_for_calm(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []
    monkeypatch.setattr(collector, "AWAY", 0.0)
    monkeypatch.setattr(collector, "HERE", 0.0)

    def collect(which: int = 2) -> int:
        passes.append(which)
        return 0

    monkeypatch.setattr(gc, "collect", collect)
    busy = [True]
    made = Collector(lambda: busy[0])
    made.look()
    assert 2 not in passes
    busy[0] = False
    made.look()
    assert passes[-1] == 2
    made.close()
