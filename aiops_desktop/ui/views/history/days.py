"""Events a day under its heading, and how each event is said in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from PySide6.QtCore import QDate, QLocale

from aiops_desktop.domain.events import Event, EventFilter, Outcome
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.parts.rows import Cell, Section
from aiops_desktop.ui.text import counted, duration, moment, tr
from aiops_desktop.ui.views import told

#: Tones of outcomes whose word is coloured, too; the others are quiet.
_LOUD = {Outcome.FAILED, Outcome.REFUSED, Outcome.INTERRUPTED, Outcome.RUNNING}

#: Events read at once; older ones follow when the table is scrolled to its end.
PORTION = 300
#: Days a period goes back; None: all.
PERIODS: tuple[tuple[str, int | None], ...] = (
    ("Today", 0),
    ("Last 7 days", 7),
    ("Last 30 days", 30),
    ("Last 180 days", 180),
    ("Any time", None),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the filter bar says; `days` as in PERIODS."""

    text: str = ""
    actor: str = ""
    verb: str = ""
    outcome: Outcome | None = None
    days: int | None = 7
    subject: str = ""
    tenant_id: int | None = None

    def asked(self, project_id: int | None, now: datetime | None = None) -> EventFilter:
        """As the history takes it; without a project for everything."""
        since = None
        if self.days is not None:
            today = (now or datetime.now(UTC)).astimezone()
            midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
            since = (midnight - timedelta(days=self.days)).astimezone(UTC)
        return EventFilter(
            self.text.strip(),
            self.actor,
            self.verb,
            self.outcome,
            project_id=project_id,
            since=since,
            limit=None,
            subject=self.subject,
            tenant_id=self.tenant_id,
        )

    @property
    def narrowed(self) -> int:
        """How many of the choices beside the period are set."""
        return sum(map(bool, (self.actor, self.verb, self.outcome, self.subject)))


@dataclass(frozen=True, slots=True)
class Opened(Section):
    """The row under an event that shows its details. No heading, but nothing to choose either."""

    event: Event | None = None
    height: int = 120


def by_day(
    events: Sequence[Event], today: date | None = None, *, more: bool = False
) -> Iterator[Section | Event]:
    """The events, newest first, each day under its heading.

    With `more` to come the last day's number is not known yet.
    """
    last = events[-1] if events and more else None
    for day, group in groupby(events, lambda event: event.started.astimezone().date()):
        of_day = list(group)
        count = counted(len(of_day), "{n} entry", "{n} entries")
        if of_day[-1] is last:
            count = ""
        yield Section(day_title(day, today), count)
        yield from of_day


def day_title(day: date, today: date | None = None) -> str:
    """Such as "Today, Sunday 22 November"; other years carry theirs."""
    today = today or datetime.now().astimezone().date()
    locale, there = QLocale(), QDate(day.year, day.month, day.day)
    words = f"{locale.dayName(there.dayOfWeek())} {day.day} {locale.monthName(day.month)}"
    if day.year != today.year:
        words = f"{words} {day.year}"
    if day == today:
        return tr("Today, {day}", day=words)
    if day == today - timedelta(days=1):
        return tr("Yesterday, {day}", day=words)
    return words


def cells(
    event: Event, *, opened: bool, within: str, tenant: Tenant | None = None
) -> tuple[Cell, ...]:
    """The row of an event: caret, when, who, what, on what, outcome, took.

    The tenant is shown by its colour where events of several stand together.
    """
    about, note = told.subject(event, within=within)
    if about == within:
        about = within.rpartition(" / ")[2]
    icon, tone, word = told.outcome_look(event.outcome)
    loud = tone if event.outcome in _LOUD else "muted"
    is_id = event.verb in {"commit", "amend"} and bool(event.facts.get("commit"))
    return (
        Cell("", "caret-down" if opened else "caret-right", tip=tr("Details")),
        Cell(f"{event.started.astimezone():%H:%M}", text_tone="muted", tip=moment(event.started)),
        Cell(event.actor, told.actor_icon(event.actor)),
        Cell(told.verb_title(event.verb)),
        Cell(
            about,
            mono=is_id,
            aside=note,
            dots=(tenant.colour,) if tenant else (),
            tip=": ".join(part for part in (tenant.name if tenant else "", about, note) if part),
        ),
        Cell(word, icon, tone, text_tone=loud),
        Cell(duration(event.seconds), text_tone="muted", flush=True),
    )


def row_name(event: Event) -> str:
    """What a screen reader says of a row."""
    _, _, word = told.outcome_look(event.outcome)
    parts = (moment(event.started), event.actor, event.verb, event.subject, word, event.note)
    return ", ".join(part for part in parts if part)
