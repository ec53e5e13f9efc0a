"""Tenants: customers behind walls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.names import free_slug
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.tenants import (
    COLOURS,
    Doomed,
    KeyFile,
    Tenant,
    TenantDraft,
    TenantRoom,
    TenantSaved,
)
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.jobs.job import Job

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.storage.folders import Folders
    from aiops_desktop.storage.projects import ProjectStore
    from aiops_desktop.storage.tenants import TenantStore


@dataclass(frozen=True)
class Neighbours:
    """What tenants and projects ask of other nouns, as plain calls.

    Attributes:
        keys: a tenant's key files that may be offered, in the order they are tried.
        key_names: what all its keys are called.
        author: (name, e-mail) of the operator, for tenants without an author of their own.
        sessions: names of a tenant's living sessions.
        counts: how many runs and deployments a tenant's projects (or one project) have.
        folders: further folders of a project that go with it, by a name for the trash.
        unsaved: what in a project's checkout or runs is nowhere else, as short phrases.
        end_sessions: ends a tenant's tmux server.
        stop_runs: stops the runs of a tenant (second argument: or of one project) that are at work.
        set_remote: writes a project's new address to its checkout.
        agent: where a tenant's own ssh-agent listens, by its slug; None: it has none.
        end_agent: ends it.
        rows: all that the database remembers of a "tenant" or "project", by its id.
    """

    keys: Callable[[int], tuple[KeyFile, ...]] = lambda _tenant: ()
    key_names: Callable[[int], tuple[str, ...]] = lambda _tenant: ()
    author: Callable[[], tuple[str, str]] = lambda: ("", "")
    sessions: Callable[[int], tuple[str, ...]] = lambda _tenant: ()
    counts: Callable[[int, int | None], tuple[int, int]] = lambda _tenant, _project: (0, 0)
    folders: Callable[[Project], Mapping[str, Path]] = lambda _project: {}
    unsaved: Callable[[Project], tuple[str, ...]] = lambda _project: ()
    end_sessions: Callable[[TenantRoom], None] = lambda _room: None
    stop_runs: Callable[[int, int | None, Job], None] = lambda _tenant, _project, _job: None
    set_remote: Callable[[Project, str], None] = lambda _project, _url: None
    agent: Callable[[str], Path | None] = lambda _slug: None
    end_agent: Callable[[Path], object] = lambda _socket: None
    rows: Callable[[str, int], Mapping[str, object]] = lambda _noun, _id: {}


class Tenants:
    """Create, edit, delete; and the room that holds all that must not mix."""

    def __init__(
        self,
        store: TenantStore,
        projects: ProjectStore,
        history: History,
        secrets: Secrets,
        folders: Folders,
        layout: Layout,
        neighbours: Neighbours,
    ) -> None:
        self._store = store
        self._projects = projects
        self._history = history
        self._secrets = secrets
        self._folders = folders
        self._layout = layout
        self._near = neighbours

    def all(self) -> list[Tenant]:
        """All tenants by name."""
        return self._store.all()

    def get(self, tenant_id: int) -> Tenant:
        """One tenant.

        Raises:
            Missing: it is not there (any more).
        """
        return self._store.get(tenant_id)

    def find(self, name: str) -> Tenant:
        """By name or slug, without case.

        Raises:
            Missing: there is none.
        """
        found = self._store.find(name)
        if found is None:
            raise Missing(f"There is no tenant “{name[:60]}”.", "Look at the list of tenants.")
        return found

    def create(self, draft: TenantDraft) -> TenantSaved:
        """Add a tenant and its folder (0700).

        Raises:
            Refused: bad or taken name; `field` says where.
        """
        draft = draft.checked()
        with self._history.doing("create tenant", draft.name) as entry:
            taken = set(self._store.slugs())
            slug = free_slug(draft.name, taken)
            while not self._fresh(slug):  # a folder nobody here knows; it is not ours
                taken.add(slug)
                slug = free_slug(draft.name, taken)
            if not draft.colour:
                used = [tenant.colour.upper() for tenant in self._store.all()]
                draft = replace(draft, colour=min(COLOURS, key=lambda one: used.count(one.upper())))
            tenant = self._store.add(draft, slug)
            entry.tenant_id = tenant.id
            self._make_folders(self.room(tenant.id))
        return TenantSaved(tenant, Changes(Touched.TENANTS | Touched.HISTORY))

    def edit(self, tenant_id: int, draft: TenantDraft) -> TenantSaved:
        """Change a tenant; its slug stays.

        Raises:
            Refused: bad or taken name.
        """
        draft = draft.checked()
        before = self.get(tenant_id)
        draft = replace(draft, colour=draft.colour or before.colour)
        with self._history.doing("edit tenant", before.name, tenant_id=tenant_id) as entry:
            tenant = self._store.change(tenant_id, draft)
            entry.facts = _differences(before, tenant)
        return TenantSaved(tenant, Changes(Touched.TENANTS | Touched.HISTORY))

    def doomed(self, tenant_id: int) -> Doomed:
        """What deleting would take with it."""
        tenant = self.get(tenant_id)
        projects = self._projects.all(tenant_id)
        runs, deployments = self._near.counts(tenant_id, None)
        return Doomed(
            title=tenant.name,
            projects=tuple(project.name for project in projects),
            checkouts=tuple(
                str(project.checkout)
                for project in projects
                if not project.adopted and project.checkout.exists()
            ),
            keys=self._near.key_names(tenant_id),
            sessions=self._near.sessions(tenant_id),
            runs=runs,
            deployments=deployments,
            unsaved=tuple(
                f"{project.name}: {phrase}"
                for project in projects
                for phrase in self._near.unsaved(project)
            ),
            way_back=way_back(self._layout),
        )

    def delete(self, tenant_id: int, job: Job) -> Done:
        """Delete: sessions and runs end, rows go, folders move to the trash of the data folder.

        Raises:
            Refused: a project is being cloned.
        """
        tenant = self.get(tenant_id)
        projects = self._projects.all(tenant_id)
        with self._history.doing("delete tenant", tenant.name, tenant_id=tenant_id) as entry:
            refuse_while_cloning(projects)
            room = self.room(tenant_id)
            job.progress("Ending runs and sessions")
            self._near.stop_runs(tenant_id, None, job)
            self._near.end_sessions(room)
            if room.agent_socket:
                self._near.end_agent(room.agent_socket)
            job.progress("Moving folders to the trash")
            parts = {"tenant": room.folder, "checkouts": room.checkouts}
            for project in projects:
                if not project.adopted and not project.checkout.is_relative_to(room.checkouts):
                    parts[f"checkout-{project.slug}"] = project.checkout
            place = self._folders.trash(
                tenant.slug,
                manifest("tenant", tenant, projects=projects),
                parts,
                self._near.rows("tenant", tenant_id),
            )
            self._store.remove(tenant_id)
            self._secrets.forget(f"tenant:{tenant_id}/")
            entry.note = f"{len(projects)} projects; the folders are in {place}"
            entry.facts = {"trash": str(place), "projects": ", ".join(p.name for p in projects)}
        return Done(Changes(Touched.EVERYTHING), f"“{tenant.name}” was deleted.")

    def agent(self, tenant_id: int) -> Path | None:
        """Where the tenant's own ssh-agent listens when it runs; sooner known than its room.

        Raises:
            Missing: the tenant is not there.
        """
        return self._near.agent(self.get(tenant_id).slug)

    def room(self, tenant_id: int) -> TenantRoom:
        """Everything of this tenant that adapters need."""
        tenant = self.get(tenant_id)
        folder = self._layout.tenant(tenant.slug)
        name, email = tenant.author_name, tenant.author_email
        if not (name and email):
            own_name, own_email = self._near.author()
            name, email = name or own_name, email or own_email
        agent = self._near.agent(tenant.slug)
        environment = _environment(folder / "assistants", tenant.slug, name, email)
        if agent:
            environment["SSH_AUTH_SOCK"] = str(agent)
        room = TenantRoom(
            tenant_id=tenant.id,
            slug=tenant.slug,
            name=tenant.name,
            colour=tenant.colour,
            author_name=name,
            author_email=email,
            folder=folder,
            checkouts=self._layout.checkouts / tenant.slug,
            worktrees=folder / "worktrees",
            runs=folder / "runs",
            trash=folder / "trash",
            keys_folder=folder / "keys",
            known_hosts=folder / "known_hosts",
            assistants=folder / "assistants",
            tmux_socket=self._layout.tmux_socket(tenant.slug),
            shell_session=f"{tenant.slug}-shell",
            keys=self._near.keys(tenant_id),
            environment=environment,
            agent_socket=agent,
        )
        if not room.assistants.is_dir():
            self._make_folders(room)
        return room

    def _fresh(self, slug: str) -> bool:
        places = (self._layout.tenant(slug), self._layout.checkouts / slug)
        return all(self._folders.free(place) for place in places)

    def _make_folders(self, room: TenantRoom) -> None:
        homes = [room.assistants / name for name in ("codex", "aider")]
        self._folders.make(
            room.folder,
            room.checkouts,
            room.worktrees,
            room.runs,
            room.trash,
            room.keys_folder,
            room.assistants,
            *homes,
        )


def refuse_while_cloning(projects: list[Project]) -> None:
    """Raise Refused when one of the projects is being cloned."""
    busy = [project.name for project in projects if project.state is CheckoutState.CLONING]
    if busy:
        raise Refused(
            f"“{busy[0]}” is being cloned.", "Stop the clone or wait for its end, then delete."
        )


def way_back(layout: Layout) -> str:
    """The sentence on where deleted folders are."""
    return f"All of it can be brought back from the trash ({layout.trash}) for a time."


def manifest(noun: str, thing: Tenant | Project, **more: object) -> dict[str, object]:
    """What a trash folder says of itself, with all that is needed to make the rows again."""
    told = {"what": noun, "deleted": datetime.now(UTC), noun: asdict(thing)}
    told |= {
        name: [asdict(item) if isinstance(item, Project) else item for item in value]
        if isinstance(value, list)
        else value
        for name, value in more.items()
    }
    plain: dict[str, object] = json.loads(json.dumps(told, default=str))
    return plain


def _differences(before: Tenant, after: Tenant) -> dict[str, str]:
    old, new = asdict(before), asdict(after)
    return {name: f"{old[name]} → {new[name]}" for name in new if old[name] != new[name]}


def _environment(assistants: Path, slug: str, name: str, email: str) -> dict[str, str]:
    """Variables that keep assistants' homes and git's author apart between tenants."""
    aider = f"{assistants}/aider"
    made = {
        "AIOPS_TENANT": slug,
        "CODEX_HOME": f"{assistants}/codex",
        "AIDER_INPUT_HISTORY_FILE": f"{aider}/input.history",
        "AIDER_CHAT_HISTORY_FILE": f"{aider}/chat.history.md",
        "AIDER_ENV_FILE": f"{aider}/.env",
        "AIDER_ANALYTICS": "false",
        "AIDER_CHECK_UPDATE": "false",
    }
    if name and email:
        for who in ("AUTHOR", "COMMITTER"):
            made |= {f"GIT_{who}_NAME": name, f"GIT_{who}_EMAIL": email}
    return made
