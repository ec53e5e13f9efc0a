"""The search that floats over the grid: a row of its own would resize the program."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from aiops_desktop.ui import icons
from aiops_desktop.ui.terminal.search import MATCHES_MOST, Wanted
from aiops_desktop.ui.text import tr

#: Logical pixels: the bar, its distance from the edges, an icon.
WIDTH, HEIGHT, DISTANCE_X, DISTANCE_Y, _ICON = 326, 34, 20, 8, 16
#: Searches remembered.
_HISTORY_MOST = 50


class _Tool(QPushButton):
    """A slim button with an icon in the colour of the text."""

    def __init__(self, icon: str, tip: str, *, switch: bool = False) -> None:
        super().__init__()
        self._icon = icon
        self.setProperty("quiet", "true")
        self.setProperty("slim", "true")
        self.setFixedWidth(26)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setCheckable(switch)
        if switch:
            self.toggled.connect(self._show_state)

    def _show_state(self, on: bool) -> None:
        self.setProperty("on", "true" if on else "")
        self.style().unpolish(self)
        self.style().polish(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, and its icon on it."""
        super().paintEvent(event)
        painter = QPainter(self)
        group = QPalette.ColorGroup.Normal if self.isEnabled() else QPalette.ColorGroup.Disabled
        colour = self.palette().color(group, QPalette.ColorRole.ButtonText)
        box = QRect(0, 0, _ICON, _ICON)
        box.moveCenter(self.rect().center())
        icons.draw(painter, box, self._icon, colour.name())
        painter.end()


class _Glass(QWidget):
    """The magnifying glass."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_ICON, _ICON)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it muted."""
        painter = QPainter(self)
        colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
        icons.draw(painter, self.rect(), "magnifying-glass", colour.name())
        painter.end()


class SearchBar(QFrame):
    """What to search for, how many there are, and the way from one to the next."""

    wanted = Signal()
    """Something else is searched for: `asked`."""
    stepWanted = Signal(int)
    """To the next match (1), which is further down, or to the one before (-1)."""
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("floating")
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        #: Earlier searches, the newest first; may be shared between terminals.
        self.history: list[str] = []
        self._recalled = -1
        self.field = QLineEdit()
        self.count = QLabel()
        self.up = _Tool("caret-up", tr("Previous match (Enter)"))
        self.down = _Tool("caret-down", tr("Next match (Shift+Enter)"))
        self.case = _Tool("text-aa", tr("Match case (Alt+C)"), switch=True)
        self.regex = _Tool("asterisk", tr("Regular expression (Alt+R)"), switch=True)
        self.wrap = _Tool("repeat", tr("Go on at the other end (Alt+W)"), switch=True)
        self.wrap.setChecked(True)
        self.close_button = _Tool("x", tr("Close search (Esc)"))
        self._build()
        self.hide()

    def _build(self) -> None:
        self.field.setStyleSheet("border: none; background: transparent; padding: 0;")
        self.field.setPlaceholderText(tr("Search"))
        self.field.setAccessibleName(tr("Search in the terminal"))
        self.field.installEventFilter(self)
        self.count.setProperty("role", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 4, 0)
        row.setSpacing(2)
        row.addWidget(_Glass())
        row.addSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        row.addSpacing(2)
        for tool in (self.up, self.down, self.case, self.regex, self.wrap, self.close_button):
            row.addWidget(tool)
        self.field.textEdited.connect(self._edited)
        self.field.textChanged.connect(lambda _text: self.wanted.emit())
        self.case.toggled.connect(lambda _on: self.wanted.emit())
        self.regex.toggled.connect(lambda _on: self.wanted.emit())
        self.up.clicked.connect(lambda: self.stepWanted.emit(-1))
        self.down.clicked.connect(lambda: self.stepWanted.emit(1))
        self.close_button.clicked.connect(self.closed)

    @property
    def asked(self) -> Wanted:
        """What is searched for now."""
        return Wanted(self.field.text(), self.regex.isChecked(), self.case.isChecked())

    def open(self, text: str) -> None:
        """Show it, with a text to begin with when there is one."""
        if text:
            self.field.setText(text)
        self.place()
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus()

    def remember(self) -> None:
        """Keep what was searched for."""
        text = self.field.text()
        if text:
            if text in self.history:
                self.history.remove(text)
            self.history.insert(0, text)
            del self.history[_HISTORY_MOST:]
        self._recalled = -1

    def say(self, current: int, total: int, *, more: bool = False, error: str = "") -> None:
        """Tell which match of how many; `current` counts from 0, `more` says there are others."""
        words = ""
        if error:
            words = tr("Not a pattern")
        elif total:
            number = f"{min(total, MATCHES_MOST):,}{'+' if more else ''}"
            words = tr("{n} of {all}", n=f"{current + 1:,}", all=number)
        elif self.field.text():
            words = tr("No match")
        self.count.setText(words)
        self.count.setToolTip(error)
        for tool in (self.up, self.down):
            tool.setEnabled(total > 0)

    def place(self) -> None:
        """Lie in the upper right corner of the parent."""
        around = self.parentWidget()
        if around is not None:
            width = min(WIDTH, around.width() - 2 * DISTANCE_Y)
            left = max(DISTANCE_Y, around.width() - DISTANCE_X - width)
            self.setGeometry(left, DISTANCE_Y, width, HEIGHT)

    def _edited(self, _text: str) -> None:
        self._recalled = -1

    def _recall(self, step: int) -> None:
        self._recalled = max(-1, min(self._recalled + step, len(self.history) - 1))
        self.field.setText(self.history[self._recalled] if self._recalled >= 0 else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys of the field; what the window would make of them stays here."""
        if not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
            return False
        return event.type() == QEvent.Type.KeyPress and self._pressed(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        keys, mods = Qt.Key, event.modifiers()
        alt = bool(mods & Qt.KeyboardModifier.AltModifier)
        shift = bool(mods & Qt.KeyboardModifier.ShiftModifier)
        switches = {keys.Key_C: self.case, keys.Key_R: self.regex, keys.Key_W: self.wrap}
        match event.key():
            case keys.Key_Escape:
                self.closed.emit()
            case keys.Key_Return | keys.Key_Enter:
                self.stepWanted.emit(1 if shift else -1)
            case keys.Key_F3:
                self.stepWanted.emit(-1 if shift else 1)
            case keys.Key_Up:
                self._recall(1)
            case keys.Key_Down:
                self._recall(-1)
            case key if alt and key in switches:
                switches[Qt.Key(key)].toggle()
            case _:
                return False
        return True
