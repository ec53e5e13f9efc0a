"""Paints and measures one step of the timeline."""

from __future__ import annotations

from collections import OrderedDict
from math import ceil

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextLayout,
    QTextOption,
)

from aiops_desktop.domain.runs import EventKind
from aiops_desktop.ui import icons
from aiops_desktop.ui.parts.layout import MARGIN
from aiops_desktop.ui.parts.rows import Row
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.theme import CODE, SMALL, Scheme, Theme, mono_font, ui_font
from aiops_desktop.ui.views.runs.model import StepsModel, outcome
from aiops_desktop.ui.views.runs.steps import Step, clock

LINE, OUTPUT_LINE, PAD, TEXT_LEFT, TIME, PROSE = 20, 16, 6, 44, 60, 720
_ICONS = {
    EventKind.MESSAGE: "chat-text",
    EventKind.THOUGHT: "dots-three",
    EventKind.COMMAND: "terminal-window",
    EventKind.CHANGE: "pencil-simple",
    EventKind.TOOL: "wrench",
    EventKind.PLAN: "list-bullets",
    EventKind.WARNING: "warning",
    EventKind.QUESTION: "question",
    EventKind.OUTPUT: "text-align-left",
}
_PROSE = {
    EventKind.MESSAGE,
    EventKind.THOUGHT,
    EventKind.WARNING,
    EventKind.PLAN,
    EventKind.QUESTION,
}
_LAYOUTS = 400
"""Text layouts kept: some screens full."""


class StepInk:
    """Measures steps (estimated or exactly) and paints them."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._layouts: OrderedDict[tuple[str, int, bool], QTextLayout] = OrderedDict()

    def estimate(self, step: Step, width: int, unfolded: bool) -> int:
        """A step's height without laying its words out."""
        if step.kind not in _PROSE:
            return self._fixed(step, unfolded)
        room = max(80, min(PROSE, width - TEXT_LEFT - TIME))
        letters = max(10, room // 7)
        lines = sum(max(1, ceil(len(part) / letters)) for part in step.text.split("\n"))
        return 2 * PAD + LINE * lines

    def measure(self, step: Step, width: int, unfolded: bool) -> int:
        """A step's height."""
        if step.kind not in _PROSE:
            return self._fixed(step, unfolded)
        return 2 * PAD + LINE * max(1, self._words(step, width).lineCount())

    def _fixed(self, step: Step, unfolded: bool) -> int:
        if step.kind is EventKind.CHANGE:
            return 2 * PAD + LINE * max(1, len(step.paths))
        shown = len(_shown(step, unfolded))
        return 2 * PAD + LINE + (4 + shown * OUTPUT_LINE if shown else 0)

    def paint(
        self, painter: QPainter, rect: QRect, model: StepsModel, row: int, clip: QRect
    ) -> None:
        """Paint a step into its rectangle; only lines inside `clip`."""
        step, scheme = model.steps[row], self._theme.scheme
        bad = step.exit_code not in (None, 0)
        tone = scheme.danger if bad else scheme.muted
        if step.kind in {EventKind.WARNING, EventKind.QUESTION}:
            tone = scheme.warning
        top = rect.top() + PAD
        icons.draw(painter, QRect(rect.left() + MARGIN, top + 2, 16, 16), _ICONS[step.kind], tone)
        self._thread(painter, rect, scheme, row < len(model.steps) - 1)
        line = QRect(rect.left(), top, rect.width(), LINE)
        head = Row(painter, line, TEXT_LEFT, MARGIN)
        head.text(clock(step.at), scheme.muted, ui_font(SMALL), right=True, gap=12)
        if step.kind in _PROSE:
            self._paint_words(painter, rect, step, scheme)
        elif step.kind is EventKind.CHANGE:
            self._paint_change(painter, rect, model, row)
        else:
            self._paint_command(head, scheme, step, row in model.unfolded)
            self._paint_output(painter, rect, step, row in model.unfolded, clip)

    def _thread(self, painter: QPainter, rect: QRect, scheme: Scheme, more: bool) -> None:
        """The thin line from this icon to the next one."""
        if more:
            x, top = rect.left() + MARGIN + 7, rect.top() + PAD + LINE
            painter.fillRect(QRect(x, top, 1, rect.bottom() + PAD - top), QColor(scheme.border))

    def _paint_words(self, painter: QPainter, rect: QRect, step: Step, scheme: Scheme) -> None:
        quiet = step.kind in {EventKind.THOUGHT, EventKind.PLAN}
        colour = scheme.muted if quiet else scheme.text
        if step.kind is EventKind.WARNING:
            colour = scheme.warning
        painter.setPen(QColor(colour))
        self._words(step, rect.width()).draw(
            painter, QPointF(rect.left() + TEXT_LEFT, rect.top() + PAD)
        )

    def _paint_change(self, painter: QPainter, rect: QRect, model: StepsModel, row: int) -> None:
        step, scheme = model.steps[row], self._theme.scheme
        for number, path in enumerate(step.paths):
            top = rect.top() + PAD + number * LINE
            line = Row(
                painter, QRect(rect.left(), top, rect.width(), LINE), TEXT_LEFT, MARGIN + TIME
            )
            said = "" if number else tr("Changed")
            line.text(said or tr("and"), scheme.muted, gap=6)
            counts = model.counts(row, path)
            after = 0.0
            parts: list[tuple[str, str]] = []
            if counts:
                parts = [
                    (text, colour)
                    for count, text, colour in (
                        (counts[0], f"+{counts[0]}", scheme.success),
                        (counts[1], f"−{counts[1]}", scheme.danger),
                    )
                    if count
                ]
                small = QFontMetricsF(ui_font(SMALL))
                after = sum(small.horizontalAdvance(text) + 6 for text, _ in parts)
            line.high -= ceil(after)
            line.text(path, scheme.text, mono_font(CODE), gap=8)
            line.high += ceil(after)
            for text, colour in parts:
                line.text(text, colour, ui_font(SMALL), gap=6)

    def _paint_command(self, row: Row, scheme: Scheme, step: Step, unfolded: bool) -> None:
        small = ui_font(SMALL)
        metrics = QFontMetricsF(small)
        how, tone = outcome(step)
        lines = counted(len(step.lines), "{n} line", "{n} lines") if step.lines else ""
        after = metrics.horizontalAdvance(how) + 10 if how else 0.0
        after += metrics.horizontalAdvance(lines) + 8 + 20 if lines else 0.0
        row.high -= ceil(after)
        text = step.text or (tr("Output") if step.kind is EventKind.OUTPUT else "")
        mono = step.kind is not EventKind.OUTPUT
        row.text(
            text,
            scheme.text if mono else scheme.muted,
            mono_font(CODE) if mono else ui_font(),
            gap=10,
            elide=Qt.TextElideMode.ElideRight,
        )
        row.high += ceil(after)
        if how:
            row.text(how, scheme.tone(tone), small, gap=8)
        if lines:
            partly = bool(step.failing) and not unfolded
            row.glyph("caret-down" if unfolded or partly else "caret-right", scheme.muted, 12)
            row.text(lines, scheme.muted, small)

    def _paint_output(
        self, painter: QPainter, rect: QRect, step: Step, unfolded: bool, clip: QRect
    ) -> None:
        shown = _shown(step, unfolded)
        if not shown:
            return
        scheme = self._theme.scheme
        top = rect.top() + PAD + LINE + 4
        left = rect.left() + TEXT_LEFT
        painter.fillRect(QRect(left, top, 1, len(shown) * OUTPUT_LINE), QColor(scheme.border))
        font = mono_font(SMALL)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(scheme.muted))
        room = rect.width() - TEXT_LEFT - 13 - MARGIN
        first = max(0, (clip.top() - top) // OUTPUT_LINE)
        last = min(len(shown), (clip.bottom() - top) // OUTPUT_LINE + 1)
        for number in range(first, last):
            text = metrics.elidedText(shown[number][:2000], Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPointF(left + 13, top + number * OUTPUT_LINE + 12), text)

    def _words(self, step: Step, width: int) -> QTextLayout:
        """The words of a step in lines of 20 px, at most 720 px wide; made once while seen."""
        room = max(80, min(PROSE, width - TEXT_LEFT - TIME))
        quiet = step.kind is EventKind.THOUGHT
        key = (step.text, room, quiet)
        found = self._layouts.get(key)
        if found is not None:
            self._layouts.move_to_end(key)
            return found
        made = _laid_out(step.text, room, ui_font(SMALL) if quiet else ui_font())
        self._layouts[key] = made
        if len(self._layouts) > _LAYOUTS:
            self._layouts.popitem(last=False)
        return made


def _shown(step: Step, unfolded: bool) -> tuple[str, ...]:
    return step.lines if unfolded else step.failing


def _laid_out(text: str, width: int, font: QFont) -> QTextLayout:
    layout = QTextLayout(text.replace("\n", "\u2028"), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    top = 0.0
    while True:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top + (LINE - line.height()) / 2))
        top += LINE
    layout.endLayout()
    return layout
