"""Projects: the repositories of a tenant."""

from __future__ import annotations

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.projects import Project, ProjectDraft, ProjectSaved
from aiops_desktop.domain.tenants import Doomed
from aiops_desktop.jobs.job import Job


class Projects:
    """Create, edit, delete. Cloning is a verb of Repositories."""

    def all(self, tenant_id: int | None = None) -> list[Project]:
        """Projects of a tenant (or all), by name."""
        raise NotImplementedError

    def get(self, project_id: int) -> Project:
        """One project.

        Raises:
            Missing: it is not there (any more).
        """
        raise NotImplementedError

    def find(self, tenant: str, project: str) -> Project:
        """By names or slugs, without case.

        Raises:
            Missing: there is none.
        """
        raise NotImplementedError

    def create(self, draft: ProjectDraft) -> ProjectSaved:
        """Add a project; nothing is cloned yet. A secret in the typed address goes to the store.

        Raises:
            Refused: bad address or name, name taken in this tenant; `field` says where.
        """
        raise NotImplementedError

    def edit(self, project_id: int, draft: ProjectDraft) -> ProjectSaved:
        """Change a project. A new address is written to the checkout's remote, too.

        Raises:
            Refused: bad address or name, name taken in this tenant.
        """
        raise NotImplementedError

    def favourite(self, project_id: int, on: bool) -> ProjectSaved:
        """Star or unstar."""
        raise NotImplementedError

    def doomed(self, project_id: int) -> Doomed:
        """What deleting would take with it, unsaved work named."""
        raise NotImplementedError

    def delete(self, project_id: int, job: Job) -> Done:
        """Delete; the checkout moves to the trash of the data folder (an adopted folder stays)."""
        raise NotImplementedError
