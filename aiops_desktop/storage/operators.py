"""Operators as remembered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.operators import Operator, Role
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, now


class OperatorRow(Base):
    """A person. `account` is the name of the person's account on this computer."""

    __tablename__ = "operators"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own attribute

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[str]
    account: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)

    def operator(self) -> Operator:
        """The row as the other floors know it."""
        return Operator(self.id, self.name, self.email or "", Role(self.role), self.created)


class OperatorStore:
    """The table of operators; e-mails are compared and kept in lower case."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Operator]:
        """All, oldest first."""
        with self._database.read() as session:
            return [r.operator() for r in session.scalars(select(OperatorRow).order_by("id"))]

    def of_account(self, account: str) -> Operator | None:
        """The operator who works under this account of the computer."""
        with self._database.read() as session:
            row = session.scalars(
                select(OperatorRow).where(OperatorRow.account == account).order_by("id")
            ).first()
            return row.operator() if row else None

    def of_email(self, email: str) -> Operator | None:
        """The operator with this e-mail, without case."""
        with self._database.read() as session:
            row = session.scalars(
                select(OperatorRow).where(OperatorRow.email == email.strip().lower())
            ).first()
            return row.operator() if row else None

    def add(self, name: str, email: str, role: Role, account: str = "") -> Operator:
        """Remember a new operator.

        Raises:
            Refused: the e-mail is taken.
        """
        row = OperatorRow(
            name=name, email=email.strip().lower() or None, role=role.value, account=account
        )
        return self._save(row)

    def settle(self, name: str, email: str, account: str) -> Operator:
        """The operator of an account, made when there is none; the first one ever is the admin.

        Raises:
            Refused: the e-mail is taken.
        """
        with self._database.write():  # immediate: two first starts at once make one operator
            known = self.of_account(account)
            if known:
                return known
            return self.add(name, email, Role.OPERATOR if self.all() else Role.ADMIN, account)

    def change(self, operator_id: int, *, name: str, email: str, role: Role) -> Operator:
        """Give an operator another name, e-mail or role.

        Raises:
            Missing: there is no such operator.
            Refused: the e-mail is taken.
        """
        with self._database.write() as session:
            row = session.get(OperatorRow, operator_id)
            if row is None:
                raise Missing("This operator is not there any more.")
            row.name, row.email, row.role = name, email.strip().lower() or None, role.value
            return self._save(row)

    def _save(self, row: OperatorRow) -> Operator:
        with self._database.write() as session:
            session.add(row)
            try:
                session.flush()
            except IntegrityError as error:
                raise Refused(
                    f"There is an operator with the e-mail {row.email} already.",
                    "Use another e-mail.",
                    field="email",
                ) from error
            return row.operator()
