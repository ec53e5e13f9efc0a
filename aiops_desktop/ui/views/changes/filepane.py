"""The files of a checkout: conflicts, staged, changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMenu

from aiops_desktop.domain.repositories import CheckoutStatus, FileChange, FileState
from aiops_desktop.ui.parts.rows import Section
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import Theme
from aiops_desktop.ui.views.diff.files import FileList, file_key


class FilePane(FileList):
    """Lists files by what they wait for. Space stages or unstages, Delete discards.

    Signals:
        asked(str, object): "stage", "unstage" or "discard", and the list of FileChanges.
    """

    asked = Signal(str, object)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._status: CheckoutStatus | None = None
        self._headings: dict[str, str] = {}
        self.setAccessibleName(tr("Changed files"))
        self.acted.connect(self._all)
        self.opened.connect(lambda item: self._toggle(item))

    def show_status(self, status: CheckoutStatus) -> None:
        """Show the files; the selection moves to a neighbour when its file has gone."""
        before, row = self.current(), self.currentIndex().row()
        self._status = status
        items: list[object] = []
        for title, action, verb, files in self._groups(status):
            if files:
                self._headings[title] = verb
                items += [Section(title, str(len(files)), action), *files]
        blocked = self.blockSignals(True)  # whoever listens hears once, not of every step
        self.show_files(items)
        if not isinstance(self.current(), FileChange):
            if isinstance(before, FileChange):
                self._neighbour(before, row, items)
            else:
                self._first(status)
        self.blockSignals(blocked)
        self.chosen.emit(self.current())

    @property
    def file(self) -> FileChange | None:
        """The chosen file."""
        item = self.current()
        return item if isinstance(item, FileChange) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Delete act; the rest moves."""
        if event.key() == Qt.Key.Key_Space:
            self._toggle(self.current())
        elif event.key() == Qt.Key.Key_Delete and self.file and not self.file.staged:
            self.asked.emit("discard", [self.file])
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a file."""
        file = self.file
        if file is None:
            return
        menu = self.menu(file)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        under = self.visualRect(self.currentIndex()).bottomLeft() + QPoint(16, 0)
        menu.popup(event.globalPos() if by_mouse else self.viewport().mapToGlobal(under))

    def menu(self, file: FileChange) -> QMenu:
        """The verbs for one file."""
        menu = QMenu(self)
        for verb, words in verbs(file):
            menu.addAction(words).triggered.connect(
                lambda _checked=False, verb=verb: self.asked.emit(verb, [file])
            )
        menu.addSeparator()
        copy = menu.addAction(tr("Copy path"))
        copy.triggered.connect(
            lambda _checked=False: QGuiApplication.clipboard().setText(file.path)
        )
        return menu

    def _groups(
        self, status: CheckoutStatus
    ) -> Sequence[tuple[str, str, str, tuple[FileChange, ...]]]:
        return (
            (tr("Conflicts"), "", "", status.conflicts),
            (tr("Staged"), tr("Unstage all"), "unstage", status.staged),
            (tr("Changes"), tr("Stage all"), "stage", status.unstaged),
        )

    def _all(self, section: object) -> None:
        if not isinstance(section, Section) or self._status is None:
            return
        verb = self._headings.get(section.title, "")
        files = {"stage": self._status.unstaged, "unstage": self._status.staged}.get(verb)
        if files:
            self.asked.emit(verb, list(files))

    def _toggle(self, item: object) -> None:
        if isinstance(item, FileChange):
            self.asked.emit("unstage" if item.staged else "stage", [item])

    def _neighbour(self, gone: FileChange, row: int, items: list[object]) -> None:
        """Go to the file that now stands where the old one stood, in the same group if any."""
        group = [item for item in items if isinstance(item, FileChange)]
        same = [item for item in group if item.staged == gone.staged] or group
        if same:
            near = min(same, key=lambda item: abs(items.index(item) - row))
            self.choose(file_key(near))

    def _first(self, status: CheckoutStatus) -> None:
        """Begin with what is to be done: conflicts, then changes, then what is staged."""
        for files in (status.conflicts, status.unstaged, status.staged):
            if files:
                self.choose(file_key(files[0]))
                return


def verbs(file: FileChange) -> list[tuple[str, str]]:
    """What can be done with a whole file, the destructive one last."""
    if file.staged:
        return [("unstage", tr("Unstage file"))]
    if file.state == FileState.CONFLICTED:
        return [("stage", tr("Mark as solved"))]
    discard = tr("Delete file") if file.state == FileState.UNTRACKED else tr("Discard file")
    return [("stage", tr("Stage file")), ("discard", discard)]
