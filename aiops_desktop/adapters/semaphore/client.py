"""The verbs of a Semaphore server."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from aiops_desktop.adapters.semaphore import launch, shapes
from aiops_desktop.adapters.semaphore.http import Door, NotTaken, NotThere, Unanswered
from aiops_desktop.adapters.semaphore.shapes import Task, Version
from aiops_desktop.domain.deployments import DeployDraft, LogLine, Template
from aiops_desktop.domain.trouble import Failed, Trouble
from aiops_desktop.jobs.job import Job

T = TypeVar("T")

#: How many of the newest tasks are looked through for one whose launch got no answer.
LOOK_BACK = 50
#: Seconds after which a version that could not be read is asked for again.
VERSION_AGAIN = 60.0


class Semaphore:
    """One server as one account sees it. Threads may share it; every call may block.

    Every verb raises `NotTrusted` for a refused token, `Refused` for a missing right, and `Failed`
    when the server cannot be reached or says something that cannot be used; with a `job`, its Stop
    cuts a hanging connection.
    """

    def __init__(
        self, base_url: str, token: str, *, verify_tls: bool = True, timeout: float = 15.0
    ) -> None:
        """Connect to nothing yet.

        Args:
            base_url: with or without a path, a trailing slash or /api.
            token: an API token; spaces around it are cut off.
            verify_tls: believe only certificates that can be verified.
            timeout: seconds of silence after which an answer is given up.

        Raises:
            Refused: the address is none.
            NotTrusted: the token cannot be one.
        """
        self._door = Door(base_url, token, verify_tls=verify_tls, timeout=timeout)
        self._version: Version | None = None
        self._asked = 0.0

    @property
    def server(self) -> str:
        """The address without its scheme, for people."""
        return self._door.name

    @property
    def address(self) -> str:
        """The address as it is used."""
        return self._door.base

    def reach(self) -> bool:
        """Ask for a sign of life without a token; whether it is Semaphore's.

        Raises:
            Unreachable: nobody answers.
        """
        return self._door.text("/ping") == "pong"

    def version(self, job: Job | None = None) -> Version:
        """Its version; unknown ones count as new, because those drop what is not allowed."""
        if self._version and (
            self._version.number or time.monotonic() - self._asked < VERSION_AGAIN
        ):
            return self._version
        try:
            raw = shapes.record(self._door.get("/info", job))
        except (NotThere, NotTaken):
            raw = {}
        self._version, self._asked = Version.parse(raw.get("version")), time.monotonic()
        return self._version

    def user(self, job: Job | None = None) -> str:
        """Whom the token belongs to."""
        raw = shapes.record(self._door.get("/user", job))
        found = shapes.text_of(raw.get("username")) or shapes.text_of(raw.get("name"))
        if not found:
            raise Failed(
                f"{self.server} does not answer like Semaphore.", "Check the address in Settings."
            )
        return found

    def projects(self, job: Job | None = None) -> list[tuple[int, str]]:
        """(number, name) of the projects this account is a member of."""
        return [
            (shapes.number_of(raw.get("id")), shapes.text_of(raw.get("name")))
            for raw in shapes.records(self._door.get("/projects", job))
        ]

    def project(self, project: int, job: Job | None = None) -> str:
        """A project's name.

        Raises:
            NotThere: it is not there, or this account is not a member.
        """
        raw = self._in_project(project, lambda: self._door.get(f"/project/{project}", job))
        return shapes.text_of(shapes.record(raw).get("name"))

    def templates(self, project: int, job: Job | None = None) -> list[Template]:
        """A project's templates by name, without surveys (lists leave those out).

        Raises:
            NotThere: there is no such project for this account.
        """
        path = f"/project/{project}/templates?sort=name&order=asc"
        raw = self._in_project(project, lambda: self._door.get(path, job))
        version = self.version(job)
        groups = self._groups(project, job)
        made = []
        for item in shapes.records(raw):
            if found := shapes.template(item, version):
                group = groups.get(shapes.number_of(item.get("view_id")), "")
                made.append(shapes.with_group(found, group))
        return sorted(made, key=lambda one: one.name.casefold())

    def template(self, project: int, template: str, job: Job | None = None) -> Template:
        """One template with survey, gates and the inventories to choose from.

        Raises:
            NotThere: there is no such template (any more).
        """
        try:
            raw = self._door.get(f"/project/{project}/templates/{int(template)}", job)
        except (NotThere, NotTaken, ValueError):
            raw = None
        version = self.version(job)
        found = shapes.template(raw, version, self.inventories(project, job) if raw else ())
        if found is None:
            raise NotThere(
                "This template is not in Semaphore any more.", "Refresh the list of templates."
            )
        return found

    def inventories(self, project: int, job: Job | None = None) -> tuple[tuple[str, str], ...]:
        """(number, name) of the inventories; their text may hold secrets and is dropped here."""
        try:
            raw = self._door.get(f"/project/{project}/inventory", job)
        except (NotThere, NotTaken):
            return ()
        return tuple(
            (str(shapes.number_of(item.get("id"))), shapes.text_of(item.get("name")))
            for item in shapes.records(raw)
        )

    def launch(self, project: int, draft: DeployDraft, marker: str, job: Job | None = None) -> Task:
        """Start a task; sent once and never again.

        When no answer comes, the newest tasks are searched for `marker`, which stands in the task's
        message; so a launch that did arrive is found, and none is sent twice.

        Raises:
            Refused: the template would ignore an override, or an answer is missing.
            NotThere: there is no such template.
            Unreachable: it was not sent.
            Unanswered: it is not known whether it arrived.
        """
        found = self.template(project, draft.template_id, job)
        message = f"{draft.message.strip()} ({marker})".strip()
        body = launch.launch_body(draft, found, message)
        try:
            made = shapes.task(self._door.post(f"/project/{project}/tasks", body, job))
        except NotThere:
            raise
        except Unanswered as trouble:
            return self._arrived(project, marker, trouble, job)
        if made is None:
            silent = Unanswered(f"{self.server} did not say which task it started.")
            return self._arrived(project, marker, silent, job)
        return made

    def find(self, project: int, marker: str, job: Job | None = None) -> Task | None:
        """The task whose message holds this marker, among the newest."""
        raw = self._door.get(f"/project/{project}/tasks/last?limit={LOOK_BACK}", job)
        for item in shapes.records(raw):
            made = shapes.task(item)
            if made and marker in made.message:
                return made
        return None

    def task(self, project: int, task: int, job: Job | None = None) -> Task:
        """Where a task stands.

        Raises:
            NotThere: the server does not know it (any more); it answers 400 or 404 then.
        """
        try:
            found = shapes.task(self._door.get(f"/project/{project}/tasks/{task}", job))
        except (NotTaken, NotThere) as trouble:
            raise NotThere(
                f"Semaphore does not know task {task} any more.",
                "Old tasks are removed there; what was logged until then is kept here.",
            ) from trouble
        if found is None:
            raise Unanswered(f"{self.server} gave no task where task {task} was asked for.")
        return found

    def output(self, project: int, task: int, job: Job | None = None) -> list[LogLine]:
        """The whole output so far; no version gives less than all."""
        try:
            raw = self._door.get(f"/project/{project}/tasks/{task}/output", job)
        except (NotTaken, NotThere):
            return []
        return shapes.lines(raw)

    def stop(self, project: int, task: int, job: Job | None = None, *, force: bool = False) -> Task:
        """Ask for the end; a finished task is left alone, because old servers would rewrite it.

        `force` is only passed on when the task is stopping already: on a waiting one it would
        freeze the status while the task runs all the same (2.10). One that waits for confirmation
        is always forced: asked gently it waits on for ever, and nothing of it runs (2.10, 2.16).
        """
        found = self.task(project, task, job)
        if found.state.over:
            return found
        force = found.status == "waiting_confirmation" or (force and found.status == "stopping")
        self._door.post(f"/project/{project}/tasks/{task}/stop", {"force": force}, job)
        return self.task(project, task, job)

    def confirm(self, project: int, task: int, job: Job | None = None) -> Task:
        """Let a waiting task go on.

        The server takes a confirmation of any task that is active, and one that just runs then
        stays "confirmed" for ever (2.10, 2.16); so it is only sent to one that waits.

        Raises:
            Failed: it does not wait (any more).
        """
        gone = "This deployment does not wait for a confirmation any more."
        if self.task(project, task, job).status != "waiting_confirmation":
            raise Failed(gone, "Look at how it stands.")
        try:
            self._door.post(f"/project/{project}/tasks/{task}/confirm", {}, job)
        except (NotTaken, NotThere) as trouble:
            raise Failed(gone, "Look at how it stands.") from trouble
        return self.task(project, task, job)

    # How it does it ---------------------------------------------------------------------------

    def _groups(self, project: int, job: Job | None) -> dict[int, str]:
        """The names of the views that group templates; a server without them has none."""
        try:
            raw = self._door.get(f"/project/{project}/views", job)
        except Trouble:
            return {}
        return {
            shapes.number_of(item.get("id")): shapes.text_of(item.get("title"))
            for item in shapes.records(raw)
        }

    def _in_project(self, project: int, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except (NotThere, NotTaken) as trouble:
            raise NotThere(
                f"Semaphore has no project {project}, or your account is not a member of it.",
                "Check the project's number in Settings → Semaphore, or in the project.",
            ) from trouble

    def _arrived(self, project: int, marker: str, trouble: Trouble, job: Job | None) -> Task:
        try:
            found = self.find(project, marker, job)
        except Trouble:
            found = None
        if found:
            return found
        raise Unanswered(
            f"{trouble.what} It is not known whether the deployment was started.",
            "Look at Semaphore's own list of tasks before you try again.",
            trouble.detail,
        ) from trouble
