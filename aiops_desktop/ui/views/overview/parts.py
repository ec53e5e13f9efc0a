"""Small pieces of the Overview: ages, rows of facts, a row that needs the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import MARGIN, ROW, STRETCH, clear, hbox, holder, label
from aiops_desktop.ui.text import age, moment


def since(then: datetime | None) -> QLabel:
    """An age with the absolute time in its tooltip."""
    made = label(age(then), "small")
    made.setToolTip(moment(then))
    made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return made


def right_elided(text: str, role: str = "") -> Elided:
    """Words that give way at their end."""
    return Elided(text, role, Qt.TextElideMode.ElideRight)


class Facts(QWidget):
    """Names left in one column, values right in another, rows of 28 px."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(MARGIN, 0, MARGIN, 0)
        self._grid.setHorizontalSpacing(MARGIN)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, 104)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, rows: list[tuple[str, list[QWidget], QLabel | None]]) -> None:
        """Replace the rows: name, pieces of the value, age at the right edge."""
        clear(self._grid)
        for number, (name, pieces, aged) in enumerate(rows):
            value = holder(hbox(*pieces, STRETCH, aged, gap=6), height=ROW)
            value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            self._grid.addWidget(label(name, "muted"), number, 0)
            self._grid.addWidget(value, number, 1)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for the person: what, about what, since when, and what solves it."""

    icon: str
    tone: str
    what: str
    about: str
    since: datetime | None
    step: str
    act: Callable[[], object]


def need_row(kit: Kit, need: Need) -> QWidget:
    """A need as a row of 32 px."""
    name = right_elided(need.what, "strong")
    name.setFixedWidth(240)
    aged = since(need.since)
    aged.setFixedWidth(40)
    step = kit.button(need.step, "", need.act, small=True)
    step.setMinimumWidth(72)
    step.setAccessibleName(f"{need.step}: {need.what}")
    row = hbox(
        kit.glyph(need.icon, need.tone),
        name,
        right_elided(need.about, "muted"),
        STRETCH,
        aged,
        step,
        margins=(MARGIN, 0, MARGIN, 0),
    )
    return holder(row, height=32)
