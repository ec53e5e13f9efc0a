"""Runs the git program on one work tree: its own environment, no pager, no prompt, English."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.git.failures import explain
from aiops_desktop.adapters.scratch import scratch
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.jobs.job import Job

#: Before every verb. Paths are never patterns; a credential helper of the person's own account
#: must not answer for a tenant.
ALWAYS = (
    "git",
    "--no-pager",
    "--literal-pathspecs",
    "-c",
    "core.quotePath=false",
    "-c",
    "core.safecrlf=false",
    "-c",
    "credential.helper=",
    "-c",
    "log.showSignature=false",
    "-c",
    "merge.autoStash=false",
    "-c",
    "rebase.autoStash=false",
)

_WHO = ("GIT_AUTHOR_", "GIT_COMMITTER_")


def environment(room: TenantRoom, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a git process of this tenant."""
    # Who writes is said per verb; a rebase must keep the authors it finds.
    own = {name: v for name, v in room.environment.items() if not name.startswith(_WHO)}
    made = process.environment(own)
    made.update(
        LC_ALL="C.UTF-8",  # messages are read; no catalogue is looked up for this locale
        GIT_TERMINAL_PROMPT="0",
        GIT_EDITOR=":",
        GIT_SEQUENCE_EDITOR=":",
        GIT_ASKPASS="true",
        SSH_ASKPASS="true",
    )
    made.update(more or {})
    return made


class Git:
    """The git program in one folder.

    The folder itself must be the root of the work tree: a repository further up is never taken for
    it (GIT_CEILING_DIRECTORIES), so that a checkout that lost its `.git` cannot reach its parent's.
    """

    def __init__(self, folder: Path, room: TenantRoom) -> None:
        self.folder = folder
        self.room = room

    def run(
        self,
        *args: str,
        stdin: bytes = b"",
        index: Path | None = None,
        ok: Sequence[int] = (0,),
        author: bool = False,
        job: Job | None = None,
        more: Mapping[str, str] | None = None,
        on_error_line: Callable[[str], None] | None = None,
    ) -> process.Finished:
        """Run one verb to its end.

        Args:
            args: verb, options and operands.
            stdin: what it reads.
            index: another index file than the work tree's.
            ok: exit codes that are no trouble.
            author: the commits it makes are the tenant's author's.
            job: its Stop ends it.
            more: further environment.
            on_error_line: called with each line of standard error.

        Raises:
            Trouble: any other exit code, in words.
        """
        env = environment(self.room, {"GIT_CEILING_DIRECTORIES": self._ceiling(), **(more or {})})
        if index is not None:
            env["GIT_INDEX_FILE"] = str(index)
        if author:
            env.update(self.author())
        finished = process.run(
            [*ALWAYS, *args],
            env=env,
            cwd=self.folder,
            job=job,
            stdin=stdin,
            on_error_line=on_error_line,
        )
        if finished.code not in ok:
            raise explain(finished, self.folder)
        return finished

    def text(self, *args: str, ok: Sequence[int] = (0,), index: Path | None = None) -> str:
        """The one line a verb prints, without its end."""
        return os.fsdecode(self.run(*args, ok=ok, index=index).out).rstrip("\n")

    def author(self) -> dict[str, str]:
        """The variables that make the tenant's author write.

        Raises:
            Refused: the tenant has none.
        """
        name, email = self.room.author_name, self.room.author_email
        if not name or not email:
            raise Refused(
                f"The tenant {self.room.name} has no author's name and e-mail address yet.",
                "Enter both in the tenant's settings.",
                steps=("tenant.edit",),
            )
        return _who(name, email)

    def anybody(self) -> dict[str, str]:
        """The same for commits nobody publishes; never refuses."""
        return _who(
            self.room.author_name or "aiops desktop",
            self.room.author_email or "aiops-desktop@localhost",
        )

    def git_path(self, name: str) -> Path:
        """Where git keeps a file of its own for this work tree (git-rev-parse --git-path)."""
        return self.folder / self.text("rev-parse", "--git-path", name)

    @contextmanager
    def scratch_index(self) -> Iterator[Path]:
        """A copy of the index that may be changed at will; what it knows of the files is kept."""
        real = self.git_path("index")
        with scratch() as folder:
            copy = folder / "index"
            if real.exists():
                shutil.copy2(real, copy)
            yield copy

    def _ceiling(self) -> str:
        parent = self.folder.parent
        return os.pathsep.join({str(parent), str(parent.resolve())})


def joined(paths: Sequence[str]) -> bytes:
    """Paths as `--pathspec-file-nul` and `-z --stdin` want them."""
    return b"".join(os.fsencode(path) + b"\0" for path in paths)


def _who(name: str, email: str) -> dict[str, str]:
    return {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": email,
    }
