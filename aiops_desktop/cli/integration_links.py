"""`aiops-desktop integration …`: what is linked through them, and keys registered there."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.key_parts import found
from aiops_desktop.cli.parts import verb
from aiops_desktop.domain.integrations import Integration
from aiops_desktop.domain.keys import Registration
from aiops_desktop.domain.trouble import Refused

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_INTEGRATION = "its name or number, as “integration list” shows it"


def add(verbs: Nouns) -> None:
    """Add these verbs to the noun."""
    _link_verbs(verbs)
    _key_verbs(verbs)


def _link_verbs(verbs: Nouns) -> None:
    linked = verb(verbs, "link", _link, "link a project to the forge's", "project")
    linked.add_argument("--integration", default="", help="which, when the tenant has several")
    linked.add_argument(
        "--to", default="", help="path, id or address there; by default what its remote says"
    )
    verb(verbs, "links", _links, "which projects are linked").add_argument(
        "--tenant", default="", help="only this one's"
    )
    verb(verbs, "unlink", _unlink, "take a project's links away", "project")
    shown = named(verb(verbs, "projects", _projects, "projects of the forge", "tenant"))
    shown.add_argument("--search", default="")
    cleaned = verb(verbs, "clean-remotes", _clean, "take tokens out of checkouts' addresses")
    cleaned.add_argument("--tenant", default="", help="only this one's")
    cleaned.add_argument("--dry-run", action="store_true", help="only show them")


def _key_verbs(verbs: Nouns) -> None:
    for name, does, about in (
        ("add-key", _add_key, "register a key of the tenant there"),
        ("remove-key", _remove_key, "take a key away from there"),
    ):
        made = named(verb(verbs, name, does, about, "tenant"))
        made.add_argument("name", metavar="key", help="name of the key")
        made.add_argument("--project", default="", help="as deploy key of this path there")
        if does is _add_key:
            made.add_argument("--write", action="store_true", help="the deploy key may push")
    verb(verbs, "find-keys", _find_keys, "ask the forges which keys they know", "tenant")


# Links --------------------------------------------------------------------------------------------


def _link(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    house = shell.house
    if options.integration:
        one = house.integrations.find(project.tenant_id, options.integration)
    else:
        one = _only(shell, project.tenant_id, project.id)
    made = shell.work(
        f"Link {project.name}",
        lambda job: house.integrations.projects.link(project.id, one.id, options.to, job),
    )
    shell.show(made.link, f"“{project.name}” is linked to {made.link.path} on {one.host}.")


def _only(shell: Shell, tenant_id: int, project_id: int) -> Integration:
    """The integration a project's address suggests, else the tenant's only one."""
    proposed = shell.house.integrations.projects.proposals(tenant_id, project_id=project_id)
    if proposed:
        return shell.house.integrations.get(proposed[0].integration_id)
    usable = [one for one in shell.house.integrations.all(tenant_id) if one.enabled]
    if len(usable) != 1:
        raise Refused(
            "Which integration is meant is not clear."
            if usable
            else "This tenant has no integration yet.",
            "Name it with --integration." if usable else "Add one with “integration add”.",
        )
    return usable[0]


def _links(shell: Shell, options: Namespace) -> None:
    entries = shell.house.integrations.entries(tenant_of(shell, options.tenant))
    shell.rows(
        [(entry, link) for entry in entries for link in entry.links],
        ("ID", "TENANT", "PROJECT", "INTEGRATION", "PATH"),
        lambda pair: (
            pair[1].link.id,
            pair[0].tenant,
            pair[1].project,
            pair[0].integration.name,
            pair[1].link.path,
        ),
        none="No project is linked yet.",
    )


def _unlink(shell: Shell, options: Namespace) -> None:
    project = shell.project(options.project)
    links = shell.house.integrations.links(project_id=project.id)
    for link in links:
        shell.note(shell.house.integrations.projects.unlink(link.id).summary)
    shell.show([link.id for link in links], "" if links else "It was linked to nothing.")


def _projects(shell: Shell, options: Namespace) -> None:
    one = chosen(shell, options)
    offered = shell.work(
        f"Ask {one.name}",
        lambda job: shell.house.integrations.projects.offered(one.id, options.search, job),
    )
    shell.rows(
        offered,
        ("ID", "PATH", "ISSUES", "ADDRESS"),
        lambda each: (
            each.external_id,
            each.path,
            "yes" if each.issues else "no",
            each.clone_ssh or each.clone_https,
        ),
    )


def _clean(shell: Shell, options: Namespace) -> None:
    remotes = shell.house.integrations.remotes
    leaks = remotes.find(tenant_of(shell, options.tenant))
    shell.rows(
        leaks,
        ("PROJECT", "REMOTE", "ADDRESS WITHOUT ITS TOKEN"),
        lambda leak: (leak.project, leak.remote, leak.address),
        none="No address of a checkout holds a token.",
    )
    if not options.dry_run:
        for project_id in dict.fromkeys(leak.project_id for leak in leaks):
            shell.note(remotes.clean(project_id).summary)


# Keys ---------------------------------------------------------------------------------------------


def _add_key(shell: Shell, options: Namespace) -> None:
    one, key = chosen(shell, options), found(shell, options)
    made = shell.work(
        f"Register {options.name}",
        lambda job: shell.house.registrations.add(
            key.id, one.id, job, project=options.project, writes=options.write
        ),
    )
    shell.show(made.key, f"“{made.key.name}” is registered with {one.host}.")


def _remove_key(shell: Shell, options: Namespace) -> None:
    one, key = chosen(shell, options), found(shell, options)
    place = f"deploy key of {options.project}" if options.project else "user"
    where = next(
        (w for w in key.registered if (w.forge, w.place) == (one.host, place)),
        Registration(one.host, place),
    )
    done = shell.work(
        f"Remove {options.name}",
        lambda job: shell.house.registrations.remove(key.id, where, job),
    )
    shell.show(done, done.summary)


def _find_keys(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    done = shell.work("Look for keys", lambda job: shell.house.registrations.find(tenant.id, job))
    shell.show(done, done.summary)


def tenant_of(shell: Shell, name: str) -> int | None:
    """The id of a tenant, None for all."""
    return shell.house.tenants.find(name).id if name else None


def chosen(shell: Shell, options: Namespace) -> Integration:
    """The integration that `tenant` and `integration` mean.

    Raises:
        Missing: the tenant has none of this name.
    """
    tenant = shell.house.tenants.find(options.tenant)
    return shell.house.integrations.find(tenant.id, options.integration)


def named(made: ArgumentParser) -> ArgumentParser:
    """The argument that names an integration."""
    made.add_argument("integration", help=_INTEGRATION)
    return made
