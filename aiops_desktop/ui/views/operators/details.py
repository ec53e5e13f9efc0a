"""What is known of one operator, and what can be done about them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton

from aiops_desktop.domain.operators import OperatorEntry
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.operator import ROLES, role_choice
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.details import DetailsPane
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import age, moment, tr
from aiops_desktop.ui.views.operators.lines import comes_in, seen

Act = Callable[[str, OperatorEntry], object]


class OperatorDetails(DetailsPane):
    """The pane right of the table. `act` is called with a verb and whom it is about."""

    def __init__(self, desk: Desk, act: Act) -> None:
        super().__init__(desk)
        self._act = act
        self._entry: OperatorEntry | None = None
        kit = desk.kit

        def button(words_: str, verb: str, *, danger: bool = False) -> QPushButton:
            return kit.button(words_, "", lambda: self._do(verb), danger=danger)

        self.reset = button(tr("Reset passphrase…"), "reset")
        self.edit = button(tr("Edit…"), "edit")
        self.delete = button(tr("Delete…"), "delete", danger=True)
        self.stand(self.edit, self.reset, STRETCH, self.delete)
        desk.operator_changed.connect(lambda: self.show_entry(self._entry))

    def show_entry(self, entry: OperatorEntry | None) -> None:
        """Show another operator."""
        self._entry = entry
        if not self.begin(entry.operator.name if entry else None) or entry is None:
            return
        one, desk = entry.operator, self._desk
        self.fact(tr("E-mail"), Elided(one.email or tr("none")))
        self.fact(tr("Comes in by"), Elided(comes_in(one)))
        added = label(age(one.created))
        added.setToolTip(moment(one.created))
        self.fact(tr("Added"), added)
        last = label(seen(entry))
        last.setToolTip(moment(entry.seen))
        self.fact(tr("Last seen"), last)
        if entry.runs:
            self.fact(tr("Runs"), label(tr("{n} not at their end", n=entry.runs)))
        if entry.keys:
            self.fact(tr("Keys"), label(tr("{n} for this person alone", n=entry.keys)))
        self.section(tr("Role"))
        self._role(entry)
        self.section(tr("What a role may do"))
        for name, may in ROLES.values():
            role = label(name, "muted")
            role.setFixedWidth(72)
            self.put(holder(hbox(vbox(role, STRETCH), (words(may), 1), margins=(0, 2, 0, 2))))
        self.section(tr("What they did"))
        self.put(desk.kit.link(tr("Show in the history"), lambda: self._do("history")))
        self._look(entry)

    def _role(self, entry: OperatorEntry) -> None:
        box = role_choice(self._desk, entry.operator.role)
        why = self._desk.refusal("operators.set_role")
        if entry.last_admin:
            why = why or tr(
                "The last admin: nobody else could manage keys and operators. Make somebody else "
                "an admin first."
            )
        box.setEnabled(not why)
        box.activated.connect(lambda index: self._act(f"role:{list(ROLES)[index]}", entry))
        self.put(box)
        self.role = box
        if why:
            self.put(words(why, "small"))

    def _look(self, entry: OperatorEntry) -> None:
        why = self._desk.refusal("operators.delete")
        if entry.last_admin:
            why = why or tr("The last admin stays.")
        elif entry.here:
            why = why or tr("You are at the desk yourself.")
        for button, reason in (
            (self.edit, self._desk.refusal("operators.edit")),
            (self.reset, "" if entry.here else self._desk.refusal("operators.reset")),
            (self.delete, why),
        ):
            button.setEnabled(not reason)
            button.setToolTip(reason)

    def _do(self, verb: str) -> None:
        if self._entry is not None:
            self._act(verb, self._entry)
