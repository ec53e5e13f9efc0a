"""The program's own checkout: looked at and fetched."""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.adapters.update.gitcall import Call
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.domain.updates import Version, newest
from aiops_desktop.jobs.job import Job

#: The remote's tags, apart from the person's own.
TAGS = "refs/aiops-update/tags"
#: Subjects that are shown.
SHOWN = 100
#: Files of git that mean that the person is in the middle of something.
_MIDDLE = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")


@dataclass(frozen=True, slots=True)
class Place:
    """Where HEAD stands: the commit, and the full name of its branch ("" for none)."""

    commit: str
    branch: str


@dataclass(frozen=True, slots=True)
class News:
    """What lies between two commits: subjects newest first, how many, and how many are ours."""

    subjects: tuple[str, ...]
    count: int
    own: int


class Checkout:
    """A clone of the program's repository."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git = Call(root)

    # Looking ---------------------------------------------------------------------------------

    def place(self) -> Place:
        """Where HEAD stands.

        Raises:
            Failed: it is no checkout.
        """
        branch = self._git.text("symbolic-ref", "-q", "HEAD", ok=(0, 1))
        return Place(self._git.text("rev-parse", "--verify", "HEAD"), branch)

    def version(self, commit: str = "HEAD") -> Version:
        """The number that pyproject.toml has in a commit, with its id and time."""
        line = self._git.text("log", "-1", "--format=%H %ct", commit, "--")
        name, _, seconds = line.partition(" ")
        told = self._git.run("show", f"{name}:pyproject.toml", ok=(0, 128))
        number = ""
        with contextlib.suppress(tomllib.TOMLDecodeError, KeyError, TypeError):
            number = str(tomllib.loads(told.text)["project"]["version"])
        return Version(number, name, datetime.fromtimestamp(int(seconds), UTC))

    def address(self, remote: str) -> str:
        """Where a remote leads, "" when it is not there."""
        return self._git.text("remote", "get-url", remote, ok=(0, 2, 128))

    def changed(self) -> tuple[str, ...]:
        """Files that differ from HEAD; untracked ones, too."""
        status = self._git.names(
            "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all"
        )
        return tuple(entry[3:] for entry in status)

    def blocked(self) -> str:
        """Why it cannot be moved now, as a sentence; "" when it can."""
        if self._git.names("ls-files", "--unmerged", "-z"):
            return "Files with conflicts lie in the program's own checkout; resolve them first."
        for name in _MIDDLE:
            if (self.root / self._git.text("rev-parse", "--git-path", name)).exists():
                return "A merge or rebase is under way in the program's own checkout; end it first."
        return ""

    # Fetching --------------------------------------------------------------------------------

    def fetch(
        self, remote: str, branch: str, job: Job, say: Callable[[str], None] | None = None
    ) -> None:
        """Get a branch and all tags; the person's own tags are left alone.

        Raises:
            Refused: no such remote or branch.
            Failed: the server was not reached, or said no.
            Stopped: the job was stopped.
        """
        remotes = self._git.text("remote").split()
        if remote not in remotes:
            known = ", ".join(remotes) or "none"
            raise Refused(
                f"The program's checkout has no remote “{remote}”. It has: {known}.",
                "Choose another one in the settings (AIOPS_UPDATE_REMOTE).",
                field="update.remote",
            )
        name = f"refs/heads/{branch}"
        if self._git.run("check-ref-format", name, ok=(0, 1)).code:
            raise Refused(f"“{branch}” is no name of a branch.", field="update.branch")
        tip = f"+{name}:refs/remotes/{remote}/{branch}"
        tags = f"+refs/tags/*:{TAGS}/*"
        told = say or job.line
        try:
            self._git.run(
                *("fetch", "--no-tags", "--no-recurse-submodules", "--progress"),
                *(remote, tip, tags),
                job=job,
                on_line=lambda text: job.progress(text.strip()) if "%" in text else told(text),
            )
        except Failed as failed:
            if "find remote ref" in failed.detail:
                raise Refused(
                    f"“{remote}” has no branch “{branch}”.",
                    "Choose another one in the settings (AIOPS_UPDATE_BRANCH).",
                    failed.detail,
                    field="update.branch",
                ) from failed
            raise Failed(
                f"The news could not be fetched from “{remote}”.",
                "Check the connection and how git reaches it, then try again.",
                failed.detail,
            ) from failed

    def target(self, remote: str, branch: str, *, releases: bool) -> str:
        """The commit to move to, as last fetched; "" when it was never fetched.

        Raises:
            Refused: a release is wanted and the branch has none.
        """
        tip = self._git.text(
            "rev-parse",
            "-q",
            "--verify",
            f"refs/remotes/{remote}/{branch}^{{commit}}",
            ok=(0, 1, 128),
        )
        if not tip or not releases:
            return tip
        names = self._git.text("for-each-ref", f"--merged={tip}", "--format=%(refname)", TAGS)
        tags = {name.removeprefix(f"{TAGS}/"): name for name in names.split()}
        tag = newest(list(tags))
        if not tag:
            raise Refused(
                f"The branch “{branch}” of “{remote}” has no release yet.",
                "Follow the branch instead of its releases (Settings, Updates).",
                field="update.follow",
            )
        return self._git.text("rev-parse", f"{tags[tag]}^{{commit}}")

    def news(self, before: str, target: str) -> News:
        """What `target` has that `before` does not, and the other way round."""
        subjects = self._git.text(
            "log", f"--max-count={SHOWN}", "--format=%s", f"{before}..{target}"
        )
        left, _, right = self._git.text(
            "rev-list", "--left-right", "--count", f"{before}...{target}"
        ).partition("\t")
        return News(tuple(subjects.splitlines()), int(right or 0), int(left or 0))
