"""The painted log: any number of lines, folding tasks, found words, its end followed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from aiops_desktop.domain.deployments import LogLine
from aiops_desktop.ui.parts.layout import MARGIN
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import Scheme, Theme, mono_font
from aiops_desktop.ui.views.deploy.logink import FOLD_X, LINE, TEXT_X, LogInk
from aiops_desktop.ui.views.deploy.loglines import LogLines

TOP = 8


class LogView(QAbstractScrollArea):
    """Shows `LogLines`; paints only what is seen, so that 100,000 lines cost nothing.

    Signals:
        follow_changed(bool): the view follows the end, or the person scrolled away from it.
        found(int, int): the current match (from 1) and how many there are.
    """

    follow_changed = Signal(bool)
    found = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.lines = LogLines()
        self.alive = False
        self._follow = True
        self._match = -1
        self._anchor = self._cursor = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Log"))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().setSingleStep(LINE)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self.viewport().update)

    # What others do with it -------------------------------------------------------------------

    def clear(self) -> None:
        """Another deployment's log will come."""
        self.lines.clear()
        self._match = self._anchor = self._cursor = -1
        self._follow = True
        self._measure()

    def append(self, lines: Iterable[LogLine]) -> None:
        """Add lines; the place the person looks at stays, unless the end is followed."""
        top = self._top_line()
        self.lines.append(lines)
        self._measure(top)
        self._tell_matches()

    def search(self, needle: str) -> None:
        """Find; the first match below what is seen becomes the current one."""
        self.lines.search(needle)
        top = self._top_line()
        after = [at for at, number in enumerate(self.lines.matches) if number >= top]
        self._match = after[0] if after else (0 if self.lines.matches else -1)
        self._show_match()

    def step(self, by: int) -> None:
        """Go to the next match (1) or the one before (-1)."""
        if self.lines.matches:
            self._match = (self._match + by) % len(self.lines.matches)
            self._show_match()

    @property
    def follow(self) -> bool:
        """Whether the end stays in view."""
        return self._follow

    def set_follow(self, on: bool) -> None:
        """Follow the end, or stay."""
        if on != self._follow:
            self._follow = on
            self.follow_changed.emit(on)
        if on:
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def copy(self) -> None:
        """Copy the selected lines, or all when none is."""
        rows = self.lines.rows
        if self._anchor >= 0:
            low, high = sorted((self._anchor, self._cursor))
            rows = rows[low : high + 1]
        QGuiApplication.clipboard().setText(self.lines.text(rows))

    # Place ------------------------------------------------------------------------------------

    def _top_line(self) -> int:
        row = max(0, (self.verticalScrollBar().value() - TOP) // LINE)
        return self.lines.rows[row] if row < len(self.lines.rows) else 0

    def _measure(self, keep: int = -1) -> None:
        bar = self.verticalScrollBar()
        view = self.viewport().size()
        bar.blockSignals(True)
        bar.setPageStep(view.height())
        bar.setRange(0, max(0, len(self.lines.rows) * LINE + 2 * TOP - view.height()))
        if self._follow:
            bar.setValue(bar.maximum())
        elif keep >= 0 and self.lines.rows:
            rest = bar.value() % LINE
            bar.setValue(self.lines.row_of(keep) * LINE + rest)
        bar.blockSignals(False)
        wide = round(self.lines.widest * self._advance()) + TEXT_X + MARGIN
        side = self.horizontalScrollBar()
        side.setPageStep(view.width())
        side.setSingleStep(24)
        side.setRange(0, max(0, wide - view.width()))
        self.viewport().update()

    def _advance(self) -> float:
        return QFontMetricsF(mono_font()).horizontalAdvance("0")

    def _scrolled(self, value: int) -> None:
        at_end = value >= self.verticalScrollBar().maximum()
        if at_end != self._follow:
            self._follow = at_end
            self.follow_changed.emit(at_end)

    def _show_match(self) -> None:
        if 0 <= self._match < len(self.lines.matches):
            row = self.lines.reveal(self.lines.matches[self._match])
            self._measure()
            top, height = row * LINE + TOP, self.viewport().height()
            bar = self.verticalScrollBar()
            if not bar.value() <= top <= bar.value() + height - LINE:
                bar.setValue(top - height // 2)
        self._tell_matches()
        self.viewport().update()

    def _tell_matches(self) -> None:
        if self.lines.matches and self._match < 0:
            self._match = 0
        self.found.emit(self._match + 1 if self.lines.matches else 0, len(self.lines.matches))

    # Qt ---------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer lines are seen."""
        self._measure()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint again at the new place."""
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll, copy, follow."""
        bar, key = self.verticalScrollBar(), event.key()
        strong = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        steps = {
            Qt.Key.Key_Up: -LINE,
            Qt.Key.Key_Down: LINE,
            Qt.Key.Key_PageUp: -self.viewport().height() + LINE,
            Qt.Key.Key_PageDown: self.viewport().height() - LINE,
        }
        if strong and key == Qt.Key.Key_C:
            self.copy()
        elif strong and key == Qt.Key.Key_A:
            self._anchor, self._cursor = 0, len(self.lines.rows) - 1
            self.viewport().update()
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key in (Qt.Key.Key_End, Qt.Key.Key_F):
            self.set_follow(True)
        elif key in steps:
            bar.setValue(bar.value() + steps[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A task's heading folds; elsewhere a selection of lines begins."""
        row = self._row_at(event.position().toPoint())
        if row < 0 or event.button() != Qt.MouseButton.LeftButton:
            self._anchor = self._cursor = -1
        elif self._is_task(row):
            number = self.lines.rows[row]
            self.lines.toggle(number)
            self._anchor = self._cursor = -1
            keep, self._follow = self._top_line(), False
            self._measure(keep)
            self._scrolled(self.verticalScrollBar().value())
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor >= 0:
            self._cursor = row
        else:
            self._anchor = self._cursor = row
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The selection grows."""
        row = self._row_at(event.position().toPoint())
        if event.buttons() & Qt.MouseButton.LeftButton and self._anchor >= 0 and row >= 0:
            self._cursor = row
            self.viewport().update()

    def _row_at(self, spot: QPoint) -> int:
        row = (spot.y() + self.verticalScrollBar().value() - TOP) // LINE
        return row if 0 <= row < len(self.lines.rows) else -1

    def _is_task(self, row: int) -> bool:
        heading = self.lines.heading(self.lines.rows[row])
        return heading is not None and heading.kind == "task"

    # Paint ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in view."""
        painter, scheme = QPainter(self.viewport()), self._theme.scheme
        ink = LogInk(self.lines, scheme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, offset = self.viewport().width(), self.verticalScrollBar().value()
        first = max(0, (offset - TOP) // LINE)
        last = min(len(self.lines.rows), (offset + self.viewport().height()) // LINE + 1)
        side = self.horizontalScrollBar().value()
        chosen = range(*_between(self._anchor, self._cursor))
        current = (
            self.lines.matches[self._match] if 0 <= self._match < len(self.lines.matches) else -1
        )
        shown_time = ""
        for row in range(first, last):
            number = self.lines.rows[row]
            rect = QRect(0, row * LINE + TOP - offset, width, LINE)
            if row in chosen:
                painter.fillRect(rect, QColor(scheme.selection))
            shown_time = ink.time(painter, rect, number, shown_time)
            painter.save()
            painter.setClipRect(rect.adjusted(FOLD_X, 0, 0, 0))
            heading = self.lines.heading(number)
            if heading:
                ink.heading(painter, rect, heading, running=self.alive)
            else:
                ink.line(painter, rect.translated(-side, 0), number, current=number == current)
            painter.restore()
        self._marks(painter, scheme, current)

    def _marks(self, painter: QPainter, scheme: Scheme, current: int) -> None:
        """Where matches are, at the right edge; one mark a pixel at most."""
        total, height = len(self.lines), self.viewport().height()
        if not total or not self.lines.matches:
            return
        places = {number * height // total for number in self.lines.matches}
        for y in places:
            painter.fillRect(QRect(self.viewport().width() - 5, y, 5, 2), QColor(scheme.warning))
        if current >= 0:
            y = current * height // total
            painter.fillRect(QRect(self.viewport().width() - 9, y, 9, 3), QColor(scheme.warning))


def _between(anchor: int, cursor: int) -> tuple[int, int]:
    return (min(anchor, cursor), max(anchor, cursor) + 1) if anchor >= 0 else (0, 0)
