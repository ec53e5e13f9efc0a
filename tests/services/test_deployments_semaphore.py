"""Deployments through a Semaphore server: launched once, followed to the right end."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from aiops_desktop.domain.deployments import (
    DeployDraft,
    DeploymentState,
    DeploymentUpdate,
    Source,
)
from aiops_desktop.domain.events import Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Clash, Failed, NotTrusted, Refused, Stopped
from aiops_desktop.jobs.job import Job
from tests.support.deploying import COMMIT, Site, site, until_over
from tests.support.fake_semaphore import BAD, CONFIRM, ENDLESS, GOOD, FakeSemaphore
from tests.support.waiting import until


@pytest.fixture(params=["2.10", "2.16"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeSemaphore]:
    with FakeSemaphore(request.param) as made:
        yield made


@pytest.fixture
def old() -> Iterator[FakeSemaphore]:
    with FakeSemaphore("2.10") as made:
        yield made


def launch(at: Site, **more: object) -> int:
    draft = DeployDraft(at.project.id, "1", **more)  # type: ignore[arg-type]  # fields of the draft
    return at.deployments.launch(draft, Job("Deploy")).deployment.id


def followed(at: Site, deployment_id: int) -> tuple[DeploymentUpdate, list[DeploymentUpdate]]:
    seen: list[DeploymentUpdate] = []
    last = at.deployments.follow(deployment_id, Job("Follow"), seen.append)
    return last, seen


# The board ----------------------------------------------------------------------------------------


def test_the_board_shows_templates_and_their_last_result(
    layout: Layout, fake: FakeSemaphore
) -> None:
    at = site(layout, fake=fake)
    board = at.deployments.board(at.project.id)
    assert board.source is Source.SEMAPHORE
    assert "project 7" in board.why
    assert [one.name for one in board.templates] == ["Deploy the shop"]
    assert board.templates[0].last is None
    followed(at, launch(at))
    board = at.deployments.board(at.project.id)
    assert board.templates[0].last is DeploymentState.SUCCESS
    assert board.deployments[0].state is DeploymentState.SUCCESS


@pytest.mark.parametrize("kind", ["html", "401", "500", "half", "null"])
def test_the_board_never_breaks(layout: Layout, old: FakeSemaphore, kind: str) -> None:
    at = site(layout, fake=old, http_timeout=0.5)
    old.fail(kind)
    board = at.deployments.board(at.project.id)
    assert board.templates == ()
    assert bool(board.trouble) == (kind != "null")


def test_a_project_without_a_number_is_told_where_to_set_one(
    layout: Layout, old: FakeSemaphore
) -> None:
    at = site(layout, fake=old, default_project_id=0)
    board = at.deployments.board(at.project.id)
    assert board.trouble == "No Semaphore project is set for web-shop."
    assert "Settings" in board.hint


# Follow -------------------------------------------------------------------------------------------


def test_a_deployment_is_followed_to_success_with_every_line_once(
    layout: Layout, fake: FakeSemaphore
) -> None:
    at = site(layout, fake=fake)
    number = launch(at, message="for the release", dry_run=True)
    last, seen = followed(at, number)
    done = last.deployment
    assert done.state is DeploymentState.SUCCESS
    assert done.remote_id == 41
    assert (done.commit, done.operator, done.dry_run) == (COMMIT, "Ann", True)
    assert done.started is not None
    assert done.finished is not None
    whole = [line for step in GOOD for line in step[1]]
    assert [line.text for update in seen for line in update.lines] == whole
    assert [line.text for line in at.deployments.log(number)] == whole
    assert {one.host: (one.ok, one.changed) for one in last.recap} == {
        "web1": (2, 1),
        "web2": (2, 0),
    }
    assert fake.tasks[41].row["message"].startswith("for the release (aiops-")
    states = [update.deployment.state for update in seen]
    assert states.index(DeploymentState.STARTING) < states.index(DeploymentState.RUNNING)


def test_the_history_tells_what_was_deployed(layout: Layout, old: FakeSemaphore) -> None:
    at = site(layout, fake=old)
    followed(at, launch(at))
    event = at.ground.history.get(at.ground.history.all()[0].id)
    assert (event.verb, event.subject) == ("deploy", "web-shop: Deploy the shop")
    assert event.outcome is Outcome.DONE
    assert event.facts["commit"] == COMMIT
    assert event.facts["task"] == "41"
    assert "PLAY RECAP" in event.output


def test_an_error_names_the_hosts(layout: Layout, fake: FakeSemaphore) -> None:
    fake.story = BAD
    at = site(layout, fake=fake)
    last, _seen = followed(at, launch(at))
    assert last.deployment.state is DeploymentState.ERROR
    assert last.deployment.message == "Failed on web1."
    assert at.ground.history.all()[0].outcome is Outcome.FAILED


def test_a_stopped_task_is_stopped_whatever_the_server_calls_it(
    layout: Layout, fake: FakeSemaphore
) -> None:
    fake.story = ENDLESS
    at = site(layout, fake=fake)
    number = launch(at)
    for _ in range(4):
        at.deployments.update(number)
    stopping = at.deployments.stop(number, Job("Stop")).deployment
    assert stopping.state in {DeploymentState.STOPPING, DeploymentState.STOPPED}
    last, _seen = followed(at, number)
    assert last.deployment.state is DeploymentState.STOPPED
    assert fake.tasks[41].row["status"] == ("stopped" if fake.gated else "error")
    assert at.ground.history.all()[0].outcome is Outcome.STOPPED
    assert fake.bodies("/stop") == [{"force": False}]
    with pytest.raises(Refused, match="over already"):
        at.deployments.stop(number, Job("Stop"))


def test_what_it_waited_for_is_not_said_of_its_end(layout: Layout, fake: FakeSemaphore) -> None:
    fake.story = (("waiting", ()),) * 9
    at = site(layout, fake=fake)
    number = launch(at)
    assert "waits" in at.deployments.update(number).deployment.message
    at.deployments.stop(number, Job("Stop"))
    last, _seen = followed(at, number)
    assert last.deployment.state is DeploymentState.STOPPED
    assert last.deployment.message == ""
    assert at.ground.history.all()[0].note == ""


def test_a_stop_that_comes_too_early_for_the_server_says_that_it_ran_on(
    layout: Layout, old: FakeSemaphore
) -> None:
    """2.10 notes a stop while it prepares, runs the playbook, and calls it “stopping” for ever."""
    old.preparing = True
    old.story = (*GOOD[:3], ("running", ("TASK [app : Restart] ****",)), GOOD[3])
    at = site(layout, fake=old)
    number = launch(at)
    for _ in range(2):
        at.deployments.update(number)
    stopping = at.deployments.stop(number, Job("Stop")).deployment
    assert stopping.state is DeploymentState.STOPPING
    last, _seen = followed(at, number)
    assert old.tasks[41].row["status"] == "stopping"
    assert last.deployment.state is DeploymentState.WARNING
    assert "did not carry it out: it ran to its end" in last.deployment.message
    assert last.deployment.finished is not None


def test_a_stop_reaches_what_waits_for_confirmation(layout: Layout, fake: FakeSemaphore) -> None:
    """Asked gently, servers let it wait on for ever."""
    fake.story = CONFIRM
    at = site(layout, fake=fake)
    number = launch(at)
    until(lambda: at.deployments.update(number).deployment.state is DeploymentState.CONFIRMING)
    at.deployments.stop(number, Job("Stop"))
    last, _seen = followed(at, number)
    assert last.deployment.state is DeploymentState.STOPPED
    assert fake.bodies("/stop") == [{"force": True}]


def test_what_is_called_stopped_and_has_not_ended_is_said(
    layout: Layout, old: FakeSemaphore
) -> None:
    """So a task stands that ran when the server died and was stopped when it was back."""
    old.story = ENDLESS
    at = site(layout, fake=old)
    number = launch(at)
    task = old.tasks[41]
    task.row["status"], task.ends = "stopping", "waits"
    update = at.deployments.update(number)
    assert update.deployment.state is DeploymentState.STOPPING
    at.store.change(number, stop_asked=True)
    assert at.deployments.stop(number, Job("Stop")).deployment.state is DeploymentState.STOPPED
    assert "has not said that what it began has ended" in at.deployments.get(number).message


def test_a_warning_is_neither_failure_nor_plain_success(layout: Layout, old: FakeSemaphore) -> None:
    old.story = (("running", ("careful",)), ("warning", ()))
    at = site(layout, fake=old)
    last, _seen = followed(at, launch(at))
    assert last.deployment.state is DeploymentState.WARNING
    assert at.ground.history.all()[0].outcome is Outcome.DONE


def test_a_task_that_waits_for_confirmation_says_so_and_goes_on_when_confirmed(
    layout: Layout, fake: FakeSemaphore
) -> None:
    fake.story = CONFIRM
    at = site(layout, fake=fake)
    number = launch(at)
    job = Job("Follow")
    waiting: list[DeploymentUpdate] = []

    def each(update: DeploymentUpdate) -> None:
        if update.deployment.state is DeploymentState.CONFIRMING:
            waiting.append(update)
            job.stop()

    with pytest.raises(Stopped):
        at.deployments.follow(number, job, each)
    assert "confirms" in waiting[0].deployment.message
    assert not waiting[0].deployment.state.over
    at.deployments.confirm(number, Job("Confirm"))
    last, _seen = followed(at, number)
    assert last.deployment.state is DeploymentState.SUCCESS
    with pytest.raises(Refused, match="does not wait"):
        at.deployments.confirm(number, Job("Confirm"))


def test_an_unknown_state_is_shown_as_it_is_called(layout: Layout, old: FakeSemaphore) -> None:
    old.story = (("hibernating", ()),)
    at = site(layout, fake=old)
    update = at.deployments.update(launch(at))
    assert update.deployment.state is DeploymentState.RUNNING
    assert "“hibernating”" in update.deployment.message


def test_a_task_the_server_forgot_is_lost_and_its_log_stays(
    layout: Layout, old: FakeSemaphore
) -> None:
    old.story = ENDLESS
    at = site(layout, fake=old)
    number = launch(at)
    for _ in range(4):
        at.deployments.update(number)
    kept = at.deployments.log(number)
    assert kept
    old.forget(41)
    update = at.deployments.update(number)
    assert update.deployment.state is DeploymentState.LOST
    assert "does not know task 41" in update.deployment.message
    assert at.deployments.log(number) == kept


def test_a_long_run_is_let_go_with_a_sentence_and_can_be_followed_again(
    layout: Layout, old: FakeSemaphore
) -> None:
    old.story = (("running", ("begun",)),)
    at = site(layout, fake=old, task_timeout=0.5)
    number = launch(at)
    with pytest.raises(Clash, match="It goes on"):
        followed(at, number)
    assert at.deployments.get(number).state is DeploymentState.RUNNING
    assert at.ground.history.all()[0].outcome is Outcome.RUNNING
    old.tasks[41].story = (("running", ()), ("success", ()))
    last, _seen = followed(at, number)
    assert last.deployment.state is DeploymentState.SUCCESS


def test_time_in_the_queue_does_not_count(layout: Layout, old: FakeSemaphore) -> None:
    old.story = (*(("waiting", ()),) * 4, ("success", ()))
    at = site(layout, fake=old, task_timeout=0.3)
    last, _seen = followed(at, launch(at))
    assert last.deployment.state is DeploymentState.SUCCESS


def test_a_server_that_falls_silent_is_asked_again(layout: Layout, old: FakeSemaphore) -> None:
    at = site(layout, fake=old)
    number = launch(at)
    old.fail("500", "/tasks/41", times=1)
    last, seen = followed(at, number)
    assert last.deployment.state is DeploymentState.SUCCESS
    assert "Asking again in" in seen[0].stale
    assert seen[-1].stale == ""


def test_a_token_that_is_revoked_ends_the_following(layout: Layout, old: FakeSemaphore) -> None:
    at = site(layout, fake=old)
    number = launch(at)
    old.token = "another"
    with pytest.raises(NotTrusted):
        followed(at, number)
    assert "does not accept the API token" in at.deployments.update(number).stale


def test_stop_ends_the_following_and_not_the_deployment(layout: Layout, old: FakeSemaphore) -> None:
    old.story = ENDLESS
    at = site(layout, fake=old)
    number = launch(at)
    job = Job("Follow")
    with pytest.raises(Stopped):
        at.deployments.follow(number, job, lambda _update: job.stop())
    assert not at.deployments.get(number).state.over
    assert old.bodies("/stop") == []


def test_another_server_in_the_settings_is_not_asked_for_it(
    layout: Layout, old: FakeSemaphore
) -> None:
    at = site(layout, fake=old)
    number = launch(at)
    with FakeSemaphore("2.10") as other:
        mine = dataclasses.replace(at.settings.settings.semaphore, base_url=other.url)
        at.settings.settings = dataclasses.replace(at.settings.settings, semaphore=mine)
        assert "the settings now name" in at.deployments.update(number).stale
        assert other.asked == []
    assert not at.deployments.get(number).state.over


# Secrets ------------------------------------------------------------------------------------------


def test_a_secret_answer_is_in_no_row_log_or_event(layout: Layout, old: FakeSemaphore) -> None:
    word = "hunter2-and-more"
    old.add_template(
        1, "Asking", "site.yml", survey_vars=[{"name": "password", "type": "secret", "title": "P"}]
    )
    old.story = (("running", (f"msg: {word}",)), ("success", (f"again {word}",)))
    at = site(layout, fake=old)
    number = launch(at, environment={"password": word})
    assert old.bodies("/tasks")[0]["secret"] == f'{{"password": "{word}"}}'
    at.deployments = at.again()
    last, seen = followed(at, number)
    assert word not in repr(last)
    assert word not in repr([update.lines for update in seen])
    assert word not in repr([at.ground.history.get(e.id) for e in at.ground.history.all()])
    assert "•" in last.deployment.command
    at.ground.database.close()
    for path in layout.data.rglob("*"):
        if path.is_file():
            assert word.encode() not in path.read_bytes(), path


# Launches that go wrong ---------------------------------------------------------------------------


def test_a_refused_launch_leaves_no_deployment(layout: Layout) -> None:
    with FakeSemaphore("2.16") as fake:
        at = site(layout, fake=fake)
        with pytest.raises(Refused, match="would ignore a limit"):
            launch(at, limit="web1")
        assert at.deployments.all() == []
        assert fake.bodies("/tasks") == []


def test_a_server_that_cannot_be_reached_leaves_no_deployment(
    layout: Layout, old: FakeSemaphore
) -> None:
    at = site(layout, fake=old)
    at.deployments.template(at.project.id, "1")
    old.fail("403", "/tasks")
    with pytest.raises(Refused, match="may not do this"):
        launch(at)
    assert at.deployments.all() == []
    event = at.ground.history.all()[0]
    assert (event.verb, event.outcome) == ("deploy", Outcome.REFUSED)


def test_a_launch_whose_answer_was_lost_is_found_after_a_restart(
    layout: Layout, old: FakeSemaphore
) -> None:
    at = site(layout, fake=old)
    old.fail("500", "/tasks/last")
    old.fail("did", "/tasks", times=1)
    with pytest.raises(Failed, match="not known whether"):
        launch(at)
    old.heal()
    row = at.deployments.all()[0]
    assert row.state is DeploymentState.WAITING
    changed = at.again().recover()
    assert [one.remote_id for one in at.deployments.all()] == [41]
    assert at.deployments.get(row.id).remote_id == 41
    assert len(old.tasks) == 1
    assert until_over(at.deployments, row.id).deployment.state is DeploymentState.SUCCESS
    assert [one.id for one in changed] in ([], [row.id])


def test_a_launch_that_never_arrived_ends_after_a_while(layout: Layout, old: FakeSemaphore) -> None:
    at = site(layout, fake=old)
    old.fail("500", "/tasks")
    with pytest.raises(Failed):
        launch(at)
    old.heal()
    row = at.deployments.all()[0]
    at.store.change(row.id, created=datetime.now(UTC) - timedelta(minutes=5))
    update = at.deployments.update(row.id)
    assert update.deployment.state is DeploymentState.ERROR
    assert "never took this" in update.deployment.message


# After a restart ----------------------------------------------------------------------------------


def test_what_ended_meanwhile_is_found_after_a_restart(layout: Layout, fake: FakeSemaphore) -> None:
    at = site(layout, fake=fake)
    number = launch(at)
    fake.tasks[41].row["status"] = "success"
    fake.tasks[41].lines = ["all done"]
    changed = at.again().recover()
    assert [(one.id, one.state) for one in changed] == [(number, DeploymentState.SUCCESS)]
    assert [line.text for line in at.deployments.log(number)] == ["all done"]


def test_recovery_asks_a_silent_server_once(layout: Layout, old: FakeSemaphore) -> None:
    at = site(layout, fake=old, http_timeout=0.3)
    launch(at)
    launch(at)
    old.asked.clear()
    old.fail("nothing")
    assert at.again().recover() == []
    assert len(old.asked) == 1


# Test button --------------------------------------------------------------------------------------


def checks(at: Site, **values: object) -> list[tuple[bool | None, str]]:
    return [(step.ok, step.detail) for step in at.deployments.test(values)]


def test_the_checklist_of_a_good_server(layout: Layout, old: FakeSemaphore) -> None:
    at = site(layout, fake=old)
    assert checks(at) == [
        (True, at.settings.settings.semaphore.base_url.split("//")[1]),
        (True, "Version 2.10.32"),
        (True, "As ann"),
        (True, "Web shop"),
    ]


def test_the_checklist_stops_where_it_fails(layout: Layout, old: FakeSemaphore) -> None:
    at = site(layout, fake=old)
    steps = at.deployments.test({"semaphore.base_url": f"{old.url}/elsewhere"})
    assert [step.ok for step in steps] == [True, False, None, None]
    assert "not a Semaphore server" in steps[1].detail
    steps = at.deployments.test({}, token="wrong")
    assert [step.ok for step in steps] == [True, True, False, None]
    steps = at.deployments.test({"semaphore.default_project_id": 99})
    assert [step.ok for step in steps] == [True, True, True, False]
    steps = at.deployments.test({"semaphore.base_url": "nonsense"})
    assert [step.ok for step in steps] == [False, None, None, None]
    old.fail("nothing")
    steps = at.deployments.test({"semaphore.http_timeout": 0.3})
    assert steps[0].ok is False
    assert "did not answer" in steps[0].detail
