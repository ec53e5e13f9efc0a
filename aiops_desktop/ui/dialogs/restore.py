"""Restore a backup: checked first, then what would be replaced, then the restart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from aiops_desktop.domain.trouble import NotTrusted, Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.dialogs.differences import difference_lines
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, hline, holder, label, vbox, words
from aiops_desktop.ui.restart import restart
from aiops_desktop.ui.text import counted, size, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.backups import Preview
    from aiops_desktop.ui.desk import Desk


def passphrase_wanted(trouble: Trouble) -> bool:
    """Whether an archive is encrypted and its passphrase is not known."""
    return isinstance(trouble, NotTrusted) and trouble.field == "passphrase"


def choose_file(desk: Desk, parent: QWidget | None) -> None:
    """Ask for an archive that lies anywhere, then look at it."""
    dialog = QFileDialog(parent, tr("Choose a backup"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: RestoreDialog(desk, parent, Path(path)).open())
    dialog.open()


class RestoreDialog(Dialog):
    """Looks at the archive to its last byte before anything can be replaced."""

    def __init__(self, desk: Desk, parent: QWidget | None, path: Path) -> None:
        super().__init__(
            desk,
            parent,
            tr("Restore {name}", name=path.name),
            tr("The program restarts afterwards."),
            verb=tr("Replace data and restart"),
            danger=True,
        )
        self._path, self._phrase = path, ""
        self._preview: Preview | None = None
        self.passphrase = self.kit.edit(secret=True)
        field = Field(self.kit, tr("Passphrase of the backup"), self.passphrase)
        self.fields["passphrase"] = field
        self._asked = holder(
            vbox(
                field.layout,
                hbox(self.kit.button(tr("Check"), "shield-check", self.check), STRETCH),
                gap=8,
            )
        )
        self._found = vbox(gap=4)
        self.body.addWidget(self._asked)
        self.body.addLayout(self._found)
        self._asked.hide()
        self.passphrase.returnPressed.connect(self.check)
        self.accept_button.setEnabled(False)
        self.cancel.setFocus()
        self.check()

    @property
    def ready(self) -> bool:
        """Whether it was checked and can be restored."""
        return self._preview is not None and not self._preview.obstacle

    def check(self) -> None:
        """Read the archive with what was typed."""
        house, path, phrase = self.desk.house, self._path, self.passphrase.text()
        self._phrase = phrase
        self.say(tr("Checking the archive…"))
        self.fields["passphrase"].wrong("")

        def look(job: Job) -> Preview:
            return house.backups.preview(path, job, phrase)

        self.read(look, self._show, trouble=self._failed)

    def submit(self) -> None:
        """Lay it ready, then restart."""
        if not self.ready:
            return
        house, path, phrase = self.desk.house, self._path, self._phrase
        self.work(
            tr("Restore {name}", name=path.name),
            lambda job: house.backups.stage(path, job, phrase),
            done=lambda _done: self._restart(),
        )

    def set_busy(self, busy: bool) -> None:
        """It rests until it was checked, too."""
        super().set_busy(busy)
        self.accept_button.setEnabled(not busy and self.ready)

    # How -------------------------------------------------------------------------------------

    def _restart(self) -> None:
        restart(self.desk)

    def _failed(self, trouble: Trouble) -> None:
        self.say("")
        if passphrase_wanted(trouble):
            first = not self._asked.isVisible()
            self._asked.show()
            self.passphrase.setFocus()
            self.fields["passphrase"].wrong("" if first and not self._phrase else str(trouble))
            return
        clear(self._found)
        self._found.addWidget(self._line(tr("Check"), "x-circle", "danger", trouble.what))
        if trouble.hint:
            self._found.addWidget(words(trouble.hint, "muted"))

    def _show(self, found: Preview) -> None:
        self._preview = found
        self._asked.hide()
        self.say("")
        clear(self._found)
        put, verified = self._found.addWidget, found.verified
        files = counted(verified.files, "{n} file", "{n} files")
        whole = tr("Archive whole, {files}, made by {n}", files=files, n=verified.about.program)
        put(self._line(tr("Check"), "check-circle", "success", whole))
        room = tr("{needed} needed, {free} free", needed=size(found.needed), free=size(found.free))
        enough = found.free > found.needed
        icon, tone = ("check-circle", "success") if enough else ("x-circle", "danger")
        put(self._line(tr("Room"), icon, tone, room))
        self._found.addSpacing(8)
        put(hline())
        self._found.addSpacing(8)
        put(label(tr("Will be replaced"), "section"))
        self._found.addLayout(difference_lines(self.kit, found.differences))
        for note in found.notes:
            self._note(note)
        if found.obstacle:
            put(self._line(tr("Not now"), "x-circle", "danger", found.obstacle))
        self.accept_button.setEnabled(self.ready)

    def _note(self, text: str) -> None:
        warns = "private key" in text or "tokens" in text
        glyph = self.kit.glyph("warning" if warns else "info", "warning" if warns else "muted")
        top = holder(vbox(glyph, STRETCH, margins=(0, 2, 0, 0)))
        self._found.addWidget(holder(hbox(top, (words(text), 1), margins=(0, 4, 0, 0))))

    def _line(self, name: str, icon: str, tone: str, text: str) -> QWidget:
        left = label(name, "muted")
        left.setFixedWidth(104)
        said = words(text, "", tone)
        top = holder(vbox(self.kit.glyph(icon, tone), STRETCH, margins=(0, 2, 0, 0)))
        return holder(hbox(vbox(left, STRETCH), top, (said, 1), gap=6))
