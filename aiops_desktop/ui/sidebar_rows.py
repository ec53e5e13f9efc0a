"""How a row of the sidebar is painted: icon, name, and the state in short at its right end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.states import CheckoutState, DeploymentState, RunState
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.needs import Need, Needs
from aiops_desktop.ui.parts.rows import ITEM, Row, Section
from aiops_desktop.ui.text import age, counted, tr
from aiops_desktop.ui.theme import BODY, SMALL, mix, ui_font

if TYPE_CHECKING:
    from aiops_desktop.domain.repositories import CheckoutStatus
    from aiops_desktop.ui.desk import Desk

HEIGHT = 26
INDENT = 14
#: A badge is (icon or "", words or "", tone).
Badge = tuple[str, str, str]
_Index = QModelIndex | QPersistentModelIndex


def badges(desk: Desk, needs: Needs, project: Project) -> list[Badge]:
    """A project's state in short, the most important last (at the right edge)."""
    made: list[Badge] = []
    if project.state is CheckoutState.FAILED:
        return [("x-circle", "", "danger")]
    if project.state is CheckoutState.CLONING:
        return [("spinner", "", "accent")]
    if project.state is CheckoutState.ABSENT:
        return [("", tr("not cloned"), "muted")]
    deployment = needs.deployments.get(project.id)
    if deployment and deployment.state in {DeploymentState.ERROR, DeploymentState.LOST}:
        made.append(("x-circle", "", "danger"))
    elif deployment and not deployment.state.over:
        made.append(("rocket-launch", "", "accent"))
    made += _of_runs(desk, project)
    status = desk.statuses.get(project.id)
    if isinstance(status, Trouble):
        made.append(("warning", "", "warning"))
    elif status is not None:
        made += _of_status(status)
    return made


def _of_runs(desk: Desk, project: Project) -> list[Badge]:
    states = {run.state for run in desk.living_runs if run.project_id == project.id}
    if RunState.WAITING in states:
        return [("robot", "", "warning")]
    return [("robot", "", "accent")] if states & {RunState.STARTING, RunState.WORKING} else []


def _of_status(status: CheckoutStatus) -> list[Badge]:
    made: list[Badge] = []
    if status.conflicts:
        made.append(("warning-circle", "", "warning"))
    if status.changed:
        made.append(("", counted(status.changed, "{n} changed", "{n} changed"), "muted"))
    ahead = f"↑{status.ahead}" if status.ahead else ""
    behind = f"↓{status.behind}" if status.behind else ""
    if ahead or behind:
        tone = "warning" if behind else "accent"
        made.append(("", f"{ahead} {behind}".strip(), tone))
    return made


def told(found: list[Badge]) -> str:
    """Badges as words, for tooltips and screen readers."""
    names = {
        "x-circle": tr("failed"),
        "spinner": tr("is being cloned"),
        "robot": tr("a run is at work"),
        "rocket-launch": tr("is being deployed"),
        "warning-circle": tr("has conflicts"),
        "warning": tr("cannot be read"),
    }
    return ", ".join(words or names.get(icon, "") for icon, words, _tone in found)


class TreeDelegate(QStyledItemDelegate):
    """Paints the sidebar's rows."""

    def __init__(self, desk: Desk, needs: Needs, view: QTreeView) -> None:
        super().__init__(view)
        self._desk, self._needs, self._view = desk, needs, view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """All rows are equally high, which lets the view lay out a thousand at once."""
        return QSize(60, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row over the whole width."""
        thing, scheme = index.data(ITEM), self._desk.theme.scheme
        whole = QRect(0, option.rect.top(), self._view.viewport().width(), option.rect.height())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(whole, QColor(scheme.selection))
        elif option.state & QStyle.StateFlag.State_MouseOver and not isinstance(thing, Section):
            painter.fillRect(whole, QColor(mix(scheme.window, scheme.text, 0.05)))
        left = INDENT if index.parent().isValid() else 0
        row = Row(painter, whole, left=10 + left, right=10)
        if isinstance(thing, Section):
            self._section(row, thing)
        elif isinstance(thing, Need):
            self._need(row, thing)
        elif isinstance(thing, Tenant):
            self._tenant(row, thing, index)
        elif isinstance(thing, Project):
            self._project(row, thing)
        if selected and self._view.hasFocus():
            painter.setPen(QPen(QColor(scheme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(whole).adjusted(1, 1, -1, -1))
        painter.restore()

    def _section(self, row: Row, section: Section) -> None:
        scheme = self._desk.theme.scheme
        row.base += 2
        if section.count:
            row.text(section.count, scheme.warning, ui_font(SMALL, True), right=True)
        row.low += 2
        row.text(section.title, scheme.muted, ui_font(SMALL, True))

    def _need(self, row: Row, need: Need) -> None:
        scheme = self._desk.theme.scheme
        if need.since:
            row.text(age(need.since, datetime.now(UTC)), scheme.muted, ui_font(SMALL), right=True)
        row.glyph(need.icon, scheme.muted, 14, gap=4)
        row.text(need.text, scheme.text, elide=Qt.TextElideMode.ElideRight)

    def _tenant(self, row: Row, tenant: Tenant, index: _Index) -> None:
        scheme = self._desk.theme.scheme
        below = index.model().rowCount(index)
        if below and not self._view.isExpanded(index):
            row.text(str(below), scheme.muted, ui_font(SMALL), right=True)
        row.dot(tenant.colour)
        row.text(tenant.name, scheme.text, ui_font(BODY, True))

    def _project(self, row: Row, project: Project) -> None:
        scheme = self._desk.theme.scheme
        row.low -= 2
        for icon, words, tone in reversed(badges(self._desk, self._needs, project)):
            if words:
                row.text(words, scheme.tone(tone), ui_font(SMALL), right=True)
            else:
                row.glyph(icon, scheme.tone(tone), 14, right=True)
        row.glyph("git-branch", scheme.muted, 14, gap=6)
        row.text(project.name, scheme.text)
