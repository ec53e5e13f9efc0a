"""The demo: tenants and projects whose repositories lie on this computer, to try things with."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters.git.command import Git
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.projects import Project, ProjectDraft
from aiops_desktop.domain.tenants import COLOURS, Tenant, TenantDraft, TenantRoom
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.demo_files import REPOSITORIES

if TYPE_CHECKING:
    from aiops_desktop.services.house import House

#: Who writes the demo's commits.
AUTHOR = ("Demo", "demo@example.invalid")
#: Tenant → its projects; the first one of the first is the one the demo goes round with.
DEMO = {
    "Demo": ("web-shop", "infra", "handbook"),
    "Demo two": ("billing", "edge-proxies"),
}
#: What the local playbook of the first project writes, seen from its checkout.
PLAYBOOK_OUTPUT = Path("out/release.txt")

_CODEX = """# Written by the demo: Codex speaks to this model only.
model = "scripted"
model_provider = "scripted"
check_for_update_on_startup = false
[model_providers.scripted]
name = "scripted"
base_url = "{url}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
[analytics]
enabled = false
[features]
plugins = false
"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """The demo is there. `remotes` are the bare repositories by the id of their project."""

    tenants: tuple[Tenant, ...]
    projects: tuple[Project, ...]
    remotes: dict[int, Path]
    changes: Changes
    summary: str = ""


def remotes(house: House) -> Path:
    """The folder in which the demo's bare repositories lie."""
    return house.layout.data / "demo" / "remotes"


def seed(house: House, job: Job) -> Seeded:
    """Make the demo's tenants, projects and repositories; what is there already stays as it is.

    The projects are not cloned: that is the first thing one does with them. The demo assistant is
    switched on, so that a run works without an account.

    Raises:
        Missing: there is no git.
        Failed: the data folder cannot be written.
    """
    tenants: list[Tenant] = []
    projects: list[Project] = []
    places: dict[int, Path] = {}
    total = sum(len(names) for names in DEMO.values())
    for number, (tenant_name, names) in enumerate(DEMO.items()):
        tenant = _tenant(house, tenant_name, COLOURS[number])
        room = house.tenants.room(tenant.id)
        tenants.append(tenant)
        for name in names:
            job.progress(f"Making {tenant_name} / {name}", len(projects), total)
            place = remotes(house) / f"{tenant.slug}-{name}.git"
            if not place.exists():
                make_repository(place, name, room, job)
            project = _project(house, tenant, name, place)
            projects.append(project)
            places[project.id] = place
    house.projects.favourite(projects[0].id, True)
    if not house.settings.current().assistants.demo:
        house.settings.save({"assistants.demo": True})
    touched = Touched.TENANTS | Touched.PROJECTS | Touched.SETTINGS | Touched.HISTORY
    summary = f"{len(tenants)} tenants and {len(projects)} projects are there."
    return Seeded(tuple(tenants), tuple(projects), places, Changes(touched), summary)


def make_repository(place: Path, name: str, room: TenantRoom, job: Job) -> None:
    """Make a bare repository with a small Ansible project in it, commit by commit.

    Args:
        place: where it shall lie; nothing half-made is left there.
        name: which of the demo's projects.
        room: whose environment git runs in.
        job: its Stop ends it.
    """
    work = place.with_name(f".{place.stem}-work")
    half = place.with_name(f".{place.stem}-half.git")
    for left in (work, half):
        shutil.rmtree(left, ignore_errors=True)
    work.mkdir(parents=True)
    git = Git(work, room)
    who = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in zip(("NAME", "EMAIL"), AUTHOR, strict=True)
    }
    try:
        git.run("init", "-q", "-b", "main", job=job)
        for subject, files in REPOSITORIES[name]:
            for path, text in files.items():
                (work / path).parent.mkdir(parents=True, exist_ok=True)
                (work / path).write_text(text, encoding="utf-8")
            git.run("add", "--all", job=job)
            git.run("-c", "commit.gpgSign=false", "commit", "-q", "-m", subject, job=job, more=who)
        git.run("clone", "-q", "--bare", "--no-hardlinks", ".", str(half), job=job)
        half.rename(place)
    finally:
        for left in (work, half):
            shutil.rmtree(left, ignore_errors=True)


def use_model(house: House, tenant_id: int, url: str, command: str) -> None:
    """Have a tenant's Codex speak to one model server only.

    Args:
        house: the services.
        tenant_id: whose Codex.
        url: base address of a server that speaks the OpenAI Responses format.
        command: the Codex to use.
    """
    home = house.tenants.room(tenant_id).assistants / "codex"
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "config.toml").write_text(_CODEX.format(url=url), encoding="utf-8")
    house.settings.save({"assistants.codex_command": command})


def _tenant(house: House, name: str, colour: str) -> Tenant:
    try:
        return house.tenants.find(name)
    except Missing:
        draft = TenantDraft(
            name,
            "Made by the demo; delete it when you like.",
            colour,
            author_name=AUTHOR[0],
            author_email=AUTHOR[1],
        )
        return house.tenants.create(draft).tenant


def _project(house: House, tenant: Tenant, name: str, place: Path) -> Project:
    try:
        return house.projects.find(tenant.name, name)
    except Missing:
        draft = ProjectDraft(
            tenant.id, str(place), name, default_branch="main", description="A demo project."
        )
        return house.projects.create(draft).project


def tip(house: House, project: Project, branch: str = "main") -> str:
    """The commit a branch of a demo repository is at: what really arrived there.

    Raises:
        Failed: there is no such branch.
    """
    return _far(house, project).text("rev-parse", "--verify", f"refs/heads/{branch}")


def file_at(house: House, project: Project, path: str, ref: str) -> str:
    """A file's text in a demo repository, at a branch or commit.

    Raises:
        Failed: there is no such file.
    """
    found = _far(house, project).run("show", f"{ref}:{path}")
    return found.text


def _far(house: House, project: Project) -> Git:
    return Git(Path(project.remote_url), house.tenants.room(project.tenant_id))
