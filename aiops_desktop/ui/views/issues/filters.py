"""What is wanted of the issues: the bar of filters, and the short cuts above the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.issues import (
    Assigned,
    IssueCounts,
    IssueFilter,
    IssueSort,
    IssueState,
)
from aiops_desktop.ui.parts.filtering import Filtering, refill
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import MARGIN, STRETCH, hbox, label, retone
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.issues.looks import state_title

_OPEN, _ALL, _GONE = "open", "all", "gone"
_SORTS = {
    IssueSort.UPDATED: "Last changed",
    IssueSort.CREATED: "Newest",
    IssueSort.NUMBER: "Number",
    IssueSort.TITLE: "Title",
    IssueSort.DUE: "Due first",
}


class IssueFilters(Filtering):
    """Says what is wanted.

    Signals:
        changed: another choice, or the text rests.
        sync: the round arrow was pressed.
        new: "New issue" was pressed.
    """

    sync = Signal()
    new = Signal()

    def __init__(self, kit: Kit, title: str = "") -> None:
        names = (
            (tr("State"), 144),
            (tr("Label"), 132),
            (tr("Assignee"), 164),
            (tr("Order"), 132),
        )
        super().__init__(kit, tr("Filter by text or number"), (140, 232), names)
        self.state, self.label, self.who, self.sort = self.boxes
        self.synced = label("", "small")
        self.sync_button = kit.tool("arrows-clockwise", tr("Sync now"), self.sync.emit)
        self.new_button = kit.button(tr("New issue"), "plus", self.new.emit)
        self.setLayout(
            hbox(
                label(title, "title") if title else None,
                (self.search, 20),
                *self.boxes,
                self.funnel,
                STRETCH,
                self.synced,
                self.sync_button,
                self.new_button,
                margins=(MARGIN, 0, MARGIN, 0),
            )
        )
        for sort, words in _SORTS.items():
            self.sort.addItem(tr(words), sort)
        self.show_known(IssueCounts())
        self._fold()

    def wanted(self, place: IssueFilter) -> IssueFilter:
        """What the bar says now, in a place."""
        state = self.state.currentData()
        return replace(
            place,
            state=state if isinstance(state, IssueState) else None,
            only_open=state == _OPEN,
            gone=state == _GONE,
            label=self.label.currentData() or "",
            assignee=self.who.currentData() or "",
            text=self.search.text(),
            sort=self.sort.currentData() or IssueSort.UPDATED,
        )

    @property
    def narrowed(self) -> int:
        """How many choices narrow beside the state."""
        return sum(bool(box.currentData()) for box in (self.label, self.who))

    def reset(self, state: str = _OPEN) -> None:
        """Take every filter back."""
        self.clear_text()
        for box in (self.label, self.who):
            box.setCurrentIndex(0)
        self.state.setCurrentIndex(max(0, self.state.findData(state)))
        self._chosen()

    def choose(self, state: object = _OPEN, assignee: str = "") -> None:
        """Another state and assignee."""
        self.state.setCurrentIndex(max(0, self.state.findData(state)))
        self.who.setCurrentIndex(max(0, self.who.findData(assignee)))
        self._chosen()

    def show_known(self, counts: IssueCounts) -> None:
        """Offer what there is, with its numbers."""
        states: list[tuple[str, object]] = [(_of(tr("Open"), counts.open), _OPEN)]
        states += [
            (_of(state_title(state), counts.states.get(state, 0)), state)
            for state in (IssueState.ACTIVE, IssueState.OPEN, IssueState.CLOSED)
            if counts.states.get(state)
        ]
        states.append((_of(tr("All"), counts.all), _ALL))
        if counts.gone:
            states.append((_of(tr("Not there any more"), counts.gone), _GONE))
        refill(self.state, states, _spelled)
        labels = [(_of(name, number), name) for name, number in counts.labels]
        refill(self.label, [(tr("Label: any"), ""), *labels])
        who = [(tr("Assignee: anyone"), ""), (_of(tr("Me"), counts.mine), str(Assigned.ME))]
        who.append((_of(tr("Nobody"), counts.unassigned), str(Assigned.NOBODY)))
        who += [(_of(name, number), name) for name, number in counts.assignees]
        refill(self.who, who)
        self._fold()

    def said(self) -> tuple[str, int]:
        """The state, and what narrows beside it."""
        return self.state.currentText(), self.narrowed

    def _fold(self) -> None:
        super()._fold()
        self.sort.setVisible(self.width() >= self.WIDE + 140)
        self.synced.setVisible(self.width() >= 560)


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
        numbers = (counts.open, counts.mine, counts.due_soon, counts.unassigned)
        on = {
            0: not wanted.assignee and wanted.due_within is None,
            1: wanted.assignee == Assigned.ME,
            2: wanted.due_within is not None,
            3: wanted.assignee == Assigned.NOBODY,
        }
        for number, (pill, title) in enumerate(zip(self.pills, _titles(), strict=True)):
            pill.setText(_of(title, numbers[number]) if numbers[number] else title)
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
        self.chosen.emit(_OPEN, who, 7 if number == 2 else None)


def _titles() -> Sequence[str]:
    return tr("All open"), tr("Mine"), tr("Due soon"), tr("Unassigned")


def _of(title: str, number: int) -> str:
    return f"{title}  {number:,}"


def _spelled(chosen: object) -> str:
    return state_title(chosen) if isinstance(chosen, IssueState) else str(chosen)
