"""The history: every verb leaves an event; a crash in the middle of one is said at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiops_desktop.domain.events import Event, EventFilter


@dataclass
class Entry:
    """An event in the making; the verb adds what it learns."""

    id: int
    note: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    output: str = ""


class History:
    """Writes and reads events."""

    @contextmanager
    def doing(
        self,
        verb: str,
        subject: str,
        *,
        tenant_id: int | None = None,
        project_id: int | None = None,
        actor: str = "",
    ) -> Iterator[Entry]:
        """Record a verb: a row with outcome "running" now, its outcome and duration at the end.

        Stopped → stopped; Refused, Clash and NotTrusted → refused; other Trouble and bugs → failed,
        with the sentence as note. `actor` "" is the operator at the desk. The row is written before
        the work starts, so that a crash leaves a trace. Everything is scrubbed of known secrets.
        """
        raise NotImplementedError
        yield Entry(0)

    def begin(
        self,
        verb: str,
        subject: str,
        *,
        tenant_id: int | None = None,
        project_id: int | None = None,
        actor: str = "",
    ) -> int:
        """The same for work that outlives the call (a run, a deployment); the event's id."""
        raise NotImplementedError

    def finish(
        self,
        event_id: int,
        outcome: str,
        *,
        note: str = "",
        facts: dict[str, str] | None = None,
        output: str = "",
    ) -> None:
        """End what `begin` began."""
        raise NotImplementedError

    def all(self, wanted: EventFilter = EventFilter()) -> list[Event]:  # noqa: B008 - frozen
        """Events, newest first."""
        raise NotImplementedError

    def get(self, event_id: int) -> Event:
        """One event with its output."""
        raise NotImplementedError

    def export(self, wanted: EventFilter, kind: str) -> str:
        """The filtered events as text; `kind` is "csv" or "json"."""
        raise NotImplementedError

    def recover(self) -> list[Event]:
        """Mark what a dead process left running as interrupted; those events, for the notice."""
        raise NotImplementedError
