"""What it takes to carry deployments out, whoever does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from aiops_desktop.domain.deployments import DeployDraft, DeploymentState, Source, Template
from aiops_desktop.domain.projects import Project
from aiops_desktop.jobs.job import Job

if TYPE_CHECKING:
    from aiops_desktop.storage.deployment_log import DeploymentLog
    from aiops_desktop.storage.deployments import Kept

Clean = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Look:
    """How a deployment stands at whoever carries it out.

    Attributes:
        message: why it failed, or what it waits for; "" to say nothing new.
        remote_id: the server's number, once it is known.
        settled: nothing more can come.
    """

    state: DeploymentState
    message: str = ""
    started: datetime | None = None
    finished: datetime | None = None
    remote_id: int | None = None
    settled: bool = False


class Carrier(Protocol):
    """What both can do. Every call may block, and raises Trouble as its adapter does."""

    source: Source

    def why(self, project: Project) -> str:
        """Why this one carries out what the project deploys, as a sentence."""

    def templates(self, project: Project) -> list[Template]:
        """What can be deployed."""

    def template(self, project: Project, template_id: str) -> Template:
        """One of them, with all that its form needs."""

    def command(self, draft: DeployDraft, found: Template) -> str:
        """The effective command, secrets masked."""

    def check(self, draft: DeployDraft, found: Template) -> None:
        """See that nothing would be ignored."""

    def place(self, project: Project) -> tuple[str, int | None]:
        """(server, project there) of what is launched now."""

    def hand_over(
        self, kept: Kept, project: Project, draft: DeployDraft, found: Template, job: Job
    ) -> Look:
        """Start it, once."""

    def look(
        self, kept: Kept, log: DeploymentLog, clean: Clean, job: Job | None, *, output: bool
    ) -> Look:
        """How it stands; with `output` its new lines are brought into the log."""

    def stop(self, kept: Kept, job: Job) -> Look:
        """Ask for the end."""

    def confirm(self, kept: Kept, job: Job) -> Look:
        """Let it go on."""

    def tidy(self, kept: Kept) -> None:
        """It is over: remove what only mattered while it ran."""

    def has_read(self, kept: Kept) -> None:
        """Its variables were read: remove them."""
