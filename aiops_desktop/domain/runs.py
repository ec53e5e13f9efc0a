"""Assist runs: an assistant at work in a worktree of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aiops_desktop.domain.changes import Changes
from aiops_desktop.domain.repositories import FileDiff
from aiops_desktop.domain.states import RunState as RunState


class EventKind(StrEnum):
    """What an assistant reports, in the shape of the Agent Client Protocol."""

    MESSAGE = "message"
    THOUGHT = "thought"
    COMMAND = "command"
    CHANGE = "change"
    TOOL = "tool"
    PLAN = "plan"
    USAGE = "usage"
    WARNING = "warning"
    QUESTION = "question"
    THREAD = "thread"
    OUTPUT = "output"
    END = "end"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the assistant reports them; `cost` in US dollars, None when it does not say."""

    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class RunEvent:
    """One thing that happened in a run.

    Attributes:
        at: seconds since the run began.
        key: same key = same step, later state (a command begins, then ends).
        text: message, thought, command line, warning, or question.
        output: a command's output when it ended.
        exit_code: of a command; None while it runs.
        seconds: how long a command took; None while it runs or unknown.
        paths: changed files, relative to the worktree.
        usage: for USAGE: the totals of the run so far.
        thread: for THREAD: the assistant's own id, for resuming.
        ok: for END: whether the assistant says that it succeeded.
        choices: for QUESTION: quick answers.
    """

    kind: EventKind
    at: float = 0.0
    key: str = ""
    text: str = ""
    output: str = ""
    exit_code: int | None = None
    seconds: float | None = None
    paths: tuple[str, ...] = ()
    usage: Usage | None = None
    thread: str = ""
    ok: bool | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assistant:
    """An AI CLI as found on this computer, in the environment its runs would have.

    Attributes:
        id: "codex", "aider", "demo", or a configured name.
        reason: why it cannot be used, as a sentence; "" when it can.
        hint: how to install it.
        labelled: a note the window shows wherever it appears (the demo assistant's).
    """

    id: str
    title: str
    command: str
    path: str = ""
    version: str = ""
    reason: str = ""
    hint: str = ""
    labelled: str = ""
    sandboxes: tuple[str, ...] = ()
    resumable: bool = False

    @property
    def available(self) -> bool:
        """Whether a run can start."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class RunDraft:
    """What a person fills in for a run. `model` and `sandbox` "" mean the assistant's own."""

    project_id: int
    prompt: str
    assistant: str = "codex"
    model: str = ""
    sandbox: str = ""
    files: tuple[str, ...] = ()
    """Files to name to the assistant (Aider edits these)."""
    issue_id: int | None = None
    """The issue it is about."""


@dataclass(frozen=True, slots=True)
class Run:
    """An assist run as remembered.

    Attributes:
        folder: where events.jsonl and exit.json lie.
        worktree: its own checkout; may be gone when retired.
        base_commit: full id of the commit it began from; the review compares with it.
        last: the last message of the assistant.
        error: why it failed, as a sentence.
        added, removed, files: size of its changes against the base, when last measured.
        commit: id of the commit made from it, "" before.
        rescue_ref: where its work is kept after it was retired.
    """

    id: int
    project_id: int
    tenant_id: int
    assistant: str
    title: str
    prompt: str
    state: RunState
    branch: str
    base_branch: str
    base_commit: str
    worktree: Path
    folder: Path
    operator: str
    created: datetime
    model: str = ""
    sandbox: str = ""
    finished: datetime | None = None
    thread: str = ""
    usage: Usage = field(default_factory=Usage)
    added: int = 0
    removed: int = 0
    files: int = 0
    last: str = ""
    error: str = ""
    exit_code: int | None = None
    commit: str = ""
    rescue_ref: str = ""
    session: str = ""
    """The tmux window it runs in, as `session:window`; "" without tmux."""
    issue_id: int | None = None
    """The issue it is about."""


@dataclass(frozen=True, slots=True)
class RunChanged:
    """A verb changed a run."""

    run: Run
    changes: Changes


@dataclass(frozen=True, slots=True)
class RunUpdate:
    """What is new in a run since `offset` bytes of its event file were read."""

    run: Run
    events: tuple[RunEvent, ...]
    offset: int


@dataclass(frozen=True, slots=True)
class Review:
    """The changes of a run against its base, as they are in the worktree now."""

    run: Run
    files: tuple[FileDiff, ...]
