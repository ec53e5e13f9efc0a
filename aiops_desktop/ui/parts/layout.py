"""Rows, columns and lines."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

#: Metrics of UI.md, in pixels.
MARGIN, GAP, ROW, ROW_TALL, SECTION = 16, 8, 28, 52, 32
CONTROL, BAR, HEAD, FILE_BAR, SLIM = 32, 48, 56, 40, 32
SIDEBAR, FORM, DIALOG, SIDE = 268, 560, 560, 288

#: The stretch in `hbox` and `vbox`.
STRETCH = object()

Margins = tuple[int, int, int, int]
Item = Any
"""A widget, a layout, a (widget, stretch) pair, a gap in px, STRETCH, or None (nothing)."""


def _fill(box: QBoxLayout, items: tuple[Item, ...]) -> None:
    for item in items:
        if item is None:
            continue
        if item is STRETCH:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, tuple):
            box.addWidget(item[0], item[1])
        elif isinstance(item, QLayout):
            box.addLayout(item)
        else:
            box.addWidget(item)


def hbox(*items: Item, gap: int = GAP, margins: Margins = (0, 0, 0, 0)) -> QHBoxLayout:
    """A row."""
    box = QHBoxLayout()
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    _fill(box, items)
    return box


def vbox(*items: Item, gap: int = GAP, margins: Margins = (0, 0, 0, 0)) -> QVBoxLayout:
    """A column."""
    box = QVBoxLayout()
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    _fill(box, items)
    return box


def holder(layout: QLayout, name: str = "", *, height: int = 0, width: int = 0) -> QWidget:
    """A plain widget around a layout; `name` chooses its ground in the style sheet."""
    made = QWidget()
    made.setLayout(layout)
    if name:
        made.setObjectName(name)
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if height:
        made.setFixedHeight(height)
    if width:
        made.setFixedWidth(width)
    return made


def bar(*items: Item, height: int = BAR, name: str = "bar") -> QWidget:
    """A full-width bar with the page's margins."""
    return holder(hbox(*items, margins=(MARGIN, 0, MARGIN, 0)), name, height=height)


def hline() -> QFrame:
    """A rule, 1 px."""
    line = QFrame()
    line.setProperty("line", "h")
    return line


def vline() -> QFrame:
    """An upright rule, 1 px."""
    line = QFrame()
    line.setProperty("line", "v")
    return line


def label(text: str = "", role: str = "", tone: str = "") -> QLabel:
    """A label; `role` sets its type, `tone` its state colour."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    if tone:
        made.setProperty("tone", tone)
    return made


def words(text: str = "", role: str = "", tone: str = "") -> QLabel:
    """A label that wraps and can be selected."""
    made = label(text, role, tone)
    made.setWordWrap(True)
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    policy.setHeightForWidth(True)
    made.setSizePolicy(policy)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def retone(widget: QWidget, **properties: str) -> None:
    """Change dynamic properties and have the style sheet look again."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def explain(button: QWidget, why_not: str) -> None:
    """Let a button be pressed; or not, and say why ("" for nothing)."""
    button.setEnabled(not why_not)
    button.setToolTip(why_not)


def reveal(widget: QWidget, on: bool) -> None:
    """Show or hide a part of something.

    A part that has no place yet is not shown, only freed to be seen with its owner: it would
    flash up as a window of its own and take the focus.
    """
    if not on or widget.parentWidget() is not None:
        widget.setVisible(on)
    else:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_Hidden, True)


def scroller(inner: QWidget) -> QScrollArea:
    """A column that scrolls, without a frame."""
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def clear(layout: QLayout) -> None:
    """Remove everything from a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            return
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear(inner)


class Sheds(QObject):
    """Hides the least important parts of a widget first when it gets narrow."""

    def __init__(self, watched: QWidget, *parts: tuple[int, QWidget]) -> None:
        """Each part is shown only while `watched` is at least so many pixels wide."""
        super().__init__(watched)
        self._parts = parts
        watched.installEventFilter(self)
        watched.setMinimumWidth(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at the new width."""
        if isinstance(event, QResizeEvent):
            for width, part in self._parts:
                part.setVisible(event.size().width() >= width)
        return False
