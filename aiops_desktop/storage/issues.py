"""Issues as remembered from the last sync, their comments, and how each link's sync stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from aiops_desktop.domain.forges import Comment, Label, Milestone, Person
from aiops_desktop.domain.issues import (
    Issue,
    IssueBoard,
    IssueCounts,
    IssueFilter,
    IssueState,
    SyncState,
)
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.storage import issue_queries as queries
from aiops_desktop.storage.database import Database, now
from aiops_desktop.storage.issue_tables import CommentRow, IssueRow, SyncRow

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.orm import Session

#: Rows written in one statement, below SQLite's limit of 32,766 values.
CHUNK = 500


_OWN = {"id", "link_id", "project_id", "tenant_id", "gone"}
_TOLD = tuple(item.name for item in fields(Issue) if item.name not in _OWN)
_NAMES = [item.name for item in fields(Issue)]  # the body is the last
_LISTED = tuple(getattr(IssueRow, name) for name in _NAMES[:-1])
_STATE, _ASSIGNEES, _LABELS = map(_NAMES.index, ("state", "assignees", "labels"))


class IssueStore:
    """The tables of issues, their comments and their syncs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Looking ----------------------------------------------------------------------------------

    def all(self, wanted: IssueFilter) -> list[Issue]:
        """Those that fit, in the order asked for, without their texts."""
        query = queries.first(select(*_LISTED), wanted)
        with self._database.read() as session:
            return [_issue(row) for row in session.execute(query)]

    def board(self, wanted: IssueFilter) -> IssueBoard:
        """The first that fit, how many there are, and the counts of all around them."""
        with self._database.read() as session:
            issues = tuple(self.all(wanted))
            stages = Counter(issue.state for issue in issues)
            if len(issues) >= wanted.limit:
                rows = session.execute(queries.stages(wanted))
                stages = Counter({IssueState(state): count for state, count in rows})
            found = sum(stages.values())
            return IssueBoard(issues, found, stages, queries.counts(session, wanted))

    def counts(self, wanted: IssueFilter) -> IssueCounts:
        """How many there are in a place, whatever else the filter says."""
        with self._database.read() as session:
            return queries.counts(session, wanted)

    def open_by_project(self) -> dict[int, int]:
        """How many issues of each project are not closed."""
        with self._database.read() as session:
            return queries.open_by_project(session)

    def get(self, issue_id: int) -> Issue:
        """One issue with its text.

        Raises:
            Missing: it is not remembered.
        """
        with self._database.read() as session:
            row = session.execute(
                select(*_LISTED, IssueRow.body).where(IssueRow.id == issue_id)
            ).first()
        if row is None:
            raise Missing("This issue is not there any more.", "Refresh the list.")
        return _issue(row)

    def numbered(self, project_id: int, number: int, link_id: int | None = None) -> list[Issue]:
        """Those of a project with this number, one for each link that has one."""
        query = select(*_LISTED, IssueRow.body).where(
            IssueRow.project_id == project_id, IssueRow.number == number
        )
        if link_id is not None:
            query = query.where(IssueRow.link_id == link_id)
        with self._database.read() as session:
            return [_issue(row) for row in session.execute(query)]

    def talk(self, issue_id: int) -> tuple[list[Comment], bool, str]:
        """The comments, oldest first; whether they are as new as the issue; the draft."""
        query = (
            select(CommentRow)
            .where(CommentRow.issue_id == issue_id)
            .order_by(CommentRow.created, CommentRow.id)
        )
        with self._database.read() as session:
            said = [_comment(row) for row in session.scalars(query)]
            row = session.get(IssueRow, issue_id)
            if row is None:
                return said, True, ""
            return said, row.talked is not None and row.talked == row.updated, row.draft

    def external_ids(self, link_id: int) -> dict[str, Issue]:
        """The issues of a link that count as being on the forge, by the forge's own id."""
        query = select(*_LISTED).where(IssueRow.link_id == link_id, IssueRow.gone.is_(None))
        with self._database.read() as session:
            return {issue.external_id: issue for issue in map(_issue, session.execute(query))}

    def untalked(self, link_id: int, most: int) -> list[Issue]:
        """Open issues whose comments are not as new as they are, the last changed first."""
        query = select(*_LISTED).where(
            IssueRow.link_id == link_id,
            IssueRow.gone.is_(None),
            IssueRow.state != IssueState.CLOSED.value,
            or_(IssueRow.comments > 0, IssueRow.talked.is_not(None)),
            IssueRow.talked.is_distinct_from(IssueRow.updated),
        )
        with self._database.read() as session:
            rows = session.execute(query.order_by(IssueRow.updated.desc()).limit(most))
            return [_issue(row) for row in rows]

    # Writing ----------------------------------------------------------------------------------

    def put(self, issues: Sequence[Issue], *, before: datetime | None = None) -> int:
        """Remember issues as a forge told them; how many were new or changed.

        Their `id` is not used. What is older than what is known is not taken over, because
        answers overtake each other;
        with `before` it is, when what is known was written earlier than that.
        """
        fresh = 0
        with self._database.write() as session:
            for at in range(0, len(issues), CHUNK):
                some = issues[at : at + CHUNK]
                fresh += _fresh(session, some)
                _upsert(session, some, before)
        return fresh

    def put_talk(self, issue_id: int, comments: Sequence[Comment], known: datetime | None) -> None:
        """Take over all comments of an issue; `known` is its `updated` when they were read."""
        with self._database.write() as session:
            _put_comments(session, issue_id, comments)
            kept = [comment.external_id for comment in comments]
            session.execute(
                delete(CommentRow).where(
                    CommentRow.issue_id == issue_id, CommentRow.external_id.not_in(kept)
                )
            )
            session.execute(update(IssueRow).where(IssueRow.id == issue_id).values(talked=known))

    def add_comment(self, issue_id: int, comment: Comment) -> None:
        """Take over one comment, and forget the draft it came from."""
        with self._database.write() as session:
            _put_comments(session, issue_id, [comment])
            session.execute(update(IssueRow).where(IssueRow.id == issue_id).values(draft=""))

    def keep_draft(self, issue_id: int, text: str) -> None:
        """Remember a comment that was begun."""
        with self._database.write() as session:
            session.execute(update(IssueRow).where(IssueRow.id == issue_id).values(draft=text))

    def set_gone(self, issue_ids: Collection[int], at: datetime) -> None:
        """The forge does not show these any more."""
        with self._database.write() as session:
            session.execute(
                update(IssueRow).where(IssueRow.id.in_(list(issue_ids))).values(gone=at)
            )

    # Syncs ------------------------------------------------------------------------------------

    def sync(self, link_id: int, project_id: int, tenant_id: int, title: str) -> SyncState:
        """How a link's sync stands; what is told of the link itself is given back with it."""
        with self._database.read() as session:
            row = session.get(SyncRow, link_id)
            known: Mapping[str, Any] = {} if row is None else _state(row)
        return SyncState(link_id, project_id, tenant_id, title, **known)

    def save_sync(self, link_id: int, **values: Any) -> None:  # noqa: ANN401 - columns
        """Change what is known of a link's sync."""
        for name in ("labels", "members"):
            if name in values:
                values[name] = [asdict(one) for one in values[name]]
        if "milestones" in values:
            values["milestones"] = [_stone_told(one) for one in values["milestones"]]
        with self._database.write() as session:
            session.execute(
                insert(SyncRow)
                .values(link_id=link_id, **values)
                .on_conflict_do_update(index_elements=["link_id"], set_=values)
            )


def _upsert(session: Session, issues: Sequence[Issue], before: datetime | None) -> None:
    statement = insert(IssueRow)
    new = statement.excluded
    newer: list[Any] = [
        new.updated.is_(None),
        IssueRow.updated.is_(None),
        new.updated >= IssueRow.updated,
    ]
    if before is not None:
        newer.append(IssueRow.written < before)
    values = {name: new[name] for name in (*_TOLD, "project_id", "tenant_id", "written", "gone")}
    statement = statement.on_conflict_do_update(
        index_elements=["link_id", "external_id"], set_=values, where=or_(*newer)
    )
    session.execute(statement, [_values(issue) for issue in issues])


def _values(issue: Issue) -> dict[str, Any]:
    told = {name: getattr(issue, name) for name in _TOLD}
    return told | {
        "link_id": issue.link_id,
        "project_id": issue.project_id,
        "tenant_id": issue.tenant_id,
        "state": issue.state.value,
        "assignees": list(issue.assignees),
        "labels": list(issue.labels),
        "written": now(),
        "gone": issue.gone,
    }


def _fresh(session: Session, issues: Sequence[Issue]) -> int:
    """How many of these (of one link) are new or changed."""
    if not issues:
        return 0
    query = select(IssueRow.external_id, IssueRow.updated).where(
        IssueRow.link_id == issues[0].link_id,
        IssueRow.external_id.in_([issue.external_id for issue in issues]),
        IssueRow.gone.is_(None),
    )
    known = {row.external_id: row.updated for row in session.execute(query)}
    return sum(
        issue.external_id not in known or known[issue.external_id] != issue.updated
        for issue in issues
    )


def _put_comments(session: Session, issue_id: int, comments: Sequence[Comment]) -> None:
    if not comments:
        return
    statement = insert(CommentRow)
    names = [item.name for item in fields(Comment) if item.name != "external_id"]
    statement = statement.on_conflict_do_update(
        index_elements=["issue_id", "external_id"],
        set_={name: statement.excluded[name] for name in names},
    )
    session.execute(statement, [{"issue_id": issue_id, **asdict(one)} for one in comments])


def _issue(row: Row[*tuple[Any, ...]]) -> Issue:
    """A row of `_LISTED` columns, with or without the body behind them."""
    values = list(row)
    values[_STATE] = IssueState(values[_STATE])
    values[_ASSIGNEES], values[_LABELS] = tuple(values[_ASSIGNEES]), tuple(values[_LABELS])
    return Issue(*values)


def _comment(row: CommentRow) -> Comment:
    return Comment(**{item.name: getattr(row, item.name) for item in fields(Comment)})


def _state(row: SyncRow) -> dict[str, Any]:
    plain = ("cursor", "synced", "swept", "tried", "failures", "what", "hint", "due", "login")
    return {name: getattr(row, name) for name in plain} | {
        "labels": tuple(Label(**one) for one in row.labels),
        "members": tuple(Person(**one) for one in row.members),
        "milestones": tuple(_stone(one) for one in row.milestones),
    }


def _stone_told(one: Milestone) -> dict[str, Any]:
    return asdict(one) | {"due": one.due.isoformat() if one.due else None}


def _stone(told: Mapping[str, Any]) -> Milestone:
    return Milestone(**{**told, "due": date.fromisoformat(told["due"]) if told["due"] else None})
