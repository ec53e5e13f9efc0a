"""New tenant and Edit tenant: name, colour, author, keys, production guard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.tenants import COLOURS, Tenant, TenantDraft, TenantSaved
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.ui.actions.keys import import_key, new_key
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.tenant_colours import Swatches
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, hline, holder, label, vbox, words
from aiops_desktop.ui.text import counted, tr


class TenantDialog(Dialog):
    """Creates a tenant, or changes the given one."""

    def __init__(self, desk: Desk, parent: QWidget | None, tenant: Tenant | None = None) -> None:
        self._tenant = tenant
        super().__init__(
            desk,
            parent,
            tr("Edit tenant {name}", name=tenant.name) if tenant else tr("New tenant"),
            self._summary(desk, tenant)
            or tr("A customer or a team. Its keys, hosts and projects stay apart from all others."),
            verb=tr("Save tenant") if tenant else tr("Create tenant"),
        )
        kit = self.kit
        self.name = kit.edit("acme")
        self.colour = Swatches(desk.theme, tenant.colour if tenant else _unused(desk))
        self.author = kit.edit("Ann Berger")
        self.email = kit.edit("ann@acme.example")
        self.guard, guard_row = kit.switch(
            tr("Production guard"), tr("Deployments to production ask for the typed name.")
        )
        self.fields = {
            "name": Field(kit, tr("Name"), self.name),
            "author_name": Field(
                kit, tr("Author name"), self.author, tr("On commits. Empty: your own.")
            ),
            "author_email": Field(kit, tr("Author e-mail"), self.email),
        }
        swatches = vbox(label(tr("Colour")), self.colour, STRETCH, gap=4)
        self.body.addLayout(hbox((holder(self.fields["name"].layout), 1), holder(swatches), gap=24))
        author, email = self.fields["author_name"].layout, self.fields["author_email"].layout
        email.addStretch(1)
        self.body.addLayout(hbox((holder(author), 1), (holder(email), 1), gap=16))
        self._keys: QVBoxLayout = vbox(gap=0)
        if tenant:
            self._build_keys()
        self.body.addWidget(hline())
        self.body.addLayout(guard_row)
        if tenant:
            self._fill(tenant)
        self.name.textChanged.connect(self._look)
        self._look()
        self.name.setFocus()

    def submit(self) -> None:
        """Create or save."""
        try:
            draft = self._draft().checked()
        except Refused as refused:
            self.show_trouble(refused)
            return
        house, tenant = self.desk.house, self._tenant
        if tenant:
            self.work(
                tr("Save tenant {name}", name=draft.name),
                lambda _job: house.tenants.edit(tenant.id, draft),
            )
        else:
            self.work(
                tr("Create tenant {name}", name=draft.name),
                lambda _job: house.tenants.create(draft),
                done=self._created,
            )

    def _created(self, saved: object) -> None:
        if isinstance(saved, TenantSaved):
            self.desk.toast(
                "check-circle",
                tr("Tenant {name} is created", name=saved.tenant.name),
                tr("Add a key or a project next."),
                "project.new",
            )

    def _draft(self) -> TenantDraft:
        before = self._tenant
        return TenantDraft(
            name=self.name.text(),
            description=before.description if before else "",
            colour=self.colour.colour,
            author_name=self.author.text(),
            author_email=self.email.text(),
            guarded=self.guard.isChecked(),
        )

    def _fill(self, tenant: Tenant) -> None:
        self.name.setText(tenant.name)
        self.author.setText(tenant.author_name)
        self.email.setText(tenant.author_email)
        self.guard.setChecked(tenant.guarded)

    def _look(self) -> None:
        """Say at once when another tenant has the name."""
        typed = self.name.text().strip().casefold()
        mine = self._tenant.id if self._tenant else None
        taken = next(
            (
                tenant.name
                for tenant in self.desk.tenants.values()
                if tenant.id != mine and tenant.name.casefold() == typed
            ),
            "",
        )
        self.fields["name"].wrong(
            tr("Another tenant is called {name}.", name=taken) if taken else ""
        )
        self.accept_button.setEnabled(bool(typed) and not taken)
        self.say(tr("The name is taken") if taken else "")

    @staticmethod
    def _summary(desk: Desk, tenant: Tenant | None) -> str:
        if tenant is None:
            return ""
        count = sum(project.tenant_id == tenant.id for project in desk.projects.values())
        return counted(count, "{n} project", "{n} projects") if count else tr("No project yet")

    # Keys ------------------------------------------------------------------------------------

    def _build_keys(self) -> None:
        tenant = self._tenant
        if tenant is None:
            return
        add = self.kit.tool("plus", tr("New key"), lambda: new_key(self.desk, tenant.id), slim=True)
        bring = self.kit.tool(
            "download-simple", tr("Import key"), lambda: import_key(self.desk, tenant.id), slim=True
        )
        self.body.addLayout(
            vbox(
                hbox(label(tr("Keys, in the order git tries them")), STRETCH, bring, add, gap=4),
                self._keys,
                words(tr("A project’s own key comes first."), "small"),
                gap=4,
            )
        )
        self.desk.changed.connect(self._read_keys)
        self._read_keys()

    def _read_keys(self, _changes: object = None) -> None:
        tenant = self._tenant
        if tenant and self.desk.ready:
            house = self.desk.house
            self.desk.read(lambda _job: house.keys.all(tenant.id), self._show_keys, lane="keys")

    def _show_keys(self, keys: list[Key]) -> None:
        try:
            clear(self._keys)
        except RuntimeError:  # the dialog was closed while the keys were read
            return
        for number, key in enumerate(keys, 1):
            place = label(str(number), "muted")
            place.setFixedWidth(12)
            locked = tr("passphrase") if key.encrypted else ""
            row = hbox(
                place,
                self.kit.glyph("key", "muted"),
                Elided(key.name, "", Qt.TextElideMode.ElideMiddle),
                STRETCH,
                label(locked, "small"),
                margins=(4, 0, 4, 0),
            )
            self._keys.addWidget(holder(row, height=32))
        if not keys:
            self._keys.addWidget(words(tr("No key yet."), "muted"))


def _unused(desk: Desk) -> str:
    """The first colour no tenant has, so that two are told apart."""
    used = {tenant.colour.upper() for tenant in desk.tenants.values()}
    free = [colour for colour in COLOURS if colour.upper() not in used]
    return free[0] if free else COLOURS[len(desk.tenants) % len(COLOURS)]
