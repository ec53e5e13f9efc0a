"""The history: who did what to what, when, with which outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from aiops_desktop.domain.changes import Changes

#: Events of a filter are counted up to here; nobody needs to know more exactly.
MOST = 10_000


class Outcome(StrEnum):
    """How it ended."""

    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    """The program ended in the middle of it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the history.

    Attributes:
        verb: such as "clone", "push", "run", "deploy", "create tenant".
        subject: on what, as a person would name it.
        note: a few words more ("3 new commits").
        facts: further name → value pairs for the details; never a secret.
        output: the tail of what the tool printed, scrubbed.
        seconds: duration; None while it runs.
    """

    id: int
    started: datetime
    actor: str
    verb: str
    subject: str
    outcome: Outcome
    tenant_id: int | None = None
    project_id: int | None = None
    note: str = ""
    seconds: float | None = None
    facts: dict[str, str] = field(default_factory=dict)
    output: str = ""


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which rows of the history; empty values mean all.

    Attributes:
        text: words, or beginnings of words, of verb, subject, note and actor; all must be there.
        subject: on what exactly, for the history of one key, session or project.
        before: only events older than the one with this number: the next page.
        limit: rows at most; None: all.
    """

    text: str = ""
    actor: str = ""
    verb: str = ""
    outcome: Outcome | None = None
    tenant_id: int | None = None
    project_id: int | None = None
    since: datetime | None = None
    limit: int | None = 500
    subject: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Who and what the history tells of, in the order of the alphabet."""

    actors: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What retention took away: `count` events that began before `before`."""

    count: int
    before: datetime
    changes: Changes
