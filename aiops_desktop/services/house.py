"""All services in one bundle, as the builder hands it to a door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.services.deployments import Deployments
    from aiops_desktop.services.doctor import Doctor
    from aiops_desktop.services.history import History
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.operators import Operators
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.repositories import Repositories
    from aiops_desktop.services.runs import Runs
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.sessions import Sessions
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.tenants import Tenants


@dataclass(frozen=True)
class House:
    """What both doors open into. Every method of every service may block: call them in jobs."""

    layout: Layout
    settings: SettingsService
    history: History
    operators: Operators
    secrets: Secrets
    tenants: Tenants
    projects: Projects
    keys: Keys
    repositories: Repositories
    sessions: Sessions
    runs: Runs
    deployments: Deployments
    doctor: Doctor | None = None
