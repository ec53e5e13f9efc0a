"""seed-identities: a folder of key files becomes a plan that a person may edit, then keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.identities import Act, Identity, Seeded, identity
from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.domain.trouble import Missing, NotTrusted, Trouble
from aiops_desktop.jobs.job import Job

if TYPE_CHECKING:
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.tenants import Tenants

FOLDER = "~/.ssh/syseng"
#: Files of a folder of keys that are looked at; more is some other folder.
_MOST = 2000
#: Files beside keys that are none, and no reason to say so.
_OTHERS = {"config", "known_hosts", "known_hosts.old", "authorized_keys", "environment"}


class Identities:
    """Reads a folder of keys; brings in what the person confirmed."""

    def __init__(self, keys: Keys, tenants: Tenants) -> None:
        self._keys = keys
        self._tenants = tenants

    def plan(self, folder: Path | None = None) -> list[Identity]:
        """What would become of each file; nothing is changed.

        Raises:
            Missing: the folder is not there.
        """
        place = (folder or Path(FOLDER)).expanduser().absolute()
        if not place.is_dir():
            raise Missing(f"The folder {place} is not there.", "Choose another folder.")
        files = sorted(ssh.listed(place))[:_MOST]
        names = {path.name for path in files}
        known = {
            key.fingerprint: key
            for tenant in self._tenants.all()
            for key in self._keys.all(tenant.id)
        }
        rows: list[Identity] = []
        seen: dict[str, Path] = {}
        for path in files:
            if path.name.endswith("-cert.pub") and path.name.removesuffix("-cert.pub") in names:
                continue  # it comes along with its key
            if path.suffix == ".pub":
                if path.name.removesuffix(".pub") not in names:
                    note = "skipped: its private half is not here"
                    rows.append(Identity(path, "", "", note, Act.SKIP))
                continue
            row = self._looked_at(path)
            if row.fingerprint in seen and row.act is not Act.SKIP:
                note = f"skipped: the same key as {seen[row.fingerprint].name}"
                row = replace(row, act=Act.SKIP, note=note)
            elif row.fingerprint:
                seen[row.fingerprint] = path
            rows.append(self._settled(row, known))
        return rows

    def apply(self, rows: Iterable[Identity], job: Job, *, owner_id: int | None = None) -> Seeded:
        """Bring in the rows that say ADD or UPDATE; the others are handed back as skipped.

        One file's trouble does not keep the others from being brought in.

        Args:
            rows: as `plan` made them and a person edited them.
            job: says how far it is.
            owner_id: the operator whose keys they will be, those that are there already, too;
                None: new ones are those of whoever is at the desk.

        Raises:
            Stopped: the person pressed Stop; what was brought in stays.
        """
        done = []
        chosen = list(rows)
        for number, row in enumerate(chosen):
            job.progress(f"Bringing in {row.file.name}", number, len(chosen))
            done.append(self._apply(row, owner_id))
        return Seeded(
            tuple(done),
            Changes(Touched.KEYS | Touched.TENANTS | Touched.PROJECTS | Touched.HISTORY),
        )

    def _looked_at(self, path: Path) -> Identity:
        row = identity(path)
        if path.name.startswith("."):
            return replace(row, tenant="", key="", act=Act.SKIP, note="skipped: a hidden file")
        if path.name in _OTHERS:
            return replace(row, tenant="", key="", act=Act.SKIP, note="skipped: not a key")
        try:
            pair = ssh.read_file(path)
        except NotTrusted:
            note = "skipped: it can be read with its passphrase only; import it by itself"
            return replace(row, act=Act.SKIP, note=note, encrypted=True)
        except Trouble as trouble:
            return replace(row, act=Act.SKIP, note=f"skipped: {trouble.what}")
        return replace(
            row,
            fingerprint=pair.fingerprint,
            encrypted=pair.encrypted,
            type=pair.type,
            bits=pair.bits,
        )

    def _settled(self, row: Identity, known: dict[str, Key]) -> Identity:
        """The row with what the data folder knows of it."""
        tenant = self._tenant(row.tenant)
        row = replace(row, new_tenant=bool(row.tenant) and tenant is None)
        old = known.get(row.fingerprint) if row.fingerprint else None
        if old is None or row.act is Act.SKIP:
            return row
        if tenant is not None and old.tenant_id == tenant.id:
            note = "there already" if old.name == row.key else f"there already as “{old.name}”"
            return replace(row, act=Act.UPDATE, note=note)
        owner = self._tenants.get(old.tenant_id).name
        return replace(row, note=f"the tenant {owner} has this key, too")

    def _apply(self, row: Identity, owner_id: int | None) -> Identity:
        if row.act is Act.SKIP:
            return replace(row, act=Act.SKIPPED, note=row.note or "skipped: not chosen")
        try:
            name = checked_name(row.key, "key")
            tenant = self._tenant(row.tenant) or self._made(row.tenant)
            pair = ssh.read_file(row.file)
            for key in self._keys.all(tenant.id):
                if key.fingerprint == pair.fingerprint:
                    self._update(key, name, pair.certificate, owner_id)
                    return replace(row, act=Act.UPDATED, note="updated")
            self._keys.add(tenant.id, name, row.file, owner_id=owner_id)
        except Trouble as trouble:
            return replace(row, act=Act.FAILED, note=f"failed: {trouble.what}")
        return replace(row, act=Act.ADDED, note="added")

    def _update(self, key: Key, name: str, certificate: str, owner_id: int | None) -> None:
        if key.name != name:
            self._keys.rename(key.id, name)
        if certificate and certificate != key.certificate:
            self._keys.care.certify(key.id, certificate)
        if owner_id not in (None, key.owner_id):
            self._keys.care.give(key.id, owner_id, personal=key.personal)

    def _tenant(self, name: str) -> Tenant | None:
        try:
            return self._tenants.find(name) if name else None
        except Missing:
            return None

    def _made(self, name: str) -> Tenant:
        draft = TenantDraft(name, f"Seed tenant {name}")
        return self._tenants.create(draft).tenant
