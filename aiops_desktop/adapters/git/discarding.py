"""Throws work away, with a way back."""

from __future__ import annotations

from collections.abc import Sequence

from aiops_desktop.adapters.git import diff as diffs
from aiops_desktop.adapters.git import patch, staging, trash
from aiops_desktop.adapters.git.command import Git, joined
from aiops_desktop.adapters.git.files import write_file
from aiops_desktop.domain.repositories import FileDiff, Pick
from aiops_desktop.domain.trouble import Refused


def discard(git: Git, paths: Sequence[str]) -> str:
    """Bring files of the work tree back to what the index has; untracked ones go."""
    wanted = list(dict.fromkeys(paths))
    if not wanted:
        raise Refused("No file is chosen.", "Choose the files to discard.")
    names = {joined([path])[:-1] for path in wanted}
    listing = git.run("ls-files", "-s", "-z").out.split(b"\0")
    records = [record.split(b"\t", 1) for record in listing if record]
    records = [record for record in records if record[1] in names]
    if any(not head.endswith(b" 0") for head, _ in records):
        raise Refused("A file is in conflict.", "Resolve the conflict first.")
    if any(head.startswith(b"160000") for head, _ in records):
        raise Refused("A submodule cannot be discarded.", "Change it in its own folder.")
    named = {name for _, name in records}
    tracked = [path for path in wanted if joined([path])[:-1] in named]
    rest = [path for path in wanted if path not in set(tracked)]

    def throw() -> None:
        for path in rest:
            write_file(git.folder, path, None)
        if tracked:
            git.run("checkout-index", "--force", "-u", "-z", "--stdin", stdin=joined(tracked))

    return trash.discarding(git, wanted, throw)


def discard_part(git: Git, shown: FileDiff, pick: Pick) -> str:
    """Undo hunks or lines of an unstaged diff."""
    fresh = diffs.unstaged(git, shown.path)
    made = staging.without(git, shown, pick, fresh, staging.index_entry(git, shown.path))
    return trash.discarding(git, [shown.path], lambda: write_file(git.folder, shown.path, made))


def discard_against(git: Git, base: str, shown: FileDiff, pick: Pick | None) -> str:
    """Undo a file (or a part of it) of the diff between a commit and the work tree."""
    paths = [path for path in (shown.path, shown.old_path) if path]
    fresh: patch.RawFile | None = next(
        (
            file
            for file in diffs.trees(git, base, diffs.worktree_tree(git), paths)
            if file.path == shown.path
        ),
        None,
    )
    old = staging.tree_entry(git, base, shown.old_path or shown.path)
    if pick is None and (shown.old_path or _module(fresh)):
        return _whole(git, shown, fresh, old)
    made = staging.without(git, shown, pick, fresh, old)
    return trash.discarding(git, [shown.path], lambda: write_file(git.folder, shown.path, made))


def _whole(
    git: Git, shown: FileDiff, fresh: patch.RawFile | None, old: staging.Entry | None
) -> str:
    """A rename taken back: the new name goes, the old one returns."""
    if _module(fresh):
        raise Refused("A submodule cannot be discarded.", "Change it in its own folder.")
    staging.same(git, fresh, shown)
    back = staging.disk(git, shown.old_path, old)

    def throw() -> None:
        write_file(git.folder, shown.path, None)
        write_file(git.folder, shown.old_path, back)

    return trash.discarding(git, [shown.path, shown.old_path], throw)


def _module(file: patch.RawFile | None) -> bool:
    return file is not None and "160000" in (file.old_mode, file.new_mode)
