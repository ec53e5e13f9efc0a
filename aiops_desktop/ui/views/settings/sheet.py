"""One section of the settings as a page of fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.settings import section_help
from aiops_desktop.ui.parts.layout import FORM, hbox, holder, label, scroller, vbox, words
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.settings.row import SettingRow
from aiops_desktop.ui.views.settings.sections import SECTIONS, matches


class Sheet(QWidget):
    """Heading, fields, and what else belongs to the section."""

    def __init__(
        self, section: str, rows: Sequence[SettingRow], below: Iterable[QWidget] = ()
    ) -> None:
        super().__init__()
        self._title = tr(SECTIONS[section][0])
        self._rows = rows
        column = vbox(label(self._title, "title"), words(section_help(section), "muted"), gap=4)
        column.addSpacing(12)
        for row in rows:
            column.addWidget(row.box)
        for more in below:
            column.addWidget(more)
        column.addStretch(1)
        inner = holder(column)
        inner.setMaximumWidth(FORM)
        area = scroller(holder(hbox((inner, 10), (QWidget(), 1), margins=(24, 14, 24, 16), gap=0)))
        area.setFrameShape(area.Shape.NoFrame)
        made: QVBoxLayout = vbox((area, 1), gap=0)
        self.setLayout(made)
        self._area = area

    def look_for(self, search: str) -> None:
        """Show only the fields that have all words of a search in what is said of them."""
        wanted = search.casefold().split()
        for row in self._rows:
            row.box.setVisible(matches(row.item, self._title, wanted))

    def bring(self, row: SettingRow) -> None:
        """Scroll to a field and put the cursor there."""
        row.control.setFocus()
        self._area.ensureWidgetVisible(row.box)
