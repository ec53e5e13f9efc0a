"""Deployments: launch, follow and stop, through Semaphore or with ansible-playbook on this computer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from aiops_desktop.domain.deployments import (
    Board,
    CheckStep,
    DeployDraft,
    Deployment,
    DeploymentUpdate,
    Launched,
    LogLine,
    Template,
)
from aiops_desktop.jobs.job import Job


class Deployments:
    """Deployments of projects."""

    def board(self, project_id: int) -> Board:
        """Templates and past deployments; never raises for a server that does not answer."""
        raise NotImplementedError

    def template(self, project_id: int, template_id: str) -> Template:
        """One template with survey, gates and inventories, read before its form is shown."""
        raise NotImplementedError

    def command(self, draft: DeployDraft) -> str:
        """The effective command, secrets masked, for the preview under the form."""
        raise NotImplementedError

    def launch(self, draft: DeployDraft, job: Job) -> Launched:
        """Hand the deployment over; returns as soon as it is accepted.

        Raises:
            Refused: bad values (at the field), or an override the template would silently ignore.
            NotTrusted: token refused.
            Failed: the server said no or cannot be reached.
            Missing: ansible-playbook is not there.
        """
        raise NotImplementedError

    def all(self, project_id: int | None = None) -> list[Deployment]:
        """Newest first."""
        raise NotImplementedError

    def get(self, deployment_id: int) -> Deployment:
        """One deployment.

        Raises:
            Missing: there is no such deployment.
        """
        raise NotImplementedError

    def update(self, deployment_id: int, seen: int = 0) -> DeploymentUpdate:
        """Ask once: state, and the log lines after `seen`. Works for finished ones, too."""
        raise NotImplementedError

    def follow(
        self, deployment_id: int, job: Job, each: Callable[[DeploymentUpdate], None]
    ) -> DeploymentUpdate:
        """Poll until it is over; a server that does not answer is asked again with growing pauses."""
        raise NotImplementedError

    def stop(self, deployment_id: int, job: Job) -> Launched:
        """Ask for the end; a second time forces it where that is possible."""
        raise NotImplementedError

    def confirm(self, deployment_id: int, job: Job) -> Launched:
        """Let a deployment that waits for confirmation go on."""
        raise NotImplementedError

    def log(self, deployment_id: int) -> list[LogLine]:
        """The whole log as kept on this computer."""
        raise NotImplementedError

    def test(self, values: Mapping[str, object], token: str = "") -> list[CheckStep]:
        """Try Semaphore settings before they are saved; `token` "" is the stored one."""
        raise NotImplementedError

    def recover(self) -> list[Deployment]:
        """After a start: bring rows in line with servers' and supervisors' records."""
        raise NotImplementedError
