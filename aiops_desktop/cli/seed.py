"""`aiops-desktop seed-data` and `aiops-desktop seed-identities`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb
from aiops_desktop.cli.plain import table
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import COLOURS, Tenant, TenantDraft
from aiops_desktop.domain.trouble import Missing, Refused, Trouble

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

#: Tenant → address of its project: Azure DevOps, a private git host, GitLab on its own SSH port.
SEED = {
    "dcx": "git@ssh.dev.azure.com:v3/example-org/Platform%20Automation/flamelet-dcx",
    "iwf": "git@git.iwf.example:infrastructure/flamelet-iwf.git",
    "kbe": "ssh://git@gitlab.kbe.example:19022/operations/flamelet-kbe.git",
}
_BRANCH = "main"
_SUFFIX = "syseng"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a key file's name says: whose it is and what it will be called."""

    file: Path
    tenant: str
    key: str
    note: str = ""


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
    if not folder.is_dir():
        raise Missing(f"The folder {folder} is not there.", "Name another one with --source-dir.")
    found = [identity(path) for path in sorted(folder.iterdir()) if _private(path)]
    if not options.dry_run:
        _admin(shell, options.owner_email)
        found = [_import(shell, one) if not one.note else one for one in found]
    rows = [(one.file.name, one.tenant, one.key, one.note) for one in found]
    shell.show(found, table(("FILE", "TENANT", "KEY", "NOTE"), rows))


def identity(file: Path) -> Identity:
    """What a file's name says: `<type>-<tenant>[-more][-syseng]` or `<type>_<tenant>…`.

    The first part names the kind of key (id_rsa, id_ed25519, id). Names that do not say whose the
    key is are left alone, with a note.
    """
    parts = [part for part in file.name.split("-") if part]
    if len(parts) > 1 and parts[-1] == _SUFFIX:
        parts.pop()
    rest = parts[1:]
    if not rest:
        return Identity(file, "", "", "skipped: the name does not say whose key it is")
    return Identity(file, rest[0].lower(), f"{_SUFFIX}-{'-'.join(rest)}")


def _private(path: Path) -> bool:
    if path.suffix == ".pub" or not path.is_file() or path.name.startswith("."):
        return False
    return path.with_name(f"{path.name}.pub").is_file()


def _import(shell: Shell, one: Identity) -> Identity:
    made: list[str] = []
    try:
        tenant = _tenant(shell, one.tenant, COLOURS[0], made)
        shell.house.keys.add(tenant.id, one.key, one.file)
    except Refused as trouble:  # there already, or not a key: the others go on
        return Identity(one.file, one.tenant, one.key, f"skipped: {trouble.what}")
    except Trouble as trouble:
        return Identity(one.file, one.tenant, one.key, f"failed: {trouble.what}")
    return Identity(one.file, one.tenant, one.key, "added")


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
