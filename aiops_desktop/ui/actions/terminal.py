"""What a person can do with terminals."""

from __future__ import annotations

from collections.abc import Callable

from aiops_desktop.ui.actions.action import Action, needs_checkout, needs_project
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr


def _asks(argument: object) -> Callable[[Desk], None]:
    """Show the terminal page and have it do this (see `TerminalPage.open_argument`)."""
    return lambda desk: desk.go("terminal", argument)


def _on_page(desk: Desk) -> str:
    reason = needs_project(desk)
    if reason or desk.page == "terminal":
        return reason
    return tr("Show the terminal first.")


ACTIONS: tuple[Action, ...] = (
    Action(
        "terminal.new",
        tr("New terminal"),
        _asks("new"),
        "Terminal",
        "terminal-window",
        needs_checkout,
        "Ctrl+Shift+T",
        words="shell console tab",
    ),
    Action(
        "terminal.shell",
        tr("New terminal with a shell"),
        _asks(("tool", "shell")),
        "Terminal",
        "terminal",
        needs_checkout,
        words="bash zsh console",
    ),
    Action(
        "terminal.codex",
        tr("New terminal with Codex"),
        _asks(("tool", "codex")),
        "Terminal",
        "robot",
        needs_checkout,
        words="assistant ai",
    ),
    Action(
        "terminal.aider",
        tr("New terminal with Aider"),
        _asks(("tool", "aider")),
        "Terminal",
        "robot",
        needs_checkout,
        words="assistant ai",
    ),
    Action(
        "terminal.attach_command",
        tr("Copy attach command"),
        _asks("attach_command"),
        "Terminal",
        "copy",
        _on_page,
        words="tmux attach",
    ),
    Action(
        "terminal.close",
        tr("Close terminal"),
        _asks("close"),
        "Terminal",
        "x",
        _on_page,
        "Ctrl+Shift+W",
    ),
)
