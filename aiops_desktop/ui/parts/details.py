"""The pane right of a table: a title, facts line by line, sections, and buttons at the foot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    Item,
    bar,
    clear,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    vline,
)
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk

WIDTH = 344
#: Width of the names of facts.
NAME = 90


def fact(name: str, *said: Item, width: int = 104) -> QWidget:
    """A line of facts: its name in a column of its own, then what is known."""
    left = label(name, "muted")
    left.setFixedWidth(width)
    return holder(hbox(left, *said, STRETCH, gap=6), height=24)


class DetailsPane(QWidget):
    """What is known of the row that is chosen, and what can be done with it.

    Attributes:
        lines: where facts and sections go.
        more: the button with the actions that have no button of their own.
        foot: the bar of buttons.
    """

    def __init__(self, desk: Desk, menu: Sequence[str] = (), *, width: int = WIDTH) -> None:
        """`menu` are ids of actions, for `more`."""
        super().__init__()
        self.setFixedWidth(width)
        self._desk, self._ids = desk, tuple(menu)
        self.lines: QVBoxLayout = vbox(gap=4)
        self.more = desk.kit.tool("dots-three", tr("More"), self._offer)
        self.foot = QWidget()

    def stand(self, *buttons: Item, above: Sequence[Item] = (), below: Sequence[Item] = ()) -> None:
        """Lay it out: the lines between what stands above and below them, buttons at the foot."""
        self.foot = bar(*buttons)
        margins = (MARGIN, 14, MARGIN, MARGIN)
        column = vbox(*above, self.lines, *below, STRETCH, gap=4, margins=margins)
        inner = holder(vbox((scroller(holder(column)), 1), hline(), self.foot, gap=0))
        self.setLayout(hbox(vline(), (inner, 1), gap=0))

    def begin(self, title: str | None) -> bool:
        """Start anew under this title; None leaves it empty. Whether there is something to show."""
        clear(self.lines)
        self.foot.setVisible(title is not None)
        if title is not None:
            self.lines.addWidget(Elided(title, "title"))
            self.lines.addSpacing(8)
        return title is not None

    def put(self, widget: QWidget) -> None:
        """Add anything."""
        self.lines.addWidget(widget)

    def fact(self, name: str, *said: Item) -> None:
        """Add a fact."""
        self.lines.addWidget(fact(name, *said, width=NAME))

    def section(self, title: str) -> None:
        """Begin a section."""
        self.lines.addSpacing(12)
        self.lines.addWidget(label(title, "section"))

    def history(self, subject: str, tenant_id: int | None = None) -> None:
        """Add the way to what was done to this very thing."""
        from aiops_desktop.domain.events import EventFilter

        wanted = EventFilter(subject=subject, tenant_id=tenant_id)
        self.section(tr("What was done"))
        self.put(
            self._desk.kit.link(
                tr("Show in the history"), lambda: self._desk.go("all_history", wanted)
            )
        )

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk.fill_menu(menu, self._ids)
        menu.popup(self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
