"""tmux: one server per tenant, reached only through its own socket."""

from __future__ import annotations

from aiops_desktop.adapters.tmux.control import Control
from aiops_desktop.adapters.tmux.health import Socket
from aiops_desktop.adapters.tmux.look import (
    PaneInfo,
    ServerInfo,
    SessionInfo,
    Snapshot,
    WindowInfo,
    questions,
    read,
)
from aiops_desktop.adapters.tmux.protocol import Notice
from aiops_desktop.adapters.tmux.server import Tmux
from aiops_desktop.adapters.tmux.settle import own_config
from aiops_desktop.adapters.tmux.told import NoServer, OtherProtocol
from aiops_desktop.adapters.tmux.version import Feature, Version, find_tmux, parse

__all__ = [
    "Control",
    "Feature",
    "NoServer",
    "Notice",
    "OtherProtocol",
    "PaneInfo",
    "ServerInfo",
    "SessionInfo",
    "Snapshot",
    "Socket",
    "Tmux",
    "Version",
    "WindowInfo",
    "find_tmux",
    "own_config",
    "parse",
    "questions",
    "read",
]
