"""What the settings page reads, and the strip that says which values were not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QPushButton

from aiops_desktop.domain.setting_layers import Effective, value_of
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.services.house import House
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.notice import Banner
from aiops_desktop.ui.text import counted

#: As many of the values that were not taken are told one by one.
TOLD = 3


@dataclass(frozen=True, slots=True)
class Found:
    """The settings in force, who keeps the secrets, and what this computer lacks, by path."""

    effective: Effective
    keeper: str
    advice: dict[str, str]


def read(house: House) -> Found:
    """In a worker: read it anew."""
    effective = house.settings.effective()
    try:
        keeper = house.secrets.keeper()
    except Trouble as trouble:
        keeper = str(trouble)
    values = {path: value_of(effective.settings, path) for path in effective.origins}
    return Found(effective, keeper, house.settings.advice(values))


def not_taken(kit: Kit, sentences: Sequence[str], steps: Sequence[QPushButton]) -> Banner:
    """A strip with the sentences, each of which names file and line."""
    said, rest = [*sentences[:TOLD]], len(sentences) - TOLD
    if rest > 0:
        said.append(counted(rest, "There is {n} more.", "There are {n} more."))
    title = counted(len(sentences), "{n} value was not taken", "{n} values were not taken")
    return Banner(kit, "warning", "warning", "warn", title, "\n".join(said), steps=steps)
