"""Deployments with ansible-playbook on this computer, for real."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from aiops_desktop.domain.deployments import (
    DeployDraft,
    DeploymentState,
    DeploymentUpdate,
    Source,
)
from aiops_desktop.domain.events import Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.deployments import Deployments
from tests.support.deploying import SITE, SLOW, TOOLS, Site, site, until_over
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(not TOOLS.exists(), reason="ansible-core was not set up")


def launch(at: Site, template: str = "site.yml", **more: object) -> int:
    draft = DeployDraft(at.project.id, template, **more)  # type: ignore[arg-type]  # fields of the draft
    return at.deployments.launch(draft, Job("Deploy")).deployment.id


def commands(part: str) -> list[str]:
    """The command lines of living processes that hold this text."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if part in text:
            found.append(text)
    return found


def test_a_playbook_changes_a_file_and_its_log_is_kept(layout: Layout) -> None:
    at = site(layout, playbooks={"site.yml": SITE})
    board = at.deployments.board(at.project.id)
    assert (board.source, board.trouble) == (Source.LOCAL, "")
    assert "run on this computer" in board.why
    assert [one.id for one in board.templates] == ["site.yml"]
    number = launch(at, environment={"version": "2.14.0"}, diff=True)
    seen: list[DeploymentUpdate] = []
    last = at.deployments.follow(number, Job("Follow"), seen.append)
    assert (at.project.checkout / "written.txt").read_text() == "2.14.0\n"
    done = last.deployment
    assert (done.state, done.message) == (DeploymentState.SUCCESS, "")
    assert done.command == "ansible-playbook site.yml --diff -e version=2.14.0"
    assert [(one.host, one.ok, one.changed, one.failed) for one in last.recap] == [
        ("localhost", 2, 1, 0)
    ]
    text = [line.text for update in seen for line in update.lines]
    assert text == [line.text for line in at.deployments.log(number)]
    assert any("TASK [Write it]" in line for line in text)
    assert any("\x1b[" in line for line in text)
    assert all(line.time for line in at.deployments.log(number))
    assert last.tasks == 2
    assert sorted(path.name for path in done.folder.glob("*.jsonl")) == ["log.jsonl"]
    event = at.ground.history.all()[0]
    assert (event.verb, event.outcome) == ("deploy", Outcome.DONE)
    assert at.deployments.board(at.project.id).templates[0].last is DeploymentState.SUCCESS


def test_a_secret_is_in_no_argv_log_or_event(layout: Layout) -> None:
    word = "hunter2-and-more"
    pause = SITE + "    - {name: Wait, ansible.builtin.wait_for: {path: '{{ playbook_dir }}/go'}}\n"
    at = site(layout, playbooks={"site.yml": pause})
    number = launch(at, environment={"version": "1"}, secrets={"word": word})
    folder = at.deployments.get(number).folder

    def said() -> bool:
        return any("the word is" in line.text for line in at.deployments.update(number).lines)

    until(said)
    assert commands("ansible-playbook")
    assert commands(word) == []
    assert not (folder / "variables.json").exists()
    (at.project.checkout / "go").touch()
    last = until_over(at.again(), number)
    assert last.deployment.state is DeploymentState.SUCCESS
    assert "word=••••" in last.deployment.command
    assert word not in repr([at.ground.history.get(e.id) for e in at.ground.history.all()])
    at.ground.database.close()
    for path in layout.data.rglob("*"):
        if path.is_file():
            assert word.encode() not in path.read_bytes(), path


def test_a_variables_file_is_for_its_owner_only(layout: Layout) -> None:
    at = site(layout, playbooks={"site.yml": SITE})
    number = launch(at, environment={"version": "1"})
    folder = at.deployments.get(number).folder
    assert folder.stat().st_mode & 0o777 == 0o700
    mode = folder / "variables.json"
    assert not mode.exists() or mode.stat().st_mode & 0o777 == 0o600
    until_over(at.deployments, number)
    assert not mode.exists()


def test_a_failing_task_is_an_error_that_names_the_host(layout: Layout) -> None:
    fails = SITE + "    - {name: Break, ansible.builtin.fail: {msg: no}}\n"
    at = site(layout, playbooks={"site.yml": fails})
    last = until_over(at.deployments, launch(at))
    assert last.deployment.state is DeploymentState.ERROR
    assert last.deployment.message == "Failed on localhost."
    assert at.ground.history.all()[0].outcome is Outcome.FAILED


def test_a_playbook_nobody_matches_is_a_warning(layout: Layout) -> None:
    at = site(layout, playbooks={"site.yml": SITE})
    last = until_over(at.deployments, launch(at, limit="nowhere"))
    assert last.deployment.state in {DeploymentState.WARNING, DeploymentState.ERROR}
    assert last.deployment.message


def test_dry_run_changes_nothing(layout: Layout) -> None:
    at = site(layout, playbooks={"site.yml": SITE})
    number = launch(at, dry_run=True)
    assert until_over(at.deployments, number).deployment.dry_run
    assert not (at.project.checkout / "written.txt").exists()


def test_stop_ends_all_of_it(layout: Layout) -> None:
    at = site(layout, playbooks={"slow.yml": SLOW})
    number = launch(at, "slow.yml")
    until((at.project.checkout / "begun.txt").exists)
    at.deployments.update(number)
    at.deployments.stop(number, Job("Stop"))
    last = until_over(at.deployments, number)
    assert last.deployment.state is DeploymentState.STOPPED
    assert at.ground.history.all()[0].outcome is Outcome.STOPPED
    until(lambda: commands(str(at.deployments.get(number).folder)) == [])
    assert commands(str(at.project.checkout)) == []


STARTER = """
import sys, time
from pathlib import Path
from aiops_desktop.domain.deployments import DeployDraft
from aiops_desktop.domain.layout import Layout
from aiops_desktop.jobs.job import Job
from tests.support import deploying
layout = Layout(Path(sys.argv[1]), is_default=False)
at = deploying.site(layout, playbooks={"slow.yml": deploying.SLOW})
at.deployments.launch(DeployDraft(at.project.id, "slow.yml"), Job("Deploy"))
print(at.project.checkout, flush=True)
time.sleep(60)
"""


def test_a_playbook_outlives_the_program_that_started_it(layout: Layout) -> None:
    root = Path(__file__).parents[2]
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(layout.data)],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    checkout = Path(starter.stdout.readline().strip())
    until((checkout / "begun.txt").exists)
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    starter.stdout.close()

    from aiops_desktop.storage.deployments import DeploymentStore
    from tests.support.deploying import FixedSettings, service
    from tests.support.ground import ground

    made = ground(layout)
    store = DeploymentStore(made.database)
    from aiops_desktop.domain.settings import Settings

    deployments = service(made, store, FixedSettings(Settings()))
    made.history.recover()
    found = deployments.recover()
    assert [one.state for one in found] in ([], [DeploymentState.RUNNING])
    running = deployments.all()[0]
    assert running.state is DeploymentState.RUNNING
    assert made.history.all()[0].outcome is Outcome.RUNNING
    (checkout / "go.txt").touch()
    last = until_over(deployments, running.id)
    assert last.deployment.state is DeploymentState.SUCCESS
    assert (checkout / "ended.txt").exists()
    assert made.history.all()[0].outcome is Outcome.DONE
    text = [line.text for line in deployments.log(running.id)]
    assert sum("TASK [Begin]" in line for line in text) == 1
    assert sum("PLAY RECAP" in line for line in text) == 1


def test_a_supervisor_that_was_killed_leaves_a_lost_deployment_and_no_process(
    layout: Layout,
) -> None:
    at = site(layout, playbooks={"slow.yml": SLOW})
    number = launch(at, "slow.yml")
    until((at.project.checkout / "begun.txt").exists)
    folder = str(at.deployments.get(number).folder)
    for one in psutil.process_iter():
        try:
            argv = one.cmdline()
        except psutil.Error:
            continue
        if "aiops_desktop.adapters.supervisor" in argv and argv[-1] == folder:
            one.kill()
    until(lambda: at.deployments.update(number).deployment.state.over)
    done = at.deployments.get(number)
    assert done.state is DeploymentState.LOST
    assert done.message
    until(lambda: commands("slow.yml") == [])


def test_two_askers_keep_each_line_once(layout: Layout) -> None:
    at = site(layout, playbooks={"site.yml": SITE})
    number = launch(at)
    other = at.again()

    def ask(deployments: Deployments) -> None:
        until_over(deployments, number)

    asking = [threading.Thread(target=ask, args=(one,)) for one in (at.deployments, other)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    text = [line.text for line in at.deployments.log(number)]
    assert sum("TASK [Write it]" in line for line in text) == 1


def test_what_cannot_start_says_why(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    at = site(
        layout,
        playbooks={
            "web.yml": "- hosts: web\n",
            "inventories/a": "web1\n",
            "inventories/b": "web1\n",
        },
    )
    with pytest.raises(Missing, match="not in this checkout"):
        launch(at, "gone.yml")
    with pytest.raises(Refused, match="several inventories") as caught:
        launch(at, "web.yml")
    assert caught.value.field == "inventory"
    with pytest.raises(Refused, match="taken for an option"):
        launch(at, "web.yml", inventory="inventories/a", limit="-x")
    with pytest.raises(Refused, match="would be ignored"):
        launch(at, "web.yml", inventory="inventories/a", branch="next")
    at.ground.project_store.set_state(at.project.id, CheckoutState.ABSENT)
    board = at.deployments.board(at.project.id)
    assert "not cloned" in board.trouble
    assert board.steps == ("project.clone",)
    assert at.deployments.all() == []


def test_a_playbook_that_is_no_yaml_is_named(layout: Layout) -> None:
    at = site(layout, playbooks={"site.yml": "- hosts: web\n  tasks: [\n"})
    board = at.deployments.board(at.project.id)
    assert board.trouble.startswith("site.yml cannot be read: ")
    assert "in line 3" in board.trouble
    assert board.templates == ()


def test_no_ansible_is_said_with_how_to_install_it(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from aiops_desktop.adapters.ansible import Ansible

    at = site(layout, playbooks={"site.yml": SITE})
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    with pytest.raises(Missing, match="was not found") as caught:
        Ansible(tmp_path / "none").program(at.ground.tenants.room(at.tenant.id))
    assert "install ansible-core" in caught.value.hint


def test_a_deployment_in_the_making_is_not_taken_for_a_lost_one(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = site(layout, playbooks={"site.yml": SITE})
    seen: list[DeploymentState] = []

    def hang(*_words: object) -> None:
        other = at.again()  # another program looks at this very moment
        seen.append(other.update(1).deployment.state)
        monkeypatch.setattr("aiops_desktop.adapters.ansible.run.MAKING", 0.0)
        last = other.update(1).deployment
        seen.append(last.state)
        assert "before the playbook was started" in last.message
        raise Refused("No.")

    monkeypatch.setattr("aiops_desktop.adapters.ansible.run.Ansible.start", hang)
    with pytest.raises(Refused):
        launch(at)
    assert seen == [DeploymentState.STARTING, DeploymentState.LOST]
    assert at.deployments.all() == []
