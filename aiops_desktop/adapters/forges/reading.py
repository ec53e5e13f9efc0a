"""Fields of what a forge tells: any may be missing, null or of another kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

Record = Mapping[str, object]
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
#: Tables hold 64 bits.
_MOST = 2**62


def text(record: Record, *names: str) -> str:
    """The first of these fields that holds text, or a number as text; "" when none does."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
    return ""


def number(record: Record, name: str) -> int:
    """A whole number a table can hold, 0 when there is none."""
    value = record.get(name)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MOST:
        return 0
    return value


def line(record: Record, *names: str) -> str:
    """A text as one line, without what would steer a terminal or turn the words beside it around.

    Overrides and isolates of direction: unicode.org/reports/tr9, 2.
    """
    told = _TURNS.sub("", text(record, *names))
    return " ".join("".join(each if each.isprintable() else " " for each in told).split())


def address(record: Record, *names: str) -> str:
    """A page of the web; "" when there is none, or something else that a click would start."""
    told = text(record, *names)
    return told if told.lower().startswith(("http://", "https://")) else ""


def yes(record: Record, name: str, *, default: bool = False) -> bool:
    """A truth; the default when there is none."""
    value = record.get(name)
    return value if isinstance(value, bool) else default


def part(record: Record, name: str) -> Record:
    """A record in a record; an empty one when there is none."""
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[Record]:
    """The records of a list; what is none is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def names(value: object, *fields: str) -> tuple[str, ...]:
    """Texts of a list that holds texts or records with them."""
    if not isinstance(value, list):
        return ()
    found = (one if isinstance(one, str) else text(one, *fields) for one in value if _has(one))
    return tuple(name for name in found if name)


def _has(one: object) -> bool:
    return isinstance(one, str | dict)


def moment(record: Record, name: str) -> datetime | None:
    """A time (ISO 8601, "Z" or an offset) in UTC; None when there is none that can be read."""
    try:
        found = datetime.fromisoformat(text(record, name))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def day(record: Record, name: str) -> date | None:
    """A day; of a time its day in UTC."""
    told = text(record, name)
    try:
        return date.fromisoformat(told)
    except ValueError:
        found = moment(record, name)
        return found.date() if found else None


def said(value: object, depth: int = 4) -> str:
    """What an error says, in whichever shape: text, lists, records of fields and their faults."""
    if isinstance(value, str):
        return value.strip()
    if depth == 0:
        return ""
    if isinstance(value, list):
        return ", ".join(_unique(said(one, depth - 1) for one in value))
    if not isinstance(value, dict):
        return ""
    if "field" in value or "code" in value:  # one of GitHub's faults
        told = text(value, "message") or text(value, "code").replace("_", " ")
        return f"{text(value, 'field')} {told}".strip()
    for name in ("error_description", "message", "error", "detail"):
        words = said(value.get(name), depth - 1)
        more = said(value.get("errors"), depth - 1) if name == "message" else ""
        if words:
            return f"{words}: {more}" if more else words
    parts = ((name, said(one, depth - 1)) for name, one in value.items())
    return ", ".join(_unique(f"{name} {words}" for name, words in parts if words))


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word for word in words if word))
