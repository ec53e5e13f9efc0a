"""Runs tmux once for one or several commands: the seam between the verbs and the program."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux.told import trouble
from aiops_desktop.adapters.tmux.version import Version, version_of

#: Seconds a tmux command may take.
TIMEOUT = 10.0
#: One lock for each socket; see `Caller.gate`.
_gates: dict[Path, threading.Lock] = {}


class Caller:
    """Knows program, socket, configuration and environment of one tenant's server."""

    def __init__(self, program: str, socket: str, config: Path, env: Mapping[str, str]) -> None:
        self.program = program
        self.socket = socket
        self.config = config
        self.env = {name: value for name, value in env.items() if name != "TMUX"}
        if "TMUX_TMPDIR" in os.environ:  # where the person's own tmux looks for sockets, too
            self.env["TMUX_TMPDIR"] = os.environ["TMUX_TMPDIR"]

    @property
    def version(self) -> Version:
        """Of the program; a server may have been started by an earlier one."""
        return version_of(self.program)

    @property
    def path(self) -> Path:
        """The socket: in the place where tmux makes it (tmux(1), -L)."""
        folder = Path(self.env.get("TMUX_TMPDIR") or "/tmp")  # noqa: S108 - tmux's own default
        return folder / f"tmux-{os.getuid()}" / self.socket

    @property
    def gate(self) -> threading.Lock:
        """Held while a client in control mode connects, and during every other command of ours.

        Before 3.7 a server dies (SIGSEGV in control_write, tmux commit 31c93c4) when a session
        begins or ends between the moment it learns that a client is in control mode and the
        moment that client is ready; on a busy computer these are milliseconds.
        """
        return _gates.setdefault(self.path, threading.Lock())

    def base(self) -> list[str]:
        """What every command line begins with."""
        # -u: else control characters and letters beyond ASCII come back as underscores.
        return [self.program, "-u", "-L", self.socket, "-f", str(self.config)]

    def call(self, *commands: Sequence[str]) -> str:
        """Run commands one after the other in one process; what they print.

        tmux does them in one go, with nothing of its other work between, and stops at the first
        one that fails.

        Raises:
            Trouble: as `told.trouble` says it.
        """
        return self.call_bytes(*commands).decode("utf-8", "replace")

    def call_bytes(self, *commands: Sequence[str], timeout: float = TIMEOUT) -> bytes:
        """The same, as tmux wrote it."""
        words: list[str] = []
        for command in commands:
            words += [";"] if words else []
            words += map(_whole, command)
        with self.gate:
            done = process.run([*self.base(), *words], env=self.env, cwd=Path("/"), timeout=timeout)
        if done.code != 0:
            raise trouble(done.error_text or f"it ended with exit code {done.code}", done.argv)
        return done.out


def plain(text: str) -> str:
    """Text for an option that tmux would expand as a format, "#(command)" among them."""
    return text.replace("#", "##")


def _whole(argument: str) -> str:
    """An argument; a semicolon at its end would begin another tmux command."""
    return argument[:-1] + "\\;" if argument.endswith(";") else argument
