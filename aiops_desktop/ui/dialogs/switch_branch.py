"""Choose another branch to check out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.projects import Project
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.layout import ROW
from aiops_desktop.ui.parts.rows import Cell, Column, Rows
from aiops_desktop.ui.text import tr


class SwitchDialog(Dialog):
    """Branches with a filter; arrows work in the filter, too."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, project: Project, branches: Sequence[str]
    ) -> None:
        """`branches` begins with the one checked out."""
        super().__init__(
            desk,
            parent,
            tr("Switch {name} to another branch", name=project.name),
            verb=tr("Switch"),
        )
        self.project = project
        self._branches = list(branches)
        self._now = desk.status.branch if desk.status else ""
        self._filter = self.kit.search(tr("Filter branches"))
        self._list = Rows(desk.theme, (Column(""),), self._cells, edge=8)
        self._list.setAccessibleName(tr("Branches"))
        self._list.setFixedHeight(ROW * 8)
        self._list.chosen.connect(lambda _item: self._look())
        self._list.opened.connect(lambda _item: self.submit())
        self._filter.textChanged.connect(lambda _text: self._show())
        self._filter.installEventFilter(self)
        self.body.addWidget(self._filter)
        self.body.addWidget(self._list)
        self._show()
        self._filter.setFocus()

    def submit(self) -> None:
        """Check the chosen branch out."""
        branch = self._list.current()
        if isinstance(branch, str) and branch != self._now:
            self.accept()
            git.switch(self.desk, self.project, branch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down in the filter move in the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            way = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if way:
                row = self._list.currentIndex().row() + way
                if 0 <= row < len(self._list.rows.items):
                    self._list.setCurrentIndex(self._list.rows.index(row, 0))
                return True
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        wanted = self._filter.text().casefold()
        found = [name for name in self._branches if wanted in name.casefold()]
        self._list.show_rows(found)
        other = next((name for name in found if name != self._now), None)
        if self._list.current() in (None, self._now) and other:
            self._list.choose(other)
        self.say("" if found else tr("No branch has this in its name."))
        self._look()

    def _look(self) -> None:
        branch = self._list.current()
        usable = isinstance(branch, str) and branch != self._now
        self.accept_button.setEnabled(usable)
        self.accept_button.setText(
            tr("Switch to {branch}", branch=branch) if usable else tr("Switch")
        )

    def _cells(self, item: object) -> tuple[Cell, ...]:
        here = item == self._now
        return (
            Cell(
                str(item),
                "git-branch",
                strong=here,
                right=tr("checked out") if here else "",
            ),
        )
