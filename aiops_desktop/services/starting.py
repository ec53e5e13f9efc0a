"""How an assist run comes to life: its row, its folders, its assistant, its tmux window."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import assistants, supervisor
from aiops_desktop.adapters.assistants import Cli, Task
from aiops_desktop.domain.events import Outcome
from aiops_desktop.domain.names import slug
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.runs import Run, RunDraft
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Missing, Refused, Trouble
from aiops_desktop.services.sessions import environment, tenant_tmux

if TYPE_CHECKING:
    from aiops_desktop.adapters.git.repository import Repository
    from aiops_desktop.services.history import History
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.storage.runs import RunStore

#: Characters of a prompt that make its title.
TITLE = 80


class Starter:
    """Starts attempts of runs; what becomes of them is told by their files."""

    def __init__(
        self,
        store: RunStore,
        settings: SettingsService,
        history: History,
        operator: Callable[[], str],
    ) -> None:
        self._store = store
        self._settings = settings
        self._history = history
        self._operator = operator

    def cli(self, run: Run) -> Cli:
        """The assistant that does a run, even one that is no longer in the settings."""
        found = assistants.by_id(run.assistant, self._settings.current().assistants)
        return found or assistants.Custom(run.assistant)

    def usable(self, name: str, sandbox: str, room: TenantRoom) -> Cli:
        """The assistant a run asks for.

        Raises:
            Refused: there is no such assistant or sandbox.
            Missing: its program is not there.
        """
        settings = self._settings.current().assistants
        cli = assistants.by_id(name or settings.default_tool, settings)
        if cli is None:
            raise Refused(
                f"There is no assistant “{name}”.", "Choose one of the list.", field="assistant"
            )
        found = cli.find(environment(room), assistant_home(room, cli))
        if found.reason:
            raise Missing(found.reason, found.hint)
        if sandbox and sandbox not in cli.sandboxes:
            raise Refused(
                f"{cli.title} knows no sandbox “{sandbox}”.", "Choose another.", field="sandbox"
            )
        return cli

    def new(
        self, draft: RunDraft, project: Project, room: TenantRoom, base: tuple[str, str]
    ) -> Run:
        """A row for a run, with a branch and folders that carry its number.

        `base` is (branch, commit) of the checkout.
        """
        title = re.sub(r"\s+", " ", draft.prompt.splitlines()[0]).strip()
        title = title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
        short = slug(title)[:28].strip("-") or "run"
        facts = {
            "tenant_id": project.tenant_id,
            "project_id": project.id,
            "assistant": draft.assistant,
            "title": title,
            "prompt": draft.prompt,
            "operator": self._operator(),
            "model": draft.model,
            "sandbox": draft.sandbox,
            "issue_id": draft.issue_id,
            "base_branch": base[0],
            "base_commit": base[1],
        }
        return self._store.add(
            facts,
            draft.files,
            lambda run: replace(
                run,
                branch=f"assist/{short}-{run.id}",
                worktree=room.worktrees / project.slug / f"{run.id}-{short}",
                folder=room.runs / str(run.id),
            ),
        )

    def begin(
        self, run: Run, cli: Cli, room: TenantRoom, project: Project, attempt: int, prompt: str = ""
    ) -> Run:
        """Start an attempt; the supervisor goes on from here. `prompt` "" is the run's own."""
        run.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        home = assistant_home(room, cli)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        task = Task(
            prompt=prompt or run.prompt,
            worktree=run.worktree,
            folder=run.folder,
            home=home,
            env=environment(room),
            model=run.model,
            sandbox=run.sandbox,
            files=self._store.named_files(run.id),
            thread=run.thread if attempt > 1 else "",
            attempt=attempt,
        )
        launch = cli.launch(task)
        supervisor.prepare(
            run.folder,
            launch.argv,
            run.worktree,
            launch.env,
            stop_signal=launch.stop_signal,
            stdin_file=launch.stdin_file,
            reader=launch.reader,
            keep_children=False,
        )
        event = self._history.begin(
            "run",
            f"{project.name}: {run.title}",
            tenant_id=run.tenant_id,
            project_id=run.project_id,
        )
        self._store.begun(run.id, attempt, event)
        run = self._store.save(run)
        try:
            session = self._window(run, room, project)
        except Trouble as trouble:
            self._history.finish(event, Outcome.FAILED, note=trouble.what)
            raise
        return self._store.progress(replace(run, session=session))

    def undo(self, run: Run, repository: Repository) -> None:
        """Leave nothing of a run that could not be started."""
        with suppress(Trouble):
            repository.remove_worktree(run.worktree, rescue=f"run-{run.id}", even_unsaved=True)
            repository.delete_branch(run.branch)
        self._store.remove(run.id)

    def _window(self, run: Run, room: TenantRoom, project: Project) -> str:
        """Run the supervisor in tmux, or without it as a process of its own."""
        session, window = f"{room.slug}-runs", f"run-{run.id}"
        try:
            server = tenant_tmux(room, self._settings.current().terminal)
            owner = f"run:{run.id}:{project.id}"
            server.new_window(
                session,
                window,
                supervisor.command(run.folder),
                run.folder,
                owner=owner,
                program=run.assistant,
            )
        except Trouble:
            supervisor.start(run.folder)
            return ""
        return f"{session}:{window}"


def assistant_home(room: TenantRoom, cli: Cli) -> Path:
    """The tenant's folder for an assistant's settings and logins."""
    return room.assistants / slug(cli.title if cli.id not in {"codex", "aider"} else cli.id)
