"""The last screen of a window, small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from aiops_desktop.ui.parts.layout import vbox
from aiops_desktop.ui.terminal.colours import DARK, LIGHT
from aiops_desktop.ui.terminal.view import TerminalView
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import mono_font

if TYPE_CHECKING:
    from aiops_desktop.domain.sessions import Scrollback
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.sessions.lines import SessionLine

HEIGHT, FONT = 244, 10


class Preview(QFrame):
    """Shows what a window shows, wrapped to the pane's width; it takes no keys."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("sunken")
        self._desk = desk
        self._token = 0
        self.view = TerminalView(self)
        self.view.setTerminalFont(mono_font(FONT))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setAccessibleName(tr("Last screen"))
        self.setFixedHeight(HEIGHT)
        self.setLayout(vbox(self.view, gap=0, margins=(0, 2, 0, 2)))
        desk.theme.changed.connect(self._dress)
        self._dress()

    def show_line(self, line: SessionLine | None, failed: Callable[[], object]) -> None:
        """Read a window's screen again; `failed` is called when it cannot be read."""
        self._token += 1
        token, house = self._token, self._desk.house
        if line is None:
            return
        tenant, target = line.tenant.id, line.pane.id if line.pane else line.window.id

        def got(found: Scrollback) -> None:
            if token == self._token:
                self.setVisible(True)
                self._feed(found)

        def fail(_trouble: Trouble) -> None:
            if token == self._token:
                failed()

        self._desk.read(
            lambda _job: house.sessions.scrollback(tenant, target, lines=0),
            got,
            trouble=fail,
            lane="session preview",
        )

    def _feed(self, found: Scrollback) -> None:
        emulator = self.view.emulator
        emulator.feed(b"\x1bc")
        emulator.clear_history()
        emulator.feed(b"\x1b[?25l" + found.data.rstrip())
        self.view.scrollToEnd()
        self.view.refresh()

    def _dress(self) -> None:
        scheme = self._desk.theme.scheme
        self.view.set_scheme(replace(DARK if scheme.dark else LIGHT, ground=scheme.window))
