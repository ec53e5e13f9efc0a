"""The panes of one tab, beside and below each other."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from aiops_desktop.ui.parts.layout import vbox
from aiops_desktop.ui.views.terminal.pane import Pane
from aiops_desktop.ui.views.terminal.shape import Fork, Leaf, Shape

_ACROSS, _UPRIGHT = Qt.Orientation.Horizontal, Qt.Orientation.Vertical


class Way(Enum):
    """Where to look for a neighbour."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class Splits(QWidget):
    """A tree of splitters with panes as its leaves.

    A splitter holds at least two parts, and never one of its own direction.

    Attributes:
        current: the pane that has, or had last, the focus.
        zoomed: whether only the current pane is shown.
    """

    changed = Signal()
    """Panes, their places or their sizes are others now."""
    focused = Signal()
    """Another pane is the current one."""

    def __init__(self, first: Pane | None = None) -> None:
        super().__init__()
        self.current: Pane | None = None
        self.zoomed = False
        self._sizes: dict[QSplitter, list[int]] = {}
        self._box = vbox(gap=0)
        self.setLayout(self._box)
        if first is not None:
            self._take_in(first)
            self._box.addWidget(first)

    @classmethod
    def restored(cls, shape: Shape, make: Callable[[Leaf], Pane | None]) -> Splits | None:
        """The panes of a remembered tab; None when `make` knows none of them any more."""
        made = cls()
        root = made._grow(shape, make)
        if root is None:
            made.deleteLater()
            return None
        made._box.addWidget(root)
        return made

    # Looking ---------------------------------------------------------------------------------

    @property
    def panes(self) -> list[Pane]:
        """All panes, left to right and top to bottom."""
        root = self._root()
        return _leaves(root) if root else []

    @property
    def shape(self) -> Shape | None:
        """What to remember."""
        root = self._root()
        return self._shape(root) if root else None

    def neighbour(self, pane: Pane, way: Way) -> Pane | None:
        """The nearest pane that lies this way, the one most in line with it."""
        here = self._place(pane)
        found: list[tuple[int, int, Pane]] = []
        for other in self.panes:
            there = self._place(other)
            gap, aside = _apart(here, there, way)
            if other is not pane and gap >= 0 and aside < 0:
                found.append((gap, aside, other))
        return min(found, key=lambda one: one[:2], default=(0, 0, None))[2]

    # Changing --------------------------------------------------------------------------------

    def split(self, pane: Pane, made: Pane, *, upright: bool) -> None:
        """Put a new pane right of a pane, or below it where `upright`; it gets half the room."""
        self.zoom(None)
        self._take_in(made)
        way = _UPRIGHT if upright else _ACROSS
        parent = pane.parentWidget()
        if isinstance(parent, QSplitter) and parent.orientation() is way:
            sizes = parent.sizes()
            at = parent.indexOf(pane)
            half = sizes[at] // 2
            parent.insertWidget(at + 1, made)
            parent.setSizes([*sizes[:at], sizes[at] - half, half, *sizes[at + 1 :]])
        else:
            inner = self._splitter(way)
            room = pane.height() if upright else pane.width()
            fit = self._put(inner, pane)
            inner.addWidget(pane)
            inner.addWidget(made)
            fit()
            inner.show()
            inner.setSizes([room // 2, room - room // 2])
        for one in (pane, made):
            one.show()
        self.changed.emit()

    def remove(self, pane: Pane) -> None:
        """Take a pane out; its neighbours get its room. The pane itself is left to the caller."""
        self.zoom(None)
        order = self.panes
        at = order.index(pane)
        parent = pane.parentWidget()
        pane.hide()
        pane.setParent(None)
        if isinstance(parent, QSplitter) and parent.count() == 1:
            self._dissolve(parent)
        rest = self.panes
        if self.current is pane:
            self.current = rest[min(at, len(rest) - 1)] if rest else None
            self.focused.emit()
        self.changed.emit()

    def equalise(self) -> None:
        """Give all parts of a row or column the same room."""
        self.zoom(None)
        for splitter in self._splitters():
            splitter.setSizes([10_000] * splitter.count())
        self.changed.emit()

    def zoom(self, pane: Pane | None) -> None:
        """Show one pane alone; None: all of them again, with the sizes they had."""
        if pane is None:
            if self.zoomed:
                self.zoomed = False
                self._unzoom()
            return
        if len(self.panes) < 2:
            return
        self.zoom(None)
        self.zoomed = True
        self._sizes = {splitter: splitter.sizes() for splitter in self._splitters()}
        for splitter in self._splitters():
            for part in _parts(splitter):
                part.setVisible(part is pane or part.isAncestorOf(pane))

    def choose(self, pane: Pane) -> None:
        """Make a pane the current one and give it the keyboard."""
        if self.zoomed and pane is not self.current:
            self.zoom(pane)
        self._focused(pane)
        pane.setFocus()

    # How -------------------------------------------------------------------------------------

    def _root(self) -> QWidget | None:
        item = self._box.itemAt(0)
        return item.widget() if item else None

    def _grow(self, shape: Shape, make: Callable[[Leaf], Pane | None]) -> QWidget | None:
        if isinstance(shape, Leaf):
            pane = make(shape)
            if pane is not None:
                self._take_in(pane)
            return pane
        parts = [part for one in shape.parts if (part := self._grow(one, make)) is not None]
        if len(parts) < 2:
            return parts[0] if parts else None
        splitter = self._splitter(_UPRIGHT if shape.upright else _ACROSS)
        for part in parts:
            splitter.addWidget(part)
        if len(parts) == len(shape.sizes):
            splitter.setSizes(list(shape.sizes))
        return splitter

    def _take_in(self, pane: Pane) -> None:
        pane.focused.connect(self._focused)
        if self.current is None:
            self.current = pane

    def _focused(self, pane: Pane) -> None:
        if pane is not self.current and pane in self.panes:
            self.current = pane
            self.focused.emit()

    def _splitter(self, way: Qt.Orientation) -> QSplitter:
        made = QSplitter(way)
        made.setChildrenCollapsible(False)
        made.setHandleWidth(1)
        made.splitterMoved.connect(lambda _at, _number: self.changed.emit())
        return made

    def _put(self, new: QWidget, old: QWidget) -> Callable[[], None]:
        """Put a widget where another is; what is returned gives it that one's room.

        `replaceWidget` would leave the new one to Python, which deletes it with all its panes.
        """
        parent = old.parentWidget()
        if isinstance(parent, QSplitter):
            sizes = parent.sizes()
            parent.insertWidget(parent.indexOf(old), new)
            return lambda: parent.setSizes(sizes)
        self._box.insertWidget(0, new)
        return lambda: None

    def _dissolve(self, splitter: QSplitter) -> None:
        """A splitter with one part left gives its place to it."""
        last = _parts(splitter)[0]
        above = splitter.parentWidget()
        fit = self._put(last, splitter)
        splitter.hide()
        splitter.setParent(None)
        splitter.deleteLater()
        fit()
        last.show()
        if isinstance(last, QSplitter) and _same_way(above, last):
            self._melt(last)

    def _melt(self, inner: QSplitter) -> None:
        """Parts of a splitter in one of the same direction become parts of the outer one."""
        outer = inner.parentWidget()
        if not isinstance(outer, QSplitter):
            return
        at, sizes, parts = outer.indexOf(inner), outer.sizes(), inner.sizes()
        for number, widget in enumerate(_parts(inner)):
            outer.insertWidget(at + number, widget)
        inner.setParent(None)
        inner.deleteLater()
        outer.setSizes([*sizes[:at], *parts, *sizes[at + 1 :]])

    def _splitters(self) -> list[QSplitter]:
        root = self._root()
        if not isinstance(root, QSplitter):
            return []
        return [root, *(one for one in root.findChildren(QSplitter))]

    def _unzoom(self) -> None:
        for splitter in self._splitters():
            for part in _parts(splitter):
                part.show()
            if splitter in self._sizes:
                splitter.setSizes(self._sizes[splitter])
        self._sizes = {}

    def _shape(self, widget: QWidget) -> Shape | None:
        if isinstance(widget, Pane):
            return None if widget.passing else widget.leaf
        if not isinstance(widget, QSplitter):
            return None
        parts = [self._shape(part) for part in _parts(widget)]
        sizes = self._sizes.get(widget) or widget.sizes()
        kept = tuple(part for part in parts if part is not None)
        return Fork(widget.orientation() is _UPRIGHT, kept, tuple(sizes))

    def _place(self, pane: Pane) -> QRect:
        return QRect(pane.mapTo(self, QPoint(0, 0)), pane.size())


def _leaves(widget: QWidget) -> list[Pane]:
    if isinstance(widget, Pane):
        return [widget]
    if not isinstance(widget, QSplitter):
        return []
    return [pane for part in _parts(widget) for pane in _leaves(part)]


def _parts(splitter: QSplitter) -> list[QWidget]:
    found = (splitter.widget(at) for at in range(splitter.count()))
    return [part for part in found if part is not None]


def _same_way(one: QWidget | None, other: QWidget) -> bool:
    if not isinstance(one, QSplitter) or not isinstance(other, QSplitter):
        return False
    return one.orientation() is other.orientation()


def _apart(here: QRect, there: QRect, way: Way) -> tuple[int, int]:
    """(gap, how far out of line: negative where the two face each other)."""
    if way is Way.LEFT:
        gap = here.left() - there.right()
    elif way is Way.RIGHT:
        gap = there.left() - here.right()
    elif way is Way.UP:
        gap = here.top() - there.bottom()
    else:
        gap = there.top() - here.bottom()
    if way in (Way.LEFT, Way.RIGHT):
        facing = min(here.bottom(), there.bottom()) - max(here.top(), there.top())
    else:
        facing = min(here.right(), there.right()) - max(here.left(), there.left())
    return gap, -facing
