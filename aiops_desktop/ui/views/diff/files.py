"""A list of changed files: letter, name, folder, + and −."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF, QPainter

from aiops_desktop.domain.repositories import FileChange, FileState
from aiops_desktop.ui.parts.rows import Row, Rows
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import SMALL, Theme, mono_font, ui_font

TONES = {
    FileState.MODIFIED: "warning",
    FileState.ADDED: "success",
    FileState.DELETED: "danger",
    FileState.RENAMED: "accent",
    FileState.TYPE: "warning",
    FileState.CONFLICTED: "danger",
    FileState.UNTRACKED: "muted",
}


def state_words(state: FileState) -> str:
    """What happened to a file, as a word."""
    return {
        FileState.MODIFIED: tr("modified"),
        FileState.ADDED: tr("added"),
        FileState.DELETED: tr("deleted"),
        FileState.RENAMED: tr("renamed"),
        FileState.TYPE: tr("type changed"),
        FileState.CONFLICTED: tr("in conflict"),
        FileState.UNTRACKED: tr("new, not tracked"),
    }[state]


def file_key(item: object) -> object:
    """What a file of the list is known by: its path and whether it is staged."""
    return (item.path, item.staged) if isinstance(item, FileChange) else item


def file_name(item: object) -> str:
    """What a screen reader says of a file."""
    if not isinstance(item, FileChange):
        return ""
    return f"{item.path}, {state_words(item.state)}, +{item.added or 0} −{item.removed or 0}"


class FileList(Rows):
    """Files as `FileChange` objects, with `Section` headings between them."""

    def __init__(
        self, theme: Theme, paint: Callable[[Row, FileChange], None] | None = None
    ) -> None:
        """`paint` draws what else a row has, from the right end, before the name."""
        self._theme = theme
        self._more = paint
        super().__init__(theme, paint=self._paint, name=file_name, key=file_key)

    def show_files(self, items: Sequence[object]) -> None:
        """Replace the rows; selection and scroll stay where they can."""
        self.show_rows(items)

    def _paint(self, painter: QPainter, rect: QRect, item: object, selected: bool) -> None:
        if not isinstance(item, FileChange):
            return
        scheme, row = self._theme.scheme, Row(painter, rect)
        if self._more:
            self._more(row, item)
        row.counts(scheme, item.added, item.removed)
        tone = scheme.tone(TONES[item.state])
        row.text(item.state.value, tone, mono_font(SMALL), width=12, gap=8)
        folder, _, name = item.path.rpartition("/")
        row.text(name, scheme.text, gap=6)
        metrics = QFontMetricsF(ui_font(SMALL))
        if folder and row.room >= min(48, metrics.horizontalAdvance(folder)):
            row.text(folder, scheme.muted, ui_font(SMALL))
