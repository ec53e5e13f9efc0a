"""Moves whole files, hunks and lines between work tree, index and HEAD."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from aiops_desktop.adapters.git import diff as diffs
from aiops_desktop.adapters.git import patch
from aiops_desktop.adapters.git.command import Git, joined
from aiops_desktop.adapters.git.files import File, read_file
from aiops_desktop.domain.repositories import FileDiff, Pick
from aiops_desktop.domain.trouble import Clash, Refused

_FROM_STDIN = ("--pathspec-from-file=-", "--pathspec-file-nul")
_NONE = "000000"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in an index or tree: mode and content, in git's own (clean) form; None: absent."""

    mode: str
    data: bytes


def stage(git: Git, paths: Sequence[str]) -> None:
    """Stage whole files, deletions and untracked ones too."""
    if paths:
        git.run("add", "--all", "--force", *_FROM_STDIN, stdin=joined(paths))


def unstage(git: Git, paths: Sequence[str]) -> None:
    """Take whole files out of the index; a renamed file goes with its old name."""
    if not paths:
        return
    renames = git.run("diff", "--cached", "--raw", "-z", "-M", "--diff-filter=R").out
    wanted = set(paths)
    more = [file.old_path for file in patch.parse(renames) if file.path in wanted]
    git.run("reset", "--quiet", *_FROM_STDIN, stdin=joined([*paths, *more]))


def stage_part(git: Git, shown: FileDiff, pick: Pick) -> None:
    """Stage a part of an unstaged diff."""
    file = same(git, diffs.unstaged(git, shown.path), shown)
    old, new = index_entry(git, shown.path), clean(git, shown.path)
    made = _made(patch.take(_data(old), file.hunks, pick), old, new)
    _check(old, new, file)
    _put(git, shown.path, made)


def unstage_part(git: Git, shown: FileDiff, pick: Pick) -> None:
    """Unstage a part of a staged diff."""
    file = same(git, diffs.staged(git, shown.path), shown)
    old = _head_entry(git, file.old_path or shown.path)
    new = index_entry(git, shown.path)
    _check(old, new, file)
    made = _made(patch.leave(_data(new), file.hunks, pick), old, new)
    if file.old_path and made == old and old is not None:
        made = Entry(old.mode, old.data)  # the new name stays; only its content goes back
    _put(git, shown.path, made)


def without(
    git: Git, shown: FileDiff, pick: Pick | None, fresh: patch.RawFile | None, old: Entry | None
) -> File | None:
    """The file of the work tree with a part of the changes against `old` undone.

    Returns:
        What should be on disk, with line ends and filters as they are there; None: no file.

    Raises:
        Clash: the file has changed since the diff was read.
    """
    file = same(git, fresh, shown)
    new, there = clean(git, shown.path), read_file(git.folder, shown.path)
    if pick is None:
        made = old
    else:
        _check(old, new, file)
        made = _made(patch.leave(_data(new), file.hunks, pick), old, new)
    if made is None:
        return None
    if there is not None and new is not None and there.data == new.data:
        return File(made.mode, made.data)  # no filter is at work on this file
    return File(made.mode, smudged(git, shown.path, made))


def same(git: Git, fresh: patch.RawFile | None, shown: FileDiff) -> patch.RawFile:
    """The diff as it is now, when it is still the one the person saw.

    Raises:
        Clash: it is another one.
    """
    if fresh is None or diffs.readable(fresh, *diffs.now(git, fresh)) != shown:
        raise _changed(shown.path)
    return fresh


def clean(git: Git, path: str) -> Entry | None:
    """A file of the work tree in the form `git add` would give it."""
    if read_file(git.folder, path) is None:
        return None
    with git.scratch_index() as index:
        git.run("add", "--force", "--", path, index=index)
        return _entry(git, git.run("ls-files", "-s", "-z", "--", path, index=index).out)


def tree_entry(git: Git, tree: str, path: str) -> Entry | None:
    """A file of a commit or tree."""
    found = git.run("ls-tree", "-z", tree, "--", path).out
    if not found:
        return None
    mode, kind, object_id = found.split(b"\t", 1)[0].decode().split(" ")
    return Entry(mode, diffs.blob(git, object_id) or b"") if kind == "blob" else None


def smudged(git: Git, path: str, entry: Entry) -> bytes:
    """A content in the form it has in the work tree (line ends, filters)."""
    if entry.mode == "120000":
        return entry.data
    object_id = store(git, entry.data)
    return git.run("cat-file", "--filters", f"--path={path}", object_id).out


def disk(git: Git, path: str, entry: Entry | None) -> File | None:
    """An entry as the file it is checked out as."""
    return File(entry.mode, smudged(git, path, entry)) if entry else None


def store(git: Git, data: bytes) -> str:
    """Put a content into the repository as it is; its id."""
    return git.run("hash-object", "-w", "--no-filters", "--stdin", stdin=data).text.strip()


def _put(git: Git, path: str, entry: Entry | None) -> None:
    zero = "0" * 40
    line = f"{entry.mode} {store(git, entry.data)}\t" if entry else f"{_NONE} {zero}\t"
    git.run(
        "update-index",
        "-z",
        "--index-info",
        stdin=line.encode() + os.fsencode(path) + b"\0",
    )


def _made(data: bytes, old: Entry | None, new: Entry | None) -> Entry | None:
    """The entry for a content; equal to one of the sides, it is that side, mode and all."""
    if data == _data(new) and (new is not None or not data):
        return new
    if data == _data(old) and (old is not None or not data):
        return old
    mode = (old or new or Entry("100644", b"")).mode
    return Entry(mode, data)


def _check(old: Entry | None, new: Entry | None, file: patch.RawFile) -> None:
    """The hunks must be exactly the way from one to the other, or something changed meanwhile."""
    if not file.hunks:
        raise Refused("There are no lines to choose from.", "Take the whole file.")
    if patch.take(_data(old), file.hunks, None) != _data(new):
        raise _changed(file.path)


def _changed(path: str) -> Clash:
    return Clash(
        f"{path} has changed since its diff was read.", "Look at it again.", steps=("view.refresh",)
    )


def _data(entry: Entry | None) -> bytes:
    return entry.data if entry else b""


def index_entry(git: Git, path: str) -> Entry | None:
    """A file of the index."""
    return _entry(git, git.run("ls-files", "-s", "-z", "--", path).out)


def _head_entry(git: Git, path: str) -> Entry | None:
    head = git.text("rev-parse", "--verify", "--quiet", "HEAD", ok=(0, 1))
    return tree_entry(git, head, path) if head else None


def _entry(git: Git, listing: bytes) -> Entry | None:
    for record in listing.split(b"\0"):
        if not record:
            continue
        mode, object_id, stage_number = record.split(b"\t", 1)[0].decode().split(" ")
        if stage_number != "0":
            raise Refused("The file is in conflict.", "Resolve the conflict, then stage it whole.")
        return Entry(mode, diffs.blob(git, object_id) or b"")
    return None
