"""The question of a waiting run, right above the field that answers it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.runs import RunEvent
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import MARGIN, STRETCH, clear, hbox, label, vbox, words
from aiops_desktop.ui.text import tr


class QuestionStrip(QWidget):
    """A strip in the warning tone; takes no room while nothing is asked.

    Signals:
        chosen(str): a quick answer was pressed.
    """

    chosen = Signal(str)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setObjectName("ask")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._who = label("", "strong", "warning")
        self._text = words("", "strong")
        self._choices = hbox(gap=8)
        head = hbox(kit.glyph("hourglass-medium", "warning"), self._who, STRETCH)
        body = vbox(self._text, self._choices, gap=8, margins=(24, 0, 0, 0))
        self.setLayout(vbox(head, body, gap=4, margins=(MARGIN, 12, MARGIN, 12)))
        self.hide()

    def put(self, question: RunEvent | None, who: str) -> None:
        """Show a question and its quick answers, or nothing."""
        self.setVisible(question is not None)
        if question is None:
            return
        self._who.setText(tr("{who} asks", who=who))
        if self._text.text() == question.text:
            return
        self._text.setText(question.text)
        clear(self._choices)
        for choice in question.choices:
            self._choices.addWidget(
                self._kit.button(choice, "", partial(self.chosen.emit, choice), small=True)
            )
        self._choices.addStretch(1)
