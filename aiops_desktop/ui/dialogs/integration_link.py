"""Link a project of the tenant to a project of the forge."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCompleter, QWidget

from aiops_desktop.domain.forges import ForgeProject
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.integrations.lines import IntegrationLine

#: Milliseconds without typing before the forge is asked.
_PAUSE = 300


class LinkProjectDialog(Dialog):
    """Which project of ours, and which one there."""

    def __init__(self, desk: Desk, parent: QWidget | None, line: IntegrationLine) -> None:
        one = line.one
        super().__init__(
            desk,
            parent,
            tr("Link a project to {name}", name=one.name),
            tr("Its issues are synced from there, and its keys can be registered there."),
            verb=tr("Link project"),
        )
        self._one = one
        linked = {entry.link.project_id for entry in line.entry.links}
        mine = [p for p in desk.projects.values() if p.tenant_id == one.tenant_id]
        self._projects: list[Project] = sorted(
            mine, key=lambda p: (p.id in linked, p.name.casefold())
        )
        self._paths = {each.project_id: each.path for each in line.entry.proposals}
        self.project = self.kit.choice(*(project.name for project in self._projects))
        self.where = self.kit.edit(tr("group/name, its id, or its address"), mono=True)
        help_ = tr("Type to search among the projects of {login}.", login=one.username)
        for name, title, control, told in (
            ("project", tr("Project"), self.project, ""),
            ("where", tr("On {host}", host=one.host), self.where, help_),
        ):
            field = Field(self.kit, title, control, told)
            self.fields[name] = field
            self.body.addLayout(field.layout)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE)
        self._soon.timeout.connect(self._search)
        self.where.textEdited.connect(lambda _text: self._soon.start())
        self.where.textChanged.connect(lambda _text: self._look())
        self.project.currentIndexChanged.connect(lambda _index: self._suggest())
        self._suggest()
        self.where.setFocus()

    def submit(self) -> None:
        """Link it."""
        project, where, house = self._chosen, self.where.text().strip(), self.desk.house
        one = self._one
        self.work(
            tr("Link {name}", name=project.name),
            lambda job: house.integrations.projects.link(project.id, one.id, where, job),
            done=lambda _made: self.desk.toast(
                "link-simple", tr("{name} is linked", name=project.name)
            ),
        )

    @property
    def _chosen(self) -> Project:
        return self._projects[self.project.currentIndex()]

    def _suggest(self) -> None:
        """What the project's own address says."""
        self.where.setText(self._paths.get(self._chosen.id, ""))
        self._look()

    def _look(self) -> None:
        able = bool(self.where.text().strip())
        self.accept_button.setEnabled(able)
        self.accept_button.setToolTip("" if able else tr("Name the project there first."))

    def _search(self) -> None:
        house, text, one = self.desk.house, self.where.text().strip(), self._one
        if "://" in text:
            return

        def show(found: tuple[ForgeProject, ...]) -> None:
            self.fields["where"].explain(
                counted(len(found), "{n} project found.", "{n} projects found.")
            )
            completer = QCompleter([each.path for each in found], self.where)
            completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
            self.where.setCompleter(completer)
            if found and self.where.hasFocus():
                completer.complete()

        def trouble(problem: Trouble) -> None:
            self.fields["where"].wrong(str(problem))

        self.read(
            lambda job: house.integrations.projects.offered(one.id, text, job),
            show,
            trouble=trouble,
        )
