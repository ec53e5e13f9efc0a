"""Keys as remembered: names, fingerprints, places; never a private text."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column, relationship

from aiops_desktop.domain.keys import Key, KeyRules, KeyType, Registration
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, name_key, now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class RegistrationRow(Base):
    """A place where a public key is registered."""

    __tablename__ = "key_registrations"
    __table_args__ = (UniqueConstraint("key_id", "forge", "place", name="uq_key_registrations"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_id: Mapped[int] = mapped_column(ForeignKey("keys.id", ondelete="CASCADE"))
    forge: Mapped[str]
    place: Mapped[str]
    remote_id: Mapped[str] = mapped_column(default="")
    since: Mapped[datetime] = mapped_column(default=now)


class KeyRulesRow(Base):
    """What a tenant allows beside its own keys; a tenant without a row has the defaults."""

    __tablename__ = "key_rules"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True
    )
    own_agent: Mapped[bool]
    own_config: Mapped[bool]
    hash_hosts: Mapped[bool]
    agent_minutes: Mapped[int]


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
    hosts: Mapped[str] = mapped_column(default="")
    replaces: Mapped[int | None] = mapped_column(ForeignKey("keys.id", ondelete="SET NULL"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id", ondelete="SET NULL"))
    personal: Mapped[bool] = mapped_column(default=False)
    certificate: Mapped[str] = mapped_column(default="")
    registrations: Mapped[list[RegistrationRow]] = relationship(
        order_by=RegistrationRow.id, lazy="selectin", cascade="all, delete-orphan"
    )

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
            hosts=tuple(self.hosts.split()),
            replaces=self.replaces,
            registered=tuple(
                Registration(row.forge, row.place, row.remote_id, row.since)
                for row in self.registrations
            ),
            owner_id=self.owner_id,
            personal=self.personal,
            certificate=self.certificate,
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

    def files(self, tenant_id: int, operator_id: int | None) -> list[KeyFile]:
        """The files of the keys an operator may offer; asked for often.

        Oldest first; without other operators' own keys, and those that still wait for a rotation.
        """
        wanted = (
            select(KeyRow.name, KeyRow.path, KeyRow.fingerprint, KeyRow.hosts)
            .where(KeyRow.tenant_id == tenant_id, KeyRow.replaces.is_(None))
            .where(KeyRow.personal.is_(False) | (KeyRow.owner_id == operator_id))
            .order_by(KeyRow.created, KeyRow.id)
        )
        layout = self._database.layout
        with self._database.read() as session:
            return [
                KeyFile(name, layout.absolute(path), told, hosts=tuple(hosts.split()))
                for name, path, told, hosts in session.execute(wanted)
            ]

    def name(self, tenant_id: int, fingerprint: str) -> str:
        """What a tenant calls a key, "" when it has none with this fingerprint."""
        wanted = select(KeyRow.name).where(
            KeyRow.tenant_id == tenant_id, KeyRow.fingerprint == fingerprint
        )
        with self._database.read() as session:
            return session.scalar(wanted) or ""

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
                hosts=" ".join(key.hosts),
                replaces=key.replaces,
                owner_id=key.owner_id,
                personal=key.personal,
                certificate=key.certificate,
            )
            session.add(row)
            self._flush(session, key.name)
            return row.key(self._database.layout)

    def change(self, key: Key) -> Key:
        """Remember all that may change of a key: what it is called, where it lies, whose it is.

        Raises:
            Missing: the key is not there.
            Refused: the tenant has a key of this name, or this key already.
        """
        with self._database.write() as session:
            row = _row(session, key.id)
            row.tenant_id = key.tenant_id
            row.name, row.name_key = key.name, name_key(key.name)
            row.public, row.comment = key.public, key.comment
            row.path = self._database.layout.relative(key.path)
            row.encrypted = key.encrypted
            row.hosts = " ".join(key.hosts)
            row.replaces = key.replaces
            row.owner_id, row.personal = key.owner_id, key.personal
            row.certificate = key.certificate
            self._flush(session, key.name)
            return row.key(self._database.layout)

    def register(self, key_id: int, where: Registration) -> Key:
        """Remember that a key is registered somewhere; once for each place.

        Raises:
            Missing: the key is not there.
        """
        with self._database.write() as session:
            row = _row(session, key_id)
            for old in list(row.registrations):
                if (old.forge, old.place) == (where.forge, where.place):
                    row.registrations.remove(old)
            session.flush()
            row.registrations.append(
                RegistrationRow(forge=where.forge, place=where.place, remote_id=where.remote_id)
            )
            session.flush()
            return row.key(self._database.layout)

    def unregister(self, key_id: int, forge: str, place: str) -> None:
        """Forget a registration; no trouble when there is none."""
        with self._database.write() as session:
            session.execute(
                delete(RegistrationRow).where(
                    RegistrationRow.key_id == key_id,
                    RegistrationRow.forge == forge,
                    RegistrationRow.place == place,
                )
            )

    def rules(self, tenant_id: int) -> KeyRules:
        """What a tenant allows."""
        with self._database.read() as session:
            row = session.get(KeyRulesRow, tenant_id)
            if row is None:
                return KeyRules()
            return KeyRules(row.own_agent, row.own_config, row.hash_hosts, row.agent_minutes)

    def set_rules(self, tenant_id: int, rules: KeyRules) -> None:
        """Remember what a tenant allows."""
        with self._database.write() as session:
            session.merge(
                KeyRulesRow(
                    tenant_id=tenant_id,
                    own_agent=rules.own_agent,
                    own_config=rules.own_config,
                    hash_hosts=rules.hash_hosts,
                    agent_minutes=rules.agent_minutes,
                )
            )

    def hand_over(self, old_id: int, new_id: int | None) -> int:
        """Let every project whose own key is the old one have the new one; how many there were."""
        from aiops_desktop.storage.projects import ProjectRow  # it imports this module

        with self._database.write() as session:
            rows = session.scalars(select(ProjectRow).where(ProjectRow.key_id == old_id)).all()
            for row in rows:
                row.key_id = new_id
            return len(rows)

    def owned(self, operator_id: int, *, personal: bool = False) -> int:
        """How many keys of all tenants are an operator's; or how many of those only its own."""
        wanted = select(func.count()).where(KeyRow.owner_id == operator_id)
        if personal:
            wanted = wanted.where(KeyRow.personal)
        with self._database.read() as session:
            return session.scalar(wanted) or 0

    def inherit(self, operator_id: int, heir_id: int) -> int:
        """Make all keys of one operator those of another; how many."""
        with self._database.write() as session:
            wanted = select(KeyRow).where(KeyRow.owner_id == operator_id)
            rows = session.scalars(wanted).all()
            for row in rows:
                row.owner_id = heir_id
            return len(rows)

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
