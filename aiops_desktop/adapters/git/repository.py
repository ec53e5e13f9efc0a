"""One work tree and everything one can do to it.

Which engine does what, none of which a caller can tell:

| verbs | engine | why |
|---|---|---|
| head, branch(es), resolve, log, upstream, count | libgit2, else program | speed |
| status, diffs, snapshots | program | holds no lock of Python's; knows LFS and sparse checkouts |
| stage, discard, commit, switch, merge, rebase, worktrees | program | hooks, filters, signing |
| clone, fetch, push | program | half of libgit2's time; ssh's own keys and host keys |
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiops_desktop.adapters.git import (
    cloning,
    diff,
    discarding,
    exchange,
    files,
    staging,
    status,
    trash,
    worktrees,
    writes,
)
from aiops_desktop.adapters.git.access import Access
from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.engines import Engine, checked, engine
from aiops_desktop.adapters.git.writes import Merged
from aiops_desktop.domain.repositories import CheckoutStatus, Commit, FileDiff, Pick
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Clash, Refused
from aiops_desktop.jobs.job import Job


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
        self._git = Git(folder, room)

    @classmethod
    def clone(cls, access: Access, folder: Path, job: Job, *, branch: str = "") -> Repository:
        """Clone; nothing half-made is left when it fails or is stopped.

        Args:
            access: from where, with which keys, as whom.
            folder: absent or empty.
            job: gets progress ("Receiving objects", done, total) and git's words as lines.
            branch: what to check out; "" is what the server says.

        Raises:
            Refused: the folder is not empty; the server has no such branch.
            NotTrusted: host key unknown or changed; key or token refused.
            Missing: a remote on this computer is not there.
            Failed: unreachable, no such repository, disk full, silence.
        """
        cloning.clone(access, folder, job, branch=branch)
        return cls(folder, access.room)

    def head(self) -> str:
        """The commit checked out, "" before the first one.

        Raises:
            Missing: the folder is gone or no repository.
        """
        return self._engine.resolve("HEAD")

    def branch(self) -> str:
        """The branch checked out, "" when detached."""
        return self._engine.branch()

    def branches(self) -> tuple[str, ...]:
        """Local branches, the current one first."""
        current = self.branch()
        names = self._engine.branches()
        return tuple(sorted(names, key=lambda name: name != current))

    def resolve(self, ref: str) -> str:
        """The commit a branch, ref or id names, "" when there is none."""
        return self._engine.resolve(ref) if ref else ""

    def log(self, *, limit: int = 50, since: str = "", ref: str = "HEAD") -> list[Commit]:
        """Commits, newest first, without counts; `since` excludes what is reachable from it."""
        return self._engine.log(ref, limit, since)

    def status(self, *, counts: bool = True, listing: bytes | None = None) -> CheckoutStatus:
        """The state of the work tree; `counts` False leaves the lines uncounted (quicker).

        `listing` is what git said of it just now, for `survey`.
        """
        look = self._engine
        head = next(iter(look.log("HEAD", 1, "")), None)
        return status.read(self._git, head, look.git_dir, counts=counts, listing=listing)

    def diff(self, path: str, *, staged: bool) -> FileDiff:
        """The diff of one file: work tree against index, or (staged) index against HEAD."""
        git = self._git
        file = diff.staged(git, path) if staged else diff.unstaged(git, path)
        if file is None:
            raise Clash(f"{path} has no such changes any more.", "Look at the list again.")
        return diff.readable(file, *diff.now(git, file))

    def diff_commits(self, old: str, new: str) -> tuple[FileDiff, ...]:
        """What changed from one commit to another, by path; `old` "" is the empty tree."""
        git = self._git
        files = diff.trees(git, old and checked(old), checked(new))
        return tuple(diff.readable(file, *diff.now(git, file)) for file in files)

    def diff_against(self, base: str) -> tuple[FileDiff, ...]:
        """The work tree as it is now against a commit, by path.

        Committed, staged, unstaged and untracked changes alike; ignored files are left out.
        """
        return self.diff_commits(base, diff.worktree_tree(self._git))

    def readme(self) -> tuple[str, str]:
        """(file name, text) of the README, at most 200 kB; ("", "") when there is none."""
        return files.readme(self.folder)

    def stage(self, paths: Sequence[str]) -> None:
        """Stage whole files, deletions and untracked ones too."""
        staging.stage(self._git, paths)

    def unstage(self, paths: Sequence[str]) -> None:
        """Take whole files out of the index."""
        staging.unstage(self._git, paths)

    def stage_part(self, diff: FileDiff, pick: Pick) -> None:
        """Stage hunks or lines of an unstaged diff.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        staging.stage_part(self._git, diff, pick)

    def unstage_part(self, diff: FileDiff, pick: Pick) -> None:
        """Unstage hunks or lines of a staged diff.

        Raises:
            Clash: the index has changed since the diff was read.
        """
        staging.unstage_part(self._git, diff, pick)

    def discard(self, paths: Sequence[str]) -> str:
        """Throw away unstaged changes of whole files; the token for `restore`."""
        return discarding.discard(self._git, paths)

    def discard_part(self, diff: FileDiff, pick: Pick) -> str:
        """Throw away hunks or lines of an unstaged diff; the token for `restore`.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        return discarding.discard_part(self._git, diff, pick)

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
        return discarding.discard_against(self._git, checked(base), diff, pick)

    def restore(self, token: str) -> tuple[str, ...]:
        """Bring back what a discard threw away; the files.

        Raises:
            Clash: the files have changed since; says which.
            Missing: there is nothing under this token (any more).
        """
        return trash.restore(self._git, token)

    def commit(self, message: str, job: Job, *, amend: bool = False) -> Commit:
        """Commit what is staged, as the tenant's author; hooks run.

        Raises:
            Refused: nothing staged, no message, no author, conflicts left.
            Failed: a hook said no; its words are in `detail`.
        """
        now = self.status(counts=False)
        return writes.commit(self._git, message, job, now, amend=amend)

    def commit_all(self, message: str, job: Job) -> Commit:
        """Stage everything that is not ignored, and commit.

        Raises:
            Refused: nothing changed, no message, no author, conflicts left.
            Failed: a hook said no.
        """
        if self.status(counts=False).conflicts:
            return self.commit(message, job)  # which says what is in conflict
        self._git.author()
        self._git.run("add", "--all", "--", ".", job=job)
        return self.commit(message, job)

    def switch(self, branch: str, job: Job) -> None:
        """Check another branch out.

        Raises:
            Refused: no such branch; changed files would be overwritten (names them); another
                worktree has it.
        """
        writes.switch(self._git, branch, job)

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
        return writes.merge(self._git, branch, job, message=message)

    def fetch(self, access: Access, job: Job) -> int:
        """Fetch and prune; how many refs changed."""
        return exchange.fetch(self._git, access, job)

    def push(self, access: Access, job: Job, *, lease: str = "") -> tuple[str, ...]:
        """Push the current branch and set its upstream; what the server said.

        Raises:
            Clash: rejected; `steps` begin with "git.fetch_rebase".
        """
        return exchange.push(self._git, access, job, lease=lease)

    def add_worktree(self, folder: Path, branch: str, base: str = "HEAD") -> Repository:
        """Make a new branch at `base` and check it out in a new folder.

        Raises:
            Refused: the branch or folder is there already, or there is no commit yet.
        """
        worktrees.add(self._git, folder, branch, base)
        return Repository(folder, self.room)

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
        return worktrees.remove(self._git, folder, rescue, even_unsaved=even_unsaved)

    def worktrees(self) -> tuple[Path, ...]:
        """The folders of all worktrees git knows of, the main one first."""
        return worktrees.listed(self._git)

    def mend_worktrees(self, folders: Sequence[Path]) -> None:
        """Find worktrees again after checkout and worktrees were moved to these folders."""
        worktrees.mend(self._git, folders)

    def prune_worktrees(self) -> None:
        """Forget worktrees whose folders are gone."""
        self._git.run("worktree", "prune")

    def delete_branch(self, name: str) -> None:
        """Delete a local branch, merged or not; no trouble when there is none.

        Raises:
            Refused: it is checked out somewhere.
        """
        worktrees.delete_branch(self._git, name)

    def snapshot(self, message: str = "Snapshot") -> str:
        """A commit (on no branch) of everything in the work tree that is not ignored; its id.

        Its parent is HEAD; index and work tree stay as they are.
        """
        return worktrees.snapshot(self._git, message)

    def rescue(self, name: str, commit: str = "") -> str:
        """Keep a commit ("" for a `snapshot` of now) under `refs/aiops/rescue/<name>`.

        Returns:
            The full ref; a number is added when the name is taken by another commit.
        """
        return worktrees.rescue(self._git, name, commit or self.snapshot(f"Rescued: {name}"))

    def is_merged(self, commit: str, into: str = "HEAD") -> bool:
        """Whether a commit is reachable from another one."""
        look = self._engine
        return (
            bool(look.resolve(commit))
            and look.count(look.resolve(into), look.resolve(commit))[0] == 0
        )

    def count(self, old: str, new: str) -> tuple[int, int]:
        """(commits only `new` has, commits only `old` has)."""
        look = self._engine
        return look.count(look.resolve(old), look.resolve(new))

    def upstream(self, branch: str) -> str:
        """The full name of the ref a branch follows, "" when it follows none."""
        return self._engine.upstream(branch)

    def unpublished(self) -> int:
        """How many commits of local branches no remote-tracking branch has."""
        args = ("rev-list", "--count", "--branches", "--not", "--remotes")
        return int(self._git.text(*args))

    def remote_url(self) -> str:
        """The address of `origin`, "" when there is none."""
        return self._git.text("config", "--get", "remote.origin.url", ok=(0, 1))

    def set_remote_url(self, url: str) -> None:
        """Give `origin` another address (already checked)."""
        verb = "set-url" if self.remote_url() else "add"
        self._git.run("remote", verb, "--", "origin", url)

    def pull(self, access: Access, job: Job, *, how: str = "ff-only") -> Merged:
        """Fetch, then bring the branch up to its upstream: "ff-only", "rebase" or "merge".

        Raises:
            Clash: not a fast-forward, or conflicts (everything is then as before the merge).
            Refused: no upstream, changed files in the way.
        """
        branch = self.branch()
        self.fetch(access, job)
        target = self.upstream(branch) if branch else ""
        if not target:
            raise Refused(
                f"{branch or 'This checkout'} follows no branch of the server.",
                "Push it once, or switch to a branch that does.",
            )
        if how == "rebase":
            return writes.rebase(self._git, target, job)
        return writes.merge(self._git, target, job, message="", ff_only=how == "ff-only")

    @property
    def _engine(self) -> Engine:
        return engine(self._git)
