"""A data folder whose project is linked to a forge in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aiops_desktop.domain.integrations import Integration, IntegrationKind, Link
from aiops_desktop.domain.issues import Issue, IssueFilter, Synced
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.issue_filters import IssueFilters
from aiops_desktop.services.issue_sync import Syncer
from aiops_desktop.services.issues import Issues
from aiops_desktop.storage.integrations import IntegrationStore
from aiops_desktop.storage.issue_filters import IssueFilterStore
from aiops_desktop.storage.issues import IssueStore
from tests.support.ground import Ground, ground
from tests.support.memory_forge import MemoryDoors, MemoryForge


@dataclass
class Tracker:
    """What `tracker` made. `ahead` puts the program's clock forward."""

    ground: Ground
    store: IssueStore
    doors: MemoryDoors
    ahead: timedelta = timedelta()
    issues: Issues = field(init=False)
    links: list[Link] = field(default_factory=list)

    def __post_init__(self) -> None:
        syncer = Syncer(self.store, now=self.now, chance=lambda: 0.5)
        made = self.ground
        self.issues = Issues(
            self.store,
            self.doors,
            made.projects,
            made.tenants,
            made.history,
            syncer,
            now=self.now,
            filters=IssueFilters(IssueFilterStore(made.database)),
        )

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def linked(self, project: Project, name: str = "GitLab") -> MemoryForge:
        """Link a project to a new forge of its tenant."""
        kept = IntegrationStore(self.ground.database)
        server = kept.add(
            Integration(
                0, project.tenant_id, IntegrationKind.GITLAB, name, "https://git.acme.example",
                "ann", self.now(),
            )
        )  # fmt: skip
        link = kept.add_link(
            Link(0, project.id, server.id, project.tenant_id, "77", "a/b", "", self.now())
        )
        forge = MemoryForge()
        self.doors.integrations[server.id] = server
        self.doors.known.append(link)
        self.doors.forges[server.id] = forge
        self.links.append(link)
        return forge

    def sync(self, *, sweep: bool = False, link: Link | None = None) -> Synced:
        """Sync a link, the first one unless another is named."""
        return self.issues.sync((link or self.links[0]).id, Job("Sync"), sweep=sweep)

    def shown(self, **wanted: object) -> list[Issue]:
        """What a list shows, by number."""
        found = self.store.all(IssueFilter(**wanted))  # type: ignore[arg-type]  # by name
        return sorted(found, key=lambda issue: issue.number)

    def titles(self, **wanted: object) -> list[str]:
        """The same, titles only."""
        return [issue.title for issue in self.shown(**wanted)]


def tracker(layout: Layout) -> Tracker:
    """Open a data folder."""
    made = ground(layout)
    return Tracker(made, IssueStore(made.database), MemoryDoors())
