"""Where the data key of the secret store lies: chosen with the first secret, or changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.secrets import SHORTEST, Place, SecretsChanged, SecretsStatus
from aiops_desktop.jobs.job import Reply
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


class _PlaceDialog(Dialog):
    """A choice of places, with fields for a passphrase where one is needed."""

    def _build_places(self, places: Sequence[Place]) -> None:
        kit = self.kit
        self.places = list(places)
        self.place = kit.choice(*(tr(NAMES[place]) for place in self.places))
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
        self.place.currentIndexChanged.connect(lambda _number: self._look())
        for typed in (self.passphrase, self.again):
            typed.textChanged.connect(lambda _text: self._look())
        self.place.setFocus()

    @property
    def chosen(self) -> Place:
        """Where it shall lie."""
        return self.places[self.place.currentIndex()]

    def done(self, result: int) -> None:
        """Closed: nothing that was typed stays in the fields."""
        self.passphrase.clear()
        self.again.clear()
        super().done(result)

    def typed(self) -> str | None:
        """The passphrase, "" where the place needs none; None: its field says what is wrong."""
        if self.chosen is not Place.PASSPHRASE:
            return ""
        text = self.passphrase.text()
        short, differs = len(text) < SHORTEST, text != self.again.text()
        self.fields["passphrase"].wrong(
            tr("It needs {n} characters. Several words are good.", n=SHORTEST) if short else ""
        )
        self.fields["again"].wrong(
            tr("The two passphrases differ.") if differs and not short else ""
        )
        return None if short or differs else text

    def _look(self) -> None:
        under = bool(self.places) and self.chosen is Place.PASSPHRASE
        self._typed.setVisible(under)
        if self.places:
            self.fields["place"].explain(tr(_HELP[self.chosen]))
        self.accept_button.setEnabled(
            bool(self.places) and (not under or bool(self.passphrase.text() and self.again.text()))
        )


class FirstSecretDialog(_PlaceDialog):
    """Asks where the first data key shall lie when no keyring answers; the answer is a passphrase.

    An empty one means the key file. Cancel keeps nothing.
    """

    def __init__(self, desk: Desk, parent: QWidget | None, reply: Reply) -> None:
        question = reply.question
        super().__init__(
            desk,
            parent,
            question.text,
            question.detail,
            verb=tr("Keep secrets so"),
            cancel=tr("Keep nothing"),
        )
        self._reply = reply
        self._build_places((Place.PASSPHRASE, Place.FILE))
        self.body.addWidget(
            words(tr("The settings change this later, at “Secret store”."), "small")
        )
        self._look()

    def submit(self) -> None:
        """Hand the answer on."""
        text = self.typed() if self.accept_button.isEnabled() else None
        if text is not None:
            self._reply.give(text)
            self.accept()


class DataKeyDialog(_PlaceDialog):
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
        self._build_places(
            [
                place
                for place in Place
                if (place is status.place or moves)
                and (place is not Place.KEYRING or status.can_keyring)
            ]
        )
        others = [n for n, place in enumerate(self.places) if place is not status.place]
        if moves and others:
            self.place.setCurrentIndex(others[0])
        if moves and not status.can_keyring:
            said = tr("No keyring answers on this computer, so the data key cannot lie in one.")
            self.body.addWidget(words(said, "small"))
        if status.kept:
            said = counted(
                len(status.kept), "{n} secret is sealed anew.", "{n} secrets are sealed anew."
            )
            self.body.addWidget(label(said, "muted"))
        self._look()

    def submit(self) -> None:
        """Make it."""
        text = self.typed() if self.accept_button.isEnabled() else None
        if text is None:
            return
        place, safe = self.chosen, self.desk.house.safe
        self.work(tr("Make a new data key"), lambda _job: safe.change(place, text), done=self._told)

    def _told(self, made: object) -> None:
        if isinstance(made, SecretsChanged):
            self.desk.toast("key", tr("There is a new data key"), made.summary)
