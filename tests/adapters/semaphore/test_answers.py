"""Bad answers, Stop, launches: what the fake can do and a real server cannot be asked to."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aiops_desktop.adapters.semaphore import NotThere, Semaphore, Unreachable, clean_address, launch
from aiops_desktop.adapters.semaphore.http import Unanswered
from aiops_desktop.domain.deployments import DeployDraft, DeploymentState
from aiops_desktop.domain.trouble import Failed, NotTrusted, Refused, Stopped, Trouble
from aiops_desktop.jobs.job import Job
from tests.support.fake_semaphore import FakeSemaphore


@pytest.fixture
def fake() -> Iterator[FakeSemaphore]:
    with FakeSemaphore("2.10") as made:
        yield made


@pytest.fixture
def newer() -> Iterator[FakeSemaphore]:
    with FakeSemaphore("2.16") as made:
        yield made


def client(fake: FakeSemaphore, **more: Any) -> Semaphore:
    return Semaphore(fake.url, fake.token, **more)


def launched_body(fake: FakeSemaphore) -> dict[str, Any]:
    body = fake.bodies("/tasks")[-1]
    assert isinstance(body, dict)
    return body


# Bad answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "trouble", "words"),
    [
        ("401", NotTrusted, "does not accept the API token"),
        ("403", Refused, "may not do this"),
        ("500", Failed, "answered with an error \\(500\\)"),
        ("502", Failed, "gets no answer from Semaphore"),
        ("word", Failed, "It says: The database is on holiday."),
        ("html", Failed, "not a Semaphore server's address"),
        ("half", Failed, "broke off in the middle"),
        ("broken", Failed, "an answer that cannot be read"),
        ("redirect", Failed, "sends us on to https://elsewhere.example"),
        ("nothing", Failed, "did not answer within 0.3 s"),
        ("drip", Failed, "did not answer within 0.3 s"),
    ],
)
def test_a_bad_answer_becomes_a_sentence(
    fake: FakeSemaphore, kind: str, trouble: type[Trouble], words: str
) -> None:
    fake.fail(kind)
    with pytest.raises(trouble, match=words) as caught:
        client(fake, timeout=0.3).task(7, 41)
    assert caught.value.hint
    assert fake.token not in f"{caught.value} {caught.value.detail}"


def test_null_is_an_empty_list_and_no_task(fake: FakeSemaphore) -> None:
    fake.fail("null")
    server = client(fake)
    assert server.templates(7) == []
    assert server.projects() == []
    assert server.output(7, 41) == []
    with pytest.raises(Failed, match="gave no task"):
        server.task(7, 41)


def test_401_for_a_missing_right_does_not_blame_the_token(fake: FakeSemaphore) -> None:
    fake.fail("401", "/tasks")
    with pytest.raises(Refused, match="may not do this"):
        client(fake).task(7, 41)


def test_a_wrong_path_is_told_from_a_server(fake: FakeSemaphore) -> None:
    server = Semaphore(fake.url + "/elsewhere", fake.token)
    assert not server.reach()
    with pytest.raises(Failed, match="not a Semaphore server's address"):
        server.user()


def test_a_server_below_a_path_is_reached() -> None:
    with FakeSemaphore("2.16", under="/semaphore") as fake:
        assert client(fake).user() == "ann"
        assert Semaphore(f"{fake.url}/api/", fake.token).user() == "ann"


def test_nobody_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Unreachable, match="connection was refused"):
            Semaphore(f"http://127.0.0.1:{port}", "t").user()


def test_plain_http_behind_https_is_said(fake: FakeSemaphore) -> None:
    with pytest.raises(Unreachable, match="does not speak TLS"):
        Semaphore(fake.url.replace("http:", "https:"), "t").user()


@pytest.mark.parametrize(
    "text", ["", "semaphore", "ftp://x", "http://", "https://[", "https://a b", "http://x:0", "//x"]
)
def test_nonsense_is_no_address(text: str) -> None:
    with pytest.raises(Refused) as caught:
        clean_address(text)
    assert caught.value.field == "semaphore.base_url"


def test_a_token_with_line_breaks_or_umlauts_is_refused_before_it_is_sent() -> None:
    for token in ("abc\ndef", "schlüssel"):
        with pytest.raises(NotTrusted, match="characters"):
            Semaphore("http://127.0.0.1:1", token)


def test_netrc_does_not_take_the_tokens_place(fake: FakeSemaphore, private_home: Path) -> None:
    (private_home / ".netrc").write_text("machine 127.0.0.1 login someone password else\n")
    assert client(fake).user() == "ann"
    assert fake.asked[-1].authorization == f"Bearer {fake.token}"
    assert fake.asked[-1].accept == "application/json"


@pytest.mark.parametrize("kind", ["nothing", "drip"])
def test_stop_ends_a_hanging_request_at_once(fake: FakeSemaphore, kind: str) -> None:
    fake.fail(kind)
    job = Job("Follow")
    threading.Timer(0.2, job.stop).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        client(fake, timeout=30).task(7, 41, job)
    assert time.monotonic() - begun < 3


# Launches -----------------------------------------------------------------------------------------


def test_a_launch_has_both_shapes(fake: FakeSemaphore) -> None:
    draft = DeployDraft(
        1, "1", dry_run=True, diff=True, limit="web1, web2", branch="main", environment={"v": "2"}
    )
    client(fake).launch(7, draft, "mark")
    body = launched_body(fake)
    assert body["dry_run"] is True
    assert body["params"]["dry_run"] is True
    assert body["limit"] == "web1,web2"
    assert body["params"]["limit"] == ["web1", "web2"]
    assert body["git_branch"] == "main"
    assert json.loads(body["environment"]) == {"v": "2"}
    assert "secret" not in body
    assert fake.tasks[41].row["dry_run"] is True


def test_a_dry_run_stays_one_on_a_new_server(newer: FakeSemaphore) -> None:
    client(newer).launch(7, DeployDraft(1, "1", dry_run=True), "mark")
    assert newer.tasks[41].row["params"]["dry_run"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "web1"},
        {"tags": "app"},
        {"skip_tags": "db"},
        {"inventory": "5"},
        {"branch": "next"},
        {"arguments": "--forks 3"},
        {"debug": True},
    ],
)
def test_what_a_new_server_would_ignore_is_refused_before_it_is_sent(
    newer: FakeSemaphore, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match="would ignore") as caught:
        client(newer).launch(7, DeployDraft(1, "1", **wrong), "mark")
    assert caught.value.field == next(iter(wrong))
    assert newer.bodies("/tasks") == []


def test_what_a_new_template_allows_arrives(newer: FakeSemaphore) -> None:
    newer.add_template(
        2,
        "Open",
        "site.yml",
        allow_override_args_in_task=True,
        allow_override_branch_in_task=True,
        task_params={
            f"allow_{name}": True
            for name in (
                "override_limit",
                "override_tags",
                "override_skip_tags",
                "override_inventory",
                "debug",
            )
        },
    )
    draft = DeployDraft(
        1,
        "2",
        limit="web1",
        tags="app,nginx",
        skip_tags="db",
        inventory="5",
        branch="next",
        arguments="--forks 3 -e 'a=b c'",
        debug=True,
    )
    client(newer).launch(7, draft, "mark")
    row = newer.tasks[41].row
    assert row["params"] == {
        "dry_run": False,
        "diff": False,
        "debug": True,
        "limit": ["web1"],
        "tags": ["app", "nginx"],
        "skip_tags": ["db"],
    }
    assert (row["inventory_id"], row["git_branch"]) == (5, "next")
    assert json.loads(row["arguments"]) == ["--forks", "3", "-e", "a=b c"]


def test_a_server_of_unknown_version_counts_as_new(fake: FakeSemaphore) -> None:
    fake.version = None
    with pytest.raises(Refused, match="would ignore a limit"):
        client(fake).launch(7, DeployDraft(1, "1", limit="web1"), "mark")


def test_tags_are_refused_for_an_old_server(fake: FakeSemaphore) -> None:
    with pytest.raises(Refused, match="would ignore tags") as caught:
        client(fake).launch(7, DeployDraft(1, "1", tags="app"), "mark")
    assert "2.10.32" in caught.value.hint


@pytest.mark.parametrize("profile", ["2.10", "2.16"])
def test_variables_without_a_group_are_refused(profile: str) -> None:
    with FakeSemaphore(profile) as fake:
        refused_without_a_group(fake)


def refused_without_a_group(fake: FakeSemaphore) -> None:
    fake.add_template(2, "Bare", "site.yml", environment_id=None)
    with pytest.raises(Refused, match="would ignore variables"):
        client(fake).launch(7, DeployDraft(1, "2", environment={"a": "b"}), "mark")
    client(fake).launch(7, DeployDraft(1, "2"), "mark")
    assert "environment" not in launched_body(fake)


def survey(fake: FakeSemaphore) -> None:
    fake.add_template(
        3,
        "Asking",
        "site.yml",
        survey_vars=[
            {"name": "version", "title": "Version", "required": True, "type": ""},
            {"name": "drain", "title": "Drain", "type": "int"},
            {"name": "size", "type": "enum", "values": [{"name": "Small", "value": "s"}]},
            {"name": "password", "title": "Password", "type": "secret"},
            {"name": "note", "title": "Note"},
        ],
    )


def test_answers_and_secrets_go_apart(fake: FakeSemaphore) -> None:
    survey(fake)
    found = client(fake).template(7, "3")
    assert [one.type for one in found.survey] == ["", "int", "enum", "secret", ""]
    assert found.survey[2].title == "size"
    draft = DeployDraft(
        1,
        "3",
        environment={"version": "2.14", "note": "", "size": "s"},
        secrets={"password": "hunter2-and-more"},
    )
    client(fake).launch(7, draft, "mark")
    body = launched_body(fake)
    assert json.loads(body["environment"]) == {"version": "2.14", "size": "s"}
    assert json.loads(body["secret"]) == {"password": "hunter2-and-more"}
    assert "hunter2" not in repr(draft)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "version"),
        ({"version": "1", "drain": "soon"}, "drain"),
        ({"version": "1", "size": "xl"}, "size"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field(
    fake: FakeSemaphore, given: dict[str, str], field: str
) -> None:
    survey(fake)
    with pytest.raises(Refused) as caught:
        client(fake).launch(7, DeployDraft(1, "3", environment=given), "mark")
    assert caught.value.field == field
    assert fake.tasks == {}


@pytest.mark.parametrize("text", ['{"a": 1}', "[1]", "[", "'open"])
def test_arguments_that_are_no_words_are_refused(fake: FakeSemaphore, text: str) -> None:
    fake.add_template(4, "Args", "site.yml", allow_override_args_in_task=True)
    with pytest.raises(Refused) as caught:
        client(fake).launch(7, DeployDraft(1, "4", arguments=text), "mark")
    assert caught.value.field == "arguments"


@pytest.mark.parametrize("kind", ["did", "half"])
def test_a_launch_whose_answer_is_lost_is_found_and_not_sent_again(
    fake: FakeSemaphore, kind: str
) -> None:
    fake.fail(kind, "/tasks", times=1)
    task = client(fake).launch(7, DeployDraft(1, "1"), "aiops-1234")
    assert task.id == 41
    assert len(fake.bodies("/tasks")) == 1
    assert len(fake.tasks) == 1


def test_a_launch_that_did_not_arrive_says_that_it_is_not_known(fake: FakeSemaphore) -> None:
    fake.fail("500", "/tasks")
    with pytest.raises(Unanswered, match="not known whether the deployment was started"):
        client(fake).launch(7, DeployDraft(1, "1"), "aiops-1234")
    assert len(fake.bodies("/tasks")) == 1


def test_a_template_that_is_gone_is_said(fake: FakeSemaphore) -> None:
    with pytest.raises(NotThere, match="not in Semaphore any more"):
        client(fake).launch(7, DeployDraft(1, "99"), "mark")


# Tasks --------------------------------------------------------------------------------------------


def test_force_is_passed_on_only_to_a_stopping_task(fake: FakeSemaphore) -> None:
    server = client(fake)
    task = server.launch(7, DeployDraft(1, "1"), "mark")
    server.stop(7, task.id, force=True)
    assert fake.bodies("/stop") == [{"force": False}]


def test_confirm_of_what_does_not_wait_is_said_and_not_sent(fake: FakeSemaphore) -> None:
    task = client(fake).launch(7, DeployDraft(1, "1"), "mark")
    with pytest.raises(Failed, match="does not wait for a confirmation"):
        client(fake).confirm(7, task.id)
    assert fake.bodies("/confirm") == []


def test_confirm_that_comes_too_late_is_said(fake: FakeSemaphore) -> None:
    fake.story = (("waiting_confirmation", ()),)
    task = client(fake).launch(7, DeployDraft(1, "1"), "mark")
    fake.fail("400", "/confirm")
    with pytest.raises(Failed, match="does not wait for a confirmation"):
        client(fake).confirm(7, task.id)


def test_a_task_that_ended_under_a_passing_status_is_over(fake: FakeSemaphore) -> None:
    fake.story = ()
    server = client(fake)
    task = server.launch(7, DeployDraft(1, "1"), "mark")
    fake.tasks[task.id].row |= {"status": "stopping", "end": "2026-05-02T10:01:00Z"}
    fake.tasks[task.id].ends = "stopping"
    found = server.task(7, task.id)
    assert (found.status, found.state, found.left) == ("stopping", DeploymentState.WARNING, True)


def test_the_command_names_the_inventory(fake: FakeSemaphore) -> None:
    found = client(fake).template(7, "1")
    for given in ("5", "production"):
        line = launch.command(DeployDraft(1, "1", inventory=given), found)
        assert line[:3] == ["ansible-playbook", "-i", "production"]
    with pytest.raises(Refused, match="no inventory “6”") as caught:
        client(fake).launch(7, DeployDraft(1, "1", inventory="6"), "mark")
    assert "staging, production" in caught.value.hint
    assert fake.tasks == {}


def test_an_unknown_status_is_not_an_end(fake: FakeSemaphore) -> None:
    fake.story = (("hibernating", ()),)
    server = client(fake)
    task = server.launch(7, DeployDraft(1, "1"), "mark")
    found = server.task(7, task.id)
    assert (found.status, found.state) == ("hibernating", DeploymentState.RUNNING)


def test_warning_is_an_end_of_its_own(fake: FakeSemaphore) -> None:
    fake.story = (("warning", ()),)
    server = client(fake)
    task = server.launch(7, DeployDraft(1, "1"), "mark")
    assert server.task(7, task.id).state is DeploymentState.WARNING


def test_an_inventorys_text_never_comes_through(fake: FakeSemaphore) -> None:
    assert client(fake).inventories(7) == (("3", "staging"), ("5", "production"))
