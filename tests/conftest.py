"""What every test gets: a home, a data folder and a tmux server folder of its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.storage.database import Database
from tests.support import guard

if TYPE_CHECKING:
    from tests.support.update import Clone, Server

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# How long an example takes, or its making, says something about the machine and not about it.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

_UNWANTED = (
    "AIOPS_",
    "SEMAPHORE_",
    "CODEX_",
    "AIDER_",
    "DEFAULT_AI_",
    "GIT_",
    "SSH_",
    "TMUX",
    "OPENAI_",
)
#: Found before a test puts another one on the path.
_TMUX = shutil.which("tmux")
_KEPT = ("AIOPS_TEST_", "GIT_SSL_")


@pytest.fixture(autouse=True)
def private_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Nothing of the person at this computer is read or written by a test."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(_UNWANTED) and not name.startswith(_KEPT):
            monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={home}/no-bus")
    (home / ".gitconfig").write_text(
        '[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
    )
    # A short path: Unix sockets take 107 bytes at most.
    sockets = Path(f"/tmp/aiops-t-{os.getpid()}-{os.urandom(3).hex()}")
    sockets.mkdir(mode=0o700)
    monkeypatch.setenv("TMUX_TMPDIR", str(sockets))
    databases = _databases(monkeypatch)
    yield home
    for database in databases:
        database.close()
    _end_tmux(sockets)
    shutil.rmtree(sockets, ignore_errors=True)


def _databases(monkeypatch: pytest.MonkeyPatch) -> list[Database]:
    """Those opened from now on: one a program, but hundreds in a run of all tests."""
    opened: list[Database] = []
    begin = Database.__init__

    def remembered(self: Database, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        opened.append(self)

    monkeypatch.setattr(Database, "__init__", remembered)
    return opened


def _end_tmux(sockets: Path) -> None:
    import subprocess

    tmux = _TMUX or "tmux"
    for socket in sockets.glob("tmux-*/*"):
        subprocess.run([tmux, "-S", str(socket), "kill-server"], check=False, capture_output=True)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A fresh data folder."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    return Layout(data, is_default=False)


@pytest.fixture(scope="session")
def newer_program(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The program's repository with a newer version in it; made once, because that takes long."""
    from tests.support.update import serve

    return serve(tmp_path_factory.mktemp("update"))


@pytest.fixture
def update_server(newer_program: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The same, with nothing broken about it, and its tools at hand."""
    from tests.support.update import environment

    for name, value in environment(newer_program.tools).items():
        monkeypatch.setenv(name, value)
    for sign in ("broken", "hold", "holding", "calls"):
        (newer_program.tools / sign).unlink(missing_ok=True)
    return newer_program


@pytest.fixture
def update_clone(update_server: Server, tmp_path: Path, layout: Layout) -> Clone:
    """An older clone of the program, ready to be updated."""
    from tests.support.update import older_clone

    return older_clone(update_server, tmp_path, layout)


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """The plugin's own, with the patience a busy machine needs: five seconds can be too short."""
    patient = partial(qtbot.waitUntil, timeout=30_000)
    qtbot.waitUntil = patient  # type: ignore[method-assign]  # only its default changes
    signal = partial(qtbot.waitSignal, timeout=30_000)
    qtbot.waitSignal = signal  # type: ignore[method-assign]  # the same
    return qtbot


def pytest_configure(config: pytest.Config) -> None:
    """A test that runs away must not take the computer with it."""
    guard.watch()
