"""What the verbs on integrations share: drafts, what a test found, what the history keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from aiops_desktop.domain.integrations import Integration, IntegrationDraft, IntegrationReport
from aiops_desktop.domain.remotes import parse_remote
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.services.integration_tokens import below


def draft_of(one: Integration) -> IntegrationDraft:
    """What a form shows of an integration that is there; without its token."""
    return IntegrationDraft(one.tenant_id, one.kind, one.name, one.base_url, ca_file=one.ca_file)


def seen(one: Integration, report: IntegrationReport) -> Integration:
    """The same with what a test found."""
    found = report.account
    if found is None:
        return replace(one, what=report.what, hint=report.hint)
    return replace(
        one,
        username=found.person.login,
        person=found.person.name,
        scopes=found.scopes,
        expires=found.expires,
        version=found.version,
        tested=datetime.now(UTC),
        what="",
        hint="",
    )


def facts(one: Integration) -> dict[str, str]:
    """What the history keeps of an integration."""
    made = {"server": one.base_url, "account": one.username}
    if one.scopes is not None:
        made["scopes"] = ", ".join(one.scopes)
    if one.expires is not None:
        made["expires"] = f"{one.expires:%Y-%m-%d}"
    return made


def by_web(remote_url: str, base_url: str) -> bool:
    """Whether git reaches a project over https on this server."""
    try:
        return below(base_url, parse_remote(remote_url))
    except (Trouble, KeyError):
        return False
