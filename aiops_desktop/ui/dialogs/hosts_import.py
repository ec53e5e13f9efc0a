"""Take over chosen entries of another known_hosts file for one tenant."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from aiops_desktop.domain.keys import HostsImported, KnownHost
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.fitting import rows_that_fit
from aiops_desktop.ui.dialogs.host_key import kind_of
from aiops_desktop.ui.dialogs.tenant_choice import TenantChoice
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, hline, holder, label
from aiops_desktop.ui.parts.rows import Cell, Column, Rows
from aiops_desktop.ui.text import counted, from_home, tr

WIDTH = 720
_ROWS = 10


class ImportHostsDialog(Dialog):
    """Tenant, file, and a table in which entries are chosen; none is at first."""

    def __init__(self, desk: Desk, parent: QWidget | None, tenant_id: int | None = None) -> None:
        super().__init__(
            desk,
            parent,
            tr("Import known hosts"),
            tr("Choose the hosts that this tenant shall trust. The file stays as it is."),
            verb=tr("Import hosts"),
            width=WIDTH,
        )
        kit = self.kit
        self._asked = 0
        self._path: Path | None = None
        self._hosts: list[KnownHost] = []
        self._chosen: set[int] = set()
        self.tenant = TenantChoice(desk, tenant_id)
        self._file = label("~/.ssh/known_hosts", "mono")
        choose = kit.button(tr("Choose…"), "folder-open", self._choose)
        choose.setAutoDefault(False)
        self.search = kit.search(tr("Filter by host"))
        self._all = kit.link(tr("Choose all shown"), self._turn_all)
        self._all.setAutoDefault(False)
        self.rows = Rows(
            desk.theme,
            (Column(tr("Host")), Column(tr("Key"), 110), Column(tr("SHA-256"), 300)),
            self._cells,
            headers=True,
            edge=0,
            key=lambda item: item.line if isinstance(item, KnownHost) else item,
        )
        most = rows_that_fit(self, 28, _ROWS, other=400, least=3)
        self.rows.setFixedHeight(32 + 28 * most)
        self.rows.setAccessibleName(tr("Hosts of the file; Enter or a click chooses one"))
        self.rows.clicked.connect(lambda index: self.turn(index.data(Qt.ItemDataRole.UserRole)))
        self.rows.opened.connect(self._opened)
        self.fields = {"tenant_id": Field(kit, tr("Tenant"), self.tenant)}
        file = holder(hbox(self._file, STRETCH, choose))
        self.fields["file"] = Field(kit, tr("File"), file)
        for field in self.fields.values():
            self.body.addLayout(field.layout)
        self.body.addLayout(hbox((self.search, 1), self._all))
        self.body.addWidget(self.rows)
        self.body.addWidget(hline())
        self.search.textChanged.connect(lambda _text: self._show())
        self._look()
        self.search.setFocus()
        self.look()

    def look(self) -> None:
        """Read the file."""
        hosts, path = self.desk.house.hosts, self._path
        self._asked += 1
        asked = self._asked

        def read(_job: Job) -> list[KnownHost]:
            return hosts.candidates(path)

        def done(found: list[KnownHost]) -> None:
            if asked == self._asked:
                self._hosts, self._chosen = found, set()
                said = counted(len(found), "{n} entry", "{n} entries")
                self.fields["file"].explain(said)
                self._show()

        def failed(trouble: Trouble) -> None:
            if asked == self._asked:
                self._hosts, self._chosen = [], set()
                self._show()
                self.fields["file"].wrong(str(trouble))

        self.read(read, done, trouble=failed)

    def submit(self) -> None:
        """Take them over."""
        if not self._chosen:
            return
        hosts, path, lines = self.desk.house.hosts, self._path, sorted(self._chosen)
        tenant = self.tenant.tenant_id
        self.work(
            tr("Import known hosts"),
            lambda _job: hosts.bring_in(tenant, path, lines),
            done=self._told,
        )

    def turn(self, host: object) -> None:
        """Choose an entry, or not."""
        if isinstance(host, KnownHost):
            self._chosen ^= {host.line}
            self._show()

    def _opened(self, host: object) -> None:
        self.turn(host)

    def _turn_all(self) -> None:
        shown = {host.line for host in self.rows.rows.items if isinstance(host, KnownHost)}
        self._chosen = self._chosen - shown if shown <= self._chosen else self._chosen | shown
        self._show()

    def _told(self, made: object) -> None:
        if isinstance(made, HostsImported):
            left = "\n".join(made.skipped[:6])
            said = counted(made.added, "{n} host is trusted now", "{n} hosts are trusted now")
            self.desk.toast("shield-check", said, left)

    def _show(self) -> None:
        wanted = self.search.text().casefold().split()
        self.rows.show_rows(
            [host for host in self._hosts if all(word in host.host.casefold() for word in wanted)]
        )
        self._look()

    def _look(self) -> None:
        count = len(self._chosen)
        self.accept_button.setText(counted(count, "Import {n} host", "Import {n} hosts"))
        self.accept_button.setEnabled(bool(count))
        shown = {host.line for host in self.rows.rows.items if isinstance(host, KnownHost)}
        self._all.setEnabled(bool(shown))
        whole = bool(shown) and shown <= self._chosen
        self._all.setText(tr("Choose none") if whole else tr("Choose all shown"))

    def _choose(self) -> None:
        dialog = QFileDialog(self, tr("Choose a list of known hosts"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setDirectory(str(Path.home() / ".ssh"))
        dialog.fileSelected.connect(self.take_file)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def take_file(self, path: str) -> None:
        """Read this file instead."""
        self._path = Path(path)
        self._file.setText(from_home(path))
        self.look()

    def _cells(self, item: object) -> tuple[Cell, ...]:
        if not isinstance(item, KnownHost):
            return ()
        on = item.line in self._chosen
        name = tr("name hidden, line {n}", n=item.line) if item.hashed else item.host
        marked = {"@revoked": tr("revoked"), "@cert-authority": tr("authority")}
        return (
            Cell(name, "check-square" if on else "square", "accent" if on else "muted",
                 mono=not item.hashed, aside=marked.get(item.marker, ""), tip=item.host),
            Cell(kind_of(item.key_type), tip=item.key_type),
            Cell(item.fingerprint, mono=True, text_tone="muted"),
        )  # fmt: skip
