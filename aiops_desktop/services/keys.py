"""Keys: made here or brought in, one tenant's never offered for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.keys import Key, KeyChoice, KeyEntry, KeySaved, KeyType, KnownHost
from aiops_desktop.domain.names import checked_name, free_slug
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.remotes import Transport, parse_remote
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.jobs.job import Job
from aiops_desktop.services import key_choice
from aiops_desktop.services.hosts import Hosts
from aiops_desktop.services.key_care import KeyCare
from aiops_desktop.services.key_parts import (
    CHANGED,
    KeyParts,
    People,
    checked_comment,
    checked_hosts,
    facts,
    file_of,
    kept_as,
)
from aiops_desktop.services.passphrases import TRIES, Passphrases

if TYPE_CHECKING:
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.folders import Folders
    from aiops_desktop.storage.keys import KeyStore
    from aiops_desktop.storage.projects import ProjectStore

__all__ = ["TRIES", "Keys"]


@dataclass(frozen=True, slots=True)
class Bare:
    """What a new key has from elsewhere than its file; the fields are those of `Key`."""

    hosts: tuple[str, ...] = ()
    owner_id: int | None = None
    personal: bool = False
    replaces: int | None = None


class Keys:
    """SSH keys of tenants.

    Attributes:
        care: passphrases changed, keys moved, files checked and repaired, rules of a tenant.
        passphrases: where all questions for a passphrase end.
    """

    def __init__(
        self,
        store: KeyStore,
        projects: ProjectStore,
        tenants: Tenants,
        secrets: Secrets,
        history: History,
        folders: Folders,
        people: People | None = None,
    ) -> None:
        self._store = store
        self._projects = projects
        self._tenants = tenants
        self._secrets = secrets
        self._history = history
        self._folders = folders
        self._people = people or People()
        self.passphrases = Passphrases(secrets)
        parts = KeyParts(
            store, projects, tenants, secrets, history, folders, self.passphrases, self._people
        )
        self.care = KeyCare(parts)
        self._hosts = Hosts(tenants, history, store.rules)

    def all(self, tenant_id: int) -> list[Key]:
        """A tenant's keys, oldest first: the order git tries them in."""
        return self._store.all(tenant_id)

    def get(self, key_id: int) -> Key:
        """One key.

        Raises:
            Missing: it is not there.
        """
        return self._store.get(key_id)

    def entries(self, tenant_id: int) -> list[KeyEntry]:
        """The same as `all` with where each is used, how its file lies there, and what is kept."""
        keys = self._store.all(tenant_id)
        used: dict[int | None, list[str]] = {}
        for project in self._projects.all(tenant_id):
            used.setdefault(project.key_id, []).append(project.name)
        kept = self.passphrases.kept(f"tenant:{tenant_id}/key/")
        loaded = self._held(tenant_id)
        names = self._people.names()
        return [
            KeyEntry(
                key,
                tuple(used.get(key.id, ())),
                ssh.state(key.path),
                kept.get(kept_as(key), "") if key.encrypted else "",
                key.fingerprint in loaded,
                names.get(key.owner_id, "") if key.owner_id else "",
                key.certified,
            )
            for key in keys
        ]

    def generate(
        self,
        tenant_id: int,
        name: str,
        kind: KeyType = KeyType.ED25519,
        *,
        bits: int = 0,
        passphrase: str = "",
        remember: bool = False,
        comment: str = "",
        hosts: Sequence[str] = (),
        personal: bool = False,
        instead_of: Key | None = None,
    ) -> KeySaved:
        """Make a key pair, 0600 in the tenant's keys folder; the operator at the desk owns it.

        Args:
            tenant_id: whose it is.
            name: what it is called.
            kind: its type.
            bits: 0 is the usual size.
            passphrase: "" for none.
            remember: keep the passphrase in the secret store.
            comment: for the public half.
            hosts: the only ones it is offered to.
            personal: other operators are not offered it.
            instead_of: the key that a rotation replaces: its hosts and its owner are taken over.

        Raises:
            Refused: name taken or bad, a size this type does not come in.
            Failed: the file cannot be written.
        """
        name = checked_name(name, "key")
        room = self._tenants.room(tenant_id)
        self._secrets.learn(passphrase)
        with self._history.doing("generate key", name, tenant_id=tenant_id) as entry:
            pair = ssh.generate(
                kind,
                bits=bits,
                passphrase=passphrase,
                comment=checked_comment(comment) or f"{room.slug} {name}",
            )
            bare = Bare(checked_hosts(hosts), self._people.at_desk(), personal)
            if instead_of:
                old = instead_of
                bare = Bare(old.hosts, old.owner_id, old.personal, old.id)
            key = self._save(room, name, pair, passphrase if remember else "", bare)
            entry.facts = facts(key)
        return KeySaved(key, Changes(CHANGED))

    def add(
        self,
        tenant_id: int,
        name: str,
        private: str | Path,
        *,
        passphrase: str = "",
        remember: bool = False,
        personal: bool = False,
        owner_id: int | None = None,
    ) -> KeySaved:
        """Bring in a private key, as text or from a file; line ends are repaired.

        OpenSSH, PEM and PKCS#8 are read here, PuTTY's files through puttygen. A file is copied; the
        original stays as it is. A certificate beside the file comes along.

        Args:
            tenant_id: whose it will be.
            name: what it is called.
            private: the text or the file.
            passphrase: checked when given.
            remember: keep it in the secret store.
            personal: other operators are not offered it.
            owner_id: the operator who owns it; None: the one at the desk.

        Raises:
            Refused: not a private key, name or key already there.
            NotTrusted: wrong passphrase, or one is needed to read the key at all.
            Missing, Failed: the file is not there or cannot be read, or puttygen is not there.
        """
        name = checked_name(name, "key")
        room = self._tenants.room(tenant_id)
        self._secrets.learn(passphrase)
        with self._history.doing("add key", name, tenant_id=tenant_id) as entry:
            if isinstance(private, Path):
                pair = ssh.read_file(private, passphrase)
            else:
                pair = ssh.read(private, passphrase)
            kept = passphrase if remember and pair.encrypted else ""
            owner = self._people.at_desk() if owner_id is None else owner_id
            key = self._save(room, name, pair, kept, Bare((), owner, personal))
            entry.facts = facts(key)
        return KeySaved(key, Changes(CHANGED))

    def rename(self, key_id: int, name: str) -> KeySaved:
        """Give another name.

        Raises:
            Refused: name taken or bad.
            Missing: the key is not there.
        """
        name = checked_name(name, "key")
        before = self.get(key_id)
        with self._history.doing("rename key", before.name, tenant_id=before.tenant_id) as entry:
            key = self._store.change(replace(before, name=name))
            entry.facts = {"name": f"{before.name} → {name}"}
        return KeySaved(key, Changes(CHANGED))

    def bind(self, key_id: int, hosts: Sequence[str]) -> KeySaved:
        """Offer a key to these hosts only (patterns of ssh_config(5)); none: to all.

        Raises:
            Refused: something that is no pattern.
        """
        patterns = checked_hosts(hosts)
        before = self.get(key_id)
        with self._history.doing("bind key", before.name, tenant_id=before.tenant_id) as entry:
            key = self._store.change(replace(before, hosts=patterns))
            entry.facts = {"hosts": ", ".join(patterns) or "all"}
        return KeySaved(key, Changes(CHANGED))

    def delete(self, key_id: int) -> Done:
        """Overwrite and remove the key's file, and forget all that is known of it.

        Raises:
            Missing: the key is not there.
            Failed: the file cannot be removed; the key then stays.
        """
        key = self.get(key_id)
        with self._history.doing("delete key", key.name, tenant_id=key.tenant_id) as entry:
            entry.facts = {**facts(key), "projects": ", ".join(self.used_by(key_id))}
            room = self._tenants.room(key.tenant_id)
            if room.agent_socket:
                ssh.Agent(room.agent_socket).remove(key.path)
            ssh.erase(key.path)
            self._store.remove(key_id)
            self.passphrases.forget(kept_as(key))
        return Done(Changes(CHANGED | Touched.PROJECTS), f"“{key.name}” was deleted.")

    def used_by(self, key_id: int) -> tuple[str, ...]:
        """Names of the projects whose own key it is, for the dialog that asks."""
        key = self.get(key_id)
        projects = self._projects.all(key.tenant_id)
        return tuple(project.name for project in projects if project.key_id == key_id)

    def choice(self, project: Project) -> KeyChoice:
        """Which keys this project would offer, in order, and why."""
        keys = self._store.all(project.tenant_id)
        rules = self._store.rules(project.tenant_id)
        held = self._held(project.tenant_id)
        barred = self._people.barred
        return key_choice.choice(keys, project.key_id, _host(project), rules, held, barred)

    def barred(self, key: Key) -> str:
        """Why the operator at the desk is not offered a key, as a sentence; "" when it is."""
        return self._people.barred(key)

    def hosts(self, tenant_id: int) -> list[KnownHost]:
        """The hosts this tenant trusts."""
        return [host for host in self._hosts.all(tenant_id) if host.marker != "@revoked"]

    def distrust(self, tenant_id: int, host: str) -> Done:
        """Remove a host's keys from the tenant's known_hosts.

        Raises:
            Missing: the tenant does not know this host.
        """
        return self._hosts.remove(tenant_id, host)

    # For other services ----------------------------------------------------------------------

    def files(self, tenant_id: int) -> tuple[KeyFile, ...]:
        """The key files the operator at the desk may offer, oldest first, for a tenant's room."""
        found = self._store.files(tenant_id, self._people.at_desk())
        return tuple(replace(file, secret_id=kept_as(file, tenant_id=tenant_id)) for file in found)

    def for_project(self, project: Project) -> tuple[KeyFile, ...]:
        """What git may offer for a project, best first; all of them 0600."""
        return self._ready(project.tenant_id, project.key_id, _host(project))

    def for_host(self, tenant_id: int, host: str) -> tuple[KeyFile, ...]:
        """What may be offered to a host, as known_hosts names it; all of them 0600."""
        return self._ready(tenant_id, None, host)

    def unlock(self, tenant_id: int, file: KeyFile, job: Job) -> str:
        """The passphrase of a key: the kept one, or what the person answers; checked.

        Raises:
            NotTrusted: three wrong answers.
            Stopped: the person did not answer.
        """
        told = self.passphrases.unlock(
            file.name, file.path, kept_as(file, tenant_id=tenant_id), job
        )
        self.used(tenant_id, file.fingerprint)
        return told

    def used(self, tenant_id: int, fingerprint: str) -> None:
        """Remember that a key opened a door just now."""
        for key in self._store.all(tenant_id):
            if key.fingerprint == fingerprint:
                self._store.used(key.id)

    def _held(self, tenant_id: int) -> frozenset[str]:
        """Fingerprints of what the tenant's agent holds."""
        socket = self._tenants.agent(tenant_id)
        return frozenset(ssh.Agent(socket).listed() if socket else ())

    def _ready(self, tenant_id: int, own_id: int | None, host: str) -> tuple[KeyFile, ...]:
        keys, _ = key_choice.ordered(self._store.all(tenant_id), own_id, host, self._people.barred)
        for key in keys:
            ssh.protect(key.path)
        return tuple(file_of(key) for key in keys if key.path.exists())

    def _save(
        self,
        room: TenantRoom,
        name: str,
        pair: ssh.KeyPair,
        passphrase: str,
        bare: Bare,
    ) -> Key:
        """Write the files, then the row; a row that is refused takes the files with it."""
        self._folders.make(room.keys_folder)
        taken = {place.stem for place in room.keys_folder.iterdir()}
        path = room.keys_folder / free_slug(name, taken)
        ssh.write(pair, path)
        draft = Key(
            id=0,
            tenant_id=room.tenant_id,
            name=name,
            type=pair.type,
            bits=pair.bits,
            fingerprint=pair.fingerprint,
            public=pair.public,
            path=path,
            encrypted=pair.encrypted,
            created=datetime.now(UTC),
            comment=pair.comment,
            hosts=bare.hosts,
            replaces=bare.replaces,
            owner_id=bare.owner_id,
            personal=bare.personal,
            certificate=pair.certificate,
        )
        try:
            key = self._store.add(draft)
            if passphrase:
                self.passphrases.keep(kept_as(key), passphrase, store=True)
        except BaseException:
            ssh.erase(path)
            raise
        return key


def _host(project: Project) -> str:
    remote = parse_remote(project.remote_url)
    return remote.known_hosts_name if remote.transport is Transport.SSH else ""
