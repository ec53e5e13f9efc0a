"""The builder: opens storage, makes adapters, hands them to the services. Nobody imports it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.domain.layout import Layout

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.services.house import House
    from aiops_desktop.services.settings import Sources

_NAME = "aiops-desktop"


def layout_from_environment(environ: Mapping[str, str] = os.environ) -> Layout:
    """The data folder: AIOPS_DATA_DIR, else the place the system gives to programs.

    Reads no settings, so the window need not wait for them; `build` adds the root of checkouts.
    """
    import platformdirs

    usual = Path(platformdirs.user_data_dir(_NAME, appauthor=False)).absolute()
    chosen = environ.get("AIOPS_DATA_DIR", "").strip()
    data = Path(chosen).expanduser().absolute() if chosen else usual
    return Layout(data, is_default=data == usual)


def with_checkouts(layout: Layout, environ: Mapping[str, str] = os.environ) -> Layout:
    """The same with the root of checkouts that the settings name (REPO_STORAGE_PATH).

    A relative one starts at the data folder, never at where the program was started.
    """
    root = sources(layout, environ).read()[0].settings.storage.repo_storage_path
    return replace(layout, checkout_root=layout.data / Path(root).expanduser()) if root else layout


def sources(layout: Layout, environ: Mapping[str, str] = os.environ) -> Sources:
    """Where this data folder's settings come from.

    The source checkout's .env counts only for the usual data folder: another profile is apart.
    """
    from aiops_desktop.services.settings import Sources

    root = Path(__file__).parent.parent
    from_source = layout.is_default and (root / "pyproject.toml").is_file()
    return Sources(layout, environ, root if from_source else None)


def build(layout: Layout, environ: Mapping[str, str] = os.environ) -> House:
    """Open the data folder and make every service.

    Raises:
        Refused: the database was made by a newer program, or is of a kind that is not supported.
        Failed: the data folder or the database cannot be used.
    """
    from aiops_desktop.adapters import living, people, process, ssh
    from aiops_desktop.adapters.ansible import Ansible
    from aiops_desktop.adapters.secrets import Vault
    from aiops_desktop.domain.scrubber import Scrubber
    from aiops_desktop.domain.secrets import in_words
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.services.agents import Agents
    from aiops_desktop.services.backups import Backups
    from aiops_desktop.services.connections import Connections
    from aiops_desktop.services.deployments import Deployments
    from aiops_desktop.services.doctor import Doctor
    from aiops_desktop.services.editing import Editing
    from aiops_desktop.services.history import History
    from aiops_desktop.services.hosts import Hosts
    from aiops_desktop.services.house import House
    from aiops_desktop.services.identities import Identities
    from aiops_desktop.services.integration_standing import findings
    from aiops_desktop.services.integration_tokens import Tokens
    from aiops_desktop.services.integrations import Integrations
    from aiops_desktop.services.issue_filters import IssueFilters
    from aiops_desktop.services.issues import Issues
    from aiops_desktop.services.key_parts import People
    from aiops_desktop.services.key_rotation import Rotation
    from aiops_desktop.services.keys import Keys
    from aiops_desktop.services.moving import Moving
    from aiops_desktop.services.operators import Around, Operators
    from aiops_desktop.services.permits import permitted
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.registrations import Registrations
    from aiops_desktop.services.repositories import Repositories
    from aiops_desktop.services.restoring import Restoring
    from aiops_desktop.services.runs import Runs
    from aiops_desktop.services.safe import Safe
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.sessions import Sessions
    from aiops_desktop.services.settings import SettingsService
    from aiops_desktop.services.sleep import Sleep
    from aiops_desktop.services.tenants import Neighbours, Tenants
    from aiops_desktop.services.trash import Trash
    from aiops_desktop.services.updates import Updates
    from aiops_desktop.storage.deployments import DeploymentStore
    from aiops_desktop.storage.events import EventStore
    from aiops_desktop.storage.folders import Folders
    from aiops_desktop.storage.integrations import IntegrationStore
    from aiops_desktop.storage.issue_filters import IssueFilterStore
    from aiops_desktop.storage.issues import IssueStore
    from aiops_desktop.storage.keys import KeyStore
    from aiops_desktop.storage.leftovers import Leftovers
    from aiops_desktop.storage.open import database_file, open_database
    from aiops_desktop.storage.operators import OperatorStore
    from aiops_desktop.storage.projects import ProjectStore
    from aiops_desktop.storage.runs import RunStore
    from aiops_desktop.storage.secrets import SecretStore
    from aiops_desktop.storage.sessions import SessionStore
    from aiops_desktop.storage.tenants import TenantStore

    restoring = Restoring(layout)
    restored = restoring.finish()
    layout = with_checkouts(layout, environ)
    places = sources(layout, environ)
    database = open_database(layout, places.read()[0].settings.storage.database_url)
    mark = living.mark()
    vault, secrets_table = Vault(layout), SecretStore(database)
    scrubber = Scrubber()
    scrubber.learn_environment(environ)

    def _tenant(tenant_id: int) -> str:
        try:
            return tenants.get(tenant_id).name
        except Trouble:  # it is gone
            return f"tenant {tenant_id}"

    def _words(owner: str) -> str:
        return in_words(owner, _tenant, keys_table.name)

    secrets = Secrets(secrets_table, vault, scrubber, _words)
    history = History(
        EventStore(database),
        actor=lambda: operators.at_desk().name,
        scrub=secrets.scrub,
        mark=mark,
        living=living.marked,
        cared_for=lambda: _cared_for(),
    )
    safe = Safe(secrets_table, vault, secrets, history, _words)
    settings = SettingsService(places, secrets, history)
    operators = Operators(
        OperatorStore(database),
        history,
        Around(
            account=people.account,
            git_identity=people.git_identity,
            admin_email=lambda: settings.current().people.admin_email,
            runs=lambda name: runs_table.open_of(name),
            hand_over=lambda name, heir: runs_table.hand_over(name, heir),
            left=lambda: agents.lock_all(),
            keys=lambda operator: keys_table.owned(operator, personal=True),
            inherit=lambda operator, heir: keys_table.inherit(operator, heir),
        ),
    )

    def _cared_for() -> set[int | None]:
        runs_at_work = {runs_table.event(run.id) for run in runs_table.alive()}
        return runs_at_work | {kept.event_id for kept in deployments_table.unsettled()}

    def _folders(project: Project) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for run in runs_table.all(project.id):
            found |= {f"run-{run.id}": run.folder, f"worktree-{run.id}": run.worktree}
        for deployment in deployments.all(project.id):
            found[f"deployment-{deployment.id}"] = deployment.folder
        return found

    deployments_table = DeploymentStore(database)
    runs_table = RunStore(database)
    near = Neighbours(
        keys=lambda tenant: keys.files(tenant),
        key_names=lambda tenant: tuple(key.name for key in keys_table.all(tenant)),
        author=lambda: (operators.at_desk().name, operators.at_desk().email),
        sessions=lambda tenant: tuple(session.name for session in sessions.all(tenant)),
        counts=lambda tenant, project: (
            runs_table.count(tenant, project),
            deployments_table.count(tenant, project),
        ),
        folders=_folders,
        unsaved=lambda project: repositories.unsaved(project) + runs.unsaved(project.id),
        set_remote=lambda project, url: repositories.set_remote(project, url),
        stop_runs=lambda tenant, project, job: runs.stop_all(tenant, project, job),
        end_sessions=lambda room: sessions.end_all(room),
        agent=lambda slug: ssh.place(layout.data, slug),
        end_agent=lambda socket: ssh.Agent(socket).end(),
        rows=lambda noun, number: leftovers.take_down(noun, number),
    )
    leftovers = Leftovers(database)
    projects_table = ProjectStore(database, mark)
    folders = Folders(layout)
    tenants = Tenants(
        TenantStore(database), projects_table, history, secrets, folders, layout, near
    )
    projects = Projects(
        projects_table, tenants, history, secrets, folders, layout, near, living.marked
    )
    keys_table = KeyStore(database)
    people_of_keys = People(
        at_desk=lambda: operators.at_desk().id,
        names=lambda: {one.id: one.name for one in operators.all()},
    )
    keys = Keys(keys_table, projects_table, tenants, secrets, history, folders, people_of_keys)
    integrations_table = IntegrationStore(database)
    tokens = Tokens(integrations_table, secrets)
    repositories = Repositories(
        projects_table, tenants, keys, secrets, history, settings.current, tokens
    )
    connections = Connections(keys, tenants, projects_table, secrets, settings.current, tokens)
    integrations = Integrations(
        integrations_table,
        projects_table,
        keys_table,
        tenants,
        secrets,
        history,
        settings.current,
    )
    issues = Issues(
        IssueStore(database),
        integrations,
        projects,
        tenants,
        history,
        minutes=lambda: settings.current().issues.sync_minutes,
        filters=IssueFilters(IssueFilterStore(database), operators.acting),
    )
    registrations = Registrations(keys_table, integrations, history)
    sessions = Sessions(
        SessionStore(database), tenants, projects, settings, history, runs=runs_table.alive
    )
    runs = Runs(
        runs_table,
        tenants,
        projects,
        settings,
        history,
        operator=lambda: operators.at_desk().name,
        scrub=secrets.scrub,
    )
    playbooks = Ansible()
    deployments = Deployments(
        deployments_table,
        projects,
        tenants,
        settings,
        secrets,
        history,
        playbooks,
        head=lambda project: repositories.repository(project.id).head(),
        operator=lambda: operators.at_desk().name,
    )
    agents = Agents(keys, tenants, history)
    backups = Backups(
        layout,
        settings,
        history,
        restoring,
        database=database_file(layout, places.read()[0].settings.storage.database_url),
        close=database.close,
    )
    if restored is not None:
        backups.note(restored.archive, restored.aside)
    Moving(layout, projects.all, runs_table.all, repositories.repository).settle()
    made = House(
        layout=layout,
        settings=settings,
        history=history,
        operators=operators,
        secrets=secrets,
        safe=safe,
        tenants=tenants,
        projects=projects,
        keys=keys,
        hosts=Hosts(tenants, history, keys_table.rules),
        agents=agents,
        connections=connections,
        rotation=Rotation(keys, keys_table, projects_table, connections, history, registrations),
        identities=Identities(keys, tenants),
        repositories=repositories,
        sessions=sessions,
        runs=runs,
        deployments=deployments,
        integrations=integrations,
        registrations=registrations,
        issues=issues,
        editing=Editing(tenants, projects, settings, sessions),
        updates=Updates(
            layout,
            Path(__file__).parent,
            settings.current,
            history,
            database=lambda: database_file(layout, settings.current().storage.database_url),
            scrub=secrets.scrub,
            mark=mark,
            environ=environ,
        ),
        backups=backups,
        trash=Trash(layout, leftovers, history, settings.current, restoring, close=database.close),
        sleep=Sleep(agents, safe, settings.current),
        doctor=Doctor(
            layout,
            settings,
            safe,
            keys.care,
            history,
            database=database_file(layout, places.read()[0].settings.storage.database_url),
            which=lambda name: process.which(name, process.environment()),
            playbooks=playbooks.program,
            integrations=lambda: findings(integrations.all(), issues.syncs()),
        ),
    )
    return permitted(made, operators.acting)
