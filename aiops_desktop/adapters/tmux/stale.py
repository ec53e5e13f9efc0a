"""Clients in control mode whose program was killed, and which tmux then never lets go of.

tmux (seen with 3.3a to 3.7c) keeps such a client for ever when it still has something to tell it:
what it writes to a pipe without a reader fails, and it waits until that is written. A server with a
client like this does not end either: "kill-server" makes it deaf, and it stays. tmux 3.7 does not
name it among its clients any more, so that it is looked for among the processes.
"""

from __future__ import annotations

import os

import psutil

from aiops_desktop.adapters import living

#: The variable of a client that says whose it is: process id and time of birth.
OWNER = "AIOPS_CONTROL_OWNER"


def owned() -> dict[str, str]:
    """The variable for a client of this process."""
    pid = os.getpid()
    return {OWNER: f"{pid} {living.birth(pid) or 0.0}"}


def end_stale() -> int:
    """End the clients, of whatever server, of dead processes of ours; how many there were."""
    ended = 0
    for client in psutil.process_iter():
        try:
            if client.name().startswith("tmux") and _is_orphan(client):
                client.kill()  # it hears nothing milder: tmux has it
                ended += 1
        except (psutil.Error, OSError, ValueError):  # gone meanwhile, or somebody else's
            continue
    return ended


def _is_orphan(client: psutil.Process) -> bool:
    owner, _, birth = client.environ().get(OWNER, "").partition(" ")
    return bool(owner) and "-C" in client.cmdline() and not living.alive(int(owner), float(birth))
