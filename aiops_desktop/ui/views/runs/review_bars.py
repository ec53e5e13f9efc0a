"""The bars of a review: above everything whose work it is, above the diff which file it is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from aiops_desktop.domain.repositories import FileDiff
from aiops_desktop.domain.runs import Run
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import BAR, GAP, MARGIN, STRETCH, hbox, label
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.diff.filebar import FileBar
from aiops_desktop.ui.views.runs.decisions import Decisions
from aiops_desktop.ui.views.runs.looks import assistant_title, heading


class ReviewHead(QWidget):
    """Where this is, whose work it is, how much of it.

    Signals:
        left: back to the run.
    """

    left = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setFixedHeight(BAR)
        back = kit.tool("arrow-left", tr("Back to the run"), self.left.emit, text=tr("Run"))
        back.setText(tr("Run"))
        self._title = Elided("", "title", Qt.TextElideMode.ElideRight)
        self._about = Elided("", "muted", Qt.TextElideMode.ElideRight)
        self._added = label("", "fine", "success")
        self._removed = label("", "fine", "danger")
        self.setLayout(
            hbox(
                back,
                self._title,
                self._about,
                STRETCH,
                self._added,
                self._removed,
                margins=(GAP, 0, MARGIN, 0),
            )
        )

    def show_run(self, run: Run, files: Sequence[FileDiff], hunks: int) -> None:
        """Show a run and the size of its changes."""
        self._title.setText(tr("Review: {run}", run=heading(run)))
        who = assistant_title(run.assistant)
        about = tr("by {who}", who=who)
        if files:
            about = tr(
                "by {who}, {hunks} in {files}",
                who=who,
                hunks=counted(hunks, "{n} hunk", "{n} hunks"),
                files=counted(len(files), "{n} file", "{n} files"),
            )
        self._about.setText(about)
        self._added.setText(_signed("+", sum(file.added for file in files)))
        self._removed.setText(_signed("−", sum(file.removed for file in files)))


class ReviewFileBar(FileBar):
    """The file shown, and what one can decide about it as a whole.

    Signals:
        ticked: mark as viewed, or take the mark back.
        decided(str): "discard" or "undo" the whole file.
    """

    ticked = Signal()
    decided = Signal(str)

    def __init__(self, kit: Kit) -> None:
        self._kit_of = kit
        self._viewed: QPushButton = kit.button(
            tr("Mark as viewed"), "", lambda: self.ticked.emit(), small=True
        )
        self._viewed.setToolTip(tr("V"))
        self._undo = kit.button(
            tr("Undo"), "arrow-counter-clockwise", lambda: self.decided.emit("undo"), small=True
        )
        self._discard = kit.button(
            tr("Discard file"), "", lambda: self.decided.emit("discard"), danger=True, small=True
        )
        super().__init__(kit, self._viewed, self._undo, self._discard)

    def show_review(self, file: FileDiff | None, decisions: Decisions) -> None:
        """Show a file as it is decided now."""
        if file is None:
            self.show_file("")
        else:
            note = tr("renamed from {old}", old=file.old_path) if file.old_path else ""
            self.show_file(file.path, file.added, file.removed, note)
        viewed = file is not None and decisions.viewed(file.path)
        self._viewed.setVisible(file is not None)
        self._viewed.setText(tr("Viewed") if viewed else tr("Mark as viewed"))
        self._viewed.setIcon(self._kit_of.icon("check" if viewed else "square", "muted"))
        tally = decisions.tally(file.path) if file else None
        gone = tally is not None and tally.discarded == tally.hunks
        self._discard.setVisible(file is not None and not gone)
        self._undo.setVisible(gone)


def _signed(sign: str, number: int) -> str:
    return f"{sign}{number}" if number else ""
