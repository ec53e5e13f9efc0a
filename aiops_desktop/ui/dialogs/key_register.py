"""Register a key's public half with a forge: for the account, or as deploy key of a project."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.integrations import FORGES, Integration, Link
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, vbox, words
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.lines import KeyLine

Found = tuple[list[Integration], list[Link]]


class RegisterWithForgeDialog(Dialog):
    """Asks with which integration of the key's tenant, and as what."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: KeyLine) -> None:
        super().__init__(
            desk,
            parent,
            tr("Register key {name} with a forge", name=line.key.name),
            tr("Only its public half is sent."),
            verb=tr("Register key"),
        )
        kit = self.kit
        self._line = line
        self._forges: list[Integration] = []
        self._links: list[Link] = []
        #: What `place` offers: "" the account, None a path to be typed, else a project's path.
        self._places: list[str | None] = []
        self.forge, self.place = kit.choice(), kit.choice()
        self.path = kit.edit(tr("group/project"), mono=True)
        self.writes, row = kit.switch(
            tr("It may push"), tr("Otherwise it only reads the repository.")
        )
        self.fields = {
            "integration": Field(kit, tr("Forge"), self.forge),
            "place": Field(kit, tr("As"), self.place),
            "project": Field(kit, tr("Project on the forge"), self.path),
        }
        self._deploy = holder(vbox(self.fields["project"].layout))
        self._writes = holder(row)
        self._ask = holder(
            vbox(
                self.fields["integration"].layout,
                self.fields["place"].layout,
                self._deploy,
                self._writes,
                gap=12,
            )
        )
        said = tr(
            "{tenant} has no integration with a forge. Add one first, or copy the public key and "
            "register it there yourself.",
            tenant=line.tenant.name,
        )
        add = kit.button(tr("Add integration…"), "", self._integrate)
        self._none = holder(vbox(words(said), hbox(add, STRETCH), gap=12))
        self._none.hide()
        self.body.addWidget(self._ask)
        self.body.addWidget(self._none)
        self.accept_button.setEnabled(False)
        self.forge.currentIndexChanged.connect(lambda _number: self._offer())
        self.place.currentIndexChanged.connect(lambda _number: self._look())
        self.path.textChanged.connect(lambda _text: self._look())
        self._look()
        self.read(partial(self._read, line.tenant.id), self._found)

    def submit(self) -> None:
        """Register it."""
        if not self.accept_button.isEnabled():
            return
        registrations, key = self.desk.house.registrations, self._line.key
        one, project = self._forges[self.forge.currentIndex()], self._project
        writes = bool(project) and self.writes.isChecked()
        self.work(
            tr("Register key {name}", name=key.name),
            lambda job: registrations.add(key.id, one.id, job, project=project, writes=writes),
            done=lambda _made: self.desk.toast(
                "check-circle",
                tr("{name} is registered", name=key.name),
                tr("With {forge}.", forge=one.name),
            ),
        )

    # How -------------------------------------------------------------------------------------

    def _read(self, tenant_id: int, _job: Job) -> Found:
        integrations = self.desk.house.integrations
        forges = [one for one in integrations.all(tenant_id) if one.enabled and one.kind in FORGES]
        return forges, integrations.links(tenant_id=tenant_id)

    def _found(self, found: Found) -> None:
        self._forges, self._links = found
        self._ask.setVisible(bool(self._forges))
        self._none.setVisible(not self._forges)
        self.accept_button.setVisible(bool(self._forges))
        self.forge.addItems([one.name for one in self._forges])
        self.forge.setFocus()

    def _offer(self) -> None:
        """The places of the chosen forge."""
        one = self._forges[self.forge.currentIndex()]
        paths = sorted({link.path for link in self._links if link.integration_id == one.id})
        self._places = ["", *paths, None]
        self.place.clear()
        who = one.username or tr("the token’s account")
        self.place.addItem(tr("Key of the account {who}", who=who))
        self.place.addItems([tr("Deploy key of {project}", project=path) for path in paths])
        self.place.addItem(tr("Deploy key of another project"))
        self._look()

    @property
    def _project(self) -> str:
        number = self.place.currentIndex()
        chosen = self._places[number] if 0 <= number < len(self._places) else ""
        return self.path.text().strip().strip("/") if chosen is None else chosen

    def _look(self) -> None:
        number = self.place.currentIndex()
        known = 0 <= number < len(self._places)
        typed = known and self._places[number] is None
        self._deploy.setVisible(typed)
        self._writes.setVisible(known and self._places[number] != "")
        if known:
            self.fields["place"].explain(
                tr("One repository; a forge takes a key for one purpose only.")
                if self._places[number] != ""
                else tr("It opens all that this account may reach.")
            )
        self.accept_button.setEnabled(known and (not typed or bool(self._project)))

    def _integrate(self) -> None:
        self.reject()
        self.desk.go("integrations")
