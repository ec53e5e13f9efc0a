"""Looks at many checkouts side by side."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiops_desktop.adapters.git import Repository, glance, survey
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job

#: Processes beside the one thread that looks by itself; more gain nothing.
WORKERS = min(8, max(1, (os.cpu_count() or 2) - 1))
#: Checkouts a process looks at: enough to spare starts, few enough to share the work well.
BATCH = 6

Each = Callable[[int, CheckoutStatus | Trouble], None]


def sweep(repositories: Mapping[int, Repository], job: Job, each: Each) -> None:
    """The states of many checkouts; `each` is called from worker threads.

    One thread glances at them from the front, processes survey them from the back. What cannot be
    told at a glance joins the back.

    Raises:
        Stopped: the person pressed Stop; nothing is told after that.
    """
    queue = _Queue(repositories)

    def told(number: int, what: CheckoutStatus | Trouble) -> None:
        job.check()
        each(number, what)

    def glances() -> None:
        while (number := queue.front()) is not None:
            job.check()
            found = glance(repositories[number])
            if found is None:
                queue.refuse(number)
            else:
                told(number, found)
        surveys()  # help with what is left

    def surveys() -> None:
        while numbers := queue.back():
            batch = [repositories[number] for number in numbers]
            survey(batch, job, partial(_by_place, numbers, told))

    with ThreadPoolExecutor(1 + WORKERS, thread_name_prefix="sweep") as pool:
        work = [pool.submit(glances), *(pool.submit(surveys) for _ in range(WORKERS))]
    for done in work:
        done.result()
    job.check()


def _by_place(numbers: list[int], told: Each, place: int, what: CheckoutStatus | Trouble) -> None:
    told(numbers[place], what)


class _Queue:
    """Numbers that wait to be looked at, by tenant: a process has one tenant's environment."""

    def __init__(self, repositories: Mapping[int, Repository]) -> None:
        self._room = {n: repository.room.tenant_id for n, repository in repositories.items()}
        self._waiting = deque(sorted(repositories, key=self._room.__getitem__))
        self._refused: list[int] = []
        self._lock = threading.Lock()

    def front(self) -> int | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def refuse(self, number: int) -> None:
        with self._lock:
            self._refused.append(number)

    def back(self) -> list[int]:
        """Some numbers of one tenant; none when nothing waits any more."""
        with self._lock:
            source = self._refused or self._waiting
            taken: list[int] = []
            while source and len(taken) < BATCH:
                if taken and self._room[source[-1]] != self._room[taken[0]]:
                    break
                taken.append(source.pop())
            return taken
