"""The foot of a review: commit message, tally, and the ways out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QWidget

from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    bar,
    hbox,
    hline,
    holder,
    label,
    retone,
    vbox,
)
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.runs.decisions import Tally

SUBJECT = 72
"""Characters of a commit's first line that everybody sees (git-commit(1) suggests 50)."""


class CommitFoot(QWidget):
    """What will be committed, under which message.

    Signals:
        commit_wanted(str): commit what is kept, with this message.
        rest_wanted: discard what is not decided.
        retire_wanted: nothing is kept, be rid of the run.
    """

    commit_wanted = Signal(str)
    rest_wanted = Signal()
    retire_wanted = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._tally = Tally()
        self._anything = False
        self._busy = False
        self.setLayout(vbox(self._message(), hline(), self._bar(), gap=0))

    def propose(self, subject: str) -> None:
        """Begin anew with a proposed first line."""
        self.message.setText(subject)
        self.body.clear()
        if self.body.isVisibleTo(self):
            self._toggle_body()

    def show_author(self, author: str) -> None:
        """Whose commit it will be; "" while nobody knows."""
        self._author.setText(tr("as {author}", author=author) if author else "")

    def show_tally(self, tally: Tally, *, anything: bool) -> None:
        """How many hunks stay; `anything` tells whether the run has changes at all."""
        self._tally, self._anything = tally, anything
        self._refill()

    def set_busy(self, busy: bool) -> None:
        """While the commit is made nothing can be pressed."""
        self._busy = busy
        self.message.setReadOnly(busy)
        self.body.setReadOnly(busy)
        self._refill()

    def press(self) -> None:
        """Commit, when that can be done."""
        if not self.commit.isEnabled():
            return
        message, more = self.message.text().strip(), self.body.toPlainText().strip()
        self.commit_wanted.emit(f"{message}\n\n{more}" if more else message)

    def _message(self) -> QWidget:
        self.message: QLineEdit = self._kit.edit(tr("Commit message"))
        self.message.setAccessibleName(tr("Commit message"))
        self.message.textChanged.connect(lambda _text: self._refill())
        self.message.returnPressed.connect(self.press)
        self._count = label("", "small")
        self._more = self._kit.link(tr("Add description"), self._toggle_body)
        self._author = Elided("", "small")
        self._author.setMaximumWidth(240)
        self.message.setMinimumWidth(200)
        self.body = QPlainTextEdit()
        self.body.setPlaceholderText(tr("What changed, and why"))
        self.body.setAccessibleName(tr("Description"))
        self.body.setFixedHeight(72)
        self.body.setTabChangesFocus(True)
        self.body.hide()
        line = hbox((self.message, 1), self._count, self._more, self._author, gap=12)
        return holder(vbox(line, self.body, gap=8, margins=(MARGIN, 8, MARGIN, 8)), "bar")

    def _bar(self) -> QWidget:
        self.tally = label("", "strong")
        self._aside = Elided("", "muted", Qt.TextElideMode.ElideRight)
        self.retire = self._kit.button(tr("Retire run"), "archive", self.retire_wanted.emit)
        self.rest: QPushButton = self._kit.button(
            tr("Discard rest"), "", self.rest_wanted.emit, danger=True
        )
        self.commit: QPushButton = self._kit.button(
            tr("Commit kept hunks"), "", self.press, primary=True
        )
        return bar(self.tally, self._aside, STRETCH, self.retire, self.rest, self.commit)

    def _refill(self) -> None:
        tally, text = self._tally, self.message.text().strip()
        self.tally.setText(tr("{n} of {m} hunks kept", n=tally.kept, m=tally.hunks))
        parts = []
        if tally.open:
            parts.append(counted(tally.open, "{n} not decided", "{n} not decided"))
        if tally.discarded:
            parts.append(counted(tally.discarded, "{n} discarded", "{n} discarded"))
        self._aside.setText(" · ".join(parts))
        self._count.setText(str(len(text)) if text else "")
        retone(self._count, tone="warning" if len(text) > SUBJECT else "muted")
        nothing = self._anything and not tally.kept
        self.retire.setVisible(nothing)
        self.retire.setEnabled(not self._busy)
        self.rest.setVisible(not nothing)
        self.rest.setEnabled(bool(tally.open) and not self._busy)
        reason = self._reason(nothing, text)
        self.commit.setEnabled(not reason and not self._busy)
        self.commit.setToolTip(reason)
        self.commit.setText(tr("Committing…") if self._busy else tr("Commit kept hunks"))

    def _reason(self, nothing: bool, text: str) -> str:
        """Why it cannot be committed now."""
        if not self._anything:
            return tr("There is nothing to commit.")
        if nothing:
            return tr("Nothing is kept. Retire the run instead; a rescue ref keeps its work.")
        return "" if text else tr("The commit needs a message.")

    def _toggle_body(self) -> None:
        opened = not self.body.isVisibleTo(self)
        self.body.setVisible(opened)
        self._more.setText(tr("Hide description") if opened else tr("Add description"))
        if opened:
            self.body.setFocus()
