"""What a person can do with assist runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.domain.states import RunState
from aiops_desktop.ui.actions.action import Action, needs_checkout
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.runs.looks import can_resume, needs_person, reviewable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiops_desktop.domain.runs import Run, RunChanged
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.jobs import JobRecord

    Told = Callable[[RunChanged], None] | None
    Failing = Callable[[Trouble], None] | None


# Verbs, also for the buttons of the pages -------------------------------------------------------


def stop(desk: Desk, run: Run) -> JobRecord:
    """Stop an assistant and all its processes. Does not wait for the checkout's other jobs."""
    house = desk.house
    return desk.start(
        tr("Stop run"),
        lambda job: house.runs.stop(run.id, job),
        lane=("run", run.id),
        project_id=run.project_id,
    )


def resume(
    desk: Desk, run: Run, prompt: str, *, done: Told = None, trouble: Failing = None
) -> None:
    """Let a run go on with another prompt."""
    house = desk.house
    _start(desk, run, tr("Resume run"), lambda job: house.runs.resume(run.id, prompt, job))(
        done, trouble
    )


def merge(desk: Desk, run: Run, *, done: Told = None, trouble: Failing = None) -> None:
    """Merge a run's branch into the project's branch."""
    house = desk.house
    title = tr("Merge into {branch}", branch=run.base_branch)
    _start(desk, run, title, lambda job: house.runs.merge(run.id, job))(done, trouble)


def retire(
    desk: Desk, run: Run, *, even_unsaved: bool = False, done: Told = None, trouble: Failing = None
) -> None:
    """Remove a run's own copy; a rescue ref keeps what it held."""
    house = desk.house

    def verb(job: Job) -> RunChanged:
        return house.runs.retire(run.id, job, even_unsaved=even_unsaved)

    _start(desk, run, tr("Retire run"), verb)(done, trouble)


def _start(
    desk: Desk, run: Run, title: str, verb: Callable[[Job], RunChanged]
) -> Callable[[Told, Failing], None]:
    def go(done: Told, trouble: Failing) -> None:
        desk.start(
            title,
            verb,
            done=done,
            trouble=trouble,
            lane=("checkout", run.project_id),
            project_id=run.project_id,
        )

    return go


# Which run is meant -----------------------------------------------------------------------------


def candidates(desk: Desk) -> list[Run]:
    """The run shown first, then the project's others, newest first."""
    if desk.project is None:
        return []
    runs = [run for run in desk.living_runs if run.project_id == desk.project.id]
    shown = desk.run
    if shown is not None and shown.project_id == desk.project.id:
        fresh = next((run for run in runs if run.id == shown.id), shown)
        runs = [fresh, *(run for run in runs if run.id != shown.id)]
    return runs


def find(desk: Desk, wanted: Callable[[Run], bool]) -> Run | None:
    """The run an action means: the one shown if it fits, else the newest of the project."""
    return next((run for run in candidates(desk) if wanted(run)), None)


def _needs(wanted: Callable[[Run], bool], reason: str) -> Callable[[Desk], str]:
    def unavailable(desk: Desk) -> str:
        missing = needs_checkout(desk)
        if missing:
            return missing
        return "" if find(desk, wanted) else tr(reason)

    return unavailable


def _on(
    wanted: Callable[[Run], bool], act: Callable[[Desk, Run], object]
) -> Callable[[Desk], object]:
    def run_it(desk: Desk) -> object:
        run = find(desk, wanted)
        return act(desk, run) if run else None

    return run_it


def _alive(run: Run) -> bool:
    return run.state.alive


def _committed(run: Run) -> bool:
    return run.state is RunState.COMMITTED


def _ended(run: Run) -> bool:
    return run.state in {RunState.MERGED, RunState.EMPTY, RunState.COMMITTED}


def _attention(desk: Desk) -> Run | None:
    return next((run for run in desk.living_runs if needs_person(run)), None)


def _go_to_attention(desk: Desk) -> None:
    run = _attention(desk)
    if run is None:
        return
    if desk.project is None or desk.project.id != run.project_id:
        desk.select(run.project_id)
    desk.go("runs", run.id)


ACTIONS: tuple[Action, ...] = (
    Action(
        "runs.new",
        "New assist run",
        lambda desk: desk.go("runs", "new"),
        "Run",
        "plus",
        needs_checkout,
        "Ctrl+Shift+N",
        words="assistant codex aider prompt ask",
        verb="runs.start",
    ),
    Action(
        "runs.review",
        "Review changes of the run",
        _on(reviewable, lambda desk, run: desk.go("runs", ("review", run.id))),
        "Run",
        "eye",
        _needs(reviewable, "No run of this project waits for review."),
        words="hunks keep discard commit",
    ),
    Action(
        "runs.resume",
        "Resume run with a prompt",
        _on(can_resume, lambda desk, run: desk.go("runs", ("resume", run.id))),
        "Run",
        "play",
        _needs(can_resume, "No run of this project can be resumed."),
        words="continue answer go on",
        verb="runs.resume",
    ),
    Action(
        "runs.merge",
        "Merge the run into the project's branch",
        _on(_committed, lambda desk, run: desk.go("runs", ("merge", run.id))),
        "Run",
        "git-merge",
        _needs(_committed, "No run of this project has a commit that is not merged."),
        verb="runs.merge",
    ),
    Action(
        "runs.attention",
        "Go to the run that needs you",
        _go_to_attention,
        "Run",
        "bell",
        lambda desk: "" if _attention(desk) else tr("No run needs you."),
        words="waiting ready failed",
    ),
    Action(
        "runs.stop",
        "Stop the run",
        _on(_alive, stop),
        "Run",
        "stop",
        _needs(_alive, "No run of this project is at work."),
        danger=True,
        words="end kill cancel",
        verb="runs.stop",
    ),
    Action(
        "runs.retire",
        "Retire the run",
        _on(_ended, lambda desk, run: desk.go("runs", ("retire", run.id))),
        "Run",
        "archive",
        _needs(_ended, "No run of this project has ended with nothing left to do."),
        danger=True,
        words="remove worktree delete",
        verb="runs.retire",
    ),
)
