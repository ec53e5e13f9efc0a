"""Back up to a file, delete a backup, remove things from the trash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from aiops_desktop.domain.backups import named
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
        self.outside = words("", "small", "warning")
        self.outside.hide()
        self.body.addWidget(self.outside)
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
        house = desk.house
        self.read(lambda _job: house.backups.outside(), self._tell_outside)

    def _tell_outside(self, found: dict[str, str]) -> None:
        """Say which checkouts cannot go into it, before anybody relies on that."""
        if not found:
            return
        self.outside.setText(not_inside(found))
        self.outside.setToolTip("\n".join(f"{name}: {path}" for name, path in found.items()))
        self.outside.show()

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


def not_inside(found: Mapping[str, str]) -> str:
    """Which checkouts are in no backup, as a sentence."""
    return counted(
        len(found),
        "The checkout of {names} lies outside of the data folder and is in no backup.",
        "{n} checkouts lie outside of the data folder and are in no backup: {names}.",
        names=named(list(found)),
    )


def _point(dialog: Dialog, icon: str, text: str, aside: str) -> QWidget:
    glyph = dialog.kit.glyph(icon, "muted")
    return holder(hbox(glyph, Elided(text), STRETCH, label(aside, "small")), height=28)
