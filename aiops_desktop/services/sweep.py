"""Looks at many checkouts side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job

T = TypeVar("T")

#: Threads of one sweep; more gain nothing, as disk and processors are shared.
WORKERS = min(8, 2 * (os.cpu_count() or 2))


def sweep(
    numbers: Sequence[int],
    look: Callable[[int], T],
    job: Job,
    each: Callable[[int, T | Trouble], None],
) -> None:
    """Look at each number in a few threads; `each` gets what was seen, or the Trouble.

    Raises:
        Stopped: the person pressed Stop; what is being looked at just then is not told any more.
    """

    def one(number: int) -> None:
        if job.stopping:
            return
        told: T | Trouble
        try:
            told = look(number)
        except Trouble as trouble:
            told = trouble
        if not job.stopping:
            each(number, told)

    with ThreadPoolExecutor(WORKERS, thread_name_prefix="sweep") as pool:
        for _ in pool.map(one, numbers):
            job.check()
    job.check()
