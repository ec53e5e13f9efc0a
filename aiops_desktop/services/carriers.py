"""Who carries deployments out: a Semaphore server, or ansible-playbook on this computer."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from aiops_desktop.adapters import ansible, semaphore
from aiops_desktop.adapters.semaphore import launch
from aiops_desktop.adapters.semaphore.shapes import is_known
from aiops_desktop.domain.deployments import DeployDraft, DeploymentState, Source, Template
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.jobs.job import Job

if TYPE_CHECKING:
    from aiops_desktop.domain.settings import Semaphore as SemaphoreSettings
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.storage.deployment_log import DeploymentLog
    from aiops_desktop.storage.deployments import Kept

Clean = Callable[[str], str]
#: How long a launch that got no answer is looked for before it counts as never made.
LOST_LAUNCH = timedelta(minutes=2)


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
                return Look(kept.deployment.state, settled=True)
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
        elif state is DeploymentState.WARNING:
            message = "It ended with warnings."
        elif state is DeploymentState.CONFIRMING:
            message = "It waits until someone confirms that it may go on."
        elif task.status and not is_known(task.status):
            message = f"Semaphore calls its state “{task.status[:40]}”."
        elif state is DeploymentState.WAITING:
            message = "It waits for its turn on the server."
        return Look(state, message, task.start, task.end, task.id)


class LocalCarrier:
    """Deployments that run as playbooks on this computer."""

    source = Source.LOCAL

    def __init__(
        self,
        playbooks: ansible.Ansible,
        playbook_dir: str,
        room: Callable[[int], TenantRoom],
        offsets: dict[int, tuple[int, int]],
    ) -> None:
        """`room` gives a tenant's; `offsets` remembers (lines kept, bytes read) between looks."""
        self._playbooks = playbooks
        self._folder = playbook_dir
        self._room = room
        self._offsets = offsets

    def why(self, project: Project) -> str:
        """Say why it is not Semaphore."""
        return "No Semaphore server is set, so the checkout's playbooks run on this computer."

    def place(self, project: Project) -> tuple[str, int | None]:
        """Here."""
        return "", None

    def templates(self, project: Project) -> list[Template]:
        """The checkout's playbooks.

        Raises:
            Missing: the project is not cloned, or ansible-playbook is not there.
        """
        if project.state != CheckoutState.READY or not project.checkout.is_dir():
            raise Missing(
                f"{project.name} is not cloned, so it has no playbooks here.",
                "Clone it, or set a Semaphore server in Settings.",
                steps=("project.clone",),
            )
        return ansible.find(project.checkout, self._folder)

    def template(self, project: Project, template_id: str) -> Template:
        """The playbook with this path."""
        self.templates(project)
        return ansible.find_one(project.checkout, template_id, self._folder)

    def command(self, draft: DeployDraft, found: Template) -> str:
        """The command; variables go through a file, and are shown as what they are."""
        return shlex.join(self._playbooks.command(draft, found))

    def check(self, draft: DeployDraft, found: Template) -> None:
        """See that it can run as asked, ansible-playbook included."""
        self._playbooks.check(draft, found)

    def hand_over(
        self, kept: Kept, project: Project, draft: DeployDraft, found: Template, job: Job
    ) -> Look:
        """Start it under its supervisor."""
        room = self._room(project.tenant_id)
        self._playbooks.start(kept.deployment.folder, room, project.checkout, draft, found)
        return Look(DeploymentState.STARTING, started=kept.deployment.created)

    def look(
        self, kept: Kept, log: DeploymentLog, clean: Clean, job: Job | None, *, output: bool
    ) -> Look:
        """Read the supervisor's files; cheap, so the output is always read."""
        folder, begun = kept.deployment.folder, kept.deployment.created
        standing = self._playbooks.standing(folder)
        with log.writing():
            have = log.count()
            lines, offset = self._offsets.get(kept.id, (-1, 0))
            skip = 0
            if lines != have:  # a restart, or another program read on meanwhile
                offset, skip = 0, have
            fresh, offset = self._playbooks.lines(folder, begun, offset)
            log.append([replace(line, text=clean(line.text)) for line in fresh[skip:]])
            self._offsets[kept.id] = (have + len(fresh[skip:]), offset)
        over = standing.state.over
        return Look(
            standing.state, standing.message, begun, standing.ended if over else None, settled=over
        )

    def stop(self, kept: Kept, job: Job) -> Look:
        """Ask the supervisor."""
        self._playbooks.stop(kept.deployment.folder)
        return Look(self._playbooks.standing(kept.deployment.folder).state)

    def confirm(self, kept: Kept, job: Job) -> Look:
        """Playbooks never wait.

        Raises:
            Refused: always.
        """
        raise Refused("A playbook on this computer does not wait for a confirmation.")

    def tidy(self, kept: Kept) -> None:
        """Remove the supervisor's own copy of the output."""
        self._offsets.pop(kept.id, None)
        self._playbooks.tidy(kept.deployment.folder)

    def has_read(self, kept: Kept) -> None:
        """Remove the file with the variables."""
        self._playbooks.has_read(kept.deployment.folder)
