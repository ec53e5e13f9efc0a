"""What the page of keys shows: each key with its tenant, and the hosts each tenant trusts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiops_desktop.domain.keys import FileState, Key, KeyEntry, KnownHost
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.dialogs.key_text import short_for_today, type_name
from aiops_desktop.ui.parts.rows import Cell
from aiops_desktop.ui.text import age, counted, moment, tr

if TYPE_CHECKING:
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.house import House


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key with its tenant, how many projects that has, the hosts it trusts, and all operators."""

    entry: KeyEntry
    tenant: Tenant
    projects: int
    hosts: tuple[KnownHost, ...] = ()
    people: tuple[tuple[int, str], ...] = ()
    """All operators: (id, name)."""

    @property
    def key(self) -> Key:
        """The key itself."""
        return self.entry.key

    @property
    def used_by(self) -> tuple[str, ...]:
        """Names of the projects whose own key it is."""
        return self.entry.used_by


@dataclass(frozen=True, slots=True)
class HostLine:
    """An entry of a tenant's list of hosts."""

    host: KnownHost
    tenant: Tenant

    @property
    def id(self) -> tuple[int, int, str]:
        """Tells it from all others."""
        return (self.tenant.id, self.host.line, self.host.host)


@dataclass(frozen=True, slots=True)
class Sight:
    """All that the page shows."""

    keys: tuple[KeyLine, ...]
    hosts: tuple[HostLine, ...]


def reader(house: House) -> Callable[[Job], Sight]:
    """The keys and hosts of every tenant, read in a worker."""

    def read(job: Job) -> Sight:
        keys: list[KeyLine] = []
        hosts: list[HostLine] = []
        people = tuple((one.id, one.name) for one in house.operators.all())
        projects = [project.tenant_id for project in house.projects.all()]
        for tenant in house.tenants.all():
            job.check()
            known = house.hosts.all(tenant.id)
            hosts += [HostLine(host, tenant) for host in known]
            trusted = tuple(host for host in known if host.marker != "@revoked")
            number = projects.count(tenant.id)
            keys += [
                KeyLine(entry, tenant, number, trusted, people)
                for entry in house.keys.entries(tenant.id)
            ]
        return Sight(tuple(keys), tuple(hosts))

    return read


def said_of(line: KeyLine) -> str:
    """All that the filter looks at."""
    key = line.key
    return " ".join(
        (key.name, line.tenant.name, key.fingerprint, key.comment, type_name(key), owner(line),
         *key.hosts, *line.used_by, *(where.forge for where in key.registered),
         *(host.host for host in line.hosts))
    ).casefold()  # fmt: skip


def said_of_host(line: HostLine) -> str:
    """All that the filter looks at."""
    host = line.host
    return f"{host.host} {line.tenant.name} {host.fingerprint} {host.marker}".casefold()


def owner(line: KeyLine) -> str:
    """Whose it is."""
    return line.entry.owner or tr("the tenant")


def used(line: KeyLine) -> str:
    """Who offers the key to a server."""
    if line.used_by:
        return counted(len(line.used_by), "{n} project first", "{n} projects first")
    if not line.projects:
        return tr("nothing yet")
    return counted(line.projects, "{n} project", "{n} projects")


def passphrase(entry: KeyEntry) -> tuple[str, str, str]:
    """Where the passphrase of a key is: words, icon and tone."""
    if entry.key.type.on_token:
        return tr("Touch"), "fingerprint", "muted"
    if not entry.key.encrypted:
        return tr("None"), "warning", "warning"
    if entry.loaded:
        return tr("In the agent"), "lock-key-open", "muted"
    if entry.remembered == "store":
        return tr("In the store"), "lock-key", "muted"
    if entry.remembered:
        return tr("For this session"), "lock-key", "muted"
    return tr("Asked for"), "lock-simple", "muted"


def forges(key: Key) -> str:
    """On which forges it is registered."""
    return ", ".join(dict.fromkeys(where.forge for where in key.registered))


def key_cells(item: object) -> tuple[Cell, ...]:
    """A key's row."""
    if not isinstance(item, KeyLine):
        return ()
    key, entry = item.key, item.entry
    weak, safe = short_for_today(key), entry.file is FileState.SAFE
    kept, icon, tone = passphrase(entry)
    there = forges(key)
    return (
        Cell(key.name, "key" if safe else "warning", "muted" if safe else "warning",
             tip=f"{item.tenant.name} / {key.name}"),
        Cell(type_name(key), "warning" if weak else "", "warning"),
        Cell(key.fingerprint.removeprefix("SHA256:")[:8], mono=True, text_tone="muted",
             tip=key.fingerprint),
        Cell(used(item), dots=(item.tenant.colour,), tip=item.tenant.name),
        Cell(owner(item), "user" if key.personal else "", "muted",
             tip=tr("Only {name} is offered it", name=owner(item)) if key.personal else ""),
        Cell(there or tr("none"), text_tone="text" if there else "muted"),
        Cell(kept, icon, tone),
        Cell(age(key.created), tip=moment(key.created)),
    )  # fmt: skip


def host_cells(item: object) -> tuple[Cell, ...]:
    """A host's row."""
    if not isinstance(item, HostLine):
        return ()
    from aiops_desktop.ui.dialogs.host_key import kind_of

    host = item.host
    icon, tone, said = standing(host)
    return (
        Cell(host_name(host), icon, tone, mono=not host.hashed,
             text_tone="muted" if host.hashed else "text", tip=host.host),
        Cell(item.tenant.name, dots=(item.tenant.colour,)),
        Cell(kind_of(host.key_type), tip=host.key_type),
        Cell(host.fingerprint.removeprefix("SHA256:")[:8], mono=True, text_tone="muted",
             tip=host.fingerprint),
        Cell(said),
        Cell(age(host.since) if host.since else "", tip=moment(host.since)),
    )  # fmt: skip


def host_name(host: KnownHost) -> str:
    """Its name, where the file tells it."""
    return tr("name hidden, line {n}", n=host.line) if host.hashed else host.host


def standing(host: KnownHost) -> tuple[str, str, str]:
    """Icon, tone and words for what an entry does."""
    if host.marker == "@revoked":
        return "shield-slash", "danger", tr("never accepted")
    if host.marker == "@cert-authority":
        return "shield-check", "success", tr("vouches for hosts")
    return "shield-check", "success", tr("trusted")
