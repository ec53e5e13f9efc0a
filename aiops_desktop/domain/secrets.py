"""The secret store as a whole: where its data key lies, whether it is open, what it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.trouble import NotTrusted

#: Characters a new passphrase of the store must have.
SHORTEST = 8


class Place(StrEnum):
    """Who keeps the data key, the safest first."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a place
    FILE = "file"

    def in_words(self, path: Path) -> str:
        """A sentence for Settings; `path` is the file for `FILE`."""
        if self is Place.KEYRING:
            return (
                "The data key lies in the keyring of this account; whoever is signed in to the "
                "account can use it."
            )
        if self is Place.PASSPHRASE:
            return (
                "The data key lies in the database under a passphrase; without it nobody can read "
                "the secrets."
            )
        return (
            f"The data key lies in the file {path}. Whoever can read your files can read the "
            "secrets."
        )

    @property
    def short(self) -> str:
        """Within a sentence."""
        return {
            Place.KEYRING: "in the keyring",
            Place.PASSPHRASE: "under a passphrase",
            Place.FILE: "in a file",
        }[self]


class StoreState(StrEnum):
    """How the store stands."""

    EMPTY = "empty"
    """No data key was made yet; the first secret makes one."""
    OPEN = "open"
    LOCKED = "locked"
    SILENT = "silent"
    """The keyring that holds the data key does not answer now."""
    LOST = "lost"
    """The data key is not there any more, or is another one."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """The record of the data key, kept beside the rows that are sealed with it.

    Attributes:
        place: who keeps it; never changed but by a person.
        profile: the name the key has there.
        check: tells a wrong key from the right one without giving the right one away.
        wrapped: the key itself under the passphrase, with all that is needed to open it again.
        locks: how often the store was locked: a program that opened it before that asks again.
        locked: it is closed until somebody unlocks it.
        retired: "place/profile" of former keys that are still to be destroyed.
    """

    place: Place
    profile: str
    check: str
    wrapped: str = field(default="", repr=False)
    locks: int = 0
    locked: bool = False
    retired: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As it stands in `retired`."""
        return f"{self.place}/{self.profile}"

    def same_key(self, other: Keeper | None) -> bool:
        """Whether what was opened with that record may still be used with this one."""
        return (
            other is not None
            and (self.check, self.locks) == (other.check, other.locks)
            and not (self.locked or other.locked)
        )


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret as it lies in the database."""

    owner: str
    nonce: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class SecretsStatus:
    """What Settings and the shell say of the store.

    Attributes:
        place: where the data key lies; None while there is none.
        sentence: the same in words, with what that protects from.
        warning: what is not as it should be, "" when nothing.
        kept: what the secrets are for, in words: these must be entered again should it be lost.
        can_keyring: a keyring answers here, so that the key could lie in it.
    """

    state: StoreState
    place: Place | None
    sentence: str
    warning: str = ""
    kept: tuple[str, ...] = ()
    can_keyring: bool = False


@dataclass(frozen=True, slots=True)
class SecretsChanged:
    """The store has another data key, or was locked or unlocked.

    Attributes:
        sealed: how many secrets were sealed anew.
        unreadable: what could not be read, and must be entered again.
    """

    status: SecretsStatus
    changes: Changes
    summary: str
    sealed: int = 0
    unreadable: tuple[str, ...] = ()


class Locked(NotTrusted):
    """The store must be unlocked first."""


class KeyLost(NotTrusted):
    """The data key is not there, or is another one: the secrets cannot be read any more."""


def in_words(
    owner: str,
    tenant: Callable[[int], str] = str,
    key: Callable[[int, str], str] = lambda _tenant, _fingerprint: "",
) -> str:
    """What a secret is for, for a person who must enter it again.

    `tenant` names one by its id, `key` one by its tenant's id and its fingerprint ("": not known).
    """
    scope, _, rest = owner.partition("/")
    if scope == "settings":
        return f"the setting {rest}"
    kind, number = scope.partition(":")[::2]
    if kind != "tenant" or not number.isdigit():
        return owner
    name = tenant(int(number))
    what, _, which = rest.partition("/")
    if what == "https":
        return f"the token for {which} of {name}"
    if what == "integration":
        return f"the token of integration {which} of {name}"
    if what == "key":
        return f"the passphrase of the key {key(int(number), which) or which} of {name}"
    if what.startswith("deployment:"):
        return f"answers of deployment {what.partition(':')[2]} of {name}"
    return f"{rest} of {name}"
