"""What GitHub tells, as the nouns of forges."""

from __future__ import annotations

from aiops_desktop.adapters.forges.reading import (
    Record,
    address,
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
    return Person(text(told, "id"), text(told, "login"), text(told, "name"))


def project(told: Record) -> ForgeProject:
    """One."""
    return ForgeProject(
        external_id=text(told, "id"),
        path=text(told, "full_name"),
        name=text(told, "name"),
        url=address(told, "html_url"),
        clone_https=text(told, "clone_url"),
        clone_ssh=text(told, "ssh_url"),
        default_branch=text(told, "default_branch"),
        archived=yes(told, "archived"),
        issues=yes(told, "has_issues", default=True),
    )


def issue(told: Record) -> ForgeIssue:
    """One."""
    state = text(told, "state")
    return ForgeIssue(
        external_id=text(told, "id"),
        number=number(told, "number"),
        title=line(told, "title"),
        state=state,
        closed=state == "closed",
        body=text(told, "body"),
        url=address(told, "html_url"),
        author=text(part(told, "user"), "login"),
        assignees=names(told.get("assignees"), "login"),
        labels=names(told.get("labels"), "name"),
        milestone=text(part(told, "milestone"), "title"),
        created=moment(told, "created_at"),
        updated=moment(told, "updated_at"),
        closed_at=moment(told, "closed_at"),
        comments=number(told, "comments"),
    )


def comment(told: Record) -> Comment:
    """One."""
    return Comment(
        external_id=text(told, "id"),
        author=text(part(told, "user"), "login"),
        body=text(told, "body"),
        created=moment(told, "created_at"),
        url=address(told, "html_url"),
    )


def key(told: Record) -> ForgeKey:
    """One."""
    return ForgeKey(
        text(told, "id"),
        text(told, "title"),
        text(told, "key"),
        moment(told, "created_at"),
        not yes(told, "read_only"),
    )
