"""Tenants: customers behind walls."""

from __future__ import annotations

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.tenants import Doomed, Tenant, TenantDraft, TenantRoom, TenantSaved
from aiops_desktop.jobs.job import Job


class Tenants:
    """Create, edit, delete; and the room that holds all that must not mix."""

    def all(self) -> list[Tenant]:
        """All tenants by name."""
        raise NotImplementedError

    def get(self, tenant_id: int) -> Tenant:
        """One tenant.

        Raises:
            Missing: it is not there (any more).
        """
        raise NotImplementedError

    def find(self, name: str) -> Tenant:
        """By name or slug, without case.

        Raises:
            Missing: there is none.
        """
        raise NotImplementedError

    def create(self, draft: TenantDraft) -> TenantSaved:
        """Add a tenant and its folder (0700).

        Raises:
            Refused: bad or taken name; `field` says where.
        """
        raise NotImplementedError

    def edit(self, tenant_id: int, draft: TenantDraft) -> TenantSaved:
        """Change a tenant; its slug stays.

        Raises:
            Refused: bad or taken name.
        """
        raise NotImplementedError

    def doomed(self, tenant_id: int) -> Doomed:
        """What deleting would take with it."""
        raise NotImplementedError

    def delete(self, tenant_id: int, job: Job) -> Done:
        """Delete: sessions and runs are ended, rows go, folders move to the trash of the data folder."""
        raise NotImplementedError

    def room(self, tenant_id: int) -> TenantRoom:
        """Everything of this tenant that adapters need."""
        raise NotImplementedError
