"""Operators as remembered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.operators import Operator, Role
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Base, Database, name_key, now


class OperatorRow(Base):
    """A person. `account` is the name of the person's account on this computer.

    `phrase` is what a passphrase is checked against (see `adapters/secrets/phrase.py`).
    """

    __tablename__ = "operators"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own attribute

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    role: Mapped[str]
    account: Mapped[str] = mapped_column(default="")
    phrase: Mapped[str] = mapped_column(default="")
    created: Mapped[datetime] = mapped_column(default=now)

    def operator(self) -> Operator:
        """The row as the other floors know it."""
        return Operator(
            id=self.id,
            name=self.name,
            email=self.email or "",
            role=Role(self.role),
            created=self.created,
            account=self.account,
            locks=bool(self.phrase),
        )


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

    def get(self, operator_id: int) -> Operator:
        """One operator.

        Raises:
            Missing: it is not there.
        """
        with self._database.read() as session:
            return _there(session.get(OperatorRow, operator_id)).operator()

    def add(
        self, name: str, email: str, role: Role, account: str = "", phrase: str = ""
    ) -> Operator:
        """Remember a new operator.

        Raises:
            Refused: the name or the e-mail is taken.
        """
        return self._save(
            OperatorRow(
                name=name,
                email=email.strip().lower() or None,
                role=role.value,
                account=account,
                phrase=phrase,
            )
        )

    def settle(self, name: str, email: str, account: str) -> Operator:
        """The operator of an account, made when there is none.

        The first one ever is the admin; whoever comes later by another account may only look until
        an admin says more. A name that is taken gets the account's beside it.

        Raises:
            Refused: the e-mail is taken.
        """
        with self._database.write():  # immediate: two first starts at once make one operator
            known = self.of_account(account)
            if known:
                return known
            others = self.all()
            if any(name_key(one.name) == name_key(name) for one in others):
                name = f"{name} ({account})"
            return self.add(name, email, Role.VIEWER if others else Role.ADMIN, account)

    def change(self, operator_id: int, *, name: str, email: str) -> Operator:
        """Give an operator another name or e-mail.

        Raises:
            Missing: there is no such operator.
            Refused: the name or the e-mail is taken.
        """
        with self._database.write() as session:
            row = _there(session.get(OperatorRow, operator_id))
            row.name, row.email = name, email.strip().lower() or None
            return self._save(row)

    def set_role(self, operator_id: int, role: Role) -> Operator:
        """Give an operator another role.

        Raises:
            Missing: there is no such operator.
            Refused: it is the last admin.
        """
        with self._database.write() as session:
            row = _there(session.get(OperatorRow, operator_id))
            if role is not Role.ADMIN:
                self._keep_an_admin(row)
            row.role = role.value
            return row.operator()

    def remove(self, operator_id: int) -> None:
        """Forget an operator.

        Raises:
            Missing: there is no such operator.
            Refused: it is the last admin.
        """
        with self._database.write() as session:
            row = _there(session.get(OperatorRow, operator_id))
            self._keep_an_admin(row)
            session.delete(row)

    def phrase(self, operator_id: int) -> str:
        """What the operator's passphrase is checked against, "" for none."""
        with self._database.read() as session:
            return _there(session.get(OperatorRow, operator_id)).phrase

    def set_phrase(self, operator_id: int, phrase: str) -> Operator:
        """Check the passphrase against this from now on; "" takes the lock away.

        Raises:
            Missing: there is no such operator.
        """
        with self._database.write() as session:
            row = _there(session.get(OperatorRow, operator_id))
            row.phrase = phrase
            return row.operator()

    def _keep_an_admin(self, row: OperatorRow) -> None:
        admins = [one.id for one in self.all() if one.role is Role.ADMIN]
        if admins == [row.id]:
            raise Refused(
                f"{row.name} is the last admin; nobody else could manage the operators.",
                "Make somebody else an admin first.",
                field="role",
            )

    def _save(self, row: OperatorRow) -> Operator:
        with self._database.write() as session:
            for one in self.all():
                if one.id != row.id and name_key(one.name) == name_key(row.name):
                    raise Refused(
                        f"There is an operator named “{one.name}” already.",
                        "Use another name: the history tells people apart by it.",
                        field="name",
                    )
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


def _there(row: OperatorRow | None) -> OperatorRow:
    if row is None:
        raise Missing("This operator is not there any more.", "Look at the list of operators.")
    return row
