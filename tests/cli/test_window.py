"""start, stop and status of the window, seen from a shell; and how little the way to it imports."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from aiops_desktop.__main__ import main
from aiops_desktop.adapters import instance, living
from aiops_desktop.domain.layout import Layout
from aiops_desktop.services.instance import WindowLock
from tests.support.shell import Shell

Child = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture(autouse=True)
def profile(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIOPS_DATA_DIR", str(layout.data))


@pytest.fixture
def child() -> Iterator[Child]:
    """Starts processes that play the window, and ends them."""
    started: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> subprocess.Popen[bytes]:
        made = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
        started.append(made)
        assert made.stdout is not None
        assert made.stdout.readline() == b"ready\n"
        return made

    yield start
    for one in started:
        one.kill()
        one.wait()
        if one.stdout:
            one.stdout.close()


def _lock(layout: Layout, pid: int, address: str = "", birth: float | None = None) -> None:
    began = living.birth(pid) if birth is None else birth
    layout.socket.write_text(json.dumps({"pid": pid, "birth": began, "socket": address}))


_SLEEPER = "import time; print('ready', flush=True); time.sleep(60)"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="others always have a display")
def test_without_a_display_a_sentence_says_what_works(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 5
    said = capsys.readouterr().err
    assert "there is no display" in said
    assert "aiops-desktop demo" in said


def test_a_self_test_needs_no_display() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aiops_desktop", "--self-test"],
        env={
            name: value
            for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["SHOWN", "LOADED"]


def test_a_self_test_fails_when_a_table_is_not_as_it_should_be(layout: Layout) -> None:
    assert main(["tenant", "add", "Acme"]) == 0
    assert main(["project", "add", "acme", "git@h.example:a/site"]) == 0
    with closing(sqlite3.connect(layout.database)) as database:
        database.execute("ALTER TABLE projects RENAME COLUMN default_branch TO bough")
    done = subprocess.run(
        [sys.executable, "-m", "aiops_desktop", "--self-test"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert "FAILED" in done.stdout
    assert "no such column" in done.stderr


def test_no_window(layout: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 1
    assert main(["stop"]) == 0
    assert capsys.readouterr().out == "The window is not running.\n" * 2


def test_a_running_window_is_named_by_its_pid(
    layout: Layout, child: Child, capsys: pytest.CaptureFixture[str]
) -> None:
    window = child(_SLEEPER)
    _lock(layout, window.pid)
    assert main(["status"]) == 0
    assert f"PID {window.pid}" in capsys.readouterr().out
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "running": True,
        "pid": window.pid,
        "stale": False,
    }


@pytest.mark.parametrize("content", ["", "null", "[]", "{}", '{"pid": "x"}', '{"pid": 1}', "\0"])
def test_a_lock_nobody_can_read_is_stale(
    layout: Layout, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    layout.socket.write_text(content)
    assert main(["status"]) == 1
    assert "stale" in capsys.readouterr().out
    assert main(["stop"]) == 0
    assert "was removed" in capsys.readouterr().out
    assert main(["status"]) == 1
    assert capsys.readouterr().out == "The window is not running.\n"


def test_a_number_that_another_process_has_got_is_left_alone(
    layout: Layout, child: Child, capsys: pytest.CaptureFixture[str]
) -> None:
    innocent = child(_SLEEPER)
    began = living.birth(innocent.pid)
    assert began is not None
    _lock(layout, innocent.pid, birth=began - 3600)
    assert main(["status"]) == 1
    assert "stale" in capsys.readouterr().out
    assert main(["stop"]) == 0
    assert innocent.poll() is None


def test_stop_asks_over_the_socket(layout: Layout, child: Child, private_home: Path) -> None:
    address = str(Path(os.environ["TMUX_TMPDIR"]) / "w")
    window = child(
        f"""
import socket
line = socket.socket(socket.AF_UNIX)
line.bind({address!r})
line.listen()
print("ready", flush=True)
caller, _ = line.accept()
assert caller.recv(100) == b"quit\\n"
raise SystemExit(7)
"""
    )
    _lock(layout, window.pid, address)
    reaper = threading.Thread(target=window.wait)  # a zombie would count as gone, too
    reaper.start()
    assert main(["stop"]) == 0
    reaper.join(10)
    assert window.returncode == 7


@pytest.mark.parametrize("address", ["", "/not/there"])
def test_a_window_that_does_not_listen_gets_a_signal(
    layout: Layout, child: Child, address: str
) -> None:
    window = child(_SLEEPER)
    _lock(layout, window.pid, address)
    assert main(["stop"]) == 0
    assert window.wait(10) == -signal.SIGTERM


def test_a_window_that_listens_but_hangs_gets_a_signal(layout: Layout, child: Child) -> None:
    address = str(Path(os.environ["TMUX_TMPDIR"]) / "w")
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(address)
        line.listen()
        window = child(_SLEEPER)
        _lock(layout, window.pid, address)
        found = instance.read(layout.socket)
        assert found is not None
        assert instance.stop(found, patience=0.3)
    assert window.wait(10) == -signal.SIGTERM


def test_only_one_window_has_a_data_folder(layout: Layout, child: Child) -> None:
    window = child(
        "from pathlib import Path; from aiops_desktop.domain.layout import Layout;"
        "from aiops_desktop.services.instance import WindowLock;"
        f"lock = WindowLock(Layout(Path({str(layout.data)!r})));"
        "assert lock.claim('/some/socket') is None; assert lock.claim('/some/socket') is None;"
        "print('ready', flush=True); import time; time.sleep(60)"
    )
    mine = WindowLock(layout)
    first = mine.claim("/other")
    assert first is not None
    assert (first.pid, first.socket) == (window.pid, "/some/socket")
    mine.release()
    assert instance.read(layout.socket) == first, "not mine to remove"
    window.kill()
    window.wait()
    assert mine.claim("/other") is None, "the dead one's lock is stale"
    assert main(["status"]) == 0
    mine.release()
    assert not layout.socket.exists()


def test_the_three_answers_for_scripts(
    layout: Layout, child: Child, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer() -> tuple[bool, bool]:
        main(["status", "--json"])
        told = json.loads(capsys.readouterr().out)
        return told["running"], told["stale"]

    assert answer() == (False, False)
    window = child(_SLEEPER)
    _lock(layout, window.pid)
    assert answer() == (True, False)
    window.kill()
    window.wait()
    assert answer() == (False, True)


@pytest.mark.parametrize("verb", ["start", "stop", "restart"])
def test_the_windows_verbs_have_their_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    assert f"aiops-desktop {verb}" in capsys.readouterr().out


def test_the_window_opens_in_the_background_restarts_and_closes(layout: Layout) -> None:
    shell = Shell(layout, QT_QPA_PLATFORM="offscreen")
    del shell.environment["PYTHONPATH"]  # it keeps Qt away
    try:
        first = shell("start", "--background").out
        assert "running with PID" in first
        assert shell("start", "--background").out == first, "there is one window a data folder"
        assert shell("status").out == first
        again = shell("restart", "--background").out
        assert "The window has closed." in again
        assert again.splitlines()[-1] != first.strip()
    finally:
        closed = shell("stop").out
    assert closed == "The window has closed.\n"
    assert "not running" in shell("status", code=1).out


def test_a_window_that_cannot_open_says_where_its_log_is(layout: Layout) -> None:
    shell = Shell(layout, QT_QPA_PLATFORM="no-such-platform")
    assert "window.log" in shell("start", "--background", code=1).err


_HEAVY = ("PySide6", "sqlalchemy", "alembic", "pygit2", "paramiko", "requests", "keyring")


@pytest.mark.parametrize(
    "code",
    [
        "import aiops_desktop.__main__, aiops_desktop.app",
        "from aiops_desktop.app import layout_from_environment as f; f()",
        "from aiops_desktop.__main__ import main; main(['status'])",
        "import aiops_desktop.services.house, aiops_desktop.services.tenants,"
        " aiops_desktop.services.projects, aiops_desktop.services.history,"
        " aiops_desktop.services.settings, aiops_desktop.services.operators",
    ],
)
def test_nothing_heavy_is_imported_before_the_window_shows(code: str) -> None:
    watch = f"{code}\nimport sys; print([n for n in {_HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
