"""The strip that says why a link does not sync; it stays until it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.text import counted, duration, moment, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.issues import SyncState
    from aiops_desktop.ui.desk import Desk


def sync_strip(desk: Desk, state: SyncState, again: Callable[[], object]) -> Banner:
    """What happened, how often it was tried, and as of when the issues are."""
    tried = counted(state.failures, "tried once", "tried {n} times")
    left = (state.due - datetime.now(UTC)).total_seconds() if state.due else 0.0
    when = tr("next in {time}", time=duration(max(10.0, left))) if left > 0 else tr("next soon")
    asof = (
        tr("You see the issues as of {time}.", time=_clock(state.synced))
        if state.synced
        else tr("No issues were read yet.")
    )
    text = " ".join(part for part in (f"{state.title}, {tried}, {when}.", state.hint, asof) if part)
    kit = desk.kit
    edit = kit.button(
        tr("Show integration"),
        "share-network",
        lambda: desk.go("integrations", state.integration_id),
        small=True,
    )
    retry = kit.button(tr("Try again"), "arrows-clockwise", again, small=True)
    return Banner(kit, "link-break", "danger", "fail", state.what, text, steps=(edit, retry))


def _clock(then: datetime) -> str:
    """The time of today, or the whole of another day."""
    local = then.astimezone()
    today = datetime.now(UTC).astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else moment(then)
