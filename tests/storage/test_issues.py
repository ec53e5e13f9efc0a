"""Issues in the database: taken over once, searched, filtered, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aiops_desktop.domain.forges import Comment, Label, Person
from aiops_desktop.domain.integrations import Integration, IntegrationKind, Link
from aiops_desktop.domain.issues import (
    Assigned,
    Issue,
    IssueFilter,
    IssueSort,
    IssueState,
)
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.storage.database import Database
from aiops_desktop.storage.integrations import IntegrationStore
from aiops_desktop.storage.issues import IssueStore
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.projects import ProjectStore
from aiops_desktop.storage.tenants import TenantStore

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINK = 1


@pytest.fixture
def database(layout: Layout) -> Iterator[Database]:
    made = open_database(layout)
    tenant = TenantStore(made).add(TenantDraft("Acme").checked(), "acme")
    draft = ProjectDraft(tenant.id, "git@h.example:a/b.git", "shop").checked()
    ProjectStore(made, "me").add(draft, "shop", layout.checkouts / "shop", adopted=False)
    integrations = IntegrationStore(made)
    server = Integration(0, 1, IntegrationKind.GITLAB, "GitLab", "https://h.example", "ann", START)
    integrations.add(server)
    integrations.add_link(Link(0, 1, 1, 1, "77", "a/b", "", START))
    yield made
    made.close()


@pytest.fixture
def store(database: Database) -> IssueStore:
    return IssueStore(database)


def issue(number: int, title: str = "Broken", **more: object) -> Issue:
    made = Issue(0, LINK, 1, 1, f"x{number}", number, title, IssueState.OPEN, updated=START)
    return replace(made, **more)  # type: ignore[arg-type]  # by name


def numbers(store: IssueStore, **wanted: object) -> list[int]:
    found = store.all(IssueFilter(**wanted))  # type: ignore[arg-type]  # by name
    return sorted(one.number for one in found)


def test_an_issue_told_twice_is_there_once_with_all_it_says(store: IssueStore) -> None:
    told = issue(
        7,
        "Voucher",
        state=IssueState.ACTIVE,
        original="To Do",
        body="**Slow**",
        author="ann",
        assignees=("ann", "jonas"),
        labels=("bug", "a,b"),
        milestone="2.14",
        due=date(2026, 3, 9),
        created=START,
        closed=START,
        confidential=True,
        comments=3,
        url="https://h.example/7",
    )
    assert store.put([told]) == 1
    assert store.put([told]) == 0
    (kept,) = store.all(IssueFilter())
    assert store.get(kept.id) == replace(told, id=kept.id)
    assert kept == replace(told, id=kept.id, body=""), "lists carry no texts"


def test_an_answer_that_was_overtaken_changes_nothing(store: IssueStore) -> None:
    store.put([issue(1, "new", updated=START + timedelta(seconds=9))])
    store.put([issue(1, "old")])
    assert [one.title for one in store.all(IssueFilter())] == ["new"]
    store.put([issue(1, "same second", updated=START + timedelta(seconds=9))])
    assert [one.title for one in store.all(IssueFilter())] == ["same second"]


def test_a_sweep_overrules_what_was_written_before_it_began(store: IssueStore) -> None:
    """As after a server was restored from its backup: its times went back."""
    store.put([issue(1, "known")])
    older = issue(1, "restored", updated=START - timedelta(days=1))
    store.put([older], before=START)
    assert store.all(IssueFilter())[0].title == "known"
    store.put([older], before=datetime.now(UTC) + timedelta(hours=1))
    assert store.all(IssueFilter())[0].title == "restored"


def test_the_id_stays_when_an_issue_changes(store: IssueStore) -> None:
    store.put([issue(1), issue(2)])
    before = {one.number: one.id for one in store.all(IssueFilter())}
    store.put([issue(2, "changed", updated=START + timedelta(1)), issue(3)])
    after = {one.number: one.id for one in store.all(IssueFilter())}
    assert {number: after[number] for number in before} == before


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("voucher", [1, 3]),
        ("VOUCH", [1, 3]),
        ("slow voucher", [1]),
        ("geloscht", [2]),
        ("gelöscht", [2]),
        ("voucher_timeout", [3]),
        ('"quoted', [4]),
        ("NEAR(", [5]),
        ("title:", [4, 6]),
        ("#2", [2]),
        ("2", [2, 7]),
        ("staging", [1]),
        ("nowhere", []),
        ("slow nowhere", []),
        ("  -- ", [1, 2, 3, 4, 5, 6, 7]),
    ],
)
def test_text_is_found_by_the_beginnings_of_words(
    store: IssueStore, text: str, found: list[int]
) -> None:
    store.put(
        [
            issue(1, "Checkout times out when the voucher is slow"),
            issue(2, "Ein Kommentar wurde gelöscht"),
            issue(3, "Setting", body="Change `VOUCHER_TIMEOUT` please"),
            issue(4, 'A "quoted" title'),
            issue(5, "near(ly) done"),
            issue(6, "title: with a colon"),
            issue(7, "Upgrade to 2.14"),
        ]
    )
    first = next(one for one in store.all(IssueFilter()) if one.number == 1)
    store.put_talk(first.id, [Comment("c1", "mira", "On staging, too")], START)
    assert numbers(store, text=text) == found


def test_the_search_forgets_what_was_changed_or_deleted(
    store: IssueStore, database: Database
) -> None:
    store.put([issue(1, "alpha"), issue(2, "beta")])
    store.put([issue(1, "gamma", updated=START + timedelta(1))])
    assert numbers(store, text="alpha") == []
    assert numbers(store, text="gamma") == [1]
    kept = store.all(IssueFilter(text="beta"))[0]
    store.put_talk(kept.id, [Comment("c1", "ann", "delta")], START)
    store.put_talk(kept.id, [Comment("c2", "ann", "epsilon")], START)
    assert numbers(store, text="delta") == []
    assert numbers(store, text="epsilon") == [2]
    ProjectStore(database, "me").remove(1)
    with database.engine.connect() as connection:
        for table in ("issues_text", "issue_talk_text"):
            connection.exec_driver_sql(f"INSERT INTO {table}({table}) VALUES('integrity-check')")
    assert numbers(store, text="gamma") == []


def some(store: IssueStore) -> None:
    today = datetime.now(UTC).astimezone().date()
    store.put(
        [
            issue(1, labels=("bug",), assignees=("ann",), due=today + timedelta(days=2)),
            issue(2, labels=("bug", "ops"), state=IssueState.ACTIVE, assignees=("jonas",)),
            issue(3, state=IssueState.CLOSED, labels=("bug",), due=today),
            issue(4, due=today + timedelta(days=30)),
            issue(5, due=today - timedelta(days=3)),
        ]
    )
    store.save_sync(LINK, login="ann")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"only_open": True}, [1, 2, 4, 5]),
        ({"state": IssueState.ACTIVE}, [2]),
        ({"state": IssueState.CLOSED}, [3]),
        ({"label": "bug"}, [1, 2, 3]),
        ({"label": "bug", "only_open": True}, [1, 2]),
        ({"label": "bu"}, []),
        ({"assignee": "jonas"}, [2]),
        ({"assignee": Assigned.ME}, [1]),
        ({"assignee": Assigned.NOBODY}, [3, 4, 5]),
        ({"due_within": 7, "only_open": True}, [1, 5]),
        ({"project_id": 1}, [1, 2, 3, 4, 5]),
        ({"project_id": 2}, []),
        ({"tenant_id": 2}, []),
        ({"link_id": 6}, []),
    ],
)
def test_filters_narrow(store: IssueStore, wanted: dict[str, object], found: list[int]) -> None:
    some(store)
    assert numbers(store, **wanted) == found


def test_counts_say_what_another_choice_would_show(store: IssueStore) -> None:
    some(store)
    counts = store.board(IssueFilter(project_id=1)).counts
    assert (counts.open, counts.all, counts.total, counts.gone) == (4, 5, 5, 0)
    assert (counts.mine, counts.unassigned, counts.due_soon) == (1, 2, 2)
    assert counts.labels == (("bug", 2), ("ops", 1))
    assert counts.assignees == (("ann", 1), ("jonas", 1))
    assert store.open_by_project() == {1: 4}


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"label": "bug"},
        {"label": "ops"},
        {"assignee": "ann"},
        {"assignee": Assigned.ME},
        {"assignee": Assigned.NOBODY},
        {"due_within": 7},
        {"label": "bug", "assignee": "jonas"},
        {"text": "#2"},
        {"text": "issue", "label": "bug"},
    ],
)
def test_each_count_is_what_its_choice_shows(store: IssueStore, wanted: dict[str, object]) -> None:
    some(store)
    counts = store.board(IssueFilter(**wanted)).counts  # type: ignore[arg-type]  # by name
    assert counts.total == 5
    assert counts.all == len(numbers(store, **wanted))
    assert counts.open == len(numbers(store, **{**wanted, "only_open": True}))
    for state in IssueState:
        shown = numbers(store, **{**wanted, "state": state})
        assert counts.states.get(state, 0) == len(shown)
    for name, count in counts.labels:
        assert count == len(numbers(store, **{**wanted, "only_open": True, "label": name}))
    for name, count in counts.assignees:
        assert count == len(numbers(store, **{**wanted, "only_open": True, "assignee": name}))
    pills = {**wanted, "only_open": True, "due_within": None, "assignee": ""}
    assert counts.everyones == len(numbers(store, **pills))
    assert counts.mine == len(numbers(store, **{**pills, "assignee": Assigned.ME}))
    assert counts.unassigned == len(numbers(store, **{**pills, "assignee": Assigned.NOBODY}))
    assert counts.due_soon == len(numbers(store, **{**pills, "due_within": 7}))


def test_a_list_is_cut_and_says_how_many_there_are(store: IssueStore) -> None:
    store.put([issue(number) for number in range(1, 8)])
    board = store.board(IssueFilter(limit=3))
    assert (len(board.issues), board.found) == (3, 7)
    assert board.stages == {IssueState.OPEN: 7}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (IssueSort.UPDATED, [2, 3, 1]),
        (IssueSort.CREATED, [1, 2, 3]),
        (IssueSort.NUMBER, [3, 2, 1]),
        (IssueSort.TITLE, [3, 1, 2]),
        (IssueSort.DUE, [3, 2, 1]),
        (IssueSort.ASSIGNEE, [2, 1, 3]),
        (IssueSort.MILESTONE, [1, 3, 2]),
        (IssueSort.COMMENTS, [3, 1, 2]),
    ],
)
def test_lists_are_sorted(store: IssueStore, sort: IssueSort, order: list[int]) -> None:
    day = date(2026, 3, 1)
    ago = [START - timedelta(days=n) for n in range(4)]
    store.put(
        [
            issue(
                1,
                "beta",
                updated=ago[3],
                created=ago[0],
                assignees=("Jonas",),
                milestone="2.0",
                comments=2,
            ),
            issue(
                2,
                "Gamma",
                updated=ago[1],
                created=ago[1],
                due=day + timedelta(1),
                assignees=("ann", "zoe"),
                comments=0,
            ),
            issue(3, "alpha", updated=ago[2], created=ago[2], due=day, milestone="3.0", comments=9),
            issue(9, state=IssueState.ACTIVE, updated=START - timedelta(days=99)),
        ]
    )
    assert [one.number for one in store.all(IssueFilter(sort=sort))] == [9, *order]
    backwards = [one.number for one in store.all(IssueFilter(sort=sort, backwards=True))]
    lacking = {IssueSort.DUE: 1, IssueSort.ASSIGNEE: 1, IssueSort.MILESTONE: 1}.get(sort, 0)
    known, rest = order[: 3 - lacking], order[3 - lacking :]
    assert backwards == [9, *reversed(known), *rest], "what lacks it stays last"


def test_what_is_gone_is_kept_apart_until_it_is_told_again(store: IssueStore) -> None:
    store.put([issue(1), issue(2)])
    first = store.all(IssueFilter(text="#1"))[0]
    store.set_gone([first.id], START)
    assert numbers(store) == [2]
    assert numbers(store, gone=True) == [1]
    assert store.counts(IssueFilter()).gone == 1
    assert set(store.external_ids(LINK)) == {"x2"}
    assert store.put([issue(1)]) == 1
    assert numbers(store) == [1, 2]


def test_comments_follow_the_forge_and_the_draft_stays(store: IssueStore) -> None:
    store.put([issue(1)])
    here = store.all(IssueFilter())[0].id
    first, second = Comment("a", "ann", "one", START), Comment("b", "mira", "two", START)
    store.keep_draft(here, "half a sent")
    assert store.talk(here) == ([], False, "half a sent")
    store.put_talk(here, [first, second], START)
    assert store.talk(here) == ([first, second], True, "half a sent")
    store.put_talk(here, [replace(second, body="two, edited")], START)
    assert [said.body for said in store.talk(here)[0]] == ["two, edited"]
    store.put([issue(1, "changed", updated=START + timedelta(1))])
    assert store.talk(here)[1:] == (False, "half a sent")
    store.add_comment(here, replace(first, external_id="c"))
    assert store.talk(here)[2] == ""


def test_how_a_sync_stands_is_remembered_with_its_link(
    store: IssueStore, database: Database
) -> None:
    assert store.sync(LINK, 1, 1, "GitLab").failures == 0
    store.save_sync(LINK, failures=2, what="No.", labels=(Label("bug", "#ff0000"),))
    store.save_sync(LINK, members=(Person("1", "ann", "Ann"),), cursor=START)
    now = store.sync(LINK, 1, 1, "GitLab")
    assert (now.failures, now.what, now.cursor, now.title) == (2, "No.", START, "GitLab")
    assert now.labels == (Label("bug", "#ff0000"),)
    assert now.members[0].shown == "Ann"
    store.put([issue(1)])
    IntegrationStore(database).remove_link(LINK)
    assert store.all(IssueFilter()) == []
    assert store.sync(LINK, 1, 1, "GitLab").failures == 0


def test_an_issue_that_is_not_remembered_is_missing(store: IssueStore) -> None:
    with pytest.raises(Missing):
        store.get(99)
