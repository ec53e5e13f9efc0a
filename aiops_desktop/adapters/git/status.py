"""The state of a work tree, read from `git status --porcelain=v2` (git-status(1))."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.adapters.git.command import Git
from aiops_desktop.domain.repositories import CheckoutStatus, Commit, FileChange, FileState

#: The verb and options whose output `parse` reads; no lock is taken, as nobody asked to write.
ARGUMENTS = (
    "--no-optional-locks",
    "status",
    "--porcelain=v2",
    "-z",
    "--branch",
    "--untracked-files=all",
    "--find-renames",
    "--ignore-submodules=dirty",
)
_OPERATIONS = (
    ("rebase-merge", "rebase"),
    ("rebase-apply", "rebase"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
)
#: Untracked files whose lines are counted, and the bytes up to which one is read for it.
COUNTED, COUNTED_BYTES = 200, 1_000_000


def read(
    git: Git, head: Commit | None, git_dir: Path, *, counts: bool, listing: bytes | None
) -> CheckoutStatus:
    """The state now.

    Args:
        git: for the work tree.
        head: the commit checked out, as the caller read it.
        git_dir: git's own folder for the work tree.
        counts: count lines, too.
        listing: what git just said with `ARGUMENTS`, when the caller has it.
    """
    if listing is None:
        listing = git.run(*ARGUMENTS).out
    status = replace(
        parse(listing),
        head=head,
        operation=under_way(git_dir),
        fetched=written(git_dir / "FETCH_HEAD"),
    )
    return counted(git, status) if counts and status.changed else status


def parse(listing: bytes) -> CheckoutStatus:
    """The listing as data; head, operation and time of the last fetch are the caller's."""
    facts: dict[str, str] = {}
    staged: list[FileChange] = []
    unstaged: list[FileChange] = []
    conflicts: list[FileChange] = []
    records = iter(listing.split(b"\0"))
    for raw in records:
        record = os.fsdecode(raw)
        kind = record[:1]
        if kind == "#":
            name, _, value = record[2:].partition(" ")
            facts[name] = value
        elif kind in "12" and kind:
            fields = record.split(" ", 8 if kind == "1" else 9)
            old = os.fsdecode(next(records, b"")) if kind == "2" else ""
            _changes(fields[1], fields[-1], old, staged, unstaged)
        elif kind == "u":
            conflicts.append(FileChange(record.split(" ", 10)[-1], FileState.CONFLICTED))
        elif kind == "?":
            unstaged.append(FileChange(record[2:], FileState.UNTRACKED))
    ahead, behind = _ahead_behind(facts.get("branch.ab", ""))
    branch = facts.get("branch.head", "")
    upstream = facts.get("branch.upstream", "")
    return CheckoutStatus(
        branch="" if branch == "(detached)" else branch,
        head=None,
        upstream=upstream,
        ahead=ahead,
        behind=behind,
        staged=tuple(staged),
        unstaged=tuple(sorted(unstaged, key=lambda change: change.path)),
        conflicts=tuple(conflicts),
        remote=upstream.partition("/")[0] or "origin",
    )


def counted(git: Git, status: CheckoutStatus) -> CheckoutStatus:
    """The same with lines counted."""
    staged = _numbers(git.run("diff", "--cached", "--numstat", "-z", "-M", "--no-ext-diff").out)
    work = _numbers(git.run("diff", "--numstat", "-z", "--no-ext-diff").out)
    left = COUNTED
    unstaged: list[FileChange] = []
    for change in status.unstaged:
        if change.state is FileState.UNTRACKED:
            lines = _lines(git.folder / change.path) if left > 0 else None
            left -= 1
            unstaged.append(replace(change, added=lines, removed=None if lines is None else 0))
        else:
            unstaged.append(_with(change, work))
    return replace(
        status,
        staged=tuple(_with(change, staged) for change in status.staged),
        unstaged=tuple(unstaged),
    )


def _changes(
    letters: str, path: str, old: str, staged: list[FileChange], unstaged: list[FileChange]
) -> None:
    x, y = letters[0], letters[1]
    if x != ".":
        state = FileState.ADDED if x == "C" else FileState(x)
        staged.append(FileChange(path, state, staged=True, old_path=old if x == "R" else ""))
    if y != ".":
        state = FileState.ADDED if y == "C" else FileState(y)
        unstaged.append(FileChange(path, state, old_path=old if y == "R" else ""))


def _ahead_behind(text: str) -> tuple[int, int]:
    parts = text.split()
    return (int(parts[0]), -int(parts[1])) if len(parts) == 2 else (0, 0)


def _numbers(listing: bytes) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    records = iter(listing.split(b"\0"))
    for record in records:
        if not record:
            continue
        added, removed, path = record.split(b"\t", 2)
        if not path:  # a rename: two more records, the old name and the new one
            next(records, b"")
            path = next(records, b"")
        if added != b"-":
            found[os.fsdecode(path)] = (int(added), int(removed))
    return found


def _with(change: FileChange, numbers: dict[str, tuple[int, int]]) -> FileChange:
    if change.path not in numbers:
        return change
    added, removed = numbers[change.path]
    return replace(change, added=added, removed=removed)


def _lines(place: Path) -> int | None:
    try:
        if place.is_symlink() or not place.is_file() or place.stat().st_size > COUNTED_BYTES:
            return None
        data = place.read_bytes()
    except OSError:
        return None
    if b"\0" in data[:8000]:
        return None
    return data.count(b"\n") + (bool(data) and not data.endswith(b"\n"))


def under_way(git_dir: Path) -> str:
    """The operation somebody has begun and not ended, "" when there is none."""
    # One question instead of five: a sweep asks it of every checkout.
    there = {place.name for place in os.scandir(git_dir)}
    return next((name for file, name in _OPERATIONS if file in there), "")


def written(place: Path) -> datetime | None:
    """When a file was last written; None when there is none."""
    try:
        return datetime.fromtimestamp(place.stat().st_mtime, UTC)
    except OSError:
        return None
