"""What Semaphore does with us: against the fake, and against a real server when one is named.

AIOPS_TEST_SEMAPHORE_URL and AIOPS_TEST_SEMAPHORE_TOKEN name a real server on this computer, where a
project is made and deleted again (docs/real-servers.md).
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from aiops_desktop.adapters.semaphore import NotThere, Semaphore, Task
from aiops_desktop.domain.deployments import DeployDraft, DeploymentState, LogLine
from aiops_desktop.domain.trouble import Failed, NotTrusted, Refused
from tests.support.fake_semaphore import BAD, CONFIRM, ENDLESS, FakeSemaphore
from tests.support.real_semaphore import GATES, SURVEY, RealSemaphore
from tests.support.waiting import until

URL = os.environ.get("AIOPS_TEST_SEMAPHORE_URL", "")
TOKEN = os.environ.get("AIOPS_TEST_SEMAPHORE_TOKEN", "")


@dataclass
class Place:
    """A server with the templates good, locked, bare, bad, endless and confirm."""

    url: str
    token: str
    project: int
    templates: dict[str, str]

    @property
    def server(self) -> Semaphore:
        return Semaphore(self.url, self.token)

    def launch(self, template: str, **more: object) -> tuple[Task, str]:
        marker = f"aiops-{uuid.uuid4().hex[:8]}"
        if template == "good":
            more.setdefault("environment", {"version": "2.14"})
        draft = DeployDraft(1, self.templates[template], **more)  # type: ignore[arg-type]  # fields
        return self.server.launch(self.project, draft, marker), marker

    def until(self, task: Task, wanted: Callable[[Task], bool]) -> Task:
        found = [task]

        def reached() -> bool:
            found[0] = self.server.task(self.project, task.id)
            return wanted(found[0])

        until(reached, 120, lambda: str(found[0]))
        return found[0]

    def ended(self, task: Task) -> Task:
        return self.until(task, lambda one: one.end is not None)

    def lines(self, task: Task) -> list[LogLine]:
        """The output when it is whole; its last lines are written behind the end."""
        seen: list[list[LogLine]] = [[]]

        def still() -> bool:
            seen.append(self.server.output(self.project, task.id))
            return bool(seen[-1]) and seen[-1] == seen[-2]

        until(still)
        return seen[-1]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    if not (URL and TOKEN):
        pytest.skip("no real server is named")
    with RealSemaphore(URL, TOKEN, tmp_path_factory.mktemp("playbooks")) as made:
        yield Place(URL, TOKEN, made.project, made.templates)


@pytest.fixture(params=["2.10", "2.16", "real"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "real":
        yield request.getfixturevalue("real")
        return
    with FakeSemaphore(request.param) as fake:
        fake.templates.clear()
        gates = {"task_params": GATES, "allow_override_args_in_task": True}
        fake.add_template(1, "good", "good.yml", survey_vars=SURVEY, **gates)
        fake.add_template(2, "locked", "good.yml")
        fake.add_template(3, "bare", "good.yml", environment_id=None)
        fake.add_template(4, "bad", "bad.yml")
        fake.add_template(5, "endless", "endless.yml")
        fake.add_template(6, "confirm", "infrastructure", app="tofu")
        fake.stories = {4: BAD, 5: ENDLESS, 6: CONFIRM}
        names = {row["name"]: str(number) for number, row in fake.templates.items()}
        yield Place(fake.url, fake.token, 7, names)


def test_it_is_reached_and_says_who_we_are(place: Place) -> None:
    assert place.server.reach()
    assert place.server.user()
    assert place.server.version().number
    assert place.server.project(place.project)
    assert place.project in dict(place.server.projects())


def test_any_way_of_writing_the_address_works(place: Place) -> None:
    for end in ("/", "/api", "/api/", "/project/3/templates?x=1", "//"):
        assert Semaphore(place.url + end, f" {place.token}\n").user()


def test_a_wrong_token_is_said(place: Place) -> None:
    with pytest.raises(NotTrusted, match="does not accept the API token"):
        Semaphore(place.url, "wrong").projects()


def test_a_wrong_path_is_said(place: Place) -> None:
    wrong = Semaphore(f"{place.url}/elsewhere", place.token)
    assert not wrong.reach()
    with pytest.raises(Failed, match="not a Semaphore server's address"):
        wrong.projects()


def test_a_project_that_is_hidden_is_said(place: Place) -> None:
    with pytest.raises(NotThere, match="no project 999999"):
        place.server.templates(999_999)


def test_templates_are_listed_and_read_one_by_one(place: Place) -> None:
    listed = place.server.templates(place.project)
    assert [one.name for one in listed] == sorted(place.templates)
    one = place.server.template(place.project, place.templates["good"])
    assert (one.name, one.playbook, one.app) == ("good", "good.yml", "ansible")
    assert [(asked.name, asked.required, asked.type) for asked in one.survey] == [
        ("version", True, ""),
        ("word", False, "secret"),
    ]
    assert {"dry_run", "limit", "inventory", "arguments", "message", "environment"} <= one.allowed
    assert set(one.allowed).isdisjoint(one.locked)
    assert "staging" in [name for _number, name in one.inventories]
    with pytest.raises(NotThere, match="not in Semaphore any more"):
        place.server.template(place.project, "999999")


def test_a_launch_is_followed_to_its_end(place: Place) -> None:
    task, marker = place.launch(
        "good", dry_run=True, limit="web1", secrets={"word": "hunter2"}, message="try"
    )
    assert not task.state.over
    found = place.server.find(place.project, marker)
    assert found is not None
    assert found.id == task.id
    assert found.message == f"try ({marker})"
    ended = place.ended(task)
    assert (ended.status, ended.left) == ("success", False)
    assert ended.start is not None
    assert ended.created is not None
    assert ended.end is not None
    assert ended.created <= ended.start <= ended.end
    lines = [line.text for line in place.lines(task)]
    assert any(line.startswith("PLAY RECAP") for line in lines)
    assert all("\n" not in line for line in lines)


def test_a_play_that_breaks_is_an_error(place: Place) -> None:
    task, _marker = place.launch("bad")
    assert place.ended(task).status == "error"
    assert "no space left" in "\n".join(line.text for line in place.lines(task))


def test_what_a_template_fixes_is_refused_before_it_is_sent(place: Place) -> None:
    with pytest.raises(Refused, match="would ignore arguments"):
        place.launch("locked", arguments="--forks 3")


def test_an_inventory_the_project_does_not_have_is_refused(place: Place) -> None:
    with pytest.raises(Refused, match="no inventory “99999”"):
        place.launch("good", inventory="99999")


def test_an_inventory_may_be_called_by_its_name(place: Place) -> None:
    task, _marker = place.launch("good", inventory="staging")
    assert place.ended(task).status == "success"


def test_variables_without_a_group_are_refused_and_secret_answers_are_not(place: Place) -> None:
    with pytest.raises(Refused, match="would ignore variables"):
        place.launch("bare", environment={"version": "1"})
    task, _marker = place.launch("bare", secrets={"word": "hunter2"})
    assert place.ended(task).status == "success"


def test_a_running_task_is_stopped(place: Place) -> None:
    task, _marker = place.launch("endless")

    def begun() -> bool:
        place.server.task(place.project, task.id)
        lines = place.server.output(place.project, task.id)
        return any(line.text.startswith("TASK [") for line in lines)

    until(begun, 120)
    place.server.stop(place.project, task.id)
    ended = place.ended(task)
    assert ended.status in {"stopped", "error"}
    assert not ended.left


def test_a_waiting_task_is_stopped_and_never_starts(place: Place) -> None:
    first, _marker = place.launch("endless")
    second, _marker = place.launch("endless")
    place.server.stop(place.project, second.id)
    place.server.stop(place.project, first.id)
    ended = place.until(second, lambda one: one.state.over)
    assert ended.status == "stopped"
    place.until(first, lambda one: one.state.over)


def test_stop_leaves_a_finished_task_as_it_is(place: Place) -> None:
    task, _marker = place.launch("good")
    ended = place.ended(task)
    assert place.server.stop(place.project, task.id).status == ended.status
    assert place.server.task(place.project, task.id).status == ended.status


def waiting(place: Place) -> Task:
    task, _marker = place.launch("confirm")
    found = place.until(task, lambda one: one.state.over or one.state is DeploymentState.CONFIRMING)
    if found.state.over and place.url == URL:
        pytest.skip("the server cannot run tofu")
    return found


def test_what_waits_for_confirmation_goes_on_when_it_is_confirmed(place: Place) -> None:
    task = waiting(place)
    place.server.confirm(place.project, task.id)
    assert place.ended(task).status == "success"
    with pytest.raises(Failed, match="does not wait for a confirmation"):
        place.server.confirm(place.project, task.id)


def test_what_waits_for_confirmation_can_be_stopped(place: Place) -> None:
    task = waiting(place)
    place.server.stop(place.project, task.id)
    ended = place.until(task, lambda one: one.state.over)
    assert ended.status == "stopped"


def test_what_does_not_wait_is_not_confirmed(place: Place) -> None:
    task, _marker = place.launch("good")
    with pytest.raises(Failed, match="does not wait for a confirmation"):
        place.server.confirm(place.project, task.id)
    assert place.ended(task).status == "success"


def test_a_task_nobody_knows_is_not_there(place: Place) -> None:
    with pytest.raises(NotThere, match="does not know task 99999999"):
        place.server.task(place.project, 99_999_999)
    assert place.server.output(place.project, 99_999_999) == []
