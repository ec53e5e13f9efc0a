"""Clients in control mode whose program was killed, and which tmux then never lets go of.

tmux (seen with 3.3a) keeps such a client for ever when it still has something to tell it: what it
writes to a pipe without a reader fails, and it waits until that is written. A server with a client
like this does not end either: "kill-server" makes it deaf, and it stays.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Sequence

import psutil

from aiops_desktop.adapters import living
from aiops_desktop.domain.trouble import Trouble

#: The variable of a client that says whose it is: process id and time of birth.
OWNER = "AIOPS_CONTROL_OWNER"


def owned() -> dict[str, str]:
    """The variable for a client of this process."""
    pid = os.getpid()
    return {OWNER: f"{pid} {living.birth(pid) or 0.0}"}


def end_stale(call: Callable[[Sequence[str]], str]) -> int:
    """End the clients of dead processes of ours; how many there were.

    Args:
        call: runs a tmux command and returns what it prints.
    """
    try:
        told = call(["list-clients", "-F", "#{client_control_mode} #{client_pid}"])
    except Trouble:
        return 0
    ended = 0
    for line in told.splitlines():
        control, _, pid = line.partition(" ")
        if control == "1" and pid.isdigit() and _is_orphan(int(pid)):
            with contextlib.suppress(OSError):
                os.kill(int(pid), signal.SIGKILL)  # it hears nothing milder: tmux has it
                ended += 1
    return ended


def _is_orphan(pid: int) -> bool:
    try:
        owner, _, birth = psutil.Process(pid).environ().get(OWNER, "").partition(" ")
        return bool(owner) and not living.alive(int(owner), float(birth))
    except (psutil.Error, OSError, ValueError):
        return False
