"""Issues of forges as this program remembers them, and what one asks of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.forges import Comment, Label, Milestone, Person
from aiops_desktop.domain.forges import IssueEdit as IssueEdit
from aiops_desktop.domain.issue_states import IssueState as IssueState
from aiops_desktop.domain.issue_states import state_of as state_of


class IssueSort(StrEnum):
    """In which order issues are listed; each puts the most pressing first."""

    UPDATED = "updated"
    CREATED = "created"
    NUMBER = "number"
    TITLE = "title"
    DUE = "due"
    ASSIGNEE = "assignee"
    MILESTONE = "milestone"
    COMMENTS = "comments"


class Assigned(StrEnum):
    """Values of `IssueFilter.assignee` that are no login; a login never holds a space."""

    ANYONE = ""
    NOBODY = "- nobody"
    ME = "- me"
    """The accounts whose tokens the integrations use."""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue of a project, as the last sync found it.

    Attributes:
        link_id: through which link of the project to a forge it came.
        external_id: the server's own id; may be text (external trackers of GitLab).
        number: the one people see; unique in its forge project only.
        original: the forge's own word for the state.
        assignees: logins.
        labels: names.
        comments: how many the forge counts.
        gone: since when the forge does not show it any more: deleted, moved, or hidden.
        body: Markdown; "" in lists.
    """

    id: int
    link_id: int
    project_id: int
    tenant_id: int
    external_id: str
    number: int
    title: str
    state: IssueState
    original: str = ""
    url: str = ""
    author: str = ""
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    milestone: str = ""
    due: date | None = None
    created: datetime | None = None
    updated: datetime | None = None
    closed: datetime | None = None
    confidential: bool = False
    comments: int = 0
    gone: datetime | None = None
    body: str = ""

    @property
    def open(self) -> bool:
        """Whether somebody has to do something about it."""
        return self.state is not IssueState.CLOSED and self.gone is None


@dataclass(frozen=True, slots=True)
class IssueFilter:
    """Which issues are wanted; what is left empty does not narrow.

    Attributes:
        state: None with `only_open`: everything that is not closed.
        text: words that all begin words of title, description or comments; "#12" is a number.
        gone: only those that are not on the forge any more; else none of them.
        backwards: in the other order; what has no value stays last.
    """

    project_id: int | None = None
    tenant_id: int | None = None
    link_id: int | None = None
    state: IssueState | None = None
    only_open: bool = False
    label: str = ""
    assignee: str = ""
    due_within: int | None = None
    """Days from today; those that are overdue count, too."""
    text: str = ""
    gone: bool = False
    sort: IssueSort = IssueSort.UPDATED
    backwards: bool = False
    limit: int = 500


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter an operator gave a name; it says nothing of where one looks."""

    id: int
    name: str
    wanted: IssueFilter


@dataclass(frozen=True, slots=True)
class IssueCounts:
    """How many issues one would see with another choice, the rest of the filter being the same.

    Attributes:
        states: of the label, assignee, words and dates that are wanted.
        everyones, mine, unassigned, due_soon: open ones with the label and the words, whatever
            assignee and date are wanted.
        labels, assignees: (name, number of issues that are not closed), most used first.
        total: all on the forge in this place, whatever is wanted.
    """

    states: Mapping[IssueState, int] = field(default_factory=dict)
    everyones: int = 0
    mine: int = 0
    unassigned: int = 0
    due_soon: int = 0
    gone: int = 0
    total: int = 0
    labels: tuple[tuple[str, int], ...] = ()
    assignees: tuple[tuple[str, int], ...] = ()

    @property
    def open(self) -> int:
        """All that are not closed."""
        return sum(n for state, n in self.states.items() if state is not IssueState.CLOSED)

    @property
    def all(self) -> int:
        """All that are on the forge and fit the rest."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class SyncState:
    """How the sync of one link stands; an error stands here until the next good sync.

    Attributes:
        title: the integration's name and the forge project's path, for people.
        integration_id, integration: through which one, and its name.
        cursor: the newest change seen by a sync that came to its end.
        synced, swept: when a sync, and a look for deleted issues, last came to its end.
        tried: when one last began.
        failures: how many in a row did not end well.
        what, hint: the sentence of the last failure, "" after a good one.
        due: when the next one in the background should begin; None: at once.
        alone: whether there are any in the background; else only a person begins one.
        login: whose token it is.
    """

    link_id: int
    project_id: int
    tenant_id: int
    title: str = ""
    cursor: datetime | None = None
    synced: datetime | None = None
    swept: datetime | None = None
    tried: datetime | None = None
    failures: int = 0
    what: str = ""
    hint: str = ""
    due: datetime | None = None
    alone: bool = True
    login: str = ""
    labels: tuple[Label, ...] = ()
    members: tuple[Person, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    """Those that are open."""
    integration_id: int = 0
    integration: str = ""


@dataclass(frozen=True, slots=True)
class IssueBoard:
    """What an issues page shows.

    Attributes:
        found: how many fit the filter; `issues` are the first of them.
        stages: the same for each state.
        syncs: of the links concerned; none: nothing is linked.
    """

    issues: tuple[Issue, ...] = ()
    found: int = 0
    stages: Mapping[IssueState, int] = field(default_factory=dict)
    counts: IssueCounts = field(default_factory=IssueCounts)
    syncs: tuple[SyncState, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueDetail:
    """One issue with its text and its comments, oldest first.

    Attributes:
        draft: a comment somebody began and has not sent.
        stale: a sentence when the forge could not be asked for its comments just now.
    """

    issue: Issue
    talk: tuple[Comment, ...] = ()
    labels: tuple[Label, ...] = ()
    """Those of its project, for colours and to choose from."""
    members: tuple[Person, ...] = ()
    draft: str = ""
    stale: str = ""


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """A new issue. `link_id` None: the project's only link."""

    project_id: int
    title: str
    body: str = ""
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    link_id: int | None = None
    confidential: bool = False
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class IssueSaved:
    """An issue was made or changed on its forge.

    Attributes:
        missing: what the forge left out, as a sentence; "" when it took everything.
    """

    issue: Issue
    changes: Changes
    missing: str = ""

    @property
    def summary(self) -> str:
        """For the list of jobs."""
        return self.missing or f"#{self.issue.number} {self.issue.title}"


@dataclass(frozen=True, slots=True)
class Synced:
    """A link was synced.

    Attributes:
        seen: issues the forge told of; `fresh` of them were new or changed.
        gone: issues found deleted, moved or hidden.
        swept: the forge was asked for all of them.
    """

    state: SyncState
    seen: int
    fresh: int
    gone: int
    swept: bool
    changes: Changes

    @property
    def summary(self) -> str:
        """For the list of jobs."""
        return f"{self.seen} looked at, {self.fresh} changed, {self.gone} gone"


@dataclass(frozen=True, slots=True)
class Brief:
    """What an assist run about an issue begins with: a prompt, and the file that says more."""

    issue: Issue
    prompt: str
    context: Path
