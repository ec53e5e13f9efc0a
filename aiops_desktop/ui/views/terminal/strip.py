"""Tabs of terminals as filled pills: chosen, dragged, renamed and closed with the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QIcon, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QSizePolicy, QWidget

from aiops_desktop.ui.parts.kit import Button, Kit
from aiops_desktop.ui.parts.layout import retone
from aiops_desktop.ui.text import tr

GAP, HEIGHT, LEAST, MOST = 4, 24, 104, 220
#: Pixels a pill is to be pulled out of the row before letting go makes it a window.
PULL = 28


@dataclass(frozen=True, slots=True)
class Face:
    """How a tab looks: its name, and its mark as icon, tone and words ("" for none)."""

    name: str
    icon: str = ""
    tone: str = "muted"
    told: str = ""


class Pill(Button):
    """One tab."""

    pulled = Signal(QPoint)
    """Dragged; where the pointer is on the screen."""
    dropped = Signal(QPoint)
    """Let go after dragging."""
    closed = Signal()
    renamed = Signal()
    menued = Signal(QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("pill", "true")
        self.setIconSize(QSize(14, 14))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._from: QPoint | None = None
        self.dragging = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chosen at once, as tabs are; a drag may follow."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()
            self.click()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag."""
        if self._from is None:
            return
        at = event.globalPosition().toPoint()
        far = (at - self._from).manhattanLength() >= QApplication.startDragDistance()
        if self.dragging or far:
            self.dragging = True
            self.pulled.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go; the middle button closes."""
        self._from = None
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and inside:
            self.closed.emit()
        elif self.dragging:
            self.dragging = False
            self.dropped.emit(event.globalPosition().toPoint())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Twice renames."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.renamed.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with it."""
        self.menued.emit(event.globalPos())


class Strip(QWidget):
    """A row of pills with a plus behind them. Numbers are places in the row.

    Pills share the room when it gets little; beyond that the row scrolls.
    """

    chosen = Signal(int)
    moved = Signal(int, int)
    """A pill was dragged from one place to another."""
    outside = Signal(int, QPoint)
    """A pill was let go outside of the row; where on the screen."""
    closeWanted = Signal(int)
    renamed = Signal(int, str)
    menuWanted = Signal(int, QPoint)

    def __init__(self, kit: Kit, tail: Sequence[QPushButton]) -> None:
        """`tail` stands behind the last pill."""
        super().__init__()
        self._kit = kit
        self._faces: tuple[Face, ...] = ()
        self.pills: list[Pill] = []
        self._current = 0
        self._offset = 0
        self._held: tuple[Pill, int] | None = None
        self._field: QLineEdit | None = None
        self._tail = list(tail)
        self.everyone = kit.tool("list", tr("All terminals"), slim=True)
        self._names = QMenu(self)
        self._names.aboutToShow.connect(self._list)
        self.everyone.setMenu(self._names)
        for one in (*self._tail, self.everyone):
            one.setParent(self)
        self.everyone.hide()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Terminals"))

    def show_tabs(self, faces: Sequence[Face], current: int) -> None:
        """Show these, the current one marked and in view."""
        while len(self.pills) > len(faces):
            gone = self.pills.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.pills) < len(faces):
            self.pills.append(self._pill())
        for at, (pill, face) in enumerate(zip(self.pills, faces, strict=True)):
            self._dress(pill, face, on=at == current)
        other = current != self._current or len(faces) != len(self._faces)
        self._faces, self._current = tuple(faces), current
        self._arrange(reveal=other)

    def rename(self, at: int) -> None:
        """Let the person type another name into the pill."""
        if not 0 <= at < len(self.pills):
            return
        self._leave_field()
        field = QLineEdit(self._faces[at].name, self)
        field.setProperty("slim", "true")
        field.setStyleSheet("min-height: 20px; max-height: 20px; padding: 0 6px;")
        field.setAccessibleName(tr("Name of the tab"))
        box = self.pills[at].geometry()
        field.setGeometry(box.x(), 0, max(box.width(), 140), HEIGHT)
        field.selectAll()
        field.editingFinished.connect(lambda: self._named(at, field))
        field.installEventFilter(self)
        self._field = field
        field.show()
        field.setFocus()

    def eventFilter(self, watched: object, event: object) -> bool:
        """Esc leaves the name as it was."""
        if (
            isinstance(event, QKeyEvent)
            and watched is self._field
            and event.type() == QKeyEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._leave_field()
            return True
        return False

    # How -------------------------------------------------------------------------------------

    def _pill(self) -> Pill:
        made = Pill(self)
        made.clicked.connect(lambda _on=False: self.chosen.emit(self.pills.index(made)))
        made.closed.connect(lambda: self.closeWanted.emit(self.pills.index(made)))
        made.renamed.connect(lambda: self.rename(self.pills.index(made)))
        made.menued.connect(lambda spot: self.menuWanted.emit(self.pills.index(made), spot))
        made.pulled.connect(lambda spot: self._pulled(made, spot))
        made.dropped.connect(lambda spot: self._dropped(made, spot))
        made.show()
        return made

    def _dress(self, pill: Pill, face: Face, *, on: bool) -> None:
        pill.setText(face.name.replace("&", "&&"))
        pill.setIcon(self._kit.icon(face.icon, face.tone) if face.icon else QIcon())
        told = tr("Terminal {name}", name=face.name)
        pill.setAccessibleName(f"{told}, {face.told}" if face.told else told)
        pill.setToolTip(f"{face.name}: {face.told}" if face.told else face.name)
        retone(pill, on="true" if on else "")

    def _arrange(self, *, reveal: bool = False) -> None:
        tail = sum(one.sizeHint().width() + GAP for one in self._tail)
        room = max(LEAST, self.width() - tail)
        wide = [min(pill.sizeHint().width(), MOST) for pill in self.pills]
        many = sum(min(one, LEAST) + GAP for one in wide) > room
        if many:
            room = max(LEAST, room - self.everyone.sizeHint().width() - GAP)
        most = _shared(wide, room - GAP * len(wide))
        wide = [max(min(one, most), min(one, LEAST)) for one in wide]
        whole = sum(wide) + GAP * len(wide)
        places, at = [], 0
        for one in wide:
            places.append(QRect(at, 0, one, HEIGHT))
            at += one + GAP
        if reveal and 0 <= self._current < len(places):
            box = places[self._current]
            self._offset = min(self._offset, box.left())
            self._offset = max(self._offset, box.right() + 1 - room)
        self._offset = max(0, min(self._offset, whole - room))
        for pill, box in zip(self.pills, places, strict=True):
            if not (self._held and self._held[0] is pill):
                pill.setGeometry(box.translated(-self._offset, 0))
        x = min(whole, room)
        self.everyone.setVisible(many)
        for part in (*((self.everyone,) if many else ()), *self._tail):
            part.setGeometry(x, 0, part.sizeHint().width(), HEIGHT)
            part.raise_()
            x += part.sizeHint().width() + GAP

    def _list(self) -> None:
        """The names of all, also of those that are not in view."""
        self._names.clear()
        for at, face in enumerate(self._faces):
            name = face.name.replace("&", "&&")
            one = self._names.addAction(name, partial(self.chosen.emit, at))
            one.setCheckable(True)
            one.setChecked(at == self._current)
            if face.icon:
                one.setIcon(self._kit.icon(face.icon, face.tone))

    def _pulled(self, pill: Pill, spot: QPoint) -> None:
        """Move with the pointer; the others make room."""
        here = self.mapFromGlobal(spot)
        if self._held is None or self._held[0] is not pill:
            self._held = (pill, pill.width() // 2)
            pill.raise_()
        outside = not self.rect().adjusted(-PULL, -PULL, PULL, PULL).contains(here)
        pill.setCursor(Qt.CursorShape.DragMoveCursor if outside else Qt.CursorShape.ArrowCursor)
        pill.move(max(0, min(here.x() - self._held[1], self.width() - pill.width())), 0)
        if outside:
            return
        at = self.pills.index(pill)
        middle = pill.geometry().center().x()
        others = [one.geometry().center().x() for one in self.pills if one is not pill]
        to = sum(center < middle for center in others)
        if to != at:
            self.pills.insert(to, self.pills.pop(at))
            self.moved.emit(at, to)
            self._arrange()

    def _dropped(self, pill: Pill, spot: QPoint) -> None:
        self._held = None
        pill.unsetCursor()
        self._arrange()
        around = QRect(self.mapToGlobal(QPoint(0, 0)), self.size())
        if not around.adjusted(-PULL, -PULL, PULL, PULL).contains(spot):
            self.outside.emit(self.pills.index(pill), spot)

    def _named(self, at: int, field: QLineEdit) -> None:
        name = " ".join(field.text().split())[:80]
        if field is self._field:
            self._leave_field()
            if name and at < len(self._faces) and name != self._faces[at].name:
                self.renamed.emit(at, name)

    def _leave_field(self) -> None:
        field, self._field = self._field, None
        if field is not None:
            field.hide()
            field.deleteLater()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the row."""
        turn = event.angleDelta()
        self._offset -= (turn.y() or turn.x()) // 2
        self._arrange()
        event.accept()

    def resizeEvent(self, event: object) -> None:
        """Share the new room."""
        self._arrange(reveal=True)

    def sizeHint(self) -> QSize:
        """All the room there is."""
        return QSize(400, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Enough for one and the plus."""
        return QSize(LEAST + 60, HEIGHT)


def _shared(wide: Sequence[int], room: int) -> int:
    """How wide the widest may be, so that all fit: the narrow ones keep their width."""
    if not wide or sum(wide) <= room:
        return MOST
    left, rest = room, sorted(wide)
    for number, one in enumerate(rest):
        share = left // (len(rest) - number)
        if one > share:
            return max(LEAST, share)
        left -= one
    return MOST
