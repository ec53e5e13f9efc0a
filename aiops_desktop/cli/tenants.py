"""`aiops-desktop tenant …`."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import changed, noun, verb, yes
from aiops_desktop.domain.tenants import TenantDraft

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_FIELDS = {
    "description": "description",
    "colour": "colour",
    "author_name": "author_name",
    "author_email": "author_email",
    "guarded": "guarded",
}


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "tenant", "customers: list, add, edit, delete")
    verb(verbs, "list", _list, "all tenants")
    verb(verbs, "show", _show, "one tenant and its folders", "tenant")
    _fields(verb(verbs, "add", _add, "add a tenant", "name"))
    edit = verb(verbs, "edit", _edit, "change a tenant", "tenant")
    edit.add_argument("--name")
    _fields(edit)
    yes(verb(verbs, "delete", _delete, "delete a tenant and what is in it", "tenant"))


def _fields(made: ArgumentParser) -> None:
    for name in ("--description", "--colour", "--author-name", "--author-email"):
        made.add_argument(name)
    made.add_argument(
        "--guarded",
        action=BooleanOptionalAction,
        help="deployments to production ask for the typed name first",
    )


def _list(shell: Shell, _options: Namespace) -> None:
    counts: dict[int, int] = {}
    for project in shell.house.projects.all():
        counts[project.tenant_id] = counts.get(project.tenant_id, 0) + 1
    shell.rows(
        shell.house.tenants.all(),
        ("TENANT", "SLUG", "PROJECTS", "AUTHOR", "DESCRIPTION"),
        lambda t: (t.name, t.slug, counts.get(t.id, 0), t.author_email, t.description),
        none="There is no tenant yet. Add one with “tenant add”.",
    )


def _show(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    room = shell.house.tenants.room(tenant.id)
    lines = {
        "tenant": tenant.name,
        "author": f"{room.author_name} <{room.author_email}>",
        "folder": room.folder,
        "checkouts": room.checkouts,
        "known hosts": room.known_hosts,
        "terminals": f"tmux -L {room.tmux_socket} attach -t {room.shell_session}",
        "keys": ", ".join(key.name for key in room.keys) or "none",
    }
    shell.show(
        {"tenant": tenant, "room": room},
        "\n".join(f"{name:12} {value}" for name, value in lines.items()),
    )


def _add(shell: Shell, options: Namespace) -> None:
    draft = replace(TenantDraft(options.name), **changed(options, **_FIELDS))
    tenant = shell.house.tenants.create(draft).tenant
    shell.show(tenant, f"Added the tenant “{tenant.name}” ({tenant.slug}).")


def _edit(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    draft = TenantDraft(
        tenant.name,
        tenant.description,
        tenant.colour,
        tenant.author_name,
        tenant.author_email,
        tenant.guarded,
    )
    draft = replace(draft, **changed(options, name="name", **_FIELDS))
    saved = shell.house.tenants.edit(tenant.id, draft).tenant
    shell.show(saved, f"Changed the tenant “{saved.name}”.")


def _delete(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    shell.confirm_doom(shell.house.tenants.doomed(tenant.id))
    done = shell.work(
        f"Delete {tenant.name}", lambda job: shell.house.tenants.delete(tenant.id, job)
    )
    shell.show(done, done.summary)
