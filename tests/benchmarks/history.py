"""The history with a million events: a page of any filter, a search, and what there is."""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.storage.events import EventStore
from aiops_desktop.storage.open import open_database
from tests.benchmarks.result import Result, seconds

EVENTS, PROJECTS, PAGE, ROUNDS = 1_000_000, 300, 300, 7
_VERBS = ("push", "fetch", "pull", "commit", "run", "deploy", "open session", "edit key")
_ACTORS = ("Ann", "Jonas", "Mira", "Codex", "Timer")
_START = datetime(2026, 1, 1, tzinfo=UTC)
_EVERY = timedelta(seconds=20)
_INSERT = (
    "INSERT INTO events (started, actor, verb, subject, outcome, tenant_id, project_id, note, "
    "seconds, facts, output, process) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1.0, '{}', '', '')"
)
_NOW = _START + EVENTS * _EVERY
_PAGES = {
    "nothing": EventFilter(limit=PAGE),
    "deep": EventFilter(limit=PAGE, before=EVENTS // 2),
    "project": EventFilter(limit=PAGE, project_id=17),
    "project and week": EventFilter(limit=PAGE, project_id=17, since=_NOW - timedelta(days=7)),
    "actor, verb, outcome": EventFilter(
        limit=PAGE, actor="Ann", verb="push", outcome=Outcome.FAILED
    ),
    "all of them": EventFilter(
        limit=PAGE, actor="Ann", verb="push", outcome=Outcome.FAILED, project_id=17
    ),
}
_SEARCHES = {
    "rare word": EventFilter(limit=PAGE, text="w0001"),
    "beginning of words": EventFilter(limit=PAGE, text="w00"),
    "word in a project": EventFilter(limit=PAGE, text="push w1", project_id=17),
    "nothing fits": EventFilter(limit=PAGE, text="w0001 w0002 w0003 w0004"),
    "in every event": EventFilter(limit=PAGE, text="tenant project"),
}


def measure(folder: Path) -> list[Result]:
    """The worst median of several filters, and the same rows by plain SQL beside it."""
    layout = Layout(folder / "history", is_default=False)
    database = open_database(layout)
    with sqlite3.connect(layout.database) as raw:
        raw.executemany(_INSERT, _rows())
    store = EventStore(database)
    pages, searches = (
        {name: _median(partial(store.all, wanted)) for name, wanted in several.items()}
        for several in (_PAGES, _SEARCHES)
    )
    counts = {name: _median(partial(store.count, one, 10_000)) for name, one in _PAGES.items()}
    with sqlite3.connect(layout.database) as raw:
        same = "outcome = 'failed' AND actor = 'Ann' AND project_id = 17"
        plain = _median(lambda: _plain(raw, same))
        like = _median(lambda: _plain(raw, "note LIKE '%w0001%'"))
    known, add = _median(store.known), _median(lambda: _one(store))
    return [
        _worst("history.page_ms", pages, 50, f"a page of {PAGE}; plain SQL {plain:.0f} ms"),
        _worst("history.search_ms", searches, 200, f"a page of {PAGE}; SQL's LIKE {like:.0f} ms"),
        _worst("history.count_ms", counts, 100, "how many events fit, up to 10,000"),
        _worst("history.known_ms", {"all": known}, 50, "who and what there is to choose from"),
        _worst("history.write_ms", {"all": add}, 20, "an event begun and ended"),
    ]


def _rows() -> Iterator[tuple[object, ...]]:
    dice = random.Random(1)
    words = [f"w{number:04}" for number in range(5000)]
    outcomes = ("done",) * 8 + ("failed", "refused")
    for number in range(EVENTS):
        project = dice.randrange(PROJECTS)
        yield (
            f"{_START + number * _EVERY:%Y-%m-%d %H:%M:%S.%f}",
            dice.choice(_ACTORS),
            dice.choice(_VERBS),
            f"tenant-{project // 10} / project-{project}",
            dice.choice(outcomes),
            project // 10,
            project,
            " ".join(dice.choices(words, k=4)),
        )


def _plain(raw: sqlite3.Connection, where: str) -> object:
    query = f"SELECT * FROM events WHERE {where} ORDER BY id DESC LIMIT {PAGE}"
    return raw.execute(query).fetchall()


def _one(store: EventStore) -> None:
    number = store.add("push", "main → origin", actor="Ann", process="", project_id=17)
    store.end(number, Outcome.DONE, seconds=1.0, note="3 new commits")


def _median(work: Callable[[], object]) -> float:
    work()
    return statistics.median(seconds(work) * 1000 for _ in range(ROUNDS))


def _worst(name: str, times: dict[str, float], target: float, how: str) -> Result:
    told = ", ".join(f"{which} {time:.1f}" for which, time in times.items())
    about = f"{EVENTS:,} events, {how}; medians of {ROUNDS} in ms: {told}; the worst counts"
    return Result(name, max(times.values()), "ms", target, "lower", about)
