"""Delete a key: which projects lose it, and that its file is gone for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.tenants import Doomed
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.delete import DeleteDialog
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.lines import KeyLine

#: Projects that are named.
SHOWN = 8


class DeleteKeyDialog(DeleteDialog):
    """Asks before a key goes."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: KeyLine) -> None:
        key, house = line.key, desk.house
        lost: list[str] = []
        if line.used_by:
            lost.append(
                counted(
                    len(line.used_by),
                    "{n} project loses its own key: {names}",
                    "{n} projects lose their own key: {names}",
                    names=", ".join(line.used_by),
                )
            )
        others = [] if key.hosts else _others(desk, line)
        if others:
            lost.append(
                counted(
                    len(others),
                    "{n} project is no longer offered it: {names}",
                    "{n} projects are no longer offered it: {names}",
                    names=", ".join(others[:SHOWN]) + (", …" if len(others) > SHOWN else ""),
                )
            )
        if key.registered:
            places = ", ".join(where.forge for where in key.registered)
            lost.append(tr("It stays registered with {places}. Remove it there.", places=places))
        doomed = Doomed(
            key.name,
            unsaved=tuple(lost),
            way_back=tr("Its file is overwritten and removed. There is no way back."),
        )
        super().__init__(
            desk,
            parent,
            tr("key"),
            doomed,
            lambda _job: house.keys.delete(key.id),
            typed=False,
            lost=tr("What it means elsewhere"),
        )
        self.subtitle.setText(tr("Servers that know its public half do not notice."))


def _others(desk: Desk, line: KeyLine) -> list[str]:
    """The tenant's projects without a key of their own choice, which are offered all of them."""
    return sorted(
        project.name
        for project in desk.projects.values()
        if project.tenant_id == line.tenant.id and project.name not in line.used_by
    )
