"""How fast a deployment is polled, what was read of it so far, and what it is said to be at."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters.ansible import Recap
from aiops_desktop.domain.deployments import (
    Deployment,
    DeploymentState,
    DeploymentUpdate,
    HostRecap,
    Source,
)
from aiops_desktop.domain.trouble import Clash, Trouble
from aiops_desktop.storage.deployment_log import DeploymentLog

if TYPE_CHECKING:
    from aiops_desktop.domain.settings import Semaphore as SemaphoreSettings
    from aiops_desktop.services.carriers import Look

#: Seconds without a line after which a running deployment is said to be silent.
SILENT = 120.0
#: The longest pause between two polls, in seconds; a longer interval in the settings wins.
LONGEST = 30.0
#: Seconds between two looks at a playbook on this computer: they only read files.
LOCAL = 0.25
#: Lines of a log above which it is not fetched with every poll: no version gives less than all.
LARGE = 5_000


class Watch:
    """What was read of one deployment: its log, and the counts per host in it.

    Attributes:
        lock: held while it is asked for, so that two askers do not both add the same lines.
        learned: the scrubber knows its secrets.
    """

    def __init__(self, folder: Path) -> None:
        self.lock = threading.RLock()
        self.log = DeploymentLog(folder)
        self.recap = Recap()
        self.learned = False
        self._fed = 0

    def read(self) -> None:
        """Bring the counts up to date with the log."""
        with self.lock:
            fresh = self.log.read(self._fed)
            self.recap.feed(fresh)
            self._fed += len(fresh)

    def update(self, deployment: Deployment, seen: int, stale: str) -> DeploymentUpdate:
        """What is new since `seen` lines."""
        with self.lock:
            lines = tuple(self.log.read(seen))
            self.read()
            hosts = self.recap.hosts
        return DeploymentUpdate(
            deployment,
            lines,
            seen + len(lines),
            hosts,
            stale or self._silence(deployment),
            tasks=self.recap.tasks,
        )

    def _silence(self, deployment: Deployment) -> str:
        changed = self.log.changed
        if deployment.state is not DeploymentState.RUNNING or changed is None:
            return ""
        quiet = time.time() - changed
        if quiet < SILENT:
            return ""
        return f"No output for {quiet / 60:.0f} min."


class Pace:
    """Decides when to ask next."""

    def __init__(self, settings: SemaphoreSettings, *, is_local: bool) -> None:
        self._interval = LOCAL if is_local else settings.poll_interval
        self._limit = None if is_local else settings.task_timeout
        self._failures = 0
        self._waits = 0
        self._running_since: float | None = None
        self._polls = 0
        self._every = 1
        self._last: DeploymentState | None = None

    def wants_output(self, state: DeploymentState) -> bool:
        """Whether the log is worth fetching now: always on a change, else by its size."""
        self._polls += 1
        changed, self._last = state is not self._last, state
        return changed or self._polls % self._every == 0

    def answered(self, deployment: Deployment) -> None:
        """The server answered."""
        self._failures = 0
        if deployment.state is DeploymentState.WAITING:
            self._waits += 1
        elif deployment.state is not DeploymentState.CONFIRMING:
            self._waits = 0
            # The server's clock is not ours, so its start is only taken as a sign.
            self._running_since = self._running_since or time.monotonic()

    def failed(self, trouble: Trouble) -> str:
        """The server did not answer; what to say meanwhile."""
        self._failures += 1
        return f"{trouble.what} Asking again in {self._backed_off():.0f} s."

    def pause(self, state: DeploymentState, lines: int) -> float:
        """Seconds until the next poll."""
        self._every = 1 + lines // LARGE
        if self._failures:
            return self._backed_off()
        if state.over:
            return min(self._interval, 1.0)  # the last lines are written behind the end
        longest = max(10.0, self._interval)
        return min(longest, self._interval * (1 + self._waits * 0.5))

    def check_time(self, deployment: Deployment) -> None:
        """See that the task timeout has not passed; it counts from the start, not the launch.

        Raises:
            Clash: it has. The deployment goes on.
        """
        if self._limit is None or self._running_since is None:
            return
        if time.monotonic() - self._running_since > self._limit:
            raise Clash(
                f"“{deployment.template}” has been running for more than {self._limit:g} s, so it "
                "is not followed any more. It goes on.",
                "Follow it again, or stop it. Settings → Semaphore has the task timeout.",
                steps=("deploy.follow",),
            )

    def _backed_off(self) -> float:
        return min(max(LONGEST, self._interval), max(self._interval, 0.5) * 2.0**self._failures)


def words(deployment: Deployment, look: Look, hosts: tuple[HostRecap, ...]) -> Look:
    """The look with a message that names the hosts, where Ansible's counts know more."""
    if look.state is DeploymentState.SUCCESS and deployment.source is Source.LOCAL and not hosts:
        return replace(
            look,
            state=DeploymentState.WARNING,
            message="No host matched, so nothing was done.",
        )
    if look.state is not DeploymentState.ERROR:
        return look
    failed = [one.host for one in hosts if one.failed]
    gone = [one.host for one in hosts if one.unreachable]
    said = []
    if failed:
        said.append(f"Failed on {_listed(failed)}.")
    if gone:
        said.append(f"Could not reach {_listed(gone)}.")
    return replace(look, message=" ".join(said)) if said else look


def _listed(names: list[str]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more hosts"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
