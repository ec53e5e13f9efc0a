"""What the page of integrations shows: each with its tenant, its links and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.domain.integrations import (
    Integration,
    IntegrationEntry,
    IntegrationKind,
    IntegrationState,
)
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.parts.rows import Cell
from aiops_desktop.ui.text import age, counted, moment, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.issues import SyncState
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.house import House

ICONS = {
    IntegrationKind.GITLAB: "gitlab-logo-simple",
    IntegrationKind.GITHUB: "github-logo",
    IntegrationKind.SEMAPHORE: "rocket-launch",
}
#: (icon, tone, words) of a state.
STATES = {
    IntegrationState.WORKING: ("check-circle", "success", "Working"),
    IntegrationState.EXPIRING: ("warning", "warning", "Expires soon"),
    IntegrationState.EXPIRED: ("x-circle", "danger", "Expired"),
    IntegrationState.TROUBLE: ("x-circle", "danger", "Not working"),
    IntegrationState.UNTESTED: ("circle-dashed", "muted", "Not tested yet"),
    IntegrationState.PAUSED: ("pause-circle", "muted", "Paused"),
}


@dataclass(frozen=True, slots=True)
class IntegrationLine:
    """An integration with its tenant, and how the syncs of its issues stand."""

    entry: IntegrationEntry
    tenant: Tenant
    syncs: Mapping[int, SyncState] = field(default_factory=dict)
    """Link id → how its sync stands; none while the integration is paused."""

    @property
    def synced(self) -> datetime | None:
        """When one of its links was last synced."""
        times = [state.synced for state in self.syncs.values() if state.synced]
        return max(times, default=None)

    @property
    def trouble(self) -> str:
        """The sentence of a link whose sync failed."""
        return next((state.what for state in self.syncs.values() if state.what), "")

    @property
    def one(self) -> Integration:
        """The integration itself."""
        return self.entry.integration

    def state(self, now: datetime | None = None) -> IntegrationState:
        """How it stands."""
        return self.one.state(now or datetime.now(UTC))


def reader(house: House) -> Callable[[Job], tuple[IntegrationLine, ...]]:
    """All integrations, read in a worker."""

    def read(_job: Job) -> tuple[IntegrationLine, ...]:
        tenants = {tenant.id: tenant for tenant in house.tenants.all()}
        syncs = {state.link_id: state for state in house.issues.syncs()}
        lines: list[IntegrationLine] = []
        for entry in house.integrations.entries():
            mine = {one.link.id: syncs[one.link.id] for one in entry.links if one.link.id in syncs}
            lines.append(IntegrationLine(entry, tenants[entry.integration.tenant_id], mine))
        return tuple(lines)

    return read


def said_of(line: IntegrationLine) -> str:
    """All that the filter looks at."""
    one = line.one
    parts = (one.name, one.kind.shown, one.address, one.username, one.person, line.tenant.name)
    return " ".join((*parts, *(link.project for link in line.entry.links))).casefold()


def cells(item: object) -> tuple[Cell, ...]:
    """An integration's row; `aside` is the second line."""
    if not isinstance(item, IntegrationLine):
        return ()
    one, links = item.one, item.entry.links
    icon, tone, word = STATES[item.state()]
    said, why = expires(one)
    return (
        Cell(one.name, ICONS.get(one.kind, "share-network"), aside=one.address, mono=True,
             tip=f"{one.kind.shown} {one.base_url}"),
        Cell(item.tenant.name, dots=(item.tenant.colour,)),
        Cell(one.username, aside=scopes(one), tip=scopes(one)),
        Cell(said, tone=why, text_tone=why, aside=day(one.expires), tip=moment(one.expires)),
        Cell(age(item.synced) or tr("never"),
             aside=counted(len(links), "{n} project", "{n} projects"), tip=moment(item.synced)),
        Cell(tr(word), icon, tone, text_tone=tone, aside=below(item), tip=one.what),
    )  # fmt: skip


def scopes(one: Integration) -> str:
    """What the token may, in the forge's words."""
    if one.scopes is None:
        return tr("scopes not told")
    return ", ".join(one.scopes) or tr("no scopes")


def expires(one: Integration) -> tuple[str, str]:
    """How long its token lives, and the tone of that."""
    state = one.state(datetime.now(UTC))
    if one.expires is None:
        return tr("never") if one.scopes is not None else tr("not told"), "text"
    if one.expires <= datetime.now(UTC):
        return tr("expired"), "danger"
    days = (one.expires - datetime.now(UTC)).days
    if days < 60:
        said = counted(days, "{n} day", "{n} days") if days else tr("today")
    else:
        said = counted(round(days / 30), "{n} month", "{n} months")
    return said, "warning" if state is IntegrationState.EXPIRING else "text"


def day(when: datetime | None) -> str:
    """A date, as short as a row wants it."""
    return f"{when:%-d %b %Y}" if when else ""


def below(line: IntegrationLine) -> str:
    """The second line of a state."""
    one = line.one
    match line.state():
        case IntegrationState.TROUBLE | IntegrationState.EXPIRED:
            return one.what or tr("its token has ended")
        case IntegrationState.PAUSED:
            return tr("sends nothing")
        case _:
            return line.trouble or (f"v{one.version}" if one.version else one.kind.shown)


def standing(lines: list[IntegrationLine]) -> str:
    """For the status line: which tokens end."""
    states = [line.state() for line in lines]
    over = states.count(IntegrationState.EXPIRED)
    soon = states.count(IntegrationState.EXPIRING)
    said = []
    if over:
        said.append(counted(over, "{n} token expired", "{n} tokens expired"))
    if soon:
        said.append(counted(soon, "{n} ends within 14 days", "{n} end within 14 days"))
    return ", ".join(said)
