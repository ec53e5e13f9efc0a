"""The states of many work trees with one process: starting one a tree costs more than looking."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Sequence

from aiops_desktop.adapters import process
from aiops_desktop.adapters.git.command import ALWAYS, environment
from aiops_desktop.adapters.git.repository import Repository
from aiops_desktop.adapters.git.status import ARGUMENTS
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs import pace
from aiops_desktop.jobs.job import Job

#: How far a gentle look steps back, as `nice` does by default (nice(1)).
NICE = 10
#: After each work tree's listing: an empty record and the exit code. The folders come as arguments
#: of the shell, so no name is ever read as part of the script.
_SCRIPT = (
    f'for folder; do {shlex.join(ALWAYS)} -C "$folder" {shlex.join(ARGUMENTS)};'
    ' printf "\\0%s\\0" "$?"; done'
)


def survey(
    repositories: Sequence[Repository],
    job: Job,
    each: Callable[[int, CheckoutStatus | Trouble], None],
    *,
    gently: bool = False,
) -> None:
    """Look at work trees of one tenant, one after the other, without counting lines.

    Args:
        repositories: all with the same room.
        job: its Stop ends it.
        each: gets the place in `repositories` and what was seen, or why nothing could be.
        gently: everything else goes first.

    Raises:
        Stopped: the person pressed Stop.
    """
    if not repositories:
        return
    listings = _listings(repositories, job, gently)
    for place, repository in enumerate(repositories):
        told: CheckoutStatus | Trouble
        if gently:
            pace.breathe()
        try:
            told = repository.status(counts=False, listing=listings.get(place))
        except Trouble as trouble:
            told = trouble
        each(place, told)


def _listings(repositories: Sequence[Repository], job: Job, gently: bool) -> dict[int, bytes]:
    """The listings that could be made; who has none is asked alone, and says why."""
    room = repositories[0].room
    env = environment(room)
    shell = process.which("sh", env)
    if not shell or len(repositories) == 1:
        return {}
    parents = {str(repository.folder.parent) for repository in repositories}
    parents |= {os.path.realpath(parent) for parent in parents}
    env["GIT_CEILING_DIRECTORIES"] = os.pathsep.join(sorted(parents))
    folders = [str(repository.folder) for repository in repositories]
    argv = [shell, "-c", _SCRIPT, "survey", *folders]
    out = process.run(argv, env=env, job=job, nice=NICE if gently else 0).out
    made: dict[int, bytes] = {}
    records: list[bytes] = []
    place = 0
    tokens = iter(out.split(b"\0"))
    for token in tokens:
        if token:
            records.append(token)
        elif (code := next(tokens, b"")) != b"":
            if code == b"0":
                made[place] = b"\0".join(records)
            place, records = place + 1, []
    return made
