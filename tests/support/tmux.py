"""Private tmux servers, and terminals that look at them."""

from __future__ import annotations

import os
import pty
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux import Tmux, find_tmux, own_config


def tmux_server(name: str, **variables: str) -> Tmux:
    """A tenant's server; nothing runs in it yet."""
    env = process.environment(variables)
    return Tmux(find_tmux(env), f"aiops-{name}", own_config(), env)


class Terminal:
    """A terminal with a client in it; what it prints is read and kept."""

    def __init__(self, argv: Sequence[str], env: dict[str, str], cwd: Path | None = None) -> None:
        self.master, slave = pty.openpty()
        self.client = subprocess.Popen(
            argv, env=env, cwd=cwd, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.out = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def type(self, text: str) -> None:
        """What a person types."""
        os.write(self.master, text.encode())

    def close(self) -> None:
        """Hang up, as when a window is closed."""
        self.client.terminate()
        self.client.wait(10)
        self._reader.join(5)
        os.close(self.master)

    def _read(self) -> None:
        try:
            while data := os.read(self.master, 1 << 16):
                self.out += data
        except OSError:  # the other side has closed
            return


@contextmanager
def terminal(
    argv: Sequence[str], env: dict[str, str], cwd: Path | None = None
) -> Iterator[Terminal]:
    """A terminal that is closed at the end."""
    made = Terminal(argv, env, cwd)
    try:
        yield made
    finally:
        made.close()
