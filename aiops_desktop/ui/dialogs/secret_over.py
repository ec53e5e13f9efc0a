"""Start over with the secret store after its data key was lost: what must be entered again."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.secrets import SecretsChanged, SecretsStatus
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import counted, tr

_MOST = 8


class StartOverDialog(Dialog):
    """Names every secret that goes."""

    def __init__(self, desk: Desk, parent: QWidget | None, status: SecretsStatus) -> None:
        number = len(status.kept)
        super().__init__(
            desk,
            parent,
            tr("Start over with the secret store"),
            tr("Restore the data key from a backup instead, if there is one."),
            verb=counted(number, "Forget {n} secret", "Forget {n} secrets")
            if number
            else tr("Start over"),
            danger=True,
        )
        made = vbox(label(tr("To be entered again"), "section"), gap=4)
        for text in status.kept[:_MOST]:
            glyph = vbox(self.kit.glyph("minus", "muted"), STRETCH, margins=(0, 1, 0, 0))
            made.addWidget(holder(hbox(glyph, (words(text), 1))))
        if number > _MOST:
            made.addWidget(label(counted(number - _MOST, "{n} more", "{n} more"), "muted"))
        if number:
            self.body.addLayout(made)
        self.body.addWidget(words(tr("Keys, projects and settings stay as they are."), "muted"))
        self.cancel.setFocus()

    def submit(self) -> None:
        """Forget them."""
        safe = self.desk.house.safe
        self.work(
            tr("Start over with the secret store"),
            lambda _job: safe.start_over(),
            done=self._told,
        )

    def _told(self, made: object) -> None:
        if isinstance(made, SecretsChanged):
            self.desk.toast("check-circle", tr("The secret store is empty"), made.summary)
