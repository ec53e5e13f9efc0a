"""Asks what the secret store needs when work comes to keep or use a secret."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.domain.trouble import Stopped
from aiops_desktop.jobs.job import Question, Reply
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.secrets import Locked


class StorePassphrase(QObject):
    """What `Secrets.ask` and `Secrets.offer` of the window are.

    Once the person has declined to unlock it, nobody is asked again until the program starts anew:
    the store is then unlocked in the settings, and work that needs a secret says so.
    """

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._lock = threading.Lock()
        self._reply: Reply | None = None
        self._over = self._declined = False
        self.dialog: Dialog | None = None
        desk.opened.connect(self._opened)
        desk.leaving.connect(self._leave)

    def ask(self, wrong: str) -> str:
        """In a worker: the passphrase; `wrong` says what was wrong with the one before.

        Raises:
            Locked: the person declined, or the program ends.
        """
        from aiops_desktop.ui.dialogs.secret import SecretDialog  # not at the start

        if self._declined:
            raise _locked()
        question = Question(
            tr("Passphrase of the secret store"),
            wrong or tr("It keeps tokens and passphrases. It is asked for once."),
            secret=True,
        )
        try:
            return self._answer(
                question, lambda over, reply: SecretDialog(self._desk, over, "", reply)
            )
        except Stopped:
            self._declined = True
            raise _locked() from None

    def offer(self) -> str:
        """In a worker: a passphrase for the first data key, or "" for a key file.

        Raises:
            Locked: the person wants nothing to be kept, or the program ends.
        """
        from aiops_desktop.ui.dialogs.secret_place import FirstSecretDialog  # not at the start

        question = Question(
            tr("What shall protect your secrets?"),
            tr(
                "This is the first secret that is kept. No keyring answers on this computer, so "
                "choose where the key lies that all of them are encrypted with."
            ),
        )
        try:
            return self._answer(
                question, lambda over, reply: FirstSecretDialog(self._desk, over, reply)
            )
        except Stopped:
            from aiops_desktop.domain.secrets import Locked

            raise Locked(
                tr("Nothing was kept, because no place for the key of the secrets was chosen."),
                tr("Try again, and choose one."),
            ) from None

    def _answer(self, question: Question, made: Callable[[QWidget, Reply], Dialog]) -> str:
        reply = Reply(question)
        with self._lock:
            if self._over:
                raise Stopped
            self._reply = reply
        self._desk.bridge.post(lambda: self._show(reply, made))
        return reply.wait().text

    def _opened(self) -> None:
        secrets = self._desk.house.secrets
        secrets.ask, secrets.offer = self.ask, self.offer

    def _show(self, reply: Reply, made: Callable[[QWidget, Reply], Dialog]) -> None:
        if reply.over:
            return
        self.dialog = made(QApplication.activeModalWidget() or self._window, reply)
        self.dialog.finished.connect(lambda _result: self._closed(reply))
        self.dialog.open()

    def _closed(self, reply: Reply) -> None:
        self.dialog = None
        if not reply.over:
            reply.cancel()

    def _leave(self) -> None:
        """The program ends: nobody waits for an answer any more."""
        with self._lock:
            self._over = True
            reply = self._reply
        if reply is not None and not reply.over:
            reply.cancel()


def _locked() -> Locked:
    from aiops_desktop.domain.secrets import Locked

    return Locked(
        tr("The secret store is locked."),
        tr("Unlock it in the settings, then try again."),
        steps=("secrets.show",),
    )
