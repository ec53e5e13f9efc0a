"""Sends what is typed into one terminal to a chosen few, and says so loudly."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from aiops_desktop.ui.text import counted
from aiops_desktop.ui.views.terminal.pane import Pane

#: What a terminal tells by itself: focus and mouse (XTerm control sequences, "Mouse Tracking").
_REPORT = re.compile(rb"\x1b\[(?:[IO]|<\d+;\d+;\d+[Mm]|M...)", re.DOTALL)


class Broadcast(QObject):
    """The terminals that get each other's input; all of one tenant, because tenants are walls."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._members: dict[Pane, Callable[[bytes, int], None]] = {}
        self._sending = False

    @property
    def panes(self) -> list[Pane]:
        """Its members."""
        return list(self._members)

    @property
    def on(self) -> bool:
        """Whether input goes to more than where it is typed."""
        return len(self._members) > 1

    @property
    def tenant(self) -> int:
        """Whose terminals they are; 0 while there are none."""
        return next((pane.leaf.tenant for pane in self._members), 0)

    @property
    def words(self) -> str:
        """Where input goes, in short."""
        names = ", ".join(sorted(pane.name for pane in self._members))
        return counted(
            len(self._members),
            "Typing goes to {n} terminal: {names}",
            "Typing goes to {n} terminals: {names}",
            names=names,
        )

    def may_join(self, pane: Pane) -> bool:
        """Whether it belongs to the same tenant as the others."""
        return self.tenant in (0, pane.leaf.tenant)

    def join(self, *panes: Pane) -> None:
        """Take them in, where they may be."""
        for pane in panes:
            if pane not in self._members and self.may_join(pane):
                heard = partial(self._sent, pane)
                self._members[pane] = heard
                pane.terminal.sendData.connect(heard)
                pane.terminal.finished.connect(self._ended)
        self._show()

    def leave(self, pane: Pane) -> None:
        """Take one out; a single one left has nobody to share with."""
        if pane in self._members:
            self._drop(pane)
            if len(self._members) == 1:
                self._drop(self.panes[0])
            self._show()

    def stop(self) -> None:
        """Every terminal keeps its input for itself."""
        for pane in self.panes:
            self._drop(pane)
        self._show()

    def _drop(self, pane: Pane) -> None:
        pane.terminal.sendData.disconnect(self._members.pop(pane))
        pane.terminal.finished.disconnect(self._ended)
        pane.set_loud(on=False)

    def _show(self) -> None:
        for pane in self._members:
            pane.set_loud(on=self.on)
        self.changed.emit()

    def _ended(self) -> None:
        for pane in self.panes:
            if not pane.terminal.running:
                self.leave(pane)

    def _sent(self, source: Pane, data: bytes, _size: int) -> None:
        if self._sending or _REPORT.fullmatch(data):
            return
        self._sending = True
        try:
            for pane in self.panes:
                if pane is not source and pane.terminal.running:
                    pane.terminal.send(data)
        finally:
            self._sending = False
