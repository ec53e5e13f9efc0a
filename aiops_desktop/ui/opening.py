"""The page that is seen while the data folder is opened, or when it cannot be."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import FORM, STRETCH, clear, hbox, holder, label, vbox, words
from aiops_desktop.ui.parts.notice import look
from aiops_desktop.ui.text import tr


class OpeningPage(QWidget):
    """A thin line while opening; a sentence, a hint and two ways on when it failed.

    `refused` tells the Trouble to those who do not look.
    """

    refused = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self._desk = desk
        self._line = desk.kit.line()
        self._line.set_part(None)
        self._said = vbox(gap=8)
        column = holder(self._said)
        column.setMaximumWidth(FORM)
        column.setMinimumWidth(320)
        self.setLayout(
            vbox(
                self._line,
                STRETCH,
                hbox(STRETCH, (column, 8), STRETCH, margins=(24, 0, 24, 0)),
                STRETCH,
                STRETCH,
                gap=0,
            )
        )

    def show_trouble(self, trouble: Trouble, quit_: Callable[[], object]) -> None:
        """It could not be opened; nothing was changed."""
        self.refused.emit(trouble)
        kit, desk = self._desk.kit, self._desk
        self._line.set_part(0)
        self._line.hide()
        clear(self._said)
        icon, tone, _ground = look(trouble)
        self._said.addWidget(kit.glyph(icon, tone, 20))
        self._said.addWidget(label(tr("The data folder cannot be opened"), "title"))
        self._said.addWidget(words(trouble.what))
        if trouble.hint:
            self._said.addWidget(words(trouble.hint, "muted"))
        if trouble.detail:
            detail = QPlainTextEdit(trouble.detail)
            detail.setReadOnly(True)
            detail.setProperty("mono", "true")
            detail.setFixedHeight(112)
            self._said.addWidget(detail)
        self._said.addSpacing(8)
        folder = kit.button(
            tr("Open data folder"), "folder-open", lambda: desk.run_action("view.data")
        )
        leave = kit.button(tr("Quit"), "", quit_, primary=True)
        self._said.addLayout(hbox(folder, leave, STRETCH))
        leave.setFocus()
