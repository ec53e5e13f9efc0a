"""Asks a server what a repository holds, without a checkout."""

from __future__ import annotations

from aiops_desktop.adapters.git.access import Access
from aiops_desktop.adapters.git.transport import Transfer
from aiops_desktop.adapters.scratch import scratch
from aiops_desktop.jobs.job import Job


def branches_of(access: Access, job: Job) -> int:
    """How many branches the repository has; nothing is fetched.

    Raises:
        Trouble: as every transfer.
        Stopped: the person pressed Stop.
    """
    with scratch() as folder, Transfer(access, job) as transfer:
        done = transfer.run("ls-remote", "--heads", "--", access.remote.text, cwd=folder)
    return len(done.text.splitlines())
