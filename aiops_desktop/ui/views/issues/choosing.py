"""What one chooses for an issue from what its forge told: labels, people, a milestone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QMenu, QPushButton

from aiops_desktop.domain.forges import Milestone
from aiops_desktop.ui.parts.controls import Choice
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.text import tr


class Names:
    """A button that unfolds names to tick; `chosen` are those that are ticked."""

    def __init__(self, kit: Kit, icon: str, title: str, nobody: str) -> None:
        """`title` is for who cannot see, `nobody` stands there while none is chosen."""
        self._title, self._nobody = title, nobody
        self._offered: tuple[tuple[str, str], ...] = ()
        self.button: QPushButton = kit.button("", icon, self._unfold)
        self.chosen: tuple[str, ...] = ()
        self.choose(())

    def offer(self, names: Sequence[tuple[str, str]]) -> None:
        """What the forge told: values, and how they are shown."""
        self._offered = tuple(names)

    def choose(self, chosen: Sequence[str]) -> None:
        """Tick these alone."""
        self.chosen = tuple(chosen)
        self.button.setText(", ".join(self.chosen) or self._nobody)
        self.button.setAccessibleName(f"{self._title}: {self.button.text()}")

    def menu(self) -> QMenu:
        """All names; those that are chosen and not told of are there, too."""
        menu = QMenu(self.button)
        known = {value for value, _shown in self._offered}
        rest = [(name, name) for name in self.chosen if name not in known]
        if not known and not rest:
            menu.addAction(tr("The forge told of none yet. Sync first.")).setEnabled(False)
        for value, shown in (*self._offered, *rest):
            action = menu.addAction(shown.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value in self.chosen)
            action.toggled.connect(partial(self._toggle, value))
        return menu

    def _unfold(self) -> None:
        self.menu().popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _toggle(self, value: str, on: bool) -> None:
        rest = tuple(name for name in self.chosen if name != value)
        self.choose((*rest, value) if on else rest)


def offer_milestones(box: Choice, known: Sequence[Milestone], own: str = "") -> None:
    """Offer those that are open, and the issue's own although it may be over."""
    kept = box.currentData()
    box.clear()
    box.addItem(tr("None"), "")
    for one in known:
        told = tr("{name}, due {date}", name=one.title, date=one.due.isoformat()) if one.due else ""
        box.addItem(told or one.title, one.title)
    if own and box.findData(own) < 0:
        box.addItem(own, own)
    box.setCurrentIndex(max(0, box.findData(kept)))
    box.setEnabled(box.count() > 1)
    none = tr("The forge told of no open milestone. Sync to look again.")
    box.setToolTip("" if box.count() > 1 else none)
