"""What is known of one window, and what can be done with it."""

from __future__ import annotations

import platform
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.details import NAME, DetailsPane, fact
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    Item,
    clear,
    hbox,
    holder,
    label,
    vbox,
    words,
)
from aiops_desktop.ui.text import age, counted, moment, tr
from aiops_desktop.ui.views.sessions.lines import LOOKS, SessionLine, state_words
from aiops_desktop.ui.views.sessions.preview import Preview

if TYPE_CHECKING:
    from aiops_desktop.domain.repositories import Identity
    from aiops_desktop.ui.desk import Desk

WIDTH = 376
#: What the pane's own menu and the table's context menu offer.
MENU = (
    "sessions.attach",
    "sessions.new_window",
    "sessions.copy_attach",
    "-",
    "sessions.rename",
    "sessions.rename_session",
    "sessions.move",
    "-",
    "sessions.kill",
    "sessions.kill_session",
)


class SessionDetails(DetailsPane):
    """The pane right of the table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, MENU, width=WIDTH)
        self._line: SessionLine | None = None
        self._shut: tuple[object, ...] | None = None
        self._token = 0
        kit, run = desk.kit, desk.run_action
        self._name = Elided("", "title")
        self._acts: QVBoxLayout = vbox(gap=4)
        self.preview = Preview(desk)
        self._seen = label("", "small")
        self._head = holder(hbox(label(tr("Last screen"), "section"), STRETCH, self._seen))
        self.command, frame = kit.command("", tr("Copy attach command"))
        self.attach = kit.button(
            tr("Attach"), "terminal-window", partial(run, "sessions.attach"), primary=True
        )
        close = kit.tool("x", tr("Hide the details"), self._close, slim=True)
        attach = label(tr("Attach from a terminal"), "section")
        self.stand(
            kit.button(tr("New window"), "plus", partial(run, "sessions.new_window")),
            kit.button(tr("Kill…"), "", partial(run, "sessions.kill"), danger=True),
            self.more,
            STRETCH,
            self.attach,
            above=(hbox(self._name, STRETCH, close), 8),
            below=(self._acts, 8, self._head, self.preview, 8, attach, frame),
        )

    def show_line(self, line: SessionLine | None) -> None:
        """Show another window, or the same as it is now."""
        if line is not None and self._shut is not None and self._shut != line.key:
            self._shut = None
        if line is None or self._shut is not None:
            self._line = None
            self.setVisible(False)
            self.preview.show_line(None, lambda: None)
            return
        self.setVisible(True)
        other = self._line is None or line.key != self._line.key
        same = not other and line == self._line
        self._line = line
        if not same:
            self._fill(line)
        if other:
            self._show_identity(line)
            self._set_preview(on=True)
        self.preview.show_line(line, lambda: self._set_preview(on=False))

    def _close(self) -> None:
        """Hidden until another row is chosen."""
        if self._line is not None:
            self._shut = self._line.key
            self.show_line(self._line)

    def _fill(self, line: SessionLine) -> None:
        kit, window = self._desk.kit, line.window
        self._name.setText(f"{window.name}, {line.name}" if line.pane else window.name)
        clear(self.lines)
        put = self.fact
        icon, tone, _word = LOOKS[line.state]
        state = kit.state(icon, state_words(line), tone)
        put(tr("State"), state)
        put(tr("Program"), Elided(line.program or tr("none"), "mono"))
        if window.program and window.program != line.program:
            put(tr("Started as"), Elided(window.program, "mono"))
        put(tr("Path"), Elided(line.path, "mono"))
        # tmux calls a pane by the computer until a program says something better.
        if window.title not in ("", window.name, line.program, platform.node()):
            put(tr("Title"), Elided(window.title))
        here = counted(window.views, "{n} view", "{n} views") if window.views else tr("none")
        put(tr("Views"), label(f"{here}, {line.size}" if line.size else here))
        opened = label(age(window.opened)) if window.opened else label(tr("not known"))
        opened.setToolTip(moment(window.opened))
        put(tr("Age"), opened)
        if window.history:
            kept = counted(window.history, "{n} line", "{n} lines")
            put(tr("History"), label(kept))
        if line.server and line.server.version:
            server = Elided(tr("tmux {version}", version=line.server.version))
            server.setToolTip(tr("Socket {name}", name=line.server.socket))
            put(tr("Server"), server)
            for sentence in line.server.missing:
                self.put(words(sentence, "small"))
        self._seen.setText(age(window.activity))
        self._seen.setToolTip(moment(window.activity))
        self.command.set_text(line.attach_command)

    def _show_identity(self, line: SessionLine) -> None:
        """Whom what runs in it acts as."""
        clear(self._acts)
        self._token += 1
        token, house, project = self._token, self._desk.house, line.window.project_id
        if project is None:
            return

        def got(found: Identity) -> None:
            if token != self._token:
                return
            key = found.key or found.credential
            said: list[Item] = []
            author = tr("no author set") if found.author_missing else found.author
            if key:
                said = [self._desk.kit.glyph("key", "muted", 14), Elided(key)]
            said.append(Elided(author, "muted"))
            clear(self._acts)
            self._acts.addWidget(fact(tr("Acts as"), *said, width=NAME))

        self._desk.read(
            lambda _job: house.repositories.identity(project), got, lane="session identity"
        )

    def _set_preview(self, *, on: bool) -> None:
        self.preview.setVisible(on)
        self._head.setVisible(on)
