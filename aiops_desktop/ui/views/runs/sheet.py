"""The sheet the timeline is painted on: very many rows of different heights, and where they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QWidget

from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.runs.heights import Heights
from aiops_desktop.ui.views.runs.ink import StepInk
from aiops_desktop.ui.views.runs.model import StepsModel

_Index = QModelIndex | QPersistentModelIndex
_EDGE = 6
"""Pixels above the first and below the last step."""
_SLICE = 2_000
"""Rows whose heights are estimated anew before the window gets its turn again."""


class Sheet(QAbstractItemView):
    """Steps from top to bottom; `Timeline` adds what a person does with them.

    Only what is seen is laid out; the heights of all other rows are estimates that are put right
    when they come into view.

    Signals:
        following(bool): it begins or ceases to follow its end.
    """

    following = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ink = StepInk(theme)
        self._heights = Heights()
        self._follow = True
        self._moving = False
        self._stale = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._estimate_slice)
        self._placeholder = ""
        self.steps = StepsModel(self)
        self.setModel(self.steps)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.verticalScrollBar().setSingleStep(24)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self.viewport().update)

    # What one can do -------------------------------------------------------------------------

    @property
    def follows(self) -> bool:
        """Whether it stays at its end when steps are added."""
        return self._follow

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._set_follow(True)
        self._arrange()

    def set_placeholder(self, sentence: str) -> None:
        """What is said while there are no steps."""
        if sentence != self._placeholder:
            self._placeholder = sentence
            self.viewport().update()

    # Model -----------------------------------------------------------------------------------

    def reset(self) -> None:
        """All steps went."""
        super().reset()
        self._heights.clear()
        self._heights.extend(self._estimates(0, self.steps.rowCount()))
        self._set_follow(True)
        self._arrange()

    def rowsInserted(self, parent: _Index, start: int, end: int) -> None:
        """Steps were added at the end."""
        super().rowsInserted(parent, start, end)
        self._heights.extend(self._estimates(start, end + 1))
        self._arrange()

    def dataChanged(self, top: _Index, bottom: _Index, roles: Sequence[int] = ()) -> None:
        """Steps have other words or are folded otherwise."""
        super().dataChanged(top, bottom, roles)
        if bottom.row() - top.row() < 2:
            for row in range(top.row(), bottom.row() + 1):
                self._heights.set(row, self._measure(row))
        self._arrange()

    # Geometry --------------------------------------------------------------------------------

    def visualRect(self, index: _Index) -> QRect:
        """Where a step is in the viewport."""
        row = index.row()
        if not index.isValid() or row >= len(self._heights):
            return QRect()
        top = _EDGE + self._heights.top(row) - self.verticalOffset()
        return QRect(0, top, self.viewport().width(), self._heights[row])

    def indexAt(self, point: QPoint) -> QModelIndex:
        """The step at a place of the viewport."""
        y = point.y() + self.verticalOffset() - _EDGE
        if y < 0 or y >= self._heights.total:
            return QModelIndex()
        return self.steps.index(self._heights.row_at(y), 0)

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a step into view."""
        rect, bar = self.visualRect(index), self.verticalScrollBar()
        if rect.isNull():
            return
        if rect.top() < 0 or rect.height() > self.viewport().height():
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() > self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height())

    def horizontalOffset(self) -> int:
        """It never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:
        """Pixels scrolled."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: _Index) -> bool:
        """No step is hidden."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """The step under a rectangle's corner."""
        index = self.indexAt(rect.topLeft())
        self.selectionModel().select(QItemSelection(index, index), command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to paint again when the selection changes."""
        region = QRegion()
        for index in selection.indexes():
            region = region.united(QRegion(self.visualRect(index)))
        return region

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other lines, other heights."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._stale = 0
            self._estimate_slice()
        self._arrange()

    def updateGeometries(self) -> None:
        """Qt asks for scroll ranges anew."""
        super().updateGeometries()
        self._set_range()

    # How it does it --------------------------------------------------------------------------

    def _estimates(self, start: int, end: int) -> list[int]:
        width, ink = self.viewport().width(), self._ink
        unfolded = self.steps.unfolded
        return [
            ink.estimate(step, width, row in unfolded)
            for row, step in enumerate(self.steps.steps[start:end], start)
        ]

    def _estimate_slice(self) -> None:
        """After the width changed: heights of some thousand rows more; what is seen stays put."""
        start, end = self._stale, min(self._stale + _SLICE, len(self._heights))
        self._stale = end
        bar = self.verticalScrollBar()
        first = self._heights.row_at(max(0, bar.value() - _EDGE))
        above = 0
        for row, height in enumerate(self._estimates(start, end), start):
            grown = self._heights.set(row, height)
            if row < first:
                above += grown
        if above and not self._follow:
            self._moving = True
            self._set_range()
            bar.setValue(bar.value() + above)
            self._moving = False
        if end < len(self._heights):
            self._later.start()
        self._arrange()

    def _measure(self, row: int) -> int:
        return self._ink.measure(
            self.steps.steps[row], self.viewport().width(), row in self.steps.unfolded
        )

    def _arrange(self) -> None:
        """Measure what is seen, then set the range; stays where it is, or at the end."""
        if self._moving:
            return
        self._moving = True
        bar = self.verticalScrollBar()
        for _ in range(3):  # measuring may bring other rows into view
            self._set_range()
            if self._follow:
                bar.setValue(bar.maximum())
            if not self._settle():
                break
        self._set_range()
        if self._follow:
            bar.setValue(bar.maximum())
        self._moving = False
        self.viewport().update()

    def _settle(self) -> bool:
        """Put the heights of the rows in view right; whether any was wrong."""
        if not len(self._heights):
            return False
        offset, bar = self.verticalOffset() - _EDGE, self.verticalScrollBar()
        row = self._heights.row_at(max(0, offset))
        top = self._heights.top(row)
        wrong, above = False, 0
        while row < len(self._heights) and top < offset + self.viewport().height():
            grown = self._heights.set(row, self._measure(row))
            wrong = wrong or bool(grown)
            if top < offset:
                above += grown
            top += self._heights[row]
            row += 1
        if above and not self._follow:
            self._set_range()
            bar.setValue(bar.value() + above)
        return wrong

    def _set_range(self) -> None:
        height = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setPageStep(max(1, height - 24))
        bar.setRange(0, max(0, self._heights.total + 2 * _EDGE - height))

    def _scrolled(self, value: int) -> None:
        if self._moving:
            return
        self._set_follow(value >= self.verticalScrollBar().maximum() - 4)
        self._arrange()

    def _set_follow(self, on: bool) -> None:
        if on != self._follow:
            self._follow = on
            self.following.emit(on)

    # Painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is seen."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        offset, clip = self.verticalOffset() - _EDGE, event.rect()
        row = self._heights.row_at(max(0, offset + clip.top()))
        if row < 0:
            painter.setPen(QColor(self._theme.scheme.muted))
            middle = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(
                self.viewport().rect().adjusted(24, 0, -24, 0), middle, self._placeholder
            )
            return
        top = self._heights.top(row) - offset
        current = self.currentIndex().row() if self.hasFocus() else -1
        while row < len(self._heights) and top <= clip.bottom():
            rect = QRect(0, top, self.viewport().width(), self._heights[row])
            self._ink.paint(painter, rect, self.steps, row, clip)
            if row == current:
                painter.setPen(QPen(QColor(self._theme.scheme.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect.adjusted(1, 1, -1, -1))
            top += self._heights[row]
            row += 1
