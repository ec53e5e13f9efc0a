"""Dialogs about operators: add, edit, another passphrase, delete with who takes over."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from aiops_desktop.domain.operators import Operator, OperatorEntry, Role
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.parts.controls import Choice
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import hbox, words
from aiops_desktop.ui.text import counted, tr

#: Role → its name, and what it may do.
ROLES = {
    Role.ADMIN: (tr("Admin"), tr("tenants, keys, integrations, settings, operators")),
    Role.OPERATOR: (tr("Operator"), tr("commit, push, run, deploy")),
    Role.VIEWER: (tr("Viewer"), tr("read")),
}


def role_choice(desk: Desk, role: Role) -> Choice:
    """A choice of a role; `list(ROLES)` has them in its order."""
    made = desk.kit.choice(*(name for name, _may in ROLES.values()))
    made.setCurrentIndex(list(ROLES).index(role))
    made.setAccessibleName(tr("Role"))
    return made


class _Typed(Dialog):
    """A dialog with passphrases: closed, its fields forget them."""

    secrets: tuple[QLineEdit, ...] = ()

    def done(self, result: int) -> None:
        """Nothing that was typed stays."""
        for field in self.secrets:
            field.clear()
        super().done(result)

    def same(self) -> bool:
        """Whether the last two secrets are the same; said at the second when not."""
        first, again = self.secrets[-2:]
        if first.text() == again.text():
            return True
        self.fields["again"].wrong(tr("The two passphrases differ."))
        again.setFocus()
        return False

    def twice(self) -> None:
        """Add the two fields of a new passphrase, unless they are there."""
        kit = self.kit
        first, again = peek(kit, kit.edit(secret=True)), kit.edit(secret=True)
        self.secrets += (first, again)
        self.fields["passphrase"] = Field(kit, tr("Passphrase"), first)
        self.fields["again"] = Field(kit, tr("Passphrase again"), again)


class AddOperatorDialog(_Typed):
    """Asks who it is, what they may do, and how they come in the first time."""

    def __init__(self, desk: Desk, parent: QWidget | None) -> None:
        super().__init__(
            desk,
            parent,
            tr("Add an operator"),
            tr("The role can change later."),
            verb=tr("Add operator"),
        )
        kit = self.kit
        self.name, self.email = kit.edit(), kit.edit("name@host")
        self.role = role_choice(desk, Role.OPERATOR)
        self.account = kit.edit(mono=True)
        self.fields["name"] = Field(kit, tr("Name"), self.name)
        self.fields["email"] = Field(kit, tr("E-mail"), self.email)
        self.fields["role"] = Field(kit, tr("Role"), self.role)
        self.twice()
        self.fields["passphrase"].explain(
            tr("For the first time; they can set one of their own afterwards.")
        )
        account = tr("The window opens as this operator under this account of the computer.")
        self.fields["account"] = Field(
            kit, tr("Account of this computer"), self.account, account, tr("optional")
        )
        self.body.addLayout(
            _beside(self.fields["name"], self.fields["email"]),
        )
        self.body.addLayout(self.fields["role"].layout)
        self.body.addLayout(_beside(self.fields["passphrase"], self.fields["again"]))
        self.body.addLayout(self.fields["account"].layout)
        self.role.currentIndexChanged.connect(lambda _index: self._explain())
        self.name.textChanged.connect(lambda _text: self._explain())
        self._explain()
        self.name.setFocus()

    def submit(self) -> None:
        """Add them."""
        if not self.same():
            return
        house, role = self.desk.house, list(ROLES)[self.role.currentIndex()]
        name, email = self.name.text(), self.email.text()
        passphrase, account = self.secrets[0].text(), self.account.text()
        self.work(
            tr("Add operator {name}", name=name.strip()),
            lambda _job: house.operators.add(name, email, role, passphrase, account),
        )

    def _explain(self) -> None:
        role = list(ROLES)[self.role.currentIndex()]
        self.fields["role"].explain(tr("May: {what}.", what=ROLES[role][1]))
        name = self.name.text().strip().partition(" ")[0]
        self.accept_button.setText(tr("Add {name}", name=name) if name else tr("Add operator"))


class EditOperatorDialog(Dialog):
    """Asks for another name or e-mail."""

    def __init__(self, desk: Desk, parent: QWidget | None, operator: Operator) -> None:
        super().__init__(
            desk,
            parent,
            tr("Edit {name}", name=operator.name),
            tr("The history keeps the name of then."),
            verb=tr("Save operator"),
        )
        self._operator = operator
        self.name, self.email = self.kit.edit(), self.kit.edit("name@host")
        self.name.setText(operator.name)
        self.email.setText(operator.email)
        self.fields["name"] = Field(self.kit, tr("Name"), self.name)
        self.fields["email"] = Field(self.kit, tr("E-mail"), self.email)
        for field in self.fields.values():
            self.body.addLayout(field.layout)
        self.name.setFocus()

    def submit(self) -> None:
        """Save it."""
        house, number = self.desk.house, self._operator.id
        name, email = self.name.text(), self.email.text()
        self.work(
            tr("Edit operator {name}", name=self._operator.name),
            lambda _job: house.operators.edit(number, name, email),
        )


class ResetDialog(_Typed):
    """Gives somebody else another passphrase."""

    def __init__(self, desk: Desk, parent: QWidget | None, operator: Operator) -> None:
        super().__init__(
            desk,
            parent,
            tr("Another passphrase for {name}", name=operator.name),
            tr("Tell it to them yourself; it is shown nowhere afterwards."),
            verb=tr("Reset passphrase"),
        )
        self._operator = operator
        self.twice()
        for field in self.fields.values():
            self.body.addLayout(field.layout)
        if operator.locks and operator.account:
            remove = self.kit.button(tr("Remove passphrase"), "", partial(self._reset, ""))
            remove.setAutoDefault(False)
            self.buttons.insertWidget(1, remove)
        self.secrets[0].setFocus()

    def submit(self) -> None:
        """Reset it."""
        text = self.secrets[0].text()
        if self.same():
            if text:
                self._reset(text)
            else:
                self.fields["passphrase"].wrong(tr("Type a passphrase."))

    def _reset(self, text: str) -> None:
        house, operator = self.desk.house, self._operator
        self.work(
            tr("Reset passphrase of {name}", name=operator.name),
            lambda _job: house.operators.reset(operator.id, text),
        )


class OwnPassphraseDialog(_Typed):
    """The passphrase of the one at the desk: set, changed, or taken away."""

    def __init__(self, desk: Desk, parent: QWidget | None, operator: Operator) -> None:
        super().__init__(
            desk,
            parent,
            tr("Change your passphrase") if operator.locks else tr("Lock with a passphrase"),
            tr(
                "The window asks for it at its start and after a time without a key press. It "
                "keeps passers-by out; whoever uses your account can still read the data folder."
            ),
            verb=tr("Change passphrase") if operator.locks else tr("Set passphrase"),
        )
        self._operator = operator
        if operator.locks:
            now = peek(self.kit, self.kit.edit(secret=True))
            self.secrets = (now,)
            self.fields["current"] = Field(self.kit, tr("Passphrase now"), now)
        self.twice()
        if operator.locks and operator.account:
            self.fields["passphrase"].explain(tr("Leave it empty, and the window locks no more."))
        for field in self.fields.values():
            self.body.addLayout(field.layout)
        self.secrets[0].setFocus()

    def submit(self) -> None:
        """Set it."""
        if not self.same():
            return
        current = self.secrets[0].text() if self._operator.locks else ""
        new, house = self.secrets[-1].text(), self.desk.house
        if not new and not self._operator.locks:
            self.fields["passphrase"].wrong(tr("Type a passphrase."))
            return
        self.work(
            tr("Change your passphrase"),
            lambda _job: house.operators.set_passphrase(new, current),
            done=lambda _saved: self._told(bool(new)),
        )

    def _told(self, has_one: bool) -> None:
        said = tr("The window can be locked now") if has_one else tr("The window locks no more")
        self.desk.toast("lock-key", said)


class DeleteOperatorDialog(Dialog):
    """Asks before somebody goes, and who takes over what they have under way."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, entry: OperatorEntry, others: list[Operator]
    ) -> None:
        name = entry.operator.name
        super().__init__(
            desk,
            parent,
            tr("Delete {name}", name=name),
            tr("They cannot come in any more. What the history tells of them stays."),
            verb=tr("Delete {name}", name=name),
            danger=True,
        )
        self._operator, self._others = entry.operator, others
        self.heir: Choice | None = None
        if entry.runs or entry.keys:
            runs = counted(
                entry.runs,
                "{n} assist run is not at its end.",
                "{n} assist runs are not at their end.",
            )
            keys = counted(
                entry.keys,
                "{n} key is offered for this person alone.",
                "{n} keys are offered for this person alone.",
            )
            left = " ".join(t for t, n in ((runs, entry.runs), (keys, entry.keys)) if n)
            self.heir = self.kit.choice(*(one.name for one in others))
            self.fields["heir"] = Field(self.kit, tr("Who takes over"), self.heir, left)
            self.body.addLayout(self.fields["heir"].layout)
        way_back = tr("There is no way back, but you can add them again.")
        self.body.addWidget(words(way_back, "muted"))
        self.cancel.setFocus()

    def submit(self) -> None:
        """Delete them."""
        house, operator = self.desk.house, self._operator
        heir = self._others[self.heir.currentIndex()].id if self.heir else None
        self.work(
            tr("Delete operator {name}", name=operator.name),
            lambda _job: house.operators.delete(operator.id, heir),
            done=lambda done: self.desk.toast("user-minus", getattr(done, "summary", "")),
        )


def _beside(*fields: Field) -> QHBoxLayout:
    """Fields beside each other, equally wide."""
    row = hbox(gap=16)
    for field in fields:
        row.addLayout(field.layout, 1)
    return row
