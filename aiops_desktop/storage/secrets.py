"""Secrets as remembered: ciphertext only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.storage.database import Base, Database, now


class SecretRow(Base):
    """A ciphertext and whom it belongs to."""

    __tablename__ = "secrets"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]
    changed: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class SecretStore:
    """The table of secrets; it sees no plain text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, owner: str) -> tuple[bytes, bytes] | None:
        """Nonce and ciphertext, None when there is none."""
        with self._database.read() as session:
            row = session.scalars(select(SecretRow).where(SecretRow.owner == owner)).first()
            return (row.nonce, row.ciphertext) if row else None

    def put(self, owner: str, nonce: bytes, ciphertext: bytes) -> None:
        """Remember; replaces what was there."""
        with self._database.write() as session:
            row = session.scalars(select(SecretRow).where(SecretRow.owner == owner)).first()
            row = row or SecretRow(owner=owner)
            row.nonce, row.ciphertext = nonce, ciphertext
            session.add(row)

    def owners(self, prefix: str = "") -> list[str]:
        """Whose secrets are kept."""
        query = select(SecretRow.owner).where(SecretRow.owner.startswith(prefix, autoescape=True))
        with self._database.read() as session:
            return list(session.scalars(query))

    def remove(self, owner: str) -> None:
        """Forget one."""
        with self._database.write() as session:
            session.execute(delete(SecretRow).where(SecretRow.owner == owner))

    def remove_all(self, prefix: str) -> None:
        """Forget every secret whose owner begins so."""
        with self._database.write() as session:
            session.execute(
                delete(SecretRow).where(SecretRow.owner.startswith(prefix, autoescape=True))
            )
