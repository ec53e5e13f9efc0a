"""Links: which project of a forge a project of ours stands for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.integrations import FORGES, Integration, Link, LinkSaved, Proposal
from aiops_desktop.domain.remotes import Transport, parse_remote
from aiops_desktop.domain.trouble import Refused, Trouble
from aiops_desktop.services.integration_tokens import below

if TYPE_CHECKING:
    from aiops_desktop.domain.forges import Forge, ForgeProject
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History
    from aiops_desktop.storage.integrations import IntegrationStore
    from aiops_desktop.storage.projects import ProjectStore

_CHANGED = Touched.INTEGRATIONS | Touched.ISSUES | Touched.PROJECTS | Touched.HISTORY
#: Projects of a forge that a search gives to choose from.
_OFFERED = 100


class Links:
    """Projects and what they are linked to."""

    def __init__(
        self,
        store: IntegrationStore,
        projects: ProjectStore,
        history: History,
        forge: Callable[[int], Forge],
    ) -> None:
        self._store = store
        self._projects = projects
        self._history = history
        self._forge = forge

    def proposals(
        self, tenant_id: int | None = None, *, project_id: int | None = None
    ) -> list[Proposal]:
        """Links that the addresses of projects suggest and that nobody made yet.

        By https the server's own address must fit, by SSH its host.
        """
        linked = {(link.project_id, link.integration_id) for link in self._store.links()}
        found: list[Proposal] = []
        integrations = [i for i in self._store.all(tenant_id) if i.enabled and i.kind in FORGES]
        for project in self._projects.all(tenant_id):
            if project_id is not None and project.id != project_id:
                continue
            for one in integrations:
                if one.tenant_id != project.tenant_id or (project.id, one.id) in linked:
                    continue
                path = suggested(project.remote_url, one)
                if path:
                    found.append(Proposal(project.id, project.name, one.id, path))
        return found

    def offered(self, integration_id: int, search: str, job: Job) -> tuple[ForgeProject, ...]:
        """Projects of the forge to choose from.

        Raises:
            Trouble: the forge does not answer as it should.
        """
        found: list[ForgeProject] = []
        for page in self._forge(integration_id).projects(search.strip(), job):
            found.extend(page)
            if len(found) >= _OFFERED:
                break
        return tuple(found[:_OFFERED])

    def link(self, project_id: int, integration_id: int, where: str, job: Job) -> LinkSaved:
        """Link a project; `where` is a path, an id, an address, or "" for what its remote says.

        Raises:
            Refused: another tenant's integration; nothing suggests itself.
            Hidden: the forge has no such project, or hides it.
            Trouble: the forge does not answer as it should.
        """
        project, one = self._both(project_id, integration_id)
        wanted = where_of(where, one) or suggested(project.remote_url, one)
        if not wanted:
            raise Refused(
                f"The address of “{project.name}” does not lie on {one.host}.",
                "Name the project there by its path, such as group/name.",
                field="where",
            )
        with self._history.doing(
            "link project",
            f"{project.name} → {one.name}",
            tenant_id=project.tenant_id,
            project_id=project.id,
        ) as entry:
            job.progress(f"Asking {one.host} for {wanted}")
            found = self._forge(integration_id).project(wanted, job)
            entry.facts = {"path": found.path, "id": found.external_id}
            made = self._store.add_link(
                Link(
                    0,
                    project.id,
                    one.id,
                    project.tenant_id,
                    found.external_id,
                    found.path,
                    found.url,
                    datetime.now(UTC),
                )
            )
        return LinkSaved(made, Changes(_CHANGED, project_id))

    def link_proposed(self, tenant_id: int, job: Job) -> Done:
        """Make all links that suggest themselves; one that fails does not keep the others.

        Raises:
            Trouble: none could be made; the first reason.
        """
        made, troubles = 0, list[Trouble]()
        for proposal in self.proposals(tenant_id):
            job.check()
            try:
                self.link(proposal.project_id, proposal.integration_id, proposal.path, job)
                made += 1
            except Trouble as trouble:
                troubles.append(trouble)
        if troubles and not made:
            raise troubles[0]
        left = f" {len(troubles)} could not be linked: {troubles[0].what}" if troubles else ""
        noun = "project was" if made == 1 else "projects were"
        return Done(Changes(_CHANGED), f"{made} {noun} linked.{left}")

    def unlink(self, link_id: int) -> Done:
        """Take a link away; its issues are forgotten here."""
        link = self._store.link(link_id)
        with self._history.doing(
            "unlink project", link.path, tenant_id=link.tenant_id, project_id=link.project_id
        ):
            self._store.remove_link(link_id)
        return Done(Changes(_CHANGED, link.project_id), f"The link to {link.path} was removed.")

    def _both(self, project_id: int, integration_id: int) -> tuple[Project, Integration]:
        project, one = self._projects.get(project_id), self._store.get(integration_id)
        if project.tenant_id != one.tenant_id:
            raise Refused(
                "This integration belongs to another tenant.", "Choose one of this tenant's."
            )
        return project, one


def suggested(remote_url: str, one: Integration) -> str:
    """The path on the forge that a project's address names; "" when it lies elsewhere."""
    try:
        remote = parse_remote(remote_url)
    except Trouble:
        return ""
    base = urlsplit(one.base_url).path.strip("/")
    path = unquote(remote.path).strip("/").removesuffix(".git").strip("/")
    if remote.transport is Transport.SSH:
        return path if remote.host == one.host and "/" in path else ""
    if remote.transport is Transport.FILE or not below(one.base_url, remote):
        return ""
    return path.removeprefix(f"{base}/") if base else path


def where_of(told: str, one: Integration) -> str:
    """What a person means: an id, a path, or the address of a page of the project."""
    text = told.strip()
    if "://" not in text and not text.startswith("git@"):
        return text.strip("/").removesuffix(".git")
    path = suggested(text.split("#")[0].split("?")[0], one)
    return re.split(r"/(?:-/|issues|tree|blob|merge_requests|pulls?)\b", path)[0]
