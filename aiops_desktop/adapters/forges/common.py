"""What GitLab and GitHub have in common beside their protocol."""

from __future__ import annotations

from collections.abc import Sequence

from aiops_desktop.domain.fingerprints import blob_of
from aiops_desktop.domain.forges import (
    Forge,
    ForgeKey,
    IssueEdit,
    NewIssue,
    NotAccepted,
    NotAForge,
    Stoppable,
)
from aiops_desktop.domain.integrations import IntegrationKind


def same_key(keys: Sequence[ForgeKey], public: str) -> ForgeKey | None:
    """The registration of this very key, whatever its title and comment."""
    wanted = blob_of(public)
    return next((key for key in keys if key.public and blob_of(key.public) == wanted), None)


def as_edit(new: NewIssue) -> IssueEdit:
    """What a new issue begins with; what is empty is not sent."""
    return IssueEdit(
        new.title, new.body, new.labels or None, new.assignees or None, new.milestone or None
    )


def milestone_id(forge: Forge, project: str, title: str, job: Stoppable | None) -> int | None:
    """What the forge wants to hear for a milestone of this title; None for none.

    Raises:
        NotAccepted: the project has none.
    """
    if not title:
        return None
    for one in forge.milestones(project, job):
        if one.title == title and one.external_id.isdigit():
            return int(one.external_id)
    raise NotAccepted(
        f"The project has no open milestone “{title}”.", "Choose another one.", field="milestone"
    )


def not_this(kind: IntegrationKind, server: str) -> NotAForge:
    """Somebody answers, and it is another program."""
    return NotAForge(
        f"{server} answers, but it is not a {kind.shown}.",
        "Check the address; the path of the forge on its server belongs to it.",
    )
