"""Key files whose names say whose they are: read into rows a person can edit before anything is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.keys import KeyType

_SUFFIX = "syseng"


class Act(StrEnum):
    """What would become, or became, of a file."""

    ADD = "add"
    UPDATE = "update"
    SKIP = "skip"
    ADDED = "added"
    UPDATED = "updated"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Identity:
    """One file of the preview; `tenant`, `key` and `act` may be edited before it is applied.

    Attributes:
        file: the private key.
        tenant: name of the tenant it goes to; made when there is none. "" when nobody knows.
        key: what it will be called.
        note: why it is skipped or updated, or what went wrong; a sentence or phrase.
        fingerprint: "" when the file is no key that can be read.
        new_tenant: the tenant is not there yet.
        type, bits: of the key, where its file could be read.
    """

    file: Path
    tenant: str
    key: str
    note: str = ""
    act: Act = Act.ADD
    fingerprint: str = ""
    encrypted: bool = False
    new_tenant: bool = False
    type: KeyType | None = None
    bits: int = 0


@dataclass(frozen=True, slots=True)
class Seeded:
    """What became of each row."""

    rows: tuple[Identity, ...]
    changes: Changes


def identity(file: Path) -> Identity:
    """What a file's name says: `<kind>-<tenant>[-more][-syseng]`.

    The first part names the kind of key (id_rsa, id_ed25519, id), the next whose it is, and all but
    the first make the key's name, behind "syseng-". A trailing "syseng" only says where keys come
    from: it is never a tenant. Names that do not say whose the key is are left for a person.
    """
    parts = [part for part in file.name.split("-") if part]
    if len(parts) > 1 and parts[-1] == _SUFFIX:
        parts.pop()
    rest = parts[1:]
    if not rest:
        note = "skipped: the name does not say whose key it is"
        return Identity(file, "", "", note, Act.SKIP)
    return Identity(file, rest[0].lower(), f"{_SUFFIX}-{'-'.join(rest)}")
