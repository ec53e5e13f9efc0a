"""Go back to before a restore: what would be replaced, then the restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.dialogs.differences import difference_lines
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.layout import clear, label, vbox, words
from aiops_desktop.ui.restart import restart
from aiops_desktop.ui.text import moment, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.backups import Trashed, WayBack
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.desk import Desk


class UndoRestoreDialog(Dialog):
    """Looks at what was put aside to its last page before anything can be replaced."""

    def __init__(self, desk: Desk, parent: QWidget | None, thrown: Trashed) -> None:
        super().__init__(
            desk,
            parent,
            tr("Go back to before the restore"),
            tr("The program restarts afterwards. What is here now goes to the trash in turn."),
            verb=tr("Go back and restart"),
            danger=True,
        )
        self._thrown, self._ready = thrown, False
        self.body.addWidget(
            words(
                tr(
                    "On {when}, {name} took the place of the data.",
                    when=moment(thrown.deleted),
                    name=thrown.title,
                )
            )
        )
        self._found = vbox(gap=4)
        self.body.addLayout(self._found)
        self.accept_button.setEnabled(False)
        self.cancel.setFocus()
        self.say(tr("Looking at what was put aside…"))
        house, name = desk.house, thrown.name
        self.read(lambda _job: house.trash.way_back(name), self._show, trouble=self._failed)

    def submit(self) -> None:
        """Lay it ready, then restart."""
        if not self._ready:
            return
        house, name = self.desk.house, self._thrown.name
        self.work(
            tr("Go back to before the restore"),
            lambda _job: house.trash.stage(name),
            done=lambda _done: restart(self.desk),
        )

    def set_busy(self, busy: bool) -> None:
        """It rests until it was looked at, too."""
        super().set_busy(busy)
        self.accept_button.setEnabled(not busy and self._ready)

    def _show(self, found: WayBack) -> None:
        self._ready = not found.obstacle
        self.say("")
        clear(self._found)
        self._found.addWidget(label(tr("Will be replaced"), "section"))
        self._found.addLayout(difference_lines(self.kit, found.differences))
        if found.obstacle:
            self._found.addWidget(words(found.obstacle, "", "danger"))
        self.accept_button.setEnabled(self._ready)

    def _failed(self, trouble: Trouble) -> None:
        self.say("")
        self.show_trouble(trouble)
