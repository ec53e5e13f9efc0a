"""`aiops-desktop integration …`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli import integration_links
from aiops_desktop.cli.integration_links import chosen, named, tenant_of
from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.domain.forges import Need
from aiops_desktop.domain.integrations import (
    FORGES,
    TOKEN_DAYS,
    CheckState,
    IntegrationDraft,
    IntegrationEntry,
    IntegrationKind,
    IntegrationReport,
    IntegrationSaved,
    scopes_for,
    token_steps,
)
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


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "integration", "accounts of tenants on GitLab and GitHub")
    verb(verbs, "list", _list, "the integrations of all tenants").add_argument(
        "--tenant", default="", help="only this one's"
    )
    made = verb(verbs, "add", _add, "add an account; the token comes on standard input", "tenant")
    _fields(made)
    made.add_argument("--kind", choices=[kind.value for kind in FORGES], default="gitlab")
    tested = named(verb(verbs, "test", _test, "whose token it is, and what it may", "tenant"))
    tested.set_defaults(changes=False)
    changed = named(verb(verbs, "edit", _edit, "change it; --token asks for a new one", "tenant"))
    _fields(changed)
    changed.add_argument("--token", action="store_true", help="read a new token, too")
    rotated = verb(verbs, "rotate", _rotate, "a new token in the place of the old one", "tenant")
    named(rotated).add_argument(
        "--on-server", action="store_true", help="have the server make it (GitLab from 16.10 on)"
    )
    rotated.add_argument("--days", type=int, default=TOKEN_DAYS, help="how long it lives (90)")
    named(verb(verbs, "disable", _disable, "send nothing with its token any more", "tenant"))
    named(verb(verbs, "enable", _enable, "use it again", "tenant"))
    named(yes(verb(verbs, "remove", _remove, "forget it and its token", "tenant")))
    integration_links.add(verbs)
    help_ = verb(verbs, "token-help", _help, "how to get a token, with the scopes it needs")
    help_.add_argument("--kind", choices=[kind.value for kind in FORGES], default="gitlab")
    help_.add_argument("--for", dest="wanted", action="append", choices=list(_WANTED), default=[])


def _fields(made: ArgumentParser) -> None:
    made.add_argument("--name", default=None, help="by default the kind and the host")
    made.add_argument("--url", default=None, help="base address, without /api/v4")
    made.add_argument("--ca-file", default=None, help="PEM file of the server's own authority")


# Accounts -----------------------------------------------------------------------------------------


def _list(shell: Shell, options: Namespace) -> None:
    now = datetime.now(UTC)
    shell.rows(
        shell.house.integrations.entries(tenant_of(shell, options.tenant)),
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
    one = chosen(shell, options)
    made = shell.work(f"Test {one.name}", lambda job: shell.house.integrations.look(one.id, job))
    _saved(shell, made)
    if made.report is not None and not made.report.good:
        kind = NotTrusted if made.report.field == "token" else Refused
        raise kind(made.report.what, made.report.hint)


def _edit(shell: Shell, options: Namespace) -> None:
    one = chosen(shell, options)
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
    one, house = chosen(shell, options), shell.house
    if options.on_server:
        made = shell.work(
            f"Rotate {one.name}",
            lambda job: house.integrations.tokens.renew(one.id, job, options.days),
        )
        end = made.integration.expires
        until = f" until {end:%Y-%m-%d}" if end else ""
        _saved(shell, made, f"The server made a new token; it is kept and works{until}.")
        return
    token = shell.secret("New token:")
    made = shell.work(
        f"Rotate {one.name}", lambda job: shell.house.integrations.rotate(one.id, token, job)
    )
    _saved(shell, made, "The new token is in use. Revoke the old one there.")


def _disable(shell: Shell, options: Namespace) -> None:
    one = chosen(shell, options)
    made = shell.house.integrations.set_enabled(one.id, False)
    shell.show(made.integration, f"“{one.name}” is switched off.")


def _enable(shell: Shell, options: Namespace) -> None:
    one = chosen(shell, options)
    made = shell.house.integrations.set_enabled(one.id, True)
    shell.show(made.integration, f"“{one.name}” is switched on.")


def _remove(shell: Shell, options: Namespace) -> None:
    one = chosen(shell, options)
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


# Small things -------------------------------------------------------------------------------------


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
