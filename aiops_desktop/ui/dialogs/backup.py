"""Back up to a file, delete a backup, remove things from the trash, undo a restore."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from aiops_desktop.domain.trouble import Refused
from aiops_desktop.ui.actions.backups import told
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, words
from aiops_desktop.ui.text import counted, moment, size, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.backups import Backup, Trashed
    from aiops_desktop.ui.desk import Desk

#: Rows of a list before the rest is only counted.
MOST = 6


class BackupDialog(Dialog):
    """One backup to a place of one's own, with checkouts and a passphrase if wanted."""

    def __init__(self, desk: Desk, parent: QWidget | None) -> None:
        super().__init__(
            desk,
            parent,
            tr("Back up to a file"),
            tr("Database, keys, settings and history. It holds private keys."),
            verb=tr("Back up"),
        )
        kit = self.kit
        self.path = kit.edit(tr("A file that is not there yet"), mono=True)
        browse = kit.button(tr("Browse…"), "folder-open", self._browse)
        self.path.setAccessibleName(tr("File"))
        file = Field(kit, tr("File"), holder(hbox((self.path, 1), browse)))
        self.fields["path"] = file
        self.body.addLayout(file.layout)
        self.checkouts = kit.check(tr("With checkouts and worktrees"))
        self.body.addWidget(self.checkouts)
        self.passphrase, self.again = kit.edit(secret=True), kit.edit(secret=True)
        first = Field(
            kit,
            tr("Passphrase"),
            self.passphrase,
            tr("Encrypts it. Without the passphrase it cannot be opened by anybody."),
            tr("recommended"),
        )
        second = Field(kit, tr("Passphrase again"), self.again)
        self.fields |= {"passphrase": first, "again": second}
        self.body.addLayout(first.layout)
        self.body.addLayout(second.layout)
        self.path.setFocus()

    def submit(self) -> None:
        """Look at what was typed, then make it."""
        path, phrase = self.path.text().strip(), self.passphrase.text()
        if not path:
            self.say(tr("Choose a file first."), "danger")
            return
        if phrase != self.again.text():
            self.show_trouble(Refused(tr("The two passphrases differ."), field="again"))
            return
        house, checkouts = self.desk.house, self.checkouts.isChecked()
        self.work(
            tr("Back up"),
            lambda job: house.backups.make(job, Path(path), checkouts=checkouts, passphrase=phrase),
            done=lambda made: told(self.desk, made),  # type: ignore[arg-type]  # of the call above
        )

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Back up to"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile("aiops.tar")
        dialog.fileSelected.connect(self.path.setText)
        dialog.open()


class DeleteBackupDialog(Dialog):
    """Asks before an archive goes for good."""

    def __init__(self, desk: Desk, parent: QWidget | None, backup: Backup) -> None:
        super().__init__(
            desk,
            parent,
            tr("Delete this backup"),
            tr("There is no way back."),
            verb=tr("Delete backup"),
            danger=True,
        )
        self._backup = backup
        self.body.addWidget(
            _point(self, "archive", backup.path.name, f"{moment(backup.made)}, {size(backup.size)}")
        )
        self.cancel.setFocus()

    def submit(self) -> None:
        """Delete it."""
        house, path = self.desk.house, self._backup.path
        self.work(tr("Delete the backup"), lambda _job: house.backups.remove(path))


class RemoveDialog(Dialog):
    """Asks before something goes from the trash for good."""

    def __init__(self, desk: Desk, parent: QWidget | None, found: list[Trashed]) -> None:
        super().__init__(
            desk,
            parent,
            tr("Remove from the trash"),
            tr("There is no way back. Private keys are overwritten."),
            verb=counted(len(found), "Remove {n} thing for good", "Remove {n} things for good"),
            danger=True,
        )
        self._names = [one.name for one in found]
        for one in found[:MOST]:
            self.body.addWidget(_point(self, "trash", one.title, moment(one.deleted)))
        if len(found) > MOST:
            rest = counted(len(found) - MOST, "{n} more", "{n} more")
            self.body.addWidget(label(rest, "small"))
        self.body.setSpacing(4)
        self.cancel.setFocus()

    def submit(self) -> None:
        """Remove them."""
        house, names = self.desk.house, self._names
        self.work(
            tr("Empty the trash"),
            lambda job: house.trash.empty(names, job),
            done=lambda done: self.desk.toast("trash", getattr(done, "summary", "")),
        )


class UndoRestoreDialog(Dialog):
    """Says that the data before a restore comes back from a shell only, and how."""

    def __init__(self, desk: Desk, parent: QWidget | None, thrown: Trashed) -> None:
        super().__init__(
            desk,
            parent,
            tr("Undo the restore"),
            tr("The data from before takes the place of what is here now, and the window closes."),
            verb=tr("Copy command and quit"),
            danger=True,
        )
        command = f"aiops-desktop trash restore {thrown.name}"
        self.body.addWidget(
            words(tr("The window has the data open. Run this once it has closed:"), "muted")
        )
        self._text, frame = self.kit.command(command)
        self.body.addWidget(frame)
        self.cancel.setFocus()

    def submit(self) -> None:
        """Copy it and leave."""
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self._text.text)
        self.accept()
        self.desk.go("quit")


def _point(dialog: Dialog, icon: str, text: str, aside: str) -> QWidget:
    glyph = dialog.kit.glyph(icon, "muted")
    return holder(hbox(glyph, Elided(text), STRETCH, label(aside, "small")), height=28)
