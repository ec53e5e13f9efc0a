"""Deployments that a Semaphore server carries out."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiops_desktop.adapters import semaphore
from aiops_desktop.adapters.semaphore import launch
from aiops_desktop.adapters.semaphore.shapes import is_known
from aiops_desktop.domain.deployments import DeployDraft, DeploymentState, Source, Template
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.carriers import Clean, Look

if TYPE_CHECKING:
    from aiops_desktop.domain.settings import Semaphore as SemaphoreSettings
    from aiops_desktop.storage.deployment_log import DeploymentLog
    from aiops_desktop.storage.deployments import Kept

#: How long a launch that got no answer is looked for before it counts as never made.
LOST_LAUNCH = timedelta(minutes=2)


class SemaphoreCarrier:
    """Deployments that a Semaphore server carries out."""

    source = Source.SEMAPHORE

    def __init__(self, settings: SemaphoreSettings, server: semaphore.Semaphore) -> None:
        self._settings = settings
        self._server = server

    @property
    def server(self) -> semaphore.Semaphore:
        """The server the settings name."""
        return self._server

    def why(self, project: Project) -> str:
        """Say which project of which server."""
        number = project.semaphore_project or self._settings.default_project_id
        if not number:
            return f"Semaphore at {self._server.server} deploys."
        return f"Templates of project {number} in Semaphore at {self._server.server}."

    def place(self, project: Project) -> tuple[str, int | None]:
        """The project's own number at the server, else the default one.

        Raises:
            Refused: neither is set.
        """
        number = project.semaphore_project or self._settings.default_project_id
        if not number:
            raise Refused(
                f"No Semaphore project is set for {project.name}.",
                "Set its number in the project, or a default one under Settings → Semaphore.",
                steps=("settings.semaphore",),
                field="semaphore_project",
            )
        return self._server.address, number

    def templates(self, project: Project) -> list[Template]:
        """As listed, without surveys."""
        return self._server.templates(self._number(project))

    def template(self, project: Project, template_id: str) -> Template:
        """Read by itself, because lists leave the survey out."""
        return self._server.template(self._number(project), template_id)

    def command(self, draft: DeployDraft, found: Template) -> str:
        """As far as one can know it from here."""
        return shlex.join(launch.command(draft, found))

    def check(self, draft: DeployDraft, found: Template) -> None:
        """Try the launch's body."""
        launch.launch_body(draft, found, "")

    def hand_over(
        self, kept: Kept, project: Project, draft: DeployDraft, found: Template, job: Job
    ) -> Look:
        """Launch a task whose message holds the deployment's marker."""
        task = self._server.launch(kept.remote_project or 0, draft, kept.marker, job)
        return self._seen(kept, task)

    def look(
        self, kept: Kept, log: DeploymentLog, clean: Clean, job: Job | None, *, output: bool
    ) -> Look:
        """Ask for the task, and for its output."""
        self._same_server(kept)
        project, number = kept.remote_project or 0, kept.deployment.remote_id
        if number is None:
            found = self._server.find(project, kept.marker, job)
            if found is None:
                return self._never_arrived(kept)
            return self._seen(kept, found)
        was_over = kept.deployment.state.over
        try:
            task = self._server.task(project, number, job)
        except semaphore.NotThere as trouble:
            if was_over:
                return Look(kept.deployment.state, kept.deployment.message, settled=True)
            return Look(DeploymentState.LOST, trouble.what, settled=True)
        seen = self._seen(kept, task)
        if output or seen.state.over:
            whole = self._server.output(project, number, job)
            log.merge(whole, clean, thorough=was_over)
        # The end is told twice, and lines are written behind it: only the second look is the last.
        return replace(seen, settled=seen.state.over and was_over)

    def stop(self, kept: Kept, job: Job) -> Look:
        """Ask once; the second time force it, where the server knows it as stopping."""
        self._same_server(kept)
        if kept.deployment.remote_id is None:
            raise Refused("It is not known yet whether this was started.", "Wait a moment.")
        task = self._server.stop(
            kept.remote_project or 0, kept.deployment.remote_id, job, force=kept.stop_asked
        )
        return self._seen(replace(kept, stop_asked=True), task)

    def confirm(self, kept: Kept, job: Job) -> Look:
        """Confirm the task."""
        self._same_server(kept)
        task = self._server.confirm(kept.remote_project or 0, kept.deployment.remote_id or 0, job)
        return self._seen(kept, task)

    def tidy(self, kept: Kept) -> None:
        """Nothing lies here."""

    def has_read(self, kept: Kept) -> None:
        """Nothing lies here."""

    def _number(self, project: Project) -> int:
        return self.place(project)[1] or 0

    def _same_server(self, kept: Kept) -> None:
        if kept.deployment.server != self._server.address:
            raise Refused(
                f"This was launched at {kept.deployment.server}, and the settings now name "
                f"{self._server.address}.",
                "Set the former address again to follow it.",
            )

    def _never_arrived(self, kept: Kept) -> Look:
        if datetime.now(UTC) - kept.deployment.created < LOST_LAUNCH:
            return Look(DeploymentState.WAITING, "The server has not said that it took this.")
        return Look(
            DeploymentState.ERROR, "The server never took this; nothing was started.", settled=True
        )

    def _seen(self, kept: Kept, task: semaphore.Task) -> Look:
        state, message = task.state, ""
        if state is DeploymentState.ERROR and kept.stop_asked:
            state = DeploymentState.STOPPED  # what a killed process leaves behind up to 2.10
        elif state is DeploymentState.ERROR:
            message = "Semaphore says that it failed."
        elif task.left and task.status == "stopping":
            message = "Semaphore took the stop and did not carry it out: it ran to its end."
        elif task.left:
            message = f"Semaphore does not say how it ended; it left it as “{task.status[:40]}”."
        elif state is DeploymentState.WARNING:
            message = "It ended with warnings."
        elif state is DeploymentState.STOPPED and task.end is None:
            message = "Semaphore calls it stopped, and has not said that what it began has ended."
        elif state is DeploymentState.CONFIRMING:
            message = "It waits until someone confirms that it may go on."
        elif task.status and not is_known(task.status):
            message = f"Semaphore calls its state “{task.status[:40]}”."
        elif state is DeploymentState.WAITING:
            message = "It waits for its turn on the server."
        return Look(state, message, task.start, task.end, task.id)
