"""The services around keys and repositories, on a data folder of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.settings import Git, Settings
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.services.keys import Keys
from aiops_desktop.services.repositories import Repositories
from aiops_desktop.services.tenants import Neighbours
from aiops_desktop.storage.folders import Folders
from aiops_desktop.storage.keys import KeyStore
from tests.support.ground import Ground, ground


@dataclass
class Desk:
    """A data folder with keys and repositories."""

    ground: Ground
    keys: Keys
    repositories: Repositories

    def tenant(self, name: str = "Acme") -> Tenant:
        """A tenant with an author."""
        draft = TenantDraft(name, author_name="Ann", author_email="ann@acme.example")
        return self.ground.tenants.create(draft).tenant

    def project(self, tenant: Tenant, url: str | Path, name: str = "site", **more: str) -> Project:
        """A project that is not cloned yet."""
        draft = replace(ProjectDraft(tenant.id, str(url), name), **more)  # type: ignore[arg-type]  # text only
        return self.ground.projects.create(draft).project

    def now(self, project: Project) -> Project:
        """The project as it is remembered now."""
        return self.ground.projects.get(project.id)

    def events(self, verb: str) -> list[tuple[str, str]]:
        """(outcome, note) of all events of a verb, oldest first."""
        found = [event for event in self.ground.history.all() if event.verb == verb]
        return [(event.outcome.value, event.note) for event in reversed(found)]


def desk(layout: Layout, *, connect: int = 5, idle: int = 20) -> Desk:
    """Open a data folder with short timeouts."""
    found: list[Keys] = []
    near = Neighbours(keys=lambda tenant: found[0].files(tenant) if found else ())
    base = ground(layout, near)
    keys = Keys(
        KeyStore(base.database),
        base.project_store,
        base.tenants,
        base.secrets,
        base.history,
        Folders(layout),
    )
    found.append(keys)
    settings = replace(Settings(), git=Git(connect_timeout=connect, idle_timeout=idle))
    repositories = Repositories(
        base.project_store, base.tenants, keys, base.secrets, base.history, lambda: settings
    )
    return Desk(base, keys, repositories)
