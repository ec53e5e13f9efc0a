"""A hand for the window: finds widgets by what is written on them, presses, types, and waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk

W = TypeVar("W", bound=QWidget)
T = TypeVar("T")

#: Seconds anything in the window may take. Generous: the computer may be busy.
LIMIT = 90.0


class NotSeen(Exception):
    """What should have been seen was not; the sentence says what."""


class Hand:
    """Does what a person does, with real clicks and keys; only waits for conditions."""

    def __init__(self, desk: Desk, limit: float = LIMIT) -> None:
        self._desk, self._limit = desk, limit

    # Waiting ---------------------------------------------------------------------------------

    def see(self, what: str, condition: Callable[[], T | None], limit: float = 0) -> T:
        """Wait until a condition holds; its value.

        Raises:
            NotSeen: it did not, in time; `what` says what was awaited.
        """
        deadline = time.monotonic() + (limit or self._limit)
        while True:
            found = condition()
            if found:
                return found
            if time.monotonic() > deadline:
                raise NotSeen(f"{what} was not seen. {self._troubles()}".strip())
            QTest.qWait(15)

    def ask(self, question: Callable[[], T], what: str = "an answer") -> T:
        """Ask a service in a worker, as pages do."""
        got: list[T] = []
        failed: list[Trouble] = []

        def work(_job: Job) -> T:
            return question()

        self._desk.read(work, got.append, trouble=failed.append)
        self.see(what, lambda: bool(got or failed))
        if failed:
            raise NotSeen(str(failed[0]))
        return got[0]

    def calm(self) -> None:
        """Wait until no job works and what changed is painted."""
        self.see("a calm window", lambda: not self._desk.runner.busy)
        QApplication.processEvents()

    def _troubles(self) -> str:
        told = [str(record.trouble) for record in self._desk.jobs.records if record.trouble]
        return "The window says: " + " ".join(told) if told else ""

    # Finding ---------------------------------------------------------------------------------

    def find(self, kind: type[W], words: str, within: QWidget | None = None) -> W | None:
        """A visible widget that begins with these words, by its text or accessible name."""
        tops = [within] if within else QApplication.topLevelWidgets()
        for top in reversed(tops):
            if not top.isVisible():
                continue
            for widget in top.findChildren(kind):
                if widget.isVisible() and _says(widget, words):
                    return widget
        return None

    # Doing -----------------------------------------------------------------------------------

    def press(self, words: str, within: QWidget | None = None, limit: float = 0) -> None:
        """Click a button."""

        def usable() -> QAbstractButton | None:
            found = self.find(QAbstractButton, words, within)
            return found if found is not None and found.isEnabled() else None

        button = self.see(f"the button “{words}”", usable, limit)
        self.click(button)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on a widget."""
        spot = at or widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    def dismiss(self, kind: type[QWidget], words: str = "Close") -> None:
        """Close every widget of a kind that is in the way, such as notices in the corner."""
        for top in QApplication.topLevelWidgets():
            for widget in top.findChildren(kind):
                button = self.find(QAbstractButton, words, widget) if widget.isVisible() else None
                if button is not None:
                    self.click(button)

    def tab(self, words: str) -> None:
        """Click a tab."""

        def found() -> tuple[QTabBar, int] | None:
            for top in QApplication.topLevelWidgets():
                for bar in top.findChildren(QTabBar):
                    for number in range(bar.count()):
                        if bar.isVisible() and bar.tabText(number).startswith(words):
                            return bar, number
            return None

        bar, number = self.see(f"the tab “{words}”", found)
        self.click(bar, bar.tabRect(number).center())

    def row(self, view: QAbstractItemView | str, words: str) -> None:
        """Click a row of a list or tree (by its accessible name) that begins with these words."""

        def found() -> tuple[QAbstractItemView, QPoint] | None:
            shown = self.find(QAbstractItemView, view) if isinstance(view, str) else view
            if shown is None or not shown.isVisible():
                return None
            model = shown.model()
            todo = [model.index(row, 0) for row in range(model.rowCount())]
            while todo:
                index = todo.pop(0)
                texts = (index.data(), index.data(Qt.ItemDataRole.AccessibleTextRole))
                if any(isinstance(text, str) and text.startswith(words) for text in texts):
                    shown.scrollTo(index)
                    spot = shown.visualRect(index).center()
                    return (shown, spot) if shown.viewport().rect().contains(spot) else None
                todo += [model.index(row, 0, index) for row in range(model.rowCount(index))]
            return None

        shown, spot = self.see(f"the row “{words}”", found)
        self.click(shown.viewport(), spot)

    def fill(self, words: str, text: str, within: QWidget | None = None) -> QWidget:
        """Type into a field, by its accessible name or hint; what stood there goes."""

        def found() -> QLineEdit | QPlainTextEdit | None:
            return self.find(QLineEdit, words, within) or self.find(QPlainTextEdit, words, within)

        field = self.see(f"the field “{words}”", found)
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(field, text)
        return field


def _says(widget: QWidget, words: str) -> bool:
    texts = [widget.accessibleName()]
    for name in ("text", "placeholderText", "title"):
        told = getattr(widget, name, None)
        value = told() if callable(told) and name != "title" else ""
        if isinstance(value, str):
            texts.append(value.replace("&", ""))
    return any(text.startswith(words) for text in texts if text)
