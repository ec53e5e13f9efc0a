"""The tables of the history, what keeps their rows as they are, and their search index."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from aiops_desktop.domain.events import Event, Outcome
from aiops_desktop.storage.database import Base, beyond, now


class EventRow(Base):
    """One verb. No foreign keys: the history outlives what it tells of.

    `process` is the mark of the process that began the verb; the work itself may outlive it.
    Triggers keep rows as they are: one is ended once, and only retention removes it.
    """

    __tablename__ = "events"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own attribute

    id: Mapped[int] = mapped_column(primary_key=True)
    started: Mapped[datetime] = mapped_column(default=now, index=True)
    actor: Mapped[str] = mapped_column(index=True)
    verb: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    outcome: Mapped[str] = mapped_column(default=Outcome.RUNNING.value)
    tenant_id: Mapped[int | None]
    project_id: Mapped[int | None]
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


class RetentionRow(Base):
    """There only while retention removes events; those that began before `before` may go."""

    __tablename__ = "event_retention"

    before: Mapped[datetime] = mapped_column(primary_key=True)


#: One row may be changed once, from running to its end. What it tells of its beginning stays.
_ENDED_ONCE = """CREATE TRIGGER IF NOT EXISTS events_ended_once BEFORE UPDATE ON events
WHEN OLD.outcome <> 'running' OR NEW.id <> OLD.id OR NEW.started <> OLD.started
  OR NEW.actor <> OLD.actor OR NEW.verb <> OLD.verb OR NEW.subject <> OLD.subject
  OR NEW.process <> OLD.process OR NEW.tenant_id IS NOT coalesce(OLD.tenant_id, NEW.tenant_id)
  OR NEW.project_id IS NOT coalesce(OLD.project_id, NEW.project_id)
BEGIN SELECT RAISE(ABORT, 'the history is not changed'); END"""
_KEPT = """CREATE TRIGGER IF NOT EXISTS events_kept BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM event_retention WHERE OLD.started < before)
BEGIN SELECT RAISE(ABORT, 'the history is not removed'); END"""
#: INSERT OR REPLACE removes a row without asking the trigger above (sqlite.org/lang_conflict.html).
_NOT_REPLACED = """CREATE TRIGGER IF NOT EXISTS events_not_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the history is not replaced'); END"""

#: All that events are filtered by stands in one full-text index: the words a person may look for,
#: and one made-up word for each of tenant, project, actor, verb and outcome. So any mix of filters
#: is one look-up that meets the newest events first; no mix needs an index of its own.
_INDEX = """CREATE VIRTUAL TABLE IF NOT EXISTS events_search
USING fts5(words, facets, content='', tokenize='unicode61 remove_diacritics 2', prefix='2 3')"""


#: What the index holds of a row; it forgets a row only when told exactly what it held.
_HELD = """ROW.id, ROW.verb || ' ' || ROW.subject || ' ' || ROW.note || ' ' || ROW.actor,
'o' || ROW.outcome || ' a' || hex(ROW.actor) || ' v' || hex(ROW.verb)
|| coalesce(' t' || ROW.tenant_id, '') || coalesce(' p' || ROW.project_id, '')"""
_LEARN = "INSERT INTO events_search(rowid, words, facets) VALUES (HELD);".replace(
    "HELD", _HELD.replace("ROW", "NEW")
)
_FORGET = (
    "INSERT INTO events_search(events_search, rowid, words, facets) VALUES ('delete', HELD);"
).replace("HELD", _HELD.replace("ROW", "OLD"))


def _after(change: str, *acts: str) -> str:
    name = f"events_search_{change.lower()}"
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {change} ON events BEGIN {' '.join(acts)} END"
    )


def facet(kind: str, value: str) -> str:
    """The made-up word for an actor ("a") or a verb ("v"), as `_indexed` makes it."""
    return kind + value.encode().hex()


beyond(
    "events_search",
    _INDEX,
    _after("INSERT", _LEARN),
    _after("UPDATE", _FORGET, _LEARN),
    _after("DELETE", _FORGET),
)
beyond("events_guards", _ENDED_ONCE, _KEPT, _NOT_REPLACED)
