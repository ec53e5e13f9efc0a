"""Repositories: clone, look, stage, commit, pull and push, with the tenant's keys and name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.repositories import (
    CheckoutStatus,
    Cloned,
    Commit,
    Committed,
    Discarded,
    FileDiff,
    Identity,
    Pick,
    Pulled,
    Pushed,
    PushPlan,
)
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job


class Repositories:
    """Git for projects. Lane for every mutating verb: ("checkout", project_id)."""

    def clone(self, project_id: int, job: Job) -> Cloned:
        """Clone into the project's checkout; nothing half-made is left when it fails or is stopped.

        Progress "Receiving objects" with done/total. Asks `HostQuestion` for an unknown host,
        `Question(secret=True, remember=True)` for a passphrase or token. The project's state becomes
        READY or FAILED (with the sentence), ABSENT again when stopped.

        Raises:
            Refused: the folder is there already and not empty.
            NotTrusted: host key changed, key or token refused.
            Failed: unreachable, no such repository, disk full.
        """
        raise NotImplementedError

    def status(self, project_id: int) -> CheckoutStatus:
        """The state of the checkout.

        Raises:
            Missing: it is not cloned, or the folder is gone or no repository.
        """
        raise NotImplementedError

    def statuses(
        self,
        project_ids: Sequence[int],
        job: Job,
        each: Callable[[int, CheckoutStatus | Trouble], None],
    ) -> None:
        """The states of many checkouts, side by side; `each` is called from worker threads."""
        raise NotImplementedError

    def identity(self, project_id: int) -> Identity:
        """Whom one would act as."""
        raise NotImplementedError

    def log(
        self, project_id: int, *, limit: int = 50, since: str = "", ref: str = "HEAD"
    ) -> list[Commit]:
        """Commits, newest first; `since` excludes what is reachable from it."""
        raise NotImplementedError

    def branches(self, project_id: int) -> tuple[str, ...]:
        """Local branches, the current one first."""
        raise NotImplementedError

    def switch(self, project_id: int, branch: str, job: Job) -> Done:
        """Check another branch out.

        Raises:
            Refused: changed files would be overwritten; names them.
        """
        raise NotImplementedError

    def diff(self, project_id: int, path: str, *, staged: bool) -> FileDiff:
        """The diff of one file: work tree against index, or (staged) index against HEAD."""
        raise NotImplementedError

    def readme(self, project_id: int) -> tuple[str, str]:
        """(file name, text) of the checkout's README, at most 200 kB; ("", "") when there is none."""
        raise NotImplementedError

    def stage(self, project_id: int, paths: Sequence[str]) -> Done:
        """Stage whole files, deletions and untracked ones too."""
        raise NotImplementedError

    def unstage(self, project_id: int, paths: Sequence[str]) -> Done:
        """Take whole files out of the index."""
        raise NotImplementedError

    def stage_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Done:
        """Stage hunks or lines of an unstaged diff.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        raise NotImplementedError

    def unstage_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Done:
        """Unstage hunks or lines of a staged diff.

        Raises:
            Clash: the index has changed since the diff was read.
        """
        raise NotImplementedError

    def discard(self, project_id: int, paths: Sequence[str]) -> Discarded:
        """Throw away unstaged changes of whole files; can be brought back with the token."""
        raise NotImplementedError

    def discard_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Discarded:
        """Throw away hunks or lines of an unstaged diff; can be brought back with the token.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        raise NotImplementedError

    def restore(self, project_id: int, token: str) -> Done:
        """Bring discarded work back.

        Raises:
            Clash: the files have changed since; says which.
        """
        raise NotImplementedError

    def commit(self, project_id: int, message: str, job: Job, *, amend: bool = False) -> Committed:
        """Commit what is staged, as the tenant's author.

        Raises:
            Refused: nothing staged, no message, no author, conflicts left.
            Failed: a hook said no; its words are in `detail`.
        """
        raise NotImplementedError

    def fetch(self, project_id: int, job: Job) -> Done:
        """Fetch and prune."""
        raise NotImplementedError

    def pull(self, project_id: int, job: Job, *, how: str = "ff-only") -> Pulled:
        """Fetch, then "ff-only", "rebase" or "merge".

        Raises:
            Clash: not a fast-forward, or conflicts (a rebase or merge that conflicts is undone).
            Refused: no upstream, or changed files in the way.
        """
        raise NotImplementedError

    def push_plan(self, project_id: int) -> PushPlan:
        """What a push would do; asks no server.

        Raises:
            Refused: nothing to push, detached, no remote.
        """
        raise NotImplementedError

    def push(self, project_id: int, job: Job, *, lease: str = "") -> Pushed:
        """Push the current branch and set its upstream.

        `lease` is the commit the server's branch is expected at: only then overwrite it.

        Raises:
            Clash: rejected; `steps` are ("git.fetch_rebase", "git.show_incoming", "git.push_lease").
            NotTrusted: host key changed, key or token refused.
            Failed: unreachable, hook said no.
        """
        raise NotImplementedError
