"""Two ways to read commits and refs: libgit2 where it can, the git program for the rest.

libgit2 opens a repository in a twentieth of the time the program needs to start, but refuses
SHA-256 repositories, reftables and unknown extensions; those are read by the program. Both answer
alike, which a test shows by asking both everything.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Protocol

import pygit2

from aiops_desktop.adapters.git.command import Git
from aiops_desktop.domain.repositories import Commit
from aiops_desktop.domain.trouble import Missing, Refused


class Engine(Protocol):
    """What is asked of either."""

    @property
    def git_dir(self) -> Path:
        """Git's own folder for this work tree (a worktree's differs from the main one's)."""

    def resolve(self, ref: str) -> str:
        """The commit a branch, ref or id names; "" when there is none."""

    def branch(self) -> str:
        """The branch checked out (maybe without a commit yet), "" when detached."""

    def branches(self) -> list[str]:
        """Local branches, in the order of their names."""

    def upstream(self, branch: str) -> str:
        """The full name of the ref a branch follows, "" when it follows none."""

    def log(self, ref: str, limit: int, since: str) -> list[Commit]:
        """Commits reachable from `ref`, newest first, without those reachable from `since`."""

    def count(self, old: str, new: str) -> tuple[int, int]:
        """(commits only `new` has, commits only `old` has)."""


def engine(git: Git) -> Engine:
    """Whoever can read this repository.

    Raises:
        Missing: the folder is gone, is no repository, or belongs to somebody else.
    """
    try:
        return LibGit2(git)
    except Missing:
        raise
    except Exception as error:
        # pygit2 has more than one root of errors, not all of them public.
        if type(error).__module__.partition(".")[0] not in {"_pygit2", "pygit2"}:
            raise
    git.run("rev-parse", "--git-dir")
    return Program(git)


class LibGit2:
    """Reads by libgit2; opened per question, so that nothing is shared between threads."""

    def __init__(self, git: Git) -> None:
        self._repo = self.opened(git.folder)

    @staticmethod
    def opened(folder: Path) -> pygit2.Repository:
        """The repository in exactly this folder.

        Raises:
            Missing: there is no such folder.
        """
        if not folder.is_dir():
            raise gone(folder)
        return pygit2.Repository(str(folder), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)

    @staticmethod
    def read(commit: pygit2.Commit) -> Commit:
        """A commit as the other floors know it."""
        author = commit.author
        return made(
            str(commit.id),
            author.raw_name.decode("utf-8", "replace"),
            author.raw_email.decode("utf-8", "replace"),
            commit.commit_time,
            commit.raw_message.decode("utf-8", "replace"),
        )

    @property
    def git_dir(self) -> Path:
        """See `Engine`."""
        return Path(self._repo.path)

    def resolve(self, ref: str) -> str:
        """See `Engine`."""
        found = self._commit(ref)
        return str(found.id) if found else ""

    def branch(self) -> str:
        """See `Engine`."""
        target = self._repo.references.get("HEAD")
        if target is None:
            return ""
        name = target.raw_target
        text = name.decode("utf-8", "replace") if isinstance(name, bytes) else ""
        return text.removeprefix("refs/heads/") if text.startswith("refs/heads/") else ""

    def branches(self) -> list[str]:
        """See `Engine`."""
        return sorted(self._repo.branches.local)

    def upstream(self, branch: str) -> str:
        """See `Engine`."""
        try:
            name = self._repo.branches.local[branch].upstream_name
        except KeyError:
            return ""
        return name if self.resolve(name) else ""

    def log(self, ref: str, limit: int, since: str) -> list[Commit]:
        """See `Engine`."""
        top = self._commit(ref)
        if top is None:
            return []
        walk = self._repo.walk(
            top.id, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.TIME
        )
        hidden = self._commit(since) if since else None
        if hidden is not None:
            walk.hide(hidden.id)
        return [self.read(commit) for commit in islice(walk, limit)]

    def count(self, old: str, new: str) -> tuple[int, int]:
        """See `Engine`."""
        ahead, behind = self._repo.ahead_behind(new, old)
        return ahead, behind

    def _commit(self, ref: str) -> pygit2.Commit | None:
        try:
            return self._repo.revparse_single(ref).peel(pygit2.Commit)
        except (KeyError, ValueError, pygit2.GitError):
            return None


class Program:
    """Reads by the git program."""

    _FORMAT = "--format=%H%x00%an%x00%ae%x00%ct%x00%B%x00"

    def __init__(self, git: Git) -> None:
        self._git = git

    @property
    def git_dir(self) -> Path:
        """See `Engine`."""
        return Path(self._git.text("rev-parse", "--absolute-git-dir"))

    def resolve(self, ref: str) -> str:
        """See `Engine`."""
        if ref.startswith("-"):
            return ""
        wanted = f"{ref}^{{commit}}"
        return self._git.text("rev-parse", "--verify", "--quiet", wanted, ok=(0, 1, 128))

    def branch(self) -> str:
        """See `Engine`."""
        return self._git.text("symbolic-ref", "--quiet", "--short", "HEAD", ok=(0, 1))

    def branches(self) -> list[str]:
        """See `Engine`."""
        listing = self._git.text("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads/")
        return sorted(listing.splitlines())

    def upstream(self, branch: str) -> str:
        """See `Engine`."""
        ref = f"refs/heads/{branch}"
        found = self._git.text("for-each-ref", "--format=%(refname) %(upstream)", ref)
        for line in found.splitlines():
            name, _, target = line.partition(" ")
            if name == ref and self.resolve(target):
                return target
        return ""

    def log(self, ref: str, limit: int, since: str) -> list[Commit]:
        """See `Engine`."""
        top = self.resolve(ref)
        if not top:
            return []
        hidden = self.resolve(since) if since else ""
        args = ["log", "--topo-order", f"--max-count={limit}", self._FORMAT, top]
        out = self._git.run(*args, *([f"^{hidden}"] if hidden else []), "--").out
        fields = out.decode("utf-8", "replace").split("\0")
        return [
            made(
                fields[at].lstrip("\n"),
                fields[at + 1],
                fields[at + 2],
                int(fields[at + 3]),
                fields[at + 4],
            )
            for at in range(0, len(fields) - 5, 5)
        ]

    def count(self, old: str, new: str) -> tuple[int, int]:
        """See `Engine`."""
        found = self._git.text("rev-list", "--left-right", "--count", f"{new}...{old}", "--")
        ahead, behind = found.split()
        return int(ahead), int(behind)


def made(commit_id: str, name: str, email: str, seconds: int, message: str) -> Commit:
    """A commit from its parts; `seconds` since the epoch, of the committer."""
    first, _, body = message.strip().partition("\n\n")
    return Commit(
        id=commit_id,
        summary=" ".join(first.split("\n")),
        body=body.strip("\n"),
        author_name=name,
        author_email=email,
        time=datetime.fromtimestamp(seconds, UTC),
    )


def checked(ref: str) -> str:
    """A ref or id that cannot be taken for an option.

    Raises:
        Refused: it could.
    """
    if not ref or ref.startswith("-") or any(c in ref for c in " \t\n\0:?*[\\"):
        raise Refused(f"“{ref}” is no branch or commit.", "Choose one from the list.")
    return ref


def gone(folder: Path) -> Missing:
    """The trouble of a folder that is not there."""
    return Missing(f"The folder {folder} is not there.", "Clone the project again.")
