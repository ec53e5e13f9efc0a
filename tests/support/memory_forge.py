"""A forge in memory: honest about pages, times and what vanishes; told when to fail."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta

from aiops_desktop.domain.forges import (
    Account,
    Comment,
    ForgeIssue,
    ForgeKey,
    ForgeProject,
    Hidden,
    IssueEdit,
    Label,
    Milestone,
    NewIssue,
    Person,
    Renewed,
    Stoppable,
)
from aiops_desktop.domain.integrations import Integration, IntegrationKind, Link
from aiops_desktop.domain.trouble import Trouble

ME = Person("1", "ann", "Ann")
CREATED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class MemoryForge:
    """One project of a forge. Lists are read page by page, as they are at that moment.

    `before` is called with each request's name and may raise, or change what lies here; `after` may
    raise once the request was carried out, as when an answer is lost.
    """

    page: int = 3
    items: dict[int, ForgeIssue] = field(default_factory=dict)
    talk: dict[int, list[Comment]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    before: Callable[[str], object] = lambda _name: None
    after: Callable[[str], object] = lambda _name: None
    dropped: frozenset[str] = frozenset()
    """Labels and logins this account may not set; they are left out silently."""

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._clock = datetime.now(UTC).replace(microsecond=0)

    # What others do on the forge --------------------------------------------------------------

    def tick(self) -> datetime:
        """A second later."""
        self._clock += timedelta(seconds=1)
        return self._clock

    def wait(self, **time: float) -> None:
        """Some time later, such as hours=1."""
        self._clock += timedelta(**time)

    def add(self, title: str, **more: object) -> ForgeIssue:
        """Somebody makes an issue."""
        number, at = next(self._ids), self.tick()
        made = ForgeIssue(
            f"id{number}", number, title, "opened", author="mira", created=at, updated=at,
            url=f"https://git.acme.example/a/b/-/issues/{number}",
        )  # fmt: skip
        self.items[number] = replace(made, **more)  # type: ignore[arg-type]  # by name
        self.talk[number] = []
        return self.items[number]

    def edit(self, number: int, **more: object) -> ForgeIssue:
        """Somebody changes an issue."""
        now = replace(self.items[number], updated=self.tick())
        self.items[number] = replace(now, **more)  # type: ignore[arg-type]  # by name
        return self.items[number]

    def say(self, number: int, body: str, author: str = "mira") -> Comment:
        """Somebody comments."""
        made = Comment(f"n{next(self._ids)}", author, body, self.tick())
        self.talk[number].append(made)
        self.edit(number, comments=len(self.talk[number]))
        return made

    def delete(self, number: int) -> None:
        """An issue is deleted, or hidden from this account."""
        del self.items[number]

    # The protocol -----------------------------------------------------------------------------

    @property
    def kind(self) -> IntegrationKind:
        return IntegrationKind.GITLAB

    def account(self, job: Stoppable | None = None) -> Account:
        self._ask("account", job)
        return Account(ME)

    def renew_token(self, expires: date) -> Renewed:
        raise NotImplementedError

    def projects(
        self, search: str = "", job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeProject, ...]]:
        self._ask("projects", job)
        yield (self.project("77"),)

    def project(self, project: str, job: Stoppable | None = None) -> ForgeProject:
        return ForgeProject("77", "a/b", "b")

    def issues(
        self, project: str, since: datetime | None = None, job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeIssue, ...]]:
        for at in itertools.count(0, self.page):
            self._ask("issues", job)
            rows = sorted(self.items.values(), key=lambda one: (one.updated or CREATED, one.number))
            rows = [one for one in rows if since is None or (one.updated or CREATED) >= since]
            yield tuple(rows[at : at + self.page])
            if at + self.page >= len(rows):
                return

    def issue(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        self._ask("issue", job)
        return self._item(number)

    def comments(
        self, project: str, number: int, job: Stoppable | None = None
    ) -> tuple[Comment, ...]:
        self._ask("comments", job)
        self._item(number)
        return tuple(self.talk[number])

    def labels(self, project: str, job: Stoppable | None = None) -> tuple[Label, ...]:
        self._ask("labels", job)
        return (Label("bug", "#ff0000"), Label("ops", "#0000ff"))

    def members(self, project: str, job: Stoppable | None = None) -> tuple[Person, ...]:
        self._ask("members", job)
        return (ME, Person("2", "jonas", "Jonas"))

    def milestones(self, project: str, job: Stoppable | None = None) -> tuple[Milestone, ...]:
        self._ask("milestones", job)
        return (Milestone("7", "June", date(2026, 6, 30)), Milestone("8", "July"))

    def create_issue(self, project: str, new: NewIssue, job: Stoppable | None = None) -> ForgeIssue:
        self._ask("create", job)
        made = self.add(
            new.title,
            body=new.body,
            author=ME.login,
            labels=self._allowed(new.labels),
            assignees=self._allowed(new.assignees),
            milestone=new.milestone,
        )
        self.after("create")
        return made

    def comment(
        self,
        project: str,
        number: int,
        body: str,
        job: Stoppable | None = None,
        *,
        internal: bool = False,
    ) -> Comment:
        self._ask("comment", job)
        self._item(number)
        made = self.say(number, body, ME.login)
        self.after("comment")
        return made

    def edit_issue(
        self, project: str, number: int, edit: IssueEdit, job: Stoppable | None = None
    ) -> ForgeIssue:
        told = {item.name: getattr(edit, item.name) for item in fields(edit)}
        values = {name: value for name, value in told.items() if value is not None}
        for name in ("labels", "assignees"):
            if name in values:
                values[name] = self._allowed(values[name])
        return self._set("edit", number, job, **values)

    def close(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        return self._set("close", number, job, state="closed", closed=True)

    def reopen(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        return self._set("reopen", number, job, state="opened", closed=False)

    def keys(self, project: str = "", job: Stoppable | None = None) -> tuple[ForgeKey, ...]:
        return ()

    def add_key(
        self,
        title: str,
        public: str,
        project: str = "",
        job: Stoppable | None = None,
        *,
        writes: bool = False,
    ) -> ForgeKey:
        raise NotImplementedError

    def delete_key(self, key_id: str, project: str = "", job: Stoppable | None = None) -> None:
        raise NotImplementedError

    # How --------------------------------------------------------------------------------------

    def _ask(self, name: str, job: Stoppable | None) -> None:
        if job is not None:
            job.check()
        self.asked.append(name)
        self.before(name)

    def _item(self, number: int) -> ForgeIssue:
        if number not in self.items:
            raise Hidden("This issue is not there.")
        return self.items[number]

    def _allowed(self, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in self.dropped)

    def _set(self, name: str, number: int, job: Stoppable | None, **values: object) -> ForgeIssue:
        self._ask(name, job)
        self._item(number)
        made = self.edit(number, **values)
        self.after(name)
        return made


@dataclass
class MemoryDoors:
    """Integrations and links in memory, each integration with a forge."""

    integrations: dict[int, Integration] = field(default_factory=dict)
    known: list[Link] = field(default_factory=list)
    forges: dict[int, MemoryForge] = field(default_factory=dict)

    def links(self, *, project_id: int | None = None) -> list[Link]:
        return [one for one in self.known if project_id in (None, one.project_id)]

    def get(self, integration_id: int) -> Integration:
        return self.integrations[integration_id]

    def forge(self, integration_id: int) -> MemoryForge:
        return self.forges[integration_id]

    def failed(self, integration_id: int, trouble: Trouble | None) -> None:
        one = self.integrations[integration_id]
        self.integrations[integration_id] = replace(one, what=trouble.what if trouble else "")
