"""Fetch and push of one branch: what came, what was refused, and which steps are sensible then."""

from __future__ import annotations

import re

from aiops_desktop.adapters.git.access import Access
from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.engines import checked, engine
from aiops_desktop.adapters.git.failures import detail_of
from aiops_desktop.adapters.git.transport import Transfer, hook_words, rejected
from aiops_desktop.adapters.process import Finished, shown
from aiops_desktop.domain.trouble import Clash, Failed, Refused, Trouble
from aiops_desktop.jobs.job import Job


def fetch(git: Git, access: Access, job: Job) -> int:
    """Fetch and prune; how many refs changed."""
    before = _remote_refs(git)
    with Transfer(access, job) as transfer:
        transfer.run("fetch", "--prune", "--progress", "--", "origin", cwd=git.folder)
    after = _remote_refs(git)
    return sum(before.get(name) != after.get(name) for name in before.keys() | after.keys())


def push_words(branch: str, lease: str) -> str:
    """The push as one could type it; what is run is what is shown."""
    return shown(["git", *_push(branch, lease)])


def _push(branch: str, lease: str) -> list[str]:
    ref = f"refs/heads/{checked(branch)}"
    force = [f"--force-with-lease={ref}:{checked(lease)}"] if lease else []
    return ["push", "--set-upstream", *force, "--", "origin", f"{ref}:{ref}"]


def push(git: Git, access: Access, job: Job, *, lease: str) -> tuple[str, ...]:
    """Push the branch checked out and set its upstream; what the server said."""
    look = engine(git)
    branch = look.branch()
    if not branch:
        raise Refused("No branch is checked out.", "Switch to a branch first.")
    if not look.resolve("HEAD"):
        raise Refused("This branch has no commit yet.", "Make the first one.")
    verb, *rest = _push(branch, lease)
    with Transfer(access, job) as transfer:
        finished = transfer.run(verb, "--porcelain", "--progress", *rest, cwd=git.folder, ok=(0, 1))
        said = tuple(word for word in transfer.said if word)
    refused = rejected(finished)
    if refused or finished.code:
        raise _refusal(branch, refused, said, finished)
    return said


def _refusal(
    branch: str, refused: list[tuple[str, str]], said: tuple[str, ...], finished: Finished
) -> Trouble:
    reason = refused[0][1] if refused else ""
    why = re.search(r"\((.*)\)", reason)
    inner = why[1] if why else reason
    if re.search(r"fetch first|non-fast-forward", reason):
        return Clash(
            f"The server has commits on {branch} that you do not have.",
            "Fetch them and rebase yours on top.",
            detail_of(finished),
            steps=("git.fetch_rebase", "git.show_incoming", "git.push_lease"),
        )
    if "stale info" in reason:
        return Clash(
            f"The server's {branch} is not where you last saw it; nothing was overwritten.",
            "Fetch and look at what came in.",
            detail_of(finished),
            steps=("git.fetch_rebase", "git.show_incoming"),
        )
    if "remote rejected" in reason:
        words = next((word for word in said if word), "")
        return Failed(
            f"The server refused {branch} ({inner}){': ' + words if words else ''}.",
            "Read its words below.",
            hook_words(said, finished),
        )
    if not refused:
        return Failed(
            "A hook of this repository (pre-push) refused the push.",
            "Read its words below, mend what it complains about, and push again.",
            detail_of(finished),
        )
    return Failed(
        f"{branch} was not pushed ({inner}).", "Read git's words below.", detail_of(finished)
    )


def _remote_refs(git: Git) -> dict[str, str]:
    listing = git.text(
        "for-each-ref", "--format=%(refname) %(objectname)", "refs/remotes", "refs/tags"
    )
    made: dict[str, str] = {}
    for line in listing.splitlines():
        name, _, object_id = line.partition(" ")
        if not name.endswith("/HEAD"):  # the server's default branch is one of the others
            made[name] = object_id
    return made
