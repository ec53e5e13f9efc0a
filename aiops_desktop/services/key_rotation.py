"""A key is replaced by a new one in one guided job: made, registered, tested, the old one gone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.keys import Key, KeySaved, KeyType, Registration
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.remotes import Transport, parse_remote
from aiops_desktop.domain.trouble import NotTrusted, Refused, Stopped
from aiops_desktop.jobs.job import Job, Question
from aiops_desktop.services.key_choice import ordered
from aiops_desktop.services.key_parts import CHANGED, file_of

if TYPE_CHECKING:
    from aiops_desktop.services.connections import Connections
    from aiops_desktop.services.history import History
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.storage.keys import KeyStore
    from aiops_desktop.storage.projects import ProjectStore

REGISTERED = "It is registered"
GO_ON = "Go on without a test"
STOP = "Stop here"
#: RSA keys below this are replaced by ed25519, unless the person says otherwise.
_SHORT = 3072


class Forge(Protocol):
    """The door of an integration through which public keys go to a forge."""

    def can(self, tenant_id: int, where: Registration) -> bool:
        """Whether this door leads there."""

    def register(
        self, tenant_id: int, where: Registration, title: str, public: str
    ) -> Registration:
        """Add a public key as user or deploy key."""

    def unregister(self, tenant_id: int, where: Registration) -> None:
        """Take it away again."""


class Rotation:
    """Rotates keys; a rotation that was stopped goes on where it was when it is started again."""

    def __init__(
        self,
        keys: Keys,
        store: KeyStore,
        projects: ProjectStore,
        connections: Connections,
        history: History,
        forge: Forge | None = None,
    ) -> None:
        self._keys = keys
        self._store = store
        self._projects = projects
        self._connections = connections
        self._history = history
        self._forge = forge

    def rotate(
        self,
        key_id: int,
        job: Job,
        *,
        kind: KeyType | None = None,
        bits: int = 0,
        registered: bool = False,
    ) -> KeySaved:
        """Replace a key by a new one of the same name.

        Until the new key has opened every host the old one serves, the old one stays as it is.

        Args:
            key_id: the old key.
            job: shows the public key and asks whether it is registered; asks for a passphrase when
                the old key has one.
            kind: the new key's type; None: the old one's, or ed25519 for short RSA keys.
            bits: the new key's size; 0 is the usual one.
            registered: the person registered the new key of a rotation that was stopped.

        Raises:
            NotTrusted: a host refused the new key; both keys stay, and the rotation can go on.
            Failed: a host could not be reached; the same.
            Stopped: the person pressed Stop; the same.
            Refused: the key is another operator's own.
        """
        old = self._mine(key_id)
        with self._history.doing("rotate key", old.name, tenant_id=old.tenant_id) as entry:
            new = self._successor(old, kind, bits, job)
            entry.facts = {"old": old.fingerprint, "new": new.fingerprint}
            if not registered:
                new = self._register(old, new, job)
            tested = self._test(old, new, job)
            entry.note = f"tested with {', '.join(tested)}" if tested else "not tested"
            self._store.hand_over(old.id, new.id)
            self._withdraw(old)
            self._keys.delete(old.id)
            made = self._store.change(replace(new, name=old.name, replaces=None))
        return KeySaved(made, Changes(CHANGED | Touched.PROJECTS))

    def prepare(self, key_id: int, job: Job, *, kind: KeyType | None = None, bits: int = 0) -> Key:
        """Only make the new key, for a person who registers it before going on with `rotate`.

        Raises:
            Stopped: the person did not answer.
            Refused: the key is another operator's own.
        """
        return self._successor(self._mine(key_id), kind, bits, job)

    def pending(self, key_id: int) -> Key | None:
        """The new key of a rotation that was stopped; None when none is under way."""
        old = self._keys.get(key_id)
        keys = self._keys.all(old.tenant_id)
        return next((key for key in keys if key.replaces == key_id), None)

    def cancel(self, key_id: int) -> KeySaved:
        """Give up a rotation: the new key goes, the old one stays."""
        new = self.pending(key_id)
        if new is not None:
            self._keys.delete(new.id)
        return KeySaved(self._keys.get(key_id), Changes(CHANGED))

    def _mine(self, key_id: int) -> Key:
        """The key, when whoever acts may offer it: its successor has to be tested."""
        key = self._keys.get(key_id)
        if why := self._keys.barred(key):
            raise Refused(why, "Let its owner rotate it.")
        return key

    def _successor(self, old: Key, kind: KeyType | None, bits: int, job: Job) -> Key:
        found = self.pending(old.id)
        if found is not None:
            return found
        short = old.type is KeyType.RSA and old.bits < _SHORT
        wanted = kind or (KeyType.ED25519 if short or old.type.on_token else old.type)
        size = bits or (old.bits if wanted is old.type and not short else 0)
        passphrase, keep = "", False
        if old.encrypted:
            answer = job.ask(
                Question(
                    f"Passphrase for the new key “{old.name}”",
                    "The old key has one. Leave it empty for a key without.",
                    secret=True,
                    remember=True,
                )
            )
            passphrase, keep = answer.text, answer.remember
        names = {key.name for key in self._keys.all(old.tenant_id)}
        name, number = f"{old.name[:90]} (new)", 2
        while name in names:
            name, number = f"{old.name[:90]} (new {number})", number + 1
        job.progress("Making the new key")
        return self._keys.generate(
            old.tenant_id,
            name,
            wanted,
            bits=size,
            passphrase=passphrase,
            remember=keep,
            comment=old.comment,
            instead_of=old,
        ).key

    def _register(self, old: Key, new: Key, job: Job) -> Key:
        by_hand = [] if old.registered else ["wherever the old one is"]
        for where in old.registered:
            if self._forge is not None and self._forge.can(old.tenant_id, where):
                job.progress(f"Registering the new key with {where.forge}")
                made = self._forge.register(old.tenant_id, where, new.name, new.public)
                new = self._store.register(new.id, made)
            else:
                by_hand.append(f"{where.forge} ({where.place})")
        if old.certificate and not new.certificate:
            by_hand.append("the authority that signs certificates")
        if not by_hand:
            return new
        answer = job.ask(
            Question(
                f"Add the new public key: {', '.join(by_hand)}. Leave the old one there for now.",
                new.public,
                choices=(REGISTERED, STOP),
            )
        )
        if answer.text != REGISTERED:
            raise Stopped
        for where in old.registered:
            if not any(w.forge == where.forge and w.place == where.place for w in new.registered):
                new = self._store.register(new.id, replace(where, remote_id=""))
        return new

    def _test(self, old: Key, new: Key, job: Job) -> list[str]:
        """Try the new key at every host where the old one is offered; their names."""
        hosts: dict[tuple[str, str, int | None], Project] = {}
        for project in self._projects.all(old.tenant_id):
            remote = parse_remote(project.remote_url)
            if remote.transport is Transport.SSH and self._served(old, project):
                hosts.setdefault((remote.user, remote.host, remote.port), project)
        if not hosts:
            answer = job.ask(
                Question(
                    f"No project uses “{old.name}”, so the new key cannot be tested.",
                    "The old key is removed when you go on.",
                    choices=(GO_ON, STOP),
                )
            )
            if answer.text != GO_ON:
                raise Stopped
            return []
        for (_, host, _), project in hosts.items():
            job.progress(f"Testing the new key with {host}")
            report = self._connections.with_key(project.id, file_of(new), job)
            if report.accepted != new.fingerprint:
                raise NotTrusted(
                    f"{host} did not let the new key in; nothing was removed.",
                    "Register the new public key there, then rotate again: it goes on from here.",
                    report.text,
                    steps=("view.keys",),
                )
        return [host for _, host, _ in hosts]

    def _served(self, old: Key, project: Project) -> bool:
        """Whether the old key is what opens a project's host: its own, or the first in the row."""
        if project.key_id is not None:
            return project.key_id == old.id
        remote = parse_remote(project.remote_url)
        keys, _ = ordered(self._keys.all(old.tenant_id), None, remote.known_hosts_name)
        return bool(keys) and keys[0].id == old.id

    def _withdraw(self, old: Key) -> None:
        for where in old.registered:
            if self._forge is not None and self._forge.can(old.tenant_id, where):
                self._forge.unregister(old.tenant_id, where)
