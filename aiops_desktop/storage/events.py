"""Events as remembered: the history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import defer

from aiops_desktop.domain.events import Event, EventFilter, Known, Outcome
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.storage.database import Database, now
from aiops_desktop.storage.event_rows import EventRow, RetentionRow
from aiops_desktop.storage.event_search import distinct, narrowed

#: Events read or removed at once where there may be a million.
_PORTION = 5_000


class EventStore:
    """The table of events."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        verb: str,
        subject: str,
        *,
        actor: str,
        process: str,
        tenant_id: int | None = None,
        project_id: int | None = None,
    ) -> int:
        """Remember that a verb has begun; its number."""
        row = EventRow(
            actor=actor,
            verb=verb,
            subject=subject,
            process=process,
            tenant_id=tenant_id,
            project_id=project_id,
        )
        with self._database.write() as session:
            session.add(row)
            session.flush()
            return row.id

    def end(
        self,
        event_id: int,
        outcome: Outcome,
        *,
        seconds: float | None = None,
        note: str = "",
        facts: dict[str, str] | None = None,
        output: str = "",
        tenant_id: int | None = None,
        project_id: int | None = None,
    ) -> None:
        """Remember how it ended; without `seconds` the clock tells how long it took.

        What has ended before stays as it is.
        """
        with self._database.write() as session:
            row = session.get(EventRow, event_id)
            if row is None or row.outcome != Outcome.RUNNING.value:
                return
            row.outcome = outcome.value
            if seconds is None:
                seconds = (now() - row.started).total_seconds()
            row.seconds = max(0.0, seconds)
            row.note, row.output = note or row.note, output or row.output
            if facts:
                row.facts = {**(row.facts or {}), **facts}
            row.tenant_id = row.tenant_id if tenant_id is None else tenant_id
            row.project_id = row.project_id if project_id is None else project_id

    def all(self, wanted: EventFilter, *, output: bool = False) -> list[Event]:
        """Events, newest first, without their output unless asked for."""
        query = narrowed(select(EventRow), wanted).limit(wanted.limit)
        if not output:
            query = query.options(defer(EventRow.output))
        with self._database.read() as session:
            return [row.event(output=output) for row in session.scalars(query)]

    def portions(self, wanted: EventFilter) -> Iterator[list[Event]]:
        """The same with their output, however many there are, so many at a time."""
        left = wanted.limit
        while left is None or left > 0:
            most = _PORTION if left is None else min(left, _PORTION)
            found = self.all(replace(wanted, limit=most), output=True)
            if found:
                yield found
                wanted = replace(wanted, before=found[-1].id)
            if len(found) < most:
                return
            left = None if left is None else left - most

    def count(self, wanted: EventFilter, most: int) -> int:
        """How many events fit, counted up to `most`."""
        query = narrowed(select(EventRow.id), wanted).limit(most)
        with self._database.read() as session:
            return session.scalar(select(func.count()).select_from(query.subquery())) or 0

    def last(self, actor: str) -> datetime | None:
        """When the newest event of an actor began."""
        query = select(EventRow.started).where(EventRow.actor == actor)
        with self._database.read() as session:
            return session.scalar(query.order_by(EventRow.id.desc()).limit(1))

    def known(self) -> Known:
        """Who and what there is in the history."""
        with self._database.read() as session:
            actors = session.scalars(distinct(EventRow.actor)).all()
            verbs = session.scalars(distinct(EventRow.verb)).all()
        return Known(tuple(sorted(filter(None, actors), key=str.casefold)), tuple(verbs))

    def any_before(self, before: datetime) -> bool:
        """Whether there is something for `trim` to do."""
        query = select(EventRow.id).where(*_ended_before(before)).limit(1)
        with self._database.read() as session:
            return session.scalar(query) is not None

    def trim(self, before: datetime) -> int:
        """Remove what began before a time and has ended; how many events that were."""
        old = select(EventRow.id).where(*_ended_before(before)).limit(_PORTION)
        removed = 0
        while True:
            with self._database.write() as session:  # portions, so that others may write between
                session.add(RetentionRow(before=before))
                session.flush()
                ids = session.scalars(old).all()
                session.execute(delete(EventRow).where(EventRow.id.in_(ids)))
                session.execute(delete(RetentionRow))
            removed += len(ids)
            if len(ids) < _PORTION:
                return removed

    def get(self, event_id: int) -> Event:
        """One event with its output.

        Raises:
            Missing: it is not there.
        """
        with self._database.read() as session:
            row = session.get(EventRow, event_id)
            if row is None:
                raise Missing("This event is not in the history any more.")
            return row.event(output=True)

    def recover(
        self, living: Callable[[str], bool], cared_for: Collection[int | None], sentence: str
    ) -> list[Event]:
        """Mark what dead processes left running as interrupted; those events.

        Args:
            living: whether the process with this mark still runs.
            cared_for: events of work that outlives its process; whoever follows it ends them.
            sentence: the note these events get.
        """
        with self._database.write() as session:
            query = select(EventRow).where(EventRow.outcome == Outcome.RUNNING.value)
            alive: dict[str, bool] = {}
            rows = []
            for row in session.scalars(query):
                if row.process not in alive:
                    alive[row.process] = living(row.process)
                if not alive[row.process] and row.id not in cared_for:
                    row.outcome, row.note = Outcome.INTERRUPTED.value, sentence
                    rows.append(row)
            session.flush()
            return [row.event() for row in rows]


def _ended_before(before: datetime) -> tuple[ColumnElement[bool], ...]:
    return EventRow.started < before, EventRow.outcome != Outcome.RUNNING.value
