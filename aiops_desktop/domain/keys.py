"""SSH keys: what the program remembers of them. The private text stays in its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes


class KeyType(StrEnum):
    """Key types as OpenSSH names them."""

    ED25519 = "ed25519"
    RSA = "rsa"
    ECDSA = "ecdsa"


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair of a tenant.

    Attributes:
        path: absolute path of the private key (0600); `path` + ".pub" is the public one.
        public: one line in authorized_keys form.
        fingerprint: "SHA256:…" as `ssh-keygen -l` prints it.
        encrypted: the private key needs a passphrase.
    """

    id: int
    tenant_id: int
    name: str
    type: KeyType
    bits: int
    fingerprint: str
    public: str
    path: Path
    encrypted: bool
    created: datetime
    comment: str = ""
    last_used: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeySaved:
    """A key was added or changed."""

    key: Key
    changes: Changes


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """Which keys a project would offer, in order, and why."""

    names: tuple[str, ...]
    why: str
    """A sentence, such as "The project's own key, then the tenant's keys, oldest first."."""


@dataclass(frozen=True, slots=True)
class KnownHost:
    """An entry of a tenant's known_hosts."""

    host: str
    key_type: str
    fingerprint: str
    since: datetime | None
