"""What the tests of keys, hosts and secrets in the window share."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QApplication, QLabel, QWidget

from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.views.keys.page import KeysPage
from tests.support.stage import Stage

D = TypeVar("D", bound=Dialog)


def opened(stage: Stage) -> KeysPage:
    """The page of keys, read to its end."""
    stage.window.go("keys")
    stage.settle()
    page = stage.window.page_of("keys")
    assert isinstance(page, KeysPage)
    return page


def asked(stage: Stage, action: str, kind: type[D]) -> D:
    """The dialog that an action opens, read to its end."""
    stage.desk.run_action(action)
    dialog = stage.dialog(kind)
    assert isinstance(dialog, kind)
    stage.settle()
    return dialog


def remote(stage: Stage, tenant: Tenant, url: str, name: str = "web-shop") -> Project:
    """A project that is not cloned, at this address."""
    made = stage.house.projects.create(ProjectDraft(tenant.id, url, name=name)).project
    stage.desk.reload()
    stage.wait(lambda: made.id in stage.desk.projects)
    return made


def words(widget: QWidget) -> str:
    """All that stands in the labels of a widget and can be seen."""
    QApplication.processEvents()  # what was just added is shown with the next turn
    labels = [label for label in widget.findChildren(QLabel) if label.isVisible()]
    return " ".join(label.text().replace("\u200b", "") for label in labels)
