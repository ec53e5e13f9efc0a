"""Hosts a tenant trusts: looked at, trusted, resolved after a change, removed, brought in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.changes import Changes, Done
from aiops_desktop.domain.fingerprints import blob_of, randomart
from aiops_desktop.domain.keys import HostShown, HostsImported, KeyRules, KnownHost
from aiops_desktop.domain.trouble import Clash, Missing, NotTrusted, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.key_parts import CHANGED

if TYPE_CHECKING:
    from aiops_desktop.services.history import History
    from aiops_desktop.services.tenants import Tenants

#: Seconds a host may take to show its key.
_LIMIT = 15.0


class Hosts:
    """The known_hosts file of each tenant. Nothing here is shared between tenants."""

    def __init__(
        self, tenants: Tenants, history: History, rules: Callable[[int], KeyRules]
    ) -> None:
        self._tenants = tenants
        self._history = history
        self._rules = rules

    def all(self, tenant_id: int) -> list[KnownHost]:
        """Every entry, authorities and revoked keys too, in the order of the file."""
        return self._file(tenant_id).all()

    def look(
        self, tenant_id: int, host: str, port: int = 22, *, job: Job | None = None
    ) -> HostShown:
        """Ask a host for its key and say how it stands; nothing is changed.

        Raises:
            Failed: no such name, nobody there, or no SSH server.
            Stopped: the person pressed Stop.
        """
        known = self._file(tenant_id)
        name = known_name(host, port)
        about = known.of(name)
        shown = ssh.probe(
            host, port, timeout=_LIMIT, known_types=[one.key_type for one in about], job=job
        )
        standing = known.standing(name, shown.key_type, shown.blob)
        authorities = known.authorities(name)
        said = standing.name.lower()
        if standing is ssh.Standing.UNKNOWN and authorities:
            said = "certified"
        return HostShown(
            host=host,
            port=port,
            address=shown.address,
            key_type=shown.key_type,
            fingerprint=shown.fingerprint,
            randomart=art(shown.key_type, shown.blob),
            standing=said,
            known=tuple(about or authorities),
            line=ssh.host_line(name, shown.key_type, shown.blob),
        )

    def trust(
        self, tenant_id: int, host: str, port: int, fingerprint: str, *, job: Job | None = None
    ) -> Done:
        """Trust a host whose fingerprint the person compared; it is asked once more.

        Raises:
            Clash: it shows another key than the one compared.
            NotTrusted: it is known with another key, which is `resolve`'s business, or revoked.
            Failed: it cannot be reached.
        """
        shown = self._compared(tenant_id, host, port, fingerprint, job)
        name = known_name(host, port)
        if shown.standing == "known":
            return Done(Changes(), f"{host} is trusted already.")
        if shown.standing == "changed":
            raise NotTrusted(
                f"This tenant knows {host} with another key, {shown.known[0].fingerprint}.",
                "Ask whoever runs the server; if the new key is right, replace the old one.",
                steps=("keys.hosts",),
            )
        with self._history.doing("trust host", name, tenant_id=tenant_id) as entry:
            entry.facts = {"fingerprint": shown.fingerprint, "type": shown.key_type}
            self._add(tenant_id, name, shown)
        return Done(Changes(CHANGED), f"{host} is trusted now.")

    def resolve(
        self,
        tenant_id: int,
        host: str,
        port: int,
        *,
        old: str,
        new: str,
        job: Job | None = None,
    ) -> Done:
        """Replace a host's changed key, deliberately: both fingerprints are named by the person.

        Raises:
            Clash: the tenant does not know the old one, or the host does not show the new one.
            NotTrusted: the key is marked as revoked.
            Failed: it cannot be reached.
        """
        shown = self._compared(tenant_id, host, port, new, job)
        name = known_name(host, port)
        if old not in {known.fingerprint for known in shown.known}:
            raise Clash(
                f"This tenant does not know {host} with the key {old[:60]}.",
                "Look at the list of hosts again.",
            )
        with self._history.doing("replace host key", name, tenant_id=tenant_id) as entry:
            entry.facts = {"fingerprint": f"{old} → {shown.fingerprint}"}
            blob = _blob(shown)
            self._file(tenant_id).replace(
                name, shown.key_type, blob, hashed=self._rules(tenant_id).hash_hosts
            )
        return Done(Changes(CHANGED), f"The new key of {host} is trusted now.")

    def remove(self, tenant_id: int, host: str, *, line: int = 0) -> Done:
        """Trust a host no more.

        Args:
            tenant_id: whose list.
            host: as `all` names it; a plain name finds hashed entries, too.
            line: only this entry, by the number of its line; 0: all plain entries of the host.

        Raises:
            Missing: the tenant does not know this host.
        """
        with self._history.doing("distrust host", host[:200], tenant_id=tenant_id):
            if not self._file(tenant_id).remove(host, line=line):
                raise Missing(
                    f"This tenant does not know {host[:200]}.", "Look at the list of hosts."
                )
        return Done(Changes(CHANGED), f"{host} is not trusted any more.")

    def revoke(self, tenant_id: int, fingerprint: str) -> Done:
        """Never accept a key of the list again, whoever shows it (`@revoked`).

        Raises:
            Missing: no entry has this fingerprint.
        """
        known = self._file(tenant_id)
        entry = next((e for e in known.all() if e.fingerprint == fingerprint), None)
        if entry is None:
            raise Missing("No known host has this key.", "Look at the list of hosts.")
        with self._history.doing("revoke host key", fingerprint, tenant_id=tenant_id):
            known.revoke(entry.line)
        return Done(Changes(CHANGED), "This key is never accepted again.")

    def candidates(self, path: Path | None = None) -> list[KnownHost]:
        """What another known_hosts file holds, for the person to choose from.

        Raises:
            Missing: it is not there.
            Failed: it cannot be read.
        """
        place = path or own_file()
        if not place.is_file():
            raise Missing(f"There is no file {place}.", "Choose another file.")
        return ssh.KnownHosts(place).all()

    def bring_in(
        self, tenant_id: int, path: Path | None = None, lines: Sequence[int] = ()
    ) -> HostsImported:
        """Take over entries of another file, by default `~/.ssh/known_hosts`.

        Args:
            tenant_id: who shall trust them.
            path: the file.
            lines: the chosen entries' line numbers; empty: all.

        Raises:
            Missing, Refused, Failed: the file is not there, is no list of hosts, cannot be read.
        """
        place = path or own_file()
        with self._history.doing("import hosts", place.name, tenant_id=tenant_id) as entry:
            added, skipped = self._file(tenant_id).take(place, lines)
            entry.note = f"{added} added, {len(skipped)} left out"
        return HostsImported(added, tuple(skipped), Changes(CHANGED))

    def _compared(
        self, tenant_id: int, host: str, port: int, fingerprint: str, job: Job | None
    ) -> HostShown:
        typed = fingerprint.strip()
        if not typed.startswith("SHA256:") or len(typed) != 50:
            raise Refused(
                "This is no SHA-256 fingerprint.",
                "It begins with SHA256: and has 43 characters behind it.",
                field="fingerprint",
            )
        shown = self.look(tenant_id, host, port, job=job)
        if shown.standing == "revoked":
            raise NotTrusted(
                f"The host key of {host} is marked as revoked.",
                "Ask whoever runs the server.",
                steps=("keys.hosts",),
            )
        if shown.fingerprint != typed:
            raise Clash(
                f"{host} shows another key: {shown.fingerprint}.",
                "Do not go on before you know why.",
            )
        return shown

    def _add(self, tenant_id: int, name: str, shown: HostShown) -> None:
        hashed = self._rules(tenant_id).hash_hosts
        self._file(tenant_id).add(name, shown.key_type, _blob(shown), hashed=hashed)

    def _file(self, tenant_id: int) -> ssh.KnownHosts:
        return ssh.KnownHosts(self._tenants.room(tenant_id).known_hosts)


def known_name(host: str, port: int | None) -> str:
    """A host as known_hosts names it."""
    bare = host.strip("[]").lower()
    return bare if port in (None, 0, 22) else f"[{bare}]:{port}"


def own_file() -> Path:
    """The person's own list."""
    return Path("~/.ssh/known_hosts").expanduser()


def art(key_type: str, blob: bytes) -> str:
    """The picture of a host key."""
    kind, bits = ssh.kind_of(key_type, blob)
    return randomart(blob, kind, bits)


def _blob(shown: HostShown) -> bytes:
    return blob_of(shown.line.split(" ", 1)[1])
