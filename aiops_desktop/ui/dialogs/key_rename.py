"""Another name for a key, and the only hosts it is offered to."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import Key, KeySaved
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import tr


class RenameKeyDialog(Dialog):
    """Asks for the new name, and for patterns of hosts."""

    def __init__(self, desk: Desk, parent: QWidget | None, key: Key) -> None:
        super().__init__(desk, parent, tr("Edit key {name}", name=key.name), verb=tr("Save key"))
        self._key = key
        self.name = self.kit.edit()
        self.name.setText(key.name)
        self.hosts = self.kit.edit("git.acme.example, *.acme.example", mono=True)
        self.hosts.setText(", ".join(key.hosts))
        only = tr("The key is offered to these alone, and there before all others. Empty: to all.")
        self.fields = {
            "name": Field(self.kit, tr("Name"), self.name),
            "hosts": Field(self.kit, tr("Only for these hosts"), self.hosts, only, tr("optional")),
        }
        for field in self.fields.values():
            self.body.addLayout(field.layout)
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

        def save(_job: Job) -> KeySaved | None:
            saved = keys.bind(key.id, hosts) if hosts != key.hosts else None
            return keys.rename(key.id, name) if name != key.name else saved

        self.work(tr("Edit key {name}", name=key.name), save)
