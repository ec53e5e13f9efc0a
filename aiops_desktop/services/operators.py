"""Operators: who is at the desk."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.operators import Operator, OperatorSaved, Role
from aiops_desktop.domain.trouble import Refused

if TYPE_CHECKING:
    from aiops_desktop.storage.operators import OperatorStore


class Operators:
    """The people who use this data folder.

    Args of the constructor: `account` gives (login, full name) of the computer's account,
    `git_identity` (name, e-mail) of git's configuration, `admin_email` the setting of that name.
    """

    def __init__(
        self,
        store: OperatorStore,
        *,
        account: Callable[[], tuple[str, str]],
        git_identity: Callable[[], tuple[str, str]],
        admin_email: Callable[[], str],
    ) -> None:
        self._store = store
        self._account = account
        self._git_identity = git_identity
        self._admin_email = admin_email
        self._lock = threading.Lock()
        self._desk: Operator | None = None

    def at_desk(self) -> Operator:
        """The operator at this computer; the first one ever becomes the admin."""
        with self._lock:
            if self._desk is None:
                self._desk = self._known() or self._first("", "")
            return self._desk

    def all(self) -> list[Operator]:
        """All, oldest first."""
        return self._store.all()

    def create_admin(self, email: str, name: str = "") -> OperatorSaved:
        """Add an admin, or name the one at the desk. E-mails are compared without case.

        Raises:
            Refused: not an e-mail, or already there.
        """
        wanted = checked_email(email)
        name = checked_name(name, "operator") if name.strip() else ""
        with self._lock:
            desk = self._known()
            if desk is None:
                saved = self._desk = self._first(wanted, name)
            elif not desk.email:
                saved = self._desk = self._store.change(
                    desk.id, name=name or desk.name, email=wanted, role=desk.role
                )
            else:
                saved = self._store.add(name or wanted.partition("@")[0], wanted, Role.ADMIN)
        return OperatorSaved(saved, Changes(Touched.SETTINGS))

    def find(self, email: str) -> Operator | None:
        """The operator with this e-mail, without case; None when there is none."""
        return self._store.of_email(email)

    def _known(self) -> Operator | None:
        return self._store.of_account(self._account()[0])

    def _first(self, email: str, name: str) -> Operator:
        login, full = self._account()
        git_name, git_email = self._git_identity()
        guess = email or self._admin_email() or git_email
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", guess):
            guess = ""
        if guess and not email and self._store.of_email(guess):
            guess = ""  # another account's person has it
        return self._store.settle(name or git_name or full or login, guess, login)


def checked_email(email: str) -> str:
    """The e-mail in lower case.

    Raises:
        Refused: it is none.
    """
    text = email.strip().lower()
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", text):
        raise Refused("This is not an e-mail address.", "Write name@host.", field="email")
    return text
