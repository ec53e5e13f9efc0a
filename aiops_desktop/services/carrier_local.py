"""Deployments that run as playbooks on this computer."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.adapters import ansible
from aiops_desktop.domain.deployments import DeployDraft, DeploymentState, Source, Template
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.trouble import Failed, Missing, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.carriers import Clean, Look

if TYPE_CHECKING:
    from aiops_desktop.domain.tenants import TenantRoom
    from aiops_desktop.storage.deployment_log import DeploymentLog
    from aiops_desktop.storage.deployments import Kept


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
            Failed: there is none, and a file that may be one is no YAML.
        """
        if project.state != CheckoutState.READY or not project.checkout.is_dir():
            raise Missing(
                f"{project.name} is not cloned, so it has no playbooks here.",
                "Clone it, or set a Semaphore server in Settings.",
                steps=("project.clone",),
            )
        found = ansible.find(project.checkout, self._folder)
        broken = [] if found else ansible.unreadable(project.checkout, self._folder)
        if broken:
            path, why = broken[0]
            raise Failed(f"{path} cannot be read: {why}.", "Mend the file, then try again.")
        return found

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
        standing = self._playbooks.standing(folder, begun)
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
        standing = self._playbooks.standing(kept.deployment.folder, kept.deployment.created)
        return Look(standing.state)

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
