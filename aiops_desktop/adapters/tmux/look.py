"""What lives in a tmux server, asked in one go and read into plain records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiops_desktop.adapters.tmux.version import Feature, Version

#: The window options by which we know our own windows, whoever asks and whenever.
OWNER, PROGRAM, OPENED, BELL = "@aiops_owner", "@aiops_program", "@aiops_opened", "@aiops_bell"
#: The server option that says which of our settings a server has taken.
CONFIG = "@aiops_config"

# Texts that others choose come last, the one that may hold a tab at the very end.
_PANE = (
    *("session_name", "window_index", "window_id", "window_active", "window_activity"),
    *("window_bell_flag", OWNER, PROGRAM, OPENED, BELL, "pane_id", "pane_index", "pane_active"),
    *("pane_pid", "pane_dead", "pane_dead_status", "pane_dead_signal", "pane_width"),
    *("pane_height", "history_size", "history_limit", "alternate_on", "mouse_any_flag"),
    *("pane_in_mode", "window_name", "pane_title", "pane_current_command", "pane_current_path"),
)
_SESSION = (
    *("session_name", "session_created", "session_group", "version", "pid", "start_time"),
    *(CONFIG, "set-clipboard"),
)
#: What one version alone prints before a dollar sign that a name follows (`utf8_strvis` of 3.4).
_ESCAPING, _ESCAPED = "3.4", re.compile(r"\\\$(?=[A-Za-z_{])")
_CLIENT = ("client_name", "client_session", "client_control_mode", "client_activity")


@dataclass(frozen=True, slots=True)
class PaneInfo:
    """A pane. `code` is its program's exit code, negative for a signal; None when not known."""

    id: str
    index: int
    active: bool
    pid: int
    dead: bool
    code: int | None
    columns: int
    rows: int
    history: int
    history_limit: int
    alternate: bool
    wants_mouse: bool
    copying: bool
    title: str
    command: str
    path: str


@dataclass(frozen=True, slots=True)
class WindowInfo:
    """A window in a session. `owner` and `program` are what `new_window` was given.

    `rang` is when the bell was heard, as our hook noted it; `bell` is tmux's own flag.
    """

    session: str
    index: int
    id: str
    name: str
    active: bool
    bell: bool
    activity: datetime | None
    owner: str
    program: str
    opened: datetime | None
    rang: datetime | None
    panes: tuple[PaneInfo, ...]

    @property
    def pane(self) -> PaneInfo:
        """The active one."""
        return next((pane for pane in self.panes if pane.active), self.panes[0])

    @property
    def pid(self) -> int:
        """Of the active pane's program."""
        return self.pane.pid

    @property
    def dead(self) -> bool:
        """Whether no pane lives."""
        return all(pane.dead for pane in self.panes)

    @property
    def command(self) -> str:
        """The active pane's foreground program."""
        return self.pane.command

    @property
    def path(self) -> str:
        """The active pane's folder."""
        return self.pane.path


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session. `group` is shared by a session and the views on it, "" without views.

    `attached` counts terminals, not connections in control mode.
    """

    name: str
    created: datetime
    attached: int
    group: str


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """A terminal that shows a session, and when something was last typed or focused in it."""

    name: str
    session: str
    activity: datetime | None


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """The server itself. `config` is the mark of our settings, "" when it has not taken any."""

    version: str
    pid: int
    started: datetime | None
    config: str
    clipboard: str

    @property
    def identity(self) -> str:
        """Names this server among all there ever were: numbers of windows begin anew with each."""
        return f"{self.pid}:{self.started.timestamp():.0f}" if self.started else str(self.pid)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A server at one moment; without `server` there is none."""

    server: ServerInfo | None = None
    sessions: tuple[SessionInfo, ...] = ()
    windows: tuple[WindowInfo, ...] = ()
    clients: tuple[ClientInfo, ...] = ()
    asked: datetime = field(default_factory=lambda: datetime.now(UTC), compare=False)
    """When it was asked for: what was made since then may not be in it."""

    def watchers(self, window: str) -> list[ClientInfo]:
        """The terminals that show this window (by id) now."""
        showing = {one.session for one in self.windows if one.id == window and one.active}
        return [client for client in self.clients if client.session in showing]

    def session(self, name: str) -> SessionInfo | None:
        """A session by its name."""
        return next((one for one in self.sessions if one.name == name), None)


def questions(version: Version, views: str = "") -> list[list[str]]:
    """The commands that tell everything, for `read`.

    `views` is how names of views begin: with many windows and many views most rows would only say
    again what the row of the session itself says.
    """
    panes = ["list-panes", "-a", "-F", _format("P", _PANE)]
    if views and version.has(Feature.FILTERS):
        panes += ["-f", f"#{{||:#{{window_active}},#{{!:#{{m:{views}*,#{{session_name}}}}}}}}"]
    return [
        panes,
        ["list-sessions", "-F", _format("S", _SESSION)],
        ["list-clients", "-F", _format("C", _CLIENT)],
    ]


def read(lines: Iterable[str], asked: datetime) -> Snapshot:
    """The answers to `questions`; lines that are no such answers are passed over."""
    rows: dict[str, list[dict[str, str]]] = {"P": [], "S": [], "C": []}
    fields = {"P": _PANE, "S": _SESSION, "C": _CLIENT}
    for line in lines:
        kind, _, rest = line.partition("\t")
        if kind not in fields:
            continue
        values = rest.split("\t", len(fields[kind]) - 1)
        if len(values) == len(fields[kind]):
            rows[kind].append(dict(zip(fields[kind], values, strict=True)))
    if not rows["S"]:
        return Snapshot(asked=asked)
    if rows["S"][0]["version"] == _ESCAPING:
        for row in (row for kind in rows.values() for row in kind):
            row.update((name, _ESCAPED.sub("$", value)) for name, value in row.items())
    clients = [row for row in rows["C"] if row["client_control_mode"] != "1"]
    return Snapshot(
        _server(rows["S"][0]),
        tuple(_session(row, clients) for row in rows["S"]),
        tuple(_windows(rows["P"])),
        tuple(
            ClientInfo(row["client_name"], row["client_session"], time(row["client_activity"]))
            for row in clients
        ),
        asked,
    )


def _format(kind: str, names: Sequence[str]) -> str:
    return "\t".join((kind, *(f"#{{{name}}}" for name in names)))


def _server(row: Mapping[str, str]) -> ServerInfo:
    return ServerInfo(
        row["version"],
        number(row["pid"]),
        time(row["start_time"]),
        row[CONFIG],
        row["set-clipboard"],
    )


def _session(row: Mapping[str, str], clients: Sequence[Mapping[str, str]]) -> SessionInfo:
    name = row["session_name"]
    return SessionInfo(
        name,
        time(row["session_created"]) or datetime.now(UTC),
        sum(client["client_session"] == name for client in clients),
        row["session_group"],
    )


def _windows(rows: Sequence[Mapping[str, str]]) -> Iterable[WindowInfo]:
    """One for each window of each session; panes of a window come next to each other."""
    found: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in rows:
        found.setdefault((row["session_name"], row["window_index"]), []).append(row)
    for panes in found.values():
        row = panes[0]
        yield WindowInfo(
            session=row["session_name"],
            index=number(row["window_index"]),
            id=row["window_id"],
            name=row["window_name"],
            active=row["window_active"] == "1",
            bell=row["window_bell_flag"] == "1",
            activity=time(row["window_activity"]),
            owner=row[OWNER],
            program=row[PROGRAM],
            opened=time(row[OPENED]),
            rang=time(row[BELL]),
            panes=tuple(map(_pane, panes)),
        )


def _pane(row: Mapping[str, str]) -> PaneInfo:
    status, signal = row["pane_dead_status"], number(row["pane_dead_signal"])
    code = number(status) if status.isdigit() else (-signal if signal else None)
    return PaneInfo(
        id=row["pane_id"],
        index=number(row["pane_index"]),
        active=row["pane_active"] == "1",
        pid=number(row["pane_pid"]),
        dead=row["pane_dead"] == "1",
        code=code,
        columns=number(row["pane_width"]),
        rows=number(row["pane_height"]),
        history=number(row["history_size"]),
        history_limit=number(row["history_limit"]),
        alternate=row["alternate_on"] == "1",
        wants_mouse=row["mouse_any_flag"] == "1",
        copying=number(row["pane_in_mode"]) > 0,
        title=row["pane_title"],
        command=row["pane_current_command"],
        path=row["pane_current_path"],
    )


def number(text: str) -> int:
    """A number of tmux's; 0 for anything else."""
    return int(text) if text.isdigit() and text.isascii() else 0


def time(text: str) -> datetime | None:
    """A time of tmux's (seconds since the epoch); None for anything else."""
    seconds = number(text)
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < 1 << 36 else None
