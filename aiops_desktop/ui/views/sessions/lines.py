"""The rows of the sessions table: windows, and panes where a window has several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiops_desktop.domain.sessions import (
    Inventory,
    Session,
    SessionPane,
    SessionServer,
    SessionState,
    SessionWindow,
)
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.parts.rows import Cell, Section
from aiops_desktop.ui.text import age, counted, from_home, moment, tr

#: State → icon, tone of the icon and its word, the word.
LOOKS: Mapping[SessionState, tuple[str, str, str]] = {
    SessionState.DEAD: ("x-circle", "danger", "Dead"),
    SessionState.WAITING: ("hourglass-medium", "warning", "Waiting for you"),
    SessionState.BELL: ("bell-ringing", "warning", "Bell"),
    SessionState.WORKING: ("spinner", "accent", "Working"),
    SessionState.IDLE: ("moon", "muted", "Idle"),
}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A window, or one of its panes where `pane` is given."""

    tenant: Tenant
    session: Session
    window: SessionWindow
    pane: SessionPane | None = None
    server: SessionServer | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """The identity that outlives a reload."""
        return self.tenant.id, self.window.id, self.pane.id if self.pane else ""

    @property
    def name(self) -> str:
        """What the table calls it."""
        if self.pane is not None:
            return tr("pane {n}", n=self.pane.index)
        return self.window.name

    @property
    def place(self) -> str:
        """Where it is, as tmux says it: "acme-shell:0"."""
        return f"{self.window.session}:{self.window.index}"

    @property
    def program(self) -> str:
        """What runs in it now, or what ran."""
        if self.pane is not None:
            return self.pane.command
        return self.window.command or self.window.program

    @property
    def state(self) -> SessionState:
        """What it is doing."""
        return self.pane.state if self.pane else self.window.state

    @property
    def exit_code(self) -> int | None:
        """Of a dead one."""
        return self.pane.exit_code if self.pane else self.window.exit_code

    @property
    def path(self) -> str:
        """Its folder, from home."""
        return from_home(self.pane.path if self.pane else self.window.path)

    @property
    def size(self) -> str:
        """Columns × rows; "" when not known."""
        part = self.pane or self.window
        return f"{part.columns} × {part.rows}" if part.columns else ""

    @property
    def attach_command(self) -> str:
        """For another terminal, with the window's number."""
        command = self.session.attach_command
        return f"{command}:{self.window.index}" if command else ""

    def matches(self, words: list[str]) -> bool:
        """Whether all these words are in what one can see of it."""
        seen = f"{self.name} {self.window.name} {self.place} {self.program} {self.path}"
        whole = f"{seen} {self.tenant.name} {state_words(self)}".casefold()
        return all(word in whole for word in words)


def state_words(line: SessionLine) -> str:
    """The state as words: "Dead, exit 137"."""
    word = tr(LOOKS[line.state][2])
    code = line.exit_code
    if line.state is not SessionState.DEAD or code is None:
        return word
    if code < 0:
        return tr("{word}, signal {n}", word=word, n=-code)
    return tr("{word}, exit {n}", word=word, n=code)


def cells(item: object) -> tuple[Cell, ...]:
    """A row's cells."""
    if not isinstance(item, SessionLine):
        return ()
    icon, tone, _word = LOOKS[item.state]
    window = item.window
    loud = tone if tone in ("warning", "danger") else "muted" if tone == "muted" else "text"
    inner = item.pane is not None
    glyph = "rectangle" if inner else "terminal-window"
    return (
        Cell(item.name, glyph, tip=window.title or window.name, inset=inner),
        Cell(item.place, mono=True, text_tone="muted"),
        Cell(item.program, mono=True),
        Cell(state_words(item), icon, tone, text_tone=loud),
        Cell(item.path, mono=True, text_tone="muted", tip=item.path),
        Cell("" if inner or not window.views else str(window.views)),
        Cell("" if inner else age(window.opened or window.activity), text_tone="muted",
             small=True, flush=True, tip=moment(window.opened)),
    )  # fmt: skip


def lines(found: Inventory, tenants: Mapping[int, Tenant], words: list[str]) -> list[object]:
    """All rows under a heading a tenant; with `words` only those that match."""
    made: list[object] = []
    for tenant in sorted(tenants.values(), key=lambda one: one.name.casefold()):
        mine = [session for session in found.sessions if session.tenant_id == tenant.id]
        server = next((one for one in found.servers if one.tenant_id == tenant.id), None)
        every = (line for session in mine for line in _of(tenant, session, server))
        rows = [line for line in every if line.matches(words)]
        if rows:
            windows = sum(line.pane is None for line in rows)
            told = counted(windows, "{n} window", "{n} windows")
            made.append(Section(tenant.name, told, dot=tenant.colour))
            made += rows
    return made


def _of(tenant: Tenant, session: Session, server: SessionServer | None) -> list[SessionLine]:
    made: list[SessionLine] = []
    for window in session.windows:
        panes = window.panes if len(window.panes) > 1 else ()
        made += [SessionLine(tenant, session, window, pane, server) for pane in (None, *panes)]
    return made


def troubles(found: Inventory) -> list[SessionServer]:
    """Servers with something a person should know."""
    return [one for one in found.servers if one.note]


def summary(found: Inventory) -> str:
    """For the status line: "tmux 3.4, 4 sessions, 10 windows"."""
    versions = sorted({one.version for one in found.servers if one.version})
    sessions = counted(len(found.sessions), "{n} session", "{n} sessions")
    number = sum(len(session.windows) for session in found.sessions)
    windows = counted(number, "{n} window", "{n} windows")
    tmux = tr("tmux {versions}", versions=", ".join(versions)) if versions else ""
    return ", ".join(part for part in (tmux, sessions, windows) if part)
