"""Which token of an integration opens a remote over https, and which authority vouches for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiops_desktop.domain.integrations import Integration, IntegrationKind
from aiops_desktop.domain.remotes import RemoteUrl, Transport

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.storage.integrations import IntegrationStore

#: The user name forges take beside a token.
USERS = {IntegrationKind.GITLAB: "oauth2", IntegrationKind.GITHUB: "x-access-token"}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Way:
    """An integration that opens a remote."""

    integration: Integration
    user: str

    @property
    def ca_file(self) -> Path | None:
        """Further authorities, None for the system's alone."""
        return Path(self.integration.ca_file) if self.integration.ca_file else None


class Tokens:
    """The tokens of integrations, for git."""

    def __init__(self, store: IntegrationStore, secrets: Secrets) -> None:
        self._store = store
        self._secrets = secrets

    def ways(self, project: Project, remote: RemoteUrl) -> list[Way]:
        """The tenant's integrations on the server of a remote; the linked one first."""
        if remote.transport not in {Transport.HTTPS, Transport.HTTP}:
            return []
        linked = {link.integration_id for link in self._store.links(project_id=project.id)}
        found = [
            one
            for one in self._store.all(project.tenant_id)
            if one.enabled and one.kind in USERS and below(one.base_url, remote)
        ]
        found.sort(key=lambda one: one.id not in linked)
        return [Way(one, USERS[one.kind]) for one in found]

    def token(self, integration: Integration) -> str:
        """The token itself, "" when there is none.

        Raises:
            NotTrusted: the secret store is locked or its key is lost.
        """
        return self._secrets.get(owner_of(integration))


def owner_of(integration: Integration) -> str:
    """Under which name an integration's token lies in the secret store."""
    return f"tenant:{integration.tenant_id}/integration/{integration.id}"


def below(base_url: str, remote: RemoteUrl) -> bool:
    """Whether a remote lies on this very server, below its path, reached in the same way."""
    base = urlsplit(base_url)
    scheme = remote.transport.value
    there = (scheme, remote.host, remote.port or _PORTS[scheme])
    here = (base.scheme, (base.hostname or "").lower(), base.port or _PORTS.get(base.scheme))
    path = f"/{remote.path.lstrip('/')}"
    return here == there and path.startswith(f"{base.path.rstrip('/')}/")
