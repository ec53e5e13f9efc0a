"""SSH keys: what the program remembers of them. The private text stays in its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain import certificates, fingerprints
from aiops_desktop.domain.changes import Changes


class KeyType(StrEnum):
    """Key types as OpenSSH names them; the last two lie on a security key (FIDO2)."""

    ED25519 = "ed25519"
    RSA = "rsa"
    ECDSA = "ecdsa"
    ED25519_SK = "ed25519-sk"
    ECDSA_SK = "ecdsa-sk"

    @property
    def on_token(self) -> bool:
        """The private half never leaves a security key; its file only says which one to ask."""
        return self in (KeyType.ED25519_SK, KeyType.ECDSA_SK)


class FileState(StrEnum):
    """How a key's private file lies there. `ssh` refuses one that others may read."""

    SAFE = "safe"
    OPEN = "open to others"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Registration:
    """Where a public key is registered: an account or a repository of a forge.

    Attributes:
        forge: such as "gitlab.acme.example".
        place: "user" or "deploy key of group/project".
        remote_id: the forge's own id of the registration, "" when a person registered it.
    """

    forge: str
    place: str = "user"
    remote_id: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair of a tenant.

    Attributes:
        path: absolute path of the private key (0600); `path` + ".pub" is the public one.
        public: one line in authorized_keys form.
        fingerprint: "SHA256:…" as `ssh-keygen -l` prints it.
        encrypted: the private key needs a passphrase.
        hosts: patterns of the only hosts it is offered to (ssh_config(5), PATTERNS); empty: all.
        replaces: the id of the key it is to take the place of, while a rotation is under way.
        owner_id: the operator who brought it in or took it over; None: the tenant's own.
        personal: it is offered to servers only while its owner is at the desk.
        certificate: the line of its user certificate, "" for none.
        registered: on which forges.
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
    hosts: tuple[str, ...] = ()
    replaces: int | None = None
    registered: tuple[Registration, ...] = ()
    owner_id: int | None = None
    personal: bool = False
    certificate: str = ""

    @property
    def certified(self) -> certificates.Certificate | None:
        """What its certificate says; None when it has none."""
        return certificates.read(self.certificate)[1] if self.certificate else None

    @property
    def md5(self) -> str:
        """The fingerprint as older forges show it."""
        return fingerprints.md5(fingerprints.blob_of(self.public))

    @property
    def randomart(self) -> str:
        """The picture `ssh-keygen -lv` draws."""
        blob = fingerprints.blob_of(self.public)
        return fingerprints.randomart(blob, self.type.value.upper(), self.bits)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key in the list of keys, with all that is asked of it there.

    Attributes:
        used_by: names of the projects whose own key it is.
        file: how its file lies there.
        remembered: where its passphrase is kept now: "", "session" or "store".
        loaded: the tenant's private agent holds it.
        owner: name of the operator whose it is, "" for the tenant's own.
        certificate: what its certificate says.
    """

    key: Key
    used_by: tuple[str, ...] = ()
    file: FileState = FileState.SAFE
    remembered: str = ""
    loaded: bool = False
    owner: str = ""
    certificate: certificates.Certificate | None = None


@dataclass(frozen=True, slots=True)
class KeySaved:
    """A key was added or changed."""

    key: Key
    changes: Changes


@dataclass(frozen=True, slots=True)
class KeyRules:
    """What a tenant allows beside its own keys, and how its agent and hosts are kept.

    Attributes:
        own_agent: after the tenant's keys, the person's own ssh-agent may be asked.
        own_config: `~/.ssh/config` counts (aliases, ProxyJump, hardware keys).
        hash_hosts: new hosts are written to known_hosts without their names.
        agent_minutes: how long the tenant's agent keeps a key, by default.
    """

    own_agent: bool = False
    own_config: bool = False
    hash_hosts: bool = False
    agent_minutes: int = 60


@dataclass(frozen=True, slots=True)
class KeyReason:
    """A key in the order it would be offered, or why it would not be.

    Attributes:
        offered: it would be.
        why: a sentence.
    """

    name: str
    fingerprint: str
    offered: bool
    why: str


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """Which keys a project would offer, in order, and why."""

    names: tuple[str, ...]
    why: str
    """A sentence, such as "The project's own key, then the tenant's keys, oldest first."."""
    reasons: tuple[KeyReason, ...] = ()
    rules: KeyRules = field(default_factory=KeyRules)


@dataclass(frozen=True, slots=True)
class KnownHost:
    """An entry of a tenant's known_hosts.

    Attributes:
        host: a name, a pattern, or a hash of a name ("|1|…").
        marker: "", "@cert-authority" or "@revoked" (sshd(8)).
        line: the number of its line, from 1.
    """

    host: str
    key_type: str
    fingerprint: str
    since: datetime | None
    marker: str = ""
    line: int = 0
    comment: str = ""

    @property
    def hashed(self) -> bool:
        """The name cannot be read from the file."""
        return self.host.startswith("|1|")


@dataclass(frozen=True, slots=True)
class HostShown:
    """The key a host shows now, beside what a tenant knows of it; nothing is decided yet.

    Attributes:
        standing: "unknown", "known", "changed", "revoked" or "certified".
        known: what the tenant knows of this host; empty when unknown.
        line: the known_hosts line that `Hosts.trust` would write.
    """

    host: str
    port: int
    address: str
    key_type: str
    fingerprint: str
    randomart: str
    standing: str
    known: tuple[KnownHost, ...] = ()
    line: str = ""


@dataclass(frozen=True, slots=True)
class HostsImported:
    """Lines of another known_hosts file were taken over."""

    added: int
    skipped: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True, slots=True)
class KeysLoaded:
    """Keys were loaded into a tenant's private agent.

    Attributes:
        socket: for SSH_AUTH_SOCK.
        until: when it forgets them; None: when it is locked.
    """

    names: tuple[str, ...]
    socket: Path
    until: datetime | None
    changes: Changes
