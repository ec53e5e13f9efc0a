"""`aiops-desktop project …`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import changed, noun, verb, yes
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_FIELDS = {
    "default_branch": "branch",
    "description": "description",
    "semaphore_project": "semaphore_project",
}


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "project", "repositories of tenants: list, add, edit, delete")
    verb(verbs, "list", _list, "all projects").add_argument("--tenant", default="")
    verb(verbs, "show", _show, "one project", "project")
    new = verb(verbs, "add", _add, "add a project (clone it with “clone”)", "tenant", "address")
    new.add_argument("--checkout", default="", help="an existing checkout to adopt")
    _fields(new)
    edit = verb(verbs, "edit", _edit, "change a project", "project")
    edit.add_argument("--address")
    _fields(edit)
    star = verb(verbs, "star", _star, "put a project among the favourites", "project")
    star.add_argument("--off", action="store_true", help="take it out again")
    yes(verb(verbs, "delete", _delete, "delete a project and its checkout", "project"))


def _fields(made: ArgumentParser) -> None:
    for name in ("--name", "--branch", "--description"):
        made.add_argument(name)
    made.add_argument("--key", help="name of the key it tries first; empty: none of its own")
    made.add_argument("--semaphore-project", type=int, metavar="NUMBER")


def _list(shell: Shell, options: Namespace) -> None:
    tenants = {tenant.id: tenant for tenant in shell.house.tenants.all()}
    wanted = shell.house.tenants.find(options.tenant).id if options.tenant else None
    shell.settle()
    shell.rows(
        shell.house.projects.all(wanted),
        ("PROJECT", "STATE", "BRANCH", "ADDRESS"),
        lambda p: (
            f"{tenants[p.tenant_id].name}/{p.name}",
            p.state,
            p.default_branch,
            p.remote_url,
        ),
        none="There is no project yet. Add one with “project add”.",
    )


def _show(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    lines = {
        "project": project.name,
        "address": project.remote_url,
        "branch": project.default_branch,
        "checkout": project.checkout,
        "state": project.state.value,
        "trouble": project.clone_error,
    }
    shell.show(project, "\n".join(f"{name:10} {value}" for name, value in lines.items() if value))


def _add(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    draft = ProjectDraft(
        tenant.id, options.address, name=options.name or "", checkout=options.checkout
    )
    draft = replace(draft, **changed(options, **_FIELDS))
    draft = replace(draft, key_id=_key(shell, tenant.id, options.key, None))
    project = shell.house.projects.create(draft).project
    shell.show(project, f"Added the project “{tenant.name}/{project.name}”.")


def _edit(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    draft = ProjectDraft(
        project.tenant_id,
        project.remote_url,
        project.name,
        project.default_branch,
        project.description,
        _key(shell, project.tenant_id, options.key, project.key_id),
        project.semaphore_project,
    )
    draft = replace(draft, **changed(options, name="name", remote_url="address", **_FIELDS))
    saved = shell.house.projects.edit(project.id, draft).project
    shell.show(saved, f"Changed the project “{saved.name}”.")


def _key(shell: Shell, tenant_id: int, name: str | None, before: int | None) -> int | None:
    if name is None:
        return before
    if not name:
        return None
    for key in shell.house.keys.all(tenant_id):
        if key.name.casefold() == name.casefold():
            return key.id
    raise Missing(f"This tenant has no key “{name}”.", "Look at the list of its keys.")


def _star(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    saved = shell.house.projects.favourite(project.id, not options.off).project
    shell.show(saved, f"“{saved.name}” is {'not ' if options.off else ''}a favourite.")


def _delete(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    shell.confirm_doom(shell.house.projects.doomed(project.id))
    done = shell.work(
        f"Delete {project.name}", lambda job: shell.house.projects.delete(project.id, job)
    )
    shell.show(done, done.summary)
