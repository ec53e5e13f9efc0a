"""The diff of one file, with mouse, keyboard and menu."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from aiops_desktop.domain.repositories import FileDiff
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.diff.canvas import GUTTER, Hit
from aiops_desktop.ui.views.diff.plan import HEAD, LINE, Place
from aiops_desktop.ui.views.diff.sheet import DiffSheet
from aiops_desktop.ui.views.diff.verbs import HunkAction

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_HUNKS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
_KINDS = {"+": "added", "-": "removed", " ": "unchanged"}


class DiffView(DiffSheet):
    """Shows a FileDiff and offers what its owner lets one do with hunks and selected lines.

    The owner calls `show_diff`, says with `set_actions` which actions each hunk has, and with
    `set_verdict` what was decided about it; after a decision that leaves the diff as it is it calls
    `decide`. Buttons arrive in `acted` (see DiffSheet); `threads.hang` puts a widget on a line.

    Lines are selected with the mouse (drag, Shift, Ctrl; a click on a number) or with the keyboard:
    arrows move the line, j and k the hunk, Space and Shift+arrows select, Ctrl+A the whole hunk,
    Enter is the hunk's first action, Delete the one in danger, Ctrl+C copies, Esc lets go.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._drag: Place | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(tr("Diff"))
        self.current_changed.connect(lambda _hunk: self._describe())
        self.picked_changed.connect(lambda _count: self._describe())

    def show_diff(self, diff: FileDiff | None) -> None:
        """Show a diff, or nothing. The same file keeps its place; an equal diff changes nothing."""
        if diff is None or diff != self.diff:
            self._drag = None
        super().show_diff(diff)
        self.setAccessibleName(tr("Diff of {path}", path=diff.path) if diff else tr("Diff"))
        self._describe()

    # Mouse -----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select, or make the hunk under the mouse the current one."""
        place = self._place(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or place is None or self.diff is None:
            return
        if self._hit(event.position().toPoint()):
            return
        hunk, line = place
        held = event.modifiers()
        self._cursor = None
        if line < 0:
            self.set_current(hunk, reveal=False)
            return
        if held & Qt.KeyboardModifier.ShiftModifier and self._picked.hunk == hunk:
            self._extend(place)
        elif held & Qt.KeyboardModifier.ControlModifier or event.position().x() < GUTTER:
            if not held & Qt.KeyboardModifier.ControlModifier and self._picked.lines != {line}:
                self._picked.clear()
            self._picked.toggle(hunk, line)
        else:
            self._picked.begin(hunk, line)
        self._drag = place
        self.set_current(hunk, reveal=False)
        self._picks()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select on, or light up the words under the mouse."""
        spot = event.position().toPoint()
        if self._drag is not None and event.buttons() & Qt.MouseButton.LeftButton:
            y = max(0, min(spot.y(), self.viewport().height() - 1))
            if spot.y() != y:
                bar = self.verticalScrollBar()
                bar.setValue(bar.value() + (LINE if spot.y() > y else -LINE))
            place = self._place(QPoint(max(0, spot.x()), y))
            if place is not None and (place != self._drag or self._picked.lines):
                self._drag = place
                self._extend((place[0], max(0, place[1])))
            return
        over = self._hit(spot)
        self._hover = spot if over else None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press the button under the mouse."""
        dragged, self._drag = self._drag, None
        hit = self._hit(event.position().toPoint())
        if hit and dragged is None and event.button() == Qt.MouseButton.LeftButton:
            self.act(hit.action, hit.hunk)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse."""
        super().leaveEvent(event)
        self._hover = None
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the hunk under the mouse."""
        place = self._place(event.pos())
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if place is not None and by_mouse:
            self.set_current(place[0], reveal=False)
        if self.diff is None or not self.diff.hunks:
            return
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos() if by_mouse else self.mapToGlobal(QPoint(GUTTER, HEAD)))

    def menu(self) -> QMenu:
        """The current hunk's actions, and Copy."""
        menu = QMenu(self)
        for action in self._offers():
            words = action.words(len(self.picked) if action.line else 0)
            menu.addAction(words).triggered.connect(
                lambda _checked=False, name=action.id: self.act(name)
            )
        menu.addSeparator()
        menu.addAction(
            tr("Copy lines") if self._picked.lines else tr("Copy hunk")
        ).triggered.connect(lambda _checked=False: self.copy())
        return menu

    def _place(self, spot: QPoint) -> Place | None:
        """What is painted at a spot: a header stuck to the top covers what is under it."""
        if spot.x() >= self.code_width:
            return None
        scroll = self.verticalScrollBar().value()
        if spot.y() < HEAD:
            first = self._plan.at(scroll)
            if first is not None:
                following = self._plan.at(scroll + spot.y())
                covered = following is None or following[0] == first[0]
                return (first[0], -1) if covered else following
        return self._plan.at(spot.y() + scroll)

    def _hit(self, spot: QPoint) -> Hit | None:
        # The header stuck to the top is painted last and lies over the others.
        return next((hit for hit in reversed(self._hits) if hit.rect.contains(spot)), None)

    def _extend(self, place: Place) -> None:
        size = self._plan.sizes[self._picked.hunk if self._picked.hunk >= 0 else place[0]]
        self._picked.extend(*place, size)
        self._picks()

    # Keyboard --------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, select, act."""
        key, held = Qt.Key(event.key()), event.modifiers()
        shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
        plain = not held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if self.diff is None or not self.diff.hunks:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._picked.whole(self._current, self._plan.sizes[self._current])
            self._picks()
        elif plain and key in _STEPS:
            self._step(_STEPS[key], select=shift)
        elif plain and key in _HUNKS:
            self._cursor = None
            self.set_current(self._current + _HUNKS[key])
        elif plain and key == Qt.Key.Key_Space:
            self._toggle()
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._offers():
            self.act(self._offers()[0].id)
        elif plain and key == Qt.Key.Key_Delete and self._destroyer():
            self.act(self._destroyer())
        elif key == Qt.Key.Key_Escape and self._picked.lines:
            self.clear_picked()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """The selected lines, or the current hunk, to the clipboard."""
        if self.text():
            QGuiApplication.clipboard().setText(self.text())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the line the keyboard acts on."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop showing it."""
        super().focusOutEvent(event)
        self.viewport().update()

    def _step(self, way: int, *, select: bool) -> None:
        """Move the line, over the borders of hunks unless a range is being selected."""
        at = self._cursor
        if at is None:
            hunk, line = self._current, 0 if way > 0 else -1
            if self._picked.hunk == hunk and self._picked.lines:
                line = max(self._picked.lines) if way > 0 else min(self._picked.lines)
        else:
            hunk, line = at[0], at[1] + way
        sizes = self._plan.sizes
        if line < 0 and at is not None and (select or hunk == 0):
            line = 0
        elif line < 0:
            hunk, line = (hunk - 1, sizes[hunk - 1] - 1) if hunk and at is not None else (hunk, 0)
        elif line >= sizes[hunk]:
            last = select or hunk + 1 >= len(sizes)
            hunk, line = (hunk, sizes[hunk] - 1) if last else (hunk + 1, 0)
        if select:
            if self._picked.hunk != hunk or not self._picked.lines:
                self._picked.begin(hunk, at[1] if at and at[0] == hunk else line)
            self._extend((hunk, line))
        self._cursor = (hunk, line)
        self.set_current(hunk, reveal=False)
        self._reveal(self._plan.top(hunk, line), LINE, HEAD)
        self._describe()
        self.viewport().update()

    def _toggle(self) -> None:
        if self._cursor is None:
            self._step(1, select=False)
        if self._cursor is not None:
            self._picked.toggle(*self._cursor)
            self.set_current(self._cursor[0], reveal=False)
            self._picks()

    def _offers(self) -> list[HunkAction]:
        """What can be done with the current hunk now."""
        verdict = self._verdict(self._current)
        if verdict is not None:
            return [HunkAction(verdict.undo, tr("Undo"))] if verdict.undo else []
        return list(self._actions(self._current))

    def _destroyer(self) -> str:
        return next((action.id for action in self._offers() if action.tone == "danger"), "")

    # For those who do not see it -------------------------------------------------------------

    def _describe(self) -> None:
        """Say where one is, for a screen reader."""
        said = self.placeholder()
        if self.diff and self.diff.hunks:
            hunk = self.diff.hunks[self._current]
            parts = [tr("Hunk {n} of {all}.", n=self._current + 1, all=len(self.diff.hunks))]
            verdict = self._verdict(self._current)
            if verdict:
                parts.append(f"{verdict.text}.")
            if self._cursor and self._cursor[0] == self._current:
                line = hunk.lines[self._cursor[1]]
                parts.append(f"{_KINDS[line.kind]}: {line.text.strip()}")
            count = len(self.picked)
            offers = [action.words(count if action.line else 0) for action in self._offers()]
            said = " ".join([*parts, *(f"{words}." for words in offers)])
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )
