"""The header: which tenant and project one is in, the search, what is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QWidget

from aiops_desktop.ui.parts.controls import Dot, Elided
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, retone
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.needs import Needs

#: From this many pixels on the search and the branch have their full width.
WIDE = 1200


class Header(QWidget):
    """44 px: place, search in the middle, jobs, needs, menu."""

    def __init__(self, desk: Desk, needs: Needs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(44)
        self._desk, self._needs = desk, needs
        self._scope = ""
        kit = desk.kit
        self._dot = Dot()
        self._tenant = Elided("", "muted")
        self._caret = kit.glyph("caret-right", "muted", 12)
        self._name = Elided("", "strong")
        self.branch = kit.button(
            "", "git-branch", lambda: desk.run_action("git.switch"), quiet=True
        )
        self._ahead = label("", "muted")
        self.search = self._search()
        self.jobs = kit.tool("arrows-clockwise", tr("Jobs"), lambda: desk.run_action("view.jobs"))
        self.bell = kit.tool("bell", tr("Nothing needs you"), self._needs_menu)
        self.more = kit.tool("user-circle", tr("Menu"))
        for tool in (self.jobs, self.bell):
            tool.setMaximumWidth(16_777_215)
            tool.setMinimumWidth(30)
            tool.setStyleSheet("")
        left = hbox(
            self._dot,
            self._tenant,
            self._caret,
            self._name,
            self.branch,
            self._ahead,
            STRETCH,
        )
        right = hbox(STRETCH, self.jobs, self.bell, self.more, gap=4)
        grid = QGridLayout()
        grid.setContentsMargins(12, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        for column, (part, stretch) in enumerate(
            ((holder(left), 1), (self.search, 0), (holder(right), 1))
        ):
            grid.addWidget(part, 0, column)
            grid.setColumnStretch(column, stretch)
        self.setLayout(grid)
        desk.jobs.listed.connect(self._count_jobs)
        desk.selected.connect(self.refresh)
        desk.loaded.connect(self.refresh)
        desk.when_concerned(self.refresh)
        needs.changed.connect(self._count_needs)
        self.refresh()
        self._count_jobs()
        self._count_needs()

    def _search(self) -> QPushButton:
        """Looks like a field, but opens the palette."""
        made = QPushButton()
        made.setProperty("search", "true")
        made.setFixedWidth(340)
        made.setAccessibleName(tr("Search or run a command"))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setCursor(Qt.CursorShape.IBeamCursor)
        glass = self._desk.kit.glyph("magnifying-glass", "muted")
        row = hbox(
            glass,
            8,
            label(tr("Search or run a command"), "muted"),
            STRETCH,
            label("Ctrl K", "small"),
            margins=(8, 0, 8, 0),
        )
        made.setLayout(row)
        for inner in made.findChildren(QWidget):
            inner.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        made.clicked.connect(lambda _checked=False: self._desk.run_action("view.palette"))
        return made

    def set_scope(self, scope: str) -> None:
        """Name what a full page is about ("All tenants"); "" for a project's pages."""
        self._scope = scope
        self.refresh()

    def refresh(self) -> None:
        """Show where one is."""
        desk = self._desk
        project, tenant = desk.project, desk.tenant
        inside = bool(project and tenant and not self._scope)
        for part in (self._dot, self._tenant, self._caret):
            part.setVisible(inside)
        if not (inside and project and tenant):
            self._name.setText(self._scope)
            self.branch.hide()
            self._ahead.hide()
            return
        self._dot.set_colour(tenant.colour)
        self._tenant.setText(tenant.name)
        self._name.setText(project.name)
        for part, least in ((self._tenant, 64), (self._name, 104)):
            part.setMinimumWidth(min(least, part.sizeHint().width()))
        status = desk.status
        self.branch.setVisible(status is not None)
        words = ""
        if status is not None:
            name = status.branch or tr("no branch")
            cut = self.branch.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideMiddle, 160 if self.width() >= WIDE else 110
            )
            self.branch.setText(cut.replace("&", "&&"))
            self.branch.setToolTip(
                tr("{name} follows {up}. Click to switch.", name=name, up=status.upstream)
                if status.upstream
                else tr("{name} follows no branch of a server. Click to switch.", name=name)
            )
            ahead = f"↑{status.ahead}" if status.ahead else ""
            behind = f"↓{status.behind}" if status.behind else ""
            words = f"{ahead} {behind}".strip()
        self._ahead.setText(words)
        self._ahead.setVisible(bool(words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, names come before the search."""
        super().resizeEvent(event)
        self.search.setFixedWidth(340 if self.width() >= WIDE else 264)
        if (event.oldSize().width() >= WIDE) is not (self.width() >= WIDE):
            self.refresh()

    def _count_jobs(self) -> None:
        alive = sum(record.alive for record in self._desk.jobs.shown)
        self.jobs.setText(str(alive) if alive else "")
        told = counted(alive, "{n} job is at work", "{n} jobs are at work")
        tip = told if alive else tr("No job is at work")
        self.jobs.setToolTip(tip)
        self.jobs.setAccessibleName(tip)

    def _count_needs(self) -> None:
        count = len(self._needs.all)
        self.bell.setText(str(count) if count else "")
        tip = (
            counted(count, "{n} thing needs you", "{n} things need you")
            if count
            else tr("Nothing needs you")
        )
        self.bell.setToolTip(tip)
        self.bell.setAccessibleName(tip)
        retone(self.bell, loud="true" if count else "")

    def _needs_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for need in self._needs.all:
            act = menu.addAction(
                self._desk.kit.icon(need.icon, "muted"), need.text.replace("&", "&&")
            )
            act.triggered.connect(lambda _checked=False, need=need: self._open(need))
        if not self._needs.all:
            menu.addAction(tr("Nothing needs you.")).setEnabled(False)
        menu.popup(self.bell.mapToGlobal(QPoint(0, self.bell.height())))

    def _open(self, need: object) -> None:
        from aiops_desktop.ui.needs import Need

        if isinstance(need, Need):
            if need.project_id:
                self._desk.select(need.project_id)
            self._desk.go(need.page or "project", need.argument)
