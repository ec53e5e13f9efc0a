"""One work tree and everything one can do to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.adapters.git.access import Access
from aiops_desktop.domain.repositories import CheckoutStatus, Commit, FileDiff, Pick
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge ended; `kind` is "up to date", "fast-forward" or "merge"."""

    kind: str
    commits: int
    old_id: str
    new_id: str


class Repository:
    """A work tree (the project's checkout or a worktree of it), seen with one tenant's eyes.

    Holds no open handle, so it is cheap to make and may be used from any thread. Every verb may
    block; call it in a worker. Ids are full hashes.
    """

    def __init__(self, folder: Path, room: TenantRoom) -> None:
        """Nothing is read yet.

        Args:
            folder: the root of the work tree.
            room: whose author name and environment commits and hooks get.
        """
        self.folder = folder
        self.room = room

    def head(self) -> str:
        """The commit checked out, "" before the first one.

        Raises:
            Missing: the folder is gone or no repository.
        """
        raise NotImplementedError

    def branch(self) -> str:
        """The branch checked out, "" when detached."""
        raise NotImplementedError

    def branches(self) -> tuple[str, ...]:
        """Local branches, the current one first."""
        raise NotImplementedError

    def resolve(self, ref: str) -> str:
        """The commit a branch, ref or id names, "" when there is none."""
        raise NotImplementedError

    def log(self, *, limit: int = 50, since: str = "", ref: str = "HEAD") -> list[Commit]:
        """Commits, newest first, without counts; `since` excludes what is reachable from it."""
        raise NotImplementedError

    def status(self, *, counts: bool = True) -> CheckoutStatus:
        """The state of the work tree; `counts` False leaves the lines uncounted (quicker)."""
        raise NotImplementedError

    def diff(self, path: str, *, staged: bool) -> FileDiff:
        """The diff of one file: work tree against index, or (staged) index against HEAD."""
        raise NotImplementedError

    def diff_commits(self, old: str, new: str) -> tuple[FileDiff, ...]:
        """What changed from one commit to another, by path; `old` "" is the empty tree."""
        raise NotImplementedError

    def diff_against(self, base: str) -> tuple[FileDiff, ...]:
        """The work tree as it is now against a commit, by path.

        Committed, staged, unstaged and untracked changes alike; ignored files are left out.
        """
        raise NotImplementedError

    def readme(self) -> tuple[str, str]:
        """(file name, text) of the README, at most 200 kB; ("", "") when there is none."""
        raise NotImplementedError

    def stage(self, paths: Sequence[str]) -> None:
        """Stage whole files, deletions and untracked ones too."""
        raise NotImplementedError

    def unstage(self, paths: Sequence[str]) -> None:
        """Take whole files out of the index."""
        raise NotImplementedError

    def stage_part(self, diff: FileDiff, pick: Pick) -> None:
        """Stage hunks or lines of an unstaged diff.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        raise NotImplementedError

    def unstage_part(self, diff: FileDiff, pick: Pick) -> None:
        """Unstage hunks or lines of a staged diff.

        Raises:
            Clash: the index has changed since the diff was read.
        """
        raise NotImplementedError

    def discard(self, paths: Sequence[str]) -> str:
        """Throw away unstaged changes of whole files; the token for `restore`."""
        raise NotImplementedError

    def discard_part(self, diff: FileDiff, pick: Pick) -> str:
        """Throw away hunks or lines of an unstaged diff; the token for `restore`.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        raise NotImplementedError

    def discard_against(self, base: str, diff: FileDiff, pick: Pick | None = None) -> str:
        """Bring a file of the work tree (or hunks or lines of it) back to what `base` has.

        Args:
            base: the commit `diff` was read against.
            diff: one of `diff_against(base)`.
            pick: which part of it; None: the whole file, mode and name too.

        Returns:
            The token for `restore`.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        raise NotImplementedError

    def restore(self, token: str) -> tuple[str, ...]:
        """Bring back what a discard threw away; the files.

        Raises:
            Clash: the files have changed since; says which.
            Missing: there is nothing under this token (any more).
        """
        raise NotImplementedError

    def commit(self, message: str, job: Job, *, amend: bool = False) -> Commit:
        """Commit what is staged, as the tenant's author; hooks run.

        Raises:
            Refused: nothing staged, no message, no author, conflicts left.
            Failed: a hook said no; its words are in `detail`.
        """
        raise NotImplementedError

    def commit_all(self, message: str, job: Job) -> Commit:
        """Stage everything that is not ignored, and commit.

        Raises:
            Refused: nothing changed, no message, no author, conflicts left.
            Failed: a hook said no.
        """
        raise NotImplementedError

    def switch(self, branch: str, job: Job) -> None:
        """Check another branch out.

        Raises:
            Refused: no such branch; changed files would be overwritten (names them); another
                worktree has it.
        """
        raise NotImplementedError

    def merge(self, branch: str, job: Job, *, message: str = "") -> Merged:
        """Merge a local branch into the one checked out: fast-forward where possible.

        Args:
            branch: what to merge.
            job: its Stop ends it.
            message: of the merge commit, when one is needed; "" for git's own.

        Raises:
            Clash: conflicts; names the files; everything is as it was before.
            Refused: changed files in the way (names them), detached HEAD, no author.
        """
        raise NotImplementedError

    def fetch(self, access: Access, job: Job) -> int:
        """Fetch and prune; how many refs changed."""
        raise NotImplementedError

    def push(self, access: Access, job: Job, *, lease: str = "") -> tuple[str, ...]:
        """Push the current branch and set its upstream; what the server said.

        Raises:
            Clash: rejected; `steps` are ("git.fetch_rebase", "git.show_incoming", "git.push_lease").
        """
        raise NotImplementedError

    def add_worktree(self, folder: Path, branch: str, base: str = "HEAD") -> Repository:
        """Make a new branch at `base` and check it out in a new folder.

        Raises:
            Refused: the branch or folder is there already, or there is no commit yet.
        """
        raise NotImplementedError

    def remove_worktree(self, folder: Path, *, rescue: str, even_unsaved: bool = False) -> str:
        """Remove a worktree after writing a rescue ref; its branch stays.

        Args:
            folder: the worktree; when it is gone already, only git's record of it is removed.
            rescue: the name under `refs/aiops/rescue/`; everything in the worktree that is not
                ignored is kept there, uncommitted work too.
            even_unsaved: also with uncommitted work in it.

        Returns:
            The full name of the rescue ref, "" when the folder was gone.

        Raises:
            Refused: uncommitted work and not `even_unsaved`.
        """
        raise NotImplementedError

    def worktrees(self) -> tuple[Path, ...]:
        """The folders of all worktrees git knows of, the main one first."""
        raise NotImplementedError

    def prune_worktrees(self) -> None:
        """Forget worktrees whose folders are gone."""
        raise NotImplementedError

    def delete_branch(self, name: str) -> None:
        """Delete a local branch, merged or not; no trouble when there is none.

        Raises:
            Refused: it is checked out somewhere.
        """
        raise NotImplementedError

    def snapshot(self, message: str = "Snapshot") -> str:
        """A commit (on no branch) of everything in the work tree that is not ignored; its id.

        Its parent is HEAD; index and work tree stay as they are.
        """
        raise NotImplementedError

    def rescue(self, name: str, commit: str = "") -> str:
        """Keep a commit ("" for a `snapshot` of now) under `refs/aiops/rescue/<name>`.

        Returns:
            The full ref; a number is added when the name is taken by another commit.
        """
        raise NotImplementedError

    def is_merged(self, commit: str, into: str = "HEAD") -> bool:
        """Whether a commit is reachable from another one."""
        raise NotImplementedError
