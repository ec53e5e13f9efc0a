"""Another name for a key, the only hosts it is offered to, and whose it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import KeySaved
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.lines import KeyLine


class RenameKeyDialog(Dialog):
    """Asks for the new name, for patterns of hosts, and for the owner."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: KeyLine) -> None:
        key = line.key
        super().__init__(desk, parent, tr("Edit key {name}", name=key.name), verb=tr("Save key"))
        self._key = key
        self.name = self.kit.edit()
        self.name.setText(key.name)
        self.hosts = self.kit.edit("git.acme.example, *.acme.example", mono=True)
        self.hosts.setText(", ".join(key.hosts))
        only = tr("The key is offered to these alone, and there before all others. Empty: to all.")
        self._ids = [None, *(number for number, _name in line.people)]
        self.owner = self.kit.choice(tr("The tenant"), *(name for _number, name in line.people))
        if key.owner_id in self._ids:
            self.owner.setCurrentIndex(self._ids.index(key.owner_id))
        self.personal, row = self.kit.switch(
            tr("Only its owner uses it"),
            tr("Other operators of this tenant are not offered it."),
            key.personal,
        )
        self.fields = {
            "name": Field(self.kit, tr("Name"), self.name),
            "hosts": Field(self.kit, tr("Only for these hosts"), self.hosts, only, tr("optional")),
            "owner": Field(self.kit, tr("Owner"), self.owner),
        }
        for field in self.fields.values():
            self.body.addLayout(field.layout)
        self.body.addLayout(row)
        self.owner.currentIndexChanged.connect(lambda _at: self._tell())
        self._tell()
        self.name.selectAll()
        self.name.setFocus()

    def submit(self) -> None:
        """Save what is another."""
        try:
            name = checked_name(self.name.text(), "key")
        except Refused as refused:
            self.show_trouble(refused)
            return
        keys, key = self.desk.house.keys, self._key
        hosts = tuple(part for part in self.hosts.text().replace(",", " ").split())
        owner = self._ids[self.owner.currentIndex()]
        personal = self.personal.isChecked() and owner is not None

        def save(_job: Job) -> KeySaved | None:
            saved = keys.bind(key.id, hosts) if hosts != key.hosts else None
            if (owner, personal) != (key.owner_id, key.personal):
                saved = keys.care.give(key.id, owner, personal=personal)
            return keys.rename(key.id, name) if name != key.name else saved

        self.work(tr("Edit key {name}", name=key.name), save)

    def _tell(self) -> None:
        """The tenant's own keys are everybody's."""
        self.personal.setEnabled(self._ids[self.owner.currentIndex()] is not None)
