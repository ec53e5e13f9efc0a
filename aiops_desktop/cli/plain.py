"""What services return, as JSON and as tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum, Flag
from pathlib import Path

from aiops_desktop.domain.changes import Changes

#: Escape sequences (ECMA-48): CSI … with its final byte, OSC … with its end.
_STEERING = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")


def plain(value: object) -> object:
    """A value of the domain as JSON knows it; what only the window needs is left out."""
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Flag):
        return value.name
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {
            item.name: plain(getattr(value, item.name))
            for item in fields(value)
            if item.repr and not isinstance(getattr(value, item.name), Changes)
        }
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(plain(item)) for item in value)
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [plain(item) for item in value]
    return value


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns with their heads; wide characters count twice, as in terminals."""
    cells = [[*heads], *([_cell(item) for item in row] for row in rows)]
    widths = [max(_width(line[n]) for line in cells) for n in range(len(heads))]
    return "\n".join(
        "  ".join(
            text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in cells
    )


def _cell(item: object) -> str:
    if item is None:
        return ""
    if isinstance(item, datetime):
        return item.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(item, Enum):
        return str(item.value)
    if isinstance(item, bool):
        return "yes" if item else "no"
    return harmless(str(item))


def harmless(text: str) -> str:
    """Text from outside without colours and characters that steer a terminal; one line."""
    text = _STEERING.sub("", text)
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cf"} else " " for c in text)


def counted(number: int, noun: str) -> str:
    """“1 commit”, “2 commits”."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
