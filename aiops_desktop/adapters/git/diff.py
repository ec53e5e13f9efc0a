"""Diffs for reading: which command compares what, and its bytes as `FileDiff`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from aiops_desktop.adapters.git import patch
from aiops_desktop.adapters.git.command import Git
from aiops_desktop.adapters.git.files import File, read_file
from aiops_desktop.domain.repositories import DiffLine, FileDiff, FileState, Hunk

#: Bytes of a text that is handed on whole for syntax colours.
WHOLE = 1_000_000
#: Changed lines beyond which a diff cannot be read by anybody.
READABLE = 20_000
#: Bytes beyond which git does not compare a file at all.
BIG = 8 * 1024 * 1024
#: The tree without files (its id is fixed by git's format; sha-1, sha-256).
EMPTY_TREES = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}

_OPTIONS = (
    "--raw",
    "-z",
    "-p",
    "--full-index",
    "--no-abbrev",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--submodule=short",
    "--ignore-submodules=dirty",
    "--inter-hunk-context=0",
    "-U3",
    "-M",
)
_BIG = ("-c", f"core.bigFileThreshold={BIG}")
_LINK, _MODULE = "120000", "160000"


def unstaged(git: Git, path: str) -> patch.RawFile | None:
    """One file of the work tree against the index; untracked files are added ones."""
    file = _one(git, [*_BIG, "diff", "--ours", *_OPTIONS, "--", path], path)
    if file is not None or git.run("ls-files", "-z", "--", path).out:
        return file
    if read_file(git.folder, path) is None:
        return None
    with git.scratch_index() as index:
        git.run("add", "--intent-to-add", "--", path, index=index)
        output = git.run(*_BIG, "diff", *_OPTIONS, "--", path, index=index).out
        return next(iter(patch.parse(output)), None)


def staged(git: Git, path: str) -> patch.RawFile | None:
    """One file of the index against HEAD; a rename is followed."""
    paths = [path]
    renames = git.run("diff", "--cached", "--raw", "-z", "-M", "--diff-filter=R").out
    paths += [file.old_path for file in patch.parse(renames) if file.path == path]
    return _one(git, [*_BIG, "diff", "--cached", *_OPTIONS, "--", *paths], path)


def trees(git: Git, old: str, new: str, paths: Sequence[str] = ()) -> list[patch.RawFile]:
    """Everything that differs between two trees or commits; `old` "" is the empty tree."""
    old = old or EMPTY_TREES[len(new)]
    output = git.run(*_BIG, "diff-tree", "-r", *_OPTIONS, old, new, "--", *paths).out
    return patch.parse(output)


def worktree_tree(git: Git) -> str:
    """The id of a tree with everything in the work tree that is not ignored.

    The index is left alone: a copy of it takes the files. What git cannot add (a nested repository
    without commits, an unreadable file) is left out.
    """
    with git.scratch_index() as index:
        git.run("add", "--all", "--ignore-errors", "--", ".", index=index, ok=(0, 1))
        return git.text("write-tree", index=index)


def blob(git: Git, object_id: str) -> bytes | None:
    """The content of a blob; None for the id of nothing."""
    if not object_id.strip("0"):
        return None
    return git.run("cat-file", "blob", object_id).out


def readable(file: patch.RawFile, before: bytes | None, after: bytes | None) -> FileDiff:
    """A raw diff as a person reads it."""
    state = FileState(file.letter)
    note = _note(file, before, after)
    binary = file.binary or _is_binary(before) or _is_binary(after)
    changed = sum(line.kind != " " for hunk in file.hunks for line in hunk.lines)
    big = max(len(before or b""), len(after or b"")) > BIG
    too_large = changed > READABLE or (big and not _is_binary(before) and not _is_binary(after))
    hidden = too_large or binary or _MODULE in (file.old_mode, file.new_mode)
    return FileDiff(
        path=file.path,
        state=state,
        hunks=() if hidden else tuple(_hunk(hunk) for hunk in file.hunks),
        old_path=file.old_path,
        before=_text(before) if not binary else None,
        after=_text(after) if not binary else None,
        binary=binary and not too_large,
        too_large=too_large,
        note=note,
    )


def now(git: Git, file: patch.RawFile) -> tuple[bytes | None, bytes | None]:
    """Both contents of a diff whose newer side may be the work tree (id of zeros)."""
    before = _side(git, file.old_mode, file.old_id)
    if file.new_mode.strip("0") and not file.new_id.strip("0"):
        found: File | None = read_file(git.folder, file.path)
        return before, found.data if found else None
    return before, _side(git, file.new_mode, file.new_id)


def _side(git: Git, mode: str, object_id: str) -> bytes | None:
    return None if mode == _MODULE else blob(git, object_id)


def _one(git: Git, args: Sequence[str], path: str) -> patch.RawFile | None:
    for file in patch.parse(git.run(*args).out):
        if file.path == path:
            return file
    return None


def _hunk(raw: patch.RawHunk) -> Hunk:
    old, new = raw.old_start, raw.new_start
    lines: list[DiffLine] = []
    for line in raw.lines:
        numbers = (old if line.kind != "+" else None, new if line.kind != "-" else None)
        lines.append(DiffLine(line.kind, *numbers, _line(line.text), line.no_newline))
        old += line.kind != "+"
        new += line.kind != "-"
    return Hunk(
        raw.old_start,
        raw.old_count,
        raw.new_start,
        raw.new_count,
        _line(raw.context),
        tuple(lines),
    )


def _line(data: bytes) -> str:
    return _decoded(data.removesuffix(b"\r"))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _text(data: bytes | None) -> str | None:
    if data is None or len(data) > WHOLE:
        return None
    return _decoded(data)


def _is_binary(data: bytes | None) -> bool:
    # As git decides it (buffer_is_binary in xdiff-interface.c): a NUL in the first 8000 bytes.
    return data is not None and b"\0" in data[:8000]


def _note(file: patch.RawFile, before: bytes | None, after: bytes | None) -> str:
    if _MODULE in (file.old_mode, file.new_mode):
        old, new = _subprojects(file)
        if not old:
            return f"A submodule was added at {new}."
        return f"The submodule moved from {old} to {new}." if new else "A submodule was removed."
    if file.letter == "T":
        became = "a symbolic link" if file.new_mode == _LINK else "a plain file"
        return f"The file became {became}."
    if file.hunks:
        return "Only the line ends change." if _only_ends(file) else ""
    if file.letter == "A":
        return "The file is empty." if not after else ""
    if file.letter == "D":
        return "The file was empty." if not before else ""
    if file.letter == "R" and file.old_mode == file.new_mode and not file.binary:
        return f"Renamed from {os.fsencode(file.old_path).decode('utf-8', 'replace')} only."
    if file.old_mode != file.new_mode:
        made = "made executable" if file.new_mode == "100755" else "made not executable"
        return f"The file was {made}."
    return ""


def _subprojects(file: patch.RawFile) -> tuple[str, str]:
    found = {"-": "", "+": ""}
    for hunk in file.hunks:
        for line in hunk.lines:
            match = re.match(rb"Subproject commit ([0-9a-f]{8})", line.text)
            if match and line.kind in found:
                found[line.kind] = match[1].decode()
    return found["-"], found["+"]


def _only_ends(file: patch.RawFile) -> bool:
    gone = [ln.text for hunk in file.hunks for ln in hunk.lines if ln.kind == "-"]
    come = [ln.text for hunk in file.hunks for ln in hunk.lines if ln.kind == "+"]
    if gone == come or not gone:
        return False
    return [t.removesuffix(b"\r") for t in gone] == [t.removesuffix(b"\r") for t in come]
