"""The files of a review: folders as headings, viewed marks, how many hunks are decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from aiops_desktop.domain.repositories import FileDiff
from aiops_desktop.ui.parts.layout import MARGIN
from aiops_desktop.ui.parts.rows import Row, Rows, Section
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import SMALL, Theme, ui_font
from aiops_desktop.ui.views.runs.decisions import Decisions

WIDTH = 240


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """A file as the list shows it."""

    path: str
    viewed: bool
    decided: int
    hunks: int


class ReviewFiles(Rows):
    """Files by folder. Space ticks one off, Enter goes to its diff.

    Signals:
        ticked(str): the viewed mark of a path was pressed.
    """

    ticked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        self._scheme_of = theme
        super().__init__(theme, paint=self._paint_file, name=_spoken, key=_key)
        self.setAccessibleName(tr("Files of the run"))

    def show_files(self, files: Sequence[FileDiff], decisions: Decisions) -> None:
        """Replace the rows; the current file stays."""
        made: list[object] = []
        ordered = sorted(files, key=lambda file: (file.path.rpartition("/")[0], file.path))
        viewed = sum(decisions.viewed(file.path) for file in ordered)
        count = tr("{n} of {m} viewed", n=viewed, m=len(ordered))
        made.append(Section(tr("Files"), count))
        last = ""
        for file in ordered:
            folder = file.path.rpartition("/")[0]
            if folder != last:
                made.append(Section(folder, quiet=True))
                last = folder
            tally = decisions.tally(file.path)
            decided = tally.hunks - tally.open
            done = decisions.viewed(file.path)
            made.append(ReviewFile(file.path, done, decided, tally.hunks))
        self.show_rows(made)

    @property
    def paths(self) -> list[str]:
        """The files in the order shown."""
        return [item.path for item in self.rows.items if isinstance(item, ReviewFile)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks."""
        item = self.current()
        if event.key() == Qt.Key.Key_Space and isinstance(item, ReviewFile):
            self.ticked.emit(item.path)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the mark ticks."""
        super().mousePressEvent(event)
        spot = event.position().toPoint()
        item = self.rows.item(self.indexAt(spot).row())
        if isinstance(item, ReviewFile) and spot.x() < MARGIN + 20:
            self.ticked.emit(item.path)

    def _paint_file(self, painter: QPainter, rect: QRect, item: object, _selected: bool) -> None:
        if not isinstance(item, ReviewFile):
            return
        scheme, row = self._scheme_of.scheme, Row(painter, rect)
        count = f"{item.decided}/{item.hunks}"
        row.text(count, scheme.muted, ui_font(SMALL), right=True)
        row.glyph(
            "check-square" if item.viewed else "square",
            scheme.success if item.viewed else scheme.muted,
        )
        row.text(item.path.rpartition("/")[2], scheme.muted if item.viewed else scheme.text)


def _key(item: object) -> object:
    return item.path if isinstance(item, ReviewFile) else None


def _spoken(item: object) -> str:
    if not isinstance(item, ReviewFile):
        return ""
    mark = tr("viewed") if item.viewed else tr("not viewed")
    return tr(
        "{path}, {mark}, {n} of {m} decided",
        path=item.path,
        mark=mark,
        n=item.decided,
        m=item.hunks,
    )
