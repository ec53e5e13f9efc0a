"""The jobs drawer over the foot of the page: what is at work, what failed, what is done."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QVBoxLayout,
    QWidget,
)

from aiops_desktop.ui.drawer_row import JobRow, shown_elsewhere
from aiops_desktop.ui.jobs import JobRecord, JobState
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk

#: Milliseconds in which changes are gathered: a job that starts is queued and running at once.
GATHER = 20
#: Ended jobs listed; older ones are in the history.
KEPT = 30
#: Seconds after which a job at work opens the drawer by itself.
PATIENCE = 1.0
#: Milliseconds a drawer that came by itself stays after its last job has ended.
STAY = 3_000


class Drawer(QWidget):
    """The list of jobs; `resized` when it wants another height, 0 while it is closed.

    It opens by itself when a job takes longer than a second or fails with nobody else showing it.
    """

    resized = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._rows: dict[JobRecord, JobRow] = {}
        self._told: set[int] = set()
        self._by_itself = False
        kit = desk.kit
        self._counts = Elided("", "muted")
        self._clear = kit.button(
            tr("Clear finished"), "", lambda: desk.jobs.clear_finished(), quiet=True, small=True
        )
        close = kit.tool("caret-down", tr("Close the drawer (Esc)"), self.shut, slim=True)
        head = holder(
            hbox(
                label(tr("Jobs"), "strong"),
                self._counts,
                STRETCH,
                self._clear,
                close,
                margins=(MARGIN, 0, 12, 0),
            ),
            "ground",
            height=36,
        )
        self._list: QVBoxLayout = vbox(gap=0, margins=(0, 4, 0, 4))
        self._inner = holder(vbox(self._list, STRETCH, gap=0))
        self._area = scroller(self._inner)
        self._none = words(tr("No job yet. Clones, pushes and deployments appear here."), "muted")
        self._none.setContentsMargins(MARGIN, 12, MARGIN, 12)
        self.setLayout(vbox(hline(), head, hline(), self._none, (self._area, 1), gap=0))
        self.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GATHER)
        self._soon.timeout.connect(self._list_jobs)
        desk.jobs.listed.connect(self._soon.start)
        desk.jobs.moved.connect(self._moved)
        desk.jobs.failed.connect(self._failed)
        self._timer = QTimer(self)
        self._timer.setInterval(500)
        self._timer.timeout.connect(self._tick)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(STAY)
        self._rest.timeout.connect(self._leave)

    def sizeHint(self) -> QSize:
        """As high as the list needs; the window caps it."""
        body = self._inner.sizeHint().height() if self._rows else self._none.sizeHint().height()
        return QSize(400, 38 + body)

    def open(self) -> None:
        """Show it."""
        self._by_itself = False
        self._show()

    def shut(self) -> None:
        """Hide it; jobs that are at work now do not open it again."""
        self._by_itself = False
        self._told |= {record.number for record in self._desk.jobs.shown}
        self.hide()
        self.resized.emit()

    def toggle(self) -> None:
        """Show or hide it."""
        if self.isVisible():
            self.shut()
        else:
            self.open()

    def _show(self) -> None:
        if self._soon.isActive():
            self._list_jobs()
        self.show()
        self.raise_()
        self.resized.emit()

    def _list_jobs(self) -> None:
        self._soon.stop()
        shown = self._desk.jobs.shown
        ended = [record for record in shown if not record.alive]
        for record in ended[:-KEPT]:
            self._desk.jobs.records.remove(record)
        order = sorted(self._desk.jobs.shown, key=_place)
        for record in [record for record in self._rows if record not in order]:
            row = self._rows.pop(record)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, record in enumerate(order):
            made = self._rows.get(record)
            if made is None:
                made = self._rows[record] = JobRow(self._desk, record)
                self._list.insertWidget(place, made)
            elif self._list.indexOf(made) != place:
                self._list.removeWidget(made)
                self._list.insertWidget(place, made)
            made.refresh()
        self._count()
        self._none.setVisible(not self._rows)
        self._area.setVisible(bool(self._rows))
        if any(record.alive for record in order):
            self._timer.start()
            self._rest.stop()
        elif self._by_itself:
            self._rest.start()
        if self.isVisible():
            self.resized.emit()

    def _leave(self) -> None:
        """It came by itself and nothing is left to see; it waits while someone looks at it."""
        quiet = all(r.state in {JobState.DONE, JobState.STOPPED} for r in self._desk.jobs.shown)
        if not self.isVisible() or not self._by_itself or not quiet:
            return
        if self.underMouse() or any(row.unfolded for row in self._rows.values()):
            self._rest.start()
            return
        self._by_itself = False
        self.hide()
        self.resized.emit()

    def _count(self) -> None:
        states = [record.state for record in self._desk.jobs.shown]
        parts = [
            tr(words, n=states.count(state))
            for state, words in (
                (JobState.RUNNING, "{n} running"),
                (JobState.QUEUED, "{n} queued"),
                (JobState.FAILED, "{n} failed"),
            )
            if state in states
        ]
        done = states.count(JobState.DONE)
        if not parts and done:
            parts = [counted(done, "{n} done", "{n} done")]
        self._counts.setText(", ".join(parts))
        self._clear.setEnabled(any(not record.alive for record in self._desk.jobs.shown))

    def _moved(self, record: JobRecord) -> None:
        row = self._rows.get(record)
        if row and self.isVisible():
            row.refresh()

    def _failed(self, record: JobRecord) -> None:
        if not record.quiet and record.number not in self._told and not shown_elsewhere(record):
            self._show()

    def _tick(self) -> None:
        alive = [record for record in self._desk.jobs.shown if record.alive]
        for record in alive:
            slow = record.begun and time.time() - record.begun > PATIENCE
            if slow and record.number not in self._told:
                self._told.add(record.number)
                if not self.isVisible():
                    self._by_itself = True
                    self._show()
        if self.isVisible():
            for row in self._rows.values():
                row.tick()
        if not alive and not self.isVisible():
            self._timer.stop()


def _place(record: JobRecord) -> tuple[int, float]:
    """Working ones first, then queued, failed, done; the newest first among the ended."""
    order = (JobState.RUNNING, JobState.QUEUED, JobState.FAILED, JobState.DONE, JobState.STOPPED)
    when = record.number if record.alive else -record.ended
    return order.index(JobState.STOPPED if record.state not in order else record.state), when
