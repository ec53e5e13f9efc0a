"""Keys: made here or brought in, one tenant's never offered for another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.keys import Key, KeyChoice, KeySaved, KeyType, KnownHost
from aiops_desktop.domain.names import checked_name, free_slug
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.domain.trouble import Missing, NotTrusted
from aiops_desktop.jobs.job import Job, Question

if TYPE_CHECKING:
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.folders import Folders
    from aiops_desktop.storage.keys import KeyStore
    from aiops_desktop.storage.projects import ProjectStore

#: Wrong passphrases after which a job ends.
TRIES = 3
_CHANGED = Touched.KEYS | Touched.HISTORY


class Keys:
    """SSH keys and known hosts of tenants."""

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

    def all(self, tenant_id: int) -> list[Key]:
        """A tenant's keys, oldest first: the order git tries them in."""
        return self._store.all(tenant_id)

    def get(self, key_id: int) -> Key:
        """One key.

        Raises:
            Missing: it is not there.
        """
        return self._store.get(key_id)

    def generate(
        self,
        tenant_id: int,
        name: str,
        kind: KeyType = KeyType.ED25519,
        *,
        bits: int = 0,
        passphrase: str = "",
        remember: bool = False,
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
            comment = f"{room.slug} {name}"
            pair = ssh.generate(kind, bits=bits, passphrase=passphrase, comment=comment)
            key = self._save(room, name, pair, passphrase if remember else "")
            entry.facts = _facts(key)
        return KeySaved(key, Changes(_CHANGED))

    def add(
        self,
        tenant_id: int,
        name: str,
        private: str | Path,
        *,
        passphrase: str = "",
        remember: bool = False,
    ) -> KeySaved:
        """Bring in a private key, as text or from a file (OpenSSH, PEM, PKCS#8). CRLF is repaired.

        A file is copied; the original stays as it is.

        Raises:
            Refused: not a private key, name or key already there.
            NotTrusted: wrong passphrase, or one is needed to read the key at all.
            Missing, Failed: the file is not there or cannot be read.
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
            entry.facts = _facts(key)
        return KeySaved(key, Changes(_CHANGED))

    def rename(self, key_id: int, name: str) -> KeySaved:
        """Give another name.

        Raises:
            Refused: name taken or bad.
            Missing: the key is not there.
        """
        name = checked_name(name, "key")
        before = self.get(key_id)
        with self._history.doing("rename key", before.name, tenant_id=before.tenant_id) as entry:
            key = self._store.rename(key_id, name)
            entry.facts = {"name": f"{before.name} → {name}"}
        return KeySaved(key, Changes(_CHANGED))

    def delete(self, key_id: int) -> Done:
        """Remove the key; its file moves to the trash of the data folder.

        Raises:
            Missing: the key is not there.
            Failed: the file cannot be moved.
        """
        key = self.get(key_id)
        tenant = self._tenants.get(key.tenant_id)
        with self._history.doing("delete key", key.name, tenant_id=key.tenant_id) as entry:
            told = {
                "what": "key",
                "deleted": datetime.now(UTC).isoformat(),
                "name": key.name,
                "tenant": tenant.name,
                "fingerprint": key.fingerprint,
            }
            parts = {key.path.name: key.path, f"{key.path.name}.pub": _public_file(key.path)}
            place = self._folders.trash(f"{tenant.slug}-key-{key.path.name}", told, parts)
            self._store.remove(key_id)
            self._secrets.put(_owner(key.tenant_id, key.fingerprint), "")
            entry.facts = {**_facts(key), "trash": str(place)}
        return Done(Changes(_CHANGED | Touched.PROJECTS), f"“{key.name}” was deleted.")

    def used_by(self, key_id: int) -> tuple[str, ...]:
        """Names of the projects whose own key it is, for the dialog that asks."""
        key = self.get(key_id)
        projects = self._projects.all(key.tenant_id)
        return tuple(project.name for project in projects if project.key_id == key_id)

    def choice(self, project: Project) -> KeyChoice:
        """Which keys this project would offer, in order, and why."""
        keys = self._in_order(project)
        names = tuple(key.name for key in keys)
        if not keys:
            return KeyChoice((), "This tenant has no key yet.")
        if keys[0].id != project.key_id:
            return KeyChoice(names, "The tenant's keys, oldest first; the project has no own key.")
        if len(keys) == 1:
            return KeyChoice(names, "The project's own key.")
        return KeyChoice(names, "The project's own key, then the tenant's keys, oldest first.")

    def hosts(self, tenant_id: int) -> list[KnownHost]:
        """The hosts this tenant trusts."""
        return ssh.KnownHosts(self._tenants.room(tenant_id).known_hosts).all()

    def distrust(self, tenant_id: int, host: str) -> Done:
        """Remove a host's keys from the tenant's known_hosts.

        Raises:
            Missing: the tenant does not know this host.
        """
        known = ssh.KnownHosts(self._tenants.room(tenant_id).known_hosts)
        with self._history.doing("distrust host", host, tenant_id=tenant_id):
            if not known.remove(host):
                raise Missing(f"This tenant does not know {host}.", "Look at the list of hosts.")
        return Done(Changes(_CHANGED), f"{host} is not trusted any more.")

    # For other services ----------------------------------------------------------------------

    def files(self, tenant_id: int) -> tuple[KeyFile, ...]:
        """A tenant's key files in the order they are tried, for its room."""
        return tuple(_file(key) for key in self._store.all(tenant_id))

    def for_project(self, project: Project) -> tuple[KeyFile, ...]:
        """What git may offer for a project: its own key, then the tenant's; all of them 0600."""
        keys = self._in_order(project)
        for key in keys:
            ssh.protect(key.path)
        return tuple(_file(key) for key in keys if key.path.exists())

    def unlock(self, tenant_id: int, file: KeyFile, job: Job) -> str:
        """The passphrase of a key: the remembered one, or what the person answers; checked.

        Raises:
            NotTrusted: three wrong answers.
            Stopped: the person did not answer.
        """
        owner = _owner(tenant_id, file.fingerprint)
        told = self._secrets.get(owner)
        if told and ssh.opens(file.path, told):
            self._used(tenant_id, file)
            return told
        detail = "The remembered one does not fit any more." if told else ""
        for _ in range(TRIES):
            answer = job.ask(
                Question(
                    f"Passphrase of the key “{file.name}”",
                    detail or "It is needed once for this job, unless it is remembered.",
                    secret=True,
                    remember=True,
                )
            )
            self._secrets.learn(answer.text)
            if ssh.opens(file.path, answer.text):
                if answer.remember:
                    self._secrets.put(owner, answer.text)
                self._used(tenant_id, file)
                return answer.text
            detail = "This passphrase does not open the key. Try again."
        raise NotTrusted(
            f"The passphrase of the key “{file.name}” was wrong {TRIES} times.",
            "Start again when you know it, or choose another key.",
            steps=("view.keys",),
        )

    def used(self, tenant_id: int, file: KeyFile) -> None:
        """Remember that a key opened a door just now."""
        self._used(tenant_id, file)

    def _used(self, tenant_id: int, file: KeyFile) -> None:
        for key in self._store.all(tenant_id):
            if key.fingerprint == file.fingerprint:
                self._store.used(key.id)

    def _in_order(self, project: Project) -> list[Key]:
        keys = self._store.all(project.tenant_id)
        return sorted(keys, key=lambda key: key.id != project.key_id)

    def _save(self, room: TenantRoom, name: str, pair: ssh.KeyPair, passphrase: str) -> Key:
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
        )
        try:
            key = self._store.add(draft)
            if passphrase:
                self._secrets.put(_owner(room.tenant_id, pair.fingerprint), passphrase)
        except BaseException:
            path.unlink(missing_ok=True)
            _public_file(path).unlink(missing_ok=True)
            raise
        return key


def _file(key: Key) -> KeyFile:
    return KeyFile(key.name, key.path, key.fingerprint, _owner(key.tenant_id, key.fingerprint))


def _owner(tenant_id: int, fingerprint: str) -> str:
    return f"tenant:{tenant_id}/key/{fingerprint}"


def _public_file(path: Path) -> Path:
    return path.with_name(path.name + ".pub")


def _facts(key: Key) -> dict[str, str]:
    return {"type": f"{key.type} {key.bits}", "fingerprint": key.fingerprint}
