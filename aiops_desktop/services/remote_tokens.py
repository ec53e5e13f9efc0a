"""Tokens that lie readable in the addresses of checkouts: found, and moved to the secret store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.adapters.git import Remotes
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.integrations import Leak
from aiops_desktop.domain.states import CheckoutState
from aiops_desktop.domain.trouble import Trouble

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.projects import ProjectStore


class RemoteTokens:
    """Looks into the configuration of checkouts."""

    def __init__(
        self, projects: ProjectStore, tenants: Tenants, secrets: Secrets, history: History
    ) -> None:
        self._projects = projects
        self._tenants = tenants
        self._secrets = secrets
        self._history = history

    def find(self, tenant_id: int | None = None, job: Job | None = None) -> list[Leak]:
        """Addresses with a token in them, in all checkouts; one that cannot be read has none."""
        found: list[Leak] = []
        for project in self._projects.all(tenant_id):
            if job:
                job.check()
            if project.state is not CheckoutState.READY:
                continue
            try:
                tainted = self._remotes(project).tainted()
            except Trouble:
                continue
            for one in tainted:
                self._secrets.learn(one.address.secret)
                found.append(Leak(project.id, project.name, one.remote, one.address.text))
        return found

    def clean(self, project_id: int) -> Done:
        """Write a checkout's addresses without tokens; the one for its own server is kept safely.

        A token that is kept already stays as it is.

        Raises:
            NotTrusted: the secret store cannot be opened; nothing is changed then.
            Trouble: the checkout cannot be read or written.
        """
        project = self._projects.get(project_id)
        remotes = self._remotes(project)
        with self._history.doing(
            "clean remotes", project.name, tenant_id=project.tenant_id, project_id=project.id
        ) as entry:
            tainted = remotes.tainted()
            for one in tainted:
                address = one.address
                self._secrets.learn(address.secret)
                owner = f"tenant:{project.tenant_id}/https/{address.host}"
                if not self._secrets.has(owner):
                    self._secrets.put(owner, f"{address.user}\n{address.secret}")
            remotes.clean()
            entry.facts = {"remotes": ", ".join(dict.fromkeys(one.remote for one in tainted))}
        count = len(tainted)
        noun = "address was" if count == 1 else "addresses were"
        return Done(Changes(Touched.REFS | Touched.HISTORY, project_id), f"{count} {noun} cleaned.")

    def _remotes(self, project: Project) -> Remotes:
        return Remotes(project.checkout, self._tenants.room(project.tenant_id))
