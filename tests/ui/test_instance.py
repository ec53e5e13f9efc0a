"""One window a data folder; the second start rings at the first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.adapters import instance
from aiops_desktop.domain.layout import Layout
from aiops_desktop.ui.instance import Doorbell, address, ring
from tests.support.stage import Stage


def test_two_data_folders_have_two_addresses(tmp_path: Path) -> None:
    one, two = Layout(tmp_path / "a"), Layout(tmp_path / ("b" * 200))
    assert address(one) != address(two)
    assert len(address(two)) < 100, "a Unix socket's path is short"


def test_the_first_window_hears_what_others_say(qapp: QApplication, qtbot: QtBot) -> None:
    where = f"/tmp/aiops-bell-{os.getpid()}"
    bell = Doorbell(where)
    assert bell.listen()
    heard: list[object] = []
    bell.raised.connect(lambda: heard.append("raise"))
    bell.quitted.connect(lambda: heard.append("quit"))
    bell.opened.connect(lambda tenant, project: heard.append((tenant, project)))
    for words in ("raise", "open acme/web-shop", "nonsense", "open half", "quit"):
        assert ring(where, words)
    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == ["raise", ("acme", "web-shop"), "quit"]
    bell.close()
    assert not ring(where, "raise"), "nobody is at home"


def test_a_dead_windows_socket_does_not_stop_the_next_one(qapp: QApplication) -> None:
    where = Path(f"/tmp/aiops-dead-{os.getpid()}")
    where.write_text("left behind")
    bell = Doorbell(str(where))
    assert bell.listen()
    bell.close()
    where.unlink(missing_ok=True)


def test_another_start_opens_the_project_it_names(stage: Stage) -> None:
    project = stage.project(stage.tenant("Acme Works"), "web-shop")
    assert ring(stage.opened.bell.address, "open acme-works/web-shop")
    stage.wait(lambda: stage.desk.project is not None)
    assert stage.desk.project is not None
    assert stage.desk.project.id == project.id
    stage.settle()


def _start(layout: Layout) -> subprocess.Popen[str]:
    environ = dict(os.environ, AIOPS_DATA_DIR=str(layout.data), QT_QPA_PLATFORM="offscreen")
    return subprocess.Popen(
        [sys.executable, "-m", "aiops_desktop", "start"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _until(lock: Path, child: subprocess.Popen[str]) -> instance.Instance:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = instance.read(lock)
        if found and found.socket and Path(found.socket).exists():
            return found
        assert child.poll() is None, child.communicate()[0]
        time.sleep(0.05)  # polls another process
    raise AssertionError("the window did not open")


@pytest.mark.parametrize("how", ["shell", "signal"])
def test_a_second_start_ends_and_the_first_closes_when_asked(layout: Layout, how: str) -> None:
    first = _start(layout)
    try:
        found = _until(layout.socket, first)
        assert found.pid == first.pid
        second = _start(layout)
        assert second.wait(30) == 0
        second.communicate()
        assert first.poll() is None, "the first window stays"
        if how == "shell":
            assert instance.stop(found)
        else:
            first.send_signal(signal.SIGTERM)
        assert first.wait(20) == 0
        assert not layout.socket.exists()
    finally:
        if first.poll() is None:
            first.kill()
        first.communicate()
