"""A window of its own for tabs of terminals."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QPalette
from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import vbox
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.deck import Deck
from aiops_desktop.ui.views.terminal.shape import WindowShape

_FIRST = QSize(960, 620)


class TerminalWindow(QWidget):
    """A deck in a window, with the tenant's edge on top.

    Attributes:
        home: the project its new terminals belong to; 0 when they belong to none.
    """

    left = Signal()
    """The person closed it: its tabs go back to where they came from."""
    moved = Signal()
    """It has another place or size."""

    def __init__(self, desk: Desk, home: int, colour: str) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.desk, self.home = desk, home
        self.deck = Deck(desk, may_open=bool(home))
        self._edge = QWidget()
        self._edge.setFixedHeight(3)
        self._edge.setAutoFillBackground(True)
        self._colour = colour
        self.setLayout(vbox(self._edge, (self.deck, 1), gap=0))
        self.setMinimumSize(320, 200)
        self.resize(_FIRST)
        self.deck.shownAnother.connect(self._name)
        desk.theme.changed.connect(self._dress)
        desk.give_keys(self)
        self._closing = False
        self._dress()

    @property
    def shape(self) -> WindowShape:
        """What to remember."""
        place = bytes(self.saveGeometry().toBase64().data()).decode("ascii")
        return WindowShape(self.deck.shape, place)

    def place(self, told: str) -> None:
        """Stand where it stood."""
        self.restoreGeometry(QByteArray.fromBase64(told.encode("ascii", "ignore")))

    def stand_at(self, spot: QPoint) -> None:
        """Stand with its tab under this point of the screen."""
        self.move(spot - QPoint(60, 16))

    def shut(self) -> None:
        """Go, without anybody asking for the tabs."""
        self._closing = True
        self.close()
        self.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The tabs go back; what runs in them goes on."""
        event.accept()
        if not self._closing:
            self._closing = True
            self.left.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Seen again: the terminal in front has told all it had to tell."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            pane = self.deck.pane
            if pane is not None:
                pane.look()

    def resizeEvent(self, event: object) -> None:
        """To be remembered."""
        self.moved.emit()

    def moveEvent(self, event: object) -> None:
        """To be remembered."""
        self.moved.emit()

    def _dress(self) -> None:
        palette = self._edge.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(self._colour or "#808080"))
        self._edge.setPalette(palette)

    def _name(self) -> None:
        tab, pane = self.deck.shown, self.deck.pane
        project = self.desk.projects.get(self.home)
        tenant = self.desk.tenants.get(pane.leaf.tenant) if pane else None
        where = " / ".join(one.name for one in (tenant, project) if one)
        name = tab.name if tab else tr("Terminal")
        self.setWindowTitle(" – ".join(part for part in (name, where, "aiops desktop") if part))
