"""Events as remembered: the history."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Select, or_, select
from sqlalchemy.orm import Mapped, defer, mapped_column

from aiops_desktop.domain.events import Event, EventFilter, Outcome
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.storage.database import Base, Database, now


class EventRow(Base):
    """One verb. No foreign keys: the history outlives what it tells of.

    `process` is the mark of the process that began the verb; the work itself may outlive it.
    """

    __tablename__ = "events"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own attribute

    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[datetime] = mapped_column(default=now, index=True)
    actor: Mapped[str]
    verb: Mapped[str]
    subject: Mapped[str]
    outcome: Mapped[str] = mapped_column(default=Outcome.RUNNING.value)
    tenant_id: Mapped[int | None] = mapped_column(index=True)
    project_id: Mapped[int | None] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    output: Mapped[str] = mapped_column(default="")
    process: Mapped[str] = mapped_column(default="")

    def event(self, *, output: bool = False) -> Event:
        """The row as the other floors know it; the output only when asked for."""
        return Event(
            id=self.id,
            started=self.started,
            actor=self.actor,
            verb=self.verb,
            subject=self.subject,
            outcome=Outcome(self.outcome),
            tenant_id=self.tenant_id,
            project_id=self.project_id,
            note=self.note,
            seconds=self.seconds,
            facts={str(name): str(value) for name, value in (self.facts or {}).items()},
            output=self.output if output else "",
        )


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
    ) -> None:
        """Remember how it ended; without `seconds` the clock tells how long it took."""
        with self._database.write() as session:
            row = session.get(EventRow, event_id)
            if row is None:
                return  # the history was emptied in the meantime
            row.outcome = outcome.value
            if seconds is None:
                seconds = (now() - row.started).total_seconds()
            row.seconds = max(0.0, seconds)
            row.note, row.output = note or row.note, output or row.output
            if facts:
                row.facts = {**(row.facts or {}), **facts}

    def describe(
        self, event_id: int, *, tenant_id: int | None = None, project_id: int | None = None
    ) -> None:
        """Add what became known while the verb was under way."""
        with self._database.write() as session:
            row = session.get(EventRow, event_id)
            if row is not None:
                row.tenant_id = row.tenant_id if tenant_id is None else tenant_id
                row.project_id = row.project_id if project_id is None else project_id

    def all(self, wanted: EventFilter, *, output: bool = False) -> list[Event]:
        """Events, newest first, without their output unless asked for."""
        query = _query(wanted)
        if not output:
            query = query.options(defer(EventRow.output))
        with self._database.read() as session:
            return [row.event(output=output) for row in session.scalars(query)]

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


def _query(wanted: EventFilter) -> Select[EventRow]:
    conditions = [
        column == value
        for column, value in (
            (EventRow.actor, wanted.actor),
            (EventRow.verb, wanted.verb),
            (EventRow.outcome, wanted.outcome.value if wanted.outcome else ""),
            (EventRow.tenant_id, wanted.tenant_id),
            (EventRow.project_id, wanted.project_id),
        )
        if value not in ("", None)
    ]
    if wanted.since:
        conditions.append(EventRow.started >= wanted.since)
    for word in wanted.text.split():
        conditions.append(
            or_(
                EventRow.verb.icontains(word, autoescape=True),
                EventRow.subject.icontains(word, autoescape=True),
                EventRow.note.icontains(word, autoescape=True),
            )
        )
    query = select(EventRow).order_by(EventRow.started.desc(), EventRow.id.desc())
    return query.where(*conditions).limit(wanted.limit)
