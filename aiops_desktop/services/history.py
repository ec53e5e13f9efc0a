"""The history: every verb leaves an event, even one that a crash cut off."""

from __future__ import annotations

import csv
import io
import json
import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.events import MOST, Event, EventFilter, Known, Outcome, Trimmed
from aiops_desktop.domain.trouble import Clash, NotTrusted, Refused, Stopped, Trouble

if TYPE_CHECKING:
    from aiops_desktop.storage.events import EventStore

_log = logging.getLogger(__name__)

#: Characters of a tool's output that an event keeps, from its end.
OUTPUT = 20_000
_COLUMNS = tuple(item.name for item in fields(Event) if item.name != "output")
_INTERRUPTED = "The program ended in the middle of this."


@dataclass
class Entry:
    """An event in the making; the verb adds what it learns, and `steps` what it did on its way.

    `tenant_id` and `project_id` are for verbs that only make the tenant or project.
    """

    id: int
    note: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    output: str = ""
    tenant_id: int | None = None
    project_id: int | None = None
    steps: list[str] = field(default_factory=list)


class History:
    """Writes and reads events.

    Args of the constructor: `actor` names the person at the desk; `scrub` removes secrets; `mark`
    names this process, and `living` tells whether the process with such a mark still runs;
    `cared_for` gives the events of work that outlives its process and that somebody still follows.
    """

    def __init__(
        self,
        store: EventStore,
        *,
        actor: Callable[[], str],
        scrub: Callable[[str], str],
        mark: str,
        living: Callable[[str], bool],
        cared_for: Callable[[], Collection[int | None]] = frozenset,
    ) -> None:
        self._store = store
        self._actor = actor
        self._scrub = scrub
        self._mark = mark
        self._living = living
        self._cared_for = cared_for
        self._here = threading.local()

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
        What one verb does through another leaves no event of its own but a line in its output.
        """
        outer: Entry | None = getattr(self._here, "entry", None)
        if outer is not None:
            with self._step(outer, verb, subject) as entry:
                yield entry
            return
        number = self._add(verb, subject, tenant_id, project_id, actor)
        entry = self._here.entry = Entry(number)
        begun = time.monotonic()
        outcome = Outcome.DONE
        try:
            yield entry
        except (Stopped, KeyboardInterrupt):
            outcome = Outcome.STOPPED
            raise
        except Trouble as trouble:
            refused = isinstance(trouble, (Refused, Clash, NotTrusted))
            outcome = Outcome.REFUSED if refused else Outcome.FAILED
            entry.note = trouble.what
            entry.output = entry.output or trouble.detail
            raise
        except BaseException as error:
            outcome = Outcome.FAILED
            entry.note = f"An error of the program itself: {type(error).__name__}."
            raise
        finally:
            self._here.entry = None
            self._end(entry, outcome, time.monotonic() - begun)

    @contextmanager
    def at_door(self, verb: str, subject: str) -> Iterator[None]:
        """See that what a door does leaves an event: its own, or this one when it left none."""
        before = self._left()
        try:
            yield
        except BaseException:
            if self._left() == before:
                with self.doing(verb, subject):
                    raise
            raise
        if self._left() == before:
            try:
                with self.doing(verb, subject):
                    pass
            except Trouble as trouble:  # it is done all the same
                _log.warning("The event of “%s” was not written: %s", verb, trouble.what)

    def begin(
        self,
        verb: str,
        subject: str,
        *,
        tenant_id: int | None = None,
        project_id: int | None = None,
        actor: str = "",
    ) -> int:
        """The same for work that outlives the call (a run, a deployment); the event's id.

        Such work may outlive this process, too: `recover` leaves its event to whoever follows it,
        once that one has remembered the id.
        """
        return self._add(verb, subject, tenant_id, project_id, actor)

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
        self._store.end(
            event_id,
            Outcome(outcome),
            note=self._scrub(note),
            facts=self._clean(facts or {}),
            output=self._scrub(output)[-OUTPUT:],
        )

    def all(self, wanted: EventFilter = EventFilter()) -> list[Event]:  # noqa: B008 - frozen
        """Events, newest first, without their output."""
        return self._store.all(wanted)

    def get(self, event_id: int) -> Event:
        """One event with its output.

        Raises:
            Missing: it is not there.
        """
        return self._store.get(event_id)

    def count(self, wanted: EventFilter) -> int:
        """How many events fit, whatever the filter's limit; `MOST` stands for that and more."""
        return self._store.count(replace(wanted, limit=None, before=None), MOST)

    def last(self, actor: str) -> datetime | None:
        """When the newest event of somebody began."""
        return self._store.last(actor)

    def known(self) -> Known:
        """Who and what there is to choose from."""
        return self._store.known()

    def export(self, wanted: EventFilter, kind: str) -> str:
        """The filtered events as text; `kind` is "csv" or "json".

        Raises:
            Refused: another kind.
        """
        return "".join(self.exported(wanted, kind))

    def exported(self, wanted: EventFilter, kind: str) -> Iterator[str]:
        """The same piece by piece: a million events need not be in memory at once.

        It leaves an event itself, which is not among those exported.

        Raises:
            Refused: another kind.
        """
        with self.doing("export history", kind) as entry:
            if kind not in _FORMS:
                raise Refused(
                    f"“{kind}” is no form of export.", "Choose csv or json.", field="kind"
                )
            older = entry.id if wanted.before is None else min(wanted.before, entry.id)
            yield from _FORMS[kind](self._store.portions(replace(wanted, before=older)))

    def trim(self, days: int) -> Trimmed:
        """Remove what is older than so many days and has ended; 0 keeps all.

        It leaves an event itself when something went.
        """
        before = datetime.now(UTC) - timedelta(days=days)
        count = 0
        if days > 0 and self._store.any_before(before):
            with self.doing("trim history", f"before {before:%Y-%m-%d}") as entry:
                count = self._store.trim(before)
                entry.facts = {"events": str(count), "kept": f"{days} days"}
        return Trimmed(count, before, Changes(Touched.HISTORY if count else Touched.NOTHING))

    def recover(self) -> list[Event]:
        """Mark what a dead process left running as interrupted; those events, for the notice."""
        return self._store.recover(self._living, self._cared_for(), _INTERRUPTED)

    def _add(
        self,
        verb: str,
        subject: str,
        tenant_id: int | None,
        project_id: int | None,
        actor: str,
    ) -> int:
        self._here.left = self._left() + 1
        return self._store.add(
            verb,
            self._scrub(subject),
            actor=actor or self._actor(),
            process=self._mark,
            tenant_id=tenant_id,
            project_id=project_id,
        )

    def _left(self) -> int:
        """How many events this thread has left."""
        return int(getattr(self._here, "left", 0))

    @contextmanager
    def _step(self, outer: Entry, verb: str, subject: str) -> Iterator[Entry]:
        """A verb inside a verb."""
        entry, outcome = Entry(outer.id), ""
        try:
            yield entry
        except Trouble as trouble:
            outcome = f": {trouble.what}"
            raise
        finally:
            outer.steps.append(f"{verb} {subject}{outcome}")

    def _end(self, entry: Entry, outcome: Outcome, seconds: float) -> None:
        try:
            self._store.end(
                entry.id,
                outcome,
                seconds=seconds,
                note=self._scrub(entry.note),
                facts=self._clean(entry.facts),
                output=self._scrub("\n".join([*entry.steps, entry.output]))[-OUTPUT:],
                tenant_id=entry.tenant_id,
                project_id=entry.project_id,
            )
        except Trouble as trouble:
            # What the verb itself has to say matters more; the next start finds the open event.
            _log.warning("The end of event %s was not written: %s", entry.id, trouble.what)

    def _clean(self, facts: dict[str, str]) -> dict[str, str]:
        return {name: self._scrub(str(value)) for name, value in facts.items()}


def _as_json(portions: Iterator[list[Event]]) -> Iterator[str]:
    mark = "[\n"
    for portion in portions:
        for event in portion:
            yield mark + json.dumps(_plain(event), ensure_ascii=False)
            mark = ",\n"
    yield "[]\n" if mark == "[\n" else "\n]\n"


def _as_csv(portions: Iterator[list[Event]]) -> Iterator[str]:
    sheet = io.StringIO()
    writer = csv.writer(sheet, lineterminator="\r\n")  # RFC 4180
    writer.writerow(_COLUMNS)
    for portion in portions:
        for event in portion:
            told = _plain(event)
            writer.writerow([_cell(told[name]) for name in _COLUMNS])
        yield sheet.getvalue()
        sheet.seek(0)
        sheet.truncate()
    yield sheet.getvalue()


_FORMS: dict[str, Callable[[Iterator[list[Event]]], Iterator[str]]] = {
    "json": _as_json,
    "csv": _as_csv,
}


def _plain(event: Event) -> dict[str, object]:
    told = asdict(event)
    return {**told, "started": event.started.isoformat(), "outcome": event.outcome.value}


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if isinstance(value, dict):
        value = "; ".join(f"{name}: {told}" for name, told in value.items())
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return "" if value is None else value
