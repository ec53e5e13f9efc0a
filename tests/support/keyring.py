"""The services around keys, on a data folder of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.services.house import House
from tests.support.sshd import Sshd


@contextmanager
def opened(layout: Layout) -> Iterator[House]:
    """A whole house; agents that were started end with it."""
    house = build(layout, {})
    try:
        yield house
    finally:
        house.agents.lock_all()


def tenant(house: House, name: str = "Acme") -> Tenant:
    """A new tenant with an author."""
    return house.tenants.create(TenantDraft(name, "", "", "Ann", "ann@x.example")).tenant


def project(house: House, owner: Tenant, url: str, name: str = "site", **more: int) -> Project:
    """A new project."""
    draft = replace(ProjectDraft(owner.id, url, name), **more)  # type: ignore[arg-type]  # key_id only
    return house.projects.create(draft).project


def know(house: House, owner: Tenant, server: Sshd) -> None:
    """Let a tenant trust a server."""
    with house.tenants.room(owner.id).known_hosts.open("a") as file:
        file.write(server.known_line)
