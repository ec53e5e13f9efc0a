"""The steps of a run as a list model: added in batches, changed in place, folded and unfolded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from aiops_desktop.domain.runs import EventKind
from aiops_desktop.ui.parts.rows import ITEM
from aiops_desktop.ui.text import counted, duration, tr
from aiops_desktop.ui.views.runs.steps import Step, clock

_Index = QModelIndex | QPersistentModelIndex


class StepsModel(QAbstractListModel):
    """Steps as rows. `unfolded` are the rows whose whole output is shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.steps: list[Step] = []
        self.unfolded: set[int] = set()
        self._counts: Mapping[str, tuple[int, int]] = {}
        self._last_change: dict[str, int] = {}

    def clear(self) -> None:
        """Forget all steps."""
        self.beginResetModel()
        self.steps, self.unfolded = [], set()
        self._counts, self._last_change = {}, {}
        self.endResetModel()

    def add(self, steps: Sequence[Step]) -> None:
        """Add steps at the end."""
        if not steps:
            return
        first = len(self.steps)
        self.beginInsertRows(QModelIndex(), first, first + len(steps) - 1)
        self.steps.extend(steps)
        for row, step in enumerate(steps, first):
            for path in step.paths if step.kind is EventKind.CHANGE else ():
                self._last_change[path] = row
        self.endInsertRows()

    def change(self, row: int, step: Step) -> None:
        """A step has a later state."""
        if 0 <= row < len(self.steps):
            self.steps[row] = step
            index = self.index(row, 0)
            self.dataChanged.emit(index, index)

    def toggle(self, row: int) -> None:
        """Fold or unfold a step's output."""
        if not (0 <= row < len(self.steps)) or not self.steps[row].foldable:
            return
        self.unfolded ^= {row}
        index = self.index(row, 0)
        self.dataChanged.emit(index, index)

    def set_counts(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Lines added and removed by file; shown at the last step that changed the file."""
        self._counts = dict(counts)
        if self.steps:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.steps) - 1, 0))

    def counts(self, row: int, path: str) -> tuple[int, int] | None:
        """The counts to show for a path at this step; None when not here or not known."""
        return self._counts.get(path) if self._last_change.get(path) == row else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of steps."""
        return 0 if parent.isValid() else len(self.steps)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A step and its words."""
        if not index.isValid() or index.row() >= len(self.steps):
            return None
        step = self.steps[index.row()]
        if role == ITEM:
            return step
        if role == Qt.ItemDataRole.DisplayRole:
            return step.text or ", ".join(step.paths)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(step)
        if role == Qt.ItemDataRole.ToolTipRole:
            if step.kind in {EventKind.COMMAND, EventKind.CHANGE}:
                return (step.text or "\n".join(step.paths))[:1000]
            return None
        return None

    def whole(self, row: int) -> str:
        """A step as text, for Copy."""
        if not 0 <= row < len(self.steps):
            return ""
        step = self.steps[row]
        return "\n".join((*((step.text,) if step.text else ()), *step.paths, *step.lines))


def outcome(step: Step) -> tuple[str, str]:
    """How a command ended, and the tone of it: ("exit 1 · 2.4 s", "danger")."""
    if step.exit_code is None:
        return (tr("running"), "accent") if step.running else ("", "muted")
    said = tr("exit {n}", n=step.exit_code)
    if step.seconds is not None:
        said = f"{said} · {duration(step.seconds)}"
    return said, "muted" if step.exit_code == 0 else "danger"


def spoken(step: Step) -> str:
    """A step in one sentence, for who cannot see the icons."""
    when = clock(step.at)
    if step.kind is EventKind.COMMAND:
        how = outcome(step)[0]
        lines = counted(len(step.lines), "{n} line", "{n} lines")
        return tr(
            "{when}: command {line}, {how}, {lines}",
            when=when,
            line=step.text,
            how=how,
            lines=lines,
        )
    if step.kind is EventKind.CHANGE:
        return tr("{when}: changed {files}", when=when, files=", ".join(step.paths))
    if step.kind is EventKind.OUTPUT:
        return tr("{when}: output, {n} lines", when=when, n=len(step.lines))
    return tr("{when}: {words}", when=when, words=step.text)
