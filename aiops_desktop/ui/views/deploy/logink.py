"""Paints one row of the log: its time, a heading with its counts, or a line in its colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from aiops_desktop.ui import icons
from aiops_desktop.ui.parts.layout import MARGIN
from aiops_desktop.ui.terminal.colours import DARK, LIGHT
from aiops_desktop.ui.text import duration, tr
from aiops_desktop.ui.theme import BODY, SMALL, Scheme, legible, mono_font, ui_font
from aiops_desktop.ui.views.deploy.loglines import Heading, LogLines, runs

LINE, FOLD_X, TEXT_X = 20, 88, 108
_COUNTS = (
    ("ok", "muted", "{n} ok"),
    ("changed", "warning", "{n} changed"),
    ("skipped", "muted", "{n} skipped"),
    ("failed", "danger", "{n} failed"),
)


class LogInk:
    """Paints rows of a log in a scheme."""

    def __init__(self, lines: LogLines, scheme: Scheme) -> None:
        self._lines = lines
        self._scheme = scheme
        self._colours = DARK if scheme.dark else LIGHT
        self._end = 0

    def time(self, painter: QPainter, rect: QRect, number: int, before: str) -> str:
        """Paint a line's time where it differs from the one before; the time shown last."""
        at = self._lines.line(number).time
        scheme = self._scheme
        shown = f"{at.astimezone():%H:%M:%S}" if at else ""
        if shown and shown != before:
            painter.setFont(mono_font())
            painter.setPen(QColor(scheme.muted))
            painter.drawText(QPointF(MARGIN, rect.top() + 14), shown)
        return shown or before

    def heading(self, painter: QPainter, rect: QRect, heading: Heading, *, running: bool) -> None:
        """A play's or task's heading: fold sign, name, what came of it, how long it took."""
        scheme = self._scheme
        base = rect.top() + 15
        runs_now = running and heading.line == self._lines.running
        took = _took(heading)
        end = rect.right() - MARGIN
        self._end = rect.right()
        painter.setFont(ui_font(SMALL))
        if runs_now:
            icons.draw(painter, QRect(end - 14, rect.top() + 3, 14, 14), "spinner", scheme.accent)
            end -= 24
        elif took:
            end -= round(QFontMetricsF(ui_font(SMALL)).horizontalAdvance(took))
            painter.setPen(QColor(scheme.muted))
            painter.drawText(QPointF(end, base), took)
        if heading.kind == "play":
            self._words(painter, QPointF(TEXT_X, base), heading.name, ui_font(BODY), scheme.muted)
            return
        fold = "caret-down" if heading.open else "caret-right"
        icons.draw(painter, QRect(FOLD_X, rect.top() + 4, 12, 12), fold, scheme.muted)
        tone = scheme.danger if heading.failed else scheme.text
        x = self._words(painter, QPointF(TEXT_X, base), heading.name, ui_font(BODY, True), tone)
        if self._lines.needle and self._lines.needle in heading.name.casefold():
            self._underline(painter, rect, heading)
        x += 16
        for kind, colour, text in _COUNTS:
            if count := heading.counts.get(kind):
                said = tr(text, n=count)
                if x + 60 < end:
                    at = QPointF(x, base)
                    x = self._words(painter, at, said, ui_font(SMALL), scheme.tone(colour)) + 10

    def _words(self, painter: QPainter, at: QPointF, text: str, font: QFont, colour: str) -> float:
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(
            text, Qt.TextElideMode.ElideMiddle, max(40.0, self._end - at.x() - 96)
        )
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(at, shown)
        return at.x() + metrics.horizontalAdvance(shown)

    def _underline(self, painter: QPainter, rect: QRect, heading: Heading) -> None:
        width = QFontMetricsF(ui_font(BODY, True)).horizontalAdvance(heading.name)
        painter.fillRect(QRectF(TEXT_X, rect.bottom() - 2, width, 2), QColor(self._scheme.warning))

    def line(self, painter: QPainter, rect: QRect, number: int, *, current: bool) -> None:
        """A line in its colours, with what was found in it."""
        colours = self._colours
        advance = QFontMetricsF(mono_font()).horizontalAdvance("0")
        found = _places(self._lines.plain(number)[:2_000], self._lines.needle)
        for at in found:
            area = QRectF(
                TEXT_X + at * advance,
                rect.top() + 1,
                len(self._lines.needle) * advance,
                LINE - 2,
            )
            ground = colours.current_match if current else colours.match
            painter.fillRect(area, QColor(ground))
        x, column = float(TEXT_X), 0
        for run in runs(self._lines.line(number).text):
            colour = colours.text if run.colour is None else colours.ansi[run.colour]
            font = QFont(mono_font())
            font.setBold(run.bold)
            painter.setFont(font)
            for text, marked in _cut(run.text, column, found, len(self._lines.needle)):
                ground = colours.ground
                if marked:
                    ground = colours.current_match if current else colours.match
                if marked and current:
                    colour_now = colours.ground
                else:
                    colour_now = legible(colour, ground, colours.text)
                painter.setPen(QColor(colour_now))
                painter.drawText(QPointF(x, rect.top() + 14), text)
                x += len(text) * advance
            column += len(run.text)


def _took(heading: Heading) -> str:
    if heading.time is None or heading.ended is None:
        return ""
    return duration(max(0.0, (heading.ended - heading.time).total_seconds()))


def _places(text: str, needle: str) -> list[int]:
    if not needle:
        return []
    made: list[int] = []
    low, at = text.casefold(), 0
    while (at := low.find(needle, at)) >= 0 and len(made) < 50:
        made.append(at)
        at += len(needle)
    return made


def _cut(text: str, column: int, found: list[int], length: int) -> list[tuple[str, bool]]:
    """A run cut at the edges of matches; `column` is where it stands in its line."""
    made: list[tuple[str, bool]] = []
    at, end = column, column + len(text)
    for place in found:
        low, high = max(at, place), min(end, place + length)
        if low >= high:
            continue
        if low > at:
            made.append((text[at - column : low - column], False))
        made.append((text[low - column : high - column], True))
        at = high
    if at < end:
        made.append((text[at - column :], False))
    return made
