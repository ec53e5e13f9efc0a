"""The windows of terminals: tabs that were given one, and windows of no project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from aiops_desktop.ui.views.terminal.deck import Deck, Tab
from aiops_desktop.ui.views.terminal.floating import TerminalWindow
from aiops_desktop.ui.views.terminal.shape import Leaf
from aiops_desktop.ui.views.terminal.splits import Splits
from aiops_desktop.ui.views.terminal.strip import Strip

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint

    from aiops_desktop.ui.views.terminal.terminals import Terminals


class Windows:
    """Gives tabs windows, and takes them back.

    Attributes:
        all: those that are open.
    """

    def __init__(self, terminals: Terminals) -> None:
        self._terminals = terminals
        self.all: list[TerminalWindow] = []

    def of(self, deck: Deck) -> TerminalWindow | None:
        """The window around a deck; None for one on the page."""
        return next((window for window in self.all if window.deck is deck), None)

    def look_at(self, tenant: int, session: str, window: str, name: str = "") -> None:
        """Look at a tmux window that belongs to no project."""
        terminals = self._terminals
        pane = terminals.find(tenant, window)
        if pane is not None:
            terminals.reveal(pane)
            return
        made = terminals.pane(Leaf(tenant, 0, session, window, "", name or session))
        floating = self.make(0, tenant)
        floating.deck.add(Tab(made.name, Splits(made)))
        floating.show()
        floating.activateWindow()
        terminals.attach_seen(floating.deck)
        made.setFocus()

    def detach(self, tab: Tab, spot: QPoint | None = None) -> TerminalWindow | None:
        """Give a tab a window of its own, under this point of the screen."""
        terminals = self._terminals
        pane = tab.splits.current
        deck = terminals.deck_of(pane) if pane else None
        if deck is None or pane is None:
            return None
        deck.take(tab)
        window = self.make(pane.leaf.project, pane.leaf.tenant)
        if spot is not None:
            window.stand_at(spot)
        window.show()  # before the tab comes: a terminal laid out too small would lose its lines
        window.deck.add(tab)
        window.activateWindow()
        terminals.attach_seen(window.deck)
        pane.setFocus()
        terminals.changed.emit()
        return window

    def bring_home(self, window: TerminalWindow) -> None:
        """Put a window's tabs back among those of their project; others are closed."""
        terminals = self._terminals
        project = terminals.desk.projects.get(window.home)
        for tab in list(window.deck.tabs):
            if project is None:
                for pane in tab.splits.panes:
                    terminals.drop(pane)
            else:
                window.deck.take(tab)
                terminals.deck(project).add(tab)
        self.drop(window)
        terminals.changed.emit()

    def make(self, home: int, tenant: int) -> TerminalWindow:
        """An empty window for terminals of a project, or of the tenant alone."""
        terminals = self._terminals
        found = terminals.desk.tenants.get(tenant)
        made = TerminalWindow(terminals.desk, home, found.colour if found else "")
        terminals.listen(made.deck, home)
        made.left.connect(lambda: self.bring_home(made))
        made.moved.connect(terminals.keeper.touch)
        self.all.append(made)
        return made

    def drop(self, window: TerminalWindow) -> None:
        """Close a window that is empty, or at the end of the program."""
        if window in self.all:
            self.all.remove(window)
            window.shut()
            self._terminals.keeper.touch()

    def let_go(self, deck: Deck, tab: Tab, spot: QPoint) -> None:
        """A tab was dropped outside of its row: on another row of its project, or anywhere."""
        terminals = self._terminals
        under = QApplication.widgetAt(spot)
        while under is not None and not isinstance(under, Strip):
            under = under.parentWidget()
        target = next((one for one in terminals.decks if one.strip is under), None)
        window, pane = self.of(deck), tab.splits.current
        fits = target and pane and terminals.home(target) == pane.leaf.project
        if target is not None and target is not deck and fits:
            deck.take(tab)
            target.add(tab)
            terminals.attach_seen(target)
            if window is not None and not deck.tabs:
                self.drop(window)
            terminals.changed.emit()
        elif window is not None and len(deck.tabs) == 1:
            window.stand_at(spot)
        else:
            self.detach(tab, spot)
