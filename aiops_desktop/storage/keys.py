"""Keys as remembered: names, fingerprints, places; never a private text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.keys import Key, KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, name_key, now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class KeyRow(Base):
    """A key pair of a tenant."""

    __tablename__ = "keys"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name_key", name="uq_keys_tenant_name"),
        UniqueConstraint("tenant_id", "fingerprint", name="uq_keys_tenant_fingerprint"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    name: Mapped[str]
    name_key: Mapped[str]
    type: Mapped[str]
    bits: Mapped[int]
    fingerprint: Mapped[str]
    public: Mapped[str]
    path: Mapped[str]
    encrypted: Mapped[bool]
    comment: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)
    last_used: Mapped[datetime | None]

    def key(self, layout: Layout) -> Key:
        """The row as the other floors know it."""
        return Key(
            id=self.id,
            tenant_id=self.tenant_id,
            name=self.name,
            type=KeyType(self.type),
            bits=self.bits,
            fingerprint=self.fingerprint,
            public=self.public,
            path=layout.absolute(self.path),
            encrypted=self.encrypted,
            created=self.created,
            comment=self.comment,
            last_used=self.last_used,
        )


class KeyStore:
    """The table of keys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, tenant_id: int) -> list[Key]:
        """A tenant's keys, oldest first."""
        wanted = (
            select(KeyRow).where(KeyRow.tenant_id == tenant_id).order_by(KeyRow.created, KeyRow.id)
        )
        with self._database.read() as session:
            return [row.key(self._database.layout) for row in session.scalars(wanted)]

    def get(self, key_id: int) -> Key:
        """One key.

        Raises:
            Missing: it is not there.
        """
        with self._database.read() as session:
            return _row(session, key_id).key(self._database.layout)

    def add(self, key: Key) -> Key:
        """Remember a key; its id and time are given here.

        Raises:
            Refused: the tenant has this name or this key already.
        """
        with self._database.write() as session:
            row = KeyRow(
                tenant_id=key.tenant_id,
                name=key.name,
                name_key=name_key(key.name),
                type=key.type.value,
                bits=key.bits,
                fingerprint=key.fingerprint,
                public=key.public,
                path=self._database.layout.relative(key.path),
                encrypted=key.encrypted,
                comment=key.comment,
            )
            session.add(row)
            self._flush(session, key.name)
            return row.key(self._database.layout)

    def rename(self, key_id: int, name: str) -> Key:
        """Give another name.

        Raises:
            Missing: the key is not there.
            Refused: the tenant has a key of this name.
        """
        with self._database.write() as session:
            row = _row(session, key_id)
            row.name, row.name_key = name, name_key(name)
            self._flush(session, name)
            return row.key(self._database.layout)

    def used(self, key_id: int) -> None:
        """Remember that a key was offered just now; no trouble when it is gone."""
        with self._database.write() as session:
            row = session.get(KeyRow, key_id)
            if row:
                row.last_used = now()

    def remove(self, key_id: int) -> None:
        """Forget a key.

        Raises:
            Missing: it is not there.
        """
        with self._database.write() as session:
            session.delete(_row(session, key_id))

    def _flush(self, session: Session, name: str) -> None:
        try:
            session.flush()
        except IntegrityError as error:
            if "fingerprint" in str(error.orig):
                raise Refused(
                    "This tenant has this key already.",
                    "Look at its list of keys.",
                    field="private",
                ) from error
            raise Refused(
                f"This tenant has a key named “{name}” already.",
                "Choose another name.",
                field="name",
            ) from error


def _row(session: Session, key_id: int) -> KeyRow:
    row = session.get(KeyRow, key_id)
    if row is None:
        raise Missing("This key is not there any more.", "Choose another one.")
    return row
