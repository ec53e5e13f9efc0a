"""Brings a server in line with our settings, also one that an earlier version of us started."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from aiops_desktop.adapters.tmux import look
from aiops_desktop.adapters.tmux.look import ServerInfo

#: Notes the time of a bell on its window: tmux's own flag is not set for a window that some view
#: has in front, and stays on in the sessions nobody looks at. The place among other hooks is ours.
_HOOK = ["set-hook", "-g", "alert-bell[97]"]
_NOTE_BELL = f"set-option -w -F {look.BELL} '#{{window_activity}}'"


def own_config() -> Path:
    """The tmux configuration that ships with the program."""
    return Path(str(files("aiops_desktop") / "resources" / "tmux.conf"))


def settling(server: ServerInfo | None, config: Path, *, clipboard: bool) -> list[list[str]]:
    """Commands to give to a server; none when it is in line. `server` None is one just started.

    A person's own configuration is read by tmux when the server starts, and never again by us: it
    may hold commands that are not meant to be run twice.
    """
    own = config == own_config()
    mark = _mark(config.read_bytes() if own else b"the person's own")
    commands: list[list[str]] = []
    if server is None or server.config != mark:
        if server is not None and own:
            commands.append(["source-file", str(config)])
        commands.append([*_HOOK, _NOTE_BELL])
        commands.append(["set-option", "-s", look.CONFIG, mark])
    now = server.clipboard if server else ""
    if clipboard and (now != "on" or commands):
        commands.append(["set-option", "-s", "set-clipboard", "on"])
    elif not clipboard and now == "on":
        commands.append(["set-option", "-s", "set-clipboard", "external"])
    return commands


def _mark(content: bytes) -> str:
    return hashlib.sha256(content + _NOTE_BELL.encode()).hexdigest()[:12]
