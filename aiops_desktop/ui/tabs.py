"""The tabs of a project: what one looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QWidget

from aiops_desktop.domain.states import RunState
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk

#: Page name → title, in their order; Ctrl+1 is the first.
PAGES = {
    "overview": "Overview",
    "terminal": "Terminal",
    "changes": "Changes",
    "runs": "Runs",
    "deploy": "Deploy",
    "issues": "Issues",
    "history": "History",
}
_COUNTED = {RunState.STARTING, RunState.WORKING, RunState.WAITING, RunState.READY}


class Tabs(QTabBar):
    """Names and counts; `wanted(name)` when the person chooses one."""

    wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Pages of the project"))
        for name in PAGES:
            self.addTab(tr(PAGES[name]))
        self._quiet = False
        self.currentChanged.connect(self._chosen)
        desk.selected.connect(self.show_counts)
        desk.when_concerned(self.show_counts)

    def show_page(self, name: str) -> None:
        """Mark a page without asking for it."""
        self._quiet = True
        self.setCurrentIndex(list(PAGES).index(name) if name in PAGES else 0)
        self._quiet = False

    def show_counts(self) -> None:
        """Show how many changes, runs and open issues there are."""
        status, project = self._desk.status, self._desk.project
        runs = [
            run
            for run in self._desk.living_runs
            if project and run.project_id == project.id and run.state in _COUNTED
        ]
        counts = {"changes": status.changed if status else 0, "runs": len(runs)}
        counts["issues"] = self._desk.open_issues.get(project.id, 0) if project else 0
        for number, name in enumerate(PAGES):
            count = counts.get(name, 0)
            words = f"{tr(PAGES[name])}  {count:,}" if count else tr(PAGES[name])
            if self.tabText(number) != words:
                self.setTabText(number, words)

    def _chosen(self, number: int) -> None:
        if not self._quiet and number >= 0:
            self.wanted.emit(list(PAGES)[number])

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt's tabs, and the focus ring inside the current one."""
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex() >= 0:
            box: QRect = self.tabRect(self.currentIndex()).adjusted(4, 5, -4, -5)
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._desk.theme.scheme.accent), 2))
            painter.drawRoundedRect(box, 4, 4)
