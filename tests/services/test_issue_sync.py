"""Syncing issues: everything once, nothing lost, whatever happens on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.forges import Limited, NotAllowed, Rejected, Unanswered, Unreachable
from aiops_desktop.domain.issues import IssueFilter, IssueState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Refused, Stopped, Trouble
from aiops_desktop.jobs.job import Job
from tests.support.issues import Tracker, tracker
from tests.support.memory_forge import MemoryForge


@pytest.fixture
def here(layout: Layout) -> Tracker:
    return tracker(layout)


@pytest.fixture
def forge(here: Tracker) -> MemoryForge:
    return here.linked(here.ground.project(here.ground.tenant()))


def failing(trouble: BaseException) -> Callable[[str], None]:
    def fail(_name: str) -> None:
        raise trouble

    return fail


def test_the_first_sync_brings_everything_and_the_next_one_only_what_changed(
    here: Tracker, forge: MemoryForge
) -> None:
    for number in range(8):
        forge.add(f"issue {number}")
    forge.wait(hours=1)
    forge.edit(2, state="closed", closed=True)
    first = here.sync()
    assert (first.seen, first.fresh, first.swept) == (8, 8, True)
    assert [issue.state for issue in here.shown()].count(IssueState.CLOSED) == 1
    forge.asked.clear()
    forge.wait(hours=1)
    forge.edit(5, title="changed")
    forge.add("new")
    second = here.sync()
    assert (second.fresh, second.swept) == (2, False)
    assert forge.asked.count("issues") <= 2, "a delta asks for little"
    assert here.titles(text="changed") == ["changed"]
    assert here.titles(text="new") == ["new"]


def test_id_and_visible_number_are_both_kept(here: Tracker, forge: MemoryForge) -> None:
    forge.add("one", external_id="90017")
    here.sync()
    assert [(one.external_id, one.number) for one in here.shown()] == [("90017", 1)]


def test_states_are_normalised_and_the_forge_s_word_is_kept(
    here: Tracker, forge: MemoryForge
) -> None:
    forge.add("a", state="opened")
    forge.add("b", state="opened", labels=("workflow::In dev",))
    forge.add("c", state="Erledigt")
    here.sync()
    assert [(one.state, one.original) for one in here.shown()] == [
        (IssueState.OPEN, "opened"),
        (IssueState.ACTIVE, "opened"),
        (IssueState.CLOSED, "Erledigt"),
    ]


def test_an_issue_that_slips_between_two_pages_is_found(here: Tracker, forge: MemoryForge) -> None:
    """An issue of the first page changes meanwhile and moves to the end: the others move up."""
    for number in range(6):
        forge.add(f"issue {number + 1}")
    left = [2]

    def change(name: str) -> None:
        if name == "issues" and forge.asked.count("issues") == 2 and left:
            forge.edit(left.pop())

    forge.before = change
    here.sync()
    assert len(here.shown()) == 6


def test_deleted_moved_and_hidden_issues_are_found_by_the_daily_look_around(
    here: Tracker, forge: MemoryForge
) -> None:
    for number in range(4):
        forge.add(f"issue {number + 1}")
    here.sync()
    forge.delete(1)
    forge.edit(2, moved=True)
    here.ahead = timedelta(hours=2)
    assert here.sync().gone == 0, "a delta never says that something is gone"
    assert "issue 1" in here.titles()
    here.ahead = timedelta(hours=25)
    swept = here.sync()
    assert swept.swept
    assert here.titles() == ["issue 3", "issue 4"]
    assert here.titles(gone=True) == ["issue 1", "issue 2"]


def test_an_issue_that_comes_back_is_shown_again(here: Tracker, forge: MemoryForge) -> None:
    forge.add("one")
    here.sync()
    kept = forge.items.pop(1)
    here.sync(sweep=True)
    assert here.titles() == []
    forge.items[1] = kept
    here.sync(sweep=True)
    assert here.titles() == ["one"]


def test_an_issue_missing_from_the_list_is_looked_at_before_it_counts_as_gone(
    here: Tracker, forge: MemoryForge
) -> None:
    for number in range(7):
        forge.add(f"issue {number + 1}")
    here.sync()

    def delete_first(name: str) -> None:
        if name == "issues" and 1 in forge.items and forge.asked.count("issues") == at + 3:
            forge.delete(1)  # everything behind it moves up by one, between two pages

    at = forge.asked.count("issues")
    forge.before = delete_first
    here.sync(sweep=True)
    here.sync(sweep=True)
    assert here.titles() == [f"issue {number}" for number in range(2, 8)]


def test_comments_of_open_issues_are_read_so_that_they_can_be_searched(
    here: Tracker, forge: MemoryForge
) -> None:
    forge.add("quiet")
    forge.add("discussed")
    forge.say(2, "Two seconds it is.")
    here.sync()
    assert here.titles(text="seconds") == ["discussed"]
    forge.say(2, "Make it four.")
    here.sync()
    assert here.titles(text="four") == ["discussed"]
    assert forge.asked.count("comments") == 2


def test_a_failure_stands_at_its_link_by_name_until_the_next_good_sync(
    here: Tracker, forge: MemoryForge
) -> None:
    forge.add("one")
    here.sync()
    forge.before = failing(Rejected("GitLab refuses the token.", "Rotate it."))
    for _time in range(3):
        with pytest.raises(Rejected):
            here.sync()
    (state,) = here.issues.syncs()
    assert (state.title, state.what, state.hint) == (
        "GitLab: a/b", "GitLab refuses the token.", "Rotate it."
    )  # fmt: skip
    assert state.failures == 3
    assert here.titles() == ["one"], "what is known stays"
    assert here.doors.integrations[1].what == "GitLab refuses the token."
    forge.before = lambda _name: None
    here.sync()
    assert here.doors.integrations[1].what == ""
    (state,) = here.issues.syncs()
    assert (state.failures, state.what) == (0, "")


def test_pauses_grow_with_failures_and_are_never_exact(here: Tracker, forge: MemoryForge) -> None:
    forge.before = failing(Unreachable("Nobody answers."))
    pauses = []
    for _time in range(9):
        with pytest.raises(Unreachable):
            here.sync()
        state = here.issues.syncs()[0]
        assert state.due is not None
        assert state.tried is not None
        pauses.append(round((state.due - state.tried).total_seconds()))
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    here.issues._syncer._chance = lambda: 0.0
    with pytest.raises(Unreachable):
        here.sync()
    state = here.issues.syncs()[0]
    assert state.due is not None
    assert state.tried is not None
    assert round((state.due - state.tried).total_seconds()) == 2880


def test_a_forge_that_wants_rest_gets_it(here: Tracker, forge: MemoryForge) -> None:
    until = datetime.now(UTC) + timedelta(hours=5)
    forge.before = failing(Limited("Too many requests.", until=until))
    with pytest.raises(Limited):
        here.sync()
    assert here.issues.syncs()[0].due == until


def test_syncs_are_due_at_once_and_then_after_a_pause(here: Tracker, forge: MemoryForge) -> None:
    assert [state.link_id for state in here.issues.due()] == [here.links[0].id]
    here.sync()
    assert here.issues.due() == []
    here.ahead = timedelta(seconds=301)
    assert len(here.issues.due()) == 1


def test_one_failing_link_does_not_stop_the_others(here: Tracker, forge: MemoryForge) -> None:
    other = here.linked(here.ground.project(here.ground.tenant("Brix")), "Other")
    forge.before = failing(Unreachable("Nobody answers."))
    other.add("fine")
    told = here.issues.sync_all(here.issues.syncs(), Job("Sync"), lambda _done: None)
    assert [isinstance(one, Trouble) for one in told] == [True, False]
    assert here.titles() == ["fine"]


def test_a_disabled_integration_is_left_alone(here: Tracker, forge: MemoryForge) -> None:
    only = next(iter(here.doors.integrations))
    here.doors.integrations[only] = replace(here.doors.integrations[only], enabled=False)
    assert here.issues.syncs() == []
    with pytest.raises(Refused, match="switched off"):
        here.sync()
    assert forge.asked == []


def test_stop_keeps_what_came_and_the_next_sync_brings_the_rest(
    here: Tracker, forge: MemoryForge
) -> None:
    for number in range(7):
        forge.add(f"issue {number}")
    job = Job("Sync")
    forge.before = lambda name: job.stop() if forge.asked.count("issues") == 2 else None
    with pytest.raises(Stopped):
        here.issues.sync(here.links[0].id, job)
    assert 0 < len(here.shown()) < 7
    state = here.issues.syncs()[0]
    assert (state.cursor, state.failures) == (None, 0)
    forge.before = lambda _name: None
    here.sync()
    assert len(here.shown()) == 7


def test_a_server_that_went_back_in_time_is_believed_by_the_look_around(
    here: Tracker, forge: MemoryForge
) -> None:
    forge.add("as in the backup")
    backup = forge.items[1]
    forge.edit(1, title="lost with the server")
    here.sync()
    forge.items[1] = backup
    here.sync(sweep=True)
    assert here.titles() == ["as in the backup"]


def test_a_quiet_sync_leaves_events_only_when_its_luck_turns(
    here: Tracker, forge: MemoryForge
) -> None:
    def events() -> list[tuple[str, Outcome]]:
        found = here.ground.history.all(EventFilter())
        return [(one.verb, one.outcome) for one in found if one.verb == "sync issues"]

    def quiet() -> None:
        with contextlib.suppress(Trouble):
            here.issues.sync(here.links[0].id, Job("Sync"), quiet=True)

    quiet()
    quiet()
    assert events() == []
    forge.before = failing(Unanswered("No answer."))
    quiet()
    quiet()
    assert events() == [("sync issues", Outcome.FAILED)]
    forge.before = lambda _name: None
    quiet()
    assert events() == [("sync issues", Outcome.DONE), ("sync issues", Outcome.FAILED)]
    here.sync()
    assert len(events()) == 3, "one that a person asked for always leaves one"


def test_labels_and_people_to_choose_from_come_with_the_first_sync(
    here: Tracker, forge: MemoryForge
) -> None:
    forge.add("one")
    here.sync()
    (state,) = here.issues.syncs()
    assert [label.name for label in state.labels] == ["bug", "ops"]
    assert [person.login for person in state.members] == ["ann", "jonas"]
    assert state.login == "ann"


def test_an_account_that_may_not_list_people_still_syncs(here: Tracker, forge: MemoryForge) -> None:
    def refuse(name: str) -> None:
        if name == "members":
            raise NotAllowed("It may not.")

    forge.before = refuse
    forge.add("one")
    here.sync()
    assert here.titles() == ["one"]


def test_boards_of_two_tenants_never_mix(here: Tracker, forge: MemoryForge) -> None:
    brix = here.ground.tenant("Brix")
    other = here.linked(here.ground.project(brix), "Other")
    forge.add("ours")
    other.add("theirs")
    for link in here.links:
        here.sync(link=link)
    board = here.issues.board(IssueFilter(tenant_id=brix.id))
    assert [one.title for one in board.issues] == ["theirs"]
    assert [state.title for state in board.syncs] == ["Other: a/b"]
    assert len(here.issues.board().issues) == 2


def test_the_pause_between_syncs_is_a_setting_that_takes_effect_at_once(
    here: Tracker, forge: MemoryForge
) -> None:
    minutes = [60]
    here.issues._minutes = lambda: minutes[0]
    here.issues._syncer._pause = lambda: 60.0 * minutes[0]
    here.sync()
    state = here.issues.syncs()[0]
    assert state.due is not None
    assert abs((state.due - here.now()).total_seconds() - 3600) < 60
    here.ahead += timedelta(minutes=10)
    assert here.issues.due() == []
    minutes[0] = 5
    assert [one.link_id for one in here.issues.due()] == [here.links[0].id]
    minutes[0] = 0
    assert here.issues.due() == []
    assert not here.issues.syncs()[0].alone
