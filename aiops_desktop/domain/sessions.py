"""Sessions: terminals that live in tmux and go on without us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiops_desktop.domain.changes import Changes


@dataclass(frozen=True, slots=True)
class SessionWindow:
    """A tmux window. `busy` means that something other than the shell runs in its pane."""

    session: str
    index: int
    id: str
    name: str
    command: str
    path: str
    pid: int
    dead: bool
    active: bool
    bell: bool = False
    activity: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A tmux session of a tenant."""

    tenant_id: int
    socket: str
    name: str
    created: datetime
    attached: int
    windows: tuple[SessionWindow, ...]
    attach_command: str
    """For another terminal: `tmux -L aiops-acme attach -t acme-shell`."""


@dataclass(frozen=True, slots=True)
class RememberedSession:
    """A terminal as the database knows it. `lost`: it ended while nobody looked (a restart)."""

    tenant_id: int
    project_id: int
    session: str
    window: str
    program: str
    folder: Path
    opened: datetime
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """How a terminal tab attaches: what the widget runs in its PTY.

    Attributes:
        argv: the program and its arguments.
        environment: the whole environment of the child; nothing is inherited.
        title: for the tab, such as "acme-shell".
        program: what runs in it, such as "codex" or "bash".
        note: a sentence to show above the terminal ("Codex was not found …"), "" for none.
        lasting: it goes on when the app ends (tmux); otherwise it ends with the app.
        attach_command: for copying; "" when not lasting.
        view: name of the grouped session made for this tab; ends with the tab. "" when none.
    """

    argv: tuple[str, ...]
    environment: dict[str, str]
    folder: Path
    title: str
    program: str
    lasting: bool
    changes: Changes
    note: str = ""
    attach_command: str = ""
    session: str = ""
    window: str = ""
    view: str = ""
    reused: bool = False
