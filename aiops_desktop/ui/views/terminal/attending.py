"""Brings what the tmux servers tell to the panes that look at their windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.sessions import Attention, AttentionKind, SessionWindow
from aiops_desktop.ui.views.terminal.pane import Mark, Pane

if TYPE_CHECKING:
    from aiops_desktop.ui.views.terminal.terminals import Terminals

#: Milliseconds that changes of the servers are gathered.
_GATHER = 120


class Attending(QObject):
    """Marks panes, and asks the servers again when something changed."""

    def __init__(self, terminals: Terminals) -> None:
        super().__init__(terminals)
        self._terminals, self._desk = terminals, terminals.desk
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_GATHER)
        self._look.timeout.connect(self._look_now)
        self._desk.attention.connect(self._attend)
        self._desk.changed.connect(self._heard)

    def seen(self, pane: Pane) -> None:
        """The bell of a window that one looks at need not be told any more."""
        leaf = pane.leaf
        if leaf.window and self._desk.ready and pane.opening and pane.opening.lasting:
            house = self._desk.house
            self._desk.read(
                lambda _job: house.sessions.seen(leaf.tenant, leaf.window), lambda _none: None
            )

    def _attend(self, told: Attention) -> None:
        pane = self._terminals.find(told.tenant_id, told.window)
        if pane is None or pane.opening is None:
            return
        if told.kind is AttentionKind.ENDED:
            pane.ended(told.exit_code)
        elif told.kind is AttentionKind.BELL:
            pane.note(Mark.BELL)
            if pane.seen:
                self.seen(pane)

    def _heard(self, changes: Changes) -> None:
        """The servers changed: look soon at what our windows do."""
        if changes.touched & Touched.SESSIONS and not self._look.isActive():
            self._look.start()

    def _look_now(self) -> None:
        panes = self._terminals.panes
        tenants = {pane.leaf.tenant for pane in panes if pane.opening and pane.window_id}
        if not tenants or not self._desk.ready:
            return
        house = self._desk.house
        self._desk.read(
            lambda _job: {
                (tenant, window.id): window
                for tenant in tenants
                for session in house.sessions.inventory(tenant).sessions
                for window in session.windows
            },
            self._show,
            lane="terminal states",
        )

    def _show(self, found: dict[tuple[int, str], SessionWindow]) -> None:
        for pane in self._terminals.panes:
            window = found.get((pane.leaf.tenant, pane.leaf.window))
            if window is not None and pane.opening is not None:
                pane.know(window)
