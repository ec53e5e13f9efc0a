"""Tests an account on a forge, and says what was found in the order in which things fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from aiops_desktop.adapters import forges
from aiops_desktop.domain.forges import (
    Account,
    Forge,
    Need,
    NotAForge,
    NotAllowed,
    Rejected,
    Unreachable,
)
from aiops_desktop.domain.integrations import (
    SCOPES,
    SOON,
    Check,
    CheckState,
    IntegrationDraft,
    IntegrationKind,
    IntegrationReport,
)
from aiops_desktop.domain.trouble import NotTrusted, Trouble
from aiops_desktop.jobs.job import Job

#: What is lost without a need, as a short phrase.
_LOST = {
    Need.READ: "no projects, no issues",
    Need.ISSUES: "issues can only be read",
    Need.CLONE: "no clone over https",
    Need.PUSH: "no push over https",
    Need.USER_KEY: "no keys of the account",
    Need.DEPLOY_KEY: "no deploy keys",
}
_HAS = {
    Need.READ: "projects and issues",
    Need.ISSUES: "issues can be changed",
    Need.CLONE: "clone over https",
    Need.PUSH: "push over https",
    Need.USER_KEY: "keys of the account",
    Need.DEPLOY_KEY: "deploy keys",
}
_SKIPPED = {
    1: Check(CheckState.SKIPPED, "Token not looked at"),
    2: Check(CheckState.SKIPPED, "Scopes not looked at"),
}


def check(
    draft: IntegrationDraft,
    token: str,
    job: Job,
    timeout: float,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> IntegrationReport:
    """Ask the forge whose token this is; trouble is in the report, not raised.

    Raises:
        Refused: no address, at its field.
        Stopped: the person pressed Stop.
    """
    base = forges.clean_address(draft.base_url, draft.kind)
    begun = time.monotonic()
    first: Trouble | None = None
    try:
        for candidate in forges.candidates(base):
            job.progress(f"Asking {candidate.split('://')[-1]}")
            door = forges.connect(
                draft.kind, candidate, token, ca_file=draft.ca_file, timeout=timeout
            )
            try:
                found = door.account(job)
            except NotAForge as trouble:  # perhaps the address of a page on it
                first = first or trouble
                continue
            checks = _good(draft, candidate, found, _count(door, job), now())
            seconds = time.monotonic() - begun
            return IntegrationReport(checks, candidate, found, seconds=seconds)
    except Trouble as trouble:
        first = trouble
    assert first is not None  # noqa: S101 - there is one candidate at least
    return IntegrationReport(
        _bad(first, draft.kind),
        base,
        what=first.what,
        hint=first.hint,
        field=first.field or _field(first),
        seconds=time.monotonic() - begun,
    )


def _count(door: Forge, job: Job) -> str:
    """How many projects there are, as far as one page tells; "" when that cannot be asked."""
    try:
        page = next(door.projects(job=job), ())
    except Trouble:
        return ""
    if not page:
        return "no projects yet"
    more = "+" if len(page) >= 100 else ""
    return f"{len(page)}{more} project{'' if len(page) == 1 else 's'}"


def _good(
    draft: IntegrationDraft, base: str, found: Account, count: str, now: datetime
) -> tuple[Check, ...]:
    secure = base.startswith("https://")
    version = f"{draft.kind.shown} {found.version}".strip()
    reached = Check(CheckState.GOOD, "Reached, certificate valid", version)
    if not secure:
        reached = Check(CheckState.WARNING, "Reached, not encrypted", version)
    who = found.person
    checks = [reached, Check(CheckState.GOOD, f"Verified as {who.shown}", f"@{who.login}")]
    checks += _scopes(draft.kind, draft.needs, found, count)
    if found.expires is None:
        told = "No end told" if found.scopes is None else "Never expires"
        checks.append(Check(CheckState.DATE, told))
    else:
        soon = found.expires - now <= SOON
        days = (found.expires - now).days
        note = f"in {days} days" if soon else f"reminds {SOON.days} d before"
        state = CheckState.WARNING if soon else CheckState.DATE
        checks.append(Check(state, f"Expires {found.expires:%-d %B %Y}", note))
    return tuple(checks)


def _scopes(
    kind: IntegrationKind, needs: Sequence[Need], found: Account, count: str
) -> list[Check]:
    if found.scopes is None:
        return [Check(CheckState.WARNING, "The server does not tell what the token may", count)]
    table = SCOPES[kind]
    made: dict[str, Check] = {}
    for need in needs:
        having = [scope for scope in table[need] if scope in found.scopes]
        if not having:
            text = f"{table[need][0]} is missing"
            made[text] = Check(CheckState.WARNING, text, _LOST[need])
        elif having[0] not in made:
            note = count if need is Need.READ else ""
            made[having[0]] = Check(CheckState.GOOD, f"{having[0]}: {_HAS[need]}", note)
    return list(made.values())


def _bad(trouble: Trouble, kind: IntegrationKind) -> tuple[Check, ...]:
    reached = Check(CheckState.GOOD, "Reached", kind.shown)
    if isinstance(trouble, Rejected):
        return reached, Check(CheckState.BAD, _rejected(trouble), "401"), _SKIPPED[2]
    if isinstance(trouble, NotAllowed):
        missing = Check(CheckState.BAD, "The token may not even tell whose it is", "403")
        return reached, missing, _SKIPPED[2]
    if isinstance(trouble, NotAForge):
        text = f"Not a {kind.shown}"
    elif isinstance(trouble, Unreachable):
        text = "Not reached"
    elif isinstance(trouble, NotTrusted) and trouble.field == "token":
        text = "The token cannot be used"
    elif isinstance(trouble, NotTrusted):
        text = "The certificate is not trusted"
    else:
        text = "No usable answer"
    return Check(CheckState.BAD, text), _SKIPPED[1], _SKIPPED[2]


def _rejected(trouble: Rejected) -> str:
    words = trouble.detail.lower()
    if "expired" in words:
        return "Token refused: it has expired"
    if "revoked" in words:
        return "Token refused: it was revoked"
    return "Token refused: revoked or mistyped"


def _field(trouble: Trouble) -> str:
    return "token" if isinstance(trouble, NotAllowed) else "base_url"
