"""A project: one repository of a tenant, and where it is checked out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.remotes import parse_remote
from aiops_desktop.domain.states import CheckoutState as CheckoutState
from aiops_desktop.domain.trouble import Refused


@dataclass(frozen=True, slots=True)
class Project:
    """A repository of a tenant.

    Attributes:
        checkout: absolute path of the work tree (stored relative to the data folder).
        clone_error: why the last clone failed, as a sentence; "" otherwise.
        key_id: the project's own key, tried before the tenant's; None: none.
        semaphore_project: the id of the project in Semaphore; None: the tenant's default.
    """

    id: int
    tenant_id: int
    name: str
    slug: str
    remote_url: str
    default_branch: str
    description: str
    checkout: Path
    state: CheckoutState
    created: datetime
    clone_error: str = ""
    key_id: int | None = None
    favourite: bool = False
    semaphore_project: int | None = None
    adopted: bool = False
    """The checkout was there before the project; deleting the project leaves it alone."""


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """What a person fills in for a project."""

    tenant_id: int
    remote_url: str
    name: str = ""
    default_branch: str = ""
    description: str = ""
    key_id: int | None = None
    semaphore_project: int | None = None
    checkout: str = ""
    """An existing folder to adopt, or "" for the place under the tenant."""

    def checked(self) -> ProjectDraft:
        """The draft with the address cleaned and the name suggested from it when left out.

        Raises:
            Refused: at the field that is wrong.
        """
        remote = parse_remote(self.remote_url)
        name = checked_name(self.name or remote.suggested_name, "project")
        return replace(
            self,
            remote_url=remote.text,
            name=name,
            description=self.description.strip(),
            default_branch=checked_branch(self.default_branch, "default_branch", empty=True),
        )


@dataclass(frozen=True, slots=True)
class ProjectSaved:
    """A project was created or edited."""

    project: Project
    changes: Changes


def checked_branch(text: str, field: str, *, empty: bool = False) -> str:
    """A branch name git accepts (git-check-ref-format(1)).

    Raises:
        Refused: it would not.
    """
    name = text.strip()
    if not name:
        if empty:
            return ""
        raise Refused("The branch needs a name.", "Type one.", field=field)
    bad = (
        name.startswith(("-", "/", "."))
        or name.endswith(("/", ".", ".lock"))
        or ".." in name
        or "@{" in name
        or "//" in name
        or "/." in name
        or name == "@"
        or re.search(r"[\x00-\x20\x7f~^:?*\[\\]", name) is not None
    )
    if bad:
        raise Refused(
            f"“{name[:60]}” cannot be a branch.",
            "Use letters, digits, dashes, dots and single slashes.",
            field=field,
        )
    return name
