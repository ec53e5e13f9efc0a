"""Lays tmux's history over a terminal, so that the wheel simply scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from aiops_desktop.terminal.keys import Modifier, key_bytes
from aiops_desktop.ui.terminal.widget import TerminalWidget
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.sessions import Scrollback
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.views.terminal.pane import Pane

#: Lines of history asked for; tmux keeps more, but nobody scrolls through more by hand.
LINES = 10_000
_KEYS = Qt.Key
#: Keys that belong to a modifier or to scrolling, and so are no typing.
_QUIET = {
    _KEYS.Key_Shift,
    _KEYS.Key_Control,
    _KEYS.Key_Alt,
    _KEYS.Key_AltGr,
    _KEYS.Key_Meta,
    _KEYS.Key_CapsLock,
    _KEYS.Key_NumLock,
}
_CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class History(QObject):
    """The overlay of one pane: a terminal without a program, fed with what tmux kept.

    Escape, typing, and scrolling to the end lead back to the terminal.
    """

    def __init__(self, pane: Pane) -> None:
        super().__init__(pane)
        self._pane = pane
        self.shown: TerminalWidget | None = None
        self._reading = False
        self._lines = 0
        self._search = False
        self._moved = False

    @property
    def here(self) -> bool:
        """Whether the wheel shall lead here."""
        return self._pane.terminal.scrollback_elsewhere

    def tell(self, *, kept: bool, alternate: bool) -> None:
        """Whether tmux keeps a history, and whether the program shows a screen of its own.

        Such a program (less, man) has the wheel: it gets cursor keys, as on any terminal.
        """
        self._pane.terminal.scrollback_elsewhere = kept and not alternate

    def open(self, lines: int = 0, *, search: bool = False) -> None:
        """Show it, so many lines up; a full-screen program gets cursor keys instead."""
        self._lines += lines
        self._search = self._search or search
        pane, opening = self._pane, self._pane.opening
        if self.shown is not None:
            self._go_on(self.shown)
            return
        if self._reading or opening is None or not opening.window:
            return
        self._reading = True
        house, tenant, window = pane.desk.house, pane.leaf.tenant, opening.window

        def failed(trouble: Trouble) -> None:
            self._forget()
            pane.say(str(trouble))

        pane.desk.read(
            lambda _job: house.sessions.scrollback(tenant, window, lines=LINES),
            self._got,
            trouble=failed,
        )

    def leave(self) -> None:
        """Back to the terminal."""
        shown, self.shown = self.shown, None
        if shown is None:
            return
        had_focus = _has_focus(shown)
        self._pane.setFocusProxy(self._pane.terminal)
        shown.removeEventFilter(self)
        shown.hide()
        shown.deleteLater()
        if had_focus:
            self._pane.terminal.setFocus()
        self._pane.head.show_history("")

    # How -------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._reading, self._lines, self._search = False, 0, False

    def _got(self, found: Scrollback) -> None:
        lines, search = self._lines, self._search
        self._forget()
        self.tell(kept=True, alternate=found.alternate)
        if found.alternate and not search:
            self._keys(lines)
        else:
            self._show(found, lines, search=search)

    def _keys(self, lines: int) -> None:
        terminal = self._pane.terminal
        key = key_bytes("up", "", Modifier.NONE, terminal.emulator.modes)
        terminal.send(key * min(max(lines, 1), 50))

    def _show(self, found: Scrollback, lines: int, *, search: bool) -> None:
        pane, live = self._pane, self._pane.terminal
        if not found.history and not search:
            return
        made = TerminalWidget(pane)
        made.setTerminalFont(live.getTerminalFont())
        made.set_scheme(live.colours)
        made.setGeometry(live.geometry())
        made.setHistorySize(found.history + found.rows + 1)
        made.setReadOnly(True)
        made.setAccessibleName(tr("History of {name}", name=pane.name))
        made.show()
        made.fit_now()
        made.feed(pane.widths + b"\x1b[?25l" + found.data)
        made.installEventFilter(self)
        live.installEventFilter(self)
        pane.follow(made)
        self.shown, self._moved = made, False
        self._say(found)
        pane.setFocusProxy(made)
        if live.hasFocus() or search:
            made.setFocus()
        made.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._lines, self._search = lines, search
        self._go_on(made)

    def _go_on(self, shown: TerminalWidget) -> None:
        lines, search = self._lines, self._search
        self._lines, self._search = 0, False
        if lines:
            shown.glide_lines(-lines)
        if search:
            shown.toggleShowSearchBar()

    def _say(self, found: Scrollback) -> None:
        told = counted(found.history, "{n} line of history", "{n} lines of history")
        if not found.history:
            told = tr("No history yet")
        elif found.total > found.history:
            told = tr("Newest {n} of {all} lines", n=f"{found.history:,}", all=f"{found.total:,}")
        self._pane.head.show_history(tr("{lines}, Esc returns", lines=told))

    def _scrolled(self) -> None:
        shown = self.shown
        if shown is None:
            return
        if not shown.follows:
            self._moved = True
        elif self._moved and not shown.searching:
            self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Escape and typing lead back; another size ends what was laid out for the old one."""
        shown = self.shown
        if shown is None:
            return False
        if watched is self._pane.terminal and event.type() == QEvent.Type.Resize:
            self.leave()
            return False
        if watched is shown and isinstance(event, QKeyEvent):
            return event.type() == QEvent.Type.KeyPress and self._pressed(shown, event)
        return False

    def _pressed(self, shown: TerminalWidget, event: QKeyEvent) -> bool:
        key, mods = event.key(), event.modifiers()
        if key == _KEYS.Key_Escape:
            self.leave()
            return True
        page = shown.emulator.rows - 1
        scroll: int | None = {
            int(_KEYS.Key_PageUp): -page,
            int(_KEYS.Key_PageDown): page,
            int(_KEYS.Key_Up): -1,
            int(_KEYS.Key_Down): 1,
            int(_KEYS.Key_Home): -len(shown.emulator.history),
            int(_KEYS.Key_End): len(shown.emulator.history),
        }.get(key)
        if scroll is not None and not mods & Qt.KeyboardModifier.ControlModifier:
            shown.scroll_lines(scroll)
            return True
        ours = mods & _CTRL_SHIFT == _CTRL_SHIFT or (
            mods == Qt.KeyboardModifier.ControlModifier and key == _KEYS.Key_Insert
        )
        if key in _QUIET or ours:
            return False
        self.leave()
        self._pane.terminal.sendKeyEvent(event)
        return True


def _has_focus(view: TerminalWidget) -> bool:
    """Whether the keyboard is in it or in what lies on it, such as its search."""
    now = QApplication.focusWidget()
    return now is not None and (now is view or view.isAncestorOf(now))
