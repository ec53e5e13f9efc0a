"""Operators: the people at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiops_desktop.domain.changes import Changes


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
    """A person. `email` is kept in lower case."""

    id: int
    name: str
    email: str
    role: Role
    created: datetime


@dataclass(frozen=True, slots=True)
class OperatorSaved:
    """An operator was created."""

    operator: Operator
    changes: Changes
