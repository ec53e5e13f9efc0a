"""One terminal with its head: attached, marked, dressed, and what there is to say about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.sessions import Opening, SessionState, SessionWindow
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import clear, hline, vbox
from aiops_desktop.ui.parts.notice import Banner, trouble_banner
from aiops_desktop.ui.terminal.colours import DARK, LIGHT
from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.text import duration, tr
from aiops_desktop.ui.views.terminal.head import Head
from aiops_desktop.ui.views.terminal.history import History
from aiops_desktop.ui.views.terminal.parting import tell_end
from aiops_desktop.ui.views.terminal.pulse import Pulse
from aiops_desktop.ui.views.terminal.shape import Leaf

#: Seconds a command takes at least whose end is marked: nobody goes elsewhere for a short one.
LONG = 5.0
#: Width of the frame around a pane that gets what is typed elsewhere.
LOUD = 2


class Frame(QWidget):
    """A frame laid over a pane, so that its terminal keeps its size."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = desk.theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._theme.scheme.warning), 2 * LOUD))
        painter.drawRect(self.rect())


class Mark(IntEnum):
    """What a terminal has to tell that was not seen yet; the higher, the louder."""

    NONE = 0
    SILENCE = 1
    ACTIVITY = 2
    DONE = 3
    FAILED = 4
    DEAD = 5
    WAITING = 6
    NOTICE = 7
    BELL = 8


class Pane(QWidget):
    """A terminal.

    Attributes:
        leaf: whose it is and what it looks at.
        opening: how it is attached; None until it was opened.
        asked: whether the service was asked how to attach.
        terminal: the widget.
        mark: what is to be told that nobody saw.
    """

    closeWanted = Signal()
    reopenWanted = Signal()
    zoomWanted = Signal()
    menuWanted = Signal(QPoint)
    """A context menu, here on the screen."""
    fileActivated = Signal(str, int, int)
    """A file was clicked: as printed, with line and column; 0 where not known."""
    focused = Signal(object)
    """The keyboard came here; carries the pane."""
    marked = Signal()
    """`mark` is another one."""
    passed = Signal()
    """What it was there for has ended well: an editor was left."""
    looked = Signal()
    """What it had to tell was seen."""
    changed = Signal()
    """What to remember is another thing: `leaf`."""

    def __init__(self, desk: Desk, leaf: Leaf, colour: str) -> None:
        super().__init__()
        self.desk, self.leaf = desk, leaf
        self.opening: Opening | None = None
        self.asked = False
        self.mark = Mark.NONE
        self.loud = False
        #: What the tmux server says of its window; None while it says nothing.
        self.told: SessionState | None = None
        #: Whether it goes when its program ends well, as an editor's does.
        self.passing = False
        #: Whether its tmux window is left without a program.
        self.dead = False
        self._code: int | None = None
        self._working_since = 0.0
        self.terminal = TerminalWidget(self)
        self.terminal.restart_with = self.reopenWanted.emit
        self.history = History(self)
        self.watches: set[str] = set()
        #: Whether the keyboard shall come here once it is attached.
        self.wants_focus = False
        self._pulse = Pulse()
        self.head = Head(desk.kit, leaf.name, colour, self.closeWanted.emit, self)
        self._strip = vbox(gap=0)
        self._box = vbox(self.head, hline(), self._strip, (self.terminal, 1), gap=0)
        self.setLayout(self._box)
        self._frame = Frame(desk, self)
        self.setFocusProxy(self.terminal)
        self.setMinimumSize(96, 64)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._show_state)
        self._listen()
        self._dress()

    def _listen(self) -> None:
        terminal = self.terminal
        self.follow(terminal)
        terminal.scrollbackWanted.connect(self.history.open)
        terminal.finished.connect(self._finished)
        terminal.wrote.connect(self._pulse.wrote)
        terminal.sendData.connect(lambda _data, _size: self._pulse.typed())
        terminal.termGetFocus.connect(self._got_focus)
        terminal.termLostFocus.connect(self._show_focus)
        terminal.noticed.connect(self._told)
        terminal.commandFinished.connect(self._done)
        terminal.bell.connect(lambda _words: self.note(Mark.BELL))
        terminal.activity.connect(lambda: self.note(Mark.ACTIVITY))
        terminal.silence.connect(lambda: self.note(Mark.SILENCE))
        self.head.pressed.connect(terminal.setFocus)
        self.head.doubled.connect(self.zoomWanted)
        self.desk.theme.changed.connect(self._dress)

    def follow(self, view: TerminalWidget) -> None:
        """Pass on what is clicked in the terminal or in its history."""
        view.menuWanted.connect(self.menuWanted)
        view.fileActivated.connect(self.fileActivated)

    # Attached --------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """What its head calls it."""
        return self.leaf.name

    @property
    def window_id(self) -> str:
        """The tmux window it looks at; "" when that is not known yet."""
        return self.leaf.window

    def relate(self, **values: object) -> None:
        """Change what is remembered of it."""
        told = {name: getattr(self.leaf, name) for name in Leaf.__slots__} | values
        self.leaf = Leaf(**told)
        self.head.title.setText(self.leaf.name)
        self.changed.emit()

    def begin(self, opening: Opening) -> None:
        """Attach."""
        self.opening = opening
        self.relate(session=opening.session, window=opening.window)
        self.head.show_program(opening.program)
        self.say(opening.note)
        self.history.leave()
        self.history.tell(kept=opening.lasting, alternate=False)
        self.terminal.begin_with(opening.font_size, opening.history)
        self.terminal.set_clipboard_allowed(opening.clipboard)
        self.terminal.feed(self.widths)
        self.terminal.start(opening.argv, opening.environment, opening.folder)
        self._pulse.begin()
        self.dead = False
        self.told = None
        self._show_state()
        if self.isVisible():
            self._timer.start()

    @property
    def widths(self) -> bytes:
        """What has the emulator measure characters as the tmux does that lays them out."""
        return b"\x1b[?2027h" if self.opening is None or self.opening.clusters else b"\x1b[?2027l"

    def fail(self, trouble: Trouble, again: Callable[[], object], words: str = "") -> None:
        """Say why it could not be opened."""
        clear(self._strip)
        button = self.desk.kit.button(words or tr("Try again"), "arrows-clockwise", again)
        self._strip.addWidget(trouble_banner(self.desk.kit, trouble, steps=(button,)))
        self.head.show_state("x-circle", tr("Not open"), "danger")

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

    # History ---------------------------------------------------------------------------------

    @property
    def view(self) -> TerminalWidget:
        """What is looked at: the history where it lies over the terminal."""
        return self.history.shown or self.terminal

    def show_history(self) -> None:
        """Look a page back."""
        self.history.open(max(1, self.terminal.emulator.rows - 1))

    def leave_history(self) -> None:
        """Look at what is written now."""
        self.history.leave()

    def search(self) -> None:
        """Open or close the search, in tmux's history where that keeps it."""
        if self.history.here:
            self.history.open(search=True)
        else:
            self.terminal.toggleShowSearchBar()

    # Marks -----------------------------------------------------------------------------------

    @property
    def seen(self) -> bool:
        """Whether a person can be looking at it now."""
        return self.isVisible() and self.isActiveWindow()

    def note(self, mark: Mark) -> None:
        """Something happened; it is marked unless one is looking at it."""
        if mark > self.mark and not self.seen:
            self.mark = mark
            self.marked.emit()

    def watch(self, kind: str, *, on: bool) -> None:
        """Mark it from now on when something is written ("activity") or it falls silent."""
        (self.watches.add if on else self.watches.discard)(kind)
        if kind == "activity":
            self.terminal.setMonitorActivity(on)
        else:
            self.terminal.setMonitorSilence(on)

    def look(self) -> None:
        """It is being looked at: nothing is left to tell."""
        if self.mark is not Mark.NONE:
            self.mark = Mark.NONE
            self.marked.emit()
            self.looked.emit()

    def ended(self, code: int | None) -> None:
        """What ran in its tmux window has ended; the window waits to be used again."""
        if self.dead and code in (None, self._code):
            return
        self._code = code
        if code is None:
            sentence = tr("The program ended.")
        elif code < 0:
            sentence = tr("The program was ended by signal {n}.", n=-code)
        else:
            sentence = tr("The program ended (exit {code}).", code=code)
        self.dead = True
        if self.passing and not code:
            self.passed.emit()
            return
        self.terminal.prompt.say(
            sentence,
            (tr("Close terminal"), self.closeWanted.emit),
            (tr("Restart"), self.again),
        )
        self._show_state()
        self.note(Mark.DEAD)

    def again(self) -> None:
        """Start what ended again, or attach to it."""
        self.terminal.prompt.hide()
        self.wants_focus = True
        self.reopenWanted.emit()

    def know(self, window: SessionWindow) -> None:
        """What the tmux server says of its window."""
        if window.dead:
            self.ended(window.exit_code)
        elif self.dead and not window.dead:
            self.dead = False
            self.terminal.prompt.hide()
        self.history.tell(kept=True, alternate=window.alternate)
        if self.opening is not None:
            self.head.show_program(window.command or self.opening.program)
        before, self.told = self.told, window.state
        if self.told is SessionState.WAITING is not before:
            self.note(Mark.WAITING)
        if window.state is not before:
            self._show_state()

    # How it looks ----------------------------------------------------------------------------

    def set_loud(self, *, on: bool) -> None:
        """Show that what is typed elsewhere arrives here, too."""
        if on is not self.loud:
            self.loud = on
            self.head.show_loud(on=on)
            self._frame.setVisible(on)
            self._frame.setGeometry(self.rect())
            self._frame.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The frame goes around all of it."""
        super().resizeEvent(event)
        self._frame.setGeometry(self.rect())

    def _dress(self) -> None:
        self.terminal.set_scheme(DARK if self.desk.theme.scheme.dark else LIGHT)

    def _got_focus(self) -> None:
        self._show_focus()
        self.look()
        self.focused.emit(self)

    def _show_focus(self) -> None:
        self.head.show_focus(on=self.terminal.hasFocus())

    def _show_state(self) -> None:
        show = self.head.show_state
        if self.dead:
            show("x-circle", tr("Ended"), "muted")
        elif self.terminal.running:
            working = self._pulse.working()
            if self.told is not None:
                working = self.told is SessionState.WORKING
            now = time.monotonic()
            self._working_since = (self._working_since or now) if working else 0.0
            if self.told is SessionState.WAITING:
                show("hourglass-medium", tr("Waiting for you"), "warning")
            elif working:
                took = now - self._working_since
                words = tr("Working, {time}", time=duration(took)) if took >= 10 else tr("Working")
                show("spinner", words, "accent")
            else:
                show("circle", tr("Idle"), "muted")
        elif self.terminal.exit_code is not None:
            show("x-circle", tr("Ended"), "muted")

    def _finished(self) -> None:
        self._timer.stop()
        if self.passing and not self.terminal.exit_code:
            self.passed.emit()
            return
        self._show_state()
        self.note(Mark.DEAD)
        tell_end(self)

    def _told(self, title: str, text: str) -> None:
        self.desk.toast("bell", title or self.name, text)
        self.note(Mark.NOTICE)

    def _done(self, code: int | None, seconds: float) -> None:
        if seconds >= LONG:
            self.note(Mark.FAILED if code else Mark.DONE)

    def showEvent(self, event: object) -> None:
        """The state moves only while it is seen."""
        self._show_focus()
        self.look()
        if self.terminal.running:
            self._timer.start()

    def hideEvent(self, event: object) -> None:
        """Rest."""
        self._timer.stop()
