"""The hosts' recap below the log: state, a bar of results, the counts, a word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aiops_desktop.domain.deployments import HostRecap
from aiops_desktop.ui import icons
from aiops_desktop.ui.parts.layout import MARGIN, ROW
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.theme import SMALL, Theme, mix, mono_font, ui_font

BAR_WIDTH, COUNT_WIDTH, MOST = 168, 68, 6
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class Recap(QWidget):
    """One row a host. Its height follows the hosts; who holds it may scroll."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._hosts: tuple[HostRecap, ...] = ()
        self._tasks = 0
        self._over = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Results per host"))
        theme.changed.connect(self.update)

    @property
    def hosts(self) -> tuple[HostRecap, ...]:
        """The hosts shown."""
        return self._hosts

    def show_hosts(self, hosts: Sequence[HostRecap], tasks: int, *, over: bool) -> None:
        """Show these; `tasks` is how many tasks have begun."""
        self._hosts, self._tasks, self._over = tuple(hosts), tasks, over
        self.setAccessibleDescription(
            "; ".join(f"{h.host}: {_word(h, over)}, {h.ok} ok, {h.failed} failed" for h in hosts)
        )
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        """A row a host and the headings."""
        return QSize(420, ROW * (len(self._hosts) + 1) + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint headings and rows."""
        painter, scheme = QPainter(self), self._theme.scheme
        name, bar, count, said = self._columns()
        painter.setFont(ui_font(SMALL, True))
        painter.setPen(QColor(scheme.muted))
        painter.drawText(QRect(MARGIN, 0, name, ROW), _LEFT, tr("Host"))
        most = self._most()
        of = counted(most, "Of {n} task", "Of {n} tasks") if most else tr("Results")
        painter.drawText(QRect(bar, 0, BAR_WIDTH, ROW), _LEFT, of)
        for at, title in enumerate((tr("Ok"), tr("Changed"), tr("Skipped"), tr("Failed"))):
            area = QRect(count + at * COUNT_WIDTH, 0, COUNT_WIDTH, ROW)
            painter.drawText(area, _RIGHT, title)
        if said:
            painter.drawText(QRect(said, 0, self.width() - said, ROW), _LEFT, tr("Result"))
        for at, host in enumerate(self._hosts):
            self._host(painter, ROW * (at + 1), host)

    def _columns(self) -> tuple[int, int, int, int]:
        """(width of names, left of bars, left of counts, left of words or 0)."""
        name = max(80, min(200, self.width() - MARGIN - BAR_WIDTH - 4 * COUNT_WIDTH - 160))
        bar = MARGIN + 24 + name
        count = bar + BAR_WIDTH + 12
        said = count + 4 * COUNT_WIDTH + 32
        return name, bar, count, said if self.width() - said >= 120 else 0

    def _most(self) -> int:
        return max([self._tasks, *(h.ok + h.skipped + h.failed for h in self._hosts)])

    def _host(self, painter: QPainter, y: int, host: HostRecap) -> None:
        scheme = self._theme.scheme
        name, bar, count, said = self._columns()
        failed = host.failed + host.unreachable
        icon, tone = ("x-circle", scheme.danger) if failed else ("spinner", scheme.accent)
        if self._over and not failed:
            icon, tone = "check-circle", scheme.success
        icons.draw(painter, QRect(MARGIN, y + 6, 16, 16), icon, tone)
        painter.setFont(mono_font())
        painter.setPen(QColor(scheme.text))
        shown = painter.fontMetrics().elidedText(host.host, Qt.TextElideMode.ElideMiddle, name)
        painter.drawText(QRect(MARGIN + 24, y, name, ROW), _LEFT, shown)
        self._bar(painter, QRect(bar, y + 11, BAR_WIDTH, 6), host)
        painter.setFont(QFont(ui_font()))
        for at, value in enumerate((host.ok, host.changed, host.skipped, failed)):
            colour = scheme.muted if not value else scheme.danger if at == 3 else scheme.text
            painter.setPen(QColor(colour))
            area = QRect(count + at * COUNT_WIDTH, y, COUNT_WIDTH, ROW)
            painter.drawText(area, _RIGHT, str(value))
        if said:
            painter.setPen(QColor(scheme.danger if failed else scheme.muted))
            painter.drawText(
                QRect(said, y, self.width() - said, ROW), _LEFT, _word(host, self._over)
            )

    def _bar(self, painter: QPainter, area: QRect, host: HostRecap) -> None:
        scheme, most = self._theme.scheme, max(1, self._most())
        painter.fillRect(area, QColor(mix(scheme.surface, scheme.border, 0.6)))
        x = area.left()
        for value, colour in (
            (host.ok - host.changed, scheme.success),
            (host.changed, scheme.warning),
            (host.skipped, scheme.muted),
            (host.failed + host.unreachable, scheme.danger),
        ):
            width = round(area.width() * max(0, value) / most)
            if width:
                painter.fillRect(QRect(x, area.top(), max(2, width - 1), 6), QColor(colour))
                x += width


def _word(host: HostRecap, over: bool) -> str:
    if host.unreachable:
        return tr("Not reached")
    if host.failed:
        return tr("Failed")
    if not over:
        return tr("At work")
    return tr("Changed") if host.changed else tr("As it was")
