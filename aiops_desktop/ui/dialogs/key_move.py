"""Give a key to another tenant: which projects lose it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.tenant_choice import TenantChoice
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, vbox, words
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.lines import KeyLine


class MoveKeyDialog(Dialog):
    """Asks which tenant gets it."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: KeyLine) -> None:
        super().__init__(
            desk,
            parent,
            tr("Give key {name} to another tenant", name=line.key.name),
            tr("{tenant} cannot use it any more.", tenant=line.tenant.name),
            verb=tr("Give key away"),
        )
        self._line = line
        self.tenant = TenantChoice(desk, but=line.tenant.id)
        self.fields = {"tenant_id": Field(self.kit, tr("Tenant"), self.tenant)}
        self.body.addLayout(self.fields["tenant_id"].layout)
        if line.used_by:
            said = counted(
                len(line.used_by),
                "{n} project loses its own key: {names}",
                "{n} projects lose their own key: {names}",
                names=", ".join(line.used_by),
            )
            glyph = vbox(self.kit.glyph("warning", "warning"), STRETCH, margins=(0, 1, 0, 0))
            self.body.addWidget(holder(hbox(glyph, (words(said, "", "warning"), 1))))
        self.tenant.setFocus()

    def submit(self) -> None:
        """Give it away."""
        house, key, there = self.desk.house, self._line.key, self.tenant.tenant_id
        self.work(
            tr("Give key {name} to another tenant", name=key.name),
            lambda _job: house.keys.care.move(key.id, there),
        )
