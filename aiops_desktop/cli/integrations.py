"""`aiops-desktop integration …`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.key_parts import found
from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.domain.forges import Need
from aiops_desktop.domain.integrations import (
    FORGES,
    CheckState,
    Integration,
    IntegrationDraft,
    IntegrationEntry,
    IntegrationKind,
    IntegrationReport,
    IntegrationSaved,
    scopes_for,
    token_steps,
)
from aiops_desktop.domain.keys import Registration
from aiops_desktop.domain.trouble import NotTrusted, Refused

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_WANTED = {
    "read": (Need.READ,),
    "issues": (Need.READ, Need.ISSUES),
    "clone": (Need.READ, Need.CLONE),
    "push": (Need.READ, Need.PUSH),
    "keys": (Need.USER_KEY, Need.DEPLOY_KEY),
}
_SIGNS = {
    CheckState.GOOD: "ok",
    CheckState.WARNING: "!",
    CheckState.BAD: "FAILED",
    CheckState.SKIPPED: "-",
    CheckState.DATE: "",
}
_INTEGRATION = "its name or number, as “integration list” shows it"


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "integration", "accounts of tenants on GitLab and GitHub")
    verb(verbs, "list", _list, "the integrations of all tenants").add_argument(
        "--tenant", default="", help="only this one's"
    )
    made = verb(verbs, "add", _add, "add an account; the token comes on standard input", "tenant")
    _fields(made)
    made.add_argument("--kind", choices=[kind.value for kind in FORGES], default="gitlab")
    tested = _one(verb(verbs, "test", _test, "whose token it is, and what it may", "tenant"))
    tested.set_defaults(changes=False)
    changed = _one(verb(verbs, "edit", _edit, "change it; --token asks for a new one", "tenant"))
    _fields(changed)
    changed.add_argument("--token", action="store_true", help="read a new token, too")
    _one(verb(verbs, "rotate", _rotate, "a new token in the place of the old one", "tenant"))
    _one(verb(verbs, "disable", _disable, "send nothing with its token any more", "tenant"))
    _one(verb(verbs, "enable", _enable, "use it again", "tenant"))
    _one(yes(verb(verbs, "remove", _remove, "forget it and its token", "tenant")))
    _link_verbs(verbs)
    _key_verbs(verbs)
    help_ = verb(verbs, "token-help", _help, "how to get a token, with the scopes it needs")
    help_.add_argument("--kind", choices=[kind.value for kind in FORGES], default="gitlab")
    help_.add_argument("--for", dest="wanted", action="append", choices=list(_WANTED), default=[])


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
    shown = _one(verb(verbs, "projects", _projects, "projects of the forge", "tenant"))
    shown.add_argument("--search", default="")
    cleaned = verb(verbs, "clean-remotes", _clean, "take tokens out of checkouts' addresses")
    cleaned.add_argument("--tenant", default="", help="only this one's")
    cleaned.add_argument("--dry-run", action="store_true", help="only show them")


def _key_verbs(verbs: Nouns) -> None:
    for name, does, about in (
        ("add-key", _add_key, "register a key of the tenant there"),
        ("remove-key", _remove_key, "take a key away from there"),
    ):
        made = _one(verb(verbs, name, does, about, "tenant"))
        made.add_argument("name", metavar="key", help="name of the key")
        made.add_argument("--project", default="", help="as deploy key of this path there")
        if does is _add_key:
            made.add_argument("--write", action="store_true", help="the deploy key may push")
    verb(verbs, "find-keys", _find_keys, "ask the forges which keys they know", "tenant")


def _one(made: ArgumentParser) -> ArgumentParser:
    made.add_argument("integration", help=_INTEGRATION)
    return made


def _fields(made: ArgumentParser) -> None:
    made.add_argument("--name", default=None, help="by default the kind and the host")
    made.add_argument("--url", default=None, help="base address, without /api/v4")
    made.add_argument("--ca-file", default=None, help="PEM file of the server's own authority")


# Accounts -----------------------------------------------------------------------------------------


def _list(shell: Shell, options: Namespace) -> None:
    now = datetime.now(UTC)
    shell.rows(
        shell.house.integrations.entries(_tenant(shell, options.tenant)),
        (
            "ID",
            "TENANT",
            "NAME",
            "KIND",
            "SERVER",
            "ACCOUNT",
            "SCOPES",
            "EXPIRES",
            "STATE",
            "LINKS",
        ),
        lambda entry: _row(entry, now),
        none="No integration yet. “integration add” adds one.",
    )


def _row(entry: IntegrationEntry, now: datetime) -> tuple[object, ...]:
    one = entry.integration
    return (
        one.id,
        entry.tenant,
        one.name,
        one.kind.shown,
        one.address,
        one.username,
        ", ".join(one.scopes) if one.scopes is not None else "not told",
        f"{one.expires:%Y-%m-%d}" if one.expires else "never",
        one.state(now).value,
        len(entry.links),
    )


def _add(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    draft = IntegrationDraft(
        tenant.id,
        IntegrationKind(options.kind),
        options.name or "",
        options.url or "",
        shell.secret("Token:"),
        _file(options.ca_file),
    )
    made = shell.work("Add an integration", lambda job: shell.house.integrations.add(draft, job))
    _saved(shell, made, f"“{made.integration.name}” was added.")


def _test(shell: Shell, options: Namespace) -> None:
    one = _found(shell, options)
    made = shell.work(f"Test {one.name}", lambda job: shell.house.integrations.look(one.id, job))
    _saved(shell, made)
    if made.report is not None and not made.report.good:
        kind = NotTrusted if made.report.field == "token" else Refused
        raise kind(made.report.what, made.report.hint)


def _edit(shell: Shell, options: Namespace) -> None:
    one = _found(shell, options)
    draft = IntegrationDraft(
        one.tenant_id,
        one.kind,
        one.name if options.name is None else options.name,
        one.base_url if options.url is None else options.url,
        shell.secret("New token:") if options.token else "",
        one.ca_file if options.ca_file is None else _file(options.ca_file),
    )
    made = shell.work(
        f"Edit {one.name}", lambda job: shell.house.integrations.edit(one.id, draft, job)
    )
    _saved(shell, made, f"“{made.integration.name}” was changed.")


def _rotate(shell: Shell, options: Namespace) -> None:
    one = _found(shell, options)
    token = shell.secret("New token:")
    made = shell.work(
        f"Rotate {one.name}", lambda job: shell.house.integrations.rotate(one.id, token, job)
    )
    _saved(shell, made, "The new token is in use. Revoke the old one there.")


def _disable(shell: Shell, options: Namespace) -> None:
    one = _found(shell, options)
    made = shell.house.integrations.set_enabled(one.id, False)
    shell.show(made.integration, f"“{one.name}” is switched off.")


def _enable(shell: Shell, options: Namespace) -> None:
    one = _found(shell, options)
    made = shell.house.integrations.set_enabled(one.id, True)
    shell.show(made.integration, f"“{one.name}” is switched on.")


def _remove(shell: Shell, options: Namespace) -> None:
    one = _found(shell, options)
    doomed = shell.house.integrations.doomed(one.id)
    for title, names in (
        ("linked projects, their issues are forgotten here", doomed.projects),
        ("projects that use its token for git", doomed.pushes),
        ("keys that stay registered there", doomed.keys),
    ):
        if names:
            shell.note(f"  {title}: {', '.join(names)}")
    shell.note(f"  {doomed.way_back}")
    shell.confirm(f"Remove “{one.name}”?")
    done = shell.house.integrations.remove(one.id)
    shell.show(done, done.summary)


def _help(shell: Shell, options: Namespace) -> None:
    kind = IntegrationKind(options.kind)
    needs = [need for word in options.wanted or ["push"] for need in _WANTED[word]]
    scopes = scopes_for(kind, needs)
    steps = (*token_steps(kind, scopes), "Run “integration add” and paste it.")
    told = {"scopes": scopes, "steps": steps}
    shell.show(told, "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1)))


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
    entries = shell.house.integrations.entries(_tenant(shell, options.tenant))
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
    one = _found(shell, options)
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
    leaks = remotes.find(_tenant(shell, options.tenant))
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
    one, key = _found(shell, options), found(shell, options)
    made = shell.work(
        f"Register {options.name}",
        lambda job: shell.house.registrations.add(
            key.id, one.id, job, project=options.project, writes=options.write
        ),
    )
    shell.show(made.key, f"“{made.key.name}” is registered with {one.host}.")


def _remove_key(shell: Shell, options: Namespace) -> None:
    one, key = _found(shell, options), found(shell, options)
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


# Small things -------------------------------------------------------------------------------------


def _tenant(shell: Shell, name: str) -> int | None:
    return shell.house.tenants.find(name).id if name else None


def _found(shell: Shell, options: Namespace) -> Integration:
    tenant = shell.house.tenants.find(options.tenant)
    return shell.house.integrations.find(tenant.id, options.integration)


def _file(told: str | None) -> str:
    return str(Path(told).expanduser().absolute()) if told else ""


def _saved(shell: Shell, made: IntegrationSaved, text: str = "") -> None:
    lines = _lines(made.report) if made.report else []
    shell.show(
        {"integration": made.integration, "report": made.report},
        "\n".join([*lines, *([text] if text else [])]),
    )


def _lines(report: IntegrationReport) -> list[str]:
    return [f"{_SIGNS[c.state]:7}{c.text:46}{c.note}".rstrip() for c in report.checks]
