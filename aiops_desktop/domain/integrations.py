"""Integrations: servers a tenant has an account on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class IntegrationKind(StrEnum):
    """What kind of server it is."""

    GITLAB = "gitlab"
    GITHUB = "github"
    SEMAPHORE = "semaphore"
    HTTPS = "https"
    """A git server reached over https with a token, nothing more known of it."""


@dataclass(frozen=True, slots=True)
class Integration:
    """An account of a tenant on a server. Its token lies in the secret store, bound to this row."""

    id: int
    tenant_id: int
    kind: IntegrationKind
    name: str
    base_url: str
    username: str
    created: datetime
    enabled: bool = True
