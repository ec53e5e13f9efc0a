"""What every assistant's module offers: find it, start it, read it, judge it."""

from __future__ import annotations

import functools
import os
import shlex
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.supervisor import Exit, Line, Reader, StopSignal
from aiops_desktop.domain.runs import Assistant, RunEvent, Usage
from aiops_desktop.domain.trouble import Trouble

#: Seconds `--version` may take.
VERSION_TIMEOUT = 5.0


@dataclass(frozen=True, slots=True)
class Task:
    """One start of an assistant.

    Attributes:
        worktree: where it works.
        folder: the run's own folder, for what it leaves beside its work.
        home: the tenant's folder for this assistant (its settings and logins).
        env: the tenant's environment.
        thread: its own id of the conversation to go on with, "" to begin one.
        attempt: 1 for the first start of the run, then 2, 3 …
    """

    prompt: str
    worktree: Path
    folder: Path
    home: Path
    env: Mapping[str, str]
    model: str = ""
    sandbox: str = ""
    files: tuple[str, ...] = ()
    thread: str = ""
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Launch:
    """What the supervisor is to run for a task."""

    argv: tuple[str, ...]
    env: dict[str, str]
    reader: Reader
    stdin_file: Path | None = None
    stop_signal: StopSignal = "INT"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an attempt succeeded by the assistant's own record; else why not, as a sentence.

    `usage` is the run's total when the assistant kept a better count than its events showed.
    """

    ok: bool
    sentence: str = ""
    usage: Usage | None = None


@dataclass(slots=True)
class Story:
    """What the events of a run came to so far; how it ended is that of the last attempt."""

    attempt: int = 0
    thread: str = ""
    usage: Usage = field(default_factory=Usage)
    last: str = ""
    ended: bool | None = None
    failure: str = ""
    warnings: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)
    """The last lines of standard error, for when nothing else explains a failure."""


class EventReader(ABC):
    """Turns lines into events, tolerantly: what it does not know becomes plain output."""

    def __init__(self, worktree: Path | None = None) -> None:
        """`worktree` makes the paths of changed files relative."""
        self.worktree = worktree
        self.attempt = 0

    def read(self, line: Line) -> list[RunEvent]:
        """The events of a line."""
        if line.stream == "sup":
            if line.text == "begin":
                self.attempt += 1
            return []
        return self.parse(line)

    def read_all(self, lines: Sequence[Line]) -> Iterator[tuple[Line, list[RunEvent]]]:
        """The events of several lines, each with the line it came from (the last of those)."""
        for line in lines:
            yield line, self.read(line)

    @abstractmethod
    def parse(self, line: Line) -> list[RunEvent]:
        """The events of a line of the assistant's own output."""

    def relative(self, path: str) -> str:
        """A path as seen from the worktree."""
        if self.worktree and Path(path).is_absolute():
            for root in (self.worktree, self.worktree.resolve()):
                if Path(path).is_relative_to(root):
                    return str(Path(path).relative_to(root))
        return path


class Cli(ABC):
    """An assistant's command line program."""

    id: str
    title: str
    hint: str
    labelled = ""
    sandboxes: tuple[str, ...] = ()
    resumable = False

    def __init__(self, command: str) -> None:
        """`command` is a program name or path, with arguments if need be, as in the settings."""
        self.command = command

    def words(self) -> list[str]:
        """The command cut into words; [] when its quotes do not match."""
        try:
            return shlex.split(os.path.expanduser(self.command))  # noqa: PTH111 - not only a path
        except ValueError:
            return []

    def find(self, env: Mapping[str, str], home: Path) -> Assistant:
        """The assistant as a run with this environment would find it."""
        words = self.words()
        path = process.which(words[0], env) if words else ""
        reason = ""
        if not words:
            reason = f"The command of {self.title} in the settings is empty or not well quoted."
        elif not path:
            reason = f"“{words[0]}” was not found on this computer."
        return Assistant(
            id=self.id,
            title=self.title,
            command=self.command,
            path=path,
            version=self.version(path, env) if path else "",
            reason=reason,
            hint=self.hint if reason else self.advice(home),
            labelled=self.labelled,
            sandboxes=self.sandboxes,
            resumable=self.resumable,
        )

    def version(self, path: str, env: Mapping[str, str]) -> str:
        """Its version, "" when it does not tell within `VERSION_TIMEOUT`."""
        return told_version(path, _changed(path), tuple(sorted(env.items())))

    def advice(self, home: Path) -> str:
        """What is still to be done before it can work for this tenant, "" for nothing."""
        del home
        return ""

    @abstractmethod
    def launch(self, task: Task) -> Launch:
        """How to run a task; writes what it needs into the task's folder.

        Raises:
            Missing: it is not there.
        """

    @abstractmethod
    def events(self, worktree: Path | None = None) -> EventReader:
        """A fresh reader of its output."""

    @abstractmethod
    def judge(self, story: Story, ended: Exit, folder: Path) -> Verdict:
        """Whether the last attempt succeeded."""

    def tidy(self, worktree: Path) -> None:
        """Remove what it leaves in a worktree that is nobody's work; most leave nothing."""
        del worktree

    def interactive(self, path: str, env: Mapping[str, str]) -> list[str]:
        """How to start it in a terminal."""
        del env
        return [path, *self.words()[1:]]


def told_version(path: str, changed: int, env: Sequence[tuple[str, str]]) -> str:
    """What `--version` says first that looks like a version."""
    key = (path, changed)
    if key not in _versions:
        said = ask(path, "--version", dict(env))
        _versions[key] = next((w for w in said.split() if w.lstrip("v")[:1].isdigit()), "")
    return _versions[key]


_versions: dict[tuple[str, int], str] = {}


def ask(path: str, option: str, env: Mapping[str, str]) -> str:
    """The standard output of a program with one option, "" when that fails or takes too long."""
    try:
        done = process.run([path, option], env=env, cwd=Path("/"), timeout=VERSION_TIMEOUT)
    except Trouble:
        return ""
    return done.text if done.code == 0 else ""


def _changed(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return 0


def write_prompt(task: Task) -> Path:
    """The prompt as a file (0600) in the run's folder: it may be long, and belongs in no argv."""
    path = task.folder / "prompt.txt"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(task.prompt, encoding="utf-8")
    return path


@functools.cache
def help_mentions(path: str, changed: int, option: str) -> bool:
    """Whether `--help` of a program knows an option."""
    del changed
    return option in ask(path, "--help", process.environment())
