"""Another name for a key."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import tr


class RenameKeyDialog(Dialog):
    """Asks for the new name."""

    def __init__(self, desk: Desk, parent: QWidget | None, key: Key) -> None:
        super().__init__(
            desk, parent, tr("Rename key {name}", name=key.name), verb=tr("Rename key")
        )
        self._key = key
        self.name = self.kit.edit()
        self.name.setText(key.name)
        self.fields = {"name": Field(self.kit, tr("Name"), self.name)}
        self.body.addLayout(self.fields["name"].layout)
        self.name.selectAll()
        self.name.setFocus()

    def submit(self) -> None:
        """Rename it."""
        try:
            name = checked_name(self.name.text(), "key")
        except Refused as refused:
            self.show_trouble(refused)
            return
        house, key = self.desk.house, self._key
        self.work(
            tr("Rename key {name}", name=key.name), lambda _job: house.keys.rename(key.id, name)
        )
