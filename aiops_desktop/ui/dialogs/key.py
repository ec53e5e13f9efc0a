"""New key and Import key."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import Key, KeySaved, KeyType
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_private import PrivateBox
from aiops_desktop.ui.dialogs.key_text import art, long_text
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import tr

KINDS = (
    (KeyType.ED25519, 0, "Ed25519", "Short and strong; every current server takes it."),
    (KeyType.RSA, 4096, "RSA 4096", "For old servers that know nothing newer."),
    (KeyType.RSA, 3072, "RSA 3072", "For old servers that know nothing newer."),
    (KeyType.ECDSA, 256, "ECDSA 256", "Where a policy asks for it."),
    (KeyType.ECDSA, 384, "ECDSA 384", "Where a policy asks for it."),
    (KeyType.ECDSA, 521, "ECDSA 521", "Where a policy asks for it."),
)


class _KeyDialog(Dialog):
    """What making and bringing in a key have in common: tenant, name, passphrase."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        title: str,
        subtitle: str,
        verb: str,
        tenant_id: int | None,
    ) -> None:
        super().__init__(desk, parent, title, subtitle, verb=verb)
        self._tenants = sorted(desk.tenants.values(), key=lambda t: t.name.casefold())
        likely = desk.tenant or (self._tenants[0] if self._tenants else None)
        chosen = tenant_id or (likely.id if likely else None)
        kit = self.kit
        self.tenant = kit.choice(*(tenant.name for tenant in self._tenants))
        ids = [tenant.id for tenant in self._tenants]
        if chosen in ids:
            self.tenant.setCurrentIndex(ids.index(chosen))
        self.name = kit.edit("acme-deploy")
        self.passphrase = peek(kit, kit.edit(secret=True))
        self.remember, self._remember_row = kit.switch(
            tr("Remember the passphrase"), tr("Encrypted, for this tenant only.")
        )
        self._remember_holder = holder(self._remember_row)
        self._remember_holder.hide()
        self.passphrase.textChanged.connect(
            lambda text: self._remember_holder.setVisible(bool(text))
        )
        self.fields = {
            "tenant_id": Field(kit, tr("Tenant"), self.tenant, tr("No other tenant can use it.")),
            "name": Field(kit, tr("Name"), self.name),
            "passphrase": Field(kit, tr("Passphrase"), self.passphrase, note=tr("optional")),
        }

    @property
    def tenant_id(self) -> int:
        """The tenant chosen."""
        return self._tenants[self.tenant.currentIndex()].id

    def _added(self, saved: object) -> None:
        if isinstance(saved, KeySaved):
            PublicKeyDialog(self.desk, self.parentWidget(), saved.key).open()


class NewKeyDialog(_KeyDialog):
    """Makes a key pair."""

    def __init__(self, desk: Desk, parent: QWidget | None, tenant_id: int | None = None) -> None:
        super().__init__(
            desk,
            parent,
            tr("New key"),
            tr("The private key stays on this computer, in the tenant's folder."),
            tr("Create key"),
            tenant_id,
        )
        self.kind = self.kit.choice(*(tr(title) for _kind, _bits, title, _help in KINDS))
        self._kind_field = Field(self.kit, tr("Type"), self.kind, tr(KINDS[0][3]))
        self.again = self.kit.edit(secret=True)
        self.fields["again"] = Field(self.kit, tr("Passphrase again"), self.again)
        self._again_holder = holder(self.fields["again"].layout)
        self._again_holder.hide()
        self.passphrase.textChanged.connect(lambda text: self._again_holder.setVisible(bool(text)))
        self.kind.currentIndexChanged.connect(self._turn)
        self.tenant.currentIndexChanged.connect(lambda _n: self._suggest())
        for part in (self.fields["tenant_id"], self.fields["name"], self._kind_field):
            self.body.addLayout(part.layout)
        self.body.addLayout(self.fields["passphrase"].layout)
        self.body.addWidget(self._again_holder)
        self.body.addWidget(self._remember_holder)
        self._suggest()
        self.name.setFocus()
        self.name.selectAll()

    def submit(self) -> None:
        """Make it."""
        self.fields["again"].wrong("")
        if self.passphrase.text() != self.again.text():
            self.fields["again"].wrong(tr("The two passphrases differ."))
            return
        try:
            name = checked_name(self.name.text(), "key")
        except Refused as refused:
            self.show_trouble(refused)
            return
        house, tenant = self.desk.house, self.tenant_id
        kind, bits, _title, _help = KINDS[self.kind.currentIndex()]
        secret, remember = self.passphrase.text(), self.remember.isChecked()
        self.work(
            tr("Create key {name}", name=name),
            lambda _job: house.keys.generate(
                tenant, name, kind, bits=bits, passphrase=secret, remember=remember
            ),
            done=self._added,
        )

    def _turn(self, number: int) -> None:
        self._kind_field.explain(tr(KINDS[number][3]))

    def _suggest(self) -> None:
        at = self.tenant.currentIndex()
        if not self.name.isModified() and 0 <= at < len(self._tenants):
            self.name.setText(f"{self._tenants[at].slug}-deploy")


class ImportKeyDialog(_KeyDialog):
    """Brings in a private key, from a file or as text; what is pasted is never shown."""

    def __init__(self, desk: Desk, parent: QWidget | None, tenant_id: int | None = None) -> None:
        super().__init__(
            desk,
            parent,
            tr("Import key"),
            tr("The key is copied into the tenant's folder; the file it came from stays."),
            tr("Import key"),
            tenant_id,
        )
        self.private = PrivateBox(desk)
        self.fields["private"] = Field(
            self.kit, tr("Private key"), self.private, tr("OpenSSH, PEM, PKCS#8, or PuTTY’s .ppk.")
        )
        folder = self.kit.link(tr("A whole folder instead"), self._folder)
        folder.setAutoDefault(False)
        self.body.addLayout(self.fields["tenant_id"].layout)
        self.body.addLayout(self.fields["private"].layout)
        for name in ("name", "passphrase"):
            self.body.addLayout(self.fields[name].layout)
        self.body.addWidget(self._remember_holder)
        self.body.addLayout(hbox(folder, STRETCH))
        self.private.changed.connect(self._typed)
        self._typed()
        self.private.setFocus()

    def submit(self) -> None:
        """Bring it in."""
        try:
            name = checked_name(self.name.text(), "key")
        except Refused as refused:
            self.show_trouble(refused)
            return
        house, tenant = self.desk.house, self.tenant_id
        private: str | Path = self.private.file or self.private.toPlainText()
        secret, remember = self.passphrase.text(), self.remember.isChecked()
        self.work(
            tr("Import key {name}", name=name),
            lambda _job: house.keys.add(
                tenant, name, private, passphrase=secret, remember=remember
            ),
            done=self._taken,
        )

    def _taken(self, saved: object) -> None:
        if self.lives and self.private.clear_clipboard():
            self.desk.toast("clipboard-text", tr("The private key was taken off the clipboard"))
        self._added(saved)

    def take_file(self, path: Path) -> None:
        """Use this file."""
        self.private.take_file(path)

    def done(self, result: int) -> None:
        """Closed: nothing that was pasted or typed stays in the fields."""
        self.private.forget()
        self.passphrase.clear()
        super().done(result)

    def _folder(self) -> None:
        from aiops_desktop.ui.dialogs.keys_folder import ImportFolderDialog

        self.reject()
        ImportFolderDialog(self.desk, self.parentWidget()).open()

    def _typed(self) -> None:
        self.accept_button.setEnabled(bool(self.private.file or self.private.toPlainText().strip()))
        if self.private.file and not self.name.text():
            self.name.setText(self.private.file.name)


class PublicKeyDialog(Dialog):
    """The public half, to be given to the server."""

    def __init__(self, desk: Desk, parent: QWidget | None, key: Key) -> None:
        super().__init__(
            desk,
            parent,
            tr("Key {name} is ready", name=key.name),
            tr("Give the public key to the server: as a deploy key, or in your account there."),
            verb=tr("Copy and close"),
            cancel=tr("Close"),
        )
        self._key = key
        self.body.addWidget(
            long_text(self.kit, tr("Public key"), key.public, tr("Copy the public key"))
        )
        self.body.addLayout(
            vbox(label(tr("Fingerprint"), "section"), words(key.fingerprint, "mono"), gap=4)
        )
        self.body.addWidget(art(key.randomart))

    def submit(self) -> None:
        """Copy."""
        QGuiApplication.clipboard().setText(self._key.public)
        self.desk.toast("copy", tr("The public key is copied"))
        self.accept()
