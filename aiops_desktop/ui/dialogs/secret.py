"""A passphrase or token a job waits for: hidden, never logged, remembered only when wished."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from aiops_desktop.jobs.job import Reply
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.keeping import Keeping
from aiops_desktop.ui.icons import Icons
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field, Kit
from aiops_desktop.ui.text import tr


def peek(kit: Kit, field: QLineEdit) -> QLineEdit:
    """Give a secret field the eye that shows what was typed."""
    icon: Icons = kit.icon
    act = field.addAction(icon("eye", "muted"), QLineEdit.ActionPosition.TrailingPosition)
    act.setToolTip(tr("Show what is typed"))

    def turn() -> None:
        hidden = field.echoMode() == QLineEdit.EchoMode.Password
        field.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        act.setIcon(icon("eye-slash" if hidden else "eye", "muted"))
        act.setToolTip(tr("Hide what is typed") if hidden else tr("Show what is typed"))

    act.triggered.connect(turn)
    return field


class SecretDialog(Dialog):
    """Asks for one secret; `title` is the job that waits for it."""

    def __init__(self, desk: Desk, parent: QWidget | None, title: str, reply: Reply) -> None:
        question = reply.question
        super().__init__(
            desk,
            parent,
            question.text,
            question.detail or tr("“{title}” waits for it.", title=title),
            verb=tr("Go on"),
        )
        self._reply = reply
        self._keeping: Keeping | None
        self.field = peek(self.kit, self.kit.edit(secret=True))
        self.field.setAccessibleName(question.text)
        self.body.addLayout(Field(self.kit, tr("Secret"), self.field).layout)
        self._remember, self._keeping = None, None
        if question.remember and question.session:
            self._keeping = Keeping(desk)
            self.body.addWidget(self._keeping)
        elif question.remember:
            self._remember, row = self.kit.switch(
                tr("Remember it"), tr("Encrypted, for this tenant only.")
            )
            self.body.addLayout(row)
        self.accept_button.setEnabled(False)
        self.field.textChanged.connect(lambda text: self.accept_button.setEnabled(bool(text)))
        self.field.setFocus()

    def submit(self) -> None:
        """Hand it on; the field forgets it."""
        text = self.field.text()
        if not text:
            return
        remember = bool(self._remember and self._remember.isChecked())
        if self._keeping:
            self._reply.give(text, remember=self._keeping.store, session=self._keeping.session)
        else:
            self._reply.give(text, remember=remember)
        self.field.clear()
        self.accept()
