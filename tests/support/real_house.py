"""A real house with one cloned project, for pages that are tested with real git."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from tests.support.repos import bare, git, write


@dataclass(frozen=True)
class Real:
    """The services, the project web-shop of tenant acme, and the server's repository."""

    house: House
    project: Project
    remote: Path

    @property
    def checkout(self) -> Path:
        """The work tree."""
        return self.project.checkout

    def git(self, *args: str) -> str:
        """What git says in the checkout."""
        return git(self.checkout, *args)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Change files of the checkout, as an editor does."""
        write(self.checkout, files)


def real_house(layout: Layout, files: Mapping[str, str | bytes], *, clone: bool = True) -> Real:
    """Open a data folder and clone a new project into it."""
    house = build(layout)
    draft = TenantDraft("acme", author_name="Ann", author_email="ann@acme.example")
    tenant = house.tenants.create(draft).tenant
    remote = bare(layout.data.parent / "remote.git", files)
    made = house.projects.create(ProjectDraft(tenant.id, str(remote), name="web-shop")).project
    if clone:
        house.repositories.clone(made.id, Job("Clone"))
    return Real(house, house.projects.get(made.id), remote)
