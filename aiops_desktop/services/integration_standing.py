"""How integrations and their links stand, as findings of the doctor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.domain.doctor import Finding
from aiops_desktop.domain.integrations import IntegrationState

if TYPE_CHECKING:
    from aiops_desktop.domain.integrations import Integration
    from aiops_desktop.domain.issues import SyncState

_NEW_TOKEN = "“integration rotate” gives it a new token."  # noqa: S105 - a sentence


def findings(integrations: Iterable[Integration], syncs: Iterable[SyncState]) -> Iterator[Finding]:
    """What needs a hand, and one good line when nothing does; nothing without integrations."""
    now, known, quiet = datetime.now(UTC), list(integrations), True
    ok: bool | None
    for one in known:
        match one.state(now):
            case IntegrationState.EXPIRED:
                ok, what, hint = False, "its token has expired.", _NEW_TOKEN
            case IntegrationState.EXPIRING if one.expires is not None:
                ok, what, hint = None, f"its token ends on {one.expires:%Y-%m-%d}.", _NEW_TOKEN
            case IntegrationState.TROUBLE:
                ok, what, hint = False, one.what, one.hint
            case _:
                continue
        quiet = False
        yield Finding("Integration", ok, f"{one.name}: {what}", hint)
    for sync in syncs:
        if sync.what:
            quiet = False
            yield Finding("Issues", False, f"{sync.title}: {sync.what}", sync.hint)
    if known and quiet:
        yield Finding("Integrations", True, "Every token works, and every link is synced.")
