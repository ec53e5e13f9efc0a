"""What the services around keys share: their stores, and how a key is named to others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.certificates import Validity
from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.domain.trouble import Refused

if TYPE_CHECKING:
    from aiops_desktop.services.history import History
    from aiops_desktop.services.passphrases import Passphrases
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.folders import Folders
    from aiops_desktop.storage.keys import KeyStore
    from aiops_desktop.storage.projects import ProjectStore

CHANGED = Touched.KEYS | Touched.HISTORY


@dataclass(frozen=True, slots=True)
class People:
    """Whose keys there may be.

    Attributes:
        at_desk: the id of the operator who acts, None before there is any.
        names: all operators' names by their ids.
    """

    at_desk: Callable[[], int | None] = lambda: None
    names: Callable[[], Mapping[int, str]] = dict

    def owner(self, key: Key) -> str:
        """The name of a key's owner, "" for none."""
        return "" if key.owner_id is None else self.names().get(key.owner_id, "")

    def barred(self, key: Key) -> str:
        """Why the operator at the desk is not offered a key, as a sentence; "" when it is."""
        if not key.personal or (key.owner_id is not None and key.owner_id == self.at_desk()):
            return ""
        owner = self.owner(key)
        if not owner:
            return "It was one person's own, who is gone. Give it to somebody, or share it."
        return f"It is {owner}'s own, and offered only while {owner} is at the desk."


@dataclass(frozen=True)
class KeyParts:
    """What the verbs on keys are made of."""

    store: KeyStore
    projects: ProjectStore
    tenants: Tenants
    secrets: Secrets
    history: History
    folders: Folders
    passphrases: Passphrases
    people: People


def file_of(key: Key) -> KeyFile:
    """A key as adapters get it."""
    found = key.certified
    valid = found is not None and found.validity() is Validity.VALID
    kept = kept_as(key)
    return KeyFile(key.name, key.path, key.fingerprint, kept, certified=valid, hosts=key.hosts)


def kept_as(key: Key | KeyFile, *, tenant_id: int | None = None) -> str:
    """Under which name its passphrase may be kept."""
    tenant = key.tenant_id if isinstance(key, Key) else tenant_id
    return f"tenant:{tenant}/key/{key.fingerprint}"


def public_of(path: Path) -> Path:
    """The public half beside a private file."""
    return path.with_name(path.name + ".pub")


def facts(key: Key) -> dict[str, str]:
    """What the history keeps of a key."""
    told = {"type": f"{key.type} {key.bits}", "fingerprint": key.fingerprint}
    if key.certified:
        told["certificate"] = f"{key.certified.key_id}, {key.certified.serial}"
    return told


def checked_hosts(hosts: Sequence[str]) -> tuple[str, ...]:
    """Patterns of hosts, tidied.

    Raises:
        Refused: one that ssh would not understand.
    """
    made = tuple(dict.fromkeys(part for host in hosts for part in host.replace(",", " ").split()))
    for pattern in made:
        if not re.fullmatch(r"!?\[?[A-Za-z0-9*?:._-]{1,255}(?:\]:[0-9*?]{1,5})?", pattern):
            raise Refused(
                f"“{pattern[:60]}” names no host.",
                "Write a name such as git.acme.example or *.acme.example, or [host]:port.",
                field="hosts",
            )
    return made


def checked_comment(comment: str) -> str:
    """A key's comment, which stands in one line.

    Raises:
        Refused: it has line breaks or is too long.
    """
    text = comment.strip()
    if len(text) > 200 or any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise Refused("A comment is one short line.", "Shorten it.", field="comment")
    return text
