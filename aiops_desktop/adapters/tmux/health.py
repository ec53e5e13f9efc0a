"""Whether anybody is behind a tmux socket, and what can be done when the socket itself is gone."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from enum import Enum
from pathlib import Path

#: Seconds a server has to make its socket again.
REVIVE = 2.0
#: Seconds a server has to take care of signals.
YOUNG = 1.0


class Socket(Enum):
    """What was found where a server should listen."""

    ANSWERS = "answers"
    NONE = "none"
    """No file, and no server that lost it."""
    STALE = "stale"
    """A file that nobody listens at: the server died."""
    GONE = "gone"
    """A server listens, but the file was removed (by a cleaner of /tmp, say)."""


def examine(path: Path, *, thorough: bool = False) -> Socket:
    """Look at a socket. Starts no process; connects and hangs up at once.

    Args:
        path: of the socket.
        thorough: also look for a server whose socket was removed; costs some milliseconds for each
            tmux process of this account.
    """
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(1.0)
            probe.connect(str(path))
    except (FileNotFoundError, NotADirectoryError):
        return Socket.GONE if thorough and server_behind(path) else Socket.NONE
    except (ConnectionRefusedError, TimeoutError):
        return Socket.STALE
    except OSError:  # no permission, a path too long: tmux itself says it better
        return Socket.ANSWERS
    return Socket.ANSWERS


def server_behind(path: Path) -> int:
    """The process that listens at a socket's path, even when the file is gone; 0 for none."""
    import psutil

    for one in psutil.process_iter(["name", "uids"]):
        with contextlib.suppress(psutil.Error):
            if not (one.info["name"] or "").startswith("tmux"):
                continue
            if one.info["uids"] is None or one.info["uids"].real != os.getuid():
                continue
            if any(str(it.laddr) == str(path) for it in one.net_connections("unix")):
                return int(one.pid)
    return 0


def revive(path: Path) -> bool:
    """Have a server whose socket was removed make it again; whether it answers there.

    tmux(1): a server makes its socket anew on SIGUSR1. One that has only just been started would be
    ended by that signal; it is waited for instead.
    """
    pid = server_behind(path)
    if not pid:
        return False
    while not path.exists() and 0 < _age(pid) < YOUNG:
        time.sleep(0.02)
    if path.exists():
        return examine(path) is Socket.ANSWERS
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGUSR1)
    until = time.monotonic() + REVIVE
    while examine(path) is not Socket.ANSWERS:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return server_behind(path) == pid  # and not one that was started in this very moment


def remind(pid: int) -> None:
    """Have a server look after its children, as it does on SIGCHLD.

    tmux (3.3a among them) now and then misses the end of one: the program stays as a zombie, and
    its exit code is not known until the next one ends.
    """
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGCHLD)


def _age(pid: int) -> float:
    """Seconds a process has lived; 0 for one that is gone."""
    import psutil

    with contextlib.suppress(psutil.Error):
        return time.time() - psutil.Process(pid).create_time()
    return 0.0
