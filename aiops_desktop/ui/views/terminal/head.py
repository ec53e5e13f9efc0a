"""The head of a pane: whose it is, what runs in it, how it is doing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import STRETCH, Sheds, hbox, holder, label, retone
from aiops_desktop.ui.text import tr

HEIGHT, EDGE = 28, 3


class Edge(QWidget):
    """A tenant's colour along the left of a head."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedWidth(EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the edge."""
        if self._colour:
            QPainter(self).fillRect(self.rect(), QColor(self._colour))


class Head(QWidget):
    """28 px: edge, name, program; marks, state, close."""

    pressed = Signal()
    """It was clicked: its terminal wants the keyboard."""
    doubled = Signal()
    """It was clicked twice."""

    def __init__(
        self, kit: Kit, name: str, colour: str, close: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.title = Elided(name, "muted")
        self._program = label("", "small")
        self._zoomed = kit.state("corners-out", tr("Zoomed"), "accent", small=True)
        self._loud = kit.state("broadcast", tr("Broadcasting"), "warning", small=True)
        self._back = label("", "fine", "accent")
        self._back.hide()
        self._glyph = kit.glyph("circle", "muted", 14)
        self._state = label("", "small")
        self._close = kit.tool("x", tr("Close terminal"), close, slim=True)
        said = holder(hbox(self._glyph, self._state, gap=6))
        row = hbox(
            Edge(colour),
            self.title,
            self._program,
            STRETCH,
            self._zoomed,
            self._loud,
            self._back,
            said,
            self._close,
            gap=8,
            margins=(0, 0, 4, 0),
        )
        box = hbox(gap=0)
        self._ground = holder(row, "bar")
        box.addWidget(self._ground)
        self.setLayout(box)
        self._zoomed.hide()
        self._loud.hide()
        Sheds(self, (340, self._program), (220, said))

    def show_program(self, program: str) -> None:
        """What runs in it."""
        if self._program.text() != program:
            self._program.setText(program)

    @property
    def program(self) -> str:
        """What is shown to run in it."""
        return self._program.text()

    def show_state(self, icon: str, words: str, tone: str) -> None:
        """How it is doing."""
        if self._state.text() != words:
            self._glyph.show_icon(icon, tone)
            self._state.setText(words)
            retone(self._state, tone=tone if tone in ("warning", "danger") else "")

    @property
    def state(self) -> str:
        """The words of the state shown."""
        return self._state.text()

    def show_focus(self, *, on: bool) -> None:
        """Whether the keyboard goes to its terminal."""
        retone(self.title, role="strong" if on else "muted")

    def show_zoomed(self, *, on: bool) -> None:
        """Whether the other panes are hidden behind it."""
        self._zoomed.setVisible(on)

    def show_loud(self, *, on: bool) -> None:
        """Whether what is typed elsewhere arrives here, too."""
        self._loud.setVisible(on)
        self._ground.setObjectName("warn" if on else "bar")
        for part in (self._ground, *self._ground.findChildren(QWidget)):
            part.style().unpolish(part)
            part.style().polish(part)

    def show_history(self, words: str) -> None:
        """That one looks back, and how far one could; "" when one does not."""
        self._back.setText(words)
        self._back.setVisible(bool(words))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Focus follows the click."""
        self.pressed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Zoom, as on the title of a window."""
        self.doubled.emit()
