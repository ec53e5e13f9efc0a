"""What is wanted of a list: a bar of text and choices, folded into a funnel when narrow."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from aiops_desktop.ui.parts.controls import Choice
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import BAR
from aiops_desktop.ui.text import tr

#: Milliseconds after the last key before the text is looked for.
REST = 200


class Filtering(QWidget):
    """The search field, the boxes and the funnel; who derives lays them out.

    `changed` is emitted on another choice, and when the text rests. A subclass sets `WIDE`, the
    width from which every choice has its own box, and says by `said` what the funnel shows.
    """

    changed = Signal()
    WIDE = 900

    def __init__(
        self, kit: Kit, hint: str, widths: tuple[int, int], boxes: Sequence[tuple[str, int]]
    ) -> None:
        """`hint` and `widths` are of the search field; `boxes` are names and widths of choices."""
        super().__init__()
        self.setFixedHeight(BAR)
        # Its own parts must not keep the page from getting narrow; it folds them then.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.search = kit.search(hint)
        self.search.setMinimumWidth(widths[0])
        self.search.setMaximumWidth(widths[1])
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _text: self._rest.start())
        self.boxes: list[Choice] = []
        for name, width in boxes:
            box = kit.choice()
            box.setAccessibleName(name)
            box.setFixedWidth(width)
            box.activated.connect(lambda _index: self._chosen())
            self.boxes.append(box)
        self.funnel: QPushButton = kit.button("", "funnel", self._unfold)

    def said(self) -> tuple[str, int]:
        """The choice that the funnel names, and how many others narrow beside it."""
        raise NotImplementedError

    def clear_text(self) -> None:
        """Take the text back, without looking for it."""
        self._rest.stop()
        blocked = self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(blocked)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Boxes where there is room, else the funnel."""
        super().resizeEvent(event)
        self._fold()

    def menu(self) -> QMenu:
        """All choices as a menu."""
        menu = QMenu(self)
        for box in self.boxes:
            inner = menu.addMenu(box.accessibleName())
            group = QActionGroup(inner)
            for number in range(box.count()):
                action = inner.addAction(box.itemText(number).replace("&", "&&"))
                action.setCheckable(True)
                action.setChecked(number == box.currentIndex())
                group.addAction(action)
                action.triggered.connect(
                    lambda _checked=False, box=box, number=number: self._choose(box, number)
                )
        return menu

    def _unfold(self) -> None:
        self.menu().popup(self.funnel.mapToGlobal(self.funnel.rect().bottomLeft()))

    def _choose(self, box: Choice, number: int) -> None:
        box.setCurrentIndex(number)
        self._chosen()

    def _chosen(self) -> None:
        self._fold()
        self.changed.emit()

    def _fold(self) -> None:
        wide = self.width() >= self.WIDE
        for box in self.boxes:
            box.setVisible(wide)
        self.funnel.setVisible(not wide)
        chosen, more = self.said()
        self.funnel.setText(tr("{chosen}, {n} more", chosen=chosen, n=more) if more else chosen)


def refill(
    box: Choice,
    values: Sequence[tuple[str, object]],
    spelled: Callable[[object], str] = str,
) -> None:
    """Other values in a box; what was chosen stays, also when it is not among them any more."""
    chosen = box.currentData()
    if chosen and chosen not in [value for _, value in values]:
        values = [*values, (spelled(chosen), chosen)]
    blocked = box.blockSignals(True)
    box.clear()
    for words, value in values:
        box.addItem(words, value)
    box.setCurrentIndex(max(0, box.findData(chosen)) if chosen else 0)
    box.blockSignals(blocked)
