"""Assist runs: start, follow, stop, review, commit, merge, retire."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import assistants, supervisor
from aiops_desktop.adapters.git.repository import Repository
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.events import Outcome
from aiops_desktop.domain.repositories import FileDiff, Pick
from aiops_desktop.domain.runs import (
    Assistant,
    Review,
    Run,
    RunChanged,
    RunDraft,
    RunState,
    RunUpdate,
)
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Clash, Failed, Missing, Refused, Stopped, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.progress import Progress
from aiops_desktop.services.sessions import cloned, environment
from aiops_desktop.services.starting import Starter, assistant_home

if TYPE_CHECKING:
    from aiops_desktop.services.history import Entry, History
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.runs import RunStore

#: Seconds between two looks at a run that is followed.
LOOK = 0.25
#: Seconds a stopped run has for its end: twice the supervisor's grace and some more.
STOP_LIMIT = 20.0
_GO_ON = "Please go on where you stopped."
_OUTCOMES = {
    RunState.READY: Outcome.DONE,
    RunState.EMPTY: Outcome.DONE,
    RunState.FAILED: Outcome.FAILED,
    RunState.STOPPED: Outcome.STOPPED,
    RunState.INTERRUPTED: Outcome.INTERRUPTED,
}


class Runs:
    """Assist runs of projects. Lane for mutating verbs: ("checkout", project_id)."""

    def __init__(
        self,
        store: RunStore,
        tenants: Tenants,
        projects: Projects,
        settings: SettingsService,
        history: History,
        *,
        operator: Callable[[], str],
        repository: Callable[[Path, TenantRoom], Repository] = Repository,
        scrub: Callable[[str], str] = str,
    ) -> None:
        """`operator` names who is at the desk; `repository` opens a work tree.

        `scrub` takes secrets out of what assistants print.
        """
        self._store = store
        self._tenants = tenants
        self._projects = projects
        self._settings = settings
        self._history = history
        self._starter = Starter(store, settings, history, operator)
        self._repository = repository
        self._progress = Progress(scrub)
        self._reviewed: dict[int, dict[str, FileDiff]] = {}

    # Looking ----------------------------------------------------------------------------------

    def assistants(self, project_id: int) -> list[Assistant]:
        """The known assistants as this project's runs would find them; versions are cached."""
        room = self._tenants.room(self._projects.get(project_id).tenant_id)
        env = environment(room)
        known = assistants.known(self._settings.current().assistants)
        return [cli.find(env, assistant_home(room, cli)) for cli in known]

    def all(self, project_id: int | None = None) -> list[Run]:
        """Runs, newest first."""
        return self._store.all(project_id)

    def get(self, run_id: int) -> Run:
        """One run, its state brought up to date with its files.

        Raises:
            Missing: there is no such run.
        """
        return self._looked(self._store.get(run_id))

    def update(self, run_id: int, offset: int = 0) -> RunUpdate:
        """What is new since `offset`; reads files only, cheap enough for twice a second.

        A flood of output comes in portions: call again until the offset stays.
        """
        run = self.get(run_id)
        events, end = self._progress.events(run, self._starter.cli(run), offset)
        return RunUpdate(run, events, end)

    def follow(
        self, run_id: int, job: Job, each: Callable[[RunUpdate], None], offset: int = 0
    ) -> RunUpdate:
        """Call `each` (in this worker thread) with every update until the run is over; the last.

        Stop ends the following, not the run.
        """
        shown: Run | None = None
        while True:
            update = self.update(run_id, offset)
            new = update.offset != offset
            if new or update.run != shown:
                shown, offset = update.run, update.offset
                each(update)
            if not new:
                if not update.run.state.alive:
                    return update
                job.pause(LOOK)
            job.check()

    def review(self, run_id: int) -> Review:
        """Its changes against the base, as they are in the worktree now.

        Raises:
            Missing: the worktree is gone.
        """
        run = self.get(run_id)
        files = self._worktree(run).diff_against(run.base_commit)
        self._reviewed[run.id] = {diff.path: diff for diff in files}
        if not run.state.alive:
            run = self._store.measure(run, _measured(run, files))
        return Review(run, files)

    # At work ----------------------------------------------------------------------------------

    def start(self, draft: RunDraft, job: Job) -> RunChanged:
        """Make a worktree and branch, and start the assistant in a tmux window of its own.

        Raises:
            Missing: the assistant or the checkout is not there.
            Refused: empty prompt, unborn branch.
        """
        prompt = draft.prompt.strip()
        if not prompt:
            raise Refused("The run needs a prompt.", "Say what is to be done.", field="prompt")
        project = cloned(self._projects.get(draft.project_id))
        room = self._tenants.room(project.tenant_id)
        cli = self._starter.usable(draft.assistant, draft.sandbox, room)
        repository = self._repository(project.checkout, room)
        base = repository.head()
        if not base:
            raise Refused(
                f"“{project.name}” has no commit yet, so there is nothing to work on.",
                "Make a first commit.",
            )
        draft = replace(draft, prompt=prompt, assistant=cli.id)
        run = self._starter.new(draft, project, room, (repository.branch(), base))
        try:
            job.progress("Making a worktree")
            run.worktree.parent.mkdir(parents=True, exist_ok=True)
            repository.add_worktree(run.worktree, run.branch, base)
            job.progress(f"Starting {cli.title}")
            run = self._starter.begin(run, cli, room, project, 1)
        except (Trouble, Stopped):
            self._starter.undo(run, repository)
            raise
        return _changed(run, Touched.REFS)

    def stop(self, run_id: int, job: Job) -> RunChanged:
        """Stop the assistant and every process it started; what it changed stays for review.

        Raises:
            Refused: it is not at work.
            Failed: a process does not end.
        """
        run = self.get(run_id)
        if not run.state.alive:
            raise Refused("This run is not at work.", "There is nothing to stop.")
        with self._doing("stop run", run):
            supervisor.request_stop(run.folder)
            job.progress("Ending its processes")
            ended = supervisor.wait(run.folder, STOP_LIMIT)
            run = self.get(run_id)
            if ended is None and run.state.alive:
                raise Failed(
                    "The run does not end.",
                    "Wait a little; if that does not help, restart the computer.",
                )
        return _changed(run)

    def resume(self, run_id: int, prompt: str, job: Job) -> RunChanged:
        """Go on with a finished, stopped or interrupted run in the same worktree.

        An empty prompt asks the assistant to go on where it stopped.

        Raises:
            Refused: it is at work, merged or retired, or the assistant cannot resume.
            Missing: the worktree is gone.
        """
        run = self.get(run_id)
        if run.state.alive:
            raise Refused("This run is at work.", "Wait for its end, or stop it.")
        if run.state in {RunState.MERGED, RunState.RETIRED}:
            raise Refused(f"This run is {run.state.value}.", "Begin a new run.")
        project = self._projects.get(run.project_id)
        room = self._tenants.room(run.tenant_id)
        cli = self._starter.usable(run.assistant, run.sandbox, room)
        if not cli.resumable:
            raise Refused(f"{cli.title} cannot go on with a conversation.", "Begin a new run.")
        self._worktree(run)
        job.progress(f"Starting {cli.title}")
        before = run
        self._progress.forget(run.id)
        run = replace(run, finished=None, exit_code=None, error="", state=RunState.STARTING)
        try:
            run = self._starter.begin(
                run, cli, room, project, self._store.attempt(run.id) + 1, prompt.strip() or _GO_ON
            )
        except Trouble:
            self._store.save(before)
            raise
        return _changed(run)

    def recover(self) -> list[Run]:
        """After a start: bring every row in line with its files and tmux; those that changed."""
        changed = []
        for run in self._store.alive():
            try:
                now = self._looked(run)
            except Trouble:
                continue  # its tenant's folder cannot be read now; the next look will tell
            if now.state is not run.state:
                changed.append(now)
        return changed

    # What comes of it -------------------------------------------------------------------------

    def discard(self, run_id: int, path: str, pick: Pick | None = None) -> RunChanged:
        """Take a file's changes (or some hunks or lines of them) out of the worktree.

        `pick` counts hunks of the diff `review` gave. What was discarded is kept in a rescue ref.

        Raises:
            Clash: the worktree has changed since.
            Refused: it is at work.
        """
        run = self._at_rest(run_id)
        worktree = self._worktree(run)
        known = self._reviewed.get(run.id)
        if known is None:
            known = {diff.path: diff for diff in worktree.diff_against(run.base_commit)}
        diff = known.get(path)
        if diff is None:
            raise Clash(f"{path} has no changes any more.", "Look at the review again.")
        with self._doing("discard", run, path) as entry:
            entry.facts["token"] = worktree.discard_against(run.base_commit, diff, pick)
            run = self._store.save(_measured(run, worktree.diff_against(run.base_commit)))
        return _changed(run, Touched.WORKDIR)

    def commit(self, run_id: int, message: str, job: Job) -> RunChanged:
        """Commit what is left, on the run's branch, as the tenant's author.

        Raises:
            Refused: nothing left, no message, still at work.
        """
        run = self._at_rest(run_id)
        worktree = self._worktree(run)
        if not message.strip():
            raise Refused("The commit needs a message.", "Say what changed.", field="message")
        files = worktree.diff_against(run.base_commit)
        if not files:
            raise Refused("There is nothing left to commit.", "Retire the run.")
        with self._doing("commit", run) as entry:
            if worktree.status(counts=False).clean:
                made = worktree.head()  # the assistant has committed everything itself
            else:
                made = worktree.commit_all(message, job).id
            entry.note = message.strip().splitlines()[0]
            entry.facts |= {"commit": made, "branch": run.branch}
            run = replace(_measured(run, files), commit=made, state=RunState.COMMITTED, error="")
            run = self._store.save(run)
        return _changed(run, Touched.REFS)

    def merge(self, run_id: int, job: Job) -> RunChanged:
        """Merge the run's branch into the project's branch (fast-forward where possible).

        Raises:
            Clash: conflicts; names the files, nothing is changed.
            Refused: not committed, another branch checked out, or changed files in the way.
        """
        run = self._at_rest(run_id)
        if run.state is not RunState.COMMITTED:
            raise Refused("This run has no commit to merge.", "Commit its changes first.")
        project = cloned(self._projects.get(run.project_id))
        checkout = self._repository(project.checkout, self._tenants.room(run.tenant_id))
        here = checkout.branch()
        if run.base_branch and here != run.base_branch:
            raise Refused(
                f"The run began on {run.base_branch}, but {here or 'no branch'} is checked out.",
                f"Switch to {run.base_branch} first.",
            )
        with self._doing("merge", run) as entry:
            merged = checkout.merge(run.branch, job, message=f"Merge {run.branch}")
            entry.note = f"{run.branch} into {here}: {merged.kind}"
            entry.facts |= {"from": merged.old_id, "to": merged.new_id}
            run = self._store.save(replace(run, state=RunState.MERGED))
        return _changed(run, Touched.REFS | Touched.WORKDIR)

    def retire(self, run_id: int, job: Job, *, even_unsaved: bool = False) -> RunChanged:
        """Remove the worktree and branch after writing a rescue ref.

        Raises:
            Refused: still at work; or work that is neither committed nor merged and not
                `even_unsaved`.
        """
        run = self._at_rest(run_id)
        if run.state is RunState.RETIRED:
            raise Refused("This run is retired already.")
        project = cloned(self._projects.get(run.project_id))
        checkout = self._repository(project.checkout, self._tenants.room(run.tenant_id))
        unsaved = self._unsaved(run, checkout)
        if unsaved and not even_unsaved:
            raise Refused(f"The run has {unsaved}.", "Commit and merge it, or retire it anyway.")
        with self._doing("retire", run) as entry:
            job.progress("Removing the worktree")
            name, tip = f"run-{run.id}", checkout.resolve(run.branch)
            rescue = checkout.remove_worktree(run.worktree, rescue=name, even_unsaved=True)
            if not rescue and tip:
                rescue = checkout.rescue(name, tip)
            checkout.delete_branch(run.branch)
            entry.facts["kept in"] = rescue
            run = self._store.save(replace(run, state=RunState.RETIRED, rescue_ref=rescue))
            self._reviewed.pop(run.id, None)
        return _changed(run, Touched.REFS)

    # What other nouns ask ---------------------------------------------------------------------

    def count(self, tenant_id: int, project_id: int | None = None) -> int:
        """How many runs would go with a tenant or project."""
        return self._store.count(tenant_id, project_id)

    def unsaved(self, project_id: int) -> tuple[str, ...]:
        """What in a project's runs is nowhere else, as short phrases."""
        phrases = []
        for run in self._store.all(project_id):
            if run.state is RunState.RETIRED or not run.worktree.is_dir():
                continue
            project = self._projects.get(run.project_id)
            checkout = self._repository(project.checkout, self._tenants.room(run.tenant_id))
            try:
                what = "an assistant at work" if run.state.alive else self._unsaved(run, checkout)
            except Trouble:
                what = "a worktree that cannot be read"
            if what:
                phrases.append(f"run {run.id} with {what}")
        return tuple(phrases)

    def stop_all(self, tenant_id: int, project_id: int | None, job: Job) -> None:
        """Stop the runs of a tenant or project that are at work, before they are deleted."""
        for run in self._store.alive():
            wanted = run.tenant_id == tenant_id and project_id in (None, run.project_id)
            if wanted and self.get(run.id).state.alive:
                self.stop(run.id, job)

    # How --------------------------------------------------------------------------------------

    def _looked(self, run: Run) -> Run:
        """A run at work as its files tell it, the row brought in line."""
        if not run.state.alive:
            return run
        cli = self._starter.cli(run)
        now = self._progress.look(run, cli)
        if now.state.alive:
            quiet = now.error  # said while it lasts, not remembered
            now = replace(now, error="")
            return replace(self._store.progress(now) if now != run else run, error=quiet)
        cli.tidy(run.worktree)
        now, first = self._store.end(self._sized(now))
        self._progress.forget(run.id)
        event = self._store.event(run.id) if first else None
        if event is not None:
            self._history.finish(
                event,
                _OUTCOMES.get(now.state, Outcome.DONE),
                note=now.error or _size(now),
                facts={"assistant": now.assistant, "branch": now.branch},
                output=now.last,
            )
        return now

    def _sized(self, run: Run) -> Run:
        try:
            return _measured(run, self._worktree(run).diff_against(run.base_commit))
        except Trouble as trouble:
            return replace(run, error=run.error or trouble.what)

    def _worktree(self, run: Run) -> Repository:
        if not run.worktree.is_dir():
            raise Missing(
                "The worktree of this run is gone.",
                f"Its work is kept as {run.rescue_ref}." if run.rescue_ref else "Begin a new run.",
            )
        return self._repository(run.worktree, self._tenants.room(run.tenant_id))

    def _at_rest(self, run_id: int) -> Run:
        run = self.get(run_id)
        if run.state.alive:
            raise Refused("The assistant is still at work.", "Wait for its end, or stop it.")
        return run

    def _unsaved(self, run: Run, checkout: Repository) -> str:
        """What of a run is neither committed nor merged, "" when nothing is."""
        if run.worktree.is_dir():
            worktree = self._worktree(run)
            if not worktree.status(counts=False).clean:
                return "changes that are not committed"
        tip = checkout.resolve(run.branch)
        into = run.base_branch or "HEAD"
        return "" if not tip or checkout.is_merged(tip, into) else "a commit that is not merged"

    def _doing(self, verb: str, run: Run, what: str = "") -> AbstractContextManager[Entry]:
        return self._history.doing(
            verb,
            f"run {run.id}: {what or run.title}",
            tenant_id=run.tenant_id,
            project_id=run.project_id,
        )


def _measured(run: Run, files: tuple[FileDiff, ...]) -> Run:
    """With the size of its changes; done without any is EMPTY, and the other way round."""
    state = run.state
    if state in {RunState.READY, RunState.EMPTY}:
        state = RunState.READY if files else RunState.EMPTY
    return replace(
        run,
        state=state,
        files=len(files),
        added=sum(diff.added for diff in files),
        removed=sum(diff.removed for diff in files),
    )


def _size(run: Run) -> str:
    """The size of its changes in words."""
    files = "1 file" if run.files == 1 else f"{run.files} files"
    return f"{files}, +{run.added} −{run.removed}"


def _changed(run: Run, more: Touched = Touched.NOTHING) -> RunChanged:
    return RunChanged(run, Changes(Touched.RUNS | Touched.HISTORY | more, run.project_id))
