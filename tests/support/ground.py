"""A data folder with its stores and first services, for tests of the floors above."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from aiops_desktop.adapters import living
from aiops_desktop.adapters.secrets import Vault
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.services.history import History
from aiops_desktop.services.projects import Projects
from aiops_desktop.services.secrets import Secrets
from aiops_desktop.services.tenants import Neighbours, Tenants
from aiops_desktop.storage.database import Database
from aiops_desktop.storage.deployments import DeploymentStore
from aiops_desktop.storage.events import EventStore
from aiops_desktop.storage.folders import Folders
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.projects import ProjectStore
from aiops_desktop.storage.runs import RunStore
from aiops_desktop.storage.secrets import SecretStore
from aiops_desktop.storage.tenants import TenantStore


@dataclass
class Ground:
    """What `ground` made."""

    layout: Layout
    database: Database
    secrets: Secrets
    history: History
    project_store: ProjectStore
    tenants: Tenants
    projects: Projects
    near: Neighbours = field(default_factory=Neighbours)

    def tenant(self, name: str = "Acme", **more: str) -> Tenant:
        """A new tenant."""
        return self.tenants.create(replace(TenantDraft(name), **more)).tenant  # type: ignore[arg-type]  # text fields only

    def project(
        self, tenant: Tenant, name: str = "site", url: str = "git@git.acme.example:a/b.git"
    ) -> Project:
        """A new project."""
        return self.projects.create(ProjectDraft(tenant.id, url, name)).project


def ground(layout: Layout, near: Neighbours | None = None, actor: str = "Ann") -> Ground:
    """Open a data folder; `near` stands for the services a test does not have."""
    near = near or Neighbours(author=lambda: ("Ann Operator", "ann@desk.example"))
    database = open_database(layout)
    mark = living.mark()
    runs, deployments = RunStore(database), DeploymentStore(database)
    secrets = Secrets(SecretStore(database), Vault(layout))
    history = History(
        EventStore(database),
        actor=lambda: actor,
        scrub=secrets.scrub,
        mark=mark,
        living=living.marked,
        cared_for=lambda: {
            *(runs.event(run.id) for run in runs.alive()),
            *(kept.event_id for kept in deployments.unsettled()),
        },
    )
    store = ProjectStore(database, mark)
    folders = Folders(layout)
    tenants = Tenants(TenantStore(database), store, history, secrets, folders, layout, near)
    projects = Projects(store, tenants, history, secrets, folders, layout, near, living.marked)
    return Ground(layout, database, secrets, history, store, tenants, projects, near)
