"""What is wanted of the issues: the bar of filters."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from aiops_desktop.domain.issues import (
    Assigned,
    IssueCounts,
    IssueFilter,
    IssueSort,
    IssueState,
)
from aiops_desktop.ui.parts.filtering import Filtering, refill
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import MARGIN, STRETCH, hbox, label
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.issues.looks import state_title

_OPEN, _ALL, _GONE = "open", "all", "gone"
_SORTS = {
    IssueSort.UPDATED: "Last changed",
    IssueSort.CREATED: "Newest",
    IssueSort.NUMBER: "Number",
    IssueSort.TITLE: "Title",
    IssueSort.DUE: "Due first",
    IssueSort.ASSIGNEE: "Assignee",
    IssueSort.MILESTONE: "Milestone",
    IssueSort.COMMENTS: "Most comments",
}


class IssueFilters(Filtering):
    """Says what is wanted.

    Signals:
        changed: another choice, or the text rests.
        sync: the round arrow was pressed.
        new: "New issue" was pressed.
        unfold: the filters that were kept by name are wanted.
    """

    sync = Signal()
    new = Signal()
    unfold = Signal()

    def __init__(self, kit: Kit, title: str = "") -> None:
        names = (
            (tr("State"), 144),
            (tr("Label"), 132),
            (tr("Assignee"), 164),
            (tr("Order"), 132),
        )
        self._kit = kit
        super().__init__(kit, tr("Filter by text or number"), (140, 232), names)
        self.state, self.label, self.who, self.sort = self.boxes
        self.turn = kit.tool("sort-ascending", tr("Turn the order around"), self._turn)
        self.turn.setCheckable(True)
        self.kept = kit.tool("bookmark-simple", tr("Filters kept by name"), self.unfold.emit)
        self.synced = label("", "small")
        self.sync_button = kit.tool("arrows-clockwise", tr("Sync now"), self.sync.emit)
        self.new_button = kit.button(tr("New issue"), "plus", self.new.emit)
        self.setLayout(
            hbox(
                label(title, "title") if title else None,
                (self.search, 20),
                *self.boxes,
                self.turn,
                self.funnel,
                self.kept,
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
            backwards=self.turn.isChecked(),
        )

    def put(self, wanted: IssueFilter) -> None:
        """Show a filter that was kept; nobody is told. Its words come with it."""
        blocked = self.blockSignals(True)
        self.clear_text()
        search = self.search.blockSignals(True)
        self.search.setText(wanted.text)
        self.search.blockSignals(search)
        state = wanted.state or (_GONE if wanted.gone else _OPEN if wanted.only_open else _ALL)
        for box, value in (
            (self.state, state),
            (self.label, wanted.label),
            (self.who, wanted.assignee),
            (self.sort, wanted.sort),
        ):
            if box.findData(value) < 0:  # not in use just now
                box.addItem(_spelled(value), value)
            box.setCurrentIndex(box.findData(value))
        self.turn.setChecked(wanted.backwards)
        self._show_turn()
        self._fold()
        self.blockSignals(blocked)

    def menu(self) -> QMenu:
        """All choices, and the order's direction."""
        made = super().menu()
        act = made.addAction(tr("Turn the order around"))
        act.setCheckable(True)
        act.setChecked(self.turn.isChecked())
        act.triggered.connect(self.turn.click)
        return made

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
        states: list[tuple[str, object]] = [(of(tr("Open"), counts.open), _OPEN)]
        states += [
            (of(state_title(state), counts.states.get(state, 0)), state)
            for state in (IssueState.ACTIVE, IssueState.OPEN, IssueState.CLOSED)
            if counts.states.get(state)
        ]
        states.append((of(tr("All"), counts.all), _ALL))
        if counts.gone:
            states.append((of(tr("Not there any more"), counts.gone), _GONE))
        refill(self.state, states, _spelled)
        labels = [(of(name, number), name) for name, number in counts.labels]
        refill(self.label, [(tr("Label: any"), ""), *labels])
        who = [(tr("Assignee: anyone"), ""), (of(tr("Me"), counts.mine), str(Assigned.ME))]
        who.append((of(tr("Nobody"), counts.unassigned), str(Assigned.NOBODY)))
        who += [(of(name, number), name) for name, number in counts.assignees]
        refill(self.who, who)
        self._fold()

    def said(self) -> tuple[str, int]:
        """The state, and what narrows beside it."""
        return self.state.currentText(), self.narrowed

    def _turn(self) -> None:
        self._show_turn()
        self._chosen()

    def _show_turn(self) -> None:
        way = "sort-descending" if self.turn.isChecked() else "sort-ascending"
        self.turn.setIcon(self._kit.icon(way, "accent" if self.turn.isChecked() else "text"))

    def _fold(self) -> None:
        super()._fold()
        for part in (self.sort, self.turn):
            part.setVisible(self.width() >= self.WIDE + 170)
        self.synced.setVisible(self.width() >= 560)


def of(title: str, number: int) -> str:
    """A choice with how many there are."""
    return f"{title}  {number:,}"


def _spelled(chosen: object) -> str:
    return state_title(chosen) if isinstance(chosen, IssueState) else str(chosen)
