"""A ground with runs and sessions on it: a tenant, a cloned project, and settings to choose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.runs import Run, RunDraft, RunEvent, RunUpdate
from aiops_desktop.domain.settings import Settings
from aiops_desktop.domain.tenants import Tenant, TenantRoom
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.runs import Runs
from aiops_desktop.services.sessions import Sessions
from aiops_desktop.services.settings import SettingsService
from aiops_desktop.storage.runs import RunStore
from aiops_desktop.storage.sessions import SessionStore
from tests.support.assistants import make_repository
from tests.support.ground import Ground, ground


class Chosen:
    """Settings a test has chosen."""

    def __init__(self) -> None:
        self.settings = Settings()

    def current(self) -> Settings:
        return self.settings

    def assistants(self, **values: object) -> None:
        made = replace(self.settings.assistants, **values)  # type: ignore[arg-type]  # by name
        self.settings = replace(self.settings, assistants=made)

    def terminal(self, **values: object) -> None:
        made = replace(self.settings.terminal, **values)  # type: ignore[arg-type]  # by name
        self.settings = replace(self.settings, terminal=made)


@dataclass
class Work:
    """What `work` made."""

    ground: Ground
    chosen: Chosen
    sessions: Sessions
    runs: Runs
    run_store: RunStore

    def tenant(self, name: str = "Acme") -> Tenant:
        return self.ground.tenant(name, author_name="Ann", author_email="ann@acme.example")

    def project(
        self, tenant: Tenant, name: str = "site", files: dict[str, str] | None = None
    ) -> Project:
        """A project with a checkout on disk."""
        project = self.ground.project(tenant, name)
        make_repository(project.checkout, files)
        return self.ground.project_store.set_state(project.id, CheckoutState.READY)

    def room(self, tenant: Tenant) -> TenantRoom:
        return self.ground.tenants.room(tenant.id)

    def run(self, project: Project, prompt: str, **more: object) -> Run:
        """Start a run and return at once."""
        draft = replace(RunDraft(project.id, prompt), **more)  # type: ignore[arg-type]  # by name
        return self.runs.start(draft, Job("Run")).run

    def finished(self, run: Run) -> tuple[Run, list[RunEvent]]:
        """Follow a run to its end; it and all its events."""
        seen: list[RunEvent] = []
        update: RunUpdate = self.runs.follow(run.id, Job("Follow"), lambda u: seen.extend(u.events))
        return update.run, seen


def services(made: Ground, chosen: Chosen) -> Work:
    """Services on a ground, as after a start of the program."""
    settings = cast(SettingsService, chosen)
    store = RunStore(made.database)
    sessions = Sessions(
        SessionStore(made.database), made.tenants, made.projects, settings, made.history
    )
    runs = Runs(
        store,
        made.tenants,
        made.projects,
        settings,
        made.history,
        operator=lambda: "Ann Operator",
        scrub=made.secrets.scrub,
    )
    return Work(made, chosen, sessions, runs, store)


def work(layout: Layout) -> Work:
    """Open a data folder with runs and sessions."""
    return services(ground(layout), Chosen())
