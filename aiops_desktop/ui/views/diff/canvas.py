"""Paints the rows of a diff: headers with their buttons, numbers, signs, code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from aiops_desktop.domain.repositories import DiffLine, Hunk
from aiops_desktop.ui import icons
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import CODE, SMALL, Scheme, mix, mono_font, ui_font
from aiops_desktop.ui.views.diff.colours import Colours, colours
from aiops_desktop.ui.views.diff.ink import Run, Span
from aiops_desktop.ui.views.diff.plan import HEAD, LINE
from aiops_desktop.ui.views.diff.shown import shown
from aiops_desktop.ui.views.diff.verbs import HunkAction, Verdict

#: Gutter columns: state edge, one line number, the sign.
EDGE, NUMBER, SIGN = 4, 36, 20
GUTTER = EDGE + 2 * NUMBER
_COUNTS = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """Words in a header that act."""

    rect: QRect
    hunk: int
    action: str


@dataclass(frozen=True, slots=True)
class LineLook:
    """How a line is to be painted."""

    runs: Sequence[Run] = ()
    words: Sequence[Span] = ()
    selected: bool = False
    pale: bool = False
    cursor: bool = False


@dataclass(frozen=True, slots=True)
class HeadLook:
    """How a header is to be painted; `picked` counts the selected changed lines of its hunk."""

    number: int
    actions: Sequence[HunkAction]
    verdict: Verdict | None
    current: bool = False
    picked: int = 0
    hover: QPoint | None = None
    inset: int = 6


@dataclass
class Canvas:
    """One painting of the view; `width` is where the code ends, `shift` how far it is scrolled."""

    painter: QPainter
    scheme: Scheme
    width: int
    shift: int
    hits: list[Hit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.c: Colours = colours(self.scheme)
        self.code, self.numbers = mono_font(CODE), mono_font(SMALL)
        self.metrics = QFontMetricsF(self.code)
        self.advance = self.metrics.horizontalAdvance("0")

    # Lines -----------------------------------------------------------------------------------

    def line(self, y: int, line: DiffLine, look: LineLook) -> None:
        """Paint one line."""
        p, kind = self.painter, " " if look.pale else line.kind
        ground = self.c.line_ground(kind, selected=look.selected)
        p.fillRect(QRect(0, y, self.width, LINE), QColor(ground))
        p.save()
        p.setClipRect(QRect(GUTTER, y, self.width - GUTTER, LINE))
        p.setFont(self.code)
        base = y + _baseline(self.code, LINE)
        if line.kind != " ":
            p.setPen(QColor(self.scheme.muted if look.pale else self.c.sign[line.kind]))
            p.drawText(QPointF(GUTTER + 6 - self.shift, base), "+" if line.kind == "+" else "−")
        self._text(y, base, line, look, ground)
        p.restore()
        self._gutter(y, line, kind, look)
        if look.cursor:
            p.setPen(QPen(QColor(self.scheme.accent), 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRect(QRect(1, y + 1, self.width - 2, LINE - 2))

    def _text(self, y: int, base: int, line: DiffLine, look: LineLook, ground: str) -> None:
        p, (text, columns) = self.painter, shown(line.text)
        left = GUTTER + SIGN - self.shift

        def at(column: int) -> int:
            if columns is None:
                return min(column, len(text))
            return columns[min(column, len(columns) - 1)]

        def x(column: int) -> float:
            if text.isascii():
                return left + column * self.advance
            return left + self.metrics.horizontalAdvance(text[:column])

        if not look.pale and line.kind != " ":
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(self.c.word_ground(line.kind, selected=look.selected)))
            for low, high in look.words:
                begin, end = round(x(at(low))) - 1, round(x(at(high))) + 1
                p.drawRoundedRect(QRectF(begin, y + 1, end - begin, LINE - 2), 2, 2)
        first, last = self._seen(text)
        spot = 0
        runs = [] if look.pale else [(at(low), at(high), kind) for low, high, kind in look.runs]
        for low, high, kind in [*runs, (len(text), len(text), "")]:
            for begin, end, tone in ((spot, low, ""), (low, high, kind)):
                begin, end = max(begin, first), min(end, last)
                if begin < end:
                    tint = self.scheme.muted if look.pale else self.c.syntax(tone, ground)
                    p.setPen(QColor(tint))
                    p.drawText(QPointF(x(begin), base), text[begin:end])
            spot = max(spot, high)
        if line.no_newline:
            p.setPen(QColor(self.scheme.muted))
            p.setFont(ui_font(SMALL))
            p.drawText(QPointF(x(len(text)) + 12, base), tr("no line end"))

    def _seen(self, text: str) -> tuple[int, int]:
        """The columns in view; all of a text that is not plain, whose widths nobody knows."""
        if not text.isascii():
            return 0, len(text)
        first = max(0, int((self.shift - SIGN) / self.advance))
        return first, first + int(self.width / self.advance) + 2

    def _gutter(self, y: int, line: DiffLine, kind: str, look: LineLook) -> None:
        p = self.painter
        p.fillRect(
            QRect(0, y, GUTTER, LINE), QColor(self.c.gutter_ground(kind, selected=look.selected))
        )
        if look.selected:
            p.fillRect(QRect(0, y, 3, LINE), QColor(self.scheme.accent))
        tone = self.scheme.muted if look.pale else self.c.number[line.kind]
        p.setPen(QColor(self.scheme.text if look.selected else tone))
        p.setFont(self.numbers)
        metrics, base = QFontMetricsF(self.numbers), y + _baseline(self.code, LINE)
        for place, number in enumerate((line.old, line.new)):
            if number is not None:
                # Numbers above 99,999 keep their end, which is what tells neighbours apart.
                words = str(number) if number < 100_000 else f"…{number % 1000:03d}"
                right = EDGE + (place + 1) * NUMBER - (8 if len(words) < 5 else 3)
                p.drawText(QPointF(round(right - metrics.horizontalAdvance(words)), base), words)

    def gutter(self, y: int, height: int) -> None:
        """The empty gutter beside what stands between lines and under the last one."""
        self.painter.fillRect(QRect(0, y, GUTTER, height), QColor(self.c.gutter[" "]))

    # Headers ---------------------------------------------------------------------------------

    def head(self, y: int, hunk: Hunk, look: HeadLook) -> None:
        """Paint a hunk's header."""
        p = self.painter
        p.fillRect(QRect(0, y, self.width, HEAD), QColor(self.c.head))
        for edge in (y, y + HEAD - 1):
            if edge != 0:
                p.fillRect(QRect(0, edge, self.width, 1), QColor(self.c.head_line))
        if look.current:
            p.fillRect(QRect(0, y, 3, HEAD), QColor(self.scheme.accent))
        right = self._buttons(y, look)
        base = y + _baseline(self.code, HEAD)
        where = range_of(hunk)
        x = GUTTER + SIGN
        p.setFont(self.numbers)
        p.setPen(QColor(self.scheme.muted))
        metrics = QFontMetricsF(self.numbers)
        p.drawText(QPointF(x, base), _cut(metrics, where, right - x - 8))
        x += round(metrics.horizontalAdvance(where)) + 12
        p.setFont(self.code)
        p.setPen(QColor(mix(self.scheme.muted, self.scheme.text, 0.5)))
        p.drawText(QPointF(x, base), _cut(self.metrics, shown(hunk.context)[0], right - x - 12))

    def _buttons(self, y: int, look: HeadLook) -> int:
        """Verdict and buttons of a header, from the right; the x where they begin."""
        right = self.width - look.inset
        if look.verdict:
            undo = HunkAction(look.verdict.undo, tr("Undo"))
            if look.verdict.undo:
                right = self._button(right, y, undo, look)
            return self._verdict(right, y, look.verdict)
        for action in reversed(look.actions):
            right = self._button(right, y, action, look)
        return right

    def _button(self, right: int, y: int, action: HunkAction, look: HeadLook) -> int:
        p, s, font = self.painter, self.scheme, ui_font(SMALL)
        words = action.words(look.picked)
        width = round(QFontMetricsF(font).horizontalAdvance(words)) + 16
        rect = QRect(right - width, y + 4, width, HEAD - 8)
        over = look.hover is not None and rect.contains(look.hover)
        outlined = look.current and look.verdict is None
        if outlined or over:
            danger = action.tone == "danger"
            edge = mix(s.border, s.danger, 0.5) if danger else mix(s.border, s.muted, 0.35)
            p.setPen(QColor(edge) if outlined else Qt.PenStyle.NoPen)
            p.setBrush(QColor(mix(s.surface, s.text, 0.06 if over else 0)))
            p.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        tone = action.tone if look.current or over else "muted"
        p.setPen(QColor(s.tone(tone)))
        p.setFont(font)
        p.drawText(QPointF(rect.left() + 8, y + _baseline(font, HEAD)), words)
        self.hits.append(Hit(rect, look.number, action.id))
        return right - width - (4 if look.current else 0)

    def _verdict(self, right: int, y: int, verdict: Verdict) -> int:
        p, font, tone = self.painter, ui_font(SMALL), self.scheme.tone(verdict.tone)
        right -= round(QFontMetricsF(font).horizontalAdvance(verdict.text)) + 4
        p.setFont(font)
        p.setPen(QColor(tone))
        p.drawText(QPointF(right, y + _baseline(font, HEAD)), verdict.text)
        right -= 20
        icons.draw(p, QRect(right, y + 6, 16, 16), verdict.icon, tone)
        return right - 4


def range_of(hunk: Hunk) -> str:
    """A hunk's range as shown."""
    return f"@@ −{hunk.old_start},{hunk.old_count} +{hunk.new_start},{hunk.new_count} @@"


def _cut(metrics: QFontMetricsF, words: str, room: int) -> str:
    if room < 24:
        return ""
    return metrics.elidedText(words[:400], Qt.TextElideMode.ElideRight, room)


def _baseline(font: QFont, height: int) -> int:
    """The baseline that centres capitals in a row."""
    return round((height + QFontMetricsF(font).capHeight()) / 2)
