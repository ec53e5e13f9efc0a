"""The window that runs on a data folder: found through its lock file, asked to close."""

from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.adapters import living
from aiops_desktop.domain.trouble import Failed

#: Seconds a window gets to close by itself before it gets a signal, and again after that.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Instance:
    """What the lock file says of a window: its process, when that began, where it listens."""

    pid: int
    birth: float
    socket: str

    @property
    def alive(self) -> bool:
        """Whether that very process still runs."""
        return living.alive(self.pid, self.birth)


def read(lock: Path) -> Instance | None:
    """What stands in the lock file, None when there is none or nothing usable in it."""
    try:
        told = json.loads(lock.read_text())
        return Instance(int(told["pid"]), float(told["birth"]), str(told.get("socket") or ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def claim(lock: Path, address: str) -> Instance | None:
    """Write the lock file for this process, unless another window lives; that one, or None.

    Args:
        lock: the file.
        address: path of the Unix socket this window listens on, "" for none.

    Raises:
        Failed: the file cannot be written.
    """
    pid = os.getpid()
    told = json.dumps({"pid": pid, "birth": living.birth(pid) or 0.0, "socket": address})
    part = lock.with_name(f"{lock.name}.{pid}.part")
    try:
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_text(told)
        for _ in range(3):
            try:
                os.link(part, lock)  # whole or not at all: two starts at once make one window
            except FileExistsError:
                other = read(lock)
                if other is not None and other.alive and other.pid != pid:
                    return other
                lock.unlink(missing_ok=True)
            else:
                return None
        part.replace(lock)
    except OSError as error:
        raise Failed(
            f"The file {lock} could not be written: {error.strerror}.",
            "Check the data folder's space and permissions.",
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return None


def release(lock: Path) -> None:
    """Remove the lock file when it is this process's."""
    found = read(lock)
    if found is not None and found.pid == os.getpid():
        lock.unlink(missing_ok=True)


def stop(found: Instance, patience: float = PATIENCE) -> bool:
    """Ask the window to close, and end its process when it does not; whether it is gone."""
    if not found.alive:
        return True
    if _say(found.socket, b"quit\n") and _gone(found, patience):
        return True
    if found.alive:  # looked at again: the number may belong to another process by now
        try:
            os.kill(found.pid, signal.SIGTERM)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
    return _gone(found, patience)


def _say(address: str, words: bytes) -> bool:
    import socket  # by `stop` alone; the window starts sooner without

    if not address or not hasattr(socket, "AF_UNIX"):
        return False
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            line.connect(address)
            line.sendall(words)
    except OSError:
        return False
    return True


def _gone(found: Instance, patience: float) -> bool:
    end = time.monotonic() + patience
    while found.alive:
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
