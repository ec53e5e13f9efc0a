"""A tenant: one customer, behind a wall of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Refused

#: The colours offered for a tenant, as in the pictures of the window.
COLOURS = ("#D9663D", "#3B8F7A", "#7A5BC7", "#B8434E", "#2F7FBF", "#A8862B")


@dataclass(frozen=True, slots=True)
class Tenant:
    """A customer or team. `slug` never changes after creation: folders and sockets carry it."""

    id: int
    name: str
    slug: str
    description: str
    colour: str
    author_name: str
    author_email: str
    created: datetime
    archived: bool = False
    guarded: bool = False
    """Deployments marked as production ask for the typed name first."""


@dataclass(frozen=True, slots=True)
class TenantDraft:
    """What a person fills in for a tenant."""

    name: str
    description: str = ""
    colour: str = ""
    """Empty: the service chooses the one that the fewest tenants have."""
    author_name: str = ""
    author_email: str = ""
    guarded: bool = False

    def checked(self) -> TenantDraft:
        """The draft with names tidied.

        Raises:
            Refused: at the field that is wrong.
        """
        email = self.author_email.strip()
        if email and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", email):
            raise Refused(
                "This is not an e-mail address.", "Write name@host.", field="author_email"
            )
        author = self.author_name.strip()
        if any(c in author for c in "<>\n\r\0"):
            raise Refused(
                "An author's name cannot hold < or >.", "Remove them.", field="author_name"
            )
        if self.colour and not re.fullmatch(r"#[0-9A-Fa-f]{6}", self.colour):
            raise Refused("The colour is not of the form #RRGGBB.", "Choose one.", field="colour")
        return TenantDraft(
            checked_name(self.name, "tenant"),
            self.description.strip(),
            self.colour,
            author,
            email,
            self.guarded,
        )


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A private key git may offer for a tenant, in the order it is tried."""

    name: str
    path: Path
    fingerprint: str
    secret_id: str = ""
    """The name under which its passphrase may be remembered."""
    certified: bool = False
    """The certificate beside it (`path` + "-cert.pub") counts now, and is offered first."""
    hosts: tuple[str, ...] = ()
    """Patterns of the only hosts it is offered to; empty: all."""


@dataclass(frozen=True, slots=True)
class TenantRoom:
    """Everything that must never mix between tenants. Adapters get it as an argument.

    Attributes:
        folder: the tenant's own folder; all paths below lie in it unless the person chose others.
        keys: what git may offer, best first. A project's own key is put in front by the service.
        tmux_socket: for `tmux -L`.
        shell_session: the name of the tenant's tmux session, `<slug>-shell`.
        environment: variables for every process of this tenant (CODEX_HOME and the like).
        agent_socket: where the tenant's own ssh-agent listens when it runs.
    """

    tenant_id: int
    slug: str
    name: str
    colour: str
    author_name: str
    author_email: str
    folder: Path
    checkouts: Path
    worktrees: Path
    runs: Path
    trash: Path
    keys_folder: Path
    known_hosts: Path
    assistants: Path
    tmux_socket: str
    shell_session: str
    keys: tuple[KeyFile, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    agent_socket: Path | None = None


@dataclass(frozen=True, slots=True)
class TenantSaved:
    """A tenant was created or edited."""

    tenant: Tenant
    changes: Changes


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a deletion takes with it, for the dialog that asks.

    Each tuple holds names a person can recognise; `unsaved` are checkouts or runs with work that is
    nowhere else (uncommitted, unpushed, not reviewed).
    """

    title: str
    projects: tuple[str, ...] = ()
    checkouts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    runs: int = 0
    deployments: int = 0
    unsaved: tuple[str, ...] = ()
    way_back: str = ""
    """A sentence: where it can be brought back from, and for how long."""
