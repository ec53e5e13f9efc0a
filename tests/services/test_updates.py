"""The program updates itself: all of it, or nothing of it."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.adapters.process import Finished
from aiops_desktop.adapters.update import journal
from aiops_desktop.adapters.update.environment import Environment
from aiops_desktop.domain.trouble import Clash, Failed, Refused, Stopped
from aiops_desktop.domain.updates import Stage, Step, StepState
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.update_rollback import recover
from aiops_desktop.services.update_run import Run
from aiops_desktop.services.updates import Choice
from tests.support.killed import processes
from tests.support.repos import git, write
from tests.support.update import NEWER, ROOT, Clone, Server
from tests.support.waiting import until


@pytest.fixture
def server(update_server: Server) -> Server:
    return update_server


@pytest.fixture
def clone(update_clone: Clone) -> Clone:
    return update_clone


@pytest.fixture
def shell_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer without a desktop: the new window is not tried, which takes seconds."""
    monkeypatch.setattr(Environment, "has_window", lambda _self: False)


def _change(root: Path) -> None:
    write(root, {"hosts.ini": "one\ntwo\nthree\nFOUR\n", "notes.txt": "mine\n"})


def _ended(steps: list[Step]) -> dict[Stage, StepState]:
    return {step.stage: step.state for step in steps}


def test_an_older_clone_with_local_changes_becomes_the_newer_version(clone: Clone) -> None:
    _change(clone.root)
    found = clone.updates.look(Job("Look"))
    assert found.running.number == "0.1.0"
    assert found.available is not None
    assert found.available.number == "0.2.0"
    assert found.commits == ("News behind the release", "The newer version")
    assert found.changed == ("hosts.ini", "notes.txt")
    steps: list[Step] = []
    done = clone.updates.update(Job("Update"), tell=steps.append)
    assert (done.before.number, done.after.number) == ("0.1.0", "0.2.0")
    assert _ended(steps) == {
        **dict.fromkeys(Stage, StepState.DONE),
        Stage.RESTART: StepState.SKIPPED,
    }
    assert (clone.root / "hosts.ini").read_text() == "ONE\ntwo\nthree\nFOUR\n"
    assert git(clone.root, "status", "--porcelain") == " M hosts.ini\n?? notes.txt"
    assert clone.revision == NEWER
    assert clone.picture()["left"] == []
    assert git(clone.root, "for-each-ref", "refs/aiops-update/stash") == ""
    assert done.log is not None
    told = done.log.read_text()
    assert "LOADED" in told, "the new window was opened on a copy"
    assert "== Upgrading the database" in told
    assert clone.updates.standing().moved, "this process runs the older one still"
    assert clone.run("update", "status").returncode == 0


def test_a_release_restarts_what_is_to_be_restarted_and_a_second_update_finds_nothing(
    clone: Clone, shell_only: None
) -> None:
    sign = clone.layout.data / "restarted now"
    told = replace(clone.settings.update, restart_command=f"touch '{sign}'")
    clone.settings = replace(clone.settings, update=told)
    choice = Choice(releases=True)
    done = clone.updates.update(Job("Update"), choice=choice, restart=True)
    assert done.restarting
    until(sign.exists)
    assert not (clone.root / "NEWS").exists(), "behind the newest release"
    assert done.summary.startswith("0.1.0 (")
    steps: list[Step] = []
    again = clone.updates.update(Job("Update"), choice=choice, tell=steps.append)
    assert again.before == again.after
    assert [step.stage for step in steps] == [Stage.FETCH, Stage.FETCH]
    assert again.summary == "0.2.0 is the newest version."


def _fails(clone: Clone, kind: type[Exception], branch: str = "main") -> tuple[str, list[Step]]:
    """Update, see it fail and everything as it was; what was said."""
    before, steps = clone.picture(), list[Step]()
    with pytest.raises(kind) as caught:
        clone.updates.update(Job("Update"), choice=Choice(branch=branch), tell=steps.append)
    assert clone.picture() == before
    return str(caught.value), steps


def test_a_change_that_does_not_fit_is_named_and_stays(clone: Clone) -> None:
    write(clone.root, {"hosts.ini": "mine\ntwo\n", "notes.txt": "mine\n"})
    said, steps = _fails(clone, Clash)
    assert "Local changes do not fit the new version: hosts.ini." in said
    assert "Everything is as it was before the update." in said
    assert _ended(steps)[Stage.SWITCH] is StepState.FAILED


def test_packages_that_cannot_be_had_bring_the_old_ones_back(clone: Clone, server: Server) -> None:
    _change(clone.root)
    (server.tools / "broken").touch()
    said, steps = _fails(clone, Failed)
    assert "packages of the new version could not be installed" in said
    assert _ended(steps)[Stage.DEPENDENCIES] is StepState.FAILED


def test_a_migration_that_fails_does_so_on_a_copy(clone: Clone, shell_only: None) -> None:
    _change(clone.root)
    bytes_before = clone.layout.database.read_bytes()
    said, steps = _fails(clone, Failed, "bad-migration")
    assert "could not upgrade a copy of the database" in said
    assert _ended(steps)[Stage.CHECK] is StepState.FAILED
    # The history wrote to it meanwhile; its tables are what they were.
    assert len(bytes_before) <= clone.layout.database.stat().st_size


def test_a_window_that_does_not_open_is_found_out_on_a_copy(clone: Clone) -> None:
    said, steps = _fails(clone, Failed, "bad-window")
    assert "could not open its window on a copy" in said
    assert _ended(steps)[Stage.CHECK] is StepState.FAILED


def test_a_database_that_was_upgraded_is_put_back(clone: Clone, shell_only: None) -> None:
    said, steps = _fails(clone, Failed, "bad-end")
    assert "could not upgrade the database" in said
    assert _ended(steps)[Stage.MIGRATE] is StepState.FAILED
    assert list(clone.layout.backups.glob("before-update-*.db")), "the copy stays"
    event = clone.updates._history.all()[0]
    assert (event.verb, event.outcome.value) == ("update", "failed"), "written after that"


def test_stop_leads_back(clone: Clone, server: Server) -> None:
    _change(clone.root)
    (server.tools / "hold").touch()
    before, job = clone.picture(), Job("Update")

    def tell(step: Step) -> None:
        if step.stage is Stage.DEPENDENCIES and step.state is StepState.RUNNING:
            job.stop()

    with pytest.raises(Stopped):
        clone.updates.update(job, tell=tell)
    assert clone.picture() == before


def test_killed_in_the_middle_the_next_start_puts_everything_back(
    clone: Clone, server: Server
) -> None:
    _change(clone.root)
    before = clone.picture()
    (server.tools / "hold").touch()
    child = subprocess.Popen(
        ["bash", "scripts/update.sh"],
        cwd=clone.root,
        env={
            **os.environ,
            "AIOPS_DATA_DIR": str(clone.layout.data),
            "AIOPS_UPDATE_BRANCH": "stable",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until((server.tools / "holding").exists)
        assert git(clone.root, "rev-parse", "HEAD") == git(clone.root, "rev-parse", "origin/stable")
        meanwhile = clone.run("tenant", "list")
        assert meanwhile.returncode == 3
        assert "being updated just now" in meanwhile.stderr
    finally:
        child.kill()
        child.communicate()
    assert clone.updates.unfinished()
    after = clone.run("tenant", "list")
    assert after.returncode == 0, after.stderr
    assert "everything is put back as it was before it" in after.stderr
    assert processes(str(clone.root / "scripts/setup.sh")) == [], "what it had begun was ended"
    (server.tools / "hold").unlink()
    assert clone.picture() == before


class Cut(BaseException):
    """The computer loses its power."""


@pytest.mark.parametrize("at", range(1, 8))
def test_cut_off_at_any_step_everything_comes_back(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    _change(clone.root)
    before, real, count = clone.picture(), journal._write, 0

    def write(root: Path, told: journal.Journal, *, first: bool) -> None:
        nonlocal count
        real(root, told, first=first)
        count += 1
        if count == at:
            raise Cut

    def sync(self: Environment, job: Job, say: Callable[[str], None]) -> None:
        (self.root / ".venv/mine").unlink()
        (self.root / ".venv/.stamp").write_text("another")

    def program(self: Environment, *words: str, more: dict[str, str], **rest: object) -> Finished:
        base = sqlite3.connect(Path(more["AIOPS_DATA_DIR"]) / "aiops.db")
        base.execute("UPDATE alembic_version SET version_num = 'newer'")
        base.commit()
        base.close()
        if at == 7 and "update-trial" not in more["AIOPS_DATA_DIR"]:
            raise Cut
        return Finished((), 0, b"", b"", 0.0)

    monkeypatch.setattr(journal, "_write", write)
    monkeypatch.setattr(Environment, "sync", sync)
    monkeypatch.setattr(Environment, "program", program)
    monkeypatch.setattr(Environment, "has_window", lambda _self: False)
    monkeypatch.setattr(Run, "_undo", lambda _self, _error: None)
    with pytest.raises(Cut):
        clone.updates.update(Job("Update"))
    assert count == min(at, 6)
    found = journal.read(clone.root)
    assert found is not None
    real(clone.root, replace(found, mark="1:0"), first=False)  # the process is no more
    assert recover(clone.root, lambda _text: None)
    assert clone.picture() == before
    assert not recover(clone.root, lambda _text: None)


def test_what_an_update_left_that_was_killed_at_its_very_end_goes(
    clone: Clone, shell_only: None
) -> None:
    """Its journal is removed first, and what it had kept for the way back after that."""
    kept = journal.folder(clone.root) / "venv/bin"
    kept.mkdir(parents=True)
    (kept / "python").touch()
    assert not clone.updates.unfinished()
    done = clone.updates.update(Job("Update"))
    assert done.after.number == "0.2.0"
    assert clone.picture()["left"] == []


def test_another_update_is_not_disturbed(clone: Clone, shell_only: None) -> None:
    place = git(clone.root, "rev-parse", "HEAD")
    mine = journal.Journal(clone.updates._mark, Stage.DEPENDENCIES, place, "refs/heads/main")
    journal.begin(clone.root, mine)
    with pytest.raises(Refused, match="being updated just now"):
        clone.updates.update(Job("Update"))
    with pytest.raises(Refused, match="being updated just now"):
        clone.updates.roll_back(Job("Roll back"))
    assert journal.read(clone.root) == mine


@pytest.mark.parametrize("text", ["", "{", "[]", '{"stage": "no"}', '{"stage": "check"}', "\0"])
def test_a_journal_nobody_can_read_is_named_and_left(clone: Clone, text: str) -> None:
    place = journal.folder(clone.root)
    place.mkdir()
    (place / "journal.json").write_text(text)
    with pytest.raises(Failed, match=r"journal\.json"):
        journal.read(clone.root)
    assert not clone.updates.unfinished()


def test_a_roll_back_needs_nothing_but_the_standard_library() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import aiops_desktop.services.update_rollback\n"
        "files = [str(getattr(m, '__file__', '')) for m in sys.modules.values()]\n"
        "import json; print(json.dumps([f for f in files if 'site-packages' in f]))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []
