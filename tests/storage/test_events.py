"""The history in the database: found by any mix of filters, and never changed behind its back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from aiops_desktop.domain.events import Event, EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.storage.database import Database
from aiops_desktop.storage.events import EventStore
from aiops_desktop.storage.open import open_database

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def database(layout: Layout) -> Database:
    return open_database(layout)


@pytest.fixture
def store(database: Database) -> EventStore:
    """Five days of one event each for two tenants; the last one still runs."""
    made = EventStore(database)
    rows = [
        ("Ann", "push", "main → origin", 1, 1, Outcome.DONE, "3 new commits"),
        ("Jürgen", "push", "main → origin", 1, 1, Outcome.REFUSED, "not a fast-forward"),
        ("Ann", "deploy", "git.acme.example to staging", 1, 2, Outcome.FAILED, "web5 failed"),
        ("Ann", "push", "trunk → origin", 2, 3, Outcome.DONE, ""),
        ("Codex", "run", "Straße: 8e41c07b", 2, 3, Outcome.RUNNING, ""),
    ]
    for day, (actor, verb, subject, tenant, project, outcome, note) in enumerate(rows):
        number = made.add(
            verb, subject, actor=actor, process="", tenant_id=tenant, project_id=project
        )
        with database.write() as session:
            # Only a test sets the clock back; the guard would refuse.
            session.execute(text("DROP TRIGGER events_ended_once"))
            session.execute(
                text("UPDATE events SET started = :at WHERE id = :id"),
                {"at": f"{START + timedelta(days=day):%Y-%m-%d %H:%M:%S.%f}", "id": number},
            )
        _guard(database)
        if outcome is not Outcome.RUNNING:
            made.end(number, outcome, seconds=1.0, note=note)
    return made


def _guard(database: Database) -> None:
    from aiops_desktop.storage.tables import make_beyond

    with database.engine.begin() as connection:
        make_beyond(connection)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (EventFilter(), [5, 4, 3, 2, 1]),
        (EventFilter(limit=2), [5, 4]),
        (EventFilter(limit=2, before=4), [3, 2]),
        (EventFilter(actor="Ann"), [4, 3, 1]),
        (EventFilter(actor="ann"), []),
        (EventFilter(actor="Jürgen"), [2]),
        (EventFilter(verb="push", outcome=Outcome.DONE), [4, 1]),
        (EventFilter(verb="push", tenant_id=1), [2, 1]),
        (EventFilter(project_id=3, outcome=Outcome.RUNNING), [5]),
        (EventFilter(tenant_id=3), []),
        (EventFilter(subject="main → origin"), [2, 1]),
        (EventFilter(subject="main"), []),
        (EventFilter(subject="→"), []),
        (EventFilter(text="fast-forward"), [2]),
        (EventFilter(text="orig ma"), [2, 1]),
        (EventFilter(text="ACME.exam"), [3]),
        (EventFilter(text="strasse"), []),
        (EventFilter(text="STRAße 8e41"), [5]),
        (EventFilter(text="jurgen"), [2]),
        (EventFilter(text="running"), []),
        (EventFilter(text='"'), [5, 4, 3, 2, 1]),
        (EventFilter(text='" OR x* NEAR( : ^ - "'), []),
        (EventFilter(text="push AND"), []),
        (EventFilter(text="\0push"), [4, 2, 1]),
        (EventFilter(since=START + timedelta(days=3)), [5, 4]),
        (EventFilter(since=START + timedelta(days=9)), []),
        (EventFilter(since=START + timedelta(days=1), verb="push", text="main"), [2]),
    ],
)
def test_any_mix_of_filters_finds_the_newest_first(
    store: EventStore, wanted: EventFilter, found: list[int]
) -> None:
    assert [event.id for event in store.all(wanted)] == found


def test_a_search_says_the_same_as_looking_at_every_event(store: EventStore) -> None:
    everything = store.all(EventFilter(limit=None))

    def by_hand(wanted: EventFilter) -> list[Event]:
        return [
            event
            for event in everything
            if wanted.actor in ("", event.actor)
            and wanted.verb in ("", event.verb)
            and wanted.outcome in (None, event.outcome)
            and wanted.tenant_id in (None, event.tenant_id)
            and wanted.project_id in (None, event.project_id)
        ]

    for actor in ("", "Ann", "Codex"):
        for verb in ("", "push", "run"):
            for outcome in (None, *Outcome):
                for tenant in (None, 1, 2):
                    for project in (None, 1, 3):
                        wanted = EventFilter("", actor, verb, outcome, tenant, project)
                        assert store.all(wanted) == by_hand(wanted), wanted


def test_all_pages_together_are_the_whole(store: EventStore) -> None:
    portions = list(store.portions(EventFilter(limit=None)))
    assert [event.id for portion in portions for event in portion] == [5, 4, 3, 2, 1]
    (two,) = store.portions(EventFilter(limit=2))
    assert [event.id for event in two] == [5, 4]


def test_events_are_counted_so_far(store: EventStore) -> None:
    assert store.count(EventFilter(limit=None), 100) == 5
    assert store.count(EventFilter(verb="push", limit=None), 100) == 3
    assert store.count(EventFilter(limit=None), 4) == 4


def test_who_and_what_there_is(store: EventStore) -> None:
    known = store.known()
    assert known.actors == ("Ann", "Codex", "Jürgen")
    assert known.verbs == ("deploy", "push", "run")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET note = 'nothing happened' WHERE id = 1",
        "UPDATE events SET outcome = 'done' WHERE id = 2",
        "UPDATE events SET actor = 'Mallory' WHERE id = 5",
        "UPDATE events SET started = '2020-01-01' WHERE id = 5",
        "UPDATE events SET id = 99 WHERE id = 5",
        "UPDATE events SET tenant_id = 1 WHERE id = 5",
        "UPDATE events SET project_id = NULL WHERE id = 5",
        "DELETE FROM events",
        "DELETE FROM events WHERE id = 5",
        "INSERT OR REPLACE INTO events (id, started, actor, verb, subject, outcome, note, facts, "
        "output, process) VALUES (1, '2020-01-01', 'M', 'x', 'y', 'done', '', '{}', '', '')",
    ],
)
def test_what_was_written_stays(store: EventStore, database: Database, statement: str) -> None:
    before = store.all(EventFilter(limit=None), output=True)
    with pytest.raises(IntegrityError, match="the history is not"), database.write() as session:
        session.execute(text(statement))
    assert store.all(EventFilter(limit=None), output=True) == before


def test_an_event_ends_once(store: EventStore) -> None:
    store.end(5, Outcome.DONE, note="2 files")
    store.end(5, Outcome.FAILED, note="something else")
    event = store.get(5)
    assert (event.outcome, event.note) == (Outcome.DONE, "2 files")
    assert [e.id for e in store.all(EventFilter(outcome=Outcome.DONE, text="files"))] == [5]
    assert store.all(EventFilter(outcome=Outcome.RUNNING)) == []


def test_retention_removes_what_is_old_and_ended_and_nothing_else(
    store: EventStore, database: Database
) -> None:
    before = START + timedelta(days=2, hours=1)
    assert store.any_before(before)
    assert store.trim(before) == 3
    assert not store.any_before(before)
    assert [event.id for event in store.all(EventFilter())] == [5, 4]
    assert store.all(EventFilter(text="fast-forward")) == [], "nor is it found any more"
    assert store.trim(START + timedelta(days=99)) == 1, "what still runs stays"
    with pytest.raises(IntegrityError), database.write() as session:
        session.execute(text("DELETE FROM events"))


def test_the_search_index_holds_what_the_events_say(store: EventStore, database: Database) -> None:
    store.trim(START + timedelta(days=1, hours=1))
    store.end(5, Outcome.STOPPED, note="enough")
    with database.write() as session:
        session.execute(
            text("INSERT INTO events_search(events_search, rank) VALUES ('integrity-check', 0)")
        )


def test_an_upgrade_puts_the_guards_back(store: EventStore, layout: Layout) -> None:
    database = open_database(layout)
    with database.engine.begin() as connection:
        names = {name for (name,) in connection.exec_driver_sql(_TRIGGERS)}
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    _guard(database)
    with database.engine.begin() as connection:
        assert {name for (name,) in connection.exec_driver_sql(_TRIGGERS)} == names
    assert len(names) >= 6


_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
