"""Operators: the people at the desk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.trouble import Refused


class Role(StrEnum):
    """What an operator may do."""

    ADMIN = "admin"
    OPERATOR = "operator"
    VIEWER = "viewer"

    def covers(self, other: Role) -> bool:
        """Whether this role may do what the other may: each may do what those below it may."""
        order = tuple(Role)
        return order.index(self) <= order.index(other)


@dataclass(frozen=True, slots=True)
class Operator:
    """A person.

    Attributes:
        email: in lower case; "" when nobody said it.
        account: the account of this computer that is this person's, "" for none.
        locks: whether a passphrase locks the window of this person.
    """

    id: int
    name: str
    email: str
    role: Role
    created: datetime
    account: str = ""
    locks: bool = False

    def facts(self) -> dict[str, str]:
        """What the history keeps of this person."""
        ways = [f"account {self.account}"] if self.account else []
        ways += ["passphrase"] if self.locks else []
        told = {
            "name": self.name,
            "e-mail": self.email,
            "role": self.role.value,
            "comes in by": ", ".join(ways),
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class OperatorEntry:
    """An operator as a list shows it.

    Attributes:
        seen: when the last event of this person began; None when there is none.
        here: whether this is who is at the desk.
        last_admin: nobody else could manage operators, so this one stays as it is.
        runs: assist runs that are this person's and not at their end.
        keys: keys that are offered only while this person is at the desk.
    """

    operator: Operator
    seen: datetime | None = None
    here: bool = False
    last_admin: bool = False
    runs: int = 0
    keys: int = 0


@dataclass(frozen=True, slots=True)
class OperatorSaved:
    """An operator was created or changed."""

    operator: Operator
    changes: Changes


def looks_like_email(text: str) -> bool:
    """Whether it has the form of an e-mail address; only a letter to it would tell more."""
    return bool(re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text))


def checked_email(email: str) -> str:
    """The e-mail in lower case.

    Raises:
        Refused: it is none.
    """
    text = email.strip().lower()
    if not looks_like_email(text):
        raise Refused("This is not an e-mail address.", "Write name@host.", field="email")
    return text
