"""What GitLab tells, as the nouns of forges."""

from __future__ import annotations

from aiops_desktop.adapters.forges.reading import (
    Record,
    address,
    day,
    line,
    moment,
    names,
    number,
    part,
    text,
    yes,
)
from aiops_desktop.domain.forges import Comment, ForgeIssue, ForgeKey, ForgeProject, Person


def person(told: Record) -> Person:
    """One."""
    return Person(text(told, "id"), text(told, "username"), text(told, "name"))


def project(told: Record) -> ForgeProject:
    """One."""
    return ForgeProject(
        external_id=text(told, "id"),
        path=text(told, "path_with_namespace"),
        name=text(told, "name", "path"),
        url=address(told, "web_url"),
        clone_https=text(told, "http_url_to_repo"),
        clone_ssh=text(told, "ssh_url_to_repo"),
        default_branch=text(told, "default_branch"),
        archived=yes(told, "archived"),
        issues=yes(told, "issues_enabled", default=True)
        and text(told, "issues_access_level") != "disabled",
    )


def issue(told: Record) -> ForgeIssue:
    """One."""
    state = text(told, "state")
    people = told.get("assignees")
    if not isinstance(people, list):
        people = [told.get("assignee")]
    return ForgeIssue(
        external_id=text(told, "id"),
        number=number(told, "iid"),
        title=line(told, "title"),
        state=state,
        closed=state == "closed",
        body=text(told, "description"),
        url=address(told, "web_url"),
        author=text(part(told, "author"), "username"),
        assignees=names(people, "username"),
        labels=names(told.get("labels"), "name"),
        milestone=text(part(told, "milestone"), "title"),
        due=day(told, "due_date"),
        created=moment(told, "created_at"),
        updated=moment(told, "updated_at"),
        closed_at=moment(told, "closed_at"),
        confidential=yes(told, "confidential"),
        comments=number(told, "user_notes_count"),
        moved=told.get("moved_to_id") is not None,
    )


def comment(told: Record) -> Comment:
    """One."""
    return Comment(
        external_id=text(told, "id"),
        author=text(part(told, "author"), "username"),
        body=text(told, "body"),
        created=moment(told, "created_at"),
        url=address(told, "web_url"),
        internal=yes(told, "internal") or yes(told, "confidential"),
    )


def key(told: Record) -> ForgeKey:
    """One."""
    return ForgeKey(
        text(told, "id"),
        text(told, "title"),
        text(told, "key"),
        moment(told, "created_at"),
        yes(told, "can_push", default=True),
    )
