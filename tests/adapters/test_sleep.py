"""The computer's sleep is heard before it begins, or noticed afterwards, and never in vain."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from aiops_desktop.adapters.sleep import JUMP, SleepWatch
from tests.support.logind import PATIENCE, logind


class Falls:
    """Counts how often the computer fell asleep, and may take its time."""

    def __init__(self) -> None:
        self._told = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self) -> None:
        self._told.release()
        self.go_on.wait(PATIENCE)

    def happened(self) -> bool:
        return self._told.acquire(timeout=PATIENCE)

    def more(self) -> bool:
        return self._told.acquire(blocking=False)


def test_logind_waits_until_all_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    falls = Falls()
    falls.go_on.clear()
    with logind(tmp_path, monkeypatch) as manager:
        watch = SleepWatch(falls)
        watch.start()
        try:
            held = manager.held()
            manager.tell(falls=True)
            assert falls.happened()
            with pytest.raises(BlockingIOError):  # still held while the keys are being locked
                _read_now(held)
            falls.go_on.set()
            assert manager.let_go(held)
            manager.tell(falls=False)
            again = manager.held()
            assert not falls.more()
        finally:
            watch.stop()
        assert manager.let_go(again)


def test_what_fails_before_a_sleep_does_not_end_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = threading.Semaphore(0)

    def falls() -> None:
        times.release()
        raise RuntimeError("a bug")

    with logind(tmp_path, monkeypatch) as manager:
        watch = SleepWatch(falls)
        watch.start()
        try:
            held = manager.held()
            for _ in range(2):
                manager.tell(falls=True)
                assert times.acquire(timeout=PATIENCE)
                assert manager.let_go(held)
                manager.tell(falls=False)
                held = manager.held()
        finally:
            watch.stop()
        assert manager.let_go(held)


def test_clocks_tell_of_a_sleep_where_there_is_no_bus() -> None:
    falls, ahead = Falls(), [0.0]
    watch = SleepWatch(falls, clock=lambda: ahead[0], pause=0.01)
    watch.start()
    try:
        ahead[0] = JUMP - 1  # a clock that was corrected
        ahead[0] += JUMP + 1
        assert falls.happened()
    finally:
        watch.stop()
    assert not falls.more()


def test_a_sleep_that_logind_told_of_is_one_sleep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    falls, ahead, looks = Falls(), [0.0], threading.Semaphore(0)

    def clock() -> float:
        looks.release()
        return ahead[0]

    with logind(tmp_path, monkeypatch) as manager:
        watch = SleepWatch(falls, clock=clock, pause=0.05)
        watch.start()
        try:
            held = manager.held()
            manager.tell(falls=True)
            assert falls.happened()
            assert manager.let_go(held)
            ahead[0] = JUMP + 1
            manager.tell(falls=False)
            again = manager.held()
            while looks.acquire(blocking=False):
                pass
            for _ in range(4):
                assert looks.acquire(timeout=PATIENCE)
            assert not falls.more()
        finally:
            watch.stop()
        assert manager.let_go(again)


@pytest.mark.parametrize("greets", [False, True])
def test_a_bus_that_never_answers_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, greets: bool
) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "bus"))
        dead.listen()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        monkeypatch.setattr("aiops_desktop.adapters.sleep.PATIENCE", 0.2)
        falls, ahead = Falls(), [0.0]
        watch = SleepWatch(falls, clock=lambda: ahead[0], pause=0.01)
        watch.start()
        try:
            ahead[0] = JUMP + 1
            assert falls.happened()
        finally:
            watch.stop()


def _read_now(descriptor: int) -> None:
    import os

    os.set_blocking(descriptor, False)
    os.read(descriptor, 1)


def test_a_bus_that_talks_nonsense_does_not_end_the_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/bus")
        falls, ahead = Falls(), [0.0]
        watch = SleepWatch(falls, clock=lambda: ahead[0], pause=0.01)
        watch.start()
        try:
            bus.settimeout(PATIENCE)
            line, _ = bus.accept()
            with line:
                line.settimeout(PATIENCE)
                assert line.recv(1024)
                line.sendall(b"OK 0123456789abcdef\r\nAGREE_UNIX_FD\r\n\xff\xfe\xfd" * 20)
                ahead[0] = JUMP + 1
                assert falls.happened()
        finally:
            watch.stop()
