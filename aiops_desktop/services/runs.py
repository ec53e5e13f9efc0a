"""Assist runs: start, follow, stop, review, commit, merge, retire."""

from __future__ import annotations

from collections.abc import Callable

from aiops_desktop.domain.repositories import Pick
from aiops_desktop.domain.runs import Assistant, Review, Run, RunChanged, RunDraft, RunUpdate
from aiops_desktop.jobs.job import Job


class Runs:
    """Assist runs of projects. Lane for mutating verbs: ("checkout", project_id)."""

    def assistants(self, project_id: int) -> list[Assistant]:
        """The known assistants as this project's runs would find them; versions are cached."""
        raise NotImplementedError

    def start(self, draft: RunDraft, job: Job) -> RunChanged:
        """Make a worktree and branch, and start the assistant in a tmux window of its own.

        Raises:
            Missing: the assistant or the checkout is not there.
            Refused: empty prompt, unborn branch.
        """
        raise NotImplementedError

    def all(self, project_id: int | None = None) -> list[Run]:
        """Runs, newest first."""
        raise NotImplementedError

    def get(self, run_id: int) -> Run:
        """One run, its state brought up to date with its files.

        Raises:
            Missing: there is no such run.
        """
        raise NotImplementedError

    def update(self, run_id: int, offset: int = 0) -> RunUpdate:
        """What is new since `offset`; reads files only, cheap enough for twice a second."""
        raise NotImplementedError

    def follow(
        self, run_id: int, job: Job, each: Callable[[RunUpdate], None], offset: int = 0
    ) -> RunUpdate:
        """Call `each` (in this worker thread) with every update until the run is over; the last one."""
        raise NotImplementedError

    def stop(self, run_id: int, job: Job) -> RunChanged:
        """Stop the assistant and every process it started; what it changed stays for review."""
        raise NotImplementedError

    def resume(self, run_id: int, prompt: str, job: Job) -> RunChanged:
        """Go on with a finished, stopped or interrupted run in the same worktree.

        Raises:
            Refused: it is at work, or retired.
        """
        raise NotImplementedError

    def review(self, run_id: int) -> Review:
        """Its changes against the base, as they are in the worktree now.

        Raises:
            Missing: the worktree is gone.
        """
        raise NotImplementedError

    def discard(self, run_id: int, path: str, pick: Pick | None = None) -> RunChanged:
        """Take a file's changes (or some hunks or lines of them) out of the worktree.

        `pick` counts hunks of the diff `review` gave. What was discarded is kept in a rescue ref.

        Raises:
            Clash: the worktree has changed since.
        """
        raise NotImplementedError

    def commit(self, run_id: int, message: str, job: Job) -> RunChanged:
        """Commit what is left, on the run's branch, as the tenant's author.

        Raises:
            Refused: nothing left, no message, still at work.
        """
        raise NotImplementedError

    def merge(self, run_id: int, job: Job) -> RunChanged:
        """Merge the run's branch into the project's branch (fast-forward where possible).

        Raises:
            Clash: conflicts; names the files, nothing is changed.
            Refused: not committed, or changed files in the way.
        """
        raise NotImplementedError

    def retire(self, run_id: int, job: Job, *, even_unsaved: bool = False) -> RunChanged:
        """Remove the worktree and branch after writing a rescue ref.

        Raises:
            Refused: still at work; or work that is neither committed nor merged and not
                `even_unsaved`.
        """
        raise NotImplementedError

    def recover(self) -> list[Run]:
        """After a start: bring every row in line with its files and tmux; those that changed."""
        raise NotImplementedError
