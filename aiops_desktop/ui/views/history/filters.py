"""The filter bar of the history: text, who, what, outcome, period; a funnel where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from aiops_desktop.domain.events import Outcome
from aiops_desktop.ui.parts.controls import Choice
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import BAR, MARGIN, STRETCH, hbox, label
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views import told
from aiops_desktop.ui.views.history.days import PERIODS, Wanted

#: Milliseconds after the last key before the text is looked for.
REST = 200
#: Width of the bar from which every choice has its own box.
WIDE = 940


class FilterBar(QWidget):
    """Says what is wanted.

    Signals:
        changed: another choice, or the text rests.
        export: the export button was pressed.
    """

    changed = Signal()
    export = Signal()

    def __init__(self, kit: Kit, title: str = "") -> None:
        super().__init__()
        self.setFixedHeight(BAR)
        # Its own parts must not keep the page from getting narrow; it folds them then.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.search = kit.search(tr("Filter by text, commit or host"))
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(256)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _text: self._rest.start())
        self.who, self.what, self.outcome, self.period = (kit.choice() for _ in range(4))
        self._boxes: tuple[tuple[Choice, str, int], ...] = (
            (self.who, tr("Who"), 140),
            (self.what, tr("What"), 152),
            (self.outcome, tr("Outcome"), 148),
            (self.period, tr("Period"), 132),
        )
        for box, name, width in self._boxes:
            box.setAccessibleName(name)
            box.setFixedWidth(width)
            box.activated.connect(lambda _index: self.changed.emit())
        self.funnel: QPushButton = kit.button("", "funnel", self._unfold)
        self._subject = ""
        self.about: QPushButton = kit.button("", "x", lambda: self.only(""))
        self.about.hide()
        self._count = label("", "small")
        self.export_button = kit.button(tr("Export…"), "download-simple", self.export.emit)
        self.setLayout(
            hbox(
                label(title, "title") if title else None,
                8 if title else None,
                (self.search, 20),
                *(box for box, _, _ in self._boxes),
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
        )

    def only(self, subject: str) -> None:
        """Show what was done to one thing, or to all again ("")."""
        self._say_subject(subject)
        self.changed.emit()

    def choose_actor(self, name: str) -> None:
        """Show what one person or assistant did, at any time."""
        self.reset(None, quiet=True)
        if self.who.findData(name) < 0:
            self.who.addItem(name, name)
        self.who.setCurrentIndex(self.who.findData(name))
        self.changed.emit()

    def _say_subject(self, subject: str) -> None:
        self._subject = subject
        self.about.setText(tr("Only {name}", name=subject))
        self.about.setToolTip(tr("Show what was done to anything"))
        self.about.setVisible(bool(subject))
        self._fold()

    def reset(self, days: int | None = 7, *, quiet: bool = False) -> None:
        """Take every filter back; the period goes back so many days."""
        self._say_subject("")
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        for box in (self.who, self.what, self.outcome):
            box.setCurrentIndex(0)
        self.period.setCurrentIndex(next(n for n, (_, d) in enumerate(PERIODS) if d == days))
        self._fold()
        if not quiet:
            self.changed.emit()

    def show_known(self, actors: Sequence[str], verbs: Sequence[str]) -> None:
        """Offer whom and what there is."""
        _refill(self.who, tr("Who: anyone"), [(name, name) for name in actors])
        _refill(self.what, tr("What: all kinds"), [(told.verb_title(verb), verb) for verb in verbs])

    def show_count(self, count: int, *, most: bool = False) -> None:
        """How many entries fit; `most`: so many and more."""
        if most:
            self._count.setText(tr("more than {n} entries", n=f"{count:,}"))
            words = tr("Export all entries…")
        else:
            self._count.setText(counted(count, "{n} entry", "{n} entries"))
            words = counted(count, "Export {n} entry…", "Export {n} entries…")
        self.export_button.setText(words if self.width() >= WIDE else tr("Export…"))
        self.export_button.setToolTip(words)
        self.export_button.setEnabled(count > 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Boxes where there is room, else the funnel."""
        super().resizeEvent(event)
        self._fold()

    def _fill_fixed(self) -> None:
        self.outcome.addItem(tr("Outcome: any"), None)
        for outcome in Outcome:
            self.outcome.addItem(told.outcome_look(outcome)[2], outcome)
        for words, _days in PERIODS:
            self.period.addItem(tr(words))
        self.period.setCurrentIndex(1)

    def _fold(self) -> None:
        wide = self.width() >= WIDE
        for box, _, _ in self._boxes:
            box.setVisible(wide)
        self.funnel.setVisible(not wide)
        more = self.wanted.narrowed
        period = self.period.currentText()
        self.funnel.setText(tr("{period}, {n} more", period=period, n=more) if more else period)

    def _unfold(self) -> None:
        menu = self.menu()
        menu.popup(self.funnel.mapToGlobal(self.funnel.rect().bottomLeft()))

    def menu(self) -> QMenu:
        """All choices as a menu."""
        menu = QMenu(self)
        for box, name, _ in self._boxes:
            inner = menu.addMenu(name)
            group = QActionGroup(inner)
            for number in range(box.count()):
                action = inner.addAction(box.itemText(number))
                action.setCheckable(True)
                action.setChecked(number == box.currentIndex())
                group.addAction(action)
                action.triggered.connect(
                    lambda _checked=False, box=box, number=number: self._choose(box, number)
                )
        return menu

    def _choose(self, box: Choice, number: int) -> None:
        box.setCurrentIndex(number)
        self._fold()
        self.changed.emit()


def _refill(box: Choice, everything: str, values: Sequence[tuple[str, str]]) -> None:
    """Other values, the same choice where it still exists."""
    chosen = box.currentData()
    if chosen and chosen not in {value for _, value in values}:
        values = [*values, (chosen, chosen)]
    blocked = box.blockSignals(True)
    box.clear()
    box.addItem(everything, "")
    for words, value in values:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(chosen)) if chosen else 0)
    box.blockSignals(blocked)
