"""Tabs of terminals, each with its splits; a page and a window of its own both show one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import SLIM, Sheds, hbox, hline, holder, vbox
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.pane import Mark, Pane
from aiops_desktop.ui.views.terminal.shape import DeckShape, TabShape
from aiops_desktop.ui.views.terminal.splits import Splits
from aiops_desktop.ui.views.terminal.strip import Face, Strip

#: What a new terminal can start: tool of `Sessions.open`, its words.
TOOLS = (("", "Default assistant"), ("shell", "Shell"), ("codex", "Codex"), ("aider", "Aider"))
_MARKS = {
    Mark.BELL: ("bell", "warning", "the bell rang"),
    Mark.NOTICE: ("bell", "warning", "has something to tell"),
    Mark.WAITING: ("hourglass-medium", "warning", "waits for you"),
    Mark.DEAD: ("x-circle", "danger", "has ended"),
    Mark.FAILED: ("warning-circle", "danger", "a command has failed"),
    Mark.DONE: ("check-circle", "success", "a command has ended"),
    Mark.ACTIVITY: ("circle", "accent", "something was written"),
    Mark.SILENCE: ("moon", "muted", "fell silent"),
}
_TAB_MENU = (
    "terminal.rename",
    "terminal.detach",
    "-",
    "terminal.watch_activity",
    "terminal.watch_silence",
    "-",
    "terminal.close_tab",
)


@dataclass(eq=False)
class Tab:
    """A tab: its name and its panes."""

    name: str
    splits: Splits

    @property
    def mark(self) -> Mark:
        """The loudest of its panes' marks."""
        return max((pane.mark for pane in self.splits.panes), default=Mark.NONE)

    @property
    def face(self) -> Face:
        """How its pill looks."""
        if self.mark is Mark.NONE:
            return Face(self.name)
        icon, tone, told = _MARKS[self.mark]
        return Face(self.name, icon, tone, tr(told))

    @property
    def shape(self) -> TabShape | None:
        """What to remember."""
        root = self.splits.shape
        return TabShape(self.name, root) if root else None


class Deck(QWidget):
    """The tabs, and the panes of the one in front.

    Attributes:
        tabs: in their order.
        shown: the one in front; None without tabs.
    """

    changed = Signal()
    """What to remember is another thing now."""
    shownAnother = Signal()
    """Another tab or pane is in front, or none."""
    newWanted = Signal(str)
    """Another terminal with this tool."""
    closeWanted = Signal(object)
    """This pane shall be closed."""
    outside = Signal(object, QPoint)
    """This tab was let go outside."""

    def __init__(self, desk: Desk, *, may_open: bool = True) -> None:
        """`may_open`: new terminals can be opened here."""
        super().__init__()
        self.desk, self.kit = desk, desk.kit
        self.tabs: list[Tab] = []
        self.shown: Tab | None = None
        self._build(may_open=may_open)
        strip = self.strip
        strip.chosen.connect(lambda at: self.show_tab(self.tabs[at], focus=True))
        strip.moved.connect(self._move)
        strip.closeWanted.connect(lambda at: self._close(self.tabs[at]))
        strip.renamed.connect(lambda at, name: self.rename(self.tabs[at], name))
        strip.menuWanted.connect(self._menu)
        strip.outside.connect(lambda at, spot: self.outside.emit(self.tabs[at], spot))

    def _build(self, *, may_open: bool) -> None:
        kit, run = self.kit, self.desk.run_action
        self.plus = kit.tool("plus", tr("New terminal"), lambda: self.newWanted.emit(""), slim=True)
        self.more = kit.tool("caret-down", tr("New terminal with …"), slim=True)
        self._tools = QMenu(self)
        for tool, words in TOOLS:
            self._tools.addAction(tr(words), partial(self.newWanted.emit, tool))
        self.more.setMenu(self._tools)
        self.strip = Strip(kit, (self.plus, self.more) if may_open else ())
        if not may_open:
            for part in (self.plus, self.more):
                part.setParent(self)
                part.hide()
        self.attach = kit.tool(
            "copy",
            tr("Copy the command that attaches from another terminal"),
            partial(run, "terminal.attach_command"),
            text=tr("Attach command"),
            slim=True,
        )
        acts = [
            kit.tool(icon, tip, partial(run, action), slim=True)
            for icon, tip, action in (
                ("columns", tr("Split to the right"), "terminal.split_right"),
                ("rows", tr("Split below"), "terminal.split_down"),
                ("magnifying-glass", tr("Search in the terminal"), "terminal.search"),
            )
        ]
        self._said = Elided("", "strong", Qt.TextElideMode.ElideRight)
        stop = kit.button(
            tr("Stop broadcasting"), "", partial(run, "terminal.broadcast_stop"), small=True
        )
        loud = hbox(kit.glyph("broadcast", "warning"), self._said, stop, 4, gap=8)
        self._loud = holder(loud)
        self._loud.hide()
        aside = holder(hbox(self.attach, 8, *acts, gap=4))
        row = hbox((self.strip, 1), self._loud, aside, gap=4, margins=(8, 0, 12, 0))
        self._bar = holder(row, "bar", height=SLIM)
        Sheds(self._bar, (620, self.attach), *((360, act) for act in acts))
        self.stack = QStackedWidget()
        self.setLayout(vbox(self._bar, hline(), (self.stack, 1), gap=0))

    # Looking ---------------------------------------------------------------------------------

    @property
    def pane(self) -> Pane | None:
        """The current pane of the tab in front."""
        return self.shown.splits.current if self.shown else None

    @property
    def panes(self) -> list[Pane]:
        """The panes of all tabs."""
        return [pane for tab in self.tabs for pane in tab.splits.panes]

    @property
    def shape(self) -> DeckShape:
        """What to remember."""
        made = [(tab, shape) for tab in self.tabs if (shape := tab.shape) is not None]
        front = [tab for tab, _shape in made]
        shown = front.index(self.shown) if self.shown in front else 0
        return DeckShape(tuple(shape for _tab, shape in made), shown)

    def tab_of(self, pane: Pane) -> Tab | None:
        """The tab a pane is in."""
        return next((tab for tab in self.tabs if pane in tab.splits.panes), None)

    # Changing --------------------------------------------------------------------------------

    def add(self, tab: Tab, at: int | None = None, *, front: bool = True) -> None:
        """Take in a tab, here or moved from another deck."""
        self.tabs.insert(len(self.tabs) if at is None else at, tab)
        tab.splits.changed.connect(self.changed)
        tab.splits.focused.connect(self._refocused)
        for pane in tab.splits.panes:
            self.welcome(pane)
        self.stack.addWidget(tab.splits)
        if front or self.shown is None:
            self.show_tab(tab)
        self.changed.emit()

    def take(self, tab: Tab) -> Tab:
        """Give a tab away, with its panes as they are."""
        at = self.tabs.index(tab)
        self.tabs.remove(tab)
        tab.splits.changed.disconnect(self.changed)
        tab.splits.focused.disconnect(self._refocused)
        for pane in tab.splits.panes:
            pane.marked.disconnect(self.refresh)
            pane.changed.disconnect(self._show_attach)
            pane.closeWanted.disconnect()
            pane.zoomWanted.disconnect()
        self.stack.removeWidget(tab.splits)
        tab.splits.hide()
        tab.splits.setParent(None)
        if self.shown is tab:
            self.shown = None
            if self.tabs:
                self.show_tab(self.tabs[min(at, len(self.tabs) - 1)])
        self.refresh()
        self.shownAnother.emit()
        self.changed.emit()
        return tab

    def welcome(self, pane: Pane) -> None:
        """Listen to a pane of this deck."""
        pane.marked.connect(self.refresh)
        pane.changed.connect(self._show_attach)
        pane.closeWanted.connect(lambda: self.closeWanted.emit(pane))
        pane.zoomWanted.connect(lambda: self.zoom(pane))

    def remove(self, pane: Pane) -> None:
        """Take a pane out; its tab goes with the last one."""
        tab = self.tab_of(pane)
        if tab is None:
            return
        if len(tab.splits.panes) == 1:
            self.take(tab)
            pane.hide()
            pane.setParent(None)
            tab.splits.deleteLater()
        else:
            tab.splits.remove(pane)
            if tab is self.shown and (left := tab.splits.current):
                left.setFocus()
        self.refresh()

    def show_tab(self, tab: Tab, *, focus: bool = False) -> None:
        """Bring a tab to the front."""
        other = tab is not self.shown
        self.shown = tab
        self.stack.setCurrentWidget(tab.splits)
        tab.splits.show()
        self.refresh()
        if focus and (pane := tab.splits.current):
            pane.setFocus()
        self.shownAnother.emit()
        if other:
            self.changed.emit()

    def step(self, by: int) -> None:
        """The next tab, or the one before; around the end."""
        if self.shown and len(self.tabs) > 1:
            at = (self.tabs.index(self.shown) + by) % len(self.tabs)
            self.show_tab(self.tabs[at], focus=True)

    def rename(self, tab: Tab, name: str) -> None:
        """Give a tab another name."""
        tab.name = name
        self.refresh()
        self.changed.emit()
        if tab is self.shown and (pane := self.pane):
            pane.setFocus()

    def zoom(self, pane: Pane) -> None:
        """Show a pane alone in its tab, or all of them again."""
        tab = self.tab_of(pane)
        if tab is None or len(tab.splits.panes) < 2:
            return
        tab.splits.zoom(None if tab.splits.zoomed else pane)
        self.refresh()
        pane.setFocus()

    def say(self, words: str) -> None:
        """Say in the bar where input goes; "" says nothing.

        No strip of its own: a row more would change the size of every terminal.
        """
        self._said.setText(words)
        self._loud.setVisible(bool(words))
        self._bar.setObjectName("warn" if words else "bar")
        for part in (self._bar, *self._bar.findChildren(QWidget)):
            part.style().unpolish(part)
            part.style().polish(part)

    def refresh(self) -> None:
        """Names and marks."""
        at = self.tabs.index(self.shown) if self.shown in self.tabs else -1
        self.strip.show_tabs([tab.face for tab in self.tabs], at)
        self._show_attach()
        for tab in self.tabs:
            for one in tab.splits.panes:
                one.head.show_zoomed(on=tab.splits.zoomed and one is tab.splits.current)

    # How -------------------------------------------------------------------------------------

    def _show_attach(self) -> None:
        opening = self.pane.opening if self.pane else None
        known = bool(opening and opening.attach_command)
        self.attach.setEnabled(known)
        if known or opening is None:
            tip = tr("Copy the command that attaches from another terminal")
        else:
            tip = tr("This terminal is not kept by tmux, so nothing else can attach to it.")
        self.attach.setToolTip(tip)

    def _refocused(self) -> None:
        self.refresh()
        self.shownAnother.emit()

    def _move(self, here: int, there: int) -> None:
        self.tabs.insert(there, self.tabs.pop(here))
        self.refresh()
        self.changed.emit()

    def _close(self, tab: Tab) -> None:
        for pane in tab.splits.panes:
            self.closeWanted.emit(pane)

    def _menu(self, at: int, spot: QPoint) -> None:
        self.show_tab(self.tabs[at])
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk.fill_menu(menu, _TAB_MENU)
        menu.popup(spot)
