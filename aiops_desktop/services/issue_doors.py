"""From an issue to its forge: through the link of its project, and never into another tenant."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from aiops_desktop.domain.forges import Unanswered
from aiops_desktop.domain.trouble import Missing, Refused, Trouble

if TYPE_CHECKING:
    from aiops_desktop.domain.forges import Forge, IssueEdit
    from aiops_desktop.domain.integrations import Integration, Link
    from aiops_desktop.domain.issues import Issue, IssueDraft

T = TypeVar("T")


class Doors(Protocol):
    """What issues need to know of integrations."""

    def links(self, *, project_id: int | None = None) -> list[Link]:
        """All links, or a project's."""

    def get(self, integration_id: int) -> Integration:
        """One integration."""

    def forge(self, integration_id: int) -> Forge:
        """Its account on its forge, with the token of the secret store."""

    def failed(self, integration_id: int, trouble: Trouble | None) -> None:
        """Remember how work through it went; None: well."""


class Ways:
    """Finds the link and the forge of an issue."""

    def __init__(self, doors: Doors) -> None:
        self.doors = doors

    def link(self, link_id: int) -> Link:
        """One link.

        Raises:
            Missing: it is not there any more.
        """
        for link in self.doors.links():
            if link.id == link_id:
                return link
        raise Missing("This project is not linked to a forge any more.", "Link it anew.")

    def only_link(self, project_id: int, link_id: int | None = None) -> Link:
        """A project's link: the named one, or the only one.

        Raises:
            Refused: there is none, or which one is meant is not said.
        """
        links = self.doors.links(project_id=project_id)
        if link_id is not None:
            links = [link for link in links if link.id == link_id]
        if not links:
            raise Refused(
                "This project is not linked to a forge.",
                "Link it to its project on GitLab or GitHub first.",
                steps=("view.integrations",),
            )
        if len(links) > 1:
            raise Refused("The project is linked to several forges.", "Say which one is meant.")
        return links[0]

    def open(self, link: Link) -> Forge:
        """The forge a link leads to.

        Raises:
            Refused: its integration is another tenant's, or switched off.
        """
        integration = self.doors.get(link.integration_id)
        if integration.tenant_id != link.tenant_id:
            raise Refused("This integration belongs to another tenant.")
        if not integration.enabled:
            raise Refused(
                f"The integration “{integration.name}” is switched off.",
                "Switch it on under Integrations.",
                steps=("view.integrations",),
            )
        return self.doors.forge(integration.id)

    def door(self, issue: Issue) -> tuple[Link, Forge]:
        """Both, for an issue."""
        link = self.link(issue.link_id)
        if (link.project_id, link.tenant_id) != (issue.project_id, issue.tenant_id):
            raise Refused("This issue belongs to another project.", "Sync the issues anew.")
        return link, self.open(link)


def sure(write: Callable[[], T], look: Callable[[], T | None]) -> T:
    """Write once; when no answer came, look whether it happened all the same.

    Raises:
        Trouble: it did not happen, or nobody can tell.
    """
    try:
        return write()
    except Unanswered as lost:
        try:
            found = look()
        except Trouble:
            raise lost from None
        if found is None:
            raise
        return found


def left_out(wanted: IssueDraft | IssueEdit, now: Issue) -> str:
    """What of a draft or an edit the forge did not take, as sentences.

    Forges leave out silently what an account may not set (facts: forges, 7).
    """
    stone = wanted.milestone if wanted.milestone != now.milestone else ""
    parts = (
        _not_taken("label", [name for name in wanted.labels or () if name not in now.labels]),
        _not_taken("assignee", [one for one in wanted.assignees or () if one not in now.assignees]),
        _not_taken("milestone", [stone] if stone else []),
    )
    return " ".join(part for part in parts if part)


def _not_taken(what: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = ", ".join(f"“{name}”" for name in names)
    return f"The forge left out the {what}{'s' if len(names) > 1 else ''} {shown}."


def alike(one: str, other: str) -> bool:
    """Whether texts are the same but for what forges change: spaces, and escaped commands."""
    return re.sub(r"[\s\\\u200b]+", "", one) == re.sub(r"[\s\\\u200b]+", "", other)
