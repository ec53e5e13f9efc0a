"""Keys: made here or brought in, one tenant's never offered for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
    checked_comment,
    checked_hosts,
    facts,
    file_of,
    owner_of,
    public_of,
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
    ) -> None:
        self._store = store
        self._projects = projects
        self._tenants = tenants
        self._secrets = secrets
        self._history = history
        self._folders = folders
        self.passphrases = Passphrases(secrets)
        parts = KeyParts(store, projects, tenants, secrets, history, folders, self.passphrases)
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
        return [
            KeyEntry(
                key,
                tuple(used.get(key.id, ())),
                ssh.state(key.path),
                kept.get(owner_of(key), "") if key.encrypted else "",
                key.fingerprint in loaded,
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
        replaces: int | None = None,
    ) -> KeySaved:
        """Make a key pair, 0600 in the tenant's keys folder.

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
            patterns = checked_hosts(hosts)
            key = self._save(room, name, pair, passphrase if remember else "", patterns, replaces)
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
    ) -> KeySaved:
        """Bring in a private key, as text or from a file; line ends are repaired.

        OpenSSH, PEM and PKCS#8 are read here, PuTTY's files through puttygen. A file is copied; the
        original stays as it is.

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
            key = self._save(room, name, pair, passphrase if remember and pair.encrypted else "")
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
                ssh.Agent(room.agent_socket).remove(public_of(key.path))
            ssh.erase(key.path)
            self._store.remove(key_id)
            self.passphrases.forget(owner_of(key))
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
        return key_choice.choice(keys, project.key_id, _host(project), rules, held)

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
        """A tenant's key files in the order they are tried, for its room."""
        made = (KeyFile(*found) for found in self._store.files(tenant_id))
        return tuple(replace(file, secret_id=owner_of(file, tenant_id=tenant_id)) for file in made)

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
            file.name, file.path, owner_of(file, tenant_id=tenant_id), job
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
        socket = self._tenants.room(tenant_id).agent_socket
        return frozenset(ssh.Agent(socket).listed() if socket else ())

    def _ready(self, tenant_id: int, own_id: int | None, host: str) -> tuple[KeyFile, ...]:
        keys, _ = key_choice.ordered(self._store.all(tenant_id), own_id, host)
        for key in keys:
            ssh.protect(key.path)
        return tuple(file_of(key) for key in keys if key.path.exists())

    def _save(
        self,
        room: TenantRoom,
        name: str,
        pair: ssh.KeyPair,
        passphrase: str,
        hosts: tuple[str, ...] = (),
        replaces: int | None = None,
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
            hosts=hosts,
            replaces=replaces,
        )
        try:
            key = self._store.add(draft)
            if passphrase:
                self.passphrases.keep(owner_of(key), passphrase, store=True)
        except BaseException:
            ssh.erase(path)
            raise
        return key


def _host(project: Project) -> str:
    remote = parse_remote(project.remote_url)
    return remote.known_hosts_name if remote.transport is Transport.SSH else ""
