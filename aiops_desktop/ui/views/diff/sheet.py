"""The sheet a diff is painted on: what is shown, where it stands, what is current and selected."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from aiops_desktop.domain.repositories import FileDiff
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import CODE, mix, mono_font
from aiops_desktop.ui.views.diff.canvas import GUTTER, SIGN, Canvas, HeadLook, Hit, LineLook
from aiops_desktop.ui.views.diff.ink import Ink, ink
from aiops_desktop.ui.views.diff.picked import Picked, pick_of
from aiops_desktop.ui.views.diff.plan import HEAD, LINE, Place, Plan, Spot
from aiops_desktop.ui.views.diff.shown import columns
from aiops_desktop.ui.views.diff.threads import Threads
from aiops_desktop.ui.views.diff.verbs import Actions, Verdicts, no_actions, no_verdict

#: Colours of so many diffs are kept, so that going back to a file shows them at once.
_KEPT = 24


class DiffSheet(QAbstractScrollArea):
    """Shows a FileDiff with the actions its owner gives; `DiffView` adds mouse and keyboard.

    Signals:
        acted(int, str, object): hunk, id of the action, and the changed lines it is about as a
            frozenset of line indexes in the hunk; None for the whole hunk (a `Pick` value).
        current_changed(int): another hunk is the current one.
        picked_changed(int): so many changed lines are selected.
    """

    acted = Signal(int, str, object)
    current_changed = Signal(int)
    picked_changed = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.diff: FileDiff | None = None
        self._plan = Plan(())
        self._ink: Ink | None = None
        self._inks: OrderedDict[object, Ink] = OrderedDict()
        self._colouring: JobRecord | None = None
        self._actions: Actions = no_actions
        self._verdict: Verdicts = no_verdict
        self._picked = Picked()
        self._current = 0
        self._cursor: Place | None = None
        self._hits: list[Hit] = []
        self._hover: QPoint | None = None
        self._widest = 0
        self.threads = Threads(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalScrollBar().setSingleStep(LINE * 3)
        desk.theme.changed.connect(self.viewport().update)

    # What is shown ---------------------------------------------------------------------------

    def show_diff(self, diff: FileDiff | None) -> None:
        """Show a diff, or nothing. The same file keeps its place; an equal diff changes nothing."""
        before = self.diff
        if diff is not None and diff == before:
            return
        same = diff is not None and before is not None and diff.path == before.path
        at, current = self.verticalScrollBar().value(), self._current
        self.diff = diff
        self._picked.clear()
        self._cursor = None
        self.threads.clear()
        hunks = diff.hunks if diff else ()
        self._current = min(current, max(0, len(hunks) - 1)) if same else 0
        self._widest = max((columns(line.text) for h in hunks for line in h.lines), default=0)
        self._colour()
        self.measure()
        self.verticalScrollBar().setValue(at if same else 0)
        if not same:
            self.horizontalScrollBar().setValue(0)
        self.picked_changed.emit(0)
        self.current_changed.emit(self._current)

    def set_actions(self, actions: Actions) -> None:
        """Which buttons a hunk (by its index) has; the destructive one is never first."""
        self._actions = actions
        self.viewport().update()

    def set_verdict(self, verdict: Verdicts) -> None:
        """What was decided about a hunk (by its index), or None."""
        self._verdict = verdict
        self.viewport().update()

    def decide(self, *, forward: bool = True) -> None:
        """Decisions changed: paint them, let go of the selection, go to the next open hunk."""
        self.clear_picked()
        if forward and self.diff:
            count = len(self.diff.hunks)
            order = [*range(self._current, count), *range(self._current)]
            self.set_current(next((n for n in order if self._verdict(n) is None), self._current))
        self.viewport().update()

    @property
    def current(self) -> int:
        """The current hunk; 0 when there is none."""
        return self._current

    def set_current(self, hunk: int, *, reveal: bool = True) -> None:
        """Make a hunk the current one and show it."""
        if not self.diff or not 0 <= hunk < len(self.diff.hunks):
            return
        if hunk != self._current:
            self._current = hunk
            if self._picked.hunk != hunk:
                self.clear_picked()
            self.current_changed.emit(hunk)
        if reveal:
            self._reveal(self._plan.top(hunk), HEAD + min(6, self._plan.sizes[hunk]) * LINE, 0)
        self.viewport().update()

    @property
    def picked(self) -> frozenset[int]:
        """The selected changed lines of the current hunk."""
        if not self.diff or not self.diff.hunks:
            return frozenset()
        return self._picked.changed(self._current, self.diff.hunks[self._current].lines)

    def pick(self, hunk: int, first: int, last: int) -> None:
        """Select lines of a hunk, from one to another."""
        if self.diff and 0 <= hunk < len(self.diff.hunks):
            self.set_current(hunk, reveal=False)
            self._picked.begin(hunk, first)
            self._picked.extend(hunk, last, len(self.diff.hunks[hunk].lines))
            self._picks()

    def clear_picked(self) -> None:
        """Let go of the selected lines."""
        if self._picked.lines:
            self._picked.clear()
            self._picks()

    def _picks(self) -> None:
        self.picked_changed.emit(len(self.picked))
        self.viewport().update()

    def act(self, action: str, hunk: int | None = None) -> None:
        """Press a button of a hunk (None: the current one)."""
        if not self.diff or not self.diff.hunks:
            return
        number = self._current if hunk is None else hunk
        chosen = next((one for one in self._actions(number) if one.id == action), None)
        lines = self.diff.hunks[number].lines
        changed = self._picked.changed(number, lines) if chosen and chosen.line else frozenset()
        self.set_current(number, reveal=False)
        self.acted.emit(number, action, pick_of(self.diff.hunks[number], changed))

    def text(self) -> str:
        """The selected lines, or those of the current hunk, as they are copied."""
        if not self.diff or not self.diff.hunks:
            return ""
        lines = self.diff.hunks[self._current].lines
        if self._picked.hunk == self._current and self._picked.lines:
            return "\n".join(lines[n].text for n in sorted(self._picked.lines))
        return "\n".join(line.kind + line.text for line in lines)

    # Colours ---------------------------------------------------------------------------------

    def _colour(self) -> None:
        """Have the colours of the diff computed; until then it is shown without."""
        if self._colouring is not None:
            self._colouring.stop()
            self._colouring = None
        self._ink = None
        diff = self.diff
        if diff is None or not diff.hunks:
            return
        shapes = tuple((hunk.old_start, hunk.new_start, len(hunk.lines)) for hunk in diff.hunks)
        key = (diff.path, diff.old_path, hash(diff.before), hash(diff.after), shapes)
        known = self._inks.get(key) if diff.before is not None or diff.after is not None else None
        if known is not None:
            self._inks.move_to_end(key)
            self._ink = known
            return

        def done(made: Ink) -> None:
            self._inks[key] = made
            if len(self._inks) > _KEPT:
                self._inks.popitem(last=False)
            if self.diff is diff:
                self._ink = made
                self.viewport().update()

        self._colouring = self._desk.read(lambda job: ink(diff, job.check), done)

    # Geometry --------------------------------------------------------------------------------

    @property
    def code_width(self) -> int:
        """Pixels from the left edge to where the code ends (and the threads' margin begins)."""
        return self.viewport().width() - self.threads.margin(self.viewport().width())

    def measure(self) -> None:
        """Find the rows' places anew: the diff, a thread or the width changed."""
        sizes = [len(hunk.lines) for hunk in self.diff.hunks] if self.diff else []
        self._plan = Plan(sizes, self.threads.extras(self.code_width, self.viewport().width()))
        view, advance = self.viewport(), QFontMetricsF(mono_font(CODE)).horizontalAdvance("0")
        self.verticalScrollBar().setRange(0, max(0, self._plan.height + LINE - view.height()))
        self.verticalScrollBar().setPageStep(max(LINE, view.height() - HEAD))
        width = GUTTER + SIGN + round(self._widest * advance) + 8
        self.horizontalScrollBar().setRange(0, max(0, width - self.code_width))
        self.horizontalScrollBar().setPageStep(max(1, self.code_width))
        self.horizontalScrollBar().setSingleStep(round(advance * 4))
        self.threads.place(self._plan, self.verticalScrollBar().value())
        view.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other rows fit."""
        super().resizeEvent(event)
        self.measure()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Rows move; the sticky header does not, so everything is painted."""
        self.threads.place(self._plan, self.verticalScrollBar().value())
        self.viewport().update()

    def _reveal(self, top: int, height: int, above: int) -> None:
        """Scroll as little as needed to show a piece; `above` is kept free for the header."""
        bar, room = self.verticalScrollBar(), self.viewport().height()
        if top - above < bar.value():
            bar.setValue(top - above)
        elif top + height > bar.value() + room:
            bar.setValue(min(top - above, top + height - room))

    # Painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows in view, the header of the first hunk stuck to the top."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scheme = self._desk.theme.scheme
        painter.fillRect(self.viewport().rect(), QColor(scheme.surface))
        if self.diff is None or not self.diff.hunks:
            self._placeholder(painter)
            return
        scroll = self.verticalScrollBar().value()
        canvas = Canvas(painter, scheme, self.code_width, self.horizontalScrollBar().value())
        canvas.gutter(0, self.viewport().height())
        heads = []
        for spot in self._plan.between(scroll, scroll + self.viewport().height()):
            if spot.line < 0:
                heads.append(spot)
            else:
                self._paint_line(canvas, spot, spot.top - scroll)
        self._paint_heads(canvas, heads, scroll)
        self._hits = canvas.hits
        self.threads.paint(painter, scheme, self.viewport())

    def _paint_line(self, canvas: Canvas, spot: Spot, y: int) -> None:
        if self.diff is None or spot.extra:
            canvas.gutter(y, spot.height)
            return
        place, verdict = (spot.hunk, spot.line), self._verdict(spot.hunk)
        look = LineLook(
            self._ink.runs[spot.hunk][spot.line] if self._ink else (),
            self._ink.words[spot.hunk][spot.line] if self._ink else (),
            selected=spot.hunk == self._picked.hunk and spot.line in self._picked.lines,
            pale=verdict is not None and verdict.pale,
            cursor=place == self._cursor and self.hasFocus(),
        )
        canvas.line(y, self.diff.hunks[spot.hunk].lines[spot.line], look)
        if self.threads.beside(place):
            edge = mix(canvas.scheme.border, canvas.scheme.accent, 0.55)
            width = self.code_width - GUTTER
            canvas.painter.fillRect(GUTTER, y + LINE - 1, width, 1, QColor(edge))

    def _paint_heads(self, canvas: Canvas, heads: list[Spot], scroll: int) -> None:
        if self.diff is None:
            return
        first = self._plan.at(scroll)
        places = {spot.hunk: spot.top - scroll for spot in heads}
        if first is not None and places.get(first[0], -1) < 0:
            following = places.get(first[0] + 1, HEAD)
            places[first[0]] = min(0, following - HEAD)
        for number, y in places.items():
            hunk = self.diff.hunks[number]
            look = HeadLook(
                number,
                self._actions(number),
                self._verdict(number),
                current=number == self._current,
                picked=len(self._picked.changed(number, hunk.lines)),
                hover=self._hover,
                inset=12 if self.code_width < self.viewport().width() else 6,
            )
            canvas.head(y, hunk, look)

    def _placeholder(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._desk.theme.scheme.muted))
        area = self.viewport().rect().adjusted(24, 0, -24, 0)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(area, flags, self.placeholder())

    def placeholder(self) -> str:
        """The sentence shown instead of hunks, "" while there are hunks or no diff at all."""
        diff = self.diff
        if diff is None or diff.hunks:
            return ""
        if diff.binary:
            return tr("This file is not text. It can only be taken as a whole.")
        if diff.too_large:
            return tr("This change is too large to be read line by line.")
        return diff.note or tr("The content is the same; there are no lines to show.")
