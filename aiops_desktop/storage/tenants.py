"""Tenants as remembered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, name_key, now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class TenantRow(Base):
    """Numbers are never used again: history and secrets go by them."""

    __tablename__ = "tenants"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own attribute

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str] = mapped_column(default="")
    colour: Mapped[str]
    author_name: Mapped[str] = mapped_column(default="")
    author_email: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)
    archived: Mapped[bool] = mapped_column(default=False)
    guarded: Mapped[bool] = mapped_column(default=False)

    def tenant(self) -> Tenant:
        """The row as the other floors know it."""
        return Tenant(
            id=self.id,
            name=self.name,
            slug=self.slug,
            description=self.description,
            colour=self.colour,
            author_name=self.author_name,
            author_email=self.author_email,
            created=self.created,
            archived=self.archived,
            guarded=self.guarded,
        )


class TenantStore:
    """The table of tenants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Tenant]:
        """All tenants by name, without case."""
        with self._database.read() as session:
            rows = session.scalars(select(TenantRow).order_by(TenantRow.name_key))
            return [row.tenant() for row in rows]

    def get(self, tenant_id: int) -> Tenant:
        """One tenant.

        Raises:
            Missing: it is not there (any more).
        """
        with self._database.read() as session:
            return _row(session, tenant_id).tenant()

    def find(self, name: str) -> Tenant | None:
        """By name or slug, without case; the slug wins when both would fit."""
        key = name_key(name)
        with self._database.read() as session:
            found = session.scalars(
                select(TenantRow).where(or_(TenantRow.slug == key, TenantRow.name_key == key))
            ).all()
            best = sorted(found, key=lambda row: row.slug != key)
            return best[0].tenant() if best else None

    def slugs(self) -> frozenset[str]:
        """All slugs in use."""
        with self._database.read() as session:
            return frozenset(session.scalars(select(TenantRow.slug)))

    def add(self, draft: TenantDraft, slug: str) -> Tenant:
        """Remember a new tenant; the draft is `checked`.

        Raises:
            Refused: the name is taken.
        """
        row = TenantRow(slug=slug)
        _fill(row, draft)
        return self._save(row, draft.name)

    def change(self, tenant_id: int, draft: TenantDraft) -> Tenant:
        """Change a tenant; the slug stays.

        Raises:
            Missing: it is not there.
            Refused: the name is taken.
        """
        with self._database.write() as session:
            row = _row(session, tenant_id)
            _fill(row, draft)
            return self._save(row, draft.name)

    def remove(self, tenant_id: int) -> None:
        """Forget a tenant and every row that has no meaning without it."""
        with self._database.write() as session:
            session.delete(_row(session, tenant_id))

    def _save(self, row: TenantRow, name: str) -> Tenant:
        with self._database.write() as session:
            session.add(row)
            try:
                session.flush()
            except IntegrityError as error:
                raise Refused(
                    f"There is a tenant named “{name}” already.",
                    "Choose another name.",
                    field="name",
                ) from error
            return row.tenant()


def _row(session: Session, tenant_id: int) -> TenantRow:
    row = session.get(TenantRow, tenant_id)
    if row is None:
        raise Missing("This tenant is not there any more.", "Choose another one.")
    return row


def _fill(row: TenantRow, draft: TenantDraft) -> None:
    row.name, row.name_key = draft.name, name_key(draft.name)
    row.description, row.colour = draft.description, draft.colour
    row.author_name, row.author_email = draft.author_name, draft.author_email
    row.guarded = draft.guarded
