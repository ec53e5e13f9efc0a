"""Another data key for the secret store, and where it lies."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.secrets import Place, SecretsChanged, SecretsStatus
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import holder, label, vbox, words
from aiops_desktop.ui.text import counted, tr

NAMES = {
    Place.KEYRING: "The keyring of this account",
    Place.PASSPHRASE: "Under a passphrase",
    Place.FILE: "A file of the data folder",
}
_HELP = {
    Place.KEYRING: "Whoever is signed in to this account can use it.",
    Place.PASSPHRASE: "It is asked for once after each start. Without it nobody can read them.",
    Place.FILE: "Whoever can read your files can read the secrets.",
}


class DataKeyDialog(Dialog):
    """Asks where the new data key shall lie; every secret is sealed with it anew."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, status: SecretsStatus, *, moves: bool
    ) -> None:
        """`moves` offers another place; else the new key lies where the old one does."""
        super().__init__(
            desk,
            parent,
            tr("Change where the data key lies") if moves else tr("Make a new data key"),
            tr("Every secret is sealed with a new data key, and the former one is destroyed."),
            verb=tr("Make new data key"),
        )
        kit = self.kit
        self.places = [
            place
            for place in Place
            if (place is status.place or moves)
            and (place is not Place.KEYRING or status.can_keyring)
        ]
        self.place = kit.choice(*(tr(NAMES[place]) for place in self.places))
        others = [n for n, place in enumerate(self.places) if place is not status.place]
        if moves and others:
            self.place.setCurrentIndex(others[0])
        self.passphrase = peek(kit, kit.edit(secret=True))
        self.again = kit.edit(secret=True)
        self.fields = {
            "place": Field(kit, tr("Place"), self.place),
            "passphrase": Field(kit, tr("New passphrase"), self.passphrase),
            "again": Field(kit, tr("New passphrase again"), self.again),
        }
        self._typed = holder(
            vbox(self.fields["passphrase"].layout, self.fields["again"].layout, gap=12)
        )
        self.body.addLayout(self.fields["place"].layout)
        self.body.addWidget(self._typed)
        if moves and not status.can_keyring:
            said = tr("No keyring answers on this computer, so the data key cannot lie in one.")
            self.body.addWidget(words(said, "small"))
        if status.kept:
            said = counted(
                len(status.kept), "{n} secret is sealed anew.", "{n} secrets are sealed anew."
            )
            self.body.addWidget(label(said, "muted"))
        self.place.currentIndexChanged.connect(lambda _number: self._look())
        for typed in (self.passphrase, self.again):
            typed.textChanged.connect(lambda _text: self._look())
        self._look()
        self.place.setFocus()

    @property
    def chosen(self) -> Place:
        """Where it shall lie."""
        return self.places[self.place.currentIndex()]

    def submit(self) -> None:
        """Make it."""
        if not self.accept_button.isEnabled():
            return
        place, text = self.chosen, ""
        if place is Place.PASSPHRASE:
            text = self.passphrase.text()
            if text != self.again.text():
                self.fields["again"].wrong(tr("The two passphrases differ."))
                return
        safe = self.desk.house.safe
        self.work(tr("Make a new data key"), lambda _job: safe.change(place, text), done=self._told)

    def done(self, result: int) -> None:
        """Closed: nothing that was typed stays in the fields."""
        self.passphrase.clear()
        self.again.clear()
        super().done(result)

    def _told(self, made: object) -> None:
        if isinstance(made, SecretsChanged):
            self.desk.toast("key", tr("There is a new data key"), made.summary)

    def _look(self) -> None:
        under = bool(self.places) and self.chosen is Place.PASSPHRASE
        self._typed.setVisible(under)
        if self.places:
            self.fields["place"].explain(tr(_HELP[self.chosen]))
        self.accept_button.setEnabled(
            bool(self.places) and (not under or bool(self.passphrase.text() and self.again.text()))
        )
