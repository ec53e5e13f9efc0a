"""Questions about sessions: a new one, another name, another place, the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.domain.states import CheckoutState
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from aiops_desktop.domain.projects import Project
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.sessions.lines import SessionLine

#: What a session can begin with: tool of `Sessions.open`, its words.
TOOLS = (("", "Default assistant"), ("shell", "Shell"), ("codex", "Codex"), ("aider", "Aider"))


class NewSessionDialog(Dialog):
    """Asks for project and program; the session opens on the project's terminal page."""

    def __init__(self, desk: Desk, parent: QWidget | None) -> None:
        super().__init__(desk, parent, tr("New session"), verb=tr("Open session"))
        self._projects = ready_projects(desk)
        names = [_whole_name(desk, project) for project in self._projects]
        self.project = self.kit.choice(*names)
        self.tool = self.kit.choice(*(tr(said) for _tool, said in TOOLS))
        current = desk.project
        if current in self._projects:
            self.project.setCurrentIndex(self._projects.index(current))
        self.fields = {
            "project": Field(self.kit, tr("Project"), self.project),
            "tool": Field(self.kit, tr("Program"), self.tool,
                          tr("It runs in the project's checkout, in the tenant's tmux server.")),
        }  # fmt: skip
        for field in self.fields.values():
            self.body.addLayout(field.layout)

    def submit(self) -> None:
        """Show the project's terminals, with another one."""
        project = self._projects[self.project.currentIndex()]
        tool = TOOLS[self.tool.currentIndex()][0]
        self.accept()
        self.desk.select(project.id)
        self.desk.go("terminal", ("tool", tool or "default"))


class RenameSessionDialog(Dialog):
    """Asks for another name of a window, or of its session."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, line: SessionLine, *, whole: bool
    ) -> None:
        self._line, self._whole = line, whole
        name = line.session.name if whole else line.window.name
        noun = tr("Rename session {name}", name=name) if whole else tr("Rename window {name}",
                                                                       name=name)  # fmt: skip
        verb = tr("Rename session") if whole else tr("Rename window")
        super().__init__(desk, parent, noun, verb=verb)
        self.name = self.kit.edit()
        self.name.setText(name)
        self.fields = {"name": Field(self.kit, tr("Name"), self.name)}
        self.body.addLayout(self.fields["name"].layout)
        self.name.selectAll()
        self.name.setFocus()

    def submit(self) -> None:
        """Rename it."""
        name = self.name.text().strip()
        if not name:
            self.fields["name"].wrong(tr("Give it a name."))
            return
        house, line = self.desk.house, self._line
        window = "" if self._whole else line.window.id
        self.work(
            self.windowTitle(),
            lambda _job: house.sessions.rename(line.tenant.id, line.session.name, name, window),
        )


class MoveWindowDialog(Dialog):
    """Asks where a window shall go."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, line: SessionLine, others: Sequence[str]
    ) -> None:
        self._line = line
        super().__init__(
            desk,
            parent,
            tr("Move window {name}", name=line.window.name),
            tr("It is now {place}.", place=line.place),
            verb=tr("Move window"),
        )
        self.to = self.kit.edit(tr("5, or other-session, or other-session:5"), mono=True)
        said = tr("A number, or a session of this tenant, or both. Taken places are swapped.")
        if others:
            said = tr("{said} Other sessions: {names}.", said=said, names=", ".join(others))
        self.fields = {"to": Field(self.kit, tr("New place"), self.to, said)}
        self.body.addLayout(self.fields["to"].layout)
        self.to.setFocus()

    def submit(self) -> None:
        """Move it."""
        to = self.to.text().strip()
        if not to:
            self.fields["to"].wrong(tr("Say where it shall go."))
            return
        house, line = self.desk.house, self._line
        self.work(
            self.windowTitle(),
            lambda _job: house.sessions.move(line.tenant.id, line.session.name, line.window.id, to),
        )


class KillDialog(Dialog):
    """Names what runs, then ends a window or a whole session."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        line: SessionLine,
        runs: Sequence[str],
        *,
        whole: bool,
    ) -> None:
        self._line, self._whole = line, whole
        name = line.session.name if whole else line.window.name
        title = tr("Kill session {name}", name=name) if whole else tr("Kill window {name}",
                                                                      name=name)  # fmt: skip
        windows = len(line.session.windows)
        said = (
            counted(windows, "Its {n} window ends.", "All its {n} windows end.")
            if whole
            else tr("It is {place} of {tenant}.", place=line.place, tenant=line.tenant.name)
        )
        verb = tr("Kill session") if whole else tr("Kill window")
        super().__init__(desk, parent, title, said, verb=verb, danger=True)
        if runs:
            self.body.addWidget(self._running(runs))
        else:
            self.body.addWidget(words(tr("Nothing but a waiting shell runs in it."), "muted"))
        self.cancel.setFocus()

    def submit(self) -> None:
        """End it."""
        house, line = self.desk.house, self._line
        window = "" if self._whole else line.window.id
        self.work(
            self.windowTitle(),
            lambda _job: house.sessions.kill(line.tenant.id, line.session.name, window),
        )

    def _running(self, runs: Sequence[str]) -> QWidget:
        made = vbox(label(tr("Ends with it"), "section"), gap=0)
        for one in runs[:8]:
            glyph = self.kit.glyph("warning", "warning")
            made.addWidget(holder(hbox(glyph, label(one, "mono"), STRETCH), height=28))
        if len(runs) > 8:
            made.addWidget(label(counted(len(runs) - 8, "{n} more", "{n} more"), "muted"))
        return holder(made)


def ready_projects(desk: Desk) -> list[Project]:
    """Projects that have a checkout, by tenant and name."""
    found = [one for one in desk.projects.values() if one.state is CheckoutState.READY]
    return sorted(found, key=lambda one: _whole_name(desk, one).casefold())


def _whole_name(desk: Desk, project: Project) -> str:
    tenant = desk.tenants.get(project.tenant_id)
    return f"{tenant.name} / {project.name}" if tenant else project.name
