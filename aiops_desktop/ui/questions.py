"""Brings what jobs ask to the person, one question at a time, and the answer back."""

from __future__ import annotations

from collections import deque
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from aiops_desktop.jobs.job import HostQuestion, Question, Reply
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.store_passphrase import StorePassphrase
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.layout import words
from aiops_desktop.ui.text import tr


class ChoiceDialog(Dialog):
    """A question with a few answers, or with one line to type."""

    def __init__(self, desk: Desk, parent: QWidget | None, title: str, reply: Reply) -> None:
        question = reply.question
        last = question.choices[-1] if question.choices else tr("Answer")
        super().__init__(desk, parent, question.text, title, verb=last)
        self._reply = reply
        if question.detail:
            self.body.addWidget(words(question.detail))
        self._field = None if question.choices else self.kit.edit()
        if self._field:
            self._field.setAccessibleName(question.text)
            self.body.addWidget(self._field)
        for choice in question.choices[:-1]:
            button = self.kit.button(choice, "", partial(self._give, choice))
            button.setAutoDefault(False)
            self.buttons.insertWidget(self.buttons.count() - 1, button)

    def submit(self) -> None:
        """The last choice, or what was typed."""
        choices = self._reply.question.choices
        self._give(choices[-1] if choices else self._field.text() if self._field else "")

    def _give(self, text: str) -> None:
        self._reply.give(text)
        self.accept()


class Questions(QObject):
    """Shows the dialog that fits a question; an answer that is not needed any more closes it.

    Work that nobody asked for just now (quiet jobs) never opens a dialog: its question is refused.
    """

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._waiting: deque[tuple[JobRecord, Reply]] = deque()
        self.dialog: Dialog | None = None
        self._reply: Reply | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(150)
        self._timer.timeout.connect(self._look)
        self.store = StorePassphrase(desk, window)
        desk.jobs.asked.connect(self._asked)
        desk.lock_changed.connect(self._next)

    def _asked(self, record: JobRecord, reply: Reply) -> None:
        if record.quiet:
            reply.cancel()
            return
        self._waiting.append((record, reply))
        self._next()

    def _next(self) -> None:
        while self.dialog is None and self._waiting and not self._desk.locked:
            record, reply = self._waiting.popleft()
            if not reply.over:
                self._show(record, reply)

    def _show(self, record: JobRecord, reply: Reply) -> None:
        over = self._desk_modal() or self._window
        self.dialog, self._reply = dialog_for(self._desk, over, record.title, reply), reply
        self.dialog.finished.connect(self._closed)
        self.dialog.open()
        self._timer.start()

    def _desk_modal(self) -> QWidget | None:
        from PySide6.QtWidgets import QApplication

        return QApplication.activeModalWidget()

    def _closed(self, _result: int) -> None:
        self._timer.stop()
        if self._reply and not self._reply.over:
            self._reply.cancel()
        self.dialog = self._reply = None
        self._next()

    def _look(self) -> None:
        if self._reply and self._reply.over and self.dialog:
            self.dialog.reject()


def dialog_for(desk: Desk, parent: QWidget, title: str, reply: Reply) -> Dialog:
    """The dialog that fits the kind of a question."""
    question: Question = reply.question
    if isinstance(question, HostQuestion):
        from aiops_desktop.ui.dialogs.host_key import HostKeyDialog  # none is needed at the start

        return HostKeyDialog(desk, parent, question, reply)
    if question.secret:
        from aiops_desktop.ui.dialogs.secret import SecretDialog

        return SecretDialog(desk, parent, title, reply)
    if len(question.choices) == 2 and question.detail.startswith(("ssh-", "ecdsa-")):
        from aiops_desktop.ui.dialogs.key_rotate import RegisterKeyDialog

        return RegisterKeyDialog(desk, parent, title, reply)
    return ChoiceDialog(desk, parent, title, reply)
