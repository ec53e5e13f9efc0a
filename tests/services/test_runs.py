"""Assist runs told by their files: states, review, commit, retire, and what survives a crash."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from aiops_desktop.adapters import supervisor
from aiops_desktop.adapters.git.repository import Repository
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.runs import EventKind, Run, RunDraft, RunState
from aiops_desktop.domain.trouble import Clash, Missing, Refused, Stopped
from aiops_desktop.jobs.job import Job
from tests.support.assistants import git
from tests.support.ground import ground
from tests.support.waiting import until
from tests.support.work import Chosen, Work, services, work

#: Stands for Codex: the prompt is what it does, in the language of the shell.
FAKE = """#!/bin/sh
say() { printf '%s\\n' "$1"; }
done_() { say '{"type":"turn.completed","usage":{"input_tokens":7,"output_tokens":3}}'; }
say '{"type":"thread.started","thread_id":"t-1"}'
eval "$(cat)"
"""
WAIT = "until [ -e go ]; do sleep 0.02; done; rm go"
SITE = """# The web server
- name: Serve the site
  hosts: all
  tasks:
    - name: Install nginx
      ansible.builtin.debug:
        msg: installed
    - name: Write the page
      ansible.builtin.debug:
        msg: written
    - name: Start nginx
      ansible.builtin.debug:
        msg: started
"""


@pytest.fixture
def bench(layout: Layout, tmp_path: Path) -> Work:
    made = work(layout)
    made.chosen.assistants(codex_command=str(_fake(tmp_path)))
    return made


@pytest.fixture
def project(bench: Work) -> Project:
    return bench.project(bench.tenant())


def _fake(folder: Path) -> Path:
    program = folder / "fake-codex"
    program.write_text(FAKE)
    program.chmod(0o755)
    return program


def _working(bench: Work, project: Project, prompt: str = "touch begun; exec sleep 300") -> Run:
    run = bench.run(project, prompt)
    until(lambda: (run.worktree / "begun").exists())
    assert bench.runs.get(run.id).state is RunState.WORKING
    return run


def _outcome(bench: Work, verb: str) -> list[str]:
    return [e.outcome.value for e in bench.ground.history.all() if e.verb == verb]


def _record(run: Run) -> dict[str, int]:
    found: dict[str, int] = json.loads((run.folder / "supervisor.json").read_text())
    return found


def test_a_run_goes_through_its_states(bench: Work, project: Project) -> None:
    run = bench.run(
        project, "echo one > one.txt\nuntil [ -e go ]; do sleep 0.02; done\nrm go; done_"
    )
    assert run.state in {RunState.STARTING, RunState.WORKING}
    assert run.title == "echo one > one.txt"
    assert run.branch == f"assist/echo-one-one-txt-{run.id}"
    assert run.base_branch == "main"
    assert run.session == f"acme-runs:run-{run.id}"
    assert run.operator == "Ann Operator"
    until(lambda: bench.runs.get(run.id).thread == "t-1")
    assert bench.runs.get(run.id).state is RunState.WORKING
    assert _outcome(bench, "run") == ["running"]
    (run.worktree / "go").touch()
    run, events = bench.finished(run)
    assert (run.state, run.error, run.exit_code) == (RunState.READY, "", 0)
    assert (run.files, run.added, run.removed) == (1, 1, 0)
    assert (run.usage.tokens_in, run.usage.tokens_out) == (7, 3)
    assert run.finished is not None
    assert [e.kind for e in events] == [EventKind.THREAD, EventKind.USAGE, EventKind.END]
    assert _outcome(bench, "run") == ["done"]
    assert bench.runs.get(run.id) == run
    server = [s.name for s in bench.sessions.all()]
    assert server == []


def test_the_demo_assistant_makes_something_to_review(bench: Work) -> None:
    bench.chosen.assistants(demo=True)
    project = bench.project(bench.tenant(), files={"site.yml": SITE, "README.md": "# Site\n"})
    demo = next(a for a in bench.runs.assistants(project.id) if a.id == "demo")
    assert demo.available
    assert demo.labelled == "Demo assistant, built in: it only makes a prepared change."
    run, events = bench.finished(bench.run(project, "Say when it has ended", assistant="demo"))
    assert run.state is RunState.READY, run.error
    review = bench.runs.review(run.id)
    assert {diff.path: len(diff.hunks) for diff in review.files} == {"README.md": 1, "site.yml": 2}
    assert {EventKind.MESSAGE, EventKind.COMMAND, EventKind.CHANGE} <= {e.kind for e in events}

    heading = (run.worktree / "site.yml").read_text().splitlines()[0]
    bench.runs.discard(run.id, "site.yml", {0: None})
    text = (run.worktree / "site.yml").read_text()
    assert text.splitlines()[0] == "# The web server" != heading
    assert "Say that the play has ended" in text
    run = bench.runs.commit(run.id, "Say when the play has ended", Job("")).run
    assert run.state is RunState.COMMITTED
    assert (project.checkout / "site.yml").read_text() == SITE
    run = bench.runs.merge(run.id, Job("")).run
    assert (project.checkout / "site.yml").read_text() == text
    assert git(project.checkout, "log", "-1", "--format=%an|%ae") == "Ann|ann@acme.example"
    assert bench.runs.unsaved(project.id) == ()
    bench.runs.retire(run.id, Job(""))
    assert _outcome(bench, "discard") == _outcome(bench, "merge") == ["done"]


def test_done_without_changes_is_empty(bench: Work, project: Project) -> None:
    run, _ = bench.finished(bench.run(project, "mkdir .codex .agents; done_"))
    assert run.state is RunState.EMPTY
    assert not (run.worktree / ".codex").exists()
    with pytest.raises(Refused, match="nothing left to commit"):
        bench.runs.commit(run.id, "x", Job(""))
    assert bench.runs.retire(run.id, Job("")).run.state is RunState.RETIRED


def test_discarding_everything_leaves_an_empty_run(bench: Work, project: Project) -> None:
    run, _ = bench.finished(bench.run(project, "echo more >> hello.txt; echo new > n; done_"))
    bench.runs.review(run.id)
    bench.runs.discard(run.id, "n")
    assert bench.runs.discard(run.id, "hello.txt").run.state is RunState.EMPTY
    assert git(run.worktree, "status", "--porcelain") == ""
    with pytest.raises(Clash):
        bench.runs.discard(run.id, "gone.txt")


def test_a_stale_review_discards_nothing(bench: Work, project: Project) -> None:
    run, _ = bench.finished(bench.run(project, "echo more >> hello.txt; done_"))
    bench.runs.review(run.id)
    (run.worktree / "hello.txt").write_text("helo\nworld\nmore and more\n")
    with pytest.raises(Clash):
        bench.runs.discard(run.id, "hello.txt", {0: None})
    assert (run.worktree / "hello.txt").read_text() == "helo\nworld\nmore and more\n"


def test_a_review_that_began_before_a_commit_does_not_undo_it(
    bench: Work, project: Project
) -> None:
    run, _ = bench.finished(bench.run(project, "echo more >> hello.txt; done_"))
    committed = bench.runs.commit(run.id, "More", Job("")).run
    late = bench.run_store.measure(run, replace(run, files=7))
    assert (late.state, late.commit, late.files) == (RunState.COMMITTED, committed.commit, 1)


def test_an_assistant_that_commits_by_itself_is_reviewed_all_the_same(
    bench: Work, project: Project
) -> None:
    run, _ = bench.finished(
        bench.run(project, "echo x > x; git add x; git commit -qm own; echo y > y; done_")
    )
    assert [diff.path for diff in bench.runs.review(run.id).files] == ["x", "y"]
    run = bench.runs.commit(run.id, "Rest", Job("")).run
    assert git(run.worktree, "log", "--format=%s", "-2") == "Rest\nown"


def test_stop_keeps_the_work_for_review(bench: Work, project: Project) -> None:
    run = _working(bench, project, "echo half > begun; setsid sleep 301 & sleep 300")
    tree = psutil.Process(_record(run)["child"]).children(recursive=True)
    assert tree
    stopped = bench.runs.stop(run.id, Job("")).run
    assert (stopped.state, stopped.files, stopped.error) == (RunState.STOPPED, 1, "")
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in tree)
    assert _outcome(bench, "run") == ["stopped"]
    assert _outcome(bench, "stop run") == ["done"]
    with pytest.raises(Refused, match="not at work"):
        bench.runs.stop(run.id, Job(""))
    assert bench.runs.review(run.id).files[0].path == "begun"


def test_while_at_work_nothing_is_taken_from_under_it(bench: Work, project: Project) -> None:
    run = _working(bench, project)
    verbs: tuple[Callable[[], object], ...] = (
        lambda: bench.runs.commit(run.id, "x", Job("")),
        lambda: bench.runs.discard(run.id, "begun"),
        lambda: bench.runs.merge(run.id, Job("")),
        lambda: bench.runs.retire(run.id, Job(""), even_unsaved=True),
        lambda: bench.runs.resume(run.id, "x", Job("")),
    )
    for verb in verbs:
        with pytest.raises(Refused):
            verb()
    assert bench.runs.unsaved(project.id) == (f"run {run.id} with an assistant at work",)
    bench.runs.stop_all(project.tenant_id, project.id, Job(""))
    assert bench.runs.get(run.id).state is RunState.STOPPED
    assert bench.runs.count(project.tenant_id, project.id) == 1


def test_a_closed_window_interrupts(bench: Work, project: Project) -> None:
    run = _working(bench, project)
    (session,) = bench.sessions.all()
    opening = bench.sessions.attach(project.tenant_id, *run.session.split(":"))
    assert opening.window == session.windows[0].id
    bench.sessions.kill(project.tenant_id, session.name)
    until(lambda: not bench.runs.get(run.id).state.alive)
    ended = bench.runs.get(run.id)
    assert ended.state is RunState.INTERRUPTED
    assert "closed" in ended.error
    with pytest.raises(Missing):
        bench.sessions.attach(project.tenant_id, *run.session.split(":"))


def test_a_run_goes_on_when_the_program_is_killed(layout: Layout, tmp_path: Path) -> None:
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from aiops_desktop.domain.layout import Layout\n"
        "from tests.support.work import work\n"
        "bench = work(Layout(Path(sys.argv[1]), is_default=False))\n"
        "bench.chosen.assistants(codex_command=sys.argv[2])\n"
        "project = bench.project(bench.tenant())\n"
        "bench.run(project, 'touch begun; until [ -e go ]; do sleep 0.02; done; done_')\n"
        "import time; time.sleep(300)\n"
    )
    app = subprocess.Popen(
        [sys.executable, "-c", program, str(layout.data), str(_fake(tmp_path))],
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    worktrees = layout.data / "tenants" / "acme" / "worktrees"
    try:
        begun = until(lambda: list(worktrees.glob("*/*/begun")))[0]
    finally:
        os.killpg(app.pid, signal.SIGKILL)
        app.wait()
    anew = services(ground(layout), Chosen())
    assert [run.state for run in anew.runs.recover()] in ([], [RunState.WORKING])
    (run,) = anew.runs.all()
    assert anew.runs.get(run.id).state is RunState.WORKING
    begun.with_name("go").touch()
    run, events = anew.finished(run)
    assert run.state is RunState.READY
    assert events[0].kind is EventKind.THREAD
    assert [e.outcome.value for e in anew.ground.history.all() if e.verb == "run"] == ["done"]


def test_what_the_computer_took_down_is_interrupted_and_resumes(
    bench: Work, project: Project
) -> None:
    run = _working(bench, project, "if [ ! -e begun ]; then touch begun; exec sleep 300; fi; done_")
    for name in ("pid", "child"):
        os.kill(_record(run)[name], signal.SIGKILL)
    until(lambda: not supervisor.is_alive(run.folder))
    anew = services(bench.ground, bench.chosen)
    (found,) = anew.runs.recover()
    assert found.state is RunState.INTERRUPTED
    assert found.error
    assert _outcome(bench, "run") == ["interrupted"]
    assert anew.runs.recover() == []
    resumed = anew.runs.resume(run.id, "rm begun; echo x > resumed.txt; done_", Job("")).run
    assert resumed.state.alive
    done, events = anew.finished(resumed)
    assert (done.state, done.files, done.error) == (RunState.READY, 1, "")
    assert "resume\tt-1" in (run.folder / "job.json").read_text().replace('", "', "\t")
    assert [e.kind for e in events].count(EventKind.THREAD) == 2
    assert sorted(_outcome(bench, "run")) == ["done", "interrupted"]


def test_what_a_killed_supervisor_leaves_is_ended(bench: Work, project: Project) -> None:
    run = _working(bench, project)
    tool = psutil.Process(_record(run)["child"])
    os.kill(_record(run)["pid"], signal.SIGKILL)
    until(lambda: not supervisor.is_alive(run.folder))
    assert bench.runs.get(run.id).state is RunState.INTERRUPTED
    assert not tool.is_running() or tool.status() == psutil.STATUS_ZOMBIE


def test_without_tmux_a_run_works_too(bench: Work, project: Project) -> None:
    bench.chosen.terminal(use_tmux=False)
    run, _ = bench.finished(bench.run(project, "echo x > x; done_"))
    assert (run.state, run.session) == (RunState.READY, "")
    run = _working(bench, project)
    assert bench.runs.stop(run.id, Job("")).run.state is RunState.STOPPED


def test_two_runs_of_a_project_work_side_by_side(bench: Work, project: Project) -> None:
    one = bench.run(project, "echo 1 > file.txt; done_")
    two = bench.run(project, "echo 2 > file.txt; done_")
    for run, text in ((one, "1\n"), (two, "2\n")):
        ended, _ = bench.finished(run)
        assert ended.state is RunState.READY
        assert (ended.worktree / "file.txt").read_text() == text
    assert [run.id for run in bench.runs.all(project.id)] == [two.id, one.id]
    assert git(project.checkout, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("exit 7", "exit code 7"),
        ("kill -9 $$", "signal 9"),
        ("echo broken >&2; exit 1", "It said: broken"),
        ('say \'{"type":"turn.failed","error":{"message":"no more"}}\'', "It said: no more"),
        ("true", "without a result"),
    ],
)
def test_a_failure_has_a_sentence(bench: Work, project: Project, prompt: str, words: str) -> None:
    run, _ = bench.finished(bench.run(project, prompt))
    assert run.state is RunState.FAILED
    assert words in run.error
    assert _outcome(bench, "run") == ["failed"]


def test_strange_output_is_no_crash(bench: Work, project: Project) -> None:
    prompt = "\n".join(
        [
            'say \'{"type":"item.completed","item":null}\'',
            'say \'{"type":"item.completed","item":{"type":"new_thing","id":5}}\'',
            'say \'{"type":"item.completed","item":{"type":"file_change","changes":7}}\'',
            'say \'{"type":"turn.completed","usage":{"input_tokens":"many"}}\'',
            "say '<html>oops</html>'",
            "say '[1, 2'",
            "printf '\\377\\000\\n'",
            "done_",
        ]
    )
    run, events = bench.finished(bench.run(project, prompt))
    assert run.state is RunState.EMPTY
    assert any(e.kind is EventKind.OUTPUT and "<html>" in e.text for e in events)
    assert any(e.kind is EventKind.TOOL and e.text == "new thing" for e in events)


def test_a_flood_comes_in_portions(bench: Work, project: Project) -> None:
    item = '{"type":"item.completed","item":{"id":"i","type":"agent_message","text":"&"}}'
    prompt = f"seq 0 99999 | sed 's/.*/{item}/'; done_"
    run = bench.run(project, prompt)
    until(lambda: not bench.runs.get(run.id).state.alive, 60)
    offset, portions, messages, longest = 0, 0, [], 0.0
    while True:
        begun = time.monotonic()
        update = bench.runs.update(run.id, offset)
        longest = max(longest, time.monotonic() - begun)
        if update.offset == offset:
            break
        offset, portions = update.offset, portions + 1
        messages += [e.text for e in update.events if e.kind is EventKind.MESSAGE]
    assert messages == [str(number) for number in range(100_000)]
    assert portions > 5
    assert longest < 20  # a portion, not all
    assert update.run.last == "99999"


def test_what_cannot_start_leaves_nothing(bench: Work, project: Project) -> None:
    bench.chosen.assistants(aider_command="no-such-aider")
    for draft, trouble in (
        (RunDraft(project.id, "  \n"), Refused),
        (RunDraft(project.id, "x", assistant="nobody"), Refused),
        (RunDraft(project.id, "x", sandbox="open"), Refused),
        (RunDraft(project.id, "x", assistant="aider"), Missing),
    ):
        with pytest.raises(trouble):
            bench.runs.start(draft, Job(""))
    unborn = bench.project(bench.tenant("Bolt"))
    shutil.rmtree(unborn.checkout / ".git")
    git(unborn.checkout, "init", "-q", "-b", "main")
    with pytest.raises(Refused, match="no commit yet"):
        bench.runs.start(RunDraft(unborn.id, "x"), Job(""))
    stopped = Job("")
    stopped.stop()
    with pytest.raises(Stopped):
        bench.runs.start(RunDraft(project.id, "x"), stopped)
    assert bench.runs.all() == []
    assert git(project.checkout, "branch", "--format=%(refname:short)") == "main"
    assert git(project.checkout, "worktree", "list").count("\n") == 0


def test_retiring_asks_about_unsaved_work_and_keeps_it(bench: Work, project: Project) -> None:
    run, _ = bench.finished(bench.run(project, "echo precious > new.txt; done_"))
    with pytest.raises(Refused, match="changes that are not committed"):
        bench.runs.retire(run.id, Job(""))
    assert bench.runs.unsaved(project.id) == (f"run {run.id} with changes that are not committed",)
    run = bench.runs.retire(run.id, Job(""), even_unsaved=True).run
    assert run.state is RunState.RETIRED
    assert not run.worktree.exists()
    assert git(project.checkout, "show", f"{run.rescue_ref}:new.txt") == "precious"
    with pytest.raises(Missing, match="kept as"):
        bench.runs.review(run.id)

    run, _ = bench.finished(bench.run(project, "echo x > x.txt; done_"))
    bench.runs.commit(run.id, "Add x", Job(""))
    with pytest.raises(Refused, match="a commit that is not merged"):
        bench.runs.retire(run.id, Job(""))


def test_a_merge_conflict_changes_nothing(bench: Work, project: Project) -> None:
    run, _ = bench.finished(bench.run(project, "echo theirs > hello.txt; done_"))
    with pytest.raises(Refused, match="no commit to merge"):
        bench.runs.merge(run.id, Job(""))
    bench.runs.commit(run.id, "Theirs", Job(""))
    (project.checkout / "hello.txt").write_text("ours\n")
    git(
        project.checkout, "-c", "user.name=T", "-c", "user.email=t@x.example", "commit", "-qam", "O"
    )
    head = git(project.checkout, "rev-parse", "HEAD")
    with pytest.raises(Clash, match=r"hello\.txt"):
        bench.runs.merge(run.id, Job(""))
    assert git(project.checkout, "rev-parse", "HEAD") == head
    assert git(project.checkout, "status", "--porcelain") == ""
    git(project.checkout, "switch", "-qc", "other")
    with pytest.raises(Refused, match="began on main, but other"):
        bench.runs.merge(run.id, Job(""))


def test_a_worktree_removed_by_hand_is_told(bench: Work, project: Project) -> None:
    run, _ = bench.finished(bench.run(project, "echo x > x; done_"))
    shutil.rmtree(run.worktree)
    verbs: tuple[Callable[[], object], ...] = (
        lambda: bench.runs.review(run.id),
        lambda: bench.runs.commit(run.id, "x", Job("")),
        lambda: bench.runs.resume(run.id, "x", Job("")),
    )
    for verb in verbs:
        with pytest.raises(Missing, match="worktree of this run is gone"):
            verb()
    assert bench.runs.retire(run.id, Job("")).run.state is RunState.RETIRED


def test_a_long_silence_is_said_while_it_lasts(
    bench: Work, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aiops_desktop.services.progress.QUIET", 0.2)
    run = _working(bench, project)
    said = until(lambda: bench.runs.get(run.id).error)
    assert said.startswith("Codex has said nothing for")
    assert bench.runs.stop(run.id, Job("")).run.error == ""


def test_a_run_in_the_making_is_not_taken_for_a_lost_one(
    bench: Work, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[RunState] = []

    class Slow(Repository):
        def add_worktree(self, folder: Path, branch: str, base: str = "HEAD") -> Repository:
            (run,) = bench.runs.all()
            assert (run.branch, run.worktree) == (branch, folder)
            seen.append(bench.runs.get(run.id).state)
            monkeypatch.setattr("aiops_desktop.services.progress.MAKING", 0.0)
            seen.append(bench.runs.get(run.id).state)
            raise Refused("No.")

    bench.runs._repository = Slow
    with pytest.raises(Refused):
        bench.run(project, "x")
    assert seen == [RunState.STARTING, RunState.INTERRUPTED]
    assert bench.runs.all() == []
