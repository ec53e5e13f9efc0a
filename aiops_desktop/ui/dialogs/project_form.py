"""The fields of a project, shared by the dialog and the first-run guide."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.remotes import RemoteUrl, Transport, parse_remote
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.secret import peek
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import hbox, holder, vbox
from aiops_desktop.ui.text import tr


class ProjectForm(QObject):
    """Address with a live check, name suggested from it, branch, key, and a token for https.

    `edited` after every change; `error` is the Refused that keeps the form from being sent.
    """

    edited = Signal()

    def __init__(self, desk: Desk, owner: QWidget, tenant_id: int | None) -> None:
        super().__init__(owner)
        self._desk, self._owner = desk, owner
        self.tenant_id = tenant_id
        self.error: Refused | None = None
        self.remote: RemoteUrl | None = None
        self._named = False
        self._keys: list[Key] = []
        self._wanted_key: int | None = None
        kit = desk.kit
        self.address = kit.edit("git@git.acme.example:acme/web-shop.git", mono=True)
        self.browse = kit.button(tr("Browse…"), "folder-open", self._browse)
        self.browse.setAutoDefault(False)
        self.name = kit.edit(tr("from the address"))
        self.branch = kit.edit(tr("the server's default"), mono=True)
        self.key = kit.choice(tr("The tenant's keys, in their order"))
        self.token = peek(kit, kit.edit(tr("only for private repositories"), secret=True))
        both = holder(hbox((self.address, 1), self.browse))
        both.setFocusProxy(self.address)
        self.fields = {
            "remote_url": Field(
                kit,
                tr("Address"),
                both,
                tr("git@host:group/name.git, ssh://, https://, or a folder on this computer."),
            ),
            "name": Field(kit, tr("Name"), self.name),
            "default_branch": Field(kit, tr("Branch"), self.branch),
            "key_id": Field(kit, tr("Key"), self.key),
            "token": Field(
                kit, tr("Access token"), self.token, tr("Kept encrypted, for this tenant only.")
            ),
        }
        self._token_row = holder(self.fields["token"].layout)
        self._key_row = holder(self.fields["key_id"].layout)
        self._token_row.hide()
        self.address.textChanged.connect(self._look)
        self.name.textEdited.connect(self._type_name)
        for edit in (self.branch, self.token):
            edit.textChanged.connect(lambda _text: self.edited.emit())
        self.address.setAccessibleName(tr("Address"))

    def layout(self, *, short: bool = False) -> QVBoxLayout:
        """The fields; `short` leaves out the branch."""
        pair = hbox((holder(self.fields["name"].layout), 1), gap=16)
        if not short:
            pair.addWidget(holder(self.fields["default_branch"].layout), 1)
        return vbox(self.fields["remote_url"].layout, pair, self._key_row, self._token_row, gap=12)

    def show_tenant(self, tenant_id: int | None) -> None:
        """The project is this tenant's: offer its keys."""
        self.tenant_id = tenant_id
        if tenant_id is None or not self._desk.ready:
            return
        house = self._desk.house

        def show(keys: list[Key]) -> None:
            if tenant_id == self.tenant_id:
                self._show_keys(keys)

        self._desk.read(lambda _job: house.keys.all(tenant_id), show)

    def fill(self, project: Project) -> None:
        """Show a project that is there."""
        self._named = True
        self._wanted_key = project.key_id
        self.address.setText(project.remote_url)
        self.name.setText(project.name)
        self.branch.setText(project.default_branch)

    def draft(self, before: Project | None = None) -> ProjectDraft:
        """What is filled in; a token stands in the address, from where the service stores it.

        Raises:
            Refused: at the field that is wrong.
        """
        if self.tenant_id is None:
            raise Refused(tr("A project belongs to a tenant."), field="tenant_id")
        remote = parse_remote(self.address.text())
        at = self.key.currentIndex()
        draft = ProjectDraft(
            tenant_id=self.tenant_id,
            remote_url=self._with_token(remote),
            name=self.name.text(),
            default_branch=self.branch.text(),
            description=before.description if before else "",
            key_id=self._keys[at - 1].id if 0 < at <= len(self._keys) else None,
            semaphore_project=before.semaphore_project if before else None,
        )
        draft.checked()
        return draft

    def _with_token(self, remote: RemoteUrl) -> str:
        from urllib.parse import quote

        token = self.token.text().strip()
        if not token or remote.transport is not Transport.HTTPS:
            return self.address.text().strip()
        scheme, _, rest = remote.text.partition("://")
        place, _, path = rest.partition("/")
        host = place.rpartition("@")[2]
        user = quote(remote.user, safe="")
        return f"{scheme}://{user}:{quote(token, safe='')}@{host}/{path}"

    def _show_keys(self, keys: list[Key]) -> None:
        try:
            chosen = self._wanted_key
            if 0 < self.key.currentIndex() <= len(self._keys):
                chosen = self._keys[self.key.currentIndex() - 1].id
            while self.key.count() > 1:
                self.key.removeItem(1)
        except RuntimeError:  # the dialog was closed while the keys were read
            return
        self._keys = keys
        for key in keys:
            self.key.addItem(tr("{name} first", name=key.name))
        ids = [key.id for key in keys]
        self.key.setCurrentIndex(ids.index(chosen) + 1 if chosen in ids else 0)

    def _type_name(self, text: str) -> None:
        self._named = bool(text.strip())
        self._look(self.address.text())

    def _look(self, typed: str) -> None:
        """Check the address while it is typed; say what is wrong once there is something."""
        field = self.fields["remote_url"]
        try:
            self.remote = parse_remote(typed)
            self.error = None
            field.wrong("")
        except Refused as refused:
            self.remote, self.error = None, refused
            # Half an address is no mistake yet: say it when there is a scheme, a colon or a slash.
            grown = len(typed.strip()) > 8 or any(c in typed for c in ":/\\")
            field.wrong(str(refused) if typed.strip() and grown else "")
        remote = self.remote
        self._token_row.setVisible(bool(remote and remote.transport is Transport.HTTPS))
        self._key_row.setVisible(remote is None or remote.transport is Transport.SSH)
        if remote and not self._named:
            self.name.setText(remote.suggested_name)
        self._look_name()
        self.edited.emit()

    def _look_name(self) -> None:
        name = self.name.text().strip().casefold()
        taken = any(
            project.tenant_id == self.tenant_id
            and project.name.casefold() == name
            and project.id != getattr(self._owner, "project_id", None)
            for project in self._desk.projects.values()
        )
        sentence = tr("This tenant has a project of this name.") if taken else ""
        self.fields["name"].wrong(sentence)
        if taken and self.error is None:
            self.error = Refused(sentence, field="name")

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self._owner, tr("Choose a repository"), str(Path.home())
        )
        if folder:
            self.address.setText(folder)
