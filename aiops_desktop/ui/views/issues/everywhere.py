"""The issues of all tenants on one page."""

from __future__ import annotations

from aiops_desktop.domain.issues import IssueFilter
from aiops_desktop.domain.projects import Project
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.issues.page import IssuesPage


class AllIssuesPage(IssuesPage):
    """Issues of all tenants."""

    every_project = True
    everywhere = True

    @property
    def place(self) -> IssueFilter:
        """Everywhere."""
        return IssueFilter()

    def start_new(self) -> None:
        """A new issue belongs to a project: the one of the issue shown, else the first linked."""
        shown = self.desk.issue
        first = self.board.syncs[0].project_id if self.board.syncs else 0
        project: Project | None = self.desk.projects.get(shown.project_id if shown else first)
        syncs = [one for one in self.board.syncs if project and one.project_id == project.id]
        if project is not None and syncs:
            self._right.setCurrentWidget(self.form)
            self.form.open_for(project, syncs)

    def _places(self) -> dict[int, str]:
        names = {tenant.id: tenant.name for tenant in self.desk.tenants.values()}
        return {
            project.id: f"{names.get(project.tenant_id, '')} / {project.name}"
            for project in self.desk.projects.values()
        }

    def unlinked_sentence(self) -> str:
        """What stands there while nothing is linked."""
        return tr("No project is linked to a forge. Link one to see and answer its issues here.")
