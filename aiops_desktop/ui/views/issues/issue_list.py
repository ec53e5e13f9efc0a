"""The list of issues: two lines an issue, painted, any number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from aiops_desktop.domain.issues import Issue, IssueState
from aiops_desktop.domain.runs import Run
from aiops_desktop.ui.parts.layout import MARGIN, ROW_TALL
from aiops_desktop.ui.parts.rows import Row, Rows, Section
from aiops_desktop.ui.text import age, tr
from aiops_desktop.ui.theme import BODY, SMALL, Theme, ui_font
from aiops_desktop.ui.views.issues.looks import due, label_colour, look, sections, spoken
from aiops_desktop.ui.views.runs.looks import look as run_look

#: The key of the last row, which shows more of them.
MORE = Section("")


class IssueList(Rows):
    """Issues under the headings of their states."""

    def __init__(self, theme: Theme) -> None:
        self._scheme_of = theme
        self._colours: Mapping[str, str] = {}
        self._people: Mapping[str, str] = {}
        self._places: Mapping[int, str] = {}
        self._runs: Mapping[int, Run] = {}
        super().__init__(
            theme,
            paint=self._paint_issue,
            height=ROW_TALL,
            name=lambda item: spoken(item) if isinstance(item, Issue) else "",
            key=lambda item: item.id if isinstance(item, Issue) else None,
        )
        self.setAccessibleName(tr("Issues"))

    def show_issues(
        self,
        issues: Sequence[Issue],
        found: int,
        stages: Mapping[IssueState, int],
        *,
        colours: Mapping[str, str],
        people: Mapping[str, str],
        places: Mapping[int, str],
        runs: Mapping[int, Run],
    ) -> None:
        """Replace the rows; the chosen issue stays chosen.

        Args:
            issues: in their order.
            found: how many there are in all.
            stages: the same for each state.
            colours: of labels.
            people: logins → names.
            places: project id → words that say where; empty inside one project.
            runs: issue id → the last assist run about it.
        """
        self._colours, self._people, self._places = colours, people, places
        self._runs = runs
        rows = sections(issues, stages)
        if found > len(issues):
            more = tr("{n} of {all} shown", n=f"{len(issues):,}", all=f"{found:,}")
            rows.append(Section(more, "", tr("Show more")))
        self.show_rows(rows)

    def update_issue(self, issue: Issue) -> None:
        """One issue was read anew: repaint its row without touching the others."""
        for number, item in enumerate(self.rows.items):
            if isinstance(item, Issue) and item.id == issue.id:
                self.rows.items[number] = issue
                self.update(self.rows.index(number, 0))

    def _paint_issue(self, painter: QPainter, rect: QRect, item: object, selected: bool) -> None:
        if not isinstance(item, Issue):
            return
        scheme, shown = self._scheme_of.scheme, look(item)
        small, right = ui_font(SMALL), Qt.TextElideMode.ElideRight
        top = Row(painter, QRect(rect.left(), rect.top() + 6, rect.width(), 20))
        top.glyph(shown.icon, scheme.tone(shown.tone))
        top.text(age(item.updated), scheme.muted, small, right=True, gap=12)
        top.text(item.title, scheme.text, ui_font(BODY, selected), elide=right)
        low = Row(painter, QRect(rect.left(), rect.top() + 26, rect.width(), 20), left=MARGIN + 24)
        who = self._who(item)
        if who:
            low.text(who, scheme.muted, small, right=True, width=min(96, _wide(who)), elide=right)
        run = self._runs.get(item.id)
        if run is not None:
            seen = run_look(run.state)
            low.glyph("robot", scheme.tone(seen.tone), 14, right=True)
        low.text(f"#{item.number}", scheme.muted, small)
        place = self._places.get(item.project_id, "")
        when, tone = due(item)
        words = [(place, scheme.text), (when, scheme.tone(tone))]
        words += [(name, label_colour(name, self._colours, scheme)) for name in item.labels]
        for text, colour in words:
            if text and _wide(text) <= low.room:  # what does not fit is left out, never cut
                low.text(text, colour, small)

    def _who(self, issue: Issue) -> str:
        if not issue.assignees:
            return ""
        first = self._people.get(issue.assignees[0], issue.assignees[0]).split(" ")[0]
        more = len(issue.assignees) - 1
        return tr("{name} +{n}", name=first, n=more) if more else first


def _wide(text: str) -> int:
    return int(QFontMetricsF(ui_font(SMALL)).horizontalAdvance(text)) + 1
