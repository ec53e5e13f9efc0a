"""Remembers tabs, splits and windows from one start of the program to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.deck import Deck, Tab
from aiops_desktop.ui.views.terminal.shape import (
    DeckShape,
    Everything,
    Leaf,
    TabShape,
    WindowShape,
    leaves,
    load,
    save,
)
from aiops_desktop.ui.views.terminal.splits import Splits

if TYPE_CHECKING:
    from aiops_desktop.ui.views.terminal.pane import Pane
    from aiops_desktop.ui.views.terminal.terminals import Terminals

#: Milliseconds after a change until it is written down.
_WRITE = 700


class Keeper(QObject):
    """Reads once, gives each deck its tabs when it is wanted first, writes what changes.

    Attributes:
        ready: whether it is known what was remembered; nothing is written before.
    """

    def __init__(self, terminals: Terminals) -> None:
        super().__init__(terminals)
        self._terminals = terminals
        self._remembered: dict[int, DeckShape] = {}
        self.ready = False
        self._write = QTimer(self)
        self._write.setSingleShot(True)
        self._write.setInterval(_WRITE)
        self._write.timeout.connect(self._save)

    def load(self, then: Callable[[], object]) -> None:
        """Read what was remembered, open the windows, then go on."""
        desk = self._terminals.desk
        layout = desk.layout

        def loaded(found: Everything) -> None:
            self._remembered = dict(found.decks)
            self.ready = True
            for window in found.windows:
                self._window(window)
            then()

        desk.read(lambda _job: load(layout), loaded, lane="terminals")

    def fill(self, deck: Deck, project_id: int) -> None:
        """Give a project's deck the tabs it had."""
        shape = self._remembered.pop(project_id, None)
        if shape is not None:
            self._restore(deck, shape)

    def touch(self) -> None:
        """Something to remember changed."""
        self._write.start()

    def close(self) -> None:
        """Write it now; nothing after it counts."""
        self._write.stop()
        if self.ready:
            save(self._terminals.desk.layout, self._shape)
            self.ready = False

    # How -------------------------------------------------------------------------------------

    @property
    def _shape(self) -> Everything:
        decks = {number: deck.shape for number, deck in self._terminals.of_projects.items()}
        windows = tuple(window.shape for window in self._terminals.windows.all)
        return Everything({**self._remembered, **decks}, windows)

    def _save(self) -> None:
        if self.ready:
            desk, shape = self._terminals.desk, self._shape
            desk.read(lambda _job: save(desk.layout, shape), lambda _none: None, lane="terminals")

    def _restore(self, deck: Deck, shape: DeckShape) -> None:
        for number, tab in enumerate(shape.tabs):
            self._tab(deck, tab, front=number == shape.shown)

    def _tab(self, deck: Deck, tab: TabShape, *, front: bool) -> None:
        splits = Splits.restored(tab.root, self._known)
        if splits is not None:
            name = tab.name or (splits.current.name if splits.current else tr("Terminal"))
            deck.add(Tab(name, splits), front=front)

    def _known(self, leaf: Leaf) -> Pane | None:
        """The pane of a remembered terminal, unless its tenant or project is gone, or it is shown.

        Two panes on one window would mirror each other.
        """
        desk = self._terminals.desk
        gone = leaf.tenant not in desk.tenants
        gone = gone or bool(leaf.project and leaf.project not in desk.projects)
        gone = gone or bool(not leaf.project and not leaf.window)
        shown = self._terminals.find(leaf.tenant, leaf.window)
        return None if gone or shown else self._terminals.pane(leaf)

    def _window(self, shape: WindowShape) -> None:
        windows, tenants = self._terminals.windows, self._terminals.desk.tenants
        first = next((leaf for tab in shape.deck.tabs for leaf in leaves(tab.root)), None)
        if first is None or first.tenant not in tenants:
            return
        window = windows.make(first.project, first.tenant)
        self._restore(window.deck, shape.deck)
        if not window.deck.tabs:
            windows.drop(window)
            return
        if shape.place:
            window.place(shape.place)
        window.show()
        self._terminals.attach_seen(window.deck)
