"""The short cuts above the list of issues, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.issues import Assigned, IssueCounts, IssueFilter
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import STRETCH, hbox, retone
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.issues.filters import of


class Shortcuts(QWidget):
    """The short cuts above the list, with their numbers.

    `chosen(state, assignee, days)` when one was pressed.
    """

    chosen = Signal(object, str, object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setFixedHeight(40)
        self._counts = IssueCounts()
        self._days: int | None = None
        self.pills = [kit.pill("", partial(self._press, n)) for n in range(4)]
        self.setLayout(hbox(*self.pills, STRETCH, gap=2, margins=(8, 0, 8, 0)))
        self.show_counts(self._counts, IssueFilter(only_open=True))

    def show_counts(self, counts: IssueCounts, wanted: IssueFilter) -> None:
        """Show numbers, and which short cut the filter is."""
        numbers = (counts.everyones, counts.mine, counts.due_soon, counts.unassigned)
        on = {
            0: not wanted.assignee and wanted.due_within is None,
            1: wanted.assignee == Assigned.ME,
            2: wanted.due_within is not None,
            3: wanted.assignee == Assigned.NOBODY,
        }
        for number, (pill, title) in enumerate(zip(self.pills, _titles(), strict=True)):
            pill.setText(of(title, numbers[number]) if numbers[number] else title)
            retone(pill, on="true" if wanted.only_open and on[number] else "")
        self._fold()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The last ones go first."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        room = self.width() - 16
        for pill in self.pills:
            room -= pill.sizeHint().width() + 2
            pill.setVisible(room >= 0)

    def _press(self, number: int) -> None:
        who = {1: str(Assigned.ME), 3: str(Assigned.NOBODY)}.get(number, "")
        self.chosen.emit("open", who, 7 if number == 2 else None)


def _titles() -> Sequence[str]:
    return tr("All open"), tr("Mine"), tr("Due soon"), tr("Unassigned")
