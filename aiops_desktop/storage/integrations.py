"""Integrations as remembered; their tokens lie with the secrets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.integrations import Integration, IntegrationKind
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.storage.database import Base, Database, name_key, now


class IntegrationRow(Base):
    """An account on a server."""

    __tablename__ = "integrations"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name_key", name="uq_integrations_tenant_name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    kind: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    base_url: Mapped[str] = mapped_column(default="")
    username: Mapped[str] = mapped_column(default="")
    enabled: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime] = mapped_column(default=now)

    def integration(self) -> Integration:
        """The row as the other floors know it."""
        return Integration(
            self.id,
            self.tenant_id,
            IntegrationKind(self.kind),
            self.name,
            self.base_url,
            self.username,
            self.created,
            self.enabled,
        )


class IntegrationStore:
    """The table of integrations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, tenant_id: int) -> list[Integration]:
        """A tenant's, by name."""
        query = (
            select(IntegrationRow)
            .where(IntegrationRow.tenant_id == tenant_id)
            .order_by(IntegrationRow.name_key)
        )
        with self._database.read() as session:
            return [row.integration() for row in session.scalars(query)]

    def add(
        self, tenant_id: int, kind: IntegrationKind, name: str, base_url: str, username: str = ""
    ) -> Integration:
        """Remember a new one.

        Raises:
            Refused: the name is taken in this tenant.
        """
        row = IntegrationRow(
            tenant_id=tenant_id,
            kind=kind.value,
            name=name,
            name_key=name_key(name),
            base_url=base_url,
            username=username,
        )
        with self._database.write() as session:
            session.add(row)
            try:
                session.flush()
            except IntegrityError as error:
                raise Refused(
                    f"This tenant has an integration named “{name}” already.",
                    "Choose another name.",
                    field="name",
                ) from error
            return row.integration()

    def remove(self, integration_id: int) -> None:
        """Forget one."""
        with self._database.write() as session:
            session.execute(delete(IntegrationRow).where(IntegrationRow.id == integration_id))
