"""The real Codex and the real Aider, each in a worktree, against a scripted model."""

from __future__ import annotations

from typing import Any

import psutil
import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.runs import EventKind, RunState
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.jobs.job import Job
from tests.support.assistants import git, need_aider, need_codex, point_aider, point_codex
from tests.support.model import Script, ScriptedModel
from tests.support.waiting import until
from tests.support.work import Work, work

pytestmark = pytest.mark.assistants

TYPO: list[dict[str, Any]] = [
    {"think": "Look first.", "say": "I look at the file.", "shell": "cat hello.txt"},
    {"edit": {"path": "hello.txt", "old": "helo", "new": "hello"}},
    {"say": "Fixed the typo."},
]


@pytest.fixture
def bench(layout: Layout) -> Work:
    return work(layout)


def _codex(bench: Work, url: str, name: str = "Acme") -> tuple[Tenant, Project]:
    bench.chosen.assistants(codex_command=str(need_codex()))
    tenant = bench.tenant(name)
    point_codex(bench.room(tenant), url)
    return tenant, bench.project(tenant)


def _aider(bench: Work, url: str, key: str = "k") -> tuple[Tenant, Project]:
    bench.chosen.assistants(aider_command=str(need_aider()))
    tenant = bench.tenant()
    point_aider(bench.room(tenant), url, key)
    return tenant, bench.project(tenant)


def test_codex_edits_in_a_worktree_and_the_app_commits(bench: Work) -> None:
    with ScriptedModel(Script({"fix the typo": TYPO})) as model:
        tenant, project = _codex(bench, model.base_url)
        run, events = bench.finished(bench.run(project, "Please fix the typo"))
    assert run.error == ""
    assert run.state is RunState.READY
    assert (run.files, run.added, run.removed) == (1, 1, 1)
    assert (run.worktree / "hello.txt").read_text() == "hello\nworld\n"
    assert (project.checkout / "hello.txt").read_text() == "helo\nworld\n"
    assert run.last == "Fixed the typo."
    assert run.thread
    assert run.usage.tokens_in == 300
    kinds = [event.kind for event in events]
    for kind in (EventKind.THREAD, EventKind.COMMAND, EventKind.CHANGE, EventKind.MESSAGE):
        assert kind in kinds
    command = next(e for e in events if e.kind is EventKind.COMMAND and e.exit_code is not None)
    assert (command.text, command.output) == ("cat hello.txt", "helo\nworld\n")
    assert next(e for e in events if e.kind is EventKind.CHANGE).paths == ("hello.txt",)
    assert git(run.worktree, "status", "--porcelain", "--ignored") == "M hello.txt"

    run = bench.runs.commit(run.id, "Fix the typo", Job("")).run
    assert git(run.worktree, "log", "-1", "--format=%an <%ae> %s") == (
        "Ann <ann@acme.example> Fix the typo"
    )
    run = bench.runs.merge(run.id, Job("")).run
    assert git(project.checkout, "rev-parse", "main") == run.commit
    run = bench.runs.retire(run.id, Job("")).run
    assert run.state is RunState.RETIRED
    assert not run.worktree.exists()
    tree = git(project.checkout, "rev-parse", f"{run.commit}^{{tree}}")
    assert git(project.checkout, "rev-parse", f"{run.rescue_ref}^{{tree}}") == tree
    assert git(project.checkout, "branch", "--format=%(refname:short)") == "main"
    verbs = {(e.verb, e.outcome.value) for e in bench.ground.history.all()}
    assert {("run", "done"), ("commit", "done"), ("merge", "done"), ("retire", "done")} <= verbs
    assert tenant.id == run.tenant_id


def test_codex_goes_on_where_it_was_and_counts_tokens_once(bench: Work) -> None:
    script = Script(
        {
            "second step": [{"write": {"path": "two.txt", "content": "2\n"}}, {"say": "Second."}],
            "fix the typo": TYPO,
        }
    )
    with ScriptedModel(script) as model:
        _, project = _codex(bench, model.base_url)
        first, _ = bench.finished(bench.run(project, "Please fix the typo"))
        bench.runs.resume(first.id, "Now the second step", Job(""))
        run, events = bench.finished(first)
    assert run.state is RunState.READY, run.error
    assert run.thread == first.thread
    assert run.files == 2
    assert run.last == "Second."
    assert run.usage.tokens_in == 500
    assert [e.usage.tokens_in for e in events if e.usage] == [300, 500]
    assert len({e.key for e in events if e.kind is EventKind.MESSAGE}) == 3


def test_stopping_codex_leaves_no_process(bench: Work) -> None:
    script = Script({"sleep": [{"shell": "touch begun; sleep 300"}, {"say": "slept"}]})
    with ScriptedModel(script) as model:
        _, project = _codex(bench, model.base_url)
        run = bench.run(project, "sleep a little")
        until(lambda: (run.worktree / "begun").exists(), why=_why(bench, run.id))
        assert bench.runs.get(run.id).state is RunState.WORKING
        mine = [p for p in psutil.process_iter() if _cwd(p).startswith(str(run.worktree))]
        assert any("sleep" in " ".join(p.cmdline()) for p in mine)
        stopped = bench.runs.stop(run.id, Job("")).run
        assert stopped.state is RunState.STOPPED
        assert [p for p in mine if p.is_running() and p.status() != psutil.STATUS_ZOMBIE] == []
    assert stopped.files == 1
    assert not (run.worktree / ".codex").exists()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"status": 401, "message": "bad key"}, "refused the sign-in"),
        ({"status": 500, "message": "boom"}, "error of its own"),
        ({"say": "half a", "drop": True}, "broke off"),
        ({"say": "I begin", "hang": True}, "broke off"),
    ],
    ids=["401", "500", "cut", "hang"],
)
def test_a_failing_model_is_a_failed_run_with_a_sentence(
    bench: Work, step: dict[str, object], words: str
) -> None:
    with ScriptedModel(Script({"try": [step]})) as model:
        _, project = _codex(bench, model.base_url)
        run, _ = bench.finished(bench.run(project, "try"))
    assert run.state is RunState.FAILED
    assert words in run.error, run.error
    assert bench.ground.history.all()[0].outcome.value == "failed"


def test_codex_of_two_tenants_have_different_homes(bench: Work) -> None:
    script = Script({"where": [{"shell": "echo $CODEX_HOME > home.txt"}, {"say": "There."}]})
    with ScriptedModel(script) as one, ScriptedModel(script) as two:
        homes = []
        for name, model in (("Acme", one), ("Bolt", two)):
            tenant, project = _codex(bench, model.base_url, name)
            run, _ = bench.finished(bench.run(project, f"where is {name}"))
            homes.append((run.worktree / "home.txt").read_text().strip())
            room = bench.room(tenant)
            assert list((room.assistants / "codex" / "sessions").rglob("*.jsonl"))
            assert run.session.startswith(f"{room.slug}-runs:")
        assert homes[0] != homes[1]
        assert one.prompts() == ["where is Acme"]
        assert two.prompts() == ["where is Bolt"]


def test_aider_edits_in_a_worktree(bench: Work) -> None:
    with ScriptedModel(Script({"fix the typo": TYPO}), api_key="k") as model:
        _, project = _aider(bench, model.base_url)
        run, events = bench.finished(
            bench.run(project, "Please fix the typo", assistant="aider", files=("hello.txt",))
        )
    assert run.error == ""
    assert run.state is RunState.READY
    assert (run.worktree / "hello.txt").read_text() == "hello\nworld\n"
    assert git(run.worktree, "status", "--porcelain", "--ignored") == "M hello.txt"
    assert git(run.worktree, "log", "--oneline").count("\n") == 0
    used = run.usage
    assert used.tokens_in > 0
    assert used.cost == pytest.approx(used.tokens_in * 1e-6 + used.tokens_out * 2e-6)
    assert any(e.kind is EventKind.CHANGE and e.paths == ("hello.txt",) for e in events)
    assert "Fixed the typo." in run.last
    assert "SEARCH" not in run.last
    assert "hello.txt" not in run.last


def test_aider_with_a_wrong_key_has_failed_although_it_exits_well(bench: Work) -> None:
    with ScriptedModel(Script(), api_key="right") as model:
        _, project = _aider(bench, model.base_url, key="wrong")
        run, _ = bench.finished(
            bench.run(project, "anything", assistant="aider", files=("hello.txt",))
        )
    assert run.exit_code == 0
    assert run.state is RunState.FAILED
    assert "refused the sign-in of Aider" in run.error


def _cwd(process: psutil.Process) -> str:
    try:
        return process.cwd()
    except psutil.Error:
        return ""


def _why(bench: Work, run_id: int) -> str:
    return f"The tool call did not begin: {bench.runs.get(run_id)}"
