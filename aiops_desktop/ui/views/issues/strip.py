"""The strip that says why a link does not sync; it stays until it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.text import age, counted, duration, moment, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.issues import SyncState
    from aiops_desktop.ui.desk import Desk


def sync_strip(desk: Desk, state: SyncState, again: Callable[[], object]) -> Banner:
    """What happened, how often it was tried, and as of when the issues are."""
    tried = counted(state.failures, "tried once", "tried {n} times")
    left = (state.due - datetime.now(UTC)).total_seconds() if state.due else 0.0
    when = tr("next in {time}", time=duration(max(10.0, left))) if left > 0 else tr("next soon")
    if not state.alone:
        when = tr("next when you ask")
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


def standing(state: SyncState) -> tuple[str, str]:
    """When a link was synced and when it will be again, or why not; and the same at length."""
    last = tr("synced {age} ago", age=age(state.synced)) if state.synced else tr("not synced yet")
    if age(state.synced) == tr("now"):
        last = tr("synced just now")
    if not state.alone:
        following = tr("next when you ask")
    else:
        waits = state.due is not None and state.due > datetime.now(UTC)
        following = tr("next at {time}", time=_clock(state.due)) if waits else tr("next soon")
    told = f"{last}, {following}"
    if not state.what:
        return told, moment(state.synced)
    why = tr("{what} {hint}", what=state.what, hint=state.hint).strip()
    return f"{state.what} {told}", f"{why}\n{told}"


def _clock(then: datetime | None) -> str:
    """The time of today, or the whole of another day."""
    if then is None:
        return ""
    local = then.astimezone()
    today = datetime.now(UTC).astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else moment(then)
