"""`aiops-desktop seed-data` and `aiops-desktop seed-identities`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb
from aiops_desktop.cli.plain import table
from aiops_desktop.domain.identities import identity
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import COLOURS, Tenant, TenantDraft
from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

__all__ = ["SEED", "add", "identity"]

#: Tenant → address of its project: Azure DevOps, a private git host, GitLab on its own SSH port.
SEED = {
    "dcx": "git@ssh.dev.azure.com:v3/example-org/Platform%20Automation/flamelet-dcx",
    "iwf": "git@git.iwf.example:infrastructure/flamelet-iwf.git",
    "kbe": "ssh://git@gitlab.kbe.example:19022/operations/flamelet-kbe.git",
}
_BRANCH = "main"


def add(nouns: Nouns) -> None:
    """Add both to the command line."""
    data = verb(nouns, "seed-data", _data, "the tenants dcx, iwf and kbe with their projects")
    _owner(data)
    keys = verb(nouns, "seed-identities", _identities, "bring in SSH keys by their file names")
    _owner(keys)
    keys.add_argument("--source-dir", default="~/.ssh/syseng")
    keys.add_argument("--dry-run", action="store_true", help="only show what would be done")


def _owner(made: ArgumentParser) -> None:
    made.add_argument("--owner-email", default="", help="else AIOPS_ADMIN_EMAIL")


def _data(shell: Shell, options: Namespace) -> None:
    _admin(shell, options.owner_email)
    made: list[str] = []
    for number, (slug, address) in enumerate(SEED.items()):
        tenant = _tenant(shell, slug, COLOURS[number % len(COLOURS)], made)
        name = f"flamelet-{slug}"
        try:
            shell.house.projects.find(tenant.slug, name)
        except Missing:
            draft = ProjectDraft(tenant.id, address, name, _BRANCH, f"Seed project of {slug}")
            shell.house.projects.create(draft)
            made.append(f"{slug}/{name}")
    shell.show({"made": made}, "\n".join(f"Added {item}." for item in made) or "All was there.")


def _identities(shell: Shell, options: Namespace) -> None:
    folder = Path(options.source_dir).expanduser().absolute()
    rows = shell.house.identities.plan(folder)
    if not options.dry_run:
        _admin(shell, options.owner_email)
        chosen = tuple(rows)
        rows = list(
            shell.work("Bring in keys", lambda job: shell.house.identities.apply(chosen, job)).rows
        )
    told = [(one.file.name, one.tenant, one.key, one.note or one.act.value) for one in rows]
    shell.show(rows, table(("FILE", "TENANT", "KEY", "NOTE"), told))


def _tenant(shell: Shell, slug: str, colour: str, made: list[str]) -> Tenant:
    try:
        return shell.house.tenants.find(slug)
    except Missing:
        made.append(slug)
        draft = TenantDraft(slug, f"Seed tenant {slug}", colour)
        return shell.house.tenants.create(draft).tenant


def _admin(shell: Shell, typed: str) -> None:
    """Make sure that the owner is an operator."""
    email = typed or shell.house.settings.current().people.admin_email
    desk = shell.house.operators.at_desk()
    if email and email.strip().lower() not in {
        one.email for one in (desk, *shell.house.operators.all())
    }:
        shell.house.operators.create_admin(email)
