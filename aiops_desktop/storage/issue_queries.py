"""How issues are searched, filtered, ordered and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, column, func, join, literal_column, or_, select, table, true

from aiops_desktop.domain.issues import (
    Assigned,
    IssueCounts,
    IssueFilter,
    IssueSort,
    IssueState,
)
from aiops_desktop.storage.issue_tables import TALK, TEXT, CommentRow, IssueRow, SyncRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    Query = Select[*tuple[Any, ...]]

#: Days within which an issue counts as due soon.
SOON = 7
#: Orders by what an issue may lack; it stands last then, whichever way one looks.
_GAPS = frozenset({IssueSort.DUE, IssueSort.ASSIGNEE, IssueSort.MILESTONE})
#: Labels and people one may choose from.
CHOICES = 200


def found(query: Query, wanted: IssueFilter) -> Query:
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


def ordered(query: Query, wanted: IssueFilter) -> Query:
    """Work under way first, then by what is asked for; the newest of equals first."""
    stage = case(
        (IssueRow.state == IssueState.ACTIVE.value, 0),
        (IssueRow.state == IssueState.OPEN.value, 1),
        else_=2,
    )
    by: dict[IssueSort, tuple[Any, bool]] = {  # and whether the highest come first
        IssueSort.UPDATED: (IssueRow.updated, True),
        IssueSort.CREATED: (IssueRow.created, True),
        IssueSort.NUMBER: (IssueRow.number, True),
        IssueSort.TITLE: (func.lower(IssueRow.title), False),
        IssueSort.DUE: (IssueRow.due, False),
        IssueSort.ASSIGNEE: (func.lower(func.json_extract(IssueRow.assignees, "$[0]")), False),
        IssueSort.MILESTONE: (func.lower(func.nullif(IssueRow.milestone, "")), False),
        IssueSort.COMMENTS: (IssueRow.comments, True),
    }
    place, falling = by[wanted.sort]
    order = place.desc() if falling is not wanted.backwards else place.asc()
    if wanted.sort in _GAPS:
        order = order.nulls_last()
    return query.order_by(stage, order, IssueRow.id.desc())


def first(query: Query, wanted: IssueFilter) -> Query:
    """The query narrowed to the first that are wanted, in their order.

    Which they are is found in an index alone; whole rows are read of these only.
    """
    ids = ordered(found(select(IssueRow.id), wanted), wanted).limit(wanted.limit)
    return ordered(query.where(IssueRow.id.in_(ids)), wanted)


def stages(wanted: IssueFilter) -> Select[str, int]:
    """How many of each state fit."""
    query = select(IssueRow.state, func.count(IssueRow.id)).group_by(IssueRow.state)
    return found(query, wanted)


def counts(session: Session, wanted: IssueFilter) -> IssueCounts:
    """How many there would be with another state, label or assignee.

    Few combinations of labels and people stand for many issues: they are counted by the database,
    and taken apart here.
    """
    soon = _today() + timedelta(days=SOON if wanted.due_within is None else wanted.due_within)
    groups = (
        IssueRow.project_id,  # as the index has them, so that nothing is sorted
        IssueRow.link_id,
        IssueRow.state,
        IssueRow.assignees,
        IssueRow.labels,
    )
    pressing = func.sum(case((IssueRow.due <= soon, 1), else_=0))
    query = _within(select().add_columns(*groups, func.count(), pressing), wanted)
    query = query.where(IssueRow.gone.is_(None), *_said(wanted.text)).group_by(*groups)
    logins = {
        link: login for link, login in session.execute(select(SyncRow.link_id, SyncRow.login))
    }
    states: Counter[IssueState] = Counter()
    labels: Counter[str] = Counter()
    people: Counter[str] = Counter()
    everyones = mine = unassigned = due = 0
    for _project, link, state, assignees, names, count, near in session.execute(query):
        dated = count if wanted.due_within is None else near
        labelled = not wanted.label or wanted.label in names
        theirs = _is(wanted.assignee, assignees, logins.get(link))
        if labelled and theirs:
            states[IssueState(state)] += dated
        if state == IssueState.CLOSED.value:
            continue
        if theirs:
            labels.update(dict.fromkeys(names, dated))
        if labelled:
            people.update(dict.fromkeys(assignees, dated))
            everyones += count
            mine += count if logins.get(link) in assignees else 0
            unassigned += 0 if assignees else count
            due += near
    here = _within(select(func.count(IssueRow.id)), wanted)
    gone = session.scalar(here.where(IssueRow.gone.is_not(None))) or 0
    total = session.scalar(here.where(IssueRow.gone.is_(None))) or 0
    return IssueCounts(
        states, everyones, mine, unassigned, due, gone, total, _most(labels), _most(people)
    )


def _is(wanted: str, assignees: Sequence[str], me: str | None) -> bool:
    """Whether an issue with these assignees is one of whom is wanted."""
    if wanted == Assigned.NOBODY:
        return not assignees
    return not wanted or (me if wanted == Assigned.ME else wanted) in assignees


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


def _within(query: Query, wanted: IssueFilter) -> Query:
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
    return (
        select(1)
        .select_from(join(SyncRow, each, true()))
        .where(SyncRow.link_id == IssueRow.link_id, SyncRow.login == each.c.value)
        .exists()
    )


def _most(used: Counter[str]) -> tuple[tuple[str, int], ...]:
    """The most used first, those of equal use by name."""
    return tuple(sorted(used.items(), key=lambda one: (-one[1], one[0]))[:CHOICES])


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
