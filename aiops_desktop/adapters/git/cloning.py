"""Clone into a sibling folder first, so that nothing half-made ever stands at the real place."""

from __future__ import annotations

import contextlib
import re
import shutil
from pathlib import Path

from aiops_desktop.adapters.git.access import Access
from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.engines import engine
from aiops_desktop.adapters.git.transport import Transfer
from aiops_desktop.adapters.scratch import dead, mark
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.jobs.job import Job


def clone(access: Access, folder: Path, job: Job, *, branch: str) -> None:
    """Clone to a folder that is absent or empty.

    Args:
        access: from where, and with which keys.
        folder: the root of the new work tree.
        job: gets the progress; its Stop leaves nothing behind.
        branch: what to check out; "" is what the server says.
    """
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise Refused(
            f"The folder {folder} is there already and not empty.",
            "Move it away, or adopt it as the project's checkout.",
            field="checkout",
        )
    part = _part(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        clean_up(folder)
        with Transfer(access, job) as transfer:
            transfer.run(
                "clone",
                "--progress",
                "--no-checkout",
                "--origin=origin",
                "--",
                access.remote.text,
                str(part),
                cwd=folder.parent,
            )
        _check_out(Git(part, access.room), branch, job)
        job.check()
        part.replace(folder)  # also over an empty folder
    except OSError as error:
        raise Failed(
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Check its permissions and the disk.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def clean_up(folder: Path) -> None:
    """Remove what clones of dead processes left beside a folder."""
    for place in folder.parent.glob(".*.part-*"):
        found = re.fullmatch(re.escape(_prefix(folder)) + r"(\d+)-(\d+)", place.name)
        if found and dead(found[1], found[2]):
            shutil.rmtree(place, ignore_errors=True)


def _check_out(git: Git, branch: str, job: Job) -> None:
    look = engine(git)
    wanted = branch or look.branch()
    refs = git.text("for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin")
    known = [name for name in refs.splitlines() if name != "HEAD"]
    if not known and not look.resolve("HEAD"):
        if branch:
            git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")  # an empty repository
    elif not look.resolve("HEAD") and not branch:
        # The server's HEAD names a branch it does not have; the person chooses one.
        raise Refused(
            "The server names no branch to check out.",
            f"Set the project's branch to one of: {', '.join(known[:10])}.",
            field="default_branch",
        )
    elif branch and branch not in known:
        raise Refused(
            f"The server has no branch “{branch}”.",
            f"It has: {', '.join(known[:10])}.",
            field="default_branch",
        )
    else:

        def line(text: str) -> None:
            found = re.match(r"(\w[\w ]+):\s+\d+% \((\d+)/(\d+)\)", text)
            if found:
                job.progress(found[1], int(found[2]), int(found[3]))

        git.run("checkout", "--progress", wanted, "--", job=job, on_error_line=line)
    with contextlib.suppress(OSError):
        (look.git_dir / "FETCH_HEAD").touch()  # the time of the last fetch


def _prefix(folder: Path) -> str:
    return f".{folder.name[:100]}.part-"


def _part(folder: Path) -> Path:
    return folder.with_name(_prefix(folder) + mark())
