"""Small pieces of the Overview: an id one can copy, rows of facts, a row that needs the person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import MARGIN, ROW, STRETCH, clear, hbox, holder, label
from aiops_desktop.ui.text import age, moment, short_id, tr


class Acting(QLabel):
    """Words that act on a click, Enter or Space; underlined while they have the focus."""

    def __init__(
        self, text: str, act: Callable[[], object], role: str = "", tone: str = ""
    ) -> None:
        super().__init__(text)
        self.act = act
        self.setTextFormat(Qt.TextFormat.PlainText)
        for name, value in (("role", role), ("tone", tone)):
            if value:
                self.setProperty(name, value)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Act."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.act()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act, by keyboard."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.act()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self._underline(on=True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard went on."""
        super().focusOutEvent(event)
        self._underline(on=False)

    def _underline(self, *, on: bool) -> None:
        font = self.font()
        font.setUnderline(on)
        self.setFont(font)


def id_label(desk: Desk, text: str) -> Acting:
    """A commit's short id in monospace; acting on it copies the whole one."""

    def copy() -> None:
        QGuiApplication.clipboard().setText(text)
        desk.toast("copy", tr("The id is copied"), text)

    made = Acting(short_id(text), copy, "mono")
    made.setToolTip(tr("Copy {id}", id=text))
    made.setAccessibleName(tr("Copy the id {id}", id=short_id(text)))
    return made


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
    name.setFixedWidth(192)
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
