"""The trash: what was deleted, until when it can be brought back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.domain.backups import Trashed
from aiops_desktop.domain.changes import Touched
from aiops_desktop.ui.actions.backups import TRASH_MENU
from aiops_desktop.ui.parts.layout import STRETCH, bar, explain, hline, holder, label, vbox
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Column, Rows
from aiops_desktop.ui.text import counted, size, tr
from aiops_desktop.ui.views.backup.lines import trash_cells, trash_name

if TYPE_CHECKING:
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk


class TrashPage(Page):
    """A table of deleted things."""

    interest = Touched.BACKUPS | Touched.TENANTS | Touched.PROJECTS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        kit, run = self.kit, desk.run_action
        self._count = label("", "muted")
        self.back_button = kit.button(
            tr("Bring back"), "arrow-counter-clockwise", partial(run, "trash.restore"), primary=True
        )
        self.empty_button = kit.button(tr("Empty…"), "trash", partial(run, "trash.empty"))
        backups = kit.button(tr("Backups"), "archive", partial(run, "view.backups"))
        head = bar(
            label(tr("Trash"), "title"),
            self._count,
            STRETCH,
            backups,
            self.empty_button,
            self.back_button,
        )
        self.rows = Rows(
            desk.theme,
            (
                Column(tr("Name")),
                Column(tr("What"), 160, least=900),
                Column(tr("State"), 230, least=740),
                Column(tr("Goes for good"), 150, least=480),
                Column(tr("Size"), 84, flush=True, least=560),
                Column(tr("Age"), 64, flush=True),
            ),
            trash_cells,
            headers=True,
            name=trash_name,
            key=lambda one: one.name if isinstance(one, Trashed) else one,
        )
        self.rows.setAccessibleName(tr("Deleted things"))
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.rows)
        self._stack.addWidget(
            empty_state(
                kit,
                tr("The trash is empty. Deleted tenants and projects can be brought back from it."),
            )
        )
        self.body.addWidget(holder(vbox(head, hline(), (self._stack, 1), gap=0)), 1)
        self.rows.chosen.connect(self._chose)
        self.rows.opened.connect(lambda _line: run("trash.restore"))
        self.rows.customContextMenuRequested.connect(self._menu)
        desk.operator_changed.connect(lambda: self._chose(self.rows.current()))

    def ask(self) -> Callable[[Job], list[Trashed]]:
        """What lies in it."""
        house = self.desk.house
        return lambda _job: house.trash.all(sized=True)

    def fill(self, data: Any) -> None:  # noqa: ANN401 - the base's signature
        """Show it."""
        self._count.setText(f"{len(data):,}" if data else "")
        self.rows.show_rows(data)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._stack.setCurrentIndex(0 if data else 1)
        self._chose(self.rows.current())
        if self.isVisible():
            number = counted(len(data), "{n} deleted thing", "{n} deleted things")
            whole = size(sum(one.size for one in data))
            self.desk.standing.emit(tr("{number}, {size}", number=number, size=whole))

    def primary(self) -> None:
        """Bring back."""
        self.back_button.click()

    def _chose(self, line: object) -> None:
        chosen = line if isinstance(line, Trashed) else None
        self.desk.thrown = chosen if self.isVisible() else None
        refusal = self.desk.refusal
        for button, verb, why in (
            (
                self.back_button,
                "trash.restore",
                chosen.obstacle if chosen else tr("Choose something first."),
            ),
            (self.empty_button, "trash.empty", "" if chosen else tr("The trash is empty.")),
        ):
            explain(button, refusal(verb) or why)

    def _menu(self, spot: QPoint) -> None:
        if self.desk.thrown is not None:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.desk.fill_menu(menu, TRASH_MENU)
            menu.popup(self.rows.viewport().mapToGlobal(spot))

    def showEvent(self, event: QShowEvent) -> None:
        """Look again."""
        self._stale = True
        super().showEvent(event)
        self.rows.setFocus()
        self._chose(self.rows.current())

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is chosen while nobody sees it."""
        super().hideEvent(event)
        self.desk.thrown = None
