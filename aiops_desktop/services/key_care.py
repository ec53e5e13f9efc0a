"""Looks after keys: passphrases changed, keys moved, files checked and repaired, rules set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.certificates import fitting
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.keys import FileState, Key, KeyRules, KeySaved, Registration
from aiops_desktop.domain.names import free_slug
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services.key_parts import CHANGED, facts, kept_as

if TYPE_CHECKING:
    from aiops_desktop.services.key_parts import KeyParts


class KeyCare:
    """Everything one does with a key that is there already."""

    def __init__(self, parts: KeyParts) -> None:
        self._parts = parts

    def set_passphrase(
        self, key_id: int, old: str, new: str, *, remember: bool = False, session: bool = False
    ) -> KeySaved:
        """Change the passphrase of a key; a `new` of "" removes it.

        Raises:
            NotTrusted: the old one is wrong.
            Missing, Failed: the file is gone or cannot be written.
        """
        parts, key = self._parts, self._parts.store.get(key_id)
        for text in (old, new):
            parts.secrets.learn(text)
        with parts.history.doing("change passphrase", key.name, tenant_id=key.tenant_id) as entry:
            pair = ssh.with_passphrase(key.path, old, new, key.comment)
            ssh.rewrite(pair, key.path)
            parts.passphrases.forget(kept_as(key))
            if new:
                parts.passphrases.keep(kept_as(key), new, session=session, store=remember)
            self._unload(key)
            changed = parts.store.change(replace(key, encrypted=bool(new)))
            entry.facts = facts(key) | {"passphrase": "set" if new else "none"}
        return KeySaved(changed, Changes(CHANGED))

    def losers(self, key_id: int) -> tuple[str, ...]:
        """Projects that would lose the key when it moved or went, for whoever asks first."""
        key = self._parts.store.get(key_id)
        projects = self._parts.projects.all(key.tenant_id)
        return tuple(project.name for project in projects if project.key_id == key_id)

    def move(self, key_id: int, tenant_id: int) -> KeySaved:
        """Give a key to another tenant; projects of the old one lose it.

        Raises:
            Refused: the other tenant has a key of this name, or this key, already.
            Failed: the file cannot be moved.
        """
        parts, key = self._parts, self._parts.store.get(key_id)
        there = parts.tenants.room(tenant_id)
        here = parts.tenants.get(key.tenant_id)
        if tenant_id == key.tenant_id:
            raise Refused(f"“{key.name}” belongs to {here.name} already.", "Choose another tenant.")
        with parts.history.doing("move key", key.name, tenant_id=tenant_id) as entry:
            entry.facts = facts(key) | {"tenant": f"{here.name} → {there.name}"}
            lost = self.losers(key_id)
            parts.folders.make(there.keys_folder)
            taken = {place.stem for place in there.keys_folder.iterdir()}
            path = there.keys_folder / free_slug(key.name, taken)
            pair = replace(ssh.read_file(key.path), public=key.public, comment=key.comment)
            ssh.write(pair, path)
            try:
                moved = parts.store.change(
                    replace(key, tenant_id=tenant_id, path=path, replaces=None)
                )
            except BaseException:
                ssh.erase(path)
                raise
            parts.store.hand_over(key_id, None)
            self._unload(key)
            parts.passphrases.move(kept_as(key), kept_as(moved))
            ssh.erase(key.path)
            entry.note = f"{', '.join(lost)} lost it" if lost else ""
        return KeySaved(moved, Changes(CHANGED | Touched.PROJECTS))

    def give(self, key_id: int, owner_id: int | None, *, personal: bool = False) -> KeySaved:
        """Make a key an operator's, or the tenant's own (None); say who is offered it.

        Args:
            key_id: the key.
            owner_id: the operator.
            personal: only that operator is offered it.

        Raises:
            Missing: the key is not there.
            Refused: no such operator, or a key for one person alone that is nobody's.
        """
        parts, key = self._parts, self._parts.store.get(key_id)
        names = parts.people.names()
        with parts.history.doing("give key", key.name, tenant_id=key.tenant_id) as entry:
            if owner_id is not None and owner_id not in names:
                raise Refused("This operator is not there.", "Choose another one.", field="owner")
            if personal and owner_id is None:
                raise Refused("A key for one person needs an owner.", "Choose one.", field="owner")
            if personal:
                self._unload(key)
            entry.facts = {
                "owner": names.get(owner_id, "") if owner_id else "the tenant",
                "offered": "by its owner alone" if personal else "by every operator",
            }
            changed = parts.store.change(replace(key, owner_id=owner_id, personal=personal))
        return KeySaved(changed, Changes(CHANGED))

    def certify(self, key_id: int, certificate: str | bytes | Path) -> KeySaved:
        """Let a key carry a user certificate, which is offered with it; "" takes it away.

        Raises:
            Missing, Failed: there is no such file, or it cannot be read or written.
            Refused: it is no certificate, or another key's.
        """
        parts, key = self._parts, self._parts.store.get(key_id)
        with parts.history.doing("certify key", key.name, tenant_id=key.tenant_id) as entry:
            text = ssh.text_of(certificate) if isinstance(certificate, Path) else certificate
            line = fitting(text, key.fingerprint)[0] if text else ""
            self._unload(key)  # with the certificate that lies there now
            ssh.put_certificate(line, key.path)
            changed = parts.store.change(replace(key, certificate=line))
            entry.facts = facts(changed)
        return KeySaved(changed, Changes(CHANGED))

    def export(self, key_id: int, target: Path) -> Done:
        """Write the public half to a file that is not there yet.

        Raises:
            Refused: there is such a file.
            Failed: it cannot be written.
        """
        key = self._parts.store.get(key_id)
        ssh.export(key.public, target)
        return Done(Changes(), f"The public key is in {target}.")

    def tidy(self) -> int:
        """Erase halves of key files that a killed program left; how many; for every start."""
        rooms = [self._parts.tenants.room(tenant.id) for tenant in self._parts.tenants.all()]
        return sum(ssh.erase_strays(room.keys_folder) for room in rooms)

    def unsafe(self) -> list[tuple[Key, FileState]]:
        """Keys of all tenants whose files others may read, or that are gone; for every start."""
        found: list[tuple[Key, FileState]] = []
        for tenant in self._parts.tenants.all():
            folder = self._parts.tenants.room(tenant.id).keys_folder
            keys = self._parts.store.all(tenant.id)
            open_folder = bool(keys) and ssh.folder_open(folder)
            for key in keys:
                state = ssh.state(key.path)
                if state is FileState.SAFE and open_folder:
                    state = FileState.OPEN
                if state is not FileState.SAFE:
                    found.append((key, state))
        return found

    def repair(self, key_ids: Sequence[int] = ()) -> Done:
        """Take key files and their folders away from others (0600 in 0700).

        Args:
            key_ids: these keys; empty: all that `unsafe` names.

        Raises:
            Failed: the system does not allow it.
        """
        wanted = [key for key, state in self.unsafe() if state is FileState.OPEN]
        if key_ids:
            wanted = [key for key in wanted if key.id in set(key_ids)]
        folders = {key.path.parent for key in wanted}
        with self._parts.history.doing("repair keys", f"{len(wanted)} keys") as entry:
            changed = ssh.repair(*sorted(folders), *[key.path for key in wanted])
            entry.facts = {"files": ", ".join(path.name for path in changed)}
        count = len(wanted)
        noun = "key is" if count == 1 else "keys are"
        return Done(Changes(CHANGED), f"{count} {noun} safe again." if count else "All was safe.")

    def rules(self, tenant_id: int) -> KeyRules:
        """What a tenant allows beside its own keys."""
        return self._parts.store.rules(tenant_id)

    def set_rules(self, tenant_id: int, rules: KeyRules) -> Done:
        """Set what a tenant allows.

        Raises:
            Refused: minutes out of range.
        """
        if not 0 <= rules.agent_minutes <= 7 * 24 * 60:
            raise Refused(
                "An agent keeps keys for a week at most.",
                "Choose between 1 and 10080 minutes, or 0 for until it is locked.",
                field="agent_minutes",
            )
        tenant = self._parts.tenants.get(tenant_id)
        before = self.rules(tenant_id)
        with self._parts.history.doing("set key rules", tenant.name, tenant_id=tenant_id) as entry:
            self._parts.store.set_rules(tenant_id, rules)
            for name in ("own_agent", "own_config", "hash_hosts", "agent_minutes"):
                old, new = getattr(before, name), getattr(rules, name)
                if old != new:
                    entry.facts[name] = f"{old} → {new}"
        return Done(Changes(CHANGED))

    def register(self, key_id: int, where: Registration) -> KeySaved:
        """Remember that the public half is registered somewhere."""
        key = self._parts.store.register(key_id, where)
        return KeySaved(key, Changes(CHANGED))

    def unregister(self, key_id: int, where: Registration) -> Done:
        """Forget that it is."""
        self._parts.store.unregister(key_id, where.forge, where.place)
        return Done(Changes(CHANGED))

    def _unload(self, key: Key) -> None:
        socket = self._parts.tenants.room(key.tenant_id).agent_socket
        if socket:
            ssh.Agent(socket).remove(key.path)
