"""tmux: one server per tenant, reached only through its own socket."""

from __future__ import annotations

from aiops_desktop.adapters.tmux.server import SessionInfo, Tmux, WindowInfo, find_tmux, own_config

__all__ = ["SessionInfo", "Tmux", "WindowInfo", "find_tmux", "own_config"]
