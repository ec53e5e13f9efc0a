"""The real window on a real house, for tests of its frame."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.ui.application import Opened
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.instance import Doorbell
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.window import Window
from tests.support.repos import bare


class Guarded:
    """A service that minds who calls it: never the GUI thread."""

    def __init__(self, service: object, told: list[str]) -> None:
        self._service, self._told = service, told

    def __getattr__(self, name: str) -> object:
        found = getattr(self._service, name)
        if not callable(found):
            return found

        def call(*args: object, **named: object) -> object:
            # The scrubber is a plain replacement of text; everything else may block.
            if threading.current_thread() is threading.main_thread() and name != "scrub":
                self._told.append(f"{type(self._service).__name__}.{name}")
            return found(*args, **named)

        return call


def guarded(house: House, told: list[str]) -> House:
    """The same house; calls from the GUI thread are noted in `told`."""
    services = {
        field.name: Guarded(getattr(house, field.name), told)
        for field in dataclasses.fields(house)
        if field.name != "layout"
    }
    return dataclasses.replace(house, **services)  # type: ignore[arg-type]  # stand in for the services


@dataclass
class Stage:
    """A window that is open, and how a person finds things in it."""

    opened: Opened
    qtbot: QtBot
    house: House
    told: list[str]

    @property
    def window(self) -> Window:
        return self.opened.window

    @property
    def desk(self) -> Desk:
        return self.opened.desk

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition)

    def settle(self) -> None:
        """Until nothing works in the background, and all that it brought was shown."""
        self.wait(lambda: not self.desk.runner.busy and self.desk.bridge.empty)
        QApplication.processEvents()

    def tenant(self, name: str = "acme") -> Tenant:
        """Add a tenant behind the window's back, and let it look again."""
        made = self.house.tenants.create(TenantDraft(name)).tenant
        self.desk.reload()
        self.wait(lambda: made.id in self.desk.tenants)
        return made

    def project(self, tenant: Tenant, name: str = "web-shop", *, clone: bool = True) -> Project:
        """Add a project with a repository of its own."""
        remote = bare(self.desk.layout.data.parent / f"{name}.git", {"README.md": f"# {name}\n"})
        made = self.house.projects.create(ProjectDraft(tenant.id, str(remote), name=name)).project
        if clone:
            self.house.repositories.clone(made.id, Job("Clone"))
        made = self.house.projects.get(made.id)
        self.desk.reload()
        self.wait(lambda: self.desk.projects.get(made.id) == made)
        return made

    def dialog(self, kind: type[Dialog] = Dialog) -> Dialog:
        """The dialog that is open (after waiting for it)."""

        def found() -> list[Dialog]:
            tops = QApplication.topLevelWidgets()
            return [top for top in tops if isinstance(top, kind) and top.isVisible()]

        self.wait(lambda: bool(found()))
        return found()[0]

    def no_dialog(self) -> None:
        """Wait until none is open."""
        self.wait(lambda: not any(_is_dialog(top) for top in QApplication.topLevelWidgets()))


def _is_dialog(top: QWidget) -> bool:
    return isinstance(top, Dialog) and top.isVisible()


def open_stage(app: QApplication, qtbot: QtBot, layout: Layout) -> Stage:
    """Open the window on this data folder, as the program does."""
    told: list[str] = []
    houses: list[House] = []

    def make(where: Layout) -> House:
        houses.append(build(where, {}))
        return guarded(houses[0], told)

    bell = Doorbell(str(layout.data / "w.sock"))
    opened = Opened(app, layout, make, bell)
    opened.window.resize(1440, 900)
    opened.window.show()
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
    opened.open()
    qtbot.waitUntil(lambda: opened.window.placed)
    return Stage(opened, qtbot, houses[0], told)


def close_stage(stage: Stage) -> None:
    """Close it, and see that nothing went wrong meanwhile."""
    logs = stage.desk.layout.logs
    stage.window.leave()
    stage.opened.close()
    for thing in (stage.desk, stage.desk.theme, stage.opened):
        thing.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()
    reports = sorted(logs.glob("crash-*"))
    assert not reports, reports[0].read_text()
    assert not stage.told, f"called in the GUI thread: {stage.told}"
