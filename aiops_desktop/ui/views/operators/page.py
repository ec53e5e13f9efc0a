"""The operators: who may come to the desk, and what each may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.operators import OperatorEntry, Role
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions.keys import over
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.operator import (
    DeleteOperatorDialog,
    EditOperatorDialog,
    ResetDialog,
)
from aiops_desktop.ui.parts.layout import STRETCH, Sheds, bar, hbox, hline, holder, label
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Column, Rows
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.operators.details import OperatorDetails
from aiops_desktop.ui.views.operators.lines import cells, name_of, said_of


class OperatorsPage(Page):
    """A table with a details pane."""

    interest = Touched.OPERATORS | Touched.RUNS | Touched.SETTINGS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._entries: list[OperatorEntry] = []
        self._minutes = 0
        kit, run = self.kit, desk.run_action
        self._count = label("", "muted")
        self.search = kit.search(tr("Filter by name, e-mail or role"))
        self.search.setMaximumWidth(280)
        self.lock = kit.button(tr("Lock now"), "lock", partial(run, "operators.lock"))
        self.own = kit.button(
            tr("Set your passphrase…"), "lock-key", partial(run, "operators.passphrase")
        )
        self.add = kit.button(
            tr("Add operator…"), "user-plus", partial(run, "operators.add"), primary=True
        )
        title = label(tr("Operators"), "title")
        head = bar(title, self._count, 8, (self.search, 1), STRETCH, self.own, self.lock, self.add)
        self.rows = Rows(
            desk.theme,
            (
                Column(tr("Operator")),
                Column(tr("E-mail"), 200, least=640),
                Column(tr("Role"), 112),
                Column(tr("Comes in by"), 176, least=720),
                Column(tr("Last seen"), 88),
            ),
            cells,
            headers=True,
            name=name_of,
            key=lambda item: item.operator.id if isinstance(item, OperatorEntry) else item,
        )
        self.rows.setAccessibleName(tr("Operators"))
        self.details = OperatorDetails(desk, self.act)
        table = holder(hbox((self.rows, 1), self.details, gap=0))
        Sheds(table, (640, self.details))
        self._none = empty_state(self.kit, tr("No operator has this name, e-mail or role."))
        self._stack = QStackedWidget()
        self._stack.addWidget(table)
        self._stack.addWidget(self._none)
        for part in (head, hline()):
            self.body.addWidget(part)
        self.body.addWidget(self._stack, 1)
        self.rows.chosen.connect(self._chose)
        self.rows.opened.connect(lambda _entry: self.details.edit.click())
        self.search.textChanged.connect(lambda _text: self._show())
        desk.operator_changed.connect(self._look)
        self._look()

    # What the base asks for ------------------------------------------------------------------

    def ask(self) -> Callable[[Job], tuple[list[OperatorEntry], int]]:
        """Everybody, and after how many minutes the window locks."""
        house = self.desk.house
        return lambda _job: (
            house.operators.entries(),
            house.settings.current().security.lock_minutes,
        )

    def fill(self, data: Any) -> None:  # noqa: ANN401 - the base's signature
        """Show them."""
        self._entries, self._minutes = data
        self._count.setText(f"{len(self._entries):,}")
        self._show()
        self._look()

    def primary(self) -> None:
        """Add somebody."""
        self.add.click()

    def back(self) -> bool:
        """Clear the filter first."""
        had = bool(self.search.text())
        self.search.clear()
        return had

    def open_argument(self, argument: object) -> None:
        """Choose the operator with this id."""
        self.rows.choose(argument)

    # What a person does ----------------------------------------------------------------------

    def act(self, verb: str, entry: OperatorEntry) -> None:
        """Do something about an operator: "edit", "reset", "delete", "history" or "role:…"."""
        desk, operator = self.desk, entry.operator
        if verb == "history":
            desk.go("all_history", operator.name)
        elif verb == "edit":
            EditOperatorDialog(desk, over(), operator).open()
        elif verb == "reset" and entry.here:
            desk.run_action("operators.passphrase")
        elif verb == "reset":
            ResetDialog(desk, over(), operator).open()
        elif verb == "delete":
            others = [one.operator for one in self._entries if one.operator.id != operator.id]
            DeleteOperatorDialog(desk, over(), entry, others).open()
        elif verb.startswith("role:"):
            self._set_role(entry, Role(verb.partition(":")[2]))

    def _set_role(self, entry: OperatorEntry, role: Role) -> None:
        if role is entry.operator.role:
            return
        house, operator = self.desk.house, entry.operator
        self.desk.start(
            tr("Make {name} {role}", name=operator.name, role=role.value),
            lambda _job: house.operators.set_role(operator.id, role),
            trouble=self.fail,
            ended=self.refresh,
        )

    # How -------------------------------------------------------------------------------------

    def _show(self) -> None:
        words = self.search.text().casefold().split()
        shown = [one for one in self._entries if all(word in said_of(one) for word in words)]
        self.rows.show_rows(shown)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._stack.setCurrentIndex(0 if shown or not self._entries else 1)
        self._chose(self.rows.current())

    def _chose(self, entry: object) -> None:
        self.details.show_entry(entry if isinstance(entry, OperatorEntry) else None)

    def _look(self) -> None:
        """What the one at the desk may do here, and when the window locks."""
        desk = self.desk
        operator = desk.operator
        refused = desk.refusal("operators.add")
        self.add.setEnabled(not refused)
        self.add.setToolTip(refused)
        locks = operator is not None and operator.locks
        self.lock.setVisible(locks)
        self.own.setVisible(not locks)
        if not self.isVisible():
            return
        if locks and self._minutes:
            said = counted(
                self._minutes,
                "Locks after {n} minute without a key press",
                "Locks after {n} minutes without a key press",
            )
        else:
            said = tr("Locks on demand only") if locks else tr("There is no lock")
        desk.standing.emit(said)
