"""Test what a tenant can reach: each step as a line, in the order in which things fail."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.connections import ConnectionReport, ConnectionStep, StepState
from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.remotes import Transport, parse_remote
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.key_parts import file_of
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.fitting import spin
from aiops_desktop.ui.dialogs.tenant_choice import TenantChoice
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    clear,
    hbox,
    hline,
    holder,
    label,
    vbox,
    words,
)
from aiops_desktop.ui.text import duration, tr

_LOOKS = {
    StepState.GOOD: ("check-circle", "success"),
    StepState.BAD: ("x-circle", "danger"),
    StepState.SKIPPED: ("minus-circle", "muted"),
}


class ConnectionDialog(Dialog):
    """A project's remote, or any host; with all of the tenant's keys, or one alone.

    Stays open after a test, so that one can change something and test again.
    """

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        tenant_id: int | None = None,
        key: Key | None = None,
    ) -> None:
        super().__init__(
            desk,
            parent,
            tr("Test key {name}", name=key.name) if key else tr("Test a connection"),
            tr("With exactly the keys and hosts that git would use. Nothing is changed."),
            verb=tr("Test"),
            cancel=tr("Close"),
        )
        kit = self.kit
        self._key = key
        self._record: JobRecord | None = None
        self.report: ConnectionReport | None = None
        self.tenant = TenantChoice(desk, tenant_id)
        self.what = kit.choice()
        self.user = kit.edit("git", mono=True)
        self.user.setText("git")
        self.host = kit.edit("git.acme.example", mono=True)
        self.port = spin(1, 65_535)
        self.port.setValue(22)
        self.fields = {
            "tenant_id": Field(kit, tr("Tenant"), self.tenant),
            "what": Field(kit, tr("What to reach"), self.what),
            "user": Field(kit, tr("User"), self.user),
            "host": Field(kit, tr("Host"), self.host),
            "port": Field(kit, tr("Port"), self.port),
        }
        self.alone, alone = kit.switch(
            tr("Offer this key alone"), tr("Shows whether the server knows it."), on=True
        )
        self._alone = holder(alone)
        self._steps: QVBoxLayout = vbox(gap=0)
        self._build()
        self.tenant.currentIndexChanged.connect(lambda _n: self._fill())
        self.what.currentIndexChanged.connect(lambda _n: self._turn())
        self.host.textChanged.connect(lambda _text: self._turn())
        self._fill()
        if key is not None:
            self.tenant.setEnabled(False)
        self.what.setFocus()

    def _build(self) -> None:
        self.body.addLayout(self.fields["tenant_id"].layout)
        self.body.addLayout(self.fields["what"].layout)
        user, host, port = (holder(self.fields[n].layout) for n in ("user", "host", "port"))
        user.setFixedWidth(104)
        port.setFixedWidth(104)
        self._place = holder(hbox(user, (host, 1), port, gap=12))
        self.body.addWidget(self._place)
        self.body.addWidget(self._alone)
        self._head = label(tr("Test"), "section")
        self._took = label("", "small")
        self._copy = self.kit.tool("copy", tr("Copy without secrets"), self.copy, slim=True)
        self._result = holder(
            vbox(hline(), 4, hbox(self._head, STRETCH, self._took, self._copy), self._steps, gap=4)
        )
        self._result.hide()
        self.body.addWidget(self._result)

    def submit(self) -> None:
        """Run the test."""
        if not self.accept_button.isEnabled():
            return
        connections, tenant = self.desk.house.connections, self.tenant.tenant_id
        project_id = self.what.currentData()
        host, port, user = self.host.text().strip(), self.port.value(), self.user.text().strip()
        key = self._key if self._key and self.alone.isChecked() else None

        def run(job: Job) -> ConnectionReport:
            if project_id is None:
                return connections.host(tenant, host, job, port=port, user=user or "git")
            if key is not None:
                return connections.with_key(project_id, file_of(key), job)
            return connections.project(project_id, job)

        self.set_busy(True)
        self._show_busy()
        self._record = self.desk.start(
            tr("Test the connection to {what}", what=host or self.what.currentText()),
            run,
            done=self._show,
            trouble=self._fail,
            ended=self._rest,
        )

    def copy(self) -> None:
        """The steps as text; the report holds no secret."""
        if self.report is not None:
            QGuiApplication.clipboard().setText(self.report.text)
            self.desk.toast("copy", tr("The test is copied"))

    def done(self, result: int) -> None:
        """A test that is under way is of no use any more."""
        if self._record is not None and self._record.alive:
            self._record.stop()
        super().done(result)

    # How -------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """The projects of the tenant, and any host."""
        self.what.clear()
        mine = [p for p in self.desk.projects.values() if p.tenant_id == self.tenant.tenant_id]
        for project in sorted(mine, key=lambda p: p.name.casefold()):
            ssh = parse_remote(project.remote_url).transport is Transport.SSH
            if ssh or self._key is None:
                self.what.addItem(tr("The remote of {name}", name=project.name), project.id)
        self.what.addItem(tr("Another host"), None)
        shown = self.desk.project
        at = self.what.findData(shown.id) if shown else -1
        self.what.setCurrentIndex(max(0, at))
        self._turn()

    def _turn(self) -> None:
        other = self.what.currentData() is None
        self._place.setVisible(other)
        self._alone.setVisible(self._key is not None and not other)
        busy = self._record is not None and self._record.alive
        self.accept_button.setEnabled(not busy and bool(not other or self.host.text().strip()))
        if other and self._key is not None:
            self.fields["what"].explain(tr("All keys of the tenant are offered there."))
        else:
            self.fields["what"].explain("")

    def _show_busy(self) -> None:
        clear(self._steps)
        self.report = None
        self._copy.setVisible(False)
        self._took.setText("")
        self._steps.addWidget(self._line("spinner", "accent", tr("Testing…"), "", ""))
        self._result.show()

    def _show(self, report: ConnectionReport) -> None:
        if not self.lives:
            return
        clear(self._steps)
        self.report = report
        self._copy.setVisible(True)
        self._took.setText(duration(sum(step.seconds for step in report.steps)))
        for step in report.steps:
            self._steps.addWidget(self._step(step))
        if report.banner:
            self._steps.addWidget(label(tr("The server says"), "section"))
            self._steps.addWidget(words(report.banner[:600], "mono-small"))
        if report.hint:
            self._steps.addSpacing(8)
            self._steps.addWidget(words(report.hint, "", "" if report.good else "warning"))
        self.accept_button.setText(tr("Test again"))

    def _fail(self, trouble: Trouble) -> None:
        if self.lives:
            clear(self._steps)
            self._steps.addWidget(self._line("x-circle", "danger", trouble.what, trouble.hint, ""))

    def _rest(self) -> None:
        if not self.lives:
            return
        self.set_busy(False)
        self.tenant.setEnabled(self._key is None)
        if self._steps.count() == 1 and self.report is None and self._spins:
            self._result.hide()  # stopped
        self._turn()

    @property
    def _spins(self) -> bool:
        item = self._steps.itemAt(0)
        part = item.widget() if item else None
        return part is not None and part.accessibleName() == tr("Testing…")

    def _step(self, step: ConnectionStep) -> QWidget:
        icon, tone = _LOOKS[step.state]
        took = _milliseconds(step.seconds)
        return self._line(icon, tone, step.title, step.detail, took)

    def _line(self, icon: str, tone: str, title: str, detail: str, aside: str) -> QWidget:
        made = holder(
            hbox(
                vbox(self.kit.glyph(icon, tone), STRETCH, margins=(0, 2, 0, 0)),
                (holder(vbox(words(title), words(detail, "small") if detail else None, gap=0)), 1),
                vbox(label(aside, "small"), STRETCH, margins=(0, 2, 0, 0)),
                margins=(0, 4, 0, 4),
            )
        )
        made.setAccessibleName(title)
        return made


def _milliseconds(seconds: float) -> str:
    if not seconds:
        return ""
    return tr("{n} ms", n=f"{seconds * 1000:.0f}") if seconds < 1 else duration(seconds)
