"""What the Overview shows while there is no checkout: not cloned, being cloned, clone failed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, hline, holder, label, vbox
from aiops_desktop.ui.parts.notice import Banner, empty_state
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.overview.facts import facts
from aiops_desktop.ui.views.overview.parts import Facts


class Absent(QWidget):
    """Follows the clone's job while it works."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._project: Project | None = None
        self._record: JobRecord | None = None
        self._line = desk.kit.line(height=4, width=320)
        self._said = label("", "muted")
        self._part = label("", "")
        self._inner = vbox(gap=0)
        self.setLayout(self._inner)
        self._built: tuple[object, ...] = ()
        desk.jobs.moved.connect(self._moved)

    def show_project(self, project: Project, record: JobRecord | None) -> None:
        """Show where the clone stands; `record` is its job while it works."""
        self._project, self._record = project, record
        now = (project.id, project.state, project.clone_error, record)
        if now == self._built:
            return
        self._built = now
        clear(self._inner)
        if record is not None or project.state is CheckoutState.CLONING:
            self._inner.addWidget(self._at_work(record))
            self._moved(record)
        elif project.state is CheckoutState.FAILED:
            self._inner.addWidget(self._failed(project))
        else:
            button = self._desk.kit.button(
                tr("Clone"), "cloud-arrow-down", lambda: git.clone(self._desk), primary=True
            )
            sentence = tr("{name} is not cloned yet.", name=project.name)
            self._inner.addWidget(empty_state(self._desk.kit, sentence, button))

    def _at_work(self, record: JobRecord | None) -> QWidget:
        kit = self._desk.kit
        name = self._project.name if self._project else ""
        self._line = kit.line(height=4, width=320)
        self._said, self._part = label("", "muted"), label("")
        stop = kit.button(tr("Stop"), "", record.stop if record else None)
        stop.setEnabled(record is not None)
        middle = vbox(
            STRETCH,
            hbox(kit.glyph("spinner", "accent"), label(tr("Cloning {name}", name=name), "strong"),
                 STRETCH, self._part),
            self._line,
            hbox(self._said, STRETCH),
            hbox(stop, STRETCH),
            STRETCH,
            gap=12,
        )  # fmt: skip
        return holder(hbox(STRETCH, holder(middle, width=320), STRETCH))

    def _failed(self, project: Project) -> QWidget:
        kit, desk = self._desk.kit, self._desk
        steps = (
            kit.button(tr("Edit project…"), "", lambda: desk.run_action("project.edit")),
            kit.button(tr("Try again"), "arrows-clockwise", lambda: git.clone(desk), primary=True),
        )
        banner = Banner(
            kit,
            "x-circle",
            "danger",
            "fail",
            tr("{name} could not be cloned", name=project.name),
            project.clone_error,
            steps=steps,
            detail=self._detail(project),
        )
        shown = Facts()
        rows = facts(desk, project, None, None, None)[-1:]
        rows.append((tr("Folder"), [Elided(str(project.checkout), "mono-muted")], None))
        shown.show_facts(rows)
        return holder(vbox(banner, hline(), 12, shown, STRETCH, gap=0))

    def _detail(self, project: Project) -> str:
        """What the tool said, while this window still knows it."""
        for record in reversed(self._desk.jobs.shown):
            if record.lane == ("checkout", project.id) and record.trouble is not None:
                return record.trouble.detail
        return ""

    def _moved(self, record: JobRecord | None) -> None:
        if record is None or record is not self._record:
            return
        known = record.total > 0
        part = min(1.0, record.done / record.total) if known else None
        self._line.set_part(part)
        self._part.setText(f"{part:.0%}".replace("%", " %") if part is not None else "")
        self._said.setText(record.message)
