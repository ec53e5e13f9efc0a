"""Forges as this program meets them: what lies there, and what one can ask of any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused
from aiops_desktop.domain.trouble import Unanswered as Unanswered
from aiops_desktop.domain.trouble import Unreachable as Unreachable

if TYPE_CHECKING:
    from aiops_desktop.domain.integrations import IntegrationKind


class Stoppable(Protocol):
    """What a forge needs of the job it works for; `jobs.job.Job` is one."""

    def check(self) -> None:
        """Raise Stopped when the person pressed Stop."""

    def pause(self, seconds: float) -> None:
        """Sleep; wake at once and raise Stopped when the person presses Stop."""

    def on_stop(self, callback: Callable[[], None]) -> Callable[[], None]:
        """What to do at once when Stop is pressed; gives a call that takes it back."""


class NotAForge(Failed):
    """Somebody else answers at this address: a web page, a sign-in proxy, another program."""


class Rejected(NotTrusted):
    """The forge does not take the token: mistyped, revoked or expired."""


class NotAllowed(Refused):
    """The token is good, and may not do this: a scope or a right is missing."""


class Hidden(Missing):
    """404 or 410: it is not there, or this account may not know of it."""


class NotAccepted(Refused):
    """The forge read what was asked and refused it as wrong (400, 422)."""


class Taken(Clash):
    """It is there already (409, or a key that is in use)."""


class Limited(Failed):
    """The forge wants no more requests for now.

    Attributes:
        until: when it will take some again.
    """

    def __init__(self, what: str, hint: str = "", detail: str = "", *, until: datetime) -> None:
        super().__init__(what, hint, detail)
        self.until = until


class Need(StrEnum):
    """What one may want of a forge; scopes are asked for by these."""

    READ = "read projects and issues"
    ISSUES = "create and change issues"
    CLONE = "clone over https"
    PUSH = "push over https"
    USER_KEY = "register keys of the account"
    DEPLOY_KEY = "register deploy keys"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a forge. `external_id` is the forge's own id."""

    external_id: str
    login: str
    name: str = ""

    @property
    def shown(self) -> str:
        """The name, or the login of who gives none."""
        return self.name or self.login


@dataclass(frozen=True, slots=True)
class Account:
    """Whose token it is, and what the token may.

    Attributes:
        version: the server's, "" when it does not tell.
        scopes: as the forge names them; None: it does not tell.
        expires: the token dies at this moment; None: never, or the forge does not tell.
        lacking: what the scopes do not allow; empty when they are not told.
    """

    person: Person
    version: str = ""
    scopes: tuple[str, ...] | None = None
    expires: datetime | None = None
    lacking: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Renewed:
    """A token the forge put in the place of the one it was asked with, which is dead by now."""

    token: str = field(repr=False)
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class ForgeProject:
    """A project of GitLab, a repository of GitHub.

    Attributes:
        external_id: the forge's own id; it stays when the project is renamed or moved.
        path: "group/sub/name".
        clone_https, clone_ssh: addresses for git.
        issues: whether it has any; switched off on some.
    """

    external_id: str
    path: str
    name: str
    url: str = ""
    clone_https: str = ""
    clone_ssh: str = ""
    default_branch: str = ""
    archived: bool = False
    issues: bool = True


@dataclass(frozen=True, slots=True)
class Label:
    """A label as a project of a forge has it; `colour` is "#rrggbb" or ""."""

    name: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of a project. `external_id` is what the forge wants to hear when one is set."""

    external_id: str
    title: str
    due: date | None = None
    open: bool = True


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment. `external_id` is the forge's own id, `internal` hidden from customers."""

    external_id: str
    author: str
    body: str
    created: datetime | None = None
    url: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True)
class ForgeIssue:
    """An issue as the forge tells it.

    Attributes:
        external_id: the forge's own id; text, because external trackers of GitLab use text.
        number: the one people see, unique within its project only; all verbs take this one.
        state: the forge's own word, such as "opened".
        author, assignees: logins; the author is "" when the account is gone.
        comments: how many the forge counts.
        moved: it went to another project and lives on there.
    """

    external_id: str
    number: int
    title: str
    state: str
    closed: bool = False
    body: str = ""
    url: str = ""
    author: str = ""
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    milestone: str = ""
    due: date | None = None
    created: datetime | None = None
    updated: datetime | None = None
    closed_at: datetime | None = None
    confidential: bool = False
    comments: int = 0
    moved: bool = False


@dataclass(frozen=True, slots=True)
class NewIssue:
    """An issue to be made. Labels are names, assignees logins, the milestone a title."""

    title: str
    body: str = ""
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class IssueEdit:
    """What of an issue is to be another; None stays as it is.

    Attributes:
        labels, assignees: names and logins in the place of all there are.
        milestone: a title, "" for none.
    """

    title: str | None = None
    body: str | None = None
    labels: tuple[str, ...] | None = None
    assignees: tuple[str, ...] | None = None
    milestone: str | None = None


@dataclass(frozen=True, slots=True)
class ForgeKey:
    """A public key registered with an account or a project.

    Attributes:
        public: type and base64, without a comment as some forges cut it.
        writes: a deploy key that may push.
    """

    external_id: str
    title: str
    public: str
    created: datetime | None = None
    writes: bool = True


class Forge(Protocol):
    """One account on one forge. Holds no connection: threads may share it.

    `project` is a `ForgeProject.external_id`, or a path. `job` makes a call stoppable; a call
    without one blocks for the time limits of its settings at most.

    Every verb raises `Unreachable`, `Unanswered`, `NotAForge`, `Rejected`, `NotAllowed`, `Hidden`
    or `Limited`, the writing ones `NotAccepted` and `Taken`, too, and `Stopped`. After `Unanswered`
    a write may have happened: look before sending it again.
    """

    @property
    def kind(self) -> IntegrationKind:
        """Which forge it is."""

    def account(self, job: Stoppable | None = None) -> Account:
        """Whose token it is; the answer to "does it work?"."""

    def renew_token(self, expires: date) -> Renewed:
        """Have the token replaced by a new one that ends on a day.

        The answer holds the only copy of it, so nothing stops this call and nothing sends it twice.

        Raises:
            NotAccepted: this forge, or this version of it, cannot; or the day is not allowed.
            Unanswered: nobody knows whether it happened.
        """

    def projects(
        self, search: str = "", job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeProject, ...]]:
        """Those the account belongs to, page by page, the most lively first."""

    def project(self, project: str, job: Stoppable | None = None) -> ForgeProject:
        """One, by id or path."""

    def issues(
        self, project: str, since: datetime | None = None, job: Stoppable | None = None
    ) -> Iterator[tuple[ForgeIssue, ...]]:
        """All of them, or those changed since then, page by page, the longest unchanged first.

        No change requests. Deleted, moved and newly hidden ones are just not there; a full list
        that came to its end tells. An issue changed meanwhile may come twice.
        """

    def issue(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """One."""

    def comments(
        self, project: str, number: int, job: Stoppable | None = None
    ) -> tuple[Comment, ...]:
        """What people wrote under an issue, the oldest first."""

    def labels(self, project: str, job: Stoppable | None = None) -> tuple[Label, ...]:
        """Those one may use, by name."""

    def members(self, project: str, job: Stoppable | None = None) -> tuple[Person, ...]:
        """Who can be assigned, by login."""

    def milestones(self, project: str, job: Stoppable | None = None) -> tuple[Milestone, ...]:
        """Those that are open."""

    def create_issue(self, project: str, new: NewIssue, job: Stoppable | None = None) -> ForgeIssue:
        """Make one. Compare the answer: forges leave out what the account may not set."""

    def comment(
        self,
        project: str,
        number: int,
        body: str,
        job: Stoppable | None = None,
        *,
        internal: bool = False,
    ) -> Comment:
        """Write under an issue. Lines that the forge would take for commands are escaped."""

    def edit_issue(
        self, project: str, number: int, edit: IssueEdit, job: Stoppable | None = None
    ) -> ForgeIssue:
        """Change what the edit names. Compare the answer, as of a new one."""

    def close(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """Close it; no trouble when it is closed."""

    def reopen(self, project: str, number: int, job: Stoppable | None = None) -> ForgeIssue:
        """Open it again; no trouble when it is open."""

    def keys(self, project: str = "", job: Stoppable | None = None) -> tuple[ForgeKey, ...]:
        """The account's SSH keys, or a project's deploy keys."""

    def add_key(
        self,
        title: str,
        public: str,
        project: str = "",
        job: Stoppable | None = None,
        *,
        writes: bool = False,
    ) -> ForgeKey:
        """Register a public key with the account, or as deploy key of a project.

        The same key registered there already is given back as it is.

        Raises:
            Taken: another account, or another project, has it.
        """

    def delete_key(self, key_id: str, project: str = "", job: Stoppable | None = None) -> None:
        """Take a key away; no trouble when it is gone already."""
