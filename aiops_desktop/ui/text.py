"""Words for the window: translation, ages, durations, sizes, counts."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDate, QLocale


def tr(text: str, **named: object) -> str:
    """A whole sentence in the person's language; `{name}` places are filled after translation."""
    made = QCoreApplication.translate("aiops", text)
    return made.format(**named) if named else made


def from_home(path: Path | str) -> str:
    """A path with ~ for the home folder; an address stays as it is."""
    text, home = str(path), str(Path.home())
    return f"~{text[len(home) :]}" if text.startswith(f"{home}{os.sep}") else text


def counted(number: int, one: str, many: str, **named: object) -> str:
    """`one` or `many` with `{n}` filled in, thousands grouped."""
    shown = f"{number:,}"
    return tr(one if number == 1 else many, n=shown, **named)


def age(then: datetime | None, now: datetime | None = None) -> str:
    """How long ago, as short as a row's right edge wants it: "now", "2 m", "3 h", "5 d", "7 mo"."""
    if then is None:
        return ""
    seconds = max(0.0, ((now or datetime.now(UTC)) - then).total_seconds())
    if seconds < 45:
        return tr("now")
    for size, unit in ((3600.0, "{n} m"), (86_400.0, "{n} h"), (30 * 86_400.0, "{n} d")):
        if seconds < size:
            step = {"{n} m": 60, "{n} h": 3600, "{n} d": 86_400}[unit]
            return tr(unit, n=max(1, round(seconds / step)))
    if seconds < 365 * 86_400:
        return tr("{n} mo", n=max(1, round(seconds / (30 * 86_400))))
    return tr("{n} y", n=max(1, round(seconds / (365 * 86_400))))


def moment(then: datetime | None) -> str:
    """The absolute time for tooltips, in the person's zone and locale."""
    if then is None:
        return ""
    local = then.astimezone()
    day = QLocale().toString(QDate(local.year, local.month, local.day))
    return f"{day} {local:%H:%M:%S}"


def duration(seconds: float | None) -> str:
    """Such as "0.4 s", "41 s", "1 min 52 s", "2 h 05 min"; nothing for None."""
    if seconds is None:
        return ""
    if seconds < 10:
        return tr("{n} s", n=f"{seconds:.1f}")
    if seconds < 60:
        return tr("{n} s", n=round(seconds))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return tr("{m} min {s} s", m=minutes, s=f"{rest:02d}")
    return tr("{h} h {m} min", h=minutes // 60, m=f"{minutes % 60:02d}")


def size(number: float) -> str:
    """Bytes in binary units: "142 MiB"."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if number < 1024 or unit == "GiB":
            return (
                f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"
            )
        number /= 1024
    return ""


def tokens(number: int) -> str:
    """Such as "940 tok", "94k tok", "1.2M tok"; nothing for none."""
    if not number:
        return ""
    if number < 1000:
        return f"{number} tok"
    if number < 1_000_000:
        return f"{number / 1000:.0f}k tok"
    return f"{number / 1_000_000:.1f}M tok"


def short_id(text: str) -> str:
    """A commit id as shown."""
    return text[:8]
