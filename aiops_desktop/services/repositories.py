"""Repositories: clone, look, stage, commit, pull and push, with the tenant's keys and name."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from aiops_desktop.adapters.git import Access, Repository, push_words
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.remotes import parse_remote
from aiops_desktop.domain.repositories import (
    CheckoutStatus,
    Cloned,
    Commit,
    Committed,
    Discarded,
    FileDiff,
    Identity,
    Pick,
    Pulled,
    Pushed,
    PushPlan,
)
from aiops_desktop.domain.settings import Settings
from aiops_desktop.domain.trouble import Missing, Refused, Stopped, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.services import leaving
from aiops_desktop.services.leaving import counted
from aiops_desktop.services.sweep import sweep
from aiops_desktop.services.trust import Trust

if TYPE_CHECKING:
    from aiops_desktop.services.history import Entry, History
    from aiops_desktop.services.integration_tokens import Tokens
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.projects import ProjectStore

T = TypeVar("T")

_DONE = Touched.WORKDIR | Touched.REFS | Touched.HISTORY
_OUR_BUG = "An error of the program itself cut the clone off."


class Repositories:
    """Git for projects. Lane for every mutating verb: ("checkout", project_id)."""

    def __init__(
        self,
        projects: ProjectStore,
        tenants: Tenants,
        keys: Keys,
        secrets: Secrets,
        history: History,
        settings: Callable[[], Settings],
        tokens: Tokens | None = None,
    ) -> None:
        self._projects = projects
        self._tenants = tenants
        self._keys = keys
        self._secrets = secrets
        self._history = history
        self._tokens = tokens
        self._trust = Trust(keys, secrets, settings, tokens)

    def clone(self, project_id: int, job: Job) -> Cloned:
        """Clone into the project's checkout; nothing half-made is left when it fails or is stopped.

        Progress "Receiving objects" with done/total. Asks `HostQuestion` for an unknown host,
        `Question(secret=True, remember=True)` for a passphrase or token. The project's state
        becomes READY or FAILED (with the sentence), ABSENT again when stopped.

        Raises:
            Refused: the folder is there already and not empty.
            NotTrusted: host key changed, key or token refused.
            Failed: unreachable, no such repository, disk full.
        """
        project = self._projects.get(project_id)
        if project.state is CheckoutState.CLONING:
            raise Refused(f"“{project.name}” is being cloned already.", "Wait for it, or stop it.")
        if project.state is CheckoutState.READY and (project.checkout / ".git").exists():
            raise Refused(f"“{project.name}” is cloned already.", "Pull to get what is new.")
        begun = time.monotonic()
        with self._doing("clone", project) as entry:
            entry.facts = {"address": project.remote_url, "folder": str(project.checkout)}
            self._projects.set_state(project_id, CheckoutState.CLONING)
            try:
                repository = self._clone(project, job)
                branch, head = repository.branch(), repository.head()
            except (Stopped, KeyboardInterrupt):
                self._projects.set_state(project_id, CheckoutState.ABSENT)
                raise
            except Trouble as trouble:
                self._projects.set_state(project_id, CheckoutState.FAILED, str(trouble))
                raise
            except BaseException:
                self._projects.set_state(project_id, CheckoutState.FAILED, _OUR_BUG)
                raise
            self._projects.set_state(project_id, CheckoutState.READY)
            if branch and not project.default_branch:
                self._projects.set_branch(project_id, branch)
            entry.facts |= {"branch": branch, "commit": head}
        changes = Changes(_DONE | Touched.PROJECTS | Touched.KEYS, project_id)
        return Cloned(project.checkout, branch, time.monotonic() - begun, changes)

    def status(self, project_id: int) -> CheckoutStatus:
        """The state of the checkout.

        Raises:
            Missing: it is not cloned, or the folder is gone or no repository.
        """
        return self._open(project_id).status()

    def statuses(
        self,
        project_ids: Sequence[int],
        job: Job,
        each: Callable[[int, CheckoutStatus | Trouble], None],
        *,
        gently: bool = False,
    ) -> None:
        """The states of many checkouts, side by side; `each` is called from worker threads.

        `gently` takes longer, but never holds Python's lock for long: for a window.
        """
        projects = {project.id: project for project in self._projects.all()}
        tenants = {projects[i].tenant_id for i in project_ids if i in projects}
        rooms = {tenant_id: self._tenants.room(tenant_id) for tenant_id in tenants}

        ready: dict[int, Repository] = {}
        for number in project_ids:
            try:
                project = _ready(projects.get(number))
            except Trouble as trouble:
                each(number, trouble)
            else:
                ready[number] = Repository(project.checkout, rooms[project.tenant_id])
        sweep(ready, job, each, gently=gently)

    def identity(self, project_id: int) -> Identity:
        """Whom one would act as."""
        project = self._projects.get(project_id)
        return self._identity(project)

    def log(
        self, project_id: int, *, limit: int = 50, since: str = "", ref: str = "HEAD"
    ) -> list[Commit]:
        """Commits, newest first; `since` excludes what is reachable from it."""
        return self._open(project_id).log(limit=limit, since=since, ref=ref)

    def branches(self, project_id: int) -> tuple[str, ...]:
        """Local branches, the current one first."""
        return self._open(project_id).branches()

    def switch(self, project_id: int, branch: str, job: Job) -> Done:
        """Check another branch out.

        Raises:
            Refused: changed files would be overwritten; names them.
        """
        repository = self._open(project_id)
        with self._doing("switch", self._projects.get(project_id)) as entry:
            entry.facts = {"from": repository.branch(), "to": branch}
            repository.switch(branch, job)
        return Done(Changes(_DONE, project_id), f"{branch} is checked out.")

    def diff(self, project_id: int, path: str, *, staged: bool) -> FileDiff:
        """The diff of one file: work tree against index, or (staged) index against HEAD."""
        return self._open(project_id).diff(path, staged=staged)

    def readme(self, project_id: int) -> tuple[str, str]:
        """(file name, text) of the README, at most 200 kB; ("", "") when there is none."""
        return self._open(project_id).readme()

    def stage(self, project_id: int, paths: Sequence[str]) -> Done:
        """Stage whole files, deletions and untracked ones too."""
        self._open(project_id).stage(paths)
        return Done(Changes(Touched.WORKDIR, project_id))

    def unstage(self, project_id: int, paths: Sequence[str]) -> Done:
        """Take whole files out of the index."""
        self._open(project_id).unstage(paths)
        return Done(Changes(Touched.WORKDIR, project_id))

    def stage_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Done:
        """Stage hunks or lines of an unstaged diff.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        self._open(project_id).stage_part(diff, pick)
        return Done(Changes(Touched.WORKDIR, project_id))

    def unstage_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Done:
        """Unstage hunks or lines of a staged diff.

        Raises:
            Clash: the index has changed since the diff was read.
        """
        self._open(project_id).unstage_part(diff, pick)
        return Done(Changes(Touched.WORKDIR, project_id))

    def discard(self, project_id: int, paths: Sequence[str]) -> Discarded:
        """Throw away unstaged changes of whole files; can be brought back with the token."""
        return self._discarding(project_id, tuple(paths), lambda repo: repo.discard(paths))

    def discard_part(self, project_id: int, diff: FileDiff, pick: Pick) -> Discarded:
        """Throw away hunks or lines of an unstaged diff; can be brought back with the token.

        Raises:
            Clash: the file has changed since the diff was read.
        """
        return self._discarding(
            project_id, (diff.path,), lambda repo: repo.discard_part(diff, pick)
        )

    def restore(self, project_id: int, token: str) -> Done:
        """Bring discarded work back.

        Raises:
            Clash: the files have changed since; says which.
        """
        repository = self._open(project_id)
        with self._doing("restore", self._projects.get(project_id)) as entry:
            files = repository.restore(token)
            entry.facts = {"files": _listed(files), "token": token}
        return Done(Changes(Touched.WORKDIR | Touched.HISTORY, project_id), "It is back.")

    def commit(self, project_id: int, message: str, job: Job, *, amend: bool = False) -> Committed:
        """Commit what is staged, as the tenant's author.

        Raises:
            Refused: nothing staged, no message, no author, conflicts left.
            Failed: a hook said no; its words are in `detail`.
        """
        repository = self._open(project_id)
        with self._doing("amend" if amend else "commit", self._projects.get(project_id)) as entry:
            made = repository.commit(message, job, amend=amend)
            entry.note = made.summary
            entry.facts = {
                "branch": repository.branch(),
                "commit": made.id,
                "author": f"{made.author_name} <{made.author_email}>",
            }
        return Committed(made, Changes(_DONE, project_id))

    def fetch(self, project_id: int, job: Job) -> Done:
        """Fetch and prune."""
        project = self._projects.get(project_id)
        repository = self._open(project_id)
        with self._doing("fetch", project) as entry:
            moved = self._transfer(
                project, repository, job, lambda access: repository.fetch(access, job)
            )
            entry.note = counted(moved, "ref") + " changed" if moved else "nothing new"
        return Done(Changes(_DONE | Touched.KEYS, project_id), _sentence(entry.note))

    def pull(self, project_id: int, job: Job, *, how: str = "ff-only") -> Pulled:
        """Fetch, then "ff-only", "rebase" or "merge".

        Raises:
            Clash: not a fast-forward, or conflicts (a rebase or merge that conflicts is undone).
            Refused: no upstream, or changed files in the way.
        """
        project = self._projects.get(project_id)
        repository = self._open(project_id)
        with self._doing("pull", project) as entry:
            entry.facts = {"branch": repository.branch(), "how": how}
            made = self._transfer(
                project, repository, job, lambda access: repository.pull(access, job, how=how)
            )
            entry.facts |= {"from": made.old_id, "to": made.new_id}
            entry.note = made.kind if not made.commits else counted(made.commits, "new commit")
        changes = Changes(_DONE | Touched.KEYS, project_id)
        return Pulled(made.kind, made.commits, made.old_id, made.new_id, changes)

    def push_plan(self, project_id: int) -> PushPlan:
        """What a push would do; asks no server.

        Raises:
            Refused: nothing to push, detached, no remote.
        """
        project = self._projects.get(project_id)
        return leaving.push_plan(project, self._open(project_id), self._identity(project))

    def push(self, project_id: int, job: Job, *, lease: str = "") -> Pushed:
        """Push the current branch and set its upstream.

        `lease` is the commit the server's branch is expected at: only then overwrite it.

        Raises:
            Clash: rejected; `steps` are "git.fetch_rebase", "git.show_incoming" and
                "git.push_lease".
            NotTrusted: host key changed, key or token refused.
            Failed: unreachable, hook said no.
        """
        project = self._projects.get(project_id)
        repository = self._open(project_id)
        branch, head = repository.branch(), repository.head()
        old = repository.resolve(f"refs/remotes/{leaving.REMOTE}/{branch}")
        with self._doing("push", project) as entry:
            entry.facts = {
                "branch": branch,
                "commit": head,
                "address": project.remote_url,
                "keys": ", ".join(self._keys.choice(project).names),
                "command": push_words(branch, lease) if branch else "",
            }
            said = self._transfer(
                project,
                repository,
                job,
                lambda access: repository.push(access, job, lease=lease),
            )
            since = old or repository.resolve(f"refs/remotes/{leaving.REMOTE}/HEAD")
            commits = len(repository.log(limit=leaving.LISTED, since=since))
            entry.note = f"{branch}: {counted(commits, 'commit')}"
            entry.output = "\n".join(said)
        changes = Changes(Touched.REFS | Touched.HISTORY | Touched.KEYS, project_id)
        return Pushed(branch, leaving.REMOTE, old, head, commits, changes, said)

    # For other services ----------------------------------------------------------------------

    def repository(self, project_id: int) -> Repository:
        """The checkout's own door.

        Raises:
            Missing: it is not cloned.
        """
        return self._open(project_id)

    def set_remote(self, project: Project, url: str) -> None:
        """Write a project's new (checked) address to its checkout."""
        room = self._tenants.room(project.tenant_id)
        Repository(project.checkout, room).set_remote_url(url)

    def unsaved(self, project: Project) -> tuple[str, ...]:
        """What in a checkout is nowhere else, as short phrases; never a trouble."""
        if project.state is not CheckoutState.READY or not project.checkout.exists():
            return ()
        try:
            repository = self._open(project.id)
            status = repository.status(counts=False)
            lone = repository.unpublished()
        except Trouble:
            return ("a checkout that cannot be read",)
        changed = (counted(status.changed, "changed file"),) if status.changed else ()
        return (*changed, *((counted(lone, "commit") + " not pushed",) if lone else ()))

    def _clone(self, project: Project, job: Job) -> Repository:
        room = self._tenants.room(project.tenant_id)
        return self._trust.carry_out(
            project,
            room,
            job,
            lambda access: Repository.clone(
                access, project.checkout, job, branch=project.default_branch
            ),
        )

    def _identity(self, project: Project) -> Identity:
        room = self._tenants.room(project.tenant_id)
        remote = parse_remote(project.remote_url)
        owner = f"tenant:{project.tenant_id}/https/{remote.host}"
        return leaving.identity(
            room,
            remote,
            self._keys.choice(project),
            self._trust.known_since(room, remote),
            stored=self._secrets.has(owner)
            or bool(self._tokens and self._tokens.ways(project, remote)),
        )

    def _transfer(
        self, project: Project, repository: Repository, job: Job, work: Callable[[Access], T]
    ) -> T:
        leaving.check_origin(project, repository.remote_url())
        return self._trust.carry_out(project, repository.room, job, work)

    def _open(self, project_id: int) -> Repository:
        project = _ready(self._projects.get(project_id))
        return Repository(project.checkout, self._tenants.room(project.tenant_id))

    def _discarding(
        self, project_id: int, files: tuple[str, ...], work: Callable[[Repository], str]
    ) -> Discarded:
        repository = self._open(project_id)
        with self._doing("discard", self._projects.get(project_id)) as entry:
            token = work(repository)
            entry.facts = {"files": _listed(files), "token": token}
        return Discarded(token, files, Changes(Touched.WORKDIR | Touched.HISTORY, project_id))

    def _doing(self, verb: str, project: Project) -> AbstractContextManager[Entry]:
        tenant = self._tenants.get(project.tenant_id)
        return self._history.doing(
            verb,
            f"{tenant.name} / {project.name}",
            tenant_id=project.tenant_id,
            project_id=project.id,
        )


def _ready(project: Project | None) -> Project:
    if project is None:
        raise Missing("This project is not there any more.", "Choose another one.")
    if project.state is not CheckoutState.READY:
        raise Missing(
            f"“{project.name}” is not cloned yet.", "Clone it first.", steps=("project.clone",)
        )
    return project


def _listed(files: Sequence[str]) -> str:
    more = f" and {len(files) - 20} more" if len(files) > 20 else ""
    return ", ".join(files[:20]) + more


def _sentence(note: str) -> str:
    return note[:1].upper() + note[1:] + "."
