"""A choice of one of the tenants, as several dialogs need it."""

from __future__ import annotations

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Choice
from aiops_desktop.ui.text import tr


class TenantChoice(Choice):
    """The tenants by name; holds their ids."""

    def __init__(self, desk: Desk, tenant_id: int | None = None, *, but: int | None = None) -> None:
        """`tenant_id` is chosen at first, else the one shown; `but` is left out."""
        found = sorted(desk.tenants.values(), key=lambda t: t.name.casefold())
        self._ids = [tenant.id for tenant in found if tenant.id != but]
        super().__init__(desk.theme, *(tenant.name for tenant in found if tenant.id != but))
        likely = tenant_id or (desk.tenant.id if desk.tenant else None)
        if likely in self._ids:
            self.setCurrentIndex(self._ids.index(likely))
        self.setAccessibleName(tr("Tenant"))

    @property
    def tenant_id(self) -> int:
        """The chosen one's."""
        return self._ids[self.currentIndex()]
