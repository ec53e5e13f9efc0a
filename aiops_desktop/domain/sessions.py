"""Sessions: terminals that live in tmux and go on without us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.states import AttentionKind as AttentionKind
from aiops_desktop.domain.states import SessionState as SessionState


class ServerState(StrEnum):
    """How a tenant's tmux server is; `SessionServer.note` says it as a sentence."""

    RUNNING = "running"
    NONE = "none"
    """No session yet: nothing is wrong."""
    STALE = "stale"
    """A socket without a server behind it: it died or was killed."""
    UNREACHABLE = "unreachable"
    """It lives, but its socket was removed."""
    MISMATCH = "mismatch"
    """It was started by a tmux that speaks another protocol than the one installed now."""
    TROUBLE = "trouble"
    """It does not answer as it should."""
    OFF = "off"
    """tmux is missing, too old, or turned off in the settings."""


@dataclass(frozen=True, slots=True)
class SessionPane:
    """A pane of a window.

    Attributes:
        id: tmux's own, such as "%3".
        command: the program in the foreground.
        exit_code: of a dead pane; negative for the signal that ended it; None when not known.
        history, history_limit: lines above the screen, and how many are kept.
        alternate: its program shows a full screen of its own (vim, less), so that tmux's history is
            not what a wheel should scroll.
        wants_mouse: its program asks for mouse events itself.
        copying: it is in tmux's own copy mode in some view.
    """

    id: str
    index: int
    active: bool
    command: str
    title: str
    path: str
    pid: int
    state: SessionState = SessionState.IDLE
    dead: bool = False
    exit_code: int | None = None
    columns: int = 0
    rows: int = 0
    history: int = 0
    history_limit: int = 0
    alternate: bool = False
    wants_mouse: bool = False
    copying: bool = False


@dataclass(frozen=True, slots=True)
class SessionWindow:
    """A tmux window, told by its active pane.

    Attributes:
        command: the program in the foreground; for an assistant its own name.
        bell: it rang and nobody has looked since.
        activity: when it last put something out.
        project_id: whose it is; None for windows that were not made for a project.
        run_id: the assist run that works in it.
        program: what it was started with, such as "codex"; "" when we did not start it.
        opened: when it was made, as far as that is known.
        views: how many terminals show it at this moment, ours and others.
        exit_code, wants_mouse, alternate, columns, rows, history: of the active pane.
    """

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
    project_id: int | None = None
    run_id: int | None = None
    program: str = ""
    title: str = ""
    state: SessionState = SessionState.IDLE
    exit_code: int | None = None
    opened: datetime | None = None
    views: int = 0
    columns: int = 0
    rows: int = 0
    history: int = 0
    alternate: bool = False
    wants_mouse: bool = False
    panes: tuple[SessionPane, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """A tmux session of a tenant. `attached` counts the terminals that show a window of it."""

    tenant_id: int
    socket: str
    name: str
    created: datetime
    attached: int
    windows: tuple[SessionWindow, ...]
    attach_command: str
    """For another terminal: `tmux -L aiops-acme attach -t acme-shell`."""


@dataclass(frozen=True, slots=True)
class SessionServer:
    """A tenant's tmux server.

    Attributes:
        socket: for `tmux -L`.
        version: of the running server, such as "3.3a"; of the installed program when none runs.
        note: a sentence when the person should know something, "" when all is well.
        missing: what this version cannot do, a sentence each.
        started: when the server began; None when it does not run.
    """

    tenant_id: int
    socket: str
    state: ServerState
    version: str = ""
    note: str = ""
    hint: str = ""
    missing: tuple[str, ...] = ()
    pid: int = 0
    started: datetime | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """All that lives in tmux at one moment, of one tenant or all; views of tabs are not listed."""

    servers: tuple[SessionServer, ...]
    sessions: tuple[Session, ...]
    taken: datetime


@dataclass(frozen=True, slots=True)
class RememberedSession:
    """A terminal as the database knows it. `lost`: it ended while nobody looked (a restart).

    `program` is what it was opened with ("codex", "bash"), `tool` what `Sessions.open` takes to
    open it so again, `name` its window's name.
    """

    tenant_id: int
    project_id: int
    session: str
    window: str
    program: str
    folder: Path
    opened: datetime
    lost: bool = False
    id: int = 0
    tool: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attention:
    """Something happened in a window; `session` and `window` are "" when it is the server."""

    kind: AttentionKind
    tenant_id: int
    session: str = ""
    window: str = ""
    name: str = ""
    project_id: int | None = None
    run_id: int | None = None
    exit_code: int | None = None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Scrollback:
    r"""A pane's history and screen, for an emulator of the same width.

    Attributes:
        data: lines with SGR sequences, separated by \r\n; the oldest line first.
        columns, rows: size of the pane.
        history: lines of `data` above the screen, counted as tmux counts them (wrapped).
        total: lines tmux keeps above the screen; more than `history` when `lines` was less.
        alternate: the screen is that of a full-screen program.
    """

    data: bytes
    columns: int
    rows: int
    history: int
    total: int = 0
    alternate: bool = False


@dataclass(frozen=True, slots=True)
class HistoryMatch:
    """A match in a pane's history: `line` counts from the oldest kept, as in a whole Scrollback.

    `left` and `right` are columns: the first cell of the match, and the one after it.
    """

    line: int
    left: int
    right: int
    text: str


@dataclass(frozen=True, slots=True)
class HistoryMatches:
    """What a search in a pane's history found: the newest `found`, and how many there are."""

    found: tuple[HistoryMatch, ...]
    total: int
    lines: int
    """Lines searched: history and screen."""


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
        clipboard: programs in it may write the clipboard (OSC 52), because the tenant was given
            that right in the settings.
        clusters: what it runs in measures emoji by their clusters (DEC mode 2027); tmux before 3.4
            does not.
        font_size: pixels, as the settings say now; 0 is the usual size.
        history: lines kept of what scrolls away without tmux, as the settings say now.
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
    clipboard: bool = False
    clusters: bool = True
    font_size: int = 0
    history: int = 10_000
