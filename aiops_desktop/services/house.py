"""All services in one bundle, as the builder hands it to a door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from aiops_desktop.domain.trouble import Trouble

if TYPE_CHECKING:
    from aiops_desktop.domain.deployments import Deployment
    from aiops_desktop.domain.events import Event
    from aiops_desktop.domain.keys import FileState, Key
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.runs import Run
    from aiops_desktop.domain.sessions import Session
    from aiops_desktop.domain.setting_layers import Problem
    from aiops_desktop.services.agents import Agents
    from aiops_desktop.services.backups import Backups
    from aiops_desktop.services.connections import Connections
    from aiops_desktop.services.deployments import Deployments
    from aiops_desktop.services.doctor import Doctor
    from aiops_desktop.services.editing import Editing
    from aiops_desktop.services.history import History
    from aiops_desktop.services.hosts import Hosts
    from aiops_desktop.services.identities import Identities
    from aiops_desktop.services.integrations import Integrations
    from aiops_desktop.services.issues import Issues
    from aiops_desktop.services.key_rotation import Rotation
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.operators import Operators
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.registrations import Registrations
    from aiops_desktop.services.repositories import Repositories
    from aiops_desktop.services.runs import Runs
    from aiops_desktop.services.safe import Safe
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.sessions import Sessions
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.sleep import Sleep
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.services.trash import Trash
    from aiops_desktop.services.updates import Updates


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a start found left over from before, for the notice that says so.

    Attributes:
        events: what was under way when a process died.
        runs, deployments: those whose state changed while nobody looked.
        projects: whose clone was cut off.
        sessions: the terminals that live.
        troubles: what could not be looked at.
        keys: private keys that others may read, or whose files are gone; `keys.care.repair` helps.
        settings: values that were not taken, with file and line.
    """

    events: tuple[Event, ...] = ()
    runs: tuple[Run, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    projects: tuple[Project, ...] = ()
    sessions: tuple[Session, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    keys: tuple[tuple[Key, FileState], ...] = ()
    settings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class House:
    """What both doors open into. Every method of every service may block: call them in jobs."""

    layout: Layout
    settings: SettingsService
    history: History
    operators: Operators
    secrets: Secrets
    safe: Safe
    tenants: Tenants
    projects: Projects
    keys: Keys
    hosts: Hosts
    agents: Agents
    connections: Connections
    rotation: Rotation
    identities: Identities
    repositories: Repositories
    sessions: Sessions
    runs: Runs
    deployments: Deployments
    integrations: Integrations
    registrations: Registrations
    issues: Issues
    editing: Editing
    updates: Updates
    backups: Backups
    trash: Trash
    sleep: Sleep
    doctor: Doctor | None = None

    def recover(self) -> Recovered:
        """After a start: bring what is remembered in line with what is; call it in a job.

        One noun's trouble does not keep the others from being looked at.
        """
        troubles: list[Trouble] = []

        def tried(look: Callable[[], list[T]]) -> tuple[T, ...]:
            try:
                return tuple(look())
            except Trouble as trouble:
                troubles.append(trouble)
                return ()

        def tidied() -> list[Event]:
            self.safe.tidy()
            self.keys.care.tidy()
            return []

        def trimmed() -> list[Event]:
            self.history.trim(self.settings.current().people.keep_history)
            return []

        tried(tidied)
        tried(trimmed)
        return Recovered(
            runs=tried(self.runs.recover),
            deployments=tried(self.deployments.recover),
            projects=tried(self.projects.recover),
            sessions=tried(self.sessions.recover),
            events=tried(self.history.recover),
            keys=tried(self.keys.care.unsafe),
            settings=self.settings.problems(),
            troubles=tuple(troubles),
        )
