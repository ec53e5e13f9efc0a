"""A project of the real window in every state it can be in, over real git, tmux and Ansible."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiops_desktop.domain.deployments import DeployDraft
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.runs import Run, RunDraft, RunState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from tests.support.deploying import SLOW, TOOLS
from tests.support.repos import commit, git, push_more, write
from tests.support.stage import Stage


@dataclass
class Scene:
    """A stage on which a project stands in one state; `end` gives back what it holds."""

    stage: Stage
    project: Project | None = None
    name: str = ""
    _ends: list[Callable[[], object]] = field(default_factory=list)

    @property
    def checkout(self) -> Path:
        """The work tree."""
        assert self.project is not None
        return self.project.checkout

    @property
    def remote(self) -> Path:
        """The server's repository."""
        assert self.project is not None
        return Path(self.project.remote_url)

    def show(self) -> None:
        """Show the project, and wait until the window knows how it stands."""
        desk, project = self.stage.desk, self.project
        if project is None:
            return
        desk.select(project.id)
        if desk.cloned:
            desk.statuses.pop(project.id, None)
            desk.refresh_status(project.id)
            self.stage.wait(lambda: project.id in desk.statuses)

    def finally_(self, call: Callable[[], object]) -> None:
        """What to do at the end."""
        self._ends.append(call)

    def end(self) -> None:
        """End what was started."""
        for call in reversed(self._ends):
            call()


def no_project(stage: Stage) -> Scene:
    """An empty data folder."""
    return Scene(stage)


def not_cloned(stage: Stage) -> Scene:
    """Only the address is known."""
    return Scene(stage, stage.project(stage.tenant(), clone=False))


def clone_failed(stage: Stage) -> Scene:
    """The server had nothing to give."""
    tenant = stage.tenant()
    nowhere = stage.desk.layout.data.parent / "nowhere.git"
    made = stage.house.projects.create(ProjectDraft(tenant.id, str(nowhere), name="gone")).project
    with contextlib.suppress(Trouble):
        stage.house.repositories.clone(made.id, Job("Clone"))
    stage.desk.reload()
    failed = stage.house.projects.get(made.id)
    stage.wait(lambda: stage.desk.projects.get(made.id) == failed)
    return Scene(stage, failed)


def clean(stage: Stage) -> Scene:
    """Just cloned."""
    return Scene(stage, stage.project(stage.tenant()))


def ahead(stage: Stage) -> Scene:
    """A commit the server has not."""
    scene = clean(stage)
    commit(scene.checkout, {"more.txt": "more\n"}, "More")
    return scene


def dirty(stage: Stage) -> Scene:
    """Changed, staged and new files."""
    scene = clean(stage)
    write(scene.checkout, {"README.md": "# changed\n", "new.txt": "new\n", "staged.txt": "s\n"})
    git(scene.checkout, "add", "staged.txt")
    return scene


def conflicted(stage: Stage) -> Scene:
    """A merge stopped at the same line changed here and there."""
    scene = clean(stage)
    push_more(scene.remote, {"README.md": "# theirs\n"}, "Theirs")
    commit(scene.checkout, {"README.md": "# ours\n"}, "Ours")
    git(scene.checkout, "fetch", "-q")
    argv = ["git", "-c", "user.name=X", "-c", "user.email=x@example.org", "merge", "origin/main"]
    merged = subprocess.run(argv, cwd=scene.checkout, capture_output=True, check=False)
    assert merged.returncode == 1, merged.stderr
    return scene


def detached(stage: Stage) -> Scene:
    """A commit is checked out, no branch."""
    scene = clean(stage)
    git(scene.checkout, "checkout", "-q", "--detach")
    return scene


def run_at_work(stage: Stage) -> Scene:
    """An assistant that does not come to an end."""
    scene = clean(stage)
    stage.house.settings.save({"assistants.default_tool": "sleep 600"})
    run = _run(scene, "sleep 600")
    scene.finally_(lambda: _stopped(scene, run))
    _until_run(scene, run, lambda now: now.state is RunState.WORKING)
    return scene


def run_to_review(stage: Stage) -> Scene:
    """The demo assistant has made its change."""
    scene = clean(stage)
    stage.house.settings.save({"assistants.demo": True})
    run = _run(scene, "demo")
    _until_run(scene, run, lambda now: now.state is RunState.READY)
    return scene


def run_failed(stage: Stage) -> Scene:
    """The assistant said no."""
    scene = clean(stage)
    stage.house.settings.save({"assistants.default_tool": "false"})
    run = _run(scene, "false")
    _until_run(scene, run, lambda now: now.state is RunState.FAILED)
    return scene


def deploying(stage: Stage) -> Scene:
    """A playbook at work on this computer, shown on its page."""
    assert TOOLS.exists(), "ansible-core was not set up"
    scene = clean(stage)
    write(scene.checkout, {"site.yml": SLOW})
    commit(scene.checkout, {}, "Playbook")
    assert scene.project is not None
    house, project = stage.house, scene.project
    stage.desk.select(project.id)
    launched = house.deployments.launch(DeployDraft(project.id, "site.yml"), Job("Deploy"))
    number = launched.deployment.id

    def over() -> None:
        (scene.checkout / "go.txt").touch()
        stage.wait(lambda: house.deployments.update(number).deployment.state.over)

    scene.finally_(over)
    stage.desk.go("deploy", number)
    stage.wait(lambda: bool(stage.desk.property("deployment")))
    return scene


#: Every state, by the name it has among people.
STATES: dict[str, Callable[[Stage], Scene]] = {
    "no project": no_project,
    "not cloned": not_cloned,
    "clone failed": clone_failed,
    "clean": clean,
    "ahead": ahead,
    "dirty": dirty,
    "conflicted": conflicted,
    "detached": detached,
    "run at work": run_at_work,
    "run to review": run_to_review,
    "run failed": run_failed,
    "deploying": deploying,
}


def _run(scene: Scene, assistant: str) -> Run:
    assert scene.project is not None
    draft = RunDraft(scene.project.id, "Say when the play has ended", assistant)
    return scene.stage.house.runs.start(draft, Job("Run")).run


def _until_run(scene: Scene, run: Run, wanted: Callable[[Run], bool]) -> None:
    stage = scene.stage
    stage.qtbot.waitUntil(lambda: wanted(stage.house.runs.get(run.id)))
    stage.desk.refresh_runs()
    stage.wait(lambda: any(one.id == run.id for one in stage.desk.living_runs))


def _stopped(scene: Scene, run: Run) -> None:
    if scene.stage.house.runs.get(run.id).state.alive:
        scene.stage.house.runs.stop(run.id, Job("Stop"))
