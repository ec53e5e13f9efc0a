"""What the list at the left of the settings names: sections of the schema, and pages of their own.

Who adds a page to the settings adds a line to `SHEETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.settings import Schema
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.rows import Cell
from aiops_desktop.ui.text import counted, tr

#: Section of the schema → title and icon, in the order of the list.
SECTIONS = {
    "appearance": ("Appearance", "palette"),
    "assistants": ("Assistants", "robot"),
    "terminal": ("Terminals", "terminal-window"),
    "git": ("Git", "git-branch"),
    "ansible": ("Playbooks", "play-circle"),
    "semaphore": ("Semaphore", "rocket-launch"),
    "issues": ("Issues", "list-bullets"),
    "people": ("People", "users"),
    "security": ("Locking", "shield-check"),
    "update": ("Updates", "arrows-clockwise"),
    "storage": ("Data", "database"),
    "backup": ("Backups", "archive"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the settings that is not made from the schema.

    Attributes:
        words: what the search finds it by, beside its title.
    """

    title: str
    icon: str
    make: Callable[[Desk], QWidget]
    words: str = ""


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A line of the list; `wrong` counts values that cannot be taken."""

    name: str
    title: str
    icon: str
    wrong: int = 0


def _secrets(desk: Desk) -> QWidget:
    from aiops_desktop.ui.views.settings.secrets import SecretStore

    return SecretStore(desk)


def _checkup(desk: Desk) -> QWidget:
    from aiops_desktop.ui.views.settings.checkup import Checkup

    return Checkup(desk)


def _places(desk: Desk) -> QWidget:
    from aiops_desktop.ui.views.settings.places import Places

    return Places(desk)


SHEETS = {
    "secrets": Sheet("Secret store", "lock-key", _secrets, "data key keyring passphrase lock"),
    "checkup": Sheet(
        "Check-up", "heartbeat", _checkup, "doctor tools versions permissions disk repair"
    ),
    "places": Sheet("Where things lie", "folder-open", _places, "data folder database logs trash"),
}


def lines(
    items: Iterable[Schema], wrong: Callable[[Schema], bool], search: str
) -> list[SectionLine]:
    """The lines a search leaves, "" all; `wrong` says whether a setting's value is not taken."""
    wanted = search.casefold().split()
    listed = list(items)
    shown: list[SectionLine] = []
    for name, (title, icon) in SECTIONS.items():
        mine = [item for item in listed if item.section == name]
        if not wanted or any(matches(item, title, wanted) for item in mine):
            count = sum(1 for item in mine if wrong(item))
            shown.append(SectionLine(name, tr(title), icon, count))
    for name, sheet in SHEETS.items():
        found = f"{tr(sheet.title)} {sheet.words}".casefold()
        if all(word in found for word in wanted):
            shown.append(SectionLine(name, tr(sheet.title), sheet.icon))
    return shown


def matches(item: Schema, title: str, wanted: Iterable[str]) -> bool:
    """Whether a setting has all these words in what is said of it."""
    known = item.option
    text = f"{title} {known.title} {known.help} {known.env} {item.path}".casefold()
    return all(word in text for word in wanted)


def cells(item: object) -> tuple[Cell, ...]:
    """How a line is painted."""
    if not isinstance(item, SectionLine):
        return ()
    wrong = counted(item.wrong, "{n} invalid", "{n} invalid") if item.wrong else ""
    return (Cell(item.title, item.icon, right=wrong, right_tone="danger"),)
