"""The list of runs: two lines a run, painted, any number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from aiops_desktop.domain.runs import Assistant, Run, RunState
from aiops_desktop.ui.parts.layout import MARGIN, ROW_TALL
from aiops_desktop.ui.parts.rows import Row, Rows
from aiops_desktop.ui.text import age, tokens, tr
from aiops_desktop.ui.theme import BODY, SMALL, Theme, ui_font
from aiops_desktop.ui.views.runs.looks import assistant_title, heading, look

WIDTH = 320


class RunList(Rows):
    """Runs, newest first. A run that waits for a person stands out."""

    def __init__(self, theme: Theme) -> None:
        self._scheme_of = theme
        self._assistants: Mapping[str, Assistant] = {}
        super().__init__(
            theme,
            paint=self._paint_run,
            height=ROW_TALL,
            name=self._spoken,
            key=lambda item: item.id if isinstance(item, Run) else None,
        )
        self.setAccessibleName(tr("Assist runs"))

    def show_runs(self, runs: Sequence[Run], assistants: Mapping[str, Assistant]) -> None:
        """Replace the rows; the chosen run stays chosen."""
        self._assistants = assistants
        self.show_rows(runs)

    def update_run(self, run: Run) -> None:
        """One run was read anew: repaint its row without touching the others."""
        for number, item in enumerate(self.rows.items):
            if isinstance(item, Run) and item.id == run.id and item != run:
                self.rows.items[number] = run
                self.update(self.rows.index(number, 0))

    def _spoken(self, item: object) -> str:
        if not isinstance(item, Run):
            return ""
        who = assistant_title(item.assistant, self._assistants)
        return f"{heading(item)}, {look(item.state).word}, {who}"

    def _paint_run(self, painter: QPainter, rect: QRect, item: object, _selected: bool) -> None:
        if not isinstance(item, Run):
            return
        scheme, shown = self._scheme_of.scheme, look(item.state)
        tone = scheme.tone(shown.tone)
        small, right = ui_font(SMALL), Qt.TextElideMode.ElideRight
        top = Row(painter, QRect(rect.left(), rect.top() + 6, rect.width(), 20))
        top.glyph(shown.icon, tone)
        top.text(age(item.created), scheme.muted, small, right=True, gap=12)
        waits = item.state is RunState.WAITING
        top.text(heading(item), scheme.text, ui_font(BODY, waits), elide=right)
        low = Row(painter, QRect(rect.left(), rect.top() + 26, rect.width(), 20), left=MARGIN + 24)
        used = item.usage.tokens_in + item.usage.tokens_out
        low.text(tokens(used), scheme.muted, small, right=True, width=48, gap=8)
        low.text(_signed("−", item.removed), scheme.danger, small, right=True, width=28, gap=2)
        low.text(_signed("+", item.added), scheme.success, small, right=True, width=30, gap=8)
        low.text(shown.word, tone, small, gap=8)
        who = assistant_title(item.assistant, self._assistants)
        if QFontMetricsF(small).horizontalAdvance(who) <= low.room:
            low.text(who, scheme.muted, small)


def _signed(sign: str, number: int) -> str:
    """A count that always fits its column: "+12", "−1.2k"."""
    if not number:
        return ""
    return f"{sign}{number}" if number < 1000 else f"{sign}{number / 1000:.1f}k"
