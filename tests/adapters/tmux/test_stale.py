"""A program that was killed leaves a client in control mode that tmux does not let go of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from aiops_desktop.adapters.tmux import Tmux
from tests.support.tmux import tmux_server
from tests.support.waiting import until

#: Connects as the program does, asks for far more than the pipe takes, and reads none of it.
_DEAF = """
import os, sys, time
from pathlib import Path
from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux.stale import owned
argv = sys.argv[1:]
client = process.converse(argv, env={**os.environ, **owned()}, cwd=Path("/"))
for _ in range(100):
    client.stdin.write(b"list-keys\\n")
client.stdin.flush()
print(client.pid, flush=True)
time.sleep(300)
"""


@pytest.fixture
def acme(tmp_path: Path) -> Tmux:
    server = tmux_server("acme", TENANT="acme")
    server.new_window("acme-shell", "one", ["sleep", "300"], tmp_path, owner="project:1")
    return server


def _left_behind(acme: Tmux) -> psutil.Process:
    """A client whose program was killed, and which tmux holds."""
    program = subprocess.Popen(
        [sys.executable, "-c", _DEAF, *acme.control_argv("acme-shell")],
        env={**os.environ, **acme.client_environment()},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    client = psutil.Process(int(program.stdout.readline()))
    until(lambda: bool(acme.look("view").server), why="the server answers beside it")
    program.send_signal(signal.SIGKILL)
    program.wait()
    program.stdout.close()
    return client


def test_what_a_killed_program_left_is_ended_before_the_next_connection(acme: Tmux) -> None:
    client = _left_behind(acme)
    acme.prepare(acme.look("view"))
    until(lambda: not client.is_running(), why="the stale client is gone")
    control = acme.control("acme-shell")
    assert control.ask(["display-message", "-p", "#{session_name}"]) == ("acme-shell",)
    control.close()


def test_a_server_ends_although_a_killed_program_left_a_client(acme: Tmux) -> None:
    client = _left_behind(acme)
    server = psutil.Process(next(iter(acme.look("view").windows)).pid).parent()
    assert server is not None
    acme.kill_server()
    until(lambda: not client.is_running() and not server.is_running(), why="both are gone")


def test_a_living_program_keeps_its_client(acme: Tmux) -> None:
    control = acme.control("acme-shell")
    acme.prepare(acme.look("view"))
    assert control.ask(["display-message", "-p", "here"]) == ("here",)
    control.close()
