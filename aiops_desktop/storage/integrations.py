"""Integrations and links as remembered; tokens lie with the secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.integrations import Integration, IntegrationKind, Link
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, name_key, now
from aiops_desktop.storage.projects import ProjectRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

#: What an integration and its row call the same.
_SAME = (
    "name",
    "base_url",
    "username",
    "enabled",
    "person",
    "expires",
    "version",
    "tested",
    "what",
    "hint",
)


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
    ca_file: Mapped[str] = mapped_column(default="")
    person: Mapped[str] = mapped_column(default="")
    scopes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), default=None)
    expires: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[str] = mapped_column(default="")
    tested: Mapped[datetime | None] = mapped_column(default=None)
    what: Mapped[str] = mapped_column(default="")
    hint: Mapped[str] = mapped_column(default="")

    def integration(self, layout: Layout) -> Integration:
        """The row as the other floors know it."""
        return Integration(
            id=self.id,
            tenant_id=self.tenant_id,
            kind=IntegrationKind(self.kind),
            created=self.created,
            ca_file=str(layout.absolute(self.ca_file)) if self.ca_file else "",
            scopes=None if self.scopes is None else tuple(self.scopes),
            **{name: getattr(self, name) for name in _SAME},
        )


class LinkRow(Base):
    """A project, and the project of a forge it stands for."""

    __tablename__ = "links"
    __table_args__ = (
        UniqueConstraint(
            "project_id", "integration_id", "external_id", name="uq_links_project_external"
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    integration_id: Mapped[int] = mapped_column(
        ForeignKey("integrations.id", ondelete="CASCADE"), index=True
    )
    external_id: Mapped[str]
    path: Mapped[str]
    url: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)

    def link(self, tenant_id: int) -> Link:
        """The row as the other floors know it."""
        return Link(
            self.id,
            self.project_id,
            self.integration_id,
            tenant_id,
            self.external_id,
            self.path,
            self.url,
            self.created,
        )


class IntegrationStore:
    """The tables of integrations and links."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, tenant_id: int | None = None) -> list[Integration]:
        """A tenant's, or all, by name."""
        query = select(IntegrationRow).order_by(IntegrationRow.name_key, IntegrationRow.id)
        if tenant_id is not None:
            query = query.where(IntegrationRow.tenant_id == tenant_id)
        with self._database.read() as session:
            layout = self._database.layout
            return [row.integration(layout) for row in session.scalars(query)]

    def get(self, integration_id: int) -> Integration:
        """One.

        Raises:
            Missing: it is not there.
        """
        with self._database.read() as session:
            return _row(session, integration_id).integration(self._database.layout)

    def add(self, integration: Integration) -> Integration:
        """Remember a new one; its id and time are given here.

        Raises:
            Refused: the name is taken in this tenant.
        """
        with self._database.write() as session:
            row = IntegrationRow(tenant_id=integration.tenant_id, kind=integration.kind.value)
            self._fill(row, integration)
            session.add(row)
            return self._save(session, row)

    def change(self, integration: Integration) -> Integration:
        """Remember all that may change of one.

        Raises:
            Missing: it is not there.
            Refused: the name is taken in this tenant.
        """
        with self._database.write() as session:
            row = _row(session, integration.id)
            self._fill(row, integration)
            return self._save(session, row)

    def remove(self, integration_id: int) -> None:
        """Forget one, and its links."""
        with self._database.write() as session:
            session.execute(delete(IntegrationRow).where(IntegrationRow.id == integration_id))

    # Links ------------------------------------------------------------------------------------

    def links(
        self,
        *,
        tenant_id: int | None = None,
        integration_id: int | None = None,
        project_id: int | None = None,
    ) -> list[Link]:
        """Those that fit, by path."""
        query = (
            select(LinkRow, ProjectRow.tenant_id)
            .join(ProjectRow, ProjectRow.id == LinkRow.project_id)
            .order_by(LinkRow.path, LinkRow.id)
        )
        if tenant_id is not None:
            query = query.where(ProjectRow.tenant_id == tenant_id)
        if integration_id is not None:
            query = query.where(LinkRow.integration_id == integration_id)
        if project_id is not None:
            query = query.where(LinkRow.project_id == project_id)
        with self._database.read() as session:
            return [row.link(tenant) for row, tenant in session.execute(query)]

    def link(self, link_id: int) -> Link:
        """One.

        Raises:
            Missing: it is not there.
        """
        query = (
            select(LinkRow, ProjectRow.tenant_id)
            .join(ProjectRow, ProjectRow.id == LinkRow.project_id)
            .where(LinkRow.id == link_id)
        )
        with self._database.read() as session:
            found = session.execute(query).first()
        if found is None:
            raise Missing("This link is not there any more.", "Link the project again.")
        return found[0].link(found[1])

    def add_link(self, link: Link) -> Link:
        """Remember a link; the same one made before is given back with its new path.

        Raises:
            Missing: the project or the integration is not there.
        """
        with self._database.write() as session:
            row = session.scalars(
                select(LinkRow).where(
                    LinkRow.project_id == link.project_id,
                    LinkRow.integration_id == link.integration_id,
                    LinkRow.external_id == link.external_id,
                )
            ).first() or LinkRow(
                project_id=link.project_id,
                integration_id=link.integration_id,
                external_id=link.external_id,
            )
            row.path, row.url = link.path, link.url
            session.add(row)
            try:
                session.flush()
            except IntegrityError as error:
                raise Missing(
                    "The project or the integration is not there any more.", "Choose another one."
                ) from error
            return replace(link, id=row.id, created=row.created)

    def remove_link(self, link_id: int) -> None:
        """Forget one."""
        with self._database.write() as session:
            session.execute(delete(LinkRow).where(LinkRow.id == link_id))

    def _fill(self, row: IntegrationRow, integration: Integration) -> None:
        for name in _SAME:
            setattr(row, name, getattr(integration, name))
        row.name_key = name_key(integration.name)
        row.scopes = None if integration.scopes is None else list(integration.scopes)
        layout = self._database.layout
        file = integration.ca_file
        row.ca_file = layout.relative(Path(file)) if file else ""

    def _save(self, session: Session, row: IntegrationRow) -> Integration:
        name = row.name
        try:
            session.flush()
        except IntegrityError as error:
            if "FOREIGN KEY" in str(error.orig):
                raise Missing(
                    "This tenant is not there any more.", "Choose another one."
                ) from error
            raise Refused(
                f"This tenant has an integration named “{name}” already.",
                "Choose another name.",
                field="name",
            ) from error
        return row.integration(self._database.layout)


def _row(session: Session, integration_id: int) -> IntegrationRow:
    row = session.get(IntegrationRow, integration_id)
    if row is None:
        raise Missing("This integration is not there any more.", "Choose another one.")
    return row
