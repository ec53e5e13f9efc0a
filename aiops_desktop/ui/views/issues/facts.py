"""The facts of an issue, in two columns where there is room: people, labels, dates, its run."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from aiops_desktop.domain.issues import IssueDetail
from aiops_desktop.domain.runs import Run
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.acting import Acting
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import ROW, STRETCH, hbox, holder, label
from aiops_desktop.ui.text import age, moment, tr
from aiops_desktop.ui.views.issues.looks import colours, due, label_colour, people
from aiops_desktop.ui.views.runs.looks import assistant_title
from aiops_desktop.ui.views.runs.looks import look as run_look

#: Width from which two facts stand side by side, and that of a fact's name.
TWO, NAME = 560, 92


class Facts(QWidget):
    """Names and values."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._facts: list[QWidget] = []
        self._two = False
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self.setLayout(self._grid)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)

    def show_facts(self, found: IssueDetail, run: Run | None) -> None:
        """Show what is known; what nobody said is left out."""
        for fact in self._facts:
            self._grid.removeWidget(fact)
            fact.hide()
            fact.deleteLater()
        self._facts = [_fact(name, value) for name, value in self._made(found, run)]
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room."""
        super().resizeEvent(event)
        if (self.width() >= TWO) is not self._two:
            self._lay()

    def _lay(self) -> None:
        self._two = self.width() >= TWO
        rows = (len(self._facts) + 1) // 2 if self._two else max(1, len(self._facts))
        for number, fact in enumerate(self._facts):
            self._grid.addWidget(fact, number % rows, number // rows)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if self._two else 0)

    def _made(self, found: IssueDetail, run: Run | None) -> list[tuple[str, QWidget]]:
        issue, scheme = found.issue, self._desk.theme.scheme
        names, tints = people(found.members), colours(found.labels)
        rows: list[tuple[str, QWidget]] = []
        who = ", ".join(names.get(login, login) for login in issue.assignees)
        rows.append((tr("Assignee"), Elided(who) if who else label(tr("nobody"), "muted")))
        if issue.labels:
            pieces: list[QWidget] = []
            for name in issue.labels:
                word = Elided(name)
                tint = label_colour(name, tints, scheme)
                word.setStyleSheet(f"color: {tint};")
                pieces.append(word)
            rows.append((tr("Labels"), holder(hbox(*pieces, STRETCH))))
        when, tone = due(issue)
        if when:
            said = label(when, "", tone)
            told = tr("milestone {name}", name=issue.milestone) if issue.milestone else ""
            rows.append((tr("Due"), holder(hbox(said, Elided(told, "muted"), STRETCH))))
        elif issue.milestone:
            rows.append((tr("Milestone"), Elided(issue.milestone)))
        if run is not None:
            seen = run_look(run.state)
            glyph = self._desk.kit.glyph(seen.icon, seen.tone)
            go = Acting(seen.word, lambda: self._desk.go("runs", run.id), "", seen.tone)
            told = f"{assistant_title(run.assistant)}, {age(run.finished or run.created)}"
            rows.append((tr("Run"), holder(hbox(glyph, go, label(told, "muted"), STRETCH))))
            rows.append((tr("Branch"), Elided(run.branch, "mono")))
        opened = Elided(tr("by {who}", who=names.get(issue.author, issue.author) or tr("somebody")))
        ago = label(age(issue.created), "muted")
        ago.setToolTip(moment(issue.created))
        rows.append((tr("Opened"), holder(hbox(opened, ago, STRETCH))))
        if issue.confidential:
            rows.append((tr("Shown to"), label(tr("members only"), "", "warning")))
        return rows


def _fact(name: str, value: QWidget) -> QWidget:
    title = label(name, "muted")
    title.setFixedWidth(NAME)
    value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    made = holder(hbox(title, (value, 1)), height=ROW)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return made
