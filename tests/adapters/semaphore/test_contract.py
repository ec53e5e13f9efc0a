"""What Semaphore does with us: once against the fake, once against a real server when one is named.

AIOPS_TEST_SEMAPHORE_URL and AIOPS_TEST_SEMAPHORE_TOKEN name a real server with a project that holds
at least one Ansible template which may be run; nothing else is left behind there but its tasks.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator

import pytest

from aiops_desktop.adapters.semaphore import NotThere, Semaphore, Task
from aiops_desktop.domain.deployments import DeployDraft
from aiops_desktop.domain.trouble import NotTrusted
from tests.support.fake_semaphore import FakeSemaphore

REAL = (os.environ.get("AIOPS_TEST_SEMAPHORE_URL"), os.environ.get("AIOPS_TEST_SEMAPHORE_TOKEN"))


@pytest.fixture(params=["2.10", "2.16", "real"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    if request.param == "real":
        if not (REAL[0] and REAL[1]):
            pytest.skip("no real server is named")
        yield REAL[0], REAL[1]
        return
    with FakeSemaphore(request.param) as fake:
        yield fake.url, fake.token


@pytest.fixture
def server(place: tuple[str, str]) -> Semaphore:
    return Semaphore(*place)


@pytest.fixture
def project(server: Semaphore) -> int:
    return server.projects()[0][0]


def until(ask: Callable[[], Task], wanted: Callable[[Task], bool], seconds: float = 120) -> Task:
    deadline = time.monotonic() + seconds
    while not wanted(found := ask()):
        assert time.monotonic() < deadline, found
        time.sleep(0.01)
    return found


def launched(server: Semaphore, project: int, **more: object) -> tuple[Task, str]:
    template = server.templates(project)[0]
    marker = f"aiops-{uuid.uuid4().hex[:8]}"
    draft = DeployDraft(1, template.id, **more)  # type: ignore[arg-type]  # fields of the draft
    return server.launch(project, draft, marker), marker


def test_it_is_reached_and_says_who_we_are(server: Semaphore) -> None:
    assert server.reach()
    assert server.user()
    assert server.version().number


def test_any_way_of_writing_the_address_works(place: tuple[str, str]) -> None:
    for end in ("/", "/api", "/api/", "/project/3/templates?x=1", "//"):
        assert Semaphore(place[0] + end, f" {place[1]}\n").user()


def test_a_wrong_token_is_said(place: tuple[str, str]) -> None:
    with pytest.raises(NotTrusted, match="does not accept the API token"):
        Semaphore(place[0], "wrong").projects()


def test_a_project_that_is_hidden_is_said(server: Semaphore) -> None:
    with pytest.raises(NotThere, match="no project 999999"):
        server.templates(999_999)


def test_templates_are_listed_and_read_one_by_one(server: Semaphore, project: int) -> None:
    listed = server.templates(project)
    assert [one.name for one in listed] == sorted((o.name for o in listed), key=str.casefold)
    one = server.template(project, listed[0].id)
    assert (one.name, one.playbook) == (listed[0].name, listed[0].playbook)
    assert {"dry_run", "message"} <= one.allowed
    assert set(one.allowed).isdisjoint(one.locked)
    with pytest.raises(NotThere, match="not in Semaphore any more"):
        server.template(project, "999999")


def test_a_launch_is_followed_to_its_end(server: Semaphore, project: int) -> None:
    task, marker = launched(server, project, dry_run=True)
    assert not task.state.over
    found = server.find(project, marker)
    assert found is not None
    assert found.id == task.id
    ended = until(lambda: server.task(project, task.id), lambda t: t.state.over)
    assert ended.status in {"success", "error"}
    until(lambda: server.task(project, task.id), lambda t: t.end is not None)
    lines = server.output(project, task.id)
    assert lines
    assert all("\n" not in line.text for line in lines)


def test_a_stopped_task_ends(server: Semaphore, project: int) -> None:
    task, _marker = launched(server, project)
    server.stop(project, task.id)
    ended = until(lambda: server.task(project, task.id), lambda t: t.state.over)
    assert ended.status in {"stopped", "error"}


def test_stop_leaves_a_finished_task_as_it_is(server: Semaphore, project: int) -> None:
    task, _marker = launched(server, project, dry_run=True)
    ended = until(lambda: server.task(project, task.id), lambda t: t.state.over)
    server.stop(project, task.id)
    assert server.task(project, task.id).status == ended.status


def test_a_task_nobody_knows_is_not_there(server: Semaphore, project: int) -> None:
    with pytest.raises(NotThere, match="does not know task 99999999"):
        server.task(project, 99_999_999)
    assert server.output(project, 99_999_999) == []
