"""Widgets that hang on a line of a diff: in a margin at the right, or under the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.theme import Scheme
from aiops_desktop.ui.views.diff.canvas import GUTTER, SIGN
from aiops_desktop.ui.views.diff.plan import Place, Plan

if TYPE_CHECKING:
    from aiops_desktop.ui.views.diff.sheet import DiffSheet

#: The margin's width, and the view's width from which there is one (UI.md, decision 3).
MARGIN, MARGIN_FROM = 272, 860


class Threads:
    """The threads of one diff. Widgets need `heightForWidth` or a fixed height."""

    def __init__(self, sheet: DiffSheet) -> None:
        self._sheet = sheet
        self._hung: dict[Place, QWidget] = {}

    def hang(self, hunk: int, line: int, thread: QWidget | None) -> None:
        """Hang a widget on a line, or take it away; the diff owns it from then on."""
        old = self._hung.pop((hunk, line), None)
        if old is not None and old is not thread:
            old.hide()
            old.deleteLater()
        if thread is not None:
            thread.setParent(self._sheet.viewport())
            self._hung[(hunk, line)] = thread
            thread.show()
        self._sheet.measure()

    def clear(self) -> None:
        """Take all away."""
        for thread in self._hung.values():
            thread.hide()
            thread.deleteLater()
        self._hung.clear()

    def margin(self, width: int) -> int:
        """The width of the margin in a view so wide."""
        return MARGIN if self._hung and width >= MARGIN_FROM else 0

    def extras(self, code_width: int, width: int) -> dict[Place, int]:
        """The heights of what stands under lines."""
        if self.margin(width):
            return {}
        room = _room(code_width)
        return {place: _height(thread, room) + 8 for place, thread in self._hung.items()}

    def beside(self, place: Place) -> bool:
        """Whether a line's thread stands in the margin."""
        return place in self._hung and bool(self.margin(self._sheet.viewport().width()))

    def place(self, plan: Plan, scroll: int) -> None:
        """Move the widgets to their lines."""
        free, code_width = 0, self._sheet.code_width
        for (hunk, line), thread in sorted(self._hung.items(), key=lambda item: item[0]):
            if hunk >= len(plan.sizes) or line >= plan.sizes[hunk]:
                thread.hide()
                continue
            top = plan.top(hunk, line)
            if self.margin(self._sheet.viewport().width()):
                top, width = max(top, free), MARGIN - 1
                height = _height(thread, width)
                thread.setGeometry(code_width + 1, top - scroll, width, height)
                free = top + height + 8
            else:
                width = _room(code_width)
                below = top + 18 + 4 - scroll
                thread.setGeometry(GUTTER + SIGN, below, width, _height(thread, width))

    def paint(self, painter: QPainter, scheme: Scheme, view: QWidget) -> None:
        """Paint the margin's ground."""
        if not self.margin(view.width()):
            return
        left = self._sheet.code_width
        painter.fillRect(QRect(left, 0, MARGIN, view.height()), QColor(scheme.surface))
        painter.fillRect(QRect(left, 0, 1, view.height()), QColor(scheme.border))


def _room(code_width: int) -> int:
    return max(120, min(560, code_width - GUTTER - SIGN - 12))


def _height(thread: QWidget, width: int) -> int:
    if thread.hasHeightForWidth():
        return thread.heightForWidth(width)
    return thread.sizeHint().height()
