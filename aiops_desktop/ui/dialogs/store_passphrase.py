"""Asks for the passphrase of the secret store when work comes to need a secret."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.secrets import Locked
from aiops_desktop.domain.trouble import Stopped
from aiops_desktop.jobs.job import Question, Reply
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.secret import SecretDialog
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.text import tr


class StorePassphrase(QObject):
    """What `Secrets.ask` of the window is.

    Once the person has declined, nobody is asked again until the program starts anew: the store is
    then unlocked in the settings, and work that needs a secret says so.
    """

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._lock = threading.Lock()
        self._reply: Reply | None = None
        self._over = False
        self.dialog: Dialog | None = None
        desk.opened.connect(self._opened)
        desk.leaving.connect(self._leave)

    def ask(self, wrong: str) -> str:
        """In a worker: the passphrase; `wrong` says what was wrong with the one before.

        Raises:
            Locked: the person declined, or the program ends.
        """
        reply = Reply(
            Question(
                tr("Passphrase of the secret store"),
                wrong or tr("It keeps tokens and passphrases. It is asked for once."),
                secret=True,
            )
        )
        with self._lock:
            if self._over:
                raise _locked()
            self._reply = reply
        self._desk.bridge.post(lambda: self._show(reply))
        try:
            return reply.wait().text
        except Stopped:
            with self._lock:
                self._over = True
            raise _locked() from None

    def _opened(self) -> None:
        self._desk.house.secrets.ask = self.ask

    def _show(self, reply: Reply) -> None:
        if reply.over:
            return
        self.dialog = SecretDialog(self._desk, self._window, "", reply)
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
    return Locked(
        tr("The secret store is locked."),
        tr("Unlock it in the settings, then try again."),
        steps=("secrets.show",),
    )
