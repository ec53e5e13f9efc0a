"""The certificate of a key: what an authority says of it, taken over or taken away."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.certificates import Certificate, Validity
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_private import PrivateBox
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.details import fact
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import vbox, words
from aiops_desktop.ui.text import moment, tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.lines import KeyLine


def told(certificate: Certificate) -> list[tuple[str, str]]:
    """What a person asks of a certificate: (name, value)."""
    start = moment(certificate.after) if certificate.after else ""
    end = moment(certificate.before) if certificate.before else tr("for ever")
    facts = [
        (tr("Called"), certificate.key_id or tr("nothing")),
        (tr("Serial"), str(certificate.serial)),
        (tr("Opens"), ", ".join(certificate.principals) or tr("every account")),
        (tr("From"), start),
        (tr("Until"), end),
        (tr("Limits"), ", ".join(certificate.limits)),
        (tr("Signed by"), certificate.authority),
    ]
    return [(name, value) for name, value in facts if value]


def standing(certificate: Certificate) -> tuple[str, str]:
    """(tone, words) for whether it counts now."""
    found = certificate.validity()
    if found is Validity.EXPIRED:
        return "danger", tr("It has run out, so only the key itself is offered.")
    if found is Validity.EARLY:
        return "warning", tr("It does not count yet, so only the key itself is offered.")
    return "success", tr("It counts now and is offered with the key.")


class CertificateDialog(Dialog):
    """Shows the present one, and takes another."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: KeyLine) -> None:
        super().__init__(
            desk,
            parent,
            tr("Certificate of {name}", name=line.key.name),
            tr("Servers that trust the authority let the key in without knowing it."),
            verb=tr("Use certificate"),
        )
        self._key = line.key
        found = line.entry.certificate
        if found:
            tone, said = standing(found)
            self.body.addWidget(words(said, "", tone))
            facts = vbox(gap=0)
            for name, value in told(found):
                mono = "mono-small" if value.startswith("SHA256:") else ""
                facts.addWidget(fact(name, Elided(value, mono)))
            self.body.addLayout(facts)
            self.remove = self.kit.button(tr("Remove certificate"), "", partial(self._save, ""))
            self.remove.setAutoDefault(False)
            self.buttons.insertWidget(1, self.remove)
        self.box = PrivateBox(desk, tr("Paste it here, or drop its file."))
        self.box.setAccessibleName(tr("Another certificate") if found else tr("Certificate"))
        title = tr("Another certificate") if found else tr("Certificate")
        self.fields = {
            "certificate": Field(
                self.kit,
                title,
                self.box,
                tr("The file that ssh-keygen -s made: its name ends with -cert.pub."),
            )
        }
        self.body.addLayout(self.fields["certificate"].layout)
        self.box.changed.connect(self._typed)
        self._typed()
        self.box.setFocus()

    def submit(self) -> None:
        """Use it."""
        self._save(self.box.file or self.box.toPlainText())

    def _typed(self) -> None:
        held = bool(self.box.file or self.box.toPlainText().strip())
        self.accept_button.setEnabled(held)

    def _save(self, certificate: str | Path) -> None:
        house, key = self.desk.house, self._key
        self.work(
            tr("Certificate of {name}", name=key.name),
            lambda _job: house.keys.care.certify(key.id, certificate),
        )
