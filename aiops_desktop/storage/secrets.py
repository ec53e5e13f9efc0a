"""Secrets as remembered: ciphertext only, and the record of the key they are sealed with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from aiops_desktop.domain.secrets import Keeper, Place, Sealed
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.storage.database import Base, Database, now


class SecretRow(Base):
    """A ciphertext and whom it belongs to."""

    __tablename__ = "secrets"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(unique=True)
    nonce: Mapped[bytes]
    ciphertext: Mapped[bytes]
    changed: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class KeeperRow(Base):
    """Who keeps the data key; one row, changed in the same transaction as the secrets."""

    __tablename__ = "secret_keeper"

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str]
    profile: Mapped[str]
    digest: Mapped[str]
    wrapped: Mapped[str]
    locks: Mapped[int]
    locked: Mapped[bool]
    retired: Mapped[str]


class SecretStore:
    """The tables of secrets; they see no plain text."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, owner: str) -> tuple[Sealed | None, Keeper | None]:
        """A secret and the record of its key, read at one moment."""
        with self._database.read() as session:
            row = session.scalars(select(SecretRow).where(SecretRow.owner == owner)).first()
            return _sealed(row) if row else None, _keeper(session)

    def has(self, owner: str) -> bool:
        """Whether there is one."""
        return owner in self.owners(owner)

    def put(self, sealed: Sealed) -> None:
        """Remember; replaces what was there."""
        with self._database.write() as session:
            row = session.scalars(select(SecretRow).where(SecretRow.owner == sealed.owner)).first()
            row = row or SecretRow(owner=sealed.owner)
            row.nonce, row.ciphertext = sealed.nonce, sealed.ciphertext
            session.add(row)

    def all(self) -> list[Sealed]:
        """Every secret."""
        with self._database.read() as session:
            return [_sealed(row) for row in session.scalars(select(SecretRow))]

    def owners(self, prefix: str = "") -> list[str]:
        """Whose secrets are kept."""
        query = (
            select(SecretRow.owner)
            .where(SecretRow.owner.startswith(prefix, autoescape=True))
            .order_by(SecretRow.owner)
        )
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

    def keeper(self) -> Keeper | None:
        """The record of the data key, None while there is none.

        Raises:
            NotTrusted: it cannot be read.
        """
        with self._database.read() as session:
            return _keeper(session)

    def set_keeper(self, keeper: Keeper | None) -> None:
        """Replace the record."""
        with self._database.write() as session:
            session.execute(delete(KeeperRow))
            if keeper is not None:
                session.add(
                    KeeperRow(
                        id=1,
                        place=keeper.place.value,
                        profile=keeper.profile,
                        digest=keeper.check,
                        wrapped=keeper.wrapped,
                        locks=keeper.locks,
                        locked=keeper.locked,
                        retired=json.dumps(keeper.retired),
                    )
                )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and nobody else writes meanwhile, in any process."""
        with self._database.write():
            yield

    def durable(self) -> bool:
        """Bring what was committed to the disk itself; False when a reader keeps it from that.

        With synchronous=NORMAL a power cut may take the last transactions back.
        """
        return self._database.checkpoint()


def _sealed(row: SecretRow) -> Sealed:
    return Sealed(row.owner, row.nonce, row.ciphertext)


def _keeper(session: Session) -> Keeper | None:
    row = session.scalars(select(KeeperRow)).first()
    if row is None:
        return None
    try:
        return Keeper(
            Place(row.place),
            str(row.profile),
            str(row.digest),
            str(row.wrapped),
            int(row.locks),
            bool(row.locked),
            tuple(str(name) for name in json.loads(row.retired)),
        )
    except (ValueError, TypeError) as error:
        raise NotTrusted(
            "The record of the data key is damaged, so the secrets cannot be opened.",
            "Restore a copy of the database from the backups folder, or start over.",
        ) from error
