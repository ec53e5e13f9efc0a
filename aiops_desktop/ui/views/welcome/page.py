"""The page without a project: the guide to the first one, or a calm way to the next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_text import type_name
from aiops_desktop.ui.parts.layout import (
    FORM,
    STRETCH,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.welcome.steps import KeyStep, ProjectStep, Step, TenantStep


class WelcomePage(Page):
    """Three steps while there is no project; afterwards one sentence and one button."""

    interest = Touched.TENANTS | Touched.PROJECTS | Touched.KEYS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.tenant_step = TenantStep(desk)
        self.key_step = KeyStep(desk, self._skip)
        self.project_step = ProjectStep(desk)
        self._steps: tuple[Step, ...] = (self.tenant_step, self.key_step, self.project_step)
        self._now = 0
        self._skipped: set[int] = set()
        self._both = QStackedWidget()
        self._guide = scroller(self._column())
        self._calm = empty_state(
            self.kit,
            tr("Choose a project on the left, or add another one."),
            self.kit.button(tr("New project"), "plus", lambda: desk.run_action("project.new")),
        )
        self._both.addWidget(self._guide)
        self._both.addWidget(self._calm)
        self.body.addWidget(self._both)
        desk.loaded.connect(self.refresh)
        self._turn(None, [])

    def ask(self) -> Callable[[Job], tuple[Tenant | None, list[Key]]]:
        """The first tenant's keys; with projects about there is nothing to read."""
        house = self.desk.house

        def read(_job: Job) -> tuple[Tenant | None, list[Key]]:
            tenants = house.tenants.all()
            tenant = max(tenants, key=lambda t: t.id) if tenants else None
            return tenant, house.keys.all(tenant.id) if tenant else []

        return read

    def fill(self, data: tuple[Tenant | None, list[Key]]) -> None:
        """Show the step whose turn it is."""
        self._turn(*data)

    def primary(self) -> None:
        """Press the button of the step whose turn it is."""
        if self._both.currentWidget() is self._calm:
            self.desk.run_action("project.new")
        else:
            self._steps[self._now].primary()

    def _turn(self, tenant: Tenant | None, keys: list[Key]) -> None:
        self._both.setCurrentWidget(self._calm if self.desk.projects else self._guide)
        skipped = tenant is not None and tenant.id in self._skipped
        before = self._now
        self._now = 0 if tenant is None else 1 if not keys and not skipped else 2
        self.tenant_step.turn(now=self._now == 0, done=tenant.name if tenant else "")
        said = counted(
            len(keys), "{name}, {kind}", "{n} keys, {name} is the newest",
            name=keys[-1].name, kind=type_name(keys[-1]),
        ) if keys else ""  # fmt: skip
        if skipped and not keys:
            said = tr("Skipped. A key can be added at any time.")
        if tenant:
            self.key_step.show_tenant(tenant, keys)
            self.project_step.fields.show_tenant(tenant.id)
        self.key_step.turn(now=self._now == 1, done=said)
        self.project_step.turn(now=self._now == 2)
        if before != self._now or self._now == 0:
            self._focus()

    def _focus(self) -> None:
        fields = (self.tenant_step.name, self.key_step.name, self.project_step.fields.address)
        if self.isVisible() and not self.desk.projects:
            fields[self._now].setFocus()

    def _skip(self) -> None:
        if self.key_step.tenant:
            self._skipped.add(self.key_step.tenant.id)
            self._turn(self.key_step.tenant, [])

    def _column(self) -> QWidget:
        about = vbox(
            label(tr("Just looking?"), "strong"),
            words(
                tr("Two demo tenants with five small projects; nothing leaves this computer."),
                "muted",
            ),
            gap=4,
        )
        demo = hbox(
            (holder(about), 1),
            self.kit.button(tr("Load the demo"), "", self._demo),
            gap=16,
        )
        column = vbox(
            label(tr("Set up your first project"), "title"),
            words(tr("Three steps, about two minutes."), "muted"),
            20,
            self.tenant_step,
            20,
            self.key_step,
            20,
            self.project_step,
            28,
            hline(),
            20,
            demo,
            gap=4,
            margins=(0, 24, 0, 24),
        )
        inner = holder(column, width=FORM)
        return holder(
            vbox((QWidget(), 2), hbox(STRETCH, inner, STRETCH, gap=0), (QWidget(), 3), gap=0)
        )

    def _demo(self) -> None:
        from aiops_desktop.ui import demo

        load: Callable[[Desk], object] = demo.load
        load(self.desk)
