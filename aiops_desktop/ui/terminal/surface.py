"""The grid a terminal is shown on: where its cells are, font, palette, scale and size."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.rows import Line
from aiops_desktop.ui.terminal.cellfont import CellFont
from aiops_desktop.ui.terminal.colours import LIGHT, TerminalColours
from aiops_desktop.ui.terminal.marks import MarkedScrollBar
from aiops_desktop.ui.terminal.renderer import Renderer
from aiops_desktop.ui.terminal.selection import Selection, Selector
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import mono_font

#: Logical pixels around the grid (UI.md), left and right, top and bottom.
PADDING_X, PADDING_Y = 12, 8
FONT_SIZE, FONT_LEAST, FONT_MOST = 13, 6, 48


class Surface(QAbstractScrollArea):
    """Cells of one size on a scroll area, and the emulator that fills them."""

    gridResized = Signal(int, int)
    """Columns and rows that fit now; told once a drag of the edge pauses."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.emulator = Emulator(80, 24)
        self.selection: Selection | None = None
        self.selector = Selector(self.line)
        self._colours = LIGHT
        self._font = QFont(mono_font(FONT_SIZE))
        #: Pixels that are shown without zoom.
        self.usual_size = FONT_SIZE
        self._cells = CellFont(self._font, self.devicePixelRatioF())
        self._renderer = Renderer(self._cells, self._colours)
        self._top: int | None = None  # absolute number of the first visible line, None: follow
        self._shift = 0  # device pixels of that line that are hidden above the edge
        self._bar = MarkedScrollBar(self)
        self._resize_timer = self._timer(self._resized)
        self._build()
        self._fit()

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(self._bar)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Terminal"))
        port = self.viewport()
        port.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        port.setCursor(Qt.CursorShape.IBeamCursor)
        port.setMouseTracking(True)

    def _timer(self, slot: Callable[[], None]) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setTimerType(Qt.TimerType.PreciseTimer)
        made.timeout.connect(slot)
        return made

    def refresh(self) -> None:
        """Paint what has to be painted anew soon."""
        raise NotImplementedError

    def _frame(self) -> None:
        """Paint it now."""
        raise NotImplementedError

    # What is where

    @property
    def first_line(self) -> int:
        """The absolute number of the oldest line kept."""
        history = self.emulator.history
        return history.pushed - len(history)

    @property
    def top_line(self) -> int:
        """The absolute number of the first visible line."""
        bottom = self.emulator.history.pushed
        if self._top is None or self.emulator.modes.alternate_screen:
            return bottom
        return max(self.first_line, min(self._top, bottom))

    def line(self, number: int) -> Line | None:
        """A line by its absolute number; None when it is not kept."""
        history = self.emulator.history
        if number >= history.pushed:
            at = number - history.pushed
            return self.emulator.grid[at] if at < self.emulator.rows else None
        at = number - self.first_line
        return history.lines[at] if at >= 0 else None

    def place(self, position: QPoint) -> tuple[int, int]:
        """Absolute line and column under a position of the viewport, kept inside."""
        row, column = self.cell_at(position)
        return self.top_line + row, column

    def cell_at(self, position: QPoint) -> tuple[int, int]:
        """Row and column under a position of the viewport, kept inside."""
        scale, font = self._cells.scale, self._cells
        row = int(((position.y() - PADDING_Y) * scale + self._shift) // font.height)
        column = int((position.x() - PADDING_X) * scale // font.width)
        last = self.emulator.rows - (0 if self._shift else 1)
        return max(0, min(row, last)), max(0, min(column, self.emulator.columns - 1))

    def _row_rect(self, row: int) -> QRect:
        """A row in logical pixels of the viewport, a little large at fractional scales."""
        height, scale = self._cells.height, self._cells.scale
        top = PADDING_Y + (row * height - self._shift) / scale
        return QRectF(0, top - 1, self.viewport().width(), height / scale + 2).toAlignedRect()

    @property
    def cell_size(self) -> tuple[float, float]:
        """Width and height of a cell in logical pixels."""
        return self._cells.width / self._cells.scale, self._cells.height / self._cells.scale

    def sizeHint(self) -> QSize:
        """Room for 80 × 24."""
        width, height = self.cell_size
        return QSize(ceil(80 * width) + 2 * PADDING_X, ceil(24 * height) + 2 * PADDING_Y)

    # Looks

    def set_scheme(self, colours: TerminalColours) -> None:
        """Paint in another palette."""
        self._colours = colours
        self._renderer.colours = colours
        self._tell_theme()
        self.refresh()

    @property
    def colours(self) -> TerminalColours:
        """The palette in use."""
        return self._colours

    def setTerminalFont(self, font: QFont) -> None:
        """Another font; its pixel size counts."""
        self._font = QFont(font)
        if self._font.pixelSize() < 1:
            self._font.setPixelSize(FONT_SIZE)
        self._refit()

    def getTerminalFont(self) -> QFont:
        """The font in use."""
        return QFont(self._font)

    def zoomIn(self) -> None:
        """One pixel larger."""
        self._zoom(self._font.pixelSize() + 1)

    def zoomOut(self) -> None:
        """One pixel smaller."""
        self._zoom(self._font.pixelSize() - 1)

    def zoomReset(self) -> None:
        """The usual size."""
        self._zoom(self.usual_size)

    def _zoom(self, size: int) -> None:
        self._font.setPixelSize(max(FONT_LEAST, min(size, FONT_MOST)))
        self._refit()

    def _refit(self) -> None:
        """The font or the scale changed."""
        self._cells = CellFont(self._font, self.devicePixelRatioF())
        self._renderer.set_font(self._cells)
        self._shift = 0
        self._resized()

    # Size

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wait until dragging pauses; a program redraws on every change of size."""
        super().resizeEvent(event)
        self._resize_timer.start(30 if self.isVisible() else 0)

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have another scale."""
        super().changeEvent(event)
        if self._cells.scale != self.devicePixelRatioF():
            self._refit()

    def event(self, event: QEvent) -> bool:
        """Another screen may have another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._refit()
        return super().event(event)

    def _resized(self) -> None:
        self._fit()
        if self.isVisible():  # at once: the old picture is gone
            self._frame()

    def fitting(self) -> tuple[int, int]:
        """Columns and rows that fit into the viewport."""
        scale = self._cells.scale
        width = (self.viewport().width() - PADDING_X - self._right_padding()) * scale
        height = (self.viewport().height() - 2 * PADDING_Y) * scale
        return max(2, int(width // self._cells.width)), max(1, int(height // self._cells.height))

    def setVerticalScrollBarPolicy(self, policy: Qt.ScrollBarPolicy) -> None:
        """Show the bar or not; one that comes and goes would change the program's size."""
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        super().setVerticalScrollBarPolicy(
            never if policy == never else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )

    def _right_padding(self) -> int:
        """The bar is part of the padding."""
        never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        shown = self.verticalScrollBarPolicy() != never
        return max(0, PADDING_X - self._bar.sizeHint().width()) if shown else PADDING_X

    def _fit(self) -> None:
        columns, rows = self.fitting()
        changed = (columns, rows) != (self.emulator.columns, self.emulator.rows)
        if changed:
            self.selection = None
            self.emulator.resize(columns, rows)
        if self.isVisible():
            # One row more, for the one that is half in view while one scrolls by pixels.
            self._renderer.set_size(self.emulator.columns, self.emulator.rows + 1)
        self._tell_theme()
        if changed:
            self.gridResized.emit(self.emulator.columns, self.emulator.rows)

    def _tell_theme(self) -> None:
        size = (self._cells.width, self._cells.height)
        self.emulator.set_theme(self._colours.theme(), size)
