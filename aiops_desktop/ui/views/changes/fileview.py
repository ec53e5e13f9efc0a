"""The chosen file: its bar, its diff, and what can be done with it, its hunks and its lines."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.repositories import FileChange, FileDiff, FileState
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.parts.layout import hline, vbox
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.changes.filepane import verbs
from aiops_desktop.ui.views.diff.filebar import FileBar
from aiops_desktop.ui.views.diff.verbs import HunkAction
from aiops_desktop.ui.views.diff.view import DiffView

#: Milliseconds the selection rests before its diff is read, so that arrows run freely. A choice
#: after a longer pause is read at once.
REST = 60


class FileView(QWidget):
    """Reads the diff of one file in the background and shows it.

    Signals:
        file_asked(str, object): a verb for the whole file.
        part_asked(str, object, object): a verb, the FileDiff, and the Pick of it.
    """

    file_asked = Signal(str, object)
    part_asked = Signal(str, object, object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._project_id = 0
        self._file: FileChange | None = None
        self._reading: JobRecord | None = None
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._read)
        self._buttons = [
            desk.kit.button("", small=True),
            desk.kit.button("", small=True, danger=True),
        ]
        for number, button in enumerate(self._buttons):
            button.clicked.connect(partial(self._press, number))
        self.bar = FileBar(desk.kit, *self._buttons)
        self.diff = DiffView(desk)
        self.diff.set_actions(self._actions)
        self.diff.acted.connect(self._acted)
        self.setLayout(vbox(self.bar, hline(), (self.diff, 1), gap=0))
        self.show_file(0, None)

    def show_file(self, project_id: int, file: FileChange | None) -> None:
        """Show a file; the same one is read again, because it may have changed."""
        same = (project_id, _key(file)) == (self._project_id, _key(self._file))
        self._project_id, self._file = project_id, file
        offered = verbs(file) if file else []
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(offered))
            if number < len(offered):
                button.setText(offered[number][1])
        if file is None:
            self.bar.show_file("")
            self.diff.show_diff(None)
            self._timer.stop()
            return
        note = tr("renamed from {old}", old=file.old_path) if file.old_path else ""
        self.bar.show_file(file.path, file.added, file.removed, note)
        hurried = time.monotonic() - self._last < 5 * REST / 1000
        self._last = time.monotonic()
        if same or not hurried:
            self._read()
        else:
            self._timer.start()

    def _read(self) -> None:
        self._timer.stop()
        file, project_id = self._file, self._project_id
        if file is None or not self._desk.ready:
            return
        if self._reading is not None:
            self._reading.stop()
        house, path, staged = self._desk.house, file.path, file.staged

        def done(found: FileDiff) -> None:
            if self._file is file and self._project_id == project_id:
                self.diff.show_diff(found)
                self.diff.viewport().update()  # staged now: the same lines have other verbs

        def trouble(problem: Trouble) -> None:
            done(FileDiff(path, file.state, note=str(problem)))

        self._reading = self._desk.read(
            lambda _job: house.repositories.diff(project_id, path, staged=staged),
            done,
            trouble=trouble,
        )

    def _actions(self, _hunk: int) -> list[HunkAction]:
        file = self._file
        if file is None or file.state == FileState.CONFLICTED:
            return []
        if file.staged:
            title, line, lines = tr("Unstage hunk"), "Unstage {n} line", "Unstage {n} lines"
            return [HunkAction("unstage", title, line, lines)]
        title, line, lines = tr("Discard hunk"), "Discard {n} line", "Discard {n} lines"
        return [
            HunkAction("stage", tr("Stage hunk"), "Stage {n} line", "Stage {n} lines"),
            HunkAction("discard", title, line, lines, "danger"),
        ]

    def _acted(self, hunk: int, verb: str, lines: frozenset[int] | None) -> None:
        if self.diff.diff is not None:
            self.part_asked.emit(verb, self.diff.diff, {hunk: lines})

    def _press(self, number: int, _checked: bool = False) -> None:
        if self._file is not None:
            self.file_asked.emit(verbs(self._file)[number][0], [self._file])


def _key(file: FileChange | None) -> tuple[str, bool] | None:
    return (file.path, file.staged) if file else None
