"""How a program becomes a tmux window: the command lines, and the marks by which we know it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.adapters.tmux import look
from aiops_desktop.adapters.tmux.call import plain
from aiops_desktop.adapters.tmux.version import Feature, Version

_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL", re.IGNORECASE)
#: What a pane must have even when the server was started long ago by another version of us.
_ALWAYS = ("PATH", "HOME", "LANG", "SHELL")


@dataclass(frozen=True)
class Launch:
    """A program to run as a window's own command."""

    name: str
    argv: Sequence[str]
    cwd: Path
    variables: Mapping[str, str]

    def as_window(self, place: str, version: Version) -> list[str]:
        """As a window of a session that lives; `place` is "=session:index"."""
        return ["new-window", "-t", place, *self._common(version), *self._e(), "--", *self._run()]

    def as_session(self, session: str, version: Version) -> list[str]:
        """As the first window of a session."""
        made = ["new-session", "-s", session, "-x", "120", "-y", "36"]
        made += self._common(version)
        if version.has(Feature.FIRST_VARIABLES):
            return [*made, *self._e(), "--", *self._run()]
        return [*made, "--", "/usr/bin/env", *self._pairs(), *self._run()]

    def as_respawn(self, window: str) -> list[str]:
        """In a window whose own program has ended; tmux refuses where one lives."""
        cwd = plain(str(self.cwd))
        return ["respawn-window", "-t", window, "-c", cwd, *self._e(), "--", *self._run()]

    def _common(self, version: Version) -> list[str]:
        name = plain(self.name) if version.has(Feature.EXPANDED_NAMES) else self.name
        cwd = plain(str(self.cwd))
        return ["-d", "-P", "-F", "#{window_id}", "-n", name, "-c", cwd]

    def _run(self) -> list[str]:
        """One word alone would go through a shell, which two do not."""
        return list(self.argv) if len(self.argv) > 1 else ["/usr/bin/env", *self.argv]

    def _pairs(self) -> list[str]:
        return [f"{name}={value}" for name, value in self.variables.items()]

    def _e(self) -> list[str]:
        return [part for pair in self._pairs() for part in ("-e", pair)]


def variables(env: Mapping[str, str], more: Mapping[str, str] | None, cwd: Path) -> dict[str, str]:
    """What a window needs beside its server's variables.

    They can be seen in the list of processes, so no secret is among them.
    """
    given = {**env, **(more or {}), "PWD": str(cwd)}
    return {
        name: value
        for name, value in given.items()
        if (name in _ALWAYS or name not in os.environ or os.environ[name] != value)
        and not _SECRET.search(name)
        and "\n" not in value
    }


def marks(*, owner: str = "", program: str = "", keep: bool = False) -> dict[str, str]:
    """Window options of a window that is started now; empty ones are not set."""
    given = {look.OWNER: owner, look.PROGRAM: program, look.OPENED: str(int(time.time()))}
    given["remain-on-exit"] = "on" if keep else ""
    return {name: value for name, value in given.items() if value}


def marking(window: str, given: Mapping[str, str]) -> list[list[str]]:
    """The commands that set window options."""
    return [["set-option", "-w", "-t", window, name, value] for name, value in given.items()]
