"""Looks at many checkouts."""

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

#: Processes at work side by side; with a window one less, which leaves a processor to it.
WORKERS = max(2, min(8, os.cpu_count() or 2))
#: Checkouts a process looks at: enough to spare starts, few enough to share the work well.
BATCH = 6
#: The same with a window: starting a process stops all threads of ours for a moment.
GENTLE_BATCH = 16

Each = Callable[[int, CheckoutStatus | Trouble], None]


def sweep(
    repositories: Mapping[int, Repository], job: Job, each: Each, *, gently: bool = False
) -> None:
    """The states of many checkouts; `each` is called from several threads.

    This thread glances at them from one end of the list, which takes less than starting a process;
    processes survey from the other end, and what cannot be told at a glance. A glance holds
    Python's lock while it waits for the disk; `gently` leaves all to a few processes of low
    priority instead, so that a window stays alive.

    Raises:
        Stopped: the person pressed Stop; nothing is told after that.
    """
    left = _Left(repositories)

    def told(number: int, what: CheckoutStatus | Trouble) -> None:
        job.check()
        each(number, what)

    def survey_rest() -> None:
        while numbers := left.batch(GENTLE_BATCH if gently else BATCH):
            batch = [repositories[number] for number in numbers]
            survey(batch, job, partial(_tell, told, numbers), gently=gently)

    with ThreadPoolExecutor(WORKERS, thread_name_prefix="sweep") as pool:
        work = [pool.submit(survey_rest) for _ in range(WORKERS - 1)]
        slow: list[int] = []
        while not gently and (number := left.next()) is not None:
            job.check()
            found = glance(repositories[number])
            if found is None:
                slow.append(number)
            else:
                told(number, found)
        left.add(slow)
        work += [pool.submit(survey_rest) for _ in range(WORKERS if slow else 0)]
    for done in work:
        done.result()
    job.check()


def _tell(told: Each, numbers: list[int], place: int, what: CheckoutStatus | Trouble) -> None:
    told(numbers[place], what)


class _Left:
    """What nobody has looked at yet; taken from both ends by several threads."""

    def __init__(self, repositories: Mapping[int, Repository]) -> None:
        self._tenants = {n: repository.room.tenant_id for n, repository in repositories.items()}
        self._numbers = deque(repositories)
        self._lock = threading.Lock()

    def next(self) -> int | None:
        """The first one."""
        with self._lock:
            return self._numbers.popleft() if self._numbers else None

    def batch(self, size: int) -> list[int]:
        """At most `size` from the end, of one tenant: a process has one tenant's environment."""
        with self._lock:
            taken: list[int] = []
            while self._numbers and len(taken) < size:
                if taken and self._tenants[self._numbers[-1]] != self._tenants[taken[0]]:
                    break
                taken.append(self._numbers.pop())
            return taken

    def add(self, numbers: list[int]) -> None:
        """Put some back."""
        with self._lock:
            self._numbers.extend(numbers)
