"""One terminal with its head: session, program, state, and what there is to say about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.sessions import Opening
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, hline, holder, label, retone, vbox
from aiops_desktop.ui.parts.notice import Banner, trouble_banner
from aiops_desktop.ui.terminal.colours import DARK, LIGHT
from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.pulse import Pulse

HEAD, EDGE = 28, 3


class Edge(QWidget):
    """A tenant's colour along the left of a head."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedWidth(EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge."""
        if self._colour:
            QPainter(self).fillRect(self.rect(), QColor(self._colour))


class Pane(QWidget):
    """A terminal of a project.

    Attributes:
        opening: how it is attached; None until it was opened.
        window_id: the tmux window it looks at; "" when that is not known yet.
        name: what tab and head call it.
        terminal: the widget.
    """

    closeWanted = Signal()
    reopenWanted = Signal()

    def __init__(self, desk: Desk, name: str, colour: str, window: str = "") -> None:
        super().__init__()
        self.desk, self.name, self.window_id = desk, name, window
        self.opening: Opening | None = None
        self.tool = ""
        self.asked = False
        self.terminal = TerminalWidget(self)
        self.terminal.restart_with = self.reopenWanted.emit
        self._pulse = Pulse()
        self._colour = colour
        self._build()
        self.terminal.finished.connect(self._finished)
        self.terminal.wrote.connect(self._pulse.wrote)
        self.terminal.sendData.connect(lambda _data, _size: self._pulse.typed())
        self.terminal.termGetFocus.connect(self._show_focus)
        self.terminal.termLostFocus.connect(self._show_focus)
        self.terminal.noticed.connect(self._told)
        desk.theme.changed.connect(self._dress)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._show_state)
        self._dress()

    def _build(self) -> None:
        kit = self.desk.kit
        self._title = Elided(self.name)
        self._program = label("", "small")
        self._glyph = kit.glyph("circle", "muted", 14)
        self._state = label("", "small")
        self._close = kit.tool("x", tr("Close terminal"), self.closeWanted.emit, slim=True)
        head = hbox(
            Edge(self._colour),
            9,
            self._title,
            self._program,
            STRETCH,
            self._glyph,
            self._state,
            self._close,
            4,
            gap=8,
        )
        head.setSpacing(8)
        head.setContentsMargins(0, 0, 0, 0)
        self._strip = vbox(gap=0)
        self.setLayout(
            vbox(
                holder(head, "bar", height=HEAD),
                hline(),
                self._strip,
                (self.terminal, 1),
                gap=0,
            )
        )
        self.setFocusProxy(self.terminal)

    def begin(self, opening: Opening) -> None:
        """Attach."""
        self.opening = opening
        self.window_id = opening.window
        self._program.setText(opening.program)
        self.say(opening.note)
        # Through our tmux only tmux itself writes the clipboard, never a program in the pane.
        self.terminal.set_clipboard_allowed(opening.lasting)
        self.terminal.start(opening.argv, opening.environment, opening.folder)
        self._pulse.begin()
        self._show_state()
        if self.isVisible():
            self._timer.start()

    def fail(self, trouble: Trouble, again: Callable[[], object]) -> None:
        """Say why it could not be opened."""
        clear(self._strip)
        button = self.desk.kit.button(tr("Try again"), "arrows-clockwise", again)
        self._strip.addWidget(trouble_banner(self.desk.kit, trouble, steps=(button,)))
        self._set_state("x-circle", tr("Not open"), "danger")

    def say(self, note: str) -> None:
        """A strip above the terminal; "" takes it away."""
        clear(self._strip)
        if note:
            banner = Banner(
                self.desk.kit,
                "warning-circle",
                "warning",
                "warn",
                note,
                closed=lambda: clear(self._strip),
            )
            self._strip.addWidget(banner)

    def end(self) -> None:
        """Hang up."""
        self._timer.stop()
        self.terminal.stop()

    @property
    def lost_by_closing(self) -> bool:
        """Whether closing the tab ends what runs in it."""
        opening = self.opening
        return opening is not None and not opening.lasting and self.terminal.running

    def ask_close(self, close: Callable[[], object]) -> None:
        """Close when the person says so, because something would end."""
        program = self.opening.program if self.opening else ""
        self.terminal.prompt.say(
            tr("Closing ends {program} and what runs in it.", program=program),
            (tr("Keep open"), self.terminal.prompt.hide),
            (tr("Close terminal"), close),
        )

    # How it looks

    def _dress(self) -> None:
        self.terminal.set_scheme(DARK if self.desk.theme.scheme.dark else LIGHT)

    def _show_focus(self) -> None:
        retone(self._title, role="strong" if self.terminal.hasFocus() else "muted")

    def _set_state(self, icon: str, words: str, tone: str) -> None:
        if self._state.text() != words:
            self._glyph.show_icon(icon, tone)
            self._state.setText(words)
            self._state.setVisible(bool(words))

    def _show_state(self) -> None:
        if self.terminal.running:
            working = self._pulse.working()
            if working:
                self._set_state("spinner", tr("Working"), "accent")
            else:
                self._set_state("circle", tr("Idle"), "muted")
        elif self.terminal.exit_code is not None:
            self._set_state("x-circle", tr("Ended"), "muted")

    def _finished(self) -> None:
        self._timer.stop()
        self._show_state()

    def _told(self, title: str, text: str) -> None:
        self.desk.toast("bell", title or self.name, text)

    def showEvent(self, event: object) -> None:
        """The state moves only while it is seen."""
        self._show_focus()
        if self.terminal.running:
            self._timer.start()

    def hideEvent(self, event: object) -> None:
        """Rest."""
        self._timer.stop()
