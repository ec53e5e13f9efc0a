"""Workers let the window go first, and are never starved by it."""

from __future__ import annotations

import threading
import time

import pytest

from aiops_desktop.jobs import pace


def _breathing() -> tuple[threading.Thread, threading.Event]:
    done = threading.Event()

    def work() -> None:
        pace.breathe()
        done.set()

    worker = threading.Thread(target=work)
    worker.start()
    return worker, done


def test_without_a_window_nobody_waits() -> None:
    begun = time.thread_time()
    for _ in range(10_000):
        pace.breathe()
    assert time.thread_time() - begun < 1  # ten thousand waits would take 200 s


def test_a_worker_goes_on_when_the_window_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LONGEST", 60.0)
    monkeypatch.setattr(pace, "PIECE", 60.0)
    with pace.window:
        with pace.window:  # a dialog's own loop within
            worker, done = _breathing()
        assert not done.wait(0.05)
    worker.join(10)
    assert done.is_set()


def test_a_busy_window_does_not_starve_a_worker() -> None:
    with pace.window:
        worker, done = _breathing()
        worker.join(10)
        assert done.is_set()


def test_an_error_in_the_window_frees_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LONGEST", 60.0)
    with pytest.raises(ValueError, match="no"), pace.window:
        int("no")
    worker, done = _breathing()
    worker.join(10)
    assert done.is_set()


def test_nobody_waits_for_a_dialog_that_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "LONGEST", 60.0)
    with pace.window:
        monkeypatch.setattr(pace.window, "since", time.monotonic() - pace.PIECE)
        worker, done = _breathing()
        worker.join(10)
        assert done.is_set()
