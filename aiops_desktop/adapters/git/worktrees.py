"""Worktrees, snapshots of them, and the refs that keep what they held."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from aiops_desktop.adapters.git import diff
from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.engines import checked, engine
from aiops_desktop.domain.trouble import Missing, Refused, Trouble

RESCUE = "refs/aiops/rescue/"


def add(git: Git, folder: Path, branch: str, base: str) -> None:
    """Make a branch at `base` and check it out in a new folder."""
    if not engine(git).resolve("HEAD"):
        raise Refused("There is no commit yet to begin from.", "Make the first commit.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"The folder {folder} is there already.", "Choose another one.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    git.run("worktree", "prune")
    existed = engine(git).resolve(f"refs/heads/{branch}")
    try:
        git.run(
            "worktree",
            "add",
            "--quiet",
            "--no-track",
            "-b",
            checked(branch),
            "--",
            str(folder),
            checked(base),
        )
    except Trouble:
        if not existed and not folder.exists():
            git.run("branch", "-D", "--", branch, ok=range(256))
        raise


def remove(git: Git, folder: Path, rescue_name: str, *, even_unsaved: bool) -> str:
    """Remove a worktree after writing a rescue ref; the ref, "" when the folder was gone."""
    if not folder.is_dir():
        git.run("worktree", "prune")
        return ""
    if folder.resolve() not in [place.resolve() for place in listed(git)[1:]]:
        raise Refused(f"{folder} is no worktree of this project.", "Choose another folder.")
    its = Git(folder, git.room)
    if not even_unsaved and its.run("status", "--porcelain", "-z").out:
        raise Refused(
            "The worktree has changes that are not committed.",
            "Commit or discard them, or retire it with its unsaved work.",
        )
    ref = rescue(its, rescue_name, snapshot(its, "Rescued before the worktree was removed"))
    git.run("worktree", "remove", "--force", "--force", "--", str(folder))
    return ref


def mend(git: Git, folders: Sequence[Path]) -> None:
    """Tie a checkout and its worktrees together again, after their folder was moved.

    Each remembers the other by its whole path (git-worktree(1), “repair”).
    """
    there = [str(folder) for folder in folders if (folder / ".git").is_file()]
    if there:
        git.run("worktree", "repair", "--", *there, ok=range(256))


def listed(git: Git) -> tuple[Path, ...]:
    """The folders of all worktrees, the main one first."""
    listing = git.run("worktree", "list", "--porcelain", "-z").out
    return tuple(
        Path(os.fsdecode(record.removeprefix(b"worktree ")))
        for record in listing.split(b"\0")
        if record.startswith(b"worktree ")
    )


def snapshot(git: Git, message: str) -> str:
    """A commit on no branch of everything that is not ignored."""
    tree = diff.worktree_tree(git)
    head = engine(git).resolve("HEAD")
    parents = ["-p", head] if head else []
    return git.run(
        "commit-tree", tree, *parents, "-F", "-", stdin=message.encode(), more=git.anybody()
    ).text.strip()


def rescue(git: Git, name: str, commit: str) -> str:
    """Keep a commit under a name; a number is added when another commit has it."""
    target = engine(git).resolve(commit)
    if not target:
        raise Missing("The commit to keep is not there.", "Look at the history again.")
    base = RESCUE + (re.sub(r"[^A-Za-z0-9/_-]+", "-", name).strip("-/") or "work")
    ref, number = base, 2
    while (there := engine(git).resolve(ref)) and there != target:
        ref, number = f"{base}-{number}", number + 1
    git.run("update-ref", ref, target)
    return ref


def delete_branch(git: Git, name: str) -> None:
    """Delete a local branch, merged or not."""
    if engine(git).resolve(f"refs/heads/{checked(name)}"):
        git.run("branch", "-D", "--quiet", "--", name)
