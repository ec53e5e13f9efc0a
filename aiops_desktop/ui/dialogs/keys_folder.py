"""Import a folder of keys: a preview that can be edited; nothing is made before one confirms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from aiops_desktop.domain.identities import Act, Identity, Seeded
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.fitting import rows_that_fit
from aiops_desktop.ui.dialogs.keys_folder_model import FolderModel
from aiops_desktop.ui.dialogs.keys_folder_table import HEIGHT, FolderTable
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, hline, holder, label, vbox
from aiops_desktop.ui.parts.rows import Cell, Column, Rows
from aiops_desktop.ui.text import counted, from_home, tr

#: Where such keys usually lie; `seed-identities` of the shell looks there, too.
FOLDER = Path("~/.ssh/syseng")
WIDTH = 720
#: Rows shown before the tables scroll.
MOST, MOST_LEFT = 8, 4
#: Pixels of all but the table of keys.
_OTHER = 440


@dataclass(frozen=True, slots=True)
class Plan:
    """What is in a folder."""

    folder: Path
    rows: tuple[Identity, ...]


class ImportFolderDialog(Dialog):
    """Folder, preview, what is left out and why, and one button that does it."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        folder: Path = FOLDER,
        only: Sequence[str] = (),
    ) -> None:
        """`only` are the names of the files chosen at first; empty: all that can be taken."""
        super().__init__(
            desk,
            parent,
            tr("Import keys"),
            tr("Each pair becomes a key of one tenant. Private text is never shown."),
            verb=tr("Import keys"),
            width=WIDTH,
        )
        self._only = tuple(only)
        self._asked = 0
        self.folder = self.kit.edit(mono=True)
        self.folder.setAccessibleName(tr("Folder"))
        self.folder.setText(from_home(folder.expanduser()))
        choose = self.kit.button(tr("Choose…"), "folder-open", self._choose)
        choose.setAutoDefault(False)
        line = holder(hbox((self.folder, 1), choose))
        line.setFocusProxy(self.folder)
        self.fields = {"folder": Field(self.kit, tr("Folder"), line)}
        self.model: FolderModel | None = None
        self.table: FolderTable | None = None
        self._tables = vbox(gap=0)
        self._left = Rows(
            desk.theme, (Column(tr("File"), 200), Column(tr("Why"))), _left_cells, edge=0
        )
        self._left.setAccessibleName(tr("Files that are left out, and why"))
        self._left_title = label("", "section")
        self._left_part = holder(vbox(self._left_title, self._left, gap=4))
        self._left_part.hide()
        self._safe = holder(
            hbox(
                self.kit.glyph("shield-check", "muted"),
                label(tr("Copies are stored at 0600. The files in the folder stay as they are."),
                      "muted"),
                STRETCH,
            )
        )  # fmt: skip
        self.body.addLayout(self.fields["folder"].layout)
        self.body.addLayout(self._tables)
        self.body.addWidget(self._left_part)
        self.body.addWidget(self._safe)
        self.accept_button.setEnabled(False)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(300)
        self._wait.timeout.connect(self.look)
        self.folder.textEdited.connect(lambda _text: self._wait.start())
        self.folder.setFocus()
        self.look()

    # Reading ---------------------------------------------------------------------------------

    def look(self) -> None:
        """Read the folder that is named."""
        house, folder = self.desk.house, Path(self.folder.text().strip() or ".").expanduser()
        self._asked += 1
        asked = self._asked
        self.fields["folder"].explain(tr("Looking…"))
        self.accept_button.setEnabled(False)

        def read(_job: Job) -> tuple[Plan, dict[str, frozenset[str]]]:
            keys = {
                tenant.name: frozenset(key.name.casefold() for key in house.keys.all(tenant.id))
                for tenant in house.tenants.all()
            }
            return Plan(folder, tuple(house.identities.plan(folder))), keys

        def done(found: tuple[Plan, dict[str, frozenset[str]]]) -> None:
            if asked == self._asked:
                self._show(*found)

        def failed(trouble: Trouble) -> None:
            if asked == self._asked:
                self._show(Plan(folder, ()), {})
                self.fields["folder"].wrong(str(trouble))

        self.read(read, done, trouble=failed)

    def _show(self, plan: Plan, keys: dict[str, frozenset[str]]) -> None:
        pairs = [row for row in plan.rows if row.fingerprint and not _same(row)]
        left = [row for row in plan.rows if not row.fingerprint or _same(row)]
        self._drop()
        if pairs:
            self.model = FolderModel(keys, self)
            self.table = FolderTable(self.desk, self.model)
            self.model.show(pairs, self._only)
            self.model.dataChanged.connect(lambda *_what: self._look())
            most = rows_that_fit(self, HEIGHT, min(len(pairs), MOST), other=_OTHER)
            self.table.setFixedHeight(33 + HEIGHT * most)
            self._tables.addWidget(self.table)
            self._tables.addWidget(hline())
        self._left_part.setVisible(bool(left))
        self._left_title.setText(tr("Left out  {n}", n=len(left)))
        self._left.show_rows(left)
        few = rows_that_fit(self, 28, min(len(left), MOST_LEFT), other=_OTHER, least=1)
        self._left.setFixedHeight(28 * few)
        files = counted(len(plan.rows), "{n} file", "{n} files")
        found = counted(len(pairs), "{n} key; matched by name", "{n} keys; matched by name")
        self.fields["folder"].explain(f"{files}, {found}" if plan.rows else tr("It is empty."))
        self._look()

    def _drop(self) -> None:
        while self._tables.count():
            item = self._tables.takeAt(0)
            part = item.widget() if item else None
            if part is not None:
                part.hide()
                part.deleteLater()
        self.model = self.table = None

    # Doing -----------------------------------------------------------------------------------

    def submit(self) -> None:
        """Bring in what is chosen."""
        model, house = self.model, self.desk.house
        if model is None or not model.count():
            return
        rows = model.chosen()
        self.set_busy(True)

        def done(seeded: Seeded) -> None:
            added = sum(1 for row in seeded.rows if row.act in (Act.ADDED, Act.UPDATED))
            if added:
                said = counted(added, "{n} key is there now", "{n} keys are there now")
                self.desk.toast("check-circle", said)
            failed = [row for row in seeded.rows if row.act is Act.FAILED]
            if not self.lives:
                return
            self.set_busy(False)
            if not failed:
                self.accept()
                return
            if self.model is not None:
                self.model.show(seeded.rows)
            self._look()
            said = counted(len(failed), "{n} key could not be taken", "{n} keys could not be taken")
            self.say(said, "danger")

        def refused(trouble: Trouble) -> None:
            if self.lives:
                self.set_busy(False)
                self.show_trouble(trouble)

        self.desk.start(
            tr("Import keys"),
            lambda job: house.identities.apply(rows, job),
            done=done,
            trouble=refused,
        )

    def set_busy(self, busy: bool) -> None:
        """The table rests, too."""
        super().set_busy(busy)
        if self.table is not None:
            self.table.setEnabled(not busy)

    def _look(self) -> None:
        count = self.model.count() if self.model else 0
        total = len(self.model.drafts) if self.model else 0
        self.accept_button.setText(counted(count, "Import {n} key", "Import {n} keys"))
        self.accept_button.setEnabled(bool(count))
        out = total - count
        self.say(counted(out, "{n} key stays out", "{n} keys stay out") if out else "")

    def _choose(self) -> None:
        dialog = QFileDialog(self, tr("Choose a folder of keys"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        now = Path(self.folder.text()).expanduser()
        dialog.setDirectory(str(now if now.is_dir() else Path.home()))
        dialog.fileSelected.connect(self._chose)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chose(self, folder: str) -> None:
        self.folder.setText(from_home(folder))
        self._only = ()
        self.look()


def _same(row: Identity) -> bool:
    """A copy of another file of the folder: there is nothing to choose."""
    return row.act is Act.SKIP and row.note.startswith("skipped: the same key")


def _left_cells(item: object) -> tuple[Cell, ...]:
    if not isinstance(item, Identity):
        return ()
    return (
        Cell(item.file.name, "minus", mono=True, tip=str(item.file)),
        Cell(item.note.removeprefix("skipped: "), text_tone="muted", tip=item.note),
    )
