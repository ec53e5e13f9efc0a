"""Commits, switches, merges and rebases, by the git program: hooks, filters and signing work."""

from __future__ import annotations

import os
from dataclasses import dataclass

from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.engines import checked, engine
from aiops_desktop.adapters.git.failures import detail_of, explain
from aiops_desktop.adapters.process import Finished
from aiops_desktop.domain.repositories import CheckoutStatus, Commit
from aiops_desktop.domain.trouble import Clash, Failed, Refused, Trouble
from aiops_desktop.jobs.job import Job


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge or rebase ended; `kind` is "up to date", "fast-forward", "rebase" or "merge".

    `commits` counts those that came from the other side.
    """

    kind: str
    commits: int
    old_id: str
    new_id: str


def commit(git: Git, message: str, job: Job, status: CheckoutStatus, *, amend: bool) -> Commit:
    """Commit what is staged; `status` is the work tree's as it is now."""
    if status.conflicts:
        names = ", ".join(change.path for change in status.conflicts[:5])
        raise Refused(f"There are conflicts left: {names}.", "Resolve and stage them first.")
    if not message.strip():
        raise Refused("The commit needs a message.", "Write one.", field="message")
    if amend and status.head is None:
        raise Refused("There is no commit to amend yet.", "Make the first one.")
    if not status.staged and not amend and status.operation != "merge":
        raise Refused("Nothing is staged.", "Stage the changes the commit should hold.")
    args = ["commit", "--quiet", "--file=-", "--cleanup=whitespace"]
    finished = git.run(
        *args,
        *(["--amend"] if amend else []),
        stdin=message.strip().encode("utf-8", "replace") + b"\n",
        author=True,
        job=job,
        ok=range(256),
        on_error_line=job.line,
    )
    if finished.code:
        raise _not_committed(git, finished)
    return engine(git).log("HEAD", 1, "")[0]


def switch(git: Git, branch: str, job: Job) -> None:
    """Check another branch out; one only the server has is made here, too."""
    git.run("switch", "--progress", checked(branch), job=job)


def merge(git: Git, other: str, job: Job, *, message: str, ff_only: bool = False) -> Merged:
    """Merge a branch or commit into the branch checked out; a conflict undoes it."""
    look = engine(git)
    old, new = _ends(git, other)
    ahead, behind = look.count(old, new)
    if not ahead:
        return Merged("up to date", 0, old, old)
    if not behind:
        git.run("merge", "--quiet", "--ff-only", new, job=job)
        return Merged("fast-forward", ahead, old, new)
    if ff_only:
        raise _diverged(look.branch(), ahead, behind)
    words = ["-m", message] if message else ["--no-edit"]
    finished = git.run(
        "merge", "--quiet", "--no-ff", *words, checked(other), author=True, job=job, ok=range(256)
    )
    if finished.code:
        raise _undo(git, finished, "merge", other)
    return Merged("merge", ahead, old, engine(git).resolve("HEAD"))


def rebase(git: Git, other: str, job: Job) -> Merged:
    """Put the branch's own commits on top of another one; a conflict undoes it."""
    look = engine(git)
    old, new = _ends(git, other)
    ahead, behind = look.count(old, new)
    if not ahead:
        return Merged("up to date", 0, old, old)
    if not behind:
        git.run("merge", "--quiet", "--ff-only", new, job=job)
        return Merged("fast-forward", ahead, old, new)
    who = {name: value for name, value in git.author().items() if "COMMITTER" in name}
    finished = git.run("rebase", "--quiet", new, more=who, job=job, ok=range(256))
    if finished.code:
        raise _undo(git, finished, "rebase", other)
    return Merged("rebase", ahead, old, engine(git).resolve("HEAD"))


def _ends(git: Git, other: str) -> tuple[str, str]:
    look = engine(git)
    if not look.branch():
        raise Refused("No branch is checked out.", "Switch to a branch first.")
    old, new = look.resolve("HEAD"), look.resolve(checked(other))
    if not new:
        raise Refused(f"There is no branch “{other}”.", "Choose another branch.")
    if not old:
        raise Refused("This branch has no commit yet.", "Make the first one.")
    return old, new


def _undo(git: Git, finished: Finished, verb: str, other: str) -> Trouble:
    """Bring everything back to how it was; the Trouble to raise."""
    listing = git.run("diff", "--name-only", "--diff-filter=U", "-z").out
    names = [os.fsdecode(name) for name in listing.split(b"\0") if name]
    begun = "rebase-merge" if verb == "rebase" else "MERGE_HEAD"
    if (engine(git).git_dir / begun).exists():
        git.run(verb, "--abort")
    if not names:
        return explain(finished, git.folder)
    short = other.removeprefix("refs/remotes/").removeprefix("refs/heads/")
    return Clash(
        f"The same lines were changed here and in {short}: {', '.join(names[:5])}."
        " Nothing was changed.",
        "Merge it in a terminal, or change one of the two so that they agree.",
        detail_of(finished),
        steps=("view.terminal",),
    )


def _diverged(branch: str, ahead: int, behind: int) -> Clash:
    return Clash(
        f"{branch} and the server's branch have both moved on"
        f" ({behind} here, {ahead} there); a fast-forward is not possible.",
        "Rebase your commits on top, or merge.",
        steps=("git.fetch_rebase", "git.pull_merge", "git.show_incoming"),
    )


def _not_committed(git: Git, finished: Finished) -> Trouble:
    said = (finished.error_text + finished.text).strip()
    if "fatal:" in said or not _hooks(git):
        return explain(finished, git.folder)
    return Failed(
        f"A hook of this repository ({', '.join(_hooks(git))}) refused the commit.",
        "Read its words below, mend what it complains about, and commit again.",
        f"{detail_of(finished)}\n{finished.text.strip()}".strip(),
    )


def _hooks(git: Git) -> list[str]:
    folder = git.git_path("hooks")
    names = ("pre-commit", "prepare-commit-msg", "commit-msg")
    return [name for name in names if os.access(folder / name, os.X_OK)]
