"""Projects: the repositories of a tenant."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.names import free_slug
from aiops_desktop.domain.projects import CheckoutState, Project, ProjectDraft, ProjectSaved
from aiops_desktop.domain.remotes import parse_remote
from aiops_desktop.domain.tenants import Doomed
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.tenants import (
    Neighbours,
    Tenants,
    manifest,
    refuse_while_cloning,
    way_back,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.services.history import Entry, History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.storage.folders import Folders
    from aiops_desktop.storage.projects import ProjectStore

_INTERRUPTED = "The clone was cut off because the program ended."


class Projects:
    """Create, edit, delete. Cloning is a verb of Repositories.

    `living` tells whether the process with a given mark still runs.
    """

    def __init__(
        self,
        store: ProjectStore,
        tenants: Tenants,
        history: History,
        secrets: Secrets,
        folders: Folders,
        layout: Layout,
        neighbours: Neighbours,
        living: Callable[[str], bool],
    ) -> None:
        self._store = store
        self._tenants = tenants
        self._history = history
        self._secrets = secrets
        self._folders = folders
        self._layout = layout
        self._near = neighbours
        self._living = living

    def all(self, tenant_id: int | None = None) -> list[Project]:
        """Projects of a tenant (or all), by name."""
        return self._store.all(tenant_id)

    def get(self, project_id: int) -> Project:
        """One project.

        Raises:
            Missing: it is not there (any more).
        """
        return self._store.get(project_id)

    def find(self, tenant: str, project: str) -> Project:
        """By names or slugs, without case.

        Raises:
            Missing: there is none.
        """
        found = self._store.find(tenant, project)
        if found is None:
            self._tenants.find(tenant)
            raise Missing(
                f"The tenant “{tenant[:60]}” has no project “{project[:60]}”.",
                "Look at the list of its projects.",
            )
        return found

    def create(self, draft: ProjectDraft) -> ProjectSaved:
        """Add a project; nothing is cloned yet. A secret in the typed address goes to the store.

        Raises:
            Refused: bad address or name, name taken in this tenant; `field` says where.
        """
        typed = draft.remote_url
        draft = draft.checked()
        room = self._tenants.room(draft.tenant_id)
        self._learn(typed)
        with self._history.doing(
            "create project", f"{room.name} / {draft.name}", tenant_id=room.tenant_id
        ) as entry:
            adopted = bool(draft.checkout.strip())
            slug = free_slug(draft.name, self._store.slugs(room.tenant_id))
            if adopted:
                checkout = self._adopt(draft.checkout.strip())
            else:
                slug, checkout = self._place(draft.name, room.tenant_id, room.checkouts)
            project = self._store.add(draft, slug, checkout, adopted=adopted)
            entry.project_id = project.id
            entry.facts = {"address": project.remote_url, "checkout": str(checkout)}
            self._keep_secret(typed, project.tenant_id)
        return ProjectSaved(project, Changes(Touched.PROJECTS | Touched.HISTORY, project.id))

    def edit(self, project_id: int, draft: ProjectDraft) -> ProjectSaved:
        """Change a project. A new address is written to the checkout's remote, too.

        Raises:
            Refused: bad address or name, name taken in this tenant, another tenant.
        """
        typed = draft.remote_url
        draft = draft.checked()
        before = self.get(project_id)
        self._learn(typed)
        with self._doing("edit project", before) as entry:
            if draft.tenant_id != before.tenant_id:
                raise Refused(
                    "A project cannot change its tenant.",
                    "Create it again under the other tenant.",
                    field="tenant_id",
                )
            project = self._store.change(project_id, draft)
            if project.remote_url != before.remote_url and project.state is CheckoutState.READY:
                try:
                    self._near.set_remote(project, project.remote_url)
                except BaseException:
                    self._store.change(project_id, _draft_of(before))
                    raise
            entry.facts = _differences(before, project)
            self._keep_secret(typed, project.tenant_id)
        touched = Touched.PROJECTS | Touched.REFS | Touched.HISTORY
        return ProjectSaved(project, Changes(touched, project_id))

    def favourite(self, project_id: int, on: bool) -> ProjectSaved:
        """Star or unstar."""
        project = self._store.set_favourite(project_id, on)
        return ProjectSaved(project, Changes(Touched.PROJECTS, project_id))

    def doomed(self, project_id: int) -> Doomed:
        """What deleting would take with it, unsaved work named."""
        project = self.get(project_id)
        runs, deployments = self._near.counts(project.tenant_id, project_id)
        goes = not project.adopted and project.checkout.exists()
        return Doomed(
            title=project.name,
            projects=(project.name,),
            checkouts=(str(project.checkout),) if goes else (),
            runs=runs,
            deployments=deployments,
            unsaved=self._near.unsaved(project),
            way_back=f"The folder {project.checkout} stays where it is."
            if project.adopted
            else way_back(self._layout),
        )

    def delete(self, project_id: int, job: Job) -> Done:
        """Delete; the checkout moves to the trash of the data folder (an adopted folder stays).

        Raises:
            Refused: it is being cloned.
        """
        project = self.get(project_id)
        with self._doing("delete project", project) as entry:
            refuse_while_cloning([project])
            job.progress("Ending runs")
            self._near.stop_runs(project.tenant_id, project_id, job)
            parts = dict(self._near.folders(project))
            if not project.adopted:
                parts["checkout"] = project.checkout
            tenant = self._tenants.get(project.tenant_id)
            place = self._folders.trash(
                f"{tenant.slug}-{project.slug}",
                manifest("project", project, tenant=tenant.name),
                parts,
                self._near.rows("project", project_id),
            )
            self._store.remove(project_id)
            entry.facts = {"trash": str(place), "address": project.remote_url}
        return Done(Changes(Touched.EVERYTHING), f"“{project.name}” was deleted.")

    def recover(self) -> list[Project]:
        """After a start: clones of dead processes become failed ones; those projects."""
        return self._store.recover(self._living, _INTERRUPTED)

    def _doing(self, verb: str, project: Project) -> AbstractContextManager[Entry]:
        tenant = self._tenants.get(project.tenant_id)
        return self._history.doing(
            verb,
            f"{tenant.name} / {project.name}",
            tenant_id=tenant.id,
            project_id=project.id,
        )

    def _place(self, name: str, tenant_id: int, root: Path) -> tuple[str, Path]:
        """A slug and a folder nothing else uses."""
        taken = set(self._store.slugs(tenant_id))
        slug = free_slug(name, taken)
        while not self._folders.free(root / slug):
            taken.add(slug)
            slug = free_slug(name, taken)
        return slug, root / slug

    def _adopt(self, typed: str) -> Path:
        taken = {project.checkout: project.name for project in self._store.all()}
        return self._folders.adoptable(typed, taken)

    def _learn(self, typed: str) -> None:
        secret = parse_remote(typed).secret
        if secret:
            self._secrets.learn(secret)

    def _keep_secret(self, typed: str, tenant_id: int) -> None:
        remote = parse_remote(typed)
        if remote.secret:
            owner = f"tenant:{tenant_id}/https/{remote.host}"
            self._secrets.put(owner, f"{remote.user}\n{remote.secret}")


def _draft_of(project: Project) -> ProjectDraft:
    return ProjectDraft(
        tenant_id=project.tenant_id,
        remote_url=project.remote_url,
        name=project.name,
        default_branch=project.default_branch,
        description=project.description,
        key_id=project.key_id,
        semaphore_project=project.semaphore_project,
    )


def _differences(before: Project, after: Project) -> dict[str, str]:
    old, new = asdict(before), asdict(after)
    return {name: f"{old[name]} → {new[name]}" for name in new if old[name] != new[name]}
