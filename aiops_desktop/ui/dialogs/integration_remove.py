"""Remove an integration: what goes with it, and what stays on the server."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.integrations import DoomedIntegration, Integration
from aiops_desktop.domain.tenants import Doomed
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.delete import DeleteDialog
from aiops_desktop.ui.text import counted, tr


def ask(desk: Desk, parent: QWidget | None, one: Integration) -> None:
    """Read what would go, then ask."""
    house = desk.house
    desk.read(
        lambda _job: house.integrations.doomed(one.id),
        lambda doomed: RemoveIntegrationDialog(desk, parent, one, doomed).open(),
    )


class RemoveIntegrationDialog(DeleteDialog):
    """Asks before an integration goes."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, one: Integration, doomed: DoomedIntegration
    ) -> None:
        house = desk.house
        lost = [tr("Its token is forgotten")]
        for names, single, several in (
            (
                doomed.projects,
                "The issues of {n} project are forgotten here: {names}",
                "The issues of {n} projects are forgotten here: {names}",
            ),
            (
                doomed.pushes,
                "{n} project uses its token for git: {names}",
                "{n} projects use its token for git: {names}",
            ),
            (
                doomed.keys,
                "{n} key stays registered there: {names}",
                "{n} keys stay registered there: {names}",
            ),
        ):
            if names:
                lost.append(counted(len(names), single, several, names=", ".join(names)))
        super().__init__(
            desk,
            parent,
            tr("integration"),
            Doomed(one.name, unsaved=tuple(lost), way_back=doomed.way_back),
            lambda _job: house.integrations.remove(one.id),
            typed=False,
            lost=tr("What it means"),
        )
        self.subtitle.setText(tr("Nothing changes on {host}.", host=one.host))
