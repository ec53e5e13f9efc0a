"""Integrations: servers a tenant has an account on, and which project lies where on them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.forges import Account, Need


class IntegrationKind(StrEnum):
    """What kind of server it is."""

    GITLAB = "gitlab"
    GITHUB = "github"
    SEMAPHORE = "semaphore"
    HTTPS = "https"
    """A git server reached over https with a token, nothing more known of it."""

    @property
    def shown(self) -> str:
        """The name its makers write."""
        return {"gitlab": "GitLab", "github": "GitHub", "semaphore": "Semaphore"}.get(
            self.value, "Git over https"
        )


#: Kinds that are forges.
FORGES = (IntegrationKind.GITLAB, IntegrationKind.GITHUB)
#: Where each lives when nobody says otherwise.
PUBLIC = {
    IntegrationKind.GITLAB: "https://gitlab.com",
    IntegrationKind.GITHUB: "https://github.com",
}

#: Which scopes allow what; the first one is the smallest that does
#: (docs.gitlab.com/ee/user/profile/personal_access_tokens.html; of GitHub those of classic tokens).
SCOPES: Mapping[IntegrationKind, Mapping[Need, tuple[str, ...]]] = {
    IntegrationKind.GITLAB: {
        Need.READ: ("read_api", "api"),
        Need.ISSUES: ("api",),
        Need.CLONE: ("read_repository", "write_repository", "api"),
        Need.PUSH: ("write_repository", "api"),
        Need.USER_KEY: ("api",),
        Need.DEPLOY_KEY: ("api",),
    },
    IntegrationKind.GITHUB: {
        Need.READ: ("repo", "public_repo"),
        Need.ISSUES: ("repo", "public_repo"),
        Need.CLONE: ("repo", "public_repo"),
        Need.PUSH: ("repo", "public_repo"),
        Need.USER_KEY: ("write:public_key", "admin:public_key"),
        Need.DEPLOY_KEY: ("repo",),
    },
}
#: Scopes with which GitLab replaces a token, and the first version that does.
RENEWING, RENEWS = frozenset({"api", "self_rotate"}), (16, 10)
#: Days a token made by its server lives unless somebody says otherwise, and at most (GitLab 16.0).
TOKEN_DAYS, TOKEN_MOST = 90, 365
#: How long before its end a token asks to be replaced.
SOON = timedelta(days=14)


def lacking(kind: IntegrationKind, scopes: Sequence[str] | None) -> tuple[Need, ...]:
    """What these scopes do not allow; nothing when they are not known."""
    if scopes is None:
        return ()
    table = SCOPES.get(kind, {})
    return tuple(need for need, some in table.items() if not set(some) & set(scopes))


def scopes_for(kind: IntegrationKind, needs: Sequence[Need]) -> tuple[str, ...]:
    """The fewest scopes that allow all of this, the more basic ones first."""
    table = SCOPES.get(kind, {})
    chosen: list[str] = []
    for need in sorted(needs, key=lambda one: len(table.get(one, ()))):  # what leaves no choice
        some = table.get(need, ())
        if some and not set(some) & set(chosen):
            chosen.append(some[0])
    return tuple(sorted(chosen, key=list(_order(table)).index))


def _order(table: Mapping[Need, tuple[str, ...]]) -> dict[str, None]:
    return dict.fromkeys(scope for some in table.values() for scope in some)


def token_steps(kind: IntegrationKind, scopes: Sequence[str]) -> tuple[str, ...]:
    """How to get a token with these scopes, up to where it can be pasted."""
    named = scopes[0] if len(scopes) == 1 else f"{', '.join(scopes[:-1])} and {scopes[-1]}"
    if kind is IntegrationKind.GITHUB:
        return (
            "Sign in, open your avatar menu, then Settings.",
            "Choose Developer settings, then Personal access tokens, then Tokens (classic).",
            f"Generate a new token: name it, set an expiry date, tick {named}.",
            "Create it and copy the value; it is shown once.",
        )
    return (
        "Sign in, open your avatar menu, then Edit profile or Preferences.",
        "Choose Access tokens, then Add new token.",
        f"Name it, set an expiry date, grant {named}.",
        "Create it and copy the value; it is shown once.",
    )


@dataclass(frozen=True, slots=True)
class Integration:
    """An account of a tenant on a server. Its token lies in the secret store, bound to this row.

    Attributes:
        base_url: without /api/v4 and without a slash at its end.
        ca_file: certificates of the server's own authority (PEM), "" for the system's.
        username: the account's login, as the last good test found it.
        scopes: of the token; None: the forge does not tell.
        expires: the token dies at this moment.
        version: the server's.
        tested: when the account was last looked at with success.
        what, hint: the sentence of the last failure, "" when the last look was good.
    """

    id: int
    tenant_id: int
    kind: IntegrationKind
    name: str
    base_url: str
    username: str
    created: datetime
    enabled: bool = True
    ca_file: str = ""
    person: str = ""
    scopes: tuple[str, ...] | None = None
    expires: datetime | None = None
    version: str = ""
    tested: datetime | None = None
    what: str = ""
    hint: str = ""

    @property
    def host(self) -> str:
        """The server's host as the base address names it."""
        return (urlsplit(self.base_url).hostname or "").lower()

    def not_renewed(self, now: datetime) -> str:
        """Why its server cannot be asked to replace the token, as a sentence; "" when it can."""
        if self.kind is not IntegrationKind.GITLAB:
            return f"{self.kind.shown} has no call that replaces a token."
        if self.state(now) in {IntegrationState.PAUSED, IntegrationState.EXPIRED}:
            return f"The integration is {self.state(now)}: its token opens nothing."
        version = tuple(int(part) for part in re.findall(r"\d+", self.version)[:2])
        if version and version < RENEWS:
            return f"GitLab {self.version} does not replace tokens; it does from 16.10 on."
        if self.scopes is not None and not RENEWING & set(self.scopes):
            return "The token lacks the scope for it: api, or self_rotate."
        return ""

    @property
    def address(self) -> str:
        """The base address without its scheme, as lists show it."""
        return self.base_url.partition("://")[2]

    def state(self, now: datetime) -> IntegrationState:
        """How it stands."""
        if not self.enabled:
            return IntegrationState.PAUSED
        if self.expires is not None and self.expires <= now:
            return IntegrationState.EXPIRED
        if self.what:
            return IntegrationState.TROUBLE
        if self.tested is None:
            return IntegrationState.UNTESTED
        if self.expires is not None and self.expires - now <= SOON:
            return IntegrationState.EXPIRING
        return IntegrationState.WORKING


class IntegrationState(StrEnum):
    """How an integration stands."""

    WORKING = "working"
    EXPIRING = "expires soon"
    EXPIRED = "expired"
    TROUBLE = "trouble"
    UNTESTED = "not tested yet"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class IntegrationDraft:
    """What a person fills in for an integration.

    Attributes:
        name: "" for the kind and the host.
        base_url: "" for the public server of this kind.
        token: "" keeps the one there is.
        ca_file: a PEM file of the server's own authority, "" for none.
        needs: what it is wanted for; a scope that is missing for one of these is told.
    """

    tenant_id: int
    kind: IntegrationKind = IntegrationKind.GITLAB
    name: str = ""
    base_url: str = ""
    token: str = field(default="", repr=False)
    ca_file: str = ""
    needs: tuple[Need, ...] = (Need.READ, Need.PUSH)


class CheckState(StrEnum):
    """How a step of a test went."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"
    SKIPPED = "skipped"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Check:
    """A step of a test: what was found, and a word beside it."""

    state: CheckState
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class IntegrationReport:
    """What a test found, in the order in which things fail.

    Attributes:
        base_url: the address that answered; a page's address is cut to its server's.
        account: None when it could not be asked.
        what, hint: why it is not good; "" when it is.
        field: the draft's field the trouble belongs to.
        seconds: how long it took.
    """

    checks: tuple[Check, ...]
    base_url: str
    account: Account | None = None
    what: str = ""
    hint: str = ""
    field: str = ""
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """It can be saved; a missing scope only warns."""
        return self.account is not None and not self.what


@dataclass(frozen=True, slots=True)
class IntegrationSaved:
    """An integration was added, tested or changed."""

    integration: Integration
    changes: Changes
    report: IntegrationReport | None = None


@dataclass(frozen=True, slots=True)
class IntegrationEntry:
    """An integration in the list of them.

    Attributes:
        links: what is linked through it, with the names of the projects.
        proposals: projects whose address says that they lie on its server, not linked yet.
        lacking: what its token's scopes do not allow.
    """

    integration: Integration
    tenant: str
    links: tuple[LinkEntry, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    lacking: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """A link with the name of its project."""

    link: Link
    project: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link that the address of a project suggests."""

    project_id: int
    project: str
    integration_id: int
    path: str


@dataclass(frozen=True, slots=True)
class DoomedIntegration:
    """What goes with an integration, for the dialog that asks.

    Attributes:
        projects: names of the linked projects; their issues are forgotten here, not there.
        keys: names of keys that are registered there and stay so.
        pushes: names of projects whose https address uses its token.
        way_back: a sentence.
    """

    name: str
    projects: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    pushes: tuple[str, ...] = ()
    way_back: str = ""


@dataclass(frozen=True, slots=True)
class Leak:
    """A token in an address in a checkout's own configuration.

    Attributes:
        remote: the remote's name there.
        address: without the token.
    """

    project_id: int
    project: str
    remote: str
    address: str


@dataclass(frozen=True, slots=True)
class Link:
    """A project of ours and the project of a forge it stands for.

    Attributes:
        external_id: the forge's own id; all requests go by it.
        path: as the forge last told it.
    """

    id: int
    project_id: int
    integration_id: int
    tenant_id: int
    external_id: str
    path: str
    url: str
    created: datetime


@dataclass(frozen=True, slots=True)
class LinkSaved:
    """A project was linked, or a link changed."""

    link: Link
    changes: Changes = field(default_factory=Changes)
