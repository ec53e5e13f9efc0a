"""Beside the fields: every place that was looked at for the setting one is at."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.setting_layers import Effective, Given, Standing, value_of
from aiops_desktop.domain.setting_values import text
from aiops_desktop.domain.settings import Schema
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    SIDE,
    STRETCH,
    clear,
    hbox,
    holder,
    label,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.text import tr

#: A place as people call it.
NAMES = {
    "environment": "Environment",
    "settings.toml": "Settings file",
    "default": "Default",
    "secret store": "Secret store",
}
_LOOKS = {
    Standing.USED: ("check-circle", "success"),
    Standing.HIDDEN: ("minus", "muted"),
    Standing.ABSENT: ("minus", "muted"),
    Standing.WRONG: ("x-circle", "danger"),
}
#: Sections whose values are taken by what is started next, not by what runs.
_STARTED_NEXT = {"assistants", "terminal"}


class Chain(QWidget):
    """Title, value in force, places from the strongest to the weakest, and when it counts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._column: QVBoxLayout = vbox(gap=4, margins=(16, 16, 16, 16))
        self.setLayout(vbox((scroller(holder(self._column)), 1), gap=0))
        self.setFixedWidth(SIDE)
        self.item: Schema | None = None

    def show_setting(self, item: Schema, effective: Effective) -> None:
        """Show the places of this setting."""
        self.item = item
        column, option = self._column, item.option
        clear(column)
        column.addWidget(words(option.title, "strong"))
        if option.env:
            column.addWidget(Elided(option.env, "mono-small"))
        column.addSpacing(12)
        used = next(
            (g for g in effective.places.get(item.path, ()) if g.standing is Standing.USED), None
        )
        column.addWidget(label(tr("In use"), "section"))
        if option.secret:
            said = tr("A value that is not shown") if used else tr("None")
        else:
            said = text(value_of(effective.settings, item.path)) or tr("nothing")
        column.addWidget(words(said, "mono" if not option.secret and said else ""))
        column.addSpacing(12)
        column.addWidget(label(tr("Looked for in this order"), "section"))
        for given in effective.places.get(item.path, ()):
            column.addWidget(self._place(item, given, used))
        column.addSpacing(12)
        column.addWidget(label(tr("Takes effect"), "section"))
        column.addWidget(words(_when(item, effective), "muted"))
        column.addStretch(1)

    def _place(self, item: Schema, given: Given, used: Given | None) -> QWidget:
        icon, tone = _LOOKS[given.standing]
        name = tr(NAMES.get(given.where, given.where))
        head = label(name, "strong" if given.standing is Standing.USED else "")
        if given.standing is Standing.ABSENT:
            below: QWidget = label(tr("not set"), "small")
        elif item.option.secret:
            below = label(tr("set, not shown"), "small")
        else:
            used_role = "mono" if given.standing is Standing.USED else "mono-muted"
            below = Elided(given.value or tr("nothing"), used_role)
        notes = [tr("line {n}", n=given.line)] if given.line else []
        if given.standing is Standing.HIDDEN and used is not None:
            notes.append(tr("hidden by {where}", where=tr(NAMES.get(used.where, used.where))))
        if given.where == "default" and given.standing is Standing.USED:
            notes.append(tr("built in"))
        note = label(", ".join(notes), "small") if notes else None
        why = words(given.note, "small", "danger") if given.note else None
        made = holder(
            hbox(
                vbox(self._desk.kit.glyph(icon, tone), STRETCH, margins=(0, 2, 0, 0)),
                (holder(vbox(head, below, note, why, gap=1)), 1),
                margins=(0, 4, 0, 4),
            )
        )
        made.setAccessibleName(f"{name}: {given.standing.value}")
        return made


def _when(item: Schema, effective: Effective) -> str:
    if item.path in effective.waiting:
        return tr("It was changed; the program takes it when it is started again.")
    if item.option.restart:
        return tr("When the program is started again.")
    if item.section in _STARTED_NEXT:
        return tr("At once. What runs in a terminal already keeps what it was started with.")
    return tr("At once.")
