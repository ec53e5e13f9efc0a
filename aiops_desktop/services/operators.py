"""Operators: who is at the desk."""

from __future__ import annotations

from aiops_desktop.domain.operators import Operator, OperatorSaved


class Operators:
    """The people who use this data folder."""

    def at_desk(self) -> Operator:
        """The operator at this computer; the first one ever becomes the admin."""
        raise NotImplementedError

    def all(self) -> list[Operator]:
        """All, oldest first."""
        raise NotImplementedError

    def create_admin(self, email: str, name: str = "") -> OperatorSaved:
        """Add an admin, or name the one at the desk. E-mails are compared without case.

        Raises:
            Refused: not an e-mail, or already there.
        """
        raise NotImplementedError
