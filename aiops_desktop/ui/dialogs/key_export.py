"""Write the public half of a key to a file the person chooses."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from aiops_desktop.domain.keys import Key
from aiops_desktop.domain.names import slug
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr


def export(desk: Desk, parent: QWidget | None, key: Key) -> None:
    """Ask where, then write it in a job."""
    dialog = QFileDialog(parent, tr("Save the public key of {name}", name=key.name))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    # Written only where nothing is yet; the service says so.
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setDirectory(str(Path.home()))
    dialog.selectFile(f"{slug(key.name)}.pub")
    house = desk.house

    def write(target: str) -> None:
        desk.start(
            tr("Save the public key of {name}", name=key.name),
            lambda _job: house.keys.care.export(key.id, Path(target)),
            done=lambda done: desk.toast("check-circle", done.summary),
        )

    dialog.fileSelected.connect(write)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
