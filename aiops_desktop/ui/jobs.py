"""The jobs of this window: a list for the drawer, and the watcher that fills it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job, Reply
from aiops_desktop.jobs.runner import Runner

T = TypeVar("T")

#: Lines of output kept a job; the history keeps the tail, logs the whole.
KEPT_LINES = 5_000


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(eq=False)
class JobRecord:
    """A job as the drawer shows it. Times are `time.time()` seconds."""

    number: int
    title: str
    project_id: int | None
    quiet: bool
    state: JobState = JobState.QUEUED
    message: str = ""
    done: int = 0
    total: int = 0
    begun: float = 0.0
    ended: float = 0.0
    trouble: Trouble | None = None
    summary: str = ""
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=KEPT_LINES))
    job: Job | None = None
    again: Callable[[], object] | None = None
    lane: Hashable = None

    @property
    def alive(self) -> bool:
        """Queued or running."""
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    def stop(self) -> None:
        """Press Stop."""
        if self.job and self.alive:
            self.message = "stopping"
            self.job.stop()


class JobList(QObject):
    """All jobs of this window, newest last.

    Signals:
        listed: a job was added or removed, or changed its state.
        moved(JobRecord): its progress or output changed; at most ten times a second a job.
        asked(JobRecord, Reply): it waits for an answer.
        failed(JobRecord): it ended with a Trouble (also for quiet ones).
        crashed(JobRecord, BaseException): it ended with an error of ours.
    """

    listed = Signal()
    moved = Signal(object)
    asked = Signal(object, object)
    failed = Signal(object)
    crashed = Signal(object, object)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._count = 0
        self.records: list[JobRecord] = []
        self._moved: set[JobRecord] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self._flush)

    def start(
        self,
        title: str,
        work: Callable[[Job], T],
        *,
        done: Callable[[T], None] | None = None,
        trouble: Callable[[Trouble], None] | None = None,
        ended: Callable[[], None] | None = None,
        lane: Hashable = None,
        project_id: int | None = None,
        quiet: bool = False,
        again: Callable[[], object] | None = None,
    ) -> JobRecord:
        """Run `work` in a worker; the callbacks come back in the GUI thread.

        Args:
            title: verb and object ("Clone infra").
            work: gets the Job; its result goes to `done`.
            done: after it ended well.
            trouble: after it ended with a Trouble; when given, the caller shows it.
            ended: after any end, last.
            lane: jobs of the same lane queue up.
            project_id: whose it is.
            quiet: a read in the background that the drawer does not list.
            again: what "Try again" does.
        """
        self._count += 1
        record = JobRecord(self._count, title, project_id, quiet, again=again, lane=lane)
        watcher = _Watcher(self, record, done, trouble, ended)
        self.records.append(record)
        record.job = self._runner.start(title, work, watcher, lane=lane)
        if not quiet:
            self.listed.emit()
        return record

    @property
    def shown(self) -> list[JobRecord]:
        """What the drawer lists."""
        return [record for record in self.records if not record.quiet]

    def clear_finished(self) -> None:
        """Take ended jobs off the list."""
        self.records = [record for record in self.records if record.alive]
        self.listed.emit()

    def dismiss(self, record: JobRecord) -> None:
        """Take one ended job off the list."""
        if record in self.records and not record.alive:
            self.records.remove(record)
            self.listed.emit()

    def touch(self, record: JobRecord) -> None:
        """Its progress or output changed."""
        self._moved.add(record)
        if not self._timer.isActive():
            self._timer.start()

    def over(self, record: JobRecord) -> None:
        """It ended."""
        record.ended = time.time()
        if record.quiet and record in self.records:
            self.records.remove(record)
        elif not record.quiet:
            self.listed.emit()

    def _flush(self) -> None:
        moved, self._moved = self._moved, set()
        if not moved:
            self._timer.stop()
        for record in moved:
            self.moved.emit(record)


class _Watcher(Generic[T]):
    """Writes what a job says into its record."""

    def __init__(
        self,
        jobs: JobList,
        record: JobRecord,
        done: Callable[[T], None] | None,
        trouble: Callable[[Trouble], None] | None,
        ended: Callable[[], None] | None,
    ) -> None:
        self._jobs, self._record = jobs, record
        self._done, self._trouble, self._ended = done, trouble, ended

    def begun(self) -> None:
        self._record.state = JobState.RUNNING
        self._record.begun = time.time()
        if not self._record.quiet:
            self._jobs.listed.emit()

    def progress(self, message: str, done: int, total: int) -> None:
        record = self._record
        record.message, record.done, record.total = message, done, total
        self._jobs.touch(record)

    def line(self, text: str) -> None:
        self._record.lines.append(text)
        self._jobs.touch(self._record)

    def ask(self, reply: Reply) -> None:
        self._jobs.asked.emit(self._record, reply)

    def done(self, result: T) -> None:
        self._record.summary = str(getattr(result, "summary", "") or "")
        self._end(JobState.DONE)
        if self._done:
            self._done(result)
        self._last()

    def trouble(self, trouble: Trouble) -> None:
        self._record.trouble = trouble
        self._end(JobState.FAILED)
        if self._trouble:
            self._trouble(trouble)
        self._jobs.failed.emit(self._record)
        self._last()

    def stopped(self) -> None:
        self._end(JobState.STOPPED)
        self._last()

    def bug(self, error: BaseException) -> None:
        self._record.trouble = Trouble(
            "Something went wrong inside the program.",
            "The rest keeps working. The details help to mend it.",
            f"{type(error).__name__}: {error}",
        )
        self._end(JobState.FAILED)
        self._jobs.crashed.emit(self._record, error)
        self._last()

    def _end(self, state: JobState) -> None:
        self._record.state = state
        self._jobs.over(self._record)

    def _last(self) -> None:
        if self._ended:
            self._ended()
