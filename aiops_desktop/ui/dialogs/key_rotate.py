"""Rotate a key: what will happen step by step, and how to go on with a rotation under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import Key, KeyType
from aiops_desktop.jobs.job import Job, Reply
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_text import long_text, type_name
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, vbox, words
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.lines import KeyLine

_KINDS: tuple[tuple[str, KeyType | None, int], ...] = (
    ("As the old one", None, 0),
    ("Ed25519", KeyType.ED25519, 0),
    ("RSA 4096", KeyType.RSA, 4096),
    ("RSA 3072", KeyType.RSA, 3072),
    ("ECDSA 256", KeyType.ECDSA, 256),
    ("ECDSA 384", KeyType.ECDSA, 384),
    ("ECDSA 521", KeyType.ECDSA, 521),
)


class RotateKeyDialog(Dialog):
    """Starts the job, which asks when the new public key is to be registered."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: KeyLine) -> None:
        super().__init__(
            desk,
            parent,
            tr("Rotate key {name}", name=line.key.name),
            tr("A new key takes its place. Until that one works, the old one stays."),
            verb=tr("Rotate key"),
        )
        self._line = line
        self._pending: Key | None = None
        self.kind = self.kit.choice(*(tr(said) for said, _kind, _bits in _KINDS))
        self.fields = {
            "kind": Field(
                self.kit, tr("Type of the new key"), self.kind,
                tr("It is {kind} now.", kind=type_name(line.key)),
            )
        }  # fmt: skip
        self.body.addLayout(self.fields["kind"].layout)
        steps = (
            ("plus-circle", tr("A new key is made.")),
            ("share-network", tr("You add its public half wherever the old one is registered.")),
            ("check-circle", tr("It is tested with every host of the tenant's projects.")),
            ("trash", tr("The old key's file is overwritten and removed.")),
        )
        rows = [
            hbox(vbox(self.kit.glyph(icon, "muted"), STRETCH, margins=(0, 1, 0, 0)),
                 (words(said), 1))
            for icon, said in steps
        ]  # fmt: skip
        self.body.addLayout(vbox(*rows, gap=8))
        self._under_way = words("", "", "warning")
        self._give_up = self.kit.link(tr("Give that rotation up"), self._cancel)
        self._give_up.setAutoDefault(False)
        self._strip = holder(vbox(self._under_way, hbox(self._give_up, STRETCH), gap=4))
        self._strip.hide()
        self.body.addWidget(self._strip)
        self.kind.setFocus()
        house, key_id = desk.house, line.key.id

        def read(_job: Job) -> Key | None:
            return house.rotation.pending(key_id)

        self.read(read, self._found)

    def submit(self) -> None:
        """Start it; the dialog goes, the job asks."""
        house, key = self.desk.house, self._line.key
        _said, kind, bits = _KINDS[self.kind.currentIndex()]
        name = key.name

        def run(job: Job) -> object:
            return house.rotation.rotate(key.id, job, kind=kind, bits=bits)

        self.desk.start(
            tr("Rotate key {name}", name=name),
            run,
            done=lambda _saved: self.desk.toast(
                "arrows-clockwise",
                tr("{name} is a new key now", name=name),
                tr("Remove the old public key at the servers."),
            ),
        )
        self.accept()

    def _found(self, pending: Key | None) -> None:
        self._pending = pending
        if pending is None:
            return
        self._under_way.setText(
            tr(
                "A rotation is under way: {name} waits to be registered. It goes on from there.",
                name=pending.name,
            )
        )
        self._strip.show()
        self.kind.setEnabled(False)
        self.accept_button.setText(tr("Go on"))

    def _cancel(self) -> None:
        house, key = self.desk.house, self._line.key
        self.work(
            tr("Give the rotation of {name} up", name=key.name),
            lambda _job: house.rotation.cancel(key.id),
        )


class RegisterKeyDialog(Dialog):
    """A job waits until a public key is registered somewhere: the key to copy, and the answers."""

    def __init__(self, desk: Desk, parent: QWidget | None, title: str, reply: Reply) -> None:
        question = reply.question
        self._yes, no = question.choices[0], question.choices[-1]
        super().__init__(desk, parent, title, question.text, verb=self._yes, cancel=no)
        self._reply = reply
        self._public = question.detail
        shown = long_text(self.kit, tr("Public key"), self._public, tr("Copy the public key"))
        self.body.addWidget(shown)
        copy = self.kit.button(tr("Copy public key"), "copy", self._copy)
        copy.setAutoDefault(False)
        self.body.addLayout(hbox(copy, STRETCH))

    def submit(self) -> None:
        """It is registered."""
        self._reply.give(self._yes)
        self.accept()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._public)
        self.desk.toast("copy", tr("The public key is copied"))
