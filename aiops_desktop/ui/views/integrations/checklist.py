"""What a test of an integration found, in the order in which things fail."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.integrations import Check, CheckState, IntegrationReport
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import duration, tr

_LOOKS = {
    CheckState.GOOD: ("check-circle", "success", ""),
    CheckState.WARNING: ("warning", "warning", "warning"),
    CheckState.BAD: ("x-circle", "danger", "danger"),
    CheckState.SKIPPED: ("circle-dashed", "muted", "muted"),
    CheckState.DATE: ("calendar-blank", "muted", ""),
}


class Checklist(QWidget):
    """A heading and a line for each step."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._took = label("", "small")
        self._lines = vbox(gap=2)
        head = hbox(label(tr("Test"), "section"), STRETCH, self._took)
        self.setLayout(vbox(head, self._lines, gap=4))
        self.forget()

    def forget(self) -> None:
        """Nothing is known."""
        self._begin("")
        self._add(Check(CheckState.SKIPPED, tr("Not tested yet")))

    def ask(self) -> None:
        """It is being looked at."""
        self._begin("")
        self._lines.addWidget(self._kit.state("spinner", tr("Asking the server"), "muted"))

    def say(self, sentence: str) -> None:
        """Something else was wrong."""
        self._begin("")
        glyph = vbox(self._kit.glyph("x-circle", "danger"), STRETCH)
        self._lines.addWidget(holder(hbox(glyph, (words(sentence, "", "danger"), 1))))

    def show_report(self, report: IntegrationReport) -> None:
        """What was found."""
        took = duration(report.seconds)
        self._begin(tr("just now, {took}", took=took))
        for check in report.checks:
            self._add(check)
        if report.what:
            self._lines.addWidget(words(f"{report.what} {report.hint}", "small"))
        self.setAccessibleDescription("; ".join(f"{c.state}: {c.text}" for c in report.checks))

    def _begin(self, took: str) -> None:
        clear(self._lines)
        self._took.setText(took)

    def _add(self, check: Check) -> None:
        icon, tone, words_tone = _LOOKS[check.state]
        said = Elided(check.text)
        if words_tone:
            said.setProperty("tone", words_tone)
        note = label(check.note, "small")
        row = hbox(self._kit.glyph(icon, tone), said, STRETCH, note)
        self._lines.addWidget(holder(row, height=24))
