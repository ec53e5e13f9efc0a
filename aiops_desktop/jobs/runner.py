"""Runs jobs in lanes: one at a time per lane (a checkout, a host, a run), lanes side by side."""

from __future__ import annotations

import functools
import threading
from collections import deque
from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from aiops_desktop.domain.scrubber import Scrubber
from aiops_desktop.domain.trouble import Stopped, Trouble
from aiops_desktop.jobs.job import Job, Reply

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)


class Watcher(Protocol[T_contra]):
    """Who waits for a job; all calls come through the runner's `deliver`."""

    def begun(self) -> None:
        """The job left the queue and works."""

    def progress(self, message: str, done: int, total: int) -> None:
        """How far it is; `total` 0: unknown."""

    def line(self, text: str) -> None:
        """One line of output."""

    def ask(self, reply: Reply) -> None:
        """The job waits for an answer."""

    def done(self, result: T_contra) -> None:
        """It ended well."""

    def trouble(self, trouble: Trouble) -> None:
        """It ended with something the person can read."""

    def stopped(self) -> None:
        """It ended because the person wanted it."""

    def bug(self, error: BaseException) -> None:
        """It ended with an error of ours."""


Work = Callable[[Job], T]
Deliver = Callable[[Callable[[], None]], None]


class _Ear(Generic[T]):
    """Brings what the work says to the watcher's thread."""

    def __init__(self, deliver: Deliver, watcher: Watcher[T]) -> None:
        self._deliver = deliver
        self._watcher = watcher

    def progress(self, message: str, done: int, total: int) -> None:
        self._deliver(partial(self._watcher.progress, message, done, total))

    def line(self, text: str) -> None:
        self._deliver(partial(self._watcher.line, text))

    def ask(self, reply: Reply) -> None:
        self._deliver(partial(self._watcher.ask, reply))


class Runner:
    """Runs work in threads.

    `deliver` brings a call to the watcher's own thread: Qt's bridge in the window, a plain call in
    tests and in the shell.

    Attributes:
        scrubber: takes secrets out of what jobs say and end with; the services' own, once they are
            open.
    """

    def __init__(self, deliver: Deliver, threads: int = 16) -> None:
        self.scrubber = Scrubber()
        self._deliver = deliver
        self._threads = threads
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, deque[Callable[[], None]]] = {}
        self._jobs: set[Job] = set()
        self._closed = False

    def start(
        self, title: str, work: Work[T], watcher: Watcher[T], *, lane: Hashable = None
    ) -> Job:
        """Queue `work`; jobs with the same lane run one after the other, others side by side.

        After `close` the job is stopped before it begins.
        """
        job = Job(title, _Ear(self._deliver, watcher), self.scrubber)

        def run() -> None:
            try:
                job.check()
                self._deliver(watcher.begun)
                result = work(job)
            except Stopped:
                self._deliver(watcher.stopped)
            except Trouble as trouble:
                trouble.clean(self.scrubber.scrub)
                self._deliver(partial(watcher.trouble, trouble))
            except BaseException as error:
                self._deliver(partial(watcher.bug, error))
            else:
                self._deliver(partial(watcher.done, result))
            finally:
                self._leave(lane, job)

        with self._lock:
            if self._closed:  # a timer of a window that closes; nothing is begun any more
                self._deliver(watcher.stopped)
                return job
            self._jobs.add(job)
            if lane is not None:
                if lane in self._waiting:
                    self._waiting[lane].append(run)
                    return job
                self._waiting[lane] = deque()
            self._pool.submit(run)
        return job

    @functools.cached_property
    def _pool(self) -> ThreadPoolExecutor:
        """Made for the first job: the window shows before there is one."""
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(self._threads, thread_name_prefix="job")

    @property
    def busy(self) -> bool:
        """Whether any job works or waits for its lane."""
        with self._lock:
            return bool(self._jobs)

    def close(self) -> None:
        """Stop every job and wait until all have ended."""
        with self._lock:
            jobs, self._closed = set(self._jobs), True
        for job in jobs:
            job.stop()
        self._pool.shutdown(wait=True)

    def _leave(self, lane: Hashable, job: Job) -> None:
        with self._lock:
            self._jobs.discard(job)
            if lane is None:
                return
            if not self._waiting[lane]:
                del self._waiting[lane]
                return
            following = self._waiting[lane].popleft()
            if not self._closed:
                self._pool.submit(following)
                return
        following()  # it sees Stop at its first check; the pool takes nothing more
