"""Integrations: servers a tenant has an account on, and which project lies where on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from aiops_desktop.domain.changes import Changes


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
