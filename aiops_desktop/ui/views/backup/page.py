"""The backups: the archives of the backups folder, the schedule, and what is known of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.domain.backups import Backup, Trashed
from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.settings import Backup as Wanted
from aiops_desktop.ui.actions.backups import MENU
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    Sheds,
    bar,
    explain,
    hbox,
    hline,
    holder,
    label,
    vbox,
)
from aiops_desktop.ui.parts.notice import Banner, empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Column, Rows
from aiops_desktop.ui.text import counted, from_home, size, tr
from aiops_desktop.ui.views.backup.details import BackupDetails
from aiops_desktop.ui.views.backup.lines import cells, in_time, name, when

if TYPE_CHECKING:
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Sight:
    """What the page shows."""

    backups: list[Backup]
    folder: Path
    wanted: Wanted
    due: datetime | None
    sealed: bool
    same_disk: bool
    before: Trashed | None
    """The data from before the latest restore, while it is kept."""


class BackupsPage(Page):
    """A table of archives with a details pane."""

    interest = Touched.BACKUPS | Touched.SETTINGS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sight: Sight | None = None
        self._build()
        self.rows.chosen.connect(self._chose)
        self.rows.opened.connect(lambda _line: desk.run_action("backup.restore"))
        self.rows.customContextMenuRequested.connect(self._menu)
        desk.operator_changed.connect(self._look)
        self._look()

    def _build(self) -> None:
        kit, run = self.kit, self.desk.run_action
        self._count = label("", "muted")
        self.now = kit.button(tr("Back up now"), "archive", lambda: run("backup.now"), primary=True)
        trash = kit.button(tr("Trash"), "trash", lambda: run("view.trash"))
        opened = kit.button(tr("Open the folder"), "folder-open", lambda: run("backup.open"))
        more = kit.tool("dots-three", tr("More"), lambda: self._more(more))
        head = bar(
            label(tr("Backups"), "title"), self._count, STRETCH, trash, opened, more, self.now
        )
        self._plan, self._next = label(), Elided("", "muted")
        self._sealed_icon, self._sealed = kit.glyph("lock-key", "muted"), label()
        change = kit.button(
            tr("Change…"), "", lambda: self.desk.go("settings", "backup"), small=True
        )
        self._schedule = bar(
            kit.glyph("calendar-blank", "muted"),
            self._plan,
            self._next,
            STRETCH,
            self._sealed_icon,
            self._sealed,
            change,
            height=40,
        )
        self.rows = Rows(
            self.desk.theme,
            (
                Column(tr("When")),
                Column(tr("Kind"), 132, least=420),
                Column(tr("Check"), 132),
                Column(tr("Protection"), 116, least=560),
                Column(tr("Size"), 84, flush=True),
            ),
            cells,
            headers=True,
            name=name,
            key=lambda one: one.path if isinstance(one, Backup) else one,
        )
        self.rows.setAccessibleName(tr("Backups"))
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.details = BackupDetails(self.desk)
        table = holder(hbox((self.rows, 1), self.details, gap=0))
        Sheds(table, (720, self.details))
        empty = empty_state(
            kit,
            tr("No backups yet. One archive holds database, keys, settings and history."),
            kit.button(tr("Back up to a file…"), "archive", lambda: run("backup.to")),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(table)
        self._stack.addWidget(empty)
        self._restored = Elided("", "muted")
        self.go_back = kit.button(
            tr("Go back to before the restore…"),
            "",
            lambda: run("backup.undo_restore"),
            small=True,
        )
        self._way_back = holder(
            vbox(
                bar(
                    kit.glyph("arrow-counter-clockwise", "muted"),
                    label(tr("Restored")),
                    self._restored,
                    STRETCH,
                    self.go_back,
                    height=40,
                ),
                hline(),
                gap=0,
            )
        )
        self._way_back.hide()
        for part in (head, hline(), self._schedule, hline(), self._way_back):
            self.body.addWidget(part)
        self.body.addWidget(self._stack, 1)

    # What the base asks for ------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Sight]:
        """The archives and the schedule."""
        house = self.desk.house

        def look(_job: Job) -> Sight:
            folder = house.backups.folder
            return Sight(
                backups=house.backups.all(),
                folder=folder,
                wanted=house.settings.current().backup,
                due=house.backups.due(),
                sealed=house.backups.seals,
                same_disk=folder.is_relative_to(house.layout.data),
                before=next((one for one in house.trash.all() if one.what == "restore"), None),
            )

        return look

    def fill(self, data: Any) -> None:  # noqa: ANN401 - the base's signature
        """Show them."""
        self._sight = data
        self._count.setText(f"{len(data.backups):,}" if data.backups else "")
        self.rows.show_rows(data.backups)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._stack.setCurrentIndex(0 if data.backups else 1)
        self._show_schedule(data)
        self._show_way_back(data.before)
        self._chose(self.rows.current())
        self._warn(data)
        self._tell()

    def primary(self) -> None:
        """Back up now."""
        self.now.click()

    # How -------------------------------------------------------------------------------------

    def _look(self) -> None:
        """What the one at the desk may do here."""
        explain(self.now, self.desk.refusal("backups.make"))
        explain(self.go_back, self.desk.refusal("trash.stage"))
        self.details.look()

    def _show_schedule(self, sight: Sight) -> None:
        wanted = sight.wanted
        if wanted.every == "never":
            self._plan.setText(tr("No schedule"))
            self._next.setText(tr("snapshots of database and settings alone")
                               if wanted.snapshots else "")  # fmt: skip
        else:
            every = tr("Every day at {h}:00") if wanted.every == "day" else tr("Every week, {h}:00")
            self._plan.setText(every.format(h=f"{wanted.hour:02d}"))
            said = tr("next {when}; the last {n} stay, then one a month",
                      when=in_time(sight.due, datetime.now(UTC)), n=wanted.keep)  # fmt: skip
            self._next.setText(said)
        self._sealed.setText(tr("Encrypted") if sight.sealed else tr("Not encrypted"))
        icon = ("lock-key", "muted") if sight.sealed else ("lock-key-open", "warning")
        self._sealed_icon.show_icon(*icon)

    def _show_way_back(self, before: Trashed | None) -> None:
        if before is not None:
            kept = (
                tr("until {day}", day=f"{before.goes.astimezone():%Y-%m-%d}")
                if before.goes
                else tr("until the trash is emptied")
            )
            self._restored.setText(
                before.obstacle
                or tr(
                    "{when}; the data from before is kept {kept} as {folder}",
                    when=when(before.deleted, datetime.now(UTC)),
                    kept=kept,
                    folder=before.name,
                )
            )
        self._way_back.setVisible(before is not None and not before.obstacle)

    def _warn(self, sight: Sight) -> None:
        if not (sight.same_disk and sight.wanted.every != "never"):
            return
        change = self.kit.button(
            tr("Choose a folder"), "", lambda: self.desk.go("settings", "backup"), small=True
        )
        title = tr("The backups lie in the data folder itself")
        why = tr("Whoever loses the one loses the other, too. Another disk is safer.")
        self.show_notice(
            Banner(self.kit, "warning", "warning", "warn", title, why, steps=(change,))
        )

    def _tell(self) -> None:
        sight = self._sight
        if sight is None or not self.isVisible():
            return
        whole = size(sum(one.size for one in sight.backups))
        number = counted(len(sight.backups), "{n} backup", "{n} backups")
        place = from_home(sight.folder)
        self.desk.standing.emit(tr("{number}, {size} in {place}", number=number, size=whole,
                                   place=place))  # fmt: skip

    def _chose(self, line: object) -> None:
        chosen = line if isinstance(line, Backup) else None
        self.desk.backup = chosen if self.isVisible() else None
        self.details.show_backup(chosen)

    def _menu(self, spot: QPoint) -> None:
        if self.desk.backup is not None:
            self._open_menu(MENU, self.rows.viewport().mapToGlobal(spot))

    def _more(self, button: QWidget) -> None:
        self._open_menu(
            ("backup.to", "backup.restore_file", "-", "view.data"),
            button.mapToGlobal(QPoint(0, button.height() + 2)),
        )

    def _open_menu(self, ids: tuple[str, ...], where: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk.fill_menu(menu, ids)
        menu.popup(where)

    def showEvent(self, event: QShowEvent) -> None:
        """The chosen one counts again; programs beside this one may have made others."""
        self._stale = True
        super().showEvent(event)
        self.rows.setFocus()
        self._chose(self.rows.current())
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        """None is chosen while nobody sees one."""
        super().hideEvent(event)
        self.desk.backup = None
