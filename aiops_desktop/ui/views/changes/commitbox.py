"""The commit box: subject with its counter, body, who commits, what happens."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from aiops_desktop.domain.repositories import CheckoutStatus, Identity
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import MARGIN, STRETCH, hbox, label, retone, vbox, words
from aiops_desktop.ui.text import short_id, tr

#: Characters of a subject that every tool shows whole.
SUBJECT = 72


@dataclass(frozen=True, slots=True)
class Draft:
    """What is typed in the box."""

    subject: str = ""
    body: str = ""
    amend: bool = False

    @property
    def message(self) -> str:
        """As git takes it."""
        return "\n\n".join(part for part in (self.subject.strip(), self.body.strip()) if part)


class CommitBox(QWidget):
    """Takes a commit message; says beside the buttons why there is nothing to commit.

    Signals:
        commit(bool): pressed; whether to push, too.
    """

    commit = Signal(bool)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._status: CheckoutStatus | None = None
        self._busy = False
        self._kept = Draft()
        self.subject = kit.edit(tr("What this commit does"))
        self.subject.setAccessibleName(tr("Subject"))
        self._counter = label("", "small")
        self.subject.setLayout(hbox(STRETCH, self._counter, margins=(0, 0, 12, 0)))
        self.subject.setTextMargins(0, 0, 52, 0)
        self.body = QPlainTextEdit()
        self.body.setPlaceholderText(tr("Why, if the subject does not say it"))
        self.body.setAccessibleName(tr("Body"))
        self.body.setTabChangesFocus(True)
        self.body.setFixedHeight(68)
        self.body.document().setDocumentMargin(2)
        self.said = words("", "fine")
        self.said.hide()
        self.author = Elided("", "muted")
        self.amend = kit.check(tr("Amend"))
        self.amend.setToolTip(tr("Replace the last commit instead of adding one"))
        self._glyph = kit.glyph("identification-card", "muted")
        self.only = kit.button(tr("Commit"), "", lambda: self.press(push=False))
        self.both = kit.button(
            tr("Commit and push"), "", lambda: self.press(push=True), primary=True
        )
        row = hbox(self._glyph, self.author, 4, self.amend, STRETCH, self.only, self.both)
        self.setLayout(
            vbox(self.subject, self.body, self.said, row, margins=(MARGIN, 12, MARGIN, 12))
        )
        self.subject.textChanged.connect(lambda _text: self._look())
        self.subject.returnPressed.connect(self.body.setFocus)
        self.amend.toggled.connect(self._amended)
        self._look()

    # What is typed ---------------------------------------------------------------------------

    @property
    def draft(self) -> Draft:
        """What is typed now."""
        return Draft(self.subject.text(), self.body.toPlainText(), self.amend.isChecked())

    def show_draft(self, draft: Draft) -> None:
        """Show what was typed for another project."""
        self._kept = Draft()
        self.amend.blockSignals(True)
        self.amend.setChecked(draft.amend)
        self.amend.blockSignals(False)
        self.subject.setText(draft.subject)
        self.body.setPlainText(draft.body)
        self.say("")
        self._look()

    # What can be done ------------------------------------------------------------------------

    def show_status(self, status: CheckoutStatus | None, *, busy: bool = False) -> None:
        """What could be committed has changed."""
        self._status, self._busy = status, busy
        self._look()

    def show_identity(self, identity: Identity | None) -> None:
        """Who would be the author."""
        self.author.setText(identity.author if identity else "")
        missing = bool(identity and identity.author_missing)
        self._glyph.show_icon("identification-card", "warning" if missing else "muted")
        if missing:
            self.author.setToolTip(
                tr("The tenant has no author of its own; edit the tenant to give it one.")
            )

    def reason(self) -> str:
        """Why it cannot be committed now; "" when it can."""
        status = self._status
        if status is None or self._busy:
            return tr("The checkout is at work.") if self._busy else tr("Nothing is known yet.")
        if status.conflicts:
            return tr("Solve the conflicts first, then stage those files.")
        if self.amend.isChecked():
            return "" if status.head else tr("There is no commit to amend yet.")
        if not status.staged and status.operation != "merge":
            return tr("Nothing is staged yet. Stage files, hunks or lines first.")
        return ""

    def press(self, *, push: bool) -> None:
        """Commit when that is possible; otherwise say why it is not, at the field."""
        reason = self.reason()
        if not reason and not self.subject.text().strip():
            reason = tr("The commit needs a subject.")
            retone(self.subject, wrong="true")
            self.subject.setFocus()
        if reason:
            self.say(reason, "danger")
            return
        self.say("")
        self.commit.emit(push)

    def say(self, text: str, tone: str = "muted") -> None:
        """A sentence above the buttons; "" takes it back."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        retone(self.said, tone=tone)

    def _look(self) -> None:
        count = len(self.subject.text())
        self._counter.setText(f"{count}/{SUBJECT}" if count else "")
        retone(self._counter, tone="warning" if count > SUBJECT else "muted")
        if count:
            retone(self.subject, wrong="")
        reason = self.reason()
        for button in (self.only, self.both):
            button.setEnabled(not reason)
            button.setToolTip(reason)
        amend = self.amend.isChecked()
        self.only.setText(tr("Amend") if amend else tr("Commit"))
        self.both.setText(tr("Amend and push") if amend else tr("Commit and push"))
        if not reason and self.said.property("tone") == "danger":
            self.say("")

    def _amended(self, on: bool) -> None:
        """Show the last commit's words, and bring back one's own afterwards."""
        head = self._status.head if self._status else None
        if on and head is not None:
            self._kept = self.draft
            if not self.subject.text() and not self.body.toPlainText():
                self.subject.setText(head.summary)
                self.body.setPlainText(head.body)
            shared = self._status and self._status.upstream and not self._status.ahead
            if shared:
                sentence = tr("{id} is on the server already; others may have built on it.")
                self.say(sentence.format(id=short_id(head.id)), "warning")
        elif not on:
            if head and self.draft.message == Draft(head.summary, head.body).message:
                self.subject.setText(self._kept.subject)
                self.body.setPlainText(self._kept.body)
            self.say("")
        self.subject.setFocus(Qt.FocusReason.OtherFocusReason)
        self._look()
