"""How backups and things in the trash look in their tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aiops_desktop.domain.backups import Backup, BackupKind, Check, Trashed
from aiops_desktop.ui.parts.rows import Cell
from aiops_desktop.ui.text import age, duration, moment, size, tr

KINDS: Mapping[BackupKind, tuple[str, str]] = {
    BackupKind.HAND: ("hand-pointing", "By hand"),
    BackupKind.SCHEDULED: ("calendar-blank", "Scheduled"),
    BackupKind.SNAPSHOT: ("camera", "Snapshot"),
}
#: State → icon, tone, word.
CHECKS: Mapping[Check, tuple[str, str, str]] = {
    Check.WHOLE: ("check-circle", "success", "Verified"),
    Check.UNKNOWN: ("circle-dashed", "muted", "Not verified"),
    Check.DAMAGED: ("x-circle", "danger", "Damaged"),
}
_NOUNS: Mapping[str, tuple[str, str]] = {
    "tenant": ("buildings", "Tenant"),
    "project": ("git-branch", "Project"),
    "restore": ("clock-counter-clockwise", "Data before a restore"),
}


def when(then: datetime, now: datetime) -> str:
    """A day and an hour as people say them: "Today, 03:00"."""
    local, today = then.astimezone(), now.astimezone()
    days = (today.date() - local.date()).days
    hour = f"{local:%H:%M}"
    if days == 0:
        return tr("Today, {hour}", hour=hour)
    if days == 1:
        return tr("Yesterday, {hour}", hour=hour)
    return f"{local:%Y-%m-%d}, {hour}"


def in_time(then: datetime | None, now: datetime) -> str:
    """How long until then: "in 4 h 36 min"."""
    if then is None:
        return ""
    left = (then - now).total_seconds()
    if left <= 0:
        return tr("in a few minutes")
    if left > 2 * 86_400:
        return tr("in {n} days", n=round(left / 86_400))
    return tr("in {time}", time=duration(max(60.0, left)))


def cells(item: object) -> tuple[Cell, ...]:
    """A backup's cells."""
    if not isinstance(item, Backup):
        return ()
    icon, tone, word = CHECKS[item.check]
    kind_icon, kind = KINDS[item.kind]
    loud = "danger" if item.check is Check.DAMAGED else "text"
    lock = ("lock-key", "muted", tr("Encrypted"), "text")
    if not item.sealed:
        lock = ("lock-key-open", "warning", tr("Open"), "warning")
    now = datetime.now(item.made.tzinfo)
    return (
        Cell(when(item.made, now), "archive", tip=f"{moment(item.made)}\n{item.path.name}"),
        Cell(tr(kind), kind_icon),
        Cell(tr(word), icon, tone, text_tone=loud, tip=item.sentence),
        Cell(lock[2], lock[0], lock[1], text_tone=lock[3]),
        Cell(size(item.size), text_tone="muted", small=True, flush=True),
    )


def name(item: object) -> str:
    """A backup for a screen reader."""
    if not isinstance(item, Backup):
        return ""
    first, kind, check, lock, _size = cells(item)
    return f"{first.text}, {kind.text}, {check.text}, {lock.text}"


def trash_cells(item: object) -> tuple[Cell, ...]:
    """The cells of something deleted."""
    if not isinstance(item, Trashed):
        return ()
    icon, word = _NOUNS.get(item.what, ("trash", "Folder"))
    goes = f"{item.goes.astimezone():%Y-%m-%d}" if item.goes else tr("by hand")
    return (
        Cell(item.title, icon, aside=item.of, tip=item.name),
        Cell(tr(word), text_tone="muted"),
        Cell(item.obstacle or tr("Can be brought back"),
             "x-circle" if item.obstacle else "check-circle",
             "muted" if item.obstacle else "success", tip=item.obstacle),
        Cell(goes, text_tone="muted"),
        Cell(size(item.size), text_tone="muted", small=True, flush=True),
        Cell(age(item.deleted), text_tone="muted", small=True, flush=True,
             tip=moment(item.deleted)),
    )  # fmt: skip


def trash_name(item: object) -> str:
    """Something deleted, for a screen reader."""
    if not isinstance(item, Trashed):
        return ""
    return ", ".join(cell.text for cell in trash_cells(item)[:3])
