"""A line at the foot of a terminal that says something and offers what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

HEIGHT = 40


class PromptBar(QWidget):
    """A sentence and its buttons, floating over the grid so that the program keeps its size."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("warn")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAutoFillBackground(True)
        self._said = QLabel()
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 12, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._said, 1)
        self._buttons: list[QPushButton] = []
        self.hide()

    def say(self, sentence: str, *steps: tuple[str, Callable[[], object]]) -> None:
        """Show a sentence; each step is a button's words and what it does."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
        for words, act in steps:
            button = QPushButton(words)
            button.setProperty("small", "true")
            button.clicked.connect(lambda _checked=False, act=act: act())
            self._row.addWidget(button)
            self._buttons.append(button)
        self._said.setText(sentence)
        self.setAccessibleName(sentence)
        self.place()
        self.show()
        self.raise_()

    @property
    def sentence(self) -> str:
        """What is said now."""
        return self._said.text()

    def button(self, number: int) -> QPushButton:
        """One of its buttons, from 0."""
        return self._buttons[number]

    def place(self) -> None:
        """Lie along the lower edge of the parent."""
        around = self.parentWidget()
        if around is not None:
            self.setGeometry(0, around.height() - HEIGHT, around.width(), HEIGHT)
