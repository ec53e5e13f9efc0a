"""kill -9 in the middle of things: what a new start finds, follows to its end, and says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from aiops_desktop.adapters import supervisor
from aiops_desktop.domain.deployments import DeploymentState
from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.runs import RunState
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from tests.support.assistants import need_codex, point_codex
from tests.support.deploying import SLOW, TOOLS
from tests.support.fake_semaphore import ENDLESS, GOOD, TOKEN, FakeSemaphore
from tests.support.killed import (
    WAITING_HOOK,
    HoldingSemaphore,
    Throttle,
    assert_consistent,
    processes,
)
from tests.support.model import Script, ScriptedModel
from tests.support.people import Listener
from tests.support.repos import bare, git, hook
from tests.support.shell import Shell, house, kill
from tests.support.sshd import Sshd, needs_sshd
from tests.support.waiting import until

pytestmark = pytest.mark.journey

FILES = {"README.md": "# Site\n", "site.yml": "- name: Site\n  hosts: localhost\n"}


@pytest.fixture
def shell(layout: Layout) -> Iterator[Shell]:
    """A data folder with a tenant in it."""
    made = Shell(layout)
    made("tenant", "add", "Acme", "--author-name", "Ann", "--author-email", "ann@acme.example")
    yield made


def cloned(shell: Shell, tmp_path: Path, files: dict[str, str] | None = None) -> Path:
    """A project cloned from a bare repository on disk; its checkout."""
    remote = bare(tmp_path / "site.git", files or FILES)
    shell("project", "add", "acme", str(remote))
    return Path(shell.json("clone", "acme/site")["path"])


def within(one: psutil.Process, folder: Path) -> bool:
    """Whether a process works in a folder."""
    try:
        return Path(one.cwd()) == folder
    except psutil.Error:
        return False


def outcomes(found: House, verb: str) -> list[Outcome]:
    """How the events of a verb ended, newest first."""
    return [event.outcome for event in found.history.all(EventFilter(verb=verb))]


def assert_nothing_runs(found: House) -> None:
    """No event says that it is still at work."""
    assert found.history.all(EventFilter(outcome=Outcome.RUNNING)) == []


@needs_sshd
def test_a_clone(shell: Shell, tmp_path: Path) -> None:
    layout = shell.layout
    remote = bare(tmp_path / "srv" / "site.git", {"big.bin": os.urandom(3_000_000), **FILES})
    throttle = Throttle(tmp_path / "throttle")
    with Sshd(tmp_path / "sshd") as server:
        public = shell("key", "generate", "acme", "main").out
        server.authorize(public, throttle.options)
        shell("project", "add", "acme", server.url(remote))
        child = shell.start("clone", "acme/site", "--trust", server.host_fingerprint())
        until(lambda: throttle.reached, why="the clone did not get to its middle")
        kill(child)

        found = house(layout)
        recovered = found.recover()
        assert_consistent(layout)
        (project,) = recovered.projects
        assert project.state is CheckoutState.FAILED
        assert "program ended" in project.clone_error
        assert [(e.verb, e.outcome) for e in recovered.events] == [("clone", Outcome.INTERRUPTED)]
        assert_nothing_runs(found)
        assert not project.checkout.exists()

        server.deauthorize()
        server.authorize(public)
        found.repositories.clone(project.id, Listener().job())
        throttle.let_go()
        assert found.projects.get(project.id).state is CheckoutState.READY
        until(lambda: not processes(f"{project.checkout.parent}/.site.part-"))
        assert [place.name for place in project.checkout.parent.iterdir()] == ["site"]
        git(project.checkout, "fsck", "--strict")
        assert (project.checkout / "big.bin").stat().st_size == 3_000_000
    assert outcomes(found, "clone") == [Outcome.DONE, Outcome.INTERRUPTED]


@needs_sshd
def test_a_clone_is_tried_again_in_the_shell(shell: Shell, tmp_path: Path) -> None:
    remote = bare(tmp_path / "srv" / "site.git", {"big.bin": os.urandom(1_000_000)})
    throttle = Throttle(tmp_path / "throttle")
    with Sshd(tmp_path / "sshd") as server:
        server.authorize(shell("key", "generate", "acme", "main").out, throttle.options)
        shell("project", "add", "acme", server.url(remote))
        words = ("clone", "acme/site", "--trust", server.host_fingerprint())
        child = shell.start(*words)
        until(lambda: throttle.reached)
        assert "being cloned" in shell(*words, code=3).err, "the other one is still at work"
        kill(child)
        throttle.let_go()
        assert shell.json("project", "list")[0]["state"] == "failed"
        shell(*words)
    events = shell.json("history", "--verb", "clone")
    assert [event["outcome"] for event in events] == ["done", "interrupted"]


def test_a_commit(shell: Shell, tmp_path: Path) -> None:
    checkout = cloned(shell, tmp_path)
    signs = tmp_path / "signs"
    signs.mkdir()
    hook(checkout / ".git", "pre-commit", WAITING_HOOK.format(folder=signs))
    (checkout / "new.txt").write_text("new\n")
    child = shell.start_code(
        'house.repositories.stage(1, ["new.txt"])\n'
        'house.repositories.commit(1, "Second", Job("Commit"))\n'
    )
    until((signs / "begun").exists, why=shell.child_log())
    kill(child)

    found = house(shell.layout)
    recovered = found.recover()
    assert_consistent(shell.layout)
    assert [(e.verb, e.outcome) for e in recovered.events] == [("commit", Outcome.INTERRUPTED)]
    assert_nothing_runs(found)
    assert found.repositories.status(1).staged[0].path == "new.txt"
    (signs / "go").touch()
    until(lambda: not [one for one in processes("git") if within(one, checkout)])
    assert not (checkout / ".git" / "index.lock").exists()
    git(checkout, "fsck", "--strict")
    # Git itself was not killed and may have made the commit; either way the work is there, once.
    if found.repositories.status(1).staged:
        found.repositories.commit(1, "Second", Job(""))
    assert found.repositories.status(1).clean
    assert git(checkout, "log", "--format=%an %s") == "Ann Second\nSomebody Else First"


def test_a_run_of_the_demo_assistant(shell: Shell, tmp_path: Path) -> None:
    cloned(shell, tmp_path)
    shell("setting", "set", "assistants.demo", "true")
    child = shell.start("run", "start", "acme/site", "Tidy up", "--assistant", "demo", "--follow")
    folder = shell.layout.tenant("acme") / "runs" / "1"
    until(lambda: supervisor.read_events(folder)[0], why=shell.child_log())
    kill(child)
    assert supervisor.is_alive(folder)

    found = house(shell.layout)
    found.recover()
    assert_consistent(shell.layout)
    assert found.history.all(EventFilter(outcome=Outcome.INTERRUPTED)) == []
    assert found.runs.get(1).state.alive or found.runs.get(1).state is RunState.READY
    run = found.runs.follow(1, Job(""), lambda _update: None).run
    assert (run.state, run.files) == (RunState.READY, 2), run.error
    assert outcomes(found, "run") == [Outcome.DONE]
    assert_nothing_runs(found)


@pytest.mark.assistants
def test_a_run_of_codex(shell: Shell, tmp_path: Path) -> None:
    cloned(shell, tmp_path)
    go = tmp_path / "go"
    wait = f"touch begun; while [ ! -e {go} ]; do sleep 0.1; done; echo more >> README.md"
    script = Script({"add": [{"say": "I begin.", "shell": wait}, {"say": "Added a line."}]})
    with ScriptedModel(script) as model:
        shell("setting", "set", "assistants.codex_command", str(need_codex()))
        point_codex(house(shell.layout).tenants.room(1), model.base_url)
        child = shell.start("run", "start", "acme/site", "Please add a line", "--follow")
        begun = f"{shell.layout.tenant('acme') / 'worktrees' / 'site'}"
        until(lambda: list(Path(begun).glob("1-*/begun")), 60, shell.child_log())
        kill(child)

        found = house(shell.layout)
        assert found.recover().runs == ()
        assert_consistent(shell.layout)
        assert found.runs.get(1).state is RunState.WORKING
        assert [one.name for one in found.sessions.all()] == ["acme-runs"]
        go.touch()
        run = found.runs.follow(1, Job(""), lambda _update: None).run
    assert (run.state, run.last) == (RunState.READY, "Added a line."), run.error
    assert (run.worktree / "README.md").read_text().endswith("more\n")
    assert outcomes(found, "run") == [Outcome.DONE]
    assert_nothing_runs(found)


@pytest.mark.skipif(not TOOLS.exists(), reason="ansible-core was not set up")
def test_a_playbook_on_this_computer(shell: Shell, tmp_path: Path) -> None:
    checkout = cloned(shell, tmp_path, {"slow.yml": SLOW})
    child = shell.start("deploy", "start", "acme/site", "slow.yml")
    until((checkout / "begun.txt").exists, 60, shell.child_log())
    kill(child)

    found = house(shell.layout)
    recovered = found.recover()
    assert_consistent(shell.layout)
    assert (recovered.deployments, recovered.events) == ((), ())
    assert found.deployments.get(1).state is DeploymentState.RUNNING
    assert outcomes(found, "deploy") == [Outcome.RUNNING]
    (checkout / "go.txt").touch()
    last = found.deployments.follow(1, Job(""), lambda _update: None)
    assert last.deployment.state is DeploymentState.SUCCESS
    assert (checkout / "ended.txt").exists()
    assert [(host.host, host.changed) for host in last.recap] == [("localhost", 2)]
    assert any("TASK [Begin]" in line.text for line in found.deployments.log(1))
    assert outcomes(found, "deploy") == [Outcome.DONE]
    assert_nothing_runs(found)


def on_semaphore(shell: Shell, fake: FakeSemaphore) -> None:
    """Let a server deploy the tenant's only project, not cloned."""
    shell.environment |= {
        "SEMAPHORE_BASE_URL": fake.url,
        "SEMAPHORE_API_TOKEN": TOKEN,
        "SEMAPHORE_DEFAULT_PROJECT_ID": "7",
        "SEMAPHORE_POLL_INTERVAL": "0.2",
    }
    shell("project", "add", "acme", "git@git.acme.example:a/site.git")


def test_a_deployment_on_semaphore(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeSemaphore() as fake:
        fake.story = ENDLESS
        on_semaphore(shell, fake)
        child = shell.start("deploy", "start", "acme/site", "1")
        until(lambda: fake.paths("GET").count("/api/project/7/tasks/41") > 4, 30, shell.child_log())
        kill(child)

        found = _house_with(shell, monkeypatch)
        found.recover()
        assert_consistent(shell.layout)
        assert found.deployments.get(1).state is DeploymentState.RUNNING
        assert outcomes(found, "deploy") == [Outcome.RUNNING]
        fake.tasks[41].story = GOOD
        last = found.deployments.follow(1, Job(""), lambda _update: None)
        assert last.deployment.state is DeploymentState.SUCCESS
        assert len(fake.tasks) == 1
        assert outcomes(found, "deploy") == [Outcome.DONE]
        assert_nothing_runs(found)


def test_a_launch_that_semaphore_took_but_nobody_heard_of(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HoldingSemaphore() as fake:
        on_semaphore(shell, fake)
        child = shell.start("deploy", "start", "acme/site", "1")
        until(lambda: fake.held, 30, shell.child_log())
        kill(child)
        fake.released.set()

        found = _house_with(shell, monkeypatch)
        found.recover()
        assert_consistent(shell.layout)
        assert found.deployments.get(1).remote_id == 41
        last = found.deployments.follow(1, Job(""), lambda _update: None)
        assert last.deployment.state is DeploymentState.SUCCESS
        assert len(fake.tasks) == 1, "it was launched once"
        assert outcomes(found, "deploy") == [Outcome.DONE]
        assert_nothing_runs(found)


def _house_with(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> House:
    """The program started again in the same environment."""
    for name, value in shell.environment.items():
        if name.startswith("SEMAPHORE_"):
            monkeypatch.setenv(name, value)
    return house(shell.layout)


@pytest.mark.parametrize(
    ("patched", "verb"),
    [
        ("aiops_desktop.storage.deployments.DeploymentStore.add", "deploy"),
        ("aiops_desktop.storage.runs.RunStore.begun", "run"),
    ],
)
def test_work_that_died_before_it_was_born(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, patched: str, verb: str
) -> None:
    """The moment between the event and the row that remembers it."""
    cloned(shell, tmp_path)
    shell("setting", "set", "assistants.demo", "true")
    sign = tmp_path / "sign"
    child = shell.start_code(
        "import time\n"
        "from pathlib import Path\n"
        "from unittest import mock\n"
        "from aiops_desktop.domain.deployments import DeployDraft\n"
        "from aiops_desktop.domain.runs import RunDraft\n"
        "def wait(*_words, **_more):\n"
        f"    Path({str(sign)!r}).touch()\n"
        "    time.sleep(60)\n"
        f"with mock.patch({patched!r}, wait):\n"
        f"    if {verb == 'run'}:\n"
        "        house.runs.start(RunDraft(1, 'Tidy up', 'demo'), Job(''))\n"
        "    else:\n"
        "        house.deployments.launch(DeployDraft(1, 'site.yml'), Job(''))\n"
    )
    until(sign.exists, why=shell.child_log())
    kill(child)
    found = house(shell.layout)
    recovered = found.recover()
    assert_consistent(shell.layout)
    assert [(e.verb, e.outcome) for e in recovered.events] == [(verb, Outcome.INTERRUPTED)]
    assert_nothing_runs(found)
    if verb == "run":
        monkeypatch.setattr("aiops_desktop.adapters.supervisor.folder.START_LIMIT", 0.5)
        (run,) = found.runs.all()
        run = found.runs.follow(run.id, Job(""), lambda _update: None).run
        assert run.state is RunState.INTERRUPTED
        found.runs.retire(run.id, Job(""), even_unsaved=True)
        assert not run.worktree.exists()
        assert_nothing_runs(found)


def test_a_write_in_the_middle_of_a_transaction(shell: Shell, tmp_path: Path) -> None:
    sign = tmp_path / "sign"
    child = shell.start_code(
        "import time\n"
        "from pathlib import Path\n"
        "from aiops_desktop.domain.tenants import TenantDraft\n"
        "database = house.history._store._database\n"
        "with database.write():\n"
        "    house.tenants._store.add(TenantDraft('Half'), 'half')\n"
        f"    Path({str(sign)!r}).touch()\n"
        "    time.sleep(60)\n"
    )
    until(sign.exists, why=shell.child_log())
    kill(child)
    found = house(shell.layout)
    found.recover()
    assert_consistent(shell.layout)
    assert [tenant.name for tenant in found.tenants.all()] == ["Acme"]
    found.tenants.find("acme")
    shell("tenant", "add", "Half")
