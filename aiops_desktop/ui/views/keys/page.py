"""The keys of all tenants, with what each is and who uses it; behind them the known hosts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.keys import FileState
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions.keys import MENU, over
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    Sheds,
    bar,
    hbox,
    hline,
    holder,
    label,
    vbox,
)
from aiops_desktop.ui.parts.notice import Banner, empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Column, Rows
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.keys.details import KeyDetails
from aiops_desktop.ui.views.keys.hosts import HostsSheet
from aiops_desktop.ui.views.keys.lines import KeyLine, Sight, key_cells, owner, reader, said_of


class _KeyRows(Rows):
    """The table of keys: whose they are is a column when they are not all one person's."""

    _sum, _owner = 2, 4

    _owners = False

    def show_owners(self, several: bool) -> None:
        """Whether there is more than one owner."""
        self._owners = several
        self._arrange()

    def resizeEvent(self, event: object) -> None:
        """Where there are owners, the beginning of the fingerprint gives way to them."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        width = self.viewport().width()
        self.setColumnHidden(self._owner, not self._owners or width < 800)
        self.setColumnHidden(self._sum, width < (940 if self._owners else 620))


class KeysPage(Page):
    """A table with a details pane; files dropped on it are brought in."""

    interest = Touched.KEYS | Touched.TENANTS | Touched.PROJECTS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._lines: list[KeyLine] = []
        self._said: dict[int, str] = {}
        self._wanted: object = None
        self.setAcceptDrops(True)
        self._table = self._build_table()
        self._empty = empty_state(
            self.kit,
            tr("No keys yet. A key lets a tenant's projects reach their server over SSH."),
            self.kit.button(tr("New key"), "plus", lambda: desk.run_action("key.new")),
        )
        self._none = empty_state(
            self.kit, tr("No key has this name, tenant, owner, host or fingerprint.")
        )
        self.hosts = HostsSheet(desk, self.show_keys)
        self._keys = QStackedWidget()
        for part in (self._table, self._empty, self._none):
            self._keys.addWidget(part)
        self._sheet = holder(vbox(self._build_head(), hline(), (self._keys, 1), gap=0))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._sheet)
        self._stack.addWidget(self.hosts)
        self.body.addWidget(self._stack, 1)
        self.rows.chosen.connect(self._chose)
        self.rows.customContextMenuRequested.connect(self._menu)
        self.rows.opened.connect(lambda _line: desk.run_action("key.edit"))
        self.search.textChanged.connect(lambda _text: self._show())

    def _build_head(self) -> QWidget:
        kit, run = self.kit, self.desk.run_action
        self._count = label("", "muted")
        self.owner = kit.choice(tr("All operators"))
        self.owner.setAccessibleName(tr("Keys of one operator"))
        self.owner.hide()  # until there is more than one
        self.owner.currentIndexChanged.connect(lambda _at: self._show())
        self.search = kit.search(tr("Filter by name, host or fingerprint"))
        self.search.setMinimumWidth(96)
        self.search.setMaximumWidth(280)
        self._new = kit.button(tr("New key"), "plus", lambda: run("key.new"), primary=True)
        self.bring = kit.button(tr("Import…"), "download-simple", self._bring_menu)
        known = kit.button(tr("Known hosts"), "shield-check", self.show_hosts)
        return bar(
            label(tr("Keys"), "title"),
            self._count,
            8,
            (self.search, 1),
            self.owner,
            STRETCH,
            known,
            self.bring,
            self._new,
        )

    def _build_table(self) -> QWidget:
        self.rows = _KeyRows(
            self.desk.theme,
            (
                Column(tr("Name")),
                Column(tr("Type"), 112),
                Column(tr("SHA-256"), 92, least=620),
                Column(tr("Used by"), 136, least=480),
                Column(tr("Owner"), 100),
                Column(tr("Forges"), 104, least=800),
                Column(tr("Passphrase"), 148, least=720),
                Column(tr("Age"), 64),
            ),
            key_cells,
            headers=True,
            key=lambda line: line.key.id if isinstance(line, KeyLine) else line,
        )
        self.rows.setAccessibleName(tr("Keys of all tenants"))
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.details = KeyDetails(self.desk, self.show_hosts)
        table = holder(hbox((self.rows, 1), self.details, gap=0))
        Sheds(table, (720, self.details))
        return table

    # What the base asks for ------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Sight]:
        """The keys and hosts of every tenant."""
        return reader(self.desk.house)

    def fill(self, data: Any) -> None:  # noqa: ANN401 - the base's signature
        """Show them."""
        self._lines = list(data.keys)
        self._said = {line.key.id: said_of(line) for line in self._lines}
        self.hosts.show_hosts(data.hosts)
        self._offer_owners()
        self._count.setText(f"{len(self._lines):,}" if self._lines else "")
        self._show()
        if self._wanted is not None:
            self.rows.choose(self._wanted)
            self._wanted = None
        self._warn()

    def primary(self) -> None:
        """New key, or on the hosts' sheet another host."""
        if self._stack.currentWidget() is self.hosts:
            self.hosts.primary()
        else:
            self._new.click()

    def open_argument(self, argument: object) -> None:
        """Choose the key with this id; "hosts" shows the known hosts."""
        if argument == "hosts":
            self.show_hosts()
            return
        self.show_keys()
        if argument is not None and not self.rows.choose(argument):
            self._wanted = argument

    def back(self) -> bool:
        """Clear the filter first, then leave the hosts."""
        search = self.hosts.search if self._stack.currentWidget() is self.hosts else self.search
        if search.text():
            search.clear()
            return True
        if search is self.search and self.owner.currentIndex() > 0:
            self.owner.setCurrentIndex(0)
            return True
        if self._stack.currentWidget() is self.hosts:
            self.show_keys()
            return True
        return False

    # What a person does ----------------------------------------------------------------------

    def show_hosts(self, tenant: str = "") -> None:
        """The hosts that tenants trust, of one tenant when it is named."""
        self._stack.setCurrentWidget(self.hosts)
        self.hosts.search.setText(tenant)
        self.hosts.rows.setFocus()

    def show_keys(self) -> None:
        """The keys."""
        self._stack.setCurrentWidget(self._sheet)

    def take(self, paths: list[Path]) -> bool:
        """Bring in files or a folder; False when nothing of that kind was given."""
        from aiops_desktop.ui.dialogs.key import ImportKeyDialog
        from aiops_desktop.ui.dialogs.keys_folder import ImportFolderDialog

        if not paths or not self.desk.tenants:
            return False
        if len(paths) == 1 and not paths[0].is_dir():
            dialog = ImportKeyDialog(self.desk, over())
            dialog.open()
            dialog.take_file(paths[0])
            return True
        folder = paths[0] if paths[0].is_dir() else paths[0].parent
        chosen = () if paths[0].is_dir() else tuple(path.name for path in paths)
        ImportFolderDialog(self.desk, over(), folder, chosen).open()
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped."""
        if _files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Bring them in, after the drag has ended."""
        if self.take(_files(event.mimeData())):
            event.acceptProposedAction()

    def hideEvent(self, event: QHideEvent) -> None:
        """No key is chosen while nobody sees one."""
        super().hideEvent(event)
        self.desk.key = None

    # How -------------------------------------------------------------------------------------

    def showEvent(self, event: Any) -> None:  # noqa: ANN401 - Qt hands a QShowEvent
        """The chosen key counts again."""
        super().showEvent(event)
        self._chose(self.rows.current())
        self._tell()

    def _show(self) -> None:
        words = self.search.text().casefold().split()
        wanted = self.owner.currentText() if self.owner.currentIndex() > 0 else ""
        shown = [
            line
            for line in self._lines
            if wanted in ("", owner(line))
            and all(word in self._said[line.key.id] for word in words)
        ]
        self.rows.show_rows(shown)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._keys.setCurrentWidget(
            self._table if shown else self._none if self._lines else self._empty
        )
        self._chose(self.rows.current())
        self._tell()

    def _offer_owners(self) -> None:
        """Owners to choose among, when there is more than one."""
        names = sorted({owner(line) for line in self._lines}, key=str.casefold)
        chosen = self.owner.currentText()
        all_ = [tr("All operators"), *names]
        if [self.owner.itemText(at) for at in range(self.owner.count())] != all_:
            self.owner.blockSignals(True)
            self.owner.clear()
            self.owner.addItems(all_)
            self.owner.setCurrentIndex(max(0, self.owner.findText(chosen)))
            self.owner.blockSignals(False)
        self.owner.setVisible(len(names) > 1)
        self.rows.show_owners(len(names) > 1)

    def _tell(self) -> None:
        """In the status line: what lies open in agents."""
        loaded = sum(1 for line in self._lines if line.entry.loaded)
        if self.isVisible():
            said = counted(loaded, "Agent running, {n} key loaded", "Agents hold {n} keys")
            self.desk.standing.emit(said if loaded else "")

    def _chose(self, line: object) -> None:
        chosen = line if isinstance(line, KeyLine) else None
        self.desk.key = chosen if self.isVisible() else None
        self.details.show_line(chosen)

    def _warn(self) -> None:
        """A strip for files that others may read."""
        bad = [line.key for line in self._lines if line.entry.file is FileState.OPEN]
        if not bad:
            return
        title = counted(
            len(bad),
            "Others can read the file of {n} key: {names}",
            "Others can read the files of {n} keys: {names}",
            names=", ".join(key.name for key in bad[:5]) + (", …" if len(bad) > 5 else ""),
        )
        repair = self.kit.button(
            counted(len(bad), "Repair {n} file", "Repair {n} files"),
            "wrench",
            lambda: self._repair([key.id for key in bad]),
            small=True,
        )
        why = tr("ssh refuses such a key. Repair gives its file back to you alone (0600).")
        self.show_notice(
            Banner(self.kit, "warning", "warning", "warn", title, why, steps=(repair,))
        )

    def _repair(self, ids: list[int]) -> None:
        house = self.desk.house
        self.desk.start(
            tr("Repair key files"),
            lambda _job: house.keys.care.repair(ids),
            done=lambda done: self.desk.toast("check-circle", done.summary),
            trouble=self.fail,
        )

    def _menu(self, spot: QPoint) -> None:
        if self.desk.key is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk.fill_menu(menu, MENU)
        menu.popup(self.rows.viewport().mapToGlobal(spot))

    def _bring_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk.fill_menu(menu, ("key.import", "keys.import_folder", "keys.import_hosts"))
        menu.popup(self.bring.mapToGlobal(QPoint(0, self.bring.height() + 2)))


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
