"""One job as a row of the drawer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from aiops_desktop.ui.jobs import JobRecord, JobState
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    clear,
    hbox,
    holder,
    label,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import look
from aiops_desktop.ui.text import duration, tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk

#: Lines of output a row shows.
SHOWN_LINES = 1_000
_ICONS = {
    JobState.QUEUED: ("clock", "muted"),
    JobState.RUNNING: ("spinner", "accent"),
    JobState.DONE: ("check-circle", "success"),
    JobState.FAILED: ("x-circle", "danger"),
    JobState.STOPPED: ("prohibit", "muted"),
}


class JobRow(QWidget):
    """One job: state, what, how far, how long, one button; unfolds to what it printed."""

    def __init__(self, desk: Desk, record: JobRecord) -> None:
        super().__init__()
        self._desk, self.record = desk, record
        self._shown_state: JobState | None = None
        kit = desk.kit
        self._glyph = kit.glyph("clock", "muted")
        self._title = Elided(record.title, "", Qt.TextElideMode.ElideMiddle)
        self._title.setMinimumWidth(min(220, self._title.sizeHint().width()))
        self._said = Elided("", "small", Qt.TextElideMode.ElideRight)
        self._line = kit.line(height=4, width=200)
        self._percent = _number(40)
        self._left = _number(104)
        self._left.setProperty("role", "muted")
        self._act = kit.button("", "", self._press, small=True)
        self._act.setFixedWidth(72)
        self._unfold = kit.tool("caret-right", tr("Show what it printed"), self.unfold, slim=True)
        self._below = vbox(gap=0)
        self._output: QPlainTextEdit | None = None
        top = hbox(
            self._glyph,
            self._title,
            self._said,
            self._unfold,
            STRETCH,
            self._line,
            self._percent,
            self._left,
            8,
            self._act,
            margins=(MARGIN, 0, MARGIN, 0),
        )
        self.setLayout(vbox(holder(top, height=32), self._below, gap=0))
        self.refresh()

    def refresh(self) -> None:
        """Show the record as it is now."""
        record = self.record
        state = record.state
        if state is not self._shown_state:
            self._shown_state = state
            self._turn(state)
        counts = state is JobState.RUNNING and record.total > 0
        running = state is JobState.RUNNING
        self._line.setVisible(running)
        self._percent.setVisible(counts)
        if counts:
            part = min(1.0, record.done / record.total)
            self._line.set_part(part)
            self._percent.setText(tr("{n} %", n=int(part * 100)))
        elif running:
            self._line.set_part(None)
        self._said.setText(self._words())
        self._unfold.setVisible(bool(record.lines))
        self.tick()
        if self._output is not None:
            self._print()

    def tick(self) -> None:
        """The times at the right end."""
        self._left.setText(_when(self.record))

    @property
    def unfolded(self) -> bool:
        """Whether it shows what was printed."""
        return self._output is not None

    def unfold(self) -> None:
        """Show or hide what it printed."""
        if self._output is not None:
            self._output.deleteLater()
            self._output = None
            self._unfold.setIcon(self._desk.kit.icon("caret-right"))
            return
        self._unfold.setIcon(self._desk.kit.icon("caret-down"))
        self._output = QPlainTextEdit()
        self._output.setReadOnly(True)
        self._output.setProperty("mono", "true")
        self._output.setFixedHeight(160)
        self._output.setAccessibleName(tr("Output of {title}", title=self.record.title))
        self._below.addWidget(holder(vbox(self._output, margins=(MARGIN + 24, 0, MARGIN, 8))))
        self._print()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Unfold, as a list would."""
        if self.record.lines:
            self.unfold()

    def _print(self) -> None:
        output = self._output
        if output is None:
            return
        bar = output.verticalScrollBar()
        follow = bar.value() >= bar.maximum() - 4
        at = bar.value()
        output.setPlainText("\n".join(list(self.record.lines)[-SHOWN_LINES:]))
        if follow:
            output.moveCursor(QTextCursor.MoveOperation.End)
        else:
            bar.setValue(at)

    def _turn(self, state: JobState) -> None:
        """The state is another one: icon, tone, button, sentence."""
        icon, tone = _ICONS[state]
        if state is JobState.FAILED and self.record.trouble:
            icon, tone, _ground = look(self.record.trouble)
        self._glyph.show_icon(icon, tone)
        quiet = state in {JobState.DONE, JobState.STOPPED}
        self._title.setProperty(
            "role", "muted" if quiet else "strong" if state is JobState.FAILED else ""
        )
        self._title.style().polish(self._title)
        ended = not self.record.alive
        self._act.setText(
            tr("Dismiss") if ended else tr("Stop") if state is JobState.RUNNING else tr("Cancel")
        )
        self._act.setProperty("quiet", "true" if ended else "")
        self._act.style().polish(self._act)
        self._act.setAccessibleName(f"{self._act.text()}: {self.record.title}")
        clear(self._below)
        self._output = None
        if state is JobState.FAILED and self.record.trouble:
            self._below.addWidget(self._failed())
        self.setAccessibleName(f"{self.record.title}: {state.value}")

    def _failed(self) -> QWidget:
        trouble, kit = self.record.trouble, self._desk.kit
        assert trouble is not None  # noqa: S101 - looked at by the caller
        acts: list[QPushButton] = []
        if self.record.again:
            again = self.record.again
            acts.append(kit.button(tr("Try again"), "", lambda: self._again(again), small=True))
        detail = "\n\n".join(part for part in (str(trouble), trouble.detail) if part)
        acts.append(
            kit.button(
                tr("Copy details"),
                "",
                lambda: QGuiApplication.clipboard().setText(detail),
                small=True,
                quiet=True,
            )
        )
        if shown_elsewhere(self.record):  # its banner says the same above the page
            acts = []
        said = str(trouble) if acts else trouble.what
        return holder(
            vbox(
                words(said),
                hbox(*acts, STRETCH) if acts else None,
                margins=(MARGIN + 24, 0, MARGIN, 10),
            )
        )

    def _again(self, again: object) -> None:
        self._desk.jobs.dismiss(self.record)
        if callable(again):
            again()

    def _press(self) -> None:
        if self.record.alive:
            self.record.stop()
            self._act.setEnabled(False)
            self.refresh()
        else:
            self._desk.jobs.dismiss(self.record)

    def _words(self) -> str:
        record = self.record
        if record.state is JobState.QUEUED:
            ahead = next(
                (
                    other
                    for other in self._desk.jobs.shown
                    if other.lane is not None
                    and other.lane == record.lane
                    and other.state is JobState.RUNNING
                ),
                None,
            )
            return tr("waits for {title}", title=ahead.title) if ahead else tr("waits for its turn")
        if record.alive:
            message = record.message
            return message[:1].lower() + message[1:]
        if record.state is JobState.DONE:
            return record.summary
        return tr("stopped") if record.state is JobState.STOPPED else ""


def _number(width: int) -> QLabel:
    made = label()
    made.setFixedWidth(width)
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def _when(record: JobRecord) -> str:
    now = time.time()
    if record.state is JobState.QUEUED:
        return tr("queued")
    if record.state is JobState.RUNNING:
        gone = now - record.begun
        if record.total and 0.02 < record.done / record.total < 1 and gone > 2:
            left = gone * (record.total - record.done) / record.done
            return tr("{time} left", time=duration(max(1.0, round(left)))).replace(".0", "")
        return duration(gone) if gone >= 1 else ""
    past = now - record.ended
    if past < 60:
        return tr("now")
    return (
        tr("{n} min ago", n=int(past // 60))
        if past < 3600
        else tr("{n} h ago", n=int(past // 3600))
    )


def shown_elsewhere(record: JobRecord) -> bool:
    """A Trouble with next steps, or of a project, stands in a banner or at its field."""
    trouble = record.trouble
    return bool(trouble and (trouble.steps or trouble.field)) or record.project_id is not None
