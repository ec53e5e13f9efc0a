"""The seed data: the tenants dcx, iwf and kbe, each with its project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import COLOURS, Tenant, TenantDraft
from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.house import House

#: Tenant → address of its project: Azure DevOps, a private git host, GitLab on its own SSH port.
SEED = {
    "dcx": "git@ssh.dev.azure.com:v3/example-org/Platform%20Automation/flamelet-dcx",
    "iwf": "git@git.iwf.example:infrastructure/flamelet-iwf.git",
    "kbe": "ssh://git@gitlab.kbe.example:19022/operations/flamelet-kbe.git",
}
_BRANCH = "main"


@dataclass(frozen=True, slots=True)
class Planted:
    """What was added: “dcx” for a tenant, “dcx/flamelet-dcx” for a project; () when all was there.

    `owner` is the e-mail of the operator who has them, "" when none was named.
    """

    made: tuple[str, ...]
    owner: str
    changes: Changes
    summary: str


def seed(house: House, owner_email: str = "", job: Job | None = None) -> Planted:
    """Add what is missing of the seed's tenants and projects; nothing is cloned or changed.

    Args:
        house: the services.
        owner_email: who shall be an admin for it; "" is the setting AIOPS_ADMIN_EMAIL.
        job: told how far it is.

    Raises:
        Refused: the e-mail is none, or the one who acts may not do this.
    """
    owner = make_admin(house, owner_email)
    made: list[str] = []
    for number, (name, address) in enumerate(SEED.items()):
        if job:
            job.progress(f"Adding {name}", number, len(SEED))
        tenant = _tenant(house, name, COLOURS[number % len(COLOURS)], made)
        project = f"flamelet-{name}"
        try:
            house.projects.find(tenant.slug, project)
        except Missing:
            about = f"Seed project of {name}"
            house.projects.create(ProjectDraft(tenant.id, address, project, _BRANCH, about))
            made.append(f"{name}/{project}")
    touched = Touched.TENANTS | Touched.PROJECTS | Touched.HISTORY if made else Touched.NOTHING
    summary = "\n".join(f"Added {item}." for item in made) or "All was there."
    return Planted(tuple(made), owner, Changes(touched), summary)


def make_admin(house: House, typed: str) -> str:
    """See that this person is an operator, an admin when new; the e-mail in lower case.

    `typed` "" is the setting AIOPS_ADMIN_EMAIL; when that is empty, too, nobody is added.
    """
    email = (typed.strip() or house.settings.current().people.admin_email).lower()
    house.operators.at_desk()
    if email and house.operators.find(email) is None:
        return house.operators.create_admin(email).operator.email
    return email


def _tenant(house: House, name: str, colour: str, made: list[str]) -> Tenant:
    try:
        return house.tenants.find(name)
    except Missing:
        made.append(name)
        return house.tenants.create(TenantDraft(name, f"Seed tenant {name}", colour)).tenant
