"""Looks at many checkouts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from aiops_desktop.adapters.git import Repository, glance, survey
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job

#: Processes at work side by side.
WORKERS = min(8, os.cpu_count() or 2)
#: Checkouts a process looks at: enough to spare starts, few enough to share the work well.
BATCH = 6

Each = Callable[[int, CheckoutStatus | Trouble], None]


def sweep(
    repositories: Mapping[int, Repository], job: Job, each: Each, *, gently: bool = False
) -> None:
    """The states of many checkouts; `each` is called from several threads.

    This thread glances at all of them, which is enough for most and takes less than starting a
    process; what cannot be told at a glance is surveyed by processes meanwhile. A glance holds
    Python's lock while it waits for the disk; `gently` leaves all to processes instead, so that a
    window stays alive.

    Raises:
        Stopped: the person pressed Stop; nothing is told after that.
    """

    def told(number: int, what: CheckoutStatus | Trouble) -> None:
        job.check()
        each(number, what)

    def look(numbers: list[int]) -> None:
        batch = [repositories[number] for number in numbers]
        survey(batch, job, lambda place, what: told(numbers[place], what))

    waiting: dict[int, list[int]] = {}  # by tenant: a process has one tenant's environment
    work: list[Future[None]] = []
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="sweep") as pool:
        for number, repository in repositories.items():
            job.check()
            found = None if gently else glance(repository)
            if found is not None:
                told(number, found)
                continue
            tenant = repository.room.tenant_id
            waiting.setdefault(tenant, []).append(number)
            if len(waiting[tenant]) == BATCH:
                work.append(pool.submit(look, waiting.pop(tenant)))
        work += [pool.submit(look, numbers) for numbers in waiting.values()]
    for done in work:
        done.result()
    job.check()
