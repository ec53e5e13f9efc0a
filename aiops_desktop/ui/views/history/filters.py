"""The filter bar of the history: text, who, what, outcome, period; a funnel where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from aiops_desktop.domain.events import Outcome
from aiops_desktop.ui.parts.filtering import Filtering, refill
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import MARGIN, STRETCH, hbox, label
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views import told
from aiops_desktop.ui.views.history.days import PERIODS, Wanted


class FilterBar(Filtering):
    """Says what is wanted.

    Signals:
        changed: another choice, or the text rests.
        export: the export button was pressed.
    """

    export = Signal()
    WIDE = 940

    def __init__(self, kit: Kit, title: str = "") -> None:
        names = (
            (tr("Who"), 140),
            (tr("What"), 152),
            (tr("Outcome"), 148),
            (tr("Period"), 132),
        )
        super().__init__(kit, tr("Filter by text, commit or host"), (160, 256), names)
        self.who, self.what, self.outcome, self.period = self.boxes
        self._subject = ""
        self._tenant_id: int | None = None
        self.about: QPushButton = kit.button("", "x", lambda: self.only(""))
        self.about.hide()
        self._count = label("", "small")
        self.export_button = kit.button(tr("Export…"), "download-simple", self.export.emit)
        self.setLayout(
            hbox(
                label(title, "title") if title else None,
                8 if title else None,
                (self.search, 20),
                *self.boxes,
                self.funnel,
                self.about,
                STRETCH,
                self._count,
                4,
                self.export_button,
                margins=(MARGIN, 0, MARGIN, 0),
            )
        )
        self._fill_fixed()
        self.show_known((), ())
        self._fold()

    @property
    def wanted(self) -> Wanted:
        """What the bar says now."""
        return Wanted(
            self.search.text(),
            self.who.currentData() or "",
            self.what.currentData() or "",
            self.outcome.currentData(),
            PERIODS[self.period.currentIndex()][1],
            self._subject,
            self._tenant_id,
        )

    def only(self, subject: str) -> None:
        """Show what was done to one thing, or to all again ("")."""
        self._say_subject(subject)
        self.changed.emit()

    def only_ever(self, subject: str, tenant_id: int | None) -> None:
        """Show what was done to one thing of a tenant, at any time."""
        self.reset(None, quiet=True)
        self._say_subject(subject, tenant_id)
        self.changed.emit()

    def choose_actor(self, name: str) -> None:
        """Show what one person or assistant did, at any time."""
        self.reset(None, quiet=True)
        if self.who.findData(name) < 0:
            self.who.addItem(name, name)
        self.who.setCurrentIndex(self.who.findData(name))
        self.changed.emit()

    def _say_subject(self, subject: str, tenant_id: int | None = None) -> None:
        self._subject, self._tenant_id = subject, tenant_id
        self.about.setText(tr("Only {name}", name=subject))
        self.about.setToolTip(tr("Show what was done to anything"))
        self.about.setVisible(bool(subject))
        self._fold()

    def reset(self, days: int | None = 7, *, quiet: bool = False) -> None:
        """Take every filter back; the period goes back so many days."""
        self._say_subject("")
        self.clear_text()
        for box in (self.who, self.what, self.outcome):
            box.setCurrentIndex(0)
        self.period.setCurrentIndex(next(n for n, (_, d) in enumerate(PERIODS) if d == days))
        self._fold()
        if not quiet:
            self.changed.emit()

    def show_known(self, actors: Sequence[str], verbs: Sequence[str]) -> None:
        """Offer whom and what there is."""
        refill(self.who, [(tr("Who: anyone"), ""), *((name, name) for name in actors)])
        kinds = [(told.verb_title(verb), verb) for verb in verbs]
        refill(self.what, [(tr("What: all kinds"), ""), *kinds])

    def show_count(self, count: int, *, most: bool = False) -> None:
        """How many entries fit; `most`: so many and more."""
        if most:
            self._count.setText(tr("more than {n} entries", n=f"{count:,}"))
            words = tr("Export all entries…")
        else:
            self._count.setText(counted(count, "{n} entry", "{n} entries"))
            words = counted(count, "Export {n} entry…", "Export {n} entries…")
        self.export_button.setText(words if self.width() >= self.WIDE else tr("Export…"))
        self.export_button.setToolTip(words)
        self.export_button.setEnabled(count > 0)

    def said(self) -> tuple[str, int]:
        """The period, and what narrows beside it."""
        return self.period.currentText(), self.wanted.narrowed

    def _fill_fixed(self) -> None:
        self.outcome.addItem(tr("Outcome: any"), None)
        for outcome in Outcome:
            self.outcome.addItem(told.outcome_look(outcome)[2], outcome)
        for words, _days in PERIODS:
            self.period.addItem(tr(words))
        self.period.setCurrentIndex(1)
