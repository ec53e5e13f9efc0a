"""Deployments: launch, follow and stop, through Semaphore or with playbooks on this computer."""

from __future__ import annotations

import contextlib
import logging
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.adapters.semaphore import Semaphore, Unreachable
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.deployments import (
    Board,
    CheckStep,
    DeployDraft,
    Deployment,
    DeploymentState,
    DeploymentUpdate,
    Launched,
    LogLine,
    Source,
    Template,
)
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.trouble import (
    Clash,
    Missing,
    NotTrusted,
    Refused,
    Stopped,
    Trouble,
)
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.carrier_local import LocalCarrier
from aiops_desktop.services.carrier_semaphore import SemaphoreCarrier
from aiops_desktop.services.carriers import Carrier, Look
from aiops_desktop.services.deployment_book import Book
from aiops_desktop.services.deployment_checks import check_server
from aiops_desktop.services.deployment_follow import Pace

if TYPE_CHECKING:
    from aiops_desktop.adapters.ansible import Ansible
    from aiops_desktop.services.history import History
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.deployments import DeploymentStore, Kept

Connect = Callable[[str, str, bool, float], Semaphore]


def connect(address: str, token: str, verify_tls: bool, timeout: float) -> Semaphore:
    """A Semaphore server."""
    return Semaphore(address, token, verify_tls=verify_tls, timeout=timeout)


_log = logging.getLogger(__name__)

#: Seconds after the end in which a server's last lines have come.
SETTLE = 2.0


class Deployments:
    """Deployments of projects.

    Args of the constructor: `head` gives the commit of a project's checkout, and may raise Trouble;
    `operator` names the person at the desk; `connect` makes the client of a Semaphore server.
    """

    def __init__(
        self,
        store: DeploymentStore,
        projects: Projects,
        tenants: Tenants,
        settings: SettingsService,
        secrets: Secrets,
        history: History,
        playbooks: Ansible,
        *,
        head: Callable[[Project], str],
        operator: Callable[[], str],
        connect: Connect = connect,
    ) -> None:
        self._store = store
        self._projects = projects
        self._tenants = tenants
        self._settings = settings
        self._secrets = secrets
        self._history = history
        self._playbooks = playbooks
        self._head = head
        self._operator = operator
        self._connect = connect
        self._book = Book(store, secrets, history)
        self._lock = threading.Lock()
        self._servers: dict[tuple[str, str, bool, float], Semaphore] = {}
        self._offsets: dict[int, tuple[int, int]] = {}
        self._forms: dict[tuple[int, str], tuple[Template, Carrier]] = {}
        self._settling: set[int] = set()
        self._settle_lock = threading.Lock()

    # What there is ----------------------------------------------------------------------------

    def board(self, project_id: int) -> Board:
        """Templates and past deployments; never raises for a server that does not answer."""
        project = self._projects.get(project_id)
        past = tuple(self.all(project_id))
        source = self._source()
        try:
            carrier = self._carrier(source)
            why = carrier.why(project)
            templates = carrier.templates(project)
        except Trouble as trouble:
            told = (
                "Semaphore deploys."
                if source is Source.SEMAPHORE
                else "No Semaphore server is set, so the checkout's playbooks run on this computer."
            )
            return Board(
                source, told, (), past, trouble.what, trouble.hint, steps=tuple(trouble.steps)
            )
        own = self._store.last(project_id)
        return Board(source, why, tuple(_with_last(one, own) for one in templates), past)

    def template(self, project_id: int, template_id: str) -> Template:
        """One template with survey, gates and inventories, read before its form is shown."""
        return self._form(project_id, template_id)[0]

    def command(self, draft: DeployDraft) -> str:
        """The effective command, secrets masked, for the preview under the form."""
        known = self._forms.get((draft.project_id, draft.template_id))
        found, carrier = known or self._form(draft.project_id, draft.template_id)
        return self._secrets.scrub(carrier.command(_sorted_out(draft, found), found))

    def all(self, project_id: int | None = None) -> list[Deployment]:
        """Newest first."""
        return [kept.deployment for kept in self._store.all(project_id)]

    def get(self, deployment_id: int) -> Deployment:
        """One deployment.

        Raises:
            Missing: there is no such deployment.
        """
        return self._store.get(deployment_id).deployment

    def log(self, deployment_id: int) -> list[LogLine]:
        """The whole log as kept on this computer."""
        return self._book.watch(self._store.get(deployment_id)).log.read()

    # Launch, stop, confirm --------------------------------------------------------------------

    def launch(self, draft: DeployDraft, job: Job) -> Launched:
        """Hand the deployment over; returns as soon as it is accepted.

        Raises:
            Refused: bad values (at the field), or an override the template would silently ignore.
            NotTrusted: token refused.
            Failed: the server said no or cannot be reached.
            Missing: ansible-playbook is not there.
        """
        project = self._projects.get(draft.project_id)
        found, carrier = self._form(draft.project_id, draft.template_id)
        draft = _sorted_out(draft, found)
        carrier.check(draft, found)
        for value in draft.secrets.values():
            self._secrets.learn(value)
        job.progress("Handing over")
        event = self._history.begin(
            "deploy",
            f"{project.name}: {found.name}",
            tenant_id=project.tenant_id,
            project_id=project.id,
        )
        try:
            kept = self._remember(project, draft, found, carrier, event)
            look = self._handed_over(kept, project, draft, found, carrier, job)
        except BaseException as error:
            self._history.finish(event, *_how_it_failed(error))
            raise
        kept = self._take(kept, look, carrier)
        return Launched(kept.deployment, self._changes(kept))

    def stop(self, deployment_id: int, job: Job) -> Launched:
        """Ask for the end; a second time forces it where that is possible.

        Raises:
            Refused: it is over, or was launched at another server.
        """
        kept = self._store.get(deployment_id)
        if kept.deployment.state.over:
            raise Refused("This deployment is over already.")
        carrier = self._carrier(kept.deployment.source)
        job.progress("Asking for the end")
        look = carrier.stop(kept, job)
        self._store.change(kept.id, stop_asked=True)
        kept = self._take(kept, look, carrier)
        return Launched(kept.deployment, self._changes(kept))

    def confirm(self, deployment_id: int, job: Job) -> Launched:
        """Let a deployment that waits for confirmation go on.

        Raises:
            Refused: it does not wait.
        """
        kept = self._store.get(deployment_id)
        if kept.deployment.state is not DeploymentState.CONFIRMING:
            raise Refused("This deployment does not wait for a confirmation.")
        carrier = self._carrier(kept.deployment.source)
        kept = self._take(kept, carrier.confirm(kept, job), carrier)
        return Launched(kept.deployment, self._changes(kept))

    # Follow -----------------------------------------------------------------------------------

    def update(self, deployment_id: int, seen: int = 0) -> DeploymentUpdate:
        """Ask once: state, and the log lines after `seen`. Works for finished ones, too.

        A server that does not answer is said in `stale`; what is kept here is given all the same.
        """
        kept = self._store.get(deployment_id)
        stale = ""
        try:
            kept = self._look(kept, None, output=True)
        except Trouble as trouble:
            stale = str(trouble)
        return self._book.watch(kept).update(kept.deployment, seen, stale)

    def follow(
        self,
        deployment_id: int,
        job: Job,
        each: Callable[[DeploymentUpdate], None],
        seen: int = 0,
    ) -> DeploymentUpdate:
        """Poll until it is over; a server that does not answer is asked again with growing pauses.

        Raises:
            NotTrusted: the token is not accepted any more.
            Refused: the settings name another server now.
            Clash: it runs for longer than the task timeout; it goes on and can be followed again.
        """
        kept = self._store.get(deployment_id)
        is_local = kept.deployment.source is Source.LOCAL
        pace = Pace(self._settings.current().semaphore, is_local=is_local)
        while True:
            stale = ""
            try:
                kept = self._look(kept, job, output=pace.wants_output(kept.deployment.state))
                pace.answered(kept.deployment)
            except (NotTrusted, Refused):
                raise
            except Trouble as trouble:
                stale = pace.failed(trouble)
            update = self._book.watch(kept).update(kept.deployment, seen, stale)
            seen = update.seen
            each(update)
            if kept.settled:
                return update
            pace.check_time(kept.deployment)
            job.pause(pace.pause(kept.deployment.state, seen))

    def recover(self) -> list[Deployment]:
        """After a start: bring rows in line with servers' and supervisors' records.

        A server that does not answer leaves its rows as they are; only the changed ones are given.
        """
        changed: list[Deployment] = []
        silent: set[str] = set()
        for kept in self._store.unsettled():
            before = kept.deployment
            if before.server in silent:
                continue
            try:
                after = self._look(kept, None, output=True).deployment
            except Trouble:
                if before.server:
                    silent.add(before.server)
                continue
            if after.state is not before.state:
                changed.append(after)
        return changed

    def test(self, values: Mapping[str, object], token: str = "") -> list[CheckStep]:
        """Try Semaphore settings before they are saved; `token` "" is the stored one.

        `values` are by path ("semaphore.base_url"); what is left out is as it is saved.
        """
        token = token or self._settings.secret("semaphore.api_token")
        return check_server(self._settings.current().semaphore, values, token, self._connect)

    # How it does it ---------------------------------------------------------------------------

    def _source(self) -> Source:
        return Source.SEMAPHORE if self._settings.current().semaphore.base_url else Source.LOCAL

    def _carrier(self, source: Source) -> Carrier:
        settings = self._settings.current()
        if source is Source.LOCAL:
            folder = settings.ansible.playbook_dir
            return LocalCarrier(self._playbooks, folder, self._tenants.room, self._offsets)
        mine = settings.semaphore
        if not mine.base_url:
            raise Refused(
                "No Semaphore server is set.",
                "Enter its address under Settings → Semaphore.",
                steps=("settings.semaphore",),
            )
        token = self._settings.secret("semaphore.api_token")
        key = (mine.base_url, token, mine.verify_tls, mine.http_timeout)
        with self._lock:
            if key not in self._servers:
                self._servers = {key: self._connect(*key)}
            return SemaphoreCarrier(mine, self._servers[key])

    def _form(self, project_id: int, template_id: str) -> tuple[Template, Carrier]:
        project = self._projects.get(project_id)
        carrier = self._carrier(self._source())
        made = (carrier.template(project, template_id), carrier)
        with self._lock:
            self._forms.pop((project_id, template_id), None)
            self._forms[project_id, template_id] = made
            if len(self._forms) > 200:
                del self._forms[next(iter(self._forms))]
        return made

    def _remember(
        self, project: Project, draft: DeployDraft, found: Template, carrier: Carrier, event: int
    ) -> Kept:
        commit = ""
        with contextlib.suppress(Trouble):
            commit = self._head(project)
        server, number = carrier.place(project)
        kept = self._store.add(
            self._tenants.room(project.tenant_id).folder / "deployments",
            {
                "tenant_id": project.tenant_id,
                "project_id": project.id,
                "source": carrier.source.value,
                "template_id": found.id,
                "template": found.name,
                "command": self._secrets.scrub(carrier.command(draft, found)),
                "operator": self._operator(),
                "created": datetime.now(UTC),
                "server": server,
                "remote_project": number,
                "marker": f"aiops-{uuid.uuid4().hex[:12]}",
                "commit": draft.commit or commit,
                "dry_run": draft.dry_run,
                "event_id": event,
            },
        )
        self._book.hide(kept, draft.secrets)
        return kept

    def _handed_over(
        self,
        kept: Kept,
        project: Project,
        draft: DeployDraft,
        found: Template,
        carrier: Carrier,
        job: Job,
    ) -> Look:
        try:
            return carrier.hand_over(kept, project, draft, found, job)
        except BaseException as error:
            if _may_have_begun(error) and carrier.source is Source.SEMAPHORE:
                # The row stays; whoever looks next searches the server for its marker.
                self._store.change(kept.id, message="It is not known whether this was started.")
            else:
                self._book.hide(kept, {})
                self._store.remove(kept.id)
            raise

    def _look(self, kept: Kept, job: Job | None, *, output: bool) -> Kept:
        """Ask whoever carries it out, and write down what is new."""
        watch = self._book.watch(kept)
        with watch.lock:
            kept = self._store.get(kept.id)
            if kept.settled:
                return kept
            carrier = self._carrier(kept.deployment.source)
            self._book.learn(kept)
            look = carrier.look(kept, watch.log, self._secrets.scrub, job, output=output)
            watch.read()
            if watch.recap.started:
                carrier.has_read(kept)
            return self._apply(kept, look, carrier)

    def _take(self, kept: Kept, look: Look, carrier: Carrier) -> Kept:
        """Write down what a verb was answered, behind a look that was asked for before it."""
        with self._book.watch(kept).lock:
            kept = self._store.get(kept.id)
            return kept if kept.settled else self._apply(kept, look, carrier)

    def _apply(self, kept: Kept, look: Look, carrier: Carrier) -> Kept:
        kept = self._book.apply(kept, look, carrier)
        if kept.deployment.state.over and not kept.settled:
            self._settle_soon(kept.id)
        return kept

    def _settle_soon(self, deployment_id: int) -> None:
        """Look once more for the last lines, whether or not somebody still follows."""
        with self._settle_lock:
            if deployment_id in self._settling:
                return
            self._settling.add(deployment_id)
        timer = threading.Timer(SETTLE, self._settle, (deployment_id,))
        timer.daemon = True
        timer.start()

    def _settle(self, deployment_id: int) -> None:
        try:
            self._look(self._store.get(deployment_id), None, output=True)
        except Exception:  # the next start looks again (`recover`)
            _log.info("deployment %s could not be looked at again", deployment_id, exc_info=True)
        finally:
            self._settling.discard(deployment_id)

    def _changes(self, kept: Kept) -> Changes:
        return Changes(Touched.DEPLOYMENTS | Touched.HISTORY, kept.deployment.project_id)


def _sorted_out(draft: DeployDraft, found: Template) -> DeployDraft:
    """Answers to secret questions belong to the secrets, wherever they were filled in."""
    hidden = {question.name for question in found.survey if question.type == "secret"}
    plain = {name: text for name, text in draft.environment.items() if name not in hidden}
    moved = {name: text for name, text in draft.environment.items() if name in hidden}
    return replace(draft, environment=plain, secrets={**moved, **draft.secrets})


def _with_last(found: Template, own: Mapping[str, Deployment]) -> Template:
    mine = own.get(f"{found.source}/{found.id}")
    if mine is None:
        return found
    at = mine.finished or mine.started or mine.created
    if found.last_at and mine.state.over and found.last_at > at:
        return found
    return replace(found, last=mine.state, last_at=at)


def _how_it_failed(error: BaseException) -> tuple[str]:
    if isinstance(error, Stopped | KeyboardInterrupt):
        return ("stopped",)
    refused = isinstance(error, Refused | Clash | NotTrusted)
    return ("refused" if refused else "failed",)


def _may_have_begun(error: BaseException) -> bool:
    """Whether a launch that ended so may have arrived all the same."""
    return not isinstance(error, Refused | NotTrusted | Missing | Unreachable)
