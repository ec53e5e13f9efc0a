"""How issues are searched, filtered, ordered and counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, case, column, func, join, literal_column, or_, select, table, true

from aiops_desktop.domain.issues import (
    Assigned,
    IssueCounts,
    IssueFilter,
    IssueSort,
    IssueState,
)
from aiops_desktop.storage.issue_tables import TALK, TEXT, CommentRow, IssueRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

#: Days within which an issue counts as due soon.
SOON = 7
#: Labels and people one may choose from.
CHOICES = 200


def found(query: Select[Any], wanted: IssueFilter) -> Select[Any]:
    """The query narrowed to what is wanted."""
    query = _within(query, wanted)
    query = query.where(IssueRow.gone.is_not(None) if wanted.gone else IssueRow.gone.is_(None))
    if wanted.state is not None:
        query = query.where(IssueRow.state == wanted.state.value)
    elif wanted.only_open:
        query = query.where(IssueRow.state != IssueState.CLOSED.value)
    if wanted.label:
        query = query.where(_holds(IssueRow.labels, wanted.label))
    if wanted.assignee == Assigned.NOBODY:
        query = query.where(func.json_array_length(IssueRow.assignees) == 0)
    elif wanted.assignee == Assigned.ME:
        query = query.where(_mine())
    elif wanted.assignee:
        query = query.where(_holds(IssueRow.assignees, wanted.assignee))
    if wanted.due_within is not None:
        query = query.where(IssueRow.due <= _today() + timedelta(days=wanted.due_within))
    for condition in _said(wanted.text):
        query = query.where(condition)
    return query


def ordered(query: Select[Any], sort: IssueSort) -> Select[Any]:
    """Work under way first, then by what is asked for; the newest of equals first."""
    stage = case(
        (IssueRow.state == IssueState.ACTIVE.value, 0),
        (IssueRow.state == IssueState.OPEN.value, 1),
        else_=2,
    )
    by: dict[IssueSort, ColumnElement[Any]] = {
        IssueSort.UPDATED: IssueRow.updated.desc(),
        IssueSort.CREATED: IssueRow.created.desc(),
        IssueSort.NUMBER: IssueRow.number.desc(),
        IssueSort.TITLE: func.lower(IssueRow.title),
        IssueSort.DUE: func.coalesce(IssueRow.due, date.max),
    }
    return query.order_by(stage, by[sort], IssueRow.id.desc())


def number(wanted: IssueFilter) -> Select[tuple[int]]:
    """How many fit."""
    return found(select(func.count(IssueRow.id)), wanted)


def counts(session: Session, wanted: IssueFilter) -> IssueCounts:
    """How many there are where the filter looks, whatever else it says."""
    here = _within(select(), wanted).where(IssueRow.gone.is_(None))
    not_closed = IssueRow.state != IssueState.CLOSED.value
    states = here.with_only_columns(IssueRow.state, func.count()).group_by(IssueRow.state)
    soon = _today() + timedelta(days=SOON)
    parts = here.where(not_closed).with_only_columns(
        func.coalesce(func.sum(case((_mine(), 1), else_=0)), 0),
        func.coalesce(
            func.sum(case((func.json_array_length(IssueRow.assignees) == 0, 1), else_=0)), 0
        ),
        func.coalesce(func.sum(case((IssueRow.due <= soon, 1), else_=0)), 0),
    )
    mine, unassigned, due = session.execute(parts).one()
    gone = _within(select(func.count(IssueRow.id)), wanted).where(IssueRow.gone.is_not(None))
    return IssueCounts(
        {IssueState(name): count for name, count in session.execute(states)},
        mine,
        unassigned,
        due,
        session.scalar(gone) or 0,
        _used(session, here.where(not_closed), IssueRow.labels),
        _used(session, here.where(not_closed), IssueRow.assignees),
    )


def open_by_project(
    session: Session,
) -> dict[int, int]:
    """How many issues of each project are not closed."""
    query = (
        select(IssueRow.project_id, func.count())
        .where(IssueRow.gone.is_(None), IssueRow.state != IssueState.CLOSED.value)
        .group_by(IssueRow.project_id)
    )
    return {project: count for project, count in session.execute(query)}


def _within(query: Select[Any], wanted: IssueFilter) -> Select[Any]:
    for place, value in (
        (IssueRow.project_id, wanted.project_id),
        (IssueRow.tenant_id, wanted.tenant_id),
        (IssueRow.link_id, wanted.link_id),
    ):
        if value is not None:
            query = query.where(place == value)
    return query


def _holds(names: Any, name: str) -> ColumnElement[bool]:  # noqa: ANN401 - a JSON column
    each = func.json_each(names).table_valued("value")
    return select(1).select_from(each).where(each.c.value == name).exists()


def _mine() -> ColumnElement[bool]:
    """Whether one of the assignees is the account whose token the link uses."""
    each = func.json_each(IssueRow.assignees).table_valued("value")
    syncs = table("issue_syncs", column("link_id"), column("login"))
    return (
        select(1)
        .select_from(each.join(syncs, true()))
        .where(syncs.c.link_id == IssueRow.link_id, syncs.c.login == each.c.value)
        .exists()
    )


def _used(session: Session, here: Select[Any], names: Any) -> tuple[tuple[str, int], ...]:  # noqa: ANN401 - a JSON column
    each = func.json_each(names).table_valued("value")
    query = (
        here.with_only_columns(each.c.value, func.count())
        .select_from(join(IssueRow, each, true()))
        .group_by(each.c.value)
        .order_by(func.count().desc(), each.c.value)
        .limit(CHOICES)
    )
    return tuple((str(name), count) for name, count in session.execute(query))


def _said(text: str) -> list[ColumnElement[bool]]:
    """Every word begins a word of title, text or a comment; "#12" and "12" may be the number."""
    conditions: list[ColumnElement[bool]] = []
    for word in text.split():
        plain = word.removeprefix("#")
        is_number = plain.isascii() and plain.isdigit() and len(plain) < 16
        ways: list[ColumnElement[bool]] = [IssueRow.number == int(plain)] if is_number else []
        if any(letter.isalnum() for letter in word) and not (is_number and plain != word):
            escaped = word.replace('"', '""')
            ways += _matches(f'"{escaped}"*')
        if ways:
            conditions.append(or_(*ways))
    return conditions


def _matches(words: str) -> list[ColumnElement[bool]]:
    text, talk = table(TEXT, column("rowid")), table(TALK, column("rowid"))
    here = select(text.c.rowid).where(literal_column(TEXT).op("MATCH")(words))
    said = (
        select(CommentRow.issue_id)
        .join(talk, talk.c.rowid == CommentRow.id)
        .where(literal_column(TALK).op("MATCH")(words))
    )
    return [IssueRow.id.in_(here), IssueRow.id.in_(said)]


def _today() -> date:
    return datetime.now(UTC).astimezone().date()
