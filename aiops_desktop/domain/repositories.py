"""Git as data: status, commits, diffs, and who one acts as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes


class FileState(StrEnum):
    """What happened to a file; the letters are git's own (git-status(1))."""

    MODIFIED = "M"
    ADDED = "A"
    DELETED = "D"
    RENAMED = "R"
    TYPE = "T"
    CONFLICTED = "U"
    UNTRACKED = "?"


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed file. `added` and `removed` count lines; None when not counted (binary, huge)."""

    path: str
    state: FileState
    staged: bool = False
    old_path: str = ""
    added: int | None = None
    removed: int | None = None


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit. `id` is the full hash; show the first 8 characters."""

    id: str
    summary: str
    body: str
    author_name: str
    author_email: str
    time: datetime
    files: int = 0
    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class CheckoutStatus:
    """The state of a work tree at one moment.

    Attributes:
        branch: the branch's short name, "" when detached or before the first commit of none.
        upstream: such as "origin/main", "" when the branch follows none.
        operation: "merge", "rebase", "cherry-pick", "revert" or "" : what is under way.
        ahead, behind: commits against the upstream; 0 without one.
    """

    branch: str
    head: Commit | None
    upstream: str = ""
    ahead: int = 0
    behind: int = 0
    staged: tuple[FileChange, ...] = ()
    unstaged: tuple[FileChange, ...] = ()
    conflicts: tuple[FileChange, ...] = ()
    operation: str = ""
    fetched: datetime | None = None
    remote: str = "origin"

    @property
    def changed(self) -> int:
        """How many files differ from the last commit, each counted once."""
        files = (*self.staged, *self.unstaged, *self.conflicts)
        return len({change.path for change in files})

    @property
    def clean(self) -> bool:
        """Nothing to commit and nothing under way."""
        return not self.changed and not self.operation


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`kind` is " ", "+" or "-"; `old` and `new` are 1-based line numbers.

    `text` has no line end; `no_newline` marks the file's last line when it has none.
    """

    kind: str
    old: int | None
    new: int | None
    text: str
    no_newline: bool = False


@dataclass(frozen=True, slots=True)
class Hunk:
    """A hunk of a unified diff; `context` is what git prints behind the second @@."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    context: str
    lines: tuple[DiffLine, ...]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """The diff of one file.

    Attributes:
        before, after: the whole texts for syntax colours; None when binary, absent or too large.
        binary: no hunks, because it is not text.
        too_large: no hunks, because it would not be readable (over 20,000 changed lines).
        note: a sentence for changes without hunks (mode changed, submodule moved, renamed only).
    """

    path: str
    state: FileState
    hunks: tuple[Hunk, ...] = ()
    old_path: str = ""
    before: str | None = None
    after: str | None = None
    binary: bool = False
    too_large: bool = False
    note: str = ""

    @property
    def added(self) -> int:
        """Lines added."""
        return sum(line.kind == "+" for hunk in self.hunks for line in hunk.lines)

    @property
    def removed(self) -> int:
        """Lines removed."""
        return sum(line.kind == "-" for hunk in self.hunks for line in hunk.lines)


#: Which part of a file's diff is meant: hunk number → line numbers in it, None for the whole hunk.
#: Both count from 0, as in `FileDiff.hunks` and `Hunk.lines`.
Pick = Mapping[int, frozenset[int] | None]


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom one acts as, before anything leaves the machine.

    Attributes:
        key: name of the first key that would be offered; "" for files and https.
        why: a sentence on why this key.
        host: "" for files.
        host_since: since when the tenant knows the host's key; None: not yet.
        credential: for https: "token of git.acme.example" or "none stored".
    """

    author: str
    key: str
    why: str
    host: str
    host_since: datetime | None
    credential: str = ""
    author_missing: bool = False


@dataclass(frozen=True, slots=True)
class PushPlan:
    """What a push would do, for the dialog that shows it."""

    branch: str
    remote: str
    target: str
    old_id: str
    new_id: str
    commits: tuple[Commit, ...]
    identity: Identity
    command: str
    creates_branch: bool
    fast_forward: bool


@dataclass(frozen=True, slots=True)
class Cloned:
    """A clone ended well."""

    path: Path
    branch: str
    seconds: float
    changes: Changes


@dataclass(frozen=True, slots=True)
class Pushed:
    """A push arrived. `old_id` is "" when the branch is new on the server."""

    branch: str
    remote: str
    old_id: str
    new_id: str
    commits: int
    changes: Changes
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pulled:
    """A pull ended; `kind` is "up to date", "fast-forward", "rebase" or "merge"."""

    kind: str
    commits: int
    old_id: str
    new_id: str
    changes: Changes


@dataclass(frozen=True, slots=True)
class Committed:
    """A commit was made."""

    commit: Commit
    changes: Changes


@dataclass(frozen=True, slots=True)
class Discarded:
    """Work was discarded and can be brought back with `token` (see Repositories.restore)."""

    token: str
    files: tuple[str, ...]
    changes: Changes
