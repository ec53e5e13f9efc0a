"""Another passphrase for a key, or none."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import Key
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.keeping import Keeping
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import tr


class PassphraseDialog(Dialog):
    """Asks for the passphrase the key has, when it has one, and for the new one twice."""

    def __init__(self, desk: Desk, parent: QWidget | None, key: Key) -> None:
        title = tr("Change passphrase of {name}") if key.encrypted else tr(
            "Give {name} a passphrase")  # fmt: skip
        super().__init__(
            desk,
            parent,
            title.format(name=key.name),
            tr("The key stays the same; servers notice nothing."),
            verb=tr("Change passphrase") if key.encrypted else tr("Set passphrase"),
        )
        self._key, kit = key, self.kit
        self.old = peek(kit, kit.edit(secret=True))
        self.new = peek(kit, kit.edit(secret=True))
        self.again = kit.edit(secret=True)
        self.keeping = Keeping(desk)
        self.fields = {}
        if key.encrypted:
            self.fields["old"] = Field(kit, tr("Passphrase now"), self.old)
        none = tr("Leave it empty to have the key without one.") if key.encrypted else ""
        self.fields["new"] = Field(kit, tr("New passphrase"), self.new, none)
        self.fields["again"] = Field(kit, tr("New passphrase again"), self.again)
        for field in self.fields.values():
            self.body.addLayout(field.layout)
        if not key.encrypted:
            self.old.setParent(self)
            self.old.hide()
        self.body.addWidget(self.keeping)
        for typed in (self.old, self.new, self.again):
            typed.textChanged.connect(lambda _text: self._look())
        self._look()
        (self.old if key.encrypted else self.new).setFocus()

    def submit(self) -> None:
        """Change it; the fields forget."""
        self.fields["again"].wrong("")
        if self.new.text() != self.again.text():
            self.fields["again"].wrong(tr("The two passphrases differ."))
            return
        if not self.accept_button.isEnabled():
            return
        keys, key = self.desk.house.keys, self._key
        old, new = self.old.text(), self.new.text()
        session, store = self.keeping.session, self.keeping.store
        self.work(
            tr("Change passphrase of {name}", name=key.name),
            lambda _job: keys.care.set_passphrase(
                key.id, old, new, remember=store, session=session
            ),
            done=lambda _saved: self._done(bool(new)),
        )

    def done(self, result: int) -> None:
        """Closed: nothing that was typed stays in the fields."""
        for typed in (self.old, self.new, self.again):
            typed.clear()
        super().done(result)

    def _done(self, has_one: bool) -> None:
        said = tr("{name} has a new passphrase") if has_one else tr("{name} has none any more")
        self.desk.toast("check-circle", said.format(name=self._key.name))

    def _look(self) -> None:
        removes = bool(self.old.text()) and not self.new.text()
        self.keeping.setVisible(bool(self.new.text()))
        enough = bool(self.old.text()) if self._key.encrypted else bool(self.new.text())
        self.accept_button.setEnabled(enough)
        if self._key.encrypted:
            self.accept_button.setText(
                tr("Remove passphrase") if removes else tr("Change passphrase")
            )
