"""Operators: who is at the desk, who else may be, and the lock between them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.operators import (
    Operator,
    OperatorEntry,
    OperatorSaved,
    Role,
    checked_email,
    looks_like_email,
)
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.services.lock import Lock

if TYPE_CHECKING:
    from aiops_desktop.services.history import History
    from aiops_desktop.storage.operators import OperatorStore

_CHANGED = Changes(Touched.OPERATORS | Touched.HISTORY)


@dataclass(frozen=True, slots=True)
class Around:
    """What an operator's name hangs on elsewhere, and who sits at this computer.

    Attributes:
        account: (login, full name) of the computer's account.
        git_identity: (name, e-mail) of git's configuration.
        admin_email: the setting of that name.
        runs: how many assist runs that are not at their end are this name's.
        hand_over: makes the runs of one name those of another; how many.
        left: told when another operator took the desk.
        keys: how many keys are offered only while this operator (by id) is at the desk.
        inherit: makes all keys of one operator those of another; how many.
    """

    account: Callable[[], tuple[str, str]]
    git_identity: Callable[[], tuple[str, str]] = lambda: ("", "")
    admin_email: Callable[[], str] = lambda: ""
    runs: Callable[[str], int] = lambda _name: 0
    hand_over: Callable[[str, str], int] = lambda _old, _new: 0
    left: Callable[[], object] = lambda: None
    keys: Callable[[int], int] = lambda _operator: 0
    inherit: Callable[[int, int], int] = lambda _old, _new: 0


class Operators:
    """The people who use this data folder."""

    def __init__(
        self, store: OperatorStore, history: History, around: Around, lock: Lock | None = None
    ) -> None:
        self._store = store
        self._history = history
        self._around = around
        self._phrases = lock or Lock()
        self._lock = threading.RLock()  # the history asks who acts, in the middle of a verb
        self._desk: Operator | None = None

    # Who is there ----------------------------------------------------------------------------

    def at_desk(self) -> Operator:
        """The operator at this computer; the first one ever becomes the admin."""
        with self._lock:
            if self._desk is None:
                self._desk = self._known() or self._first("", "")
            return self._desk

    def acting(self) -> Operator | None:
        """The same as the database has it now; None before there is any operator."""
        with self._lock:
            if self._desk is None and not self._store.all():
                return None
            try:
                self._desk = self._store.get(self.at_desk().id)
            except Missing:  # an admin deleted who sits here
                self._desk = None
            return self.at_desk()

    def all(self) -> list[Operator]:
        """All, oldest first."""
        return self._store.all()

    def entries(self) -> list[OperatorEntry]:
        """The same with what a list says of each."""
        here = self.at_desk().id
        all_ = self._store.all()
        admins = [one.id for one in all_ if one.role is Role.ADMIN]
        return [
            OperatorEntry(
                one,
                seen=self._history.last(one.name),
                here=one.id == here,
                last_admin=admins == [one.id],
                runs=self._around.runs(one.name),
                keys=self._around.keys(one.id),
            )
            for one in all_
        ]

    def find(self, email: str) -> Operator | None:
        """The operator with this e-mail, without case; None when there is none."""
        return self._store.of_email(email)

    # Who may be there ------------------------------------------------------------------------

    def create_admin(self, email: str, name: str = "", passphrase: str = "") -> OperatorSaved:
        """Add an admin, or name the one at the desk. E-mails are compared without case.

        Raises:
            Refused: not an e-mail, already there, or a passphrase that is too short.
        """
        wanted = checked_email(email)
        name = checked_name(name, "operator") if name.strip() else ""
        with self._lock:
            desk = self._known()
            actor = desk.name if desk else name or self._guess("")[0]
            with self._history.doing("create admin", wanted, actor=actor) as entry:
                sealed = self._phrases.sealed(passphrase)
                if desk is None:
                    saved = self._first(wanted, name)
                elif not desk.email and desk.role is Role.ADMIN:
                    saved = self._store.change(desk.id, name=name or desk.name, email=wanted)
                else:
                    name = name or wanted.partition("@")[0]
                    saved = self._store.add(name, wanted, Role.ADMIN)
                if sealed:
                    saved = self._store.set_phrase(saved.id, sealed)
                entry.facts = saved.facts()
            self._refresh()
        return OperatorSaved(saved, _CHANGED)

    def add(
        self, name: str, email: str, role: Role, passphrase: str = "", account: str = ""
    ) -> OperatorSaved:
        """Add somebody, who comes in by a passphrase, by an account of this computer, or both.

        Raises:
            Refused: name or e-mail taken or bad, or no way to come in.
        """
        name, wanted = checked_name(name, "operator"), checked_email(email)
        with self._history.doing("add operator", name) as entry:
            if not passphrase and not account.strip():
                raise Refused(
                    f"{name} could not come in.",
                    "Give a passphrase for the first time, or an account of this computer.",
                    field="passphrase",
                )
            if account.strip() and self._store.of_account(account.strip()):
                raise Refused(
                    f"The account “{account.strip()}” is another operator's.", field="account"
                )
            saved = self._store.add(
                name, wanted, role, account.strip(), self._phrases.sealed(passphrase)
            )
            entry.facts = saved.facts()
        return OperatorSaved(saved, _CHANGED)

    def edit(self, operator_id: int, name: str, email: str) -> OperatorSaved:
        """Give another name or e-mail; the history keeps the old name.

        Raises:
            Missing: there is no such operator.
            Refused: name or e-mail taken or bad.
        """
        name, wanted = checked_name(name, "operator"), checked_email(email) if email else ""
        before = self._store.get(operator_id)
        with self._history.doing("edit operator", before.name) as entry:
            saved = self._store.change(operator_id, name=name, email=wanted)
            self._around.hand_over(before.name, saved.name)
            entry.facts = saved.facts()
        self._refresh()
        return OperatorSaved(saved, _CHANGED)

    def set_role(self, operator_id: int, role: Role) -> OperatorSaved:
        """Promote or demote.

        Raises:
            Missing: there is no such operator.
            Refused: it is the last admin.
        """
        before = self._store.get(operator_id)
        verb = "promote operator" if role.covers(before.role) else "demote operator"
        with self._history.doing(verb, before.name) as entry:
            entry.facts = {"role": f"{before.role} → {role}"}
            saved = self._store.set_role(operator_id, role)
        self._refresh()
        return OperatorSaved(saved, _CHANGED)

    def reset(self, operator_id: int, passphrase: str = "") -> OperatorSaved:
        """Give somebody another passphrase, or take the lock away ("").

        Raises:
            Missing: there is no such operator.
            Refused: too short, or no other way to come in would be left.
        """
        before = self._store.get(operator_id)
        verb = "reset passphrase" if passphrase else "remove passphrase"
        with self._history.doing(verb, before.name):
            if not passphrase and not before.account:
                raise Refused(
                    f"{before.name} comes in by the passphrase alone.",
                    "Give another one, or delete the operator.",
                    field="passphrase",
                )
            saved = self._store.set_phrase(operator_id, self._phrases.sealed(passphrase))
        self._refresh()
        return OperatorSaved(saved, _CHANGED)

    def delete(self, operator_id: int, heir_id: int | None = None) -> Done:
        """Forget somebody; runs at work and keys go over to the heir. The history keeps the name.

        Without an heir, keys that everybody is offered become their tenants' own.

        Raises:
            Missing: there is no such operator, or no such heir.
            Refused: the last admin, the one at the desk, or runs or keys for this person alone are
                left and nobody takes them.
        """
        leaving = self._store.get(operator_id)
        with self._history.doing("delete operator", leaving.name) as entry:
            if leaving.id == self.at_desk().id:
                raise Refused(
                    "You are at the desk yourself.", "Another admin can delete you, once you left."
                )
            heir = self._store.get(heir_id) if heir_id not in (None, operator_id) else None
            left = self._around.runs(leaving.name)
            if left and heir is None:
                raise Refused(
                    f"{leaving.name} has {left} assist runs that are not at their end.",
                    "Choose who takes them over.",
                    field="heir",
                )
            own = self._around.keys(leaving.id)
            if own and heir is None:
                noun = "key that only this person is" if own == 1 else "keys that only this one is"
                raise Refused(
                    f"{leaving.name} has {own} {noun} offered.",
                    "Choose who takes them over, or delete or share them first.",
                    field="heir",
                )
            if heir:
                keys = self._around.inherit(leaving.id, heir.id)
                moved = self._around.hand_over(leaving.name, heir.name)
                entry.facts = {
                    "handed over to": heir.name,
                    "runs": str(moved),
                    "keys": str(keys),
                }
            self._store.remove(operator_id)
        said = f"“{leaving.name}” was deleted."
        return Done(_CHANGED, f"{said} {heir.name} takes over." if heir else said)

    # The lock --------------------------------------------------------------------------------

    def set_passphrase(self, new: str, current: str = "") -> OperatorSaved:
        """Lock the window of the one at the desk with a passphrase, change it, or take it away.

        Raises:
            NotTrusted: `current` is not the present one.
            Refused: the new one is too short, or it is the only way to come in.
        """
        desk = self.at_desk()
        verb = "change passphrase" if new else "remove passphrase"
        with self._history.doing(verb, desk.name):
            if desk.locks:
                self._check(desk, current)
            if not new and not desk.account:
                raise Refused("You come in by the passphrase alone.", field="passphrase")
            saved = self._store.set_phrase(desk.id, self._phrases.sealed(new))
        self._refresh()
        return OperatorSaved(saved, _CHANGED)

    def lock(self) -> Done:
        """Say that the window is locked now; what is at work goes on.

        Raises:
            Refused: the one at the desk has no passphrase to come back with.
        """
        desk = self.at_desk()
        with self._history.doing("lock window", desk.name):
            if not desk.locks:
                raise Refused(
                    "There is no passphrase to unlock the window with.",
                    "Set one on the Operators page.",
                )
        return Done(Changes(Touched.HISTORY), "The window is locked.")

    def unlock(self, passphrase: str, email: str = "") -> OperatorSaved:
        """Come back to the window; with an e-mail as another operator, who is then at the desk.

        Raises:
            NotTrusted: wrong passphrase, or nobody with it; after five there is a minute's wait.
        """
        desk = self.at_desk()
        other = self._store.of_email(email) if email.strip() else desk
        verb = "sign in" if email.strip() else "unlock window"
        with self._history.doing(
            verb,
            other.name if other else email.strip()[:100],
            actor=other.name if other else "unknown",
        ):
            if other is None or other.locks or other.id != desk.id:
                self._check(other, passphrase)
            with self._lock:
                self._desk = saved = self._store.get(other.id if other else desk.id)
            if saved.id != desk.id:
                self._around.left()
        return OperatorSaved(saved, _CHANGED)

    # How -------------------------------------------------------------------------------------

    def _check(self, operator: Operator | None, passphrase: str) -> None:
        who = operator.id if operator else 0
        self._phrases.check(who, self._store.phrase(who) if operator else "", passphrase)

    def _refresh(self) -> None:
        with self._lock:
            if self._desk is not None:
                self._desk = self._store.get(self._desk.id)

    def _known(self) -> Operator | None:
        return self._desk or self._store.of_account(self._around.account()[0])

    def _guess(self, email: str) -> tuple[str, str]:
        login, full = self._around.account()
        git_name, git_email = self._around.git_identity()
        guess = email or self._around.admin_email() or git_email
        if not looks_like_email(guess):
            guess = ""
        if guess and not email and self._store.of_email(guess):
            guess = ""  # another account's person has it
        return git_name or full or login, guess

    def _first(self, email: str, name: str) -> Operator:
        guessed, guess = self._guess(email)
        return self._store.settle(name or guessed, guess, self._around.account()[0])
