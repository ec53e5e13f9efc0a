"""The three steps of the first-run guide: a tenant, a key, a project."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.keys import Key, KeySaved
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.projects import ProjectSaved
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.domain.trouble import Refused, Trouble
from aiops_desktop.ui.actions.keys import import_key
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key import KINDS
from aiops_desktop.ui.dialogs.key_text import long_text
from aiops_desktop.ui.dialogs.project import show_and_clone
from aiops_desktop.ui.dialogs.project_form import ProjectForm
from aiops_desktop.ui.dialogs.tenant_colours import Swatches
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, holder, label, retone, vbox, words
from aiops_desktop.ui.text import tr


class Step(QWidget):
    """A step: its number, its name, one sentence, and, when it is its turn, what to fill in."""

    def __init__(self, desk: Desk, number: str, name: str, help_: str) -> None:
        super().__init__()
        self.desk, self.kit = desk, desk.kit
        self._number, self._help = f"number-circle-{number}", help_
        self._glyph = self.kit.glyph(self._number, "muted", 20)
        self._title = label(name)
        self._said = words(help_, "muted")
        self.form: QVBoxLayout = vbox(gap=12, margins=(0, 8, 0, 0))
        self._holder = holder(self.form)
        side = vbox(self._glyph, STRETCH)
        self.text = vbox(self._title, self._said, self._holder, gap=4)
        self.setLayout(hbox(side, (holder(self.text), 1), gap=12))

    def turn(self, *, now: bool, done: str = "") -> None:
        """Whose turn it is; `done` are the facts of a step that is behind one."""
        self._holder.setVisible(now)
        self._said.setText(done or self._help)
        icon = "check-circle" if done else self._number
        self._glyph.show_icon(icon, "success" if done else "accent" if now else "muted")
        retone(self._title, role="strong" if now else "")

    def primary(self) -> None:
        """Ctrl+Enter."""


class TenantStep(Step):
    """Name and colour of the first tenant."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            "one",
            tr("Create a tenant"),
            tr("A customer or a team. Its keys, hosts and projects stay apart from all others."),
        )
        self.name = self.kit.edit("acme")
        self.colour = Swatches(desk.theme)
        self.field = Field(self.kit, tr("Name"), self.name)
        self.button = self.kit.button(tr("Create tenant"), "", self.primary, primary=True)
        swatches = vbox(label(tr("Colour")), self.colour, STRETCH, gap=4)
        self.form.addLayout(hbox((holder(self.field.layout), 1), holder(swatches), gap=24))
        self.form.addLayout(hbox(self.button, STRETCH))
        self.name.textChanged.connect(lambda _text: self.field.wrong(""))
        self.name.returnPressed.connect(self.primary)

    def primary(self) -> None:
        """Create it."""
        try:
            draft = TenantDraft(self.name.text(), colour=self.colour.colour).checked()
        except Refused as refused:
            self._fail(refused)
            return
        house = self.desk.house
        self.button.setEnabled(False)
        self.desk.start(
            tr("Create tenant {name}", name=draft.name),
            lambda _job: house.tenants.create(draft),
            trouble=self._fail,
            ended=lambda: self.button.setEnabled(True),
        )

    def _fail(self, trouble: Trouble) -> None:
        self.field.wrong(str(trouble))
        self.name.setFocus()


class KeyStep(Step):
    """Makes a key, brings one in, or is skipped."""

    def __init__(self, desk: Desk, skip: Callable[[], object]) -> None:
        super().__init__(
            desk,
            "two",
            tr("Add a key"),
            tr("Made here or brought in. Public, https and local repositories need none."),
        )
        self.tenant: Tenant | None = None
        self.name = self.kit.edit("acme-deploy")
        self.kind = self.kit.choice(*(tr(title) for _kind, _bits, title, _help in KINDS))
        self.field = Field(self.kit, tr("Name"), self.name)
        self.button = self.kit.button(tr("Create key"), "", self.primary, primary=True)
        self._frame = vbox(gap=0)
        kind = Field(self.kit, tr("Type"), self.kind)
        self.form.addLayout(hbox((holder(self.field.layout), 1), holder(kind.layout), gap=16))
        self.form.addLayout(
            hbox(
                self.button,
                self.kit.button(tr("Import…"), "download-simple", self._import),
                self.kit.button(tr("Skip"), "", skip, quiet=True),
                STRETCH,
            )
        )
        self._told = holder(
            vbox(
                words(tr("Give the public key to the server before you clone."), "small"),
                self._frame,
                gap=4,
            )
        )
        self.text.addWidget(self._told)
        self._told.hide()
        self.name.returnPressed.connect(self.primary)

    def show_tenant(self, tenant: Tenant, keys: list[Key]) -> None:
        """Whose key it is, and those there are."""
        if self.tenant is None or self.tenant.id != tenant.id:
            self.name.setText(f"{tenant.slug}-deploy")
        self.tenant = tenant
        self._told.setVisible(bool(keys))
        if keys:
            clear(self._frame)
            tip = tr("Copy the public key")
            self._frame.addWidget(long_text(self.kit, tr("Public key"), keys[-1].public, tip))

    def primary(self) -> None:
        """Make it."""
        tenant = self.tenant
        if tenant is None:
            return
        try:
            name = checked_name(self.name.text(), "key")
        except Refused as refused:
            self.field.wrong(str(refused))
            return
        kind, bits, _title, _help = KINDS[self.kind.currentIndex()]
        house = self.desk.house
        self.button.setEnabled(False)
        self.desk.start(
            tr("Create key {name}", name=name),
            lambda _job: house.keys.generate(tenant.id, name, kind, bits=bits),
            done=self._made,
            trouble=lambda trouble: self.field.wrong(str(trouble)),
            ended=lambda: self.button.setEnabled(True),
        )

    def _made(self, saved: KeySaved) -> None:
        QGuiApplication.clipboard().setText(saved.key.public)
        self.desk.toast(
            "copy",
            tr("Key {name} is ready", name=saved.key.name),
            tr("Its public key is copied. Give it to the server."),
        )

    def _import(self) -> None:
        if self.tenant:
            import_key(self.desk, self.tenant.id)


class ProjectStep(Step):
    """The address of the first repository; it is cloned and shown."""

    project_id: int | None = None

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            "three",
            tr("Add a project"),
            tr("A repository on a server, or a folder on this computer. It is cloned."),
        )
        self.fields = ProjectForm(desk, self, None)
        self.button = self.kit.button(tr("Create and clone"), "", self.primary, primary=True)
        self.form.addLayout(self.fields.layout(short=True))
        self.form.addLayout(hbox(self.button, STRETCH))
        self.fields.edited.connect(self._look)
        self.fields.address.returnPressed.connect(self.primary)
        self._look()

    def primary(self) -> None:
        """Create and clone."""
        if not self.button.isEnabled():
            return
        try:
            draft = self.fields.draft()
        except Refused as refused:
            self._fail(refused)
            return
        house = self.desk.house
        self.button.setEnabled(False)
        self.desk.start(
            tr("Create project {name}", name=draft.checked().name),
            lambda _job: house.projects.create(draft),
            done=self._made,
            trouble=self._fail,
            ended=self._look,
        )

    def _made(self, saved: ProjectSaved) -> None:
        show_and_clone(self.desk, saved.project)

    def _fail(self, trouble: Trouble) -> None:
        field = self.fields.fields.get(trouble.field) or self.fields.fields["remote_url"]
        field.wrong(str(trouble))

    def _look(self) -> None:
        typed = bool(self.fields.address.text().strip())
        self.button.setEnabled(typed and self.fields.error is None)
