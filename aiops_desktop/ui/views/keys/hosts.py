"""The hosts that tenants trust: looked through, checked, removed, taken over from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.ui.actions.keys import over
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.host_key import kind_of
from aiops_desktop.ui.dialogs.key_text import long_text
from aiops_desktop.ui.parts.controls import Dot, Elided
from aiops_desktop.ui.parts.details import DetailsPane
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    Sheds,
    bar,
    hbox,
    hline,
    holder,
    label,
    vbox,
    words,
)
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.rows import Column, Rows
from aiops_desktop.ui.text import moment, tr
from aiops_desktop.ui.views.keys.lines import (
    HostLine,
    host_cells,
    host_name,
    said_of_host,
    standing,
)


class HostsSheet(QWidget):
    """A table of hosts with a details pane."""

    def __init__(self, desk: Desk, back: Callable[[], object]) -> None:
        """`back` leads to the keys."""
        super().__init__()
        self._desk = desk
        self._lines: list[HostLine] = []
        self.rows = Rows(
            desk.theme,
            (
                Column(tr("Host")),
                Column(tr("Tenant"), 144),
                Column(tr("Key"), 96, least=480),
                Column(tr("SHA-256"), 92, least=620),
                Column(tr("What it does"), 128, least=560),
                Column(tr("Since"), 64),
            ),
            host_cells,
            headers=True,
            key=lambda line: line.id if isinstance(line, HostLine) else line,
        )
        self.rows.setAccessibleName(tr("Hosts that tenants trust"))
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.details = HostDetails(desk)
        self._table = holder(hbox((self.rows, 1), self.details, gap=0))
        Sheds(self._table, (720, self.details))
        kit, run = desk.kit, desk.run_action
        self._empty = empty_state(
            kit,
            tr("No host is trusted yet. The first connection to one asks."),
            kit.button(tr("Import…"), "download-simple", partial(run, "keys.import_hosts")),
        )
        self._none = empty_state(kit, tr("No host has this name, tenant or fingerprint."))
        self._stack = QStackedWidget()
        for part in (self._table, self._empty, self._none):
            self._stack.addWidget(part)
        self.setLayout(vbox(self._head(back), hline(), (self._stack, 1), gap=0))
        self.rows.chosen.connect(self._chose)
        self.rows.customContextMenuRequested.connect(self._menu)
        self.search.textChanged.connect(lambda _text: self._show())

    def _head(self, back: Callable[[], object]) -> QWidget:
        kit, run = self._desk.kit, self._desk.run_action
        self._count = label("", "muted")
        self.search = kit.search(tr("Filter by host, tenant or fingerprint"))
        self.search.setMinimumWidth(96)
        self.search.setMaximumWidth(280)
        self._ask = kit.button(
            tr("Ask a host…"), "shield-check", partial(run, "keys.trust_host"), primary=True
        )
        return bar(
            kit.tool("arrow-left", tr("Back to the keys"), back),
            label(tr("Known hosts"), "title"),
            self._count,
            8,
            (self.search, 1),
            STRETCH,
            kit.button(tr("Import…"), "download-simple", partial(run, "keys.import_hosts")),
            self._ask,
        )

    def primary(self) -> None:
        """Ask a host for its key."""
        self._ask.click()

    def show_hosts(self, hosts: Sequence[HostLine]) -> None:
        """Show these."""
        self._lines = list(hosts)
        self._count.setText(f"{len(hosts):,}" if hosts else "")
        self._show()

    def _show(self) -> None:
        wanted = self.search.text().casefold().split()
        shown = [line for line in self._lines if all(w in said_of_host(line) for w in wanted)]
        self.rows.show_rows(shown)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._stack.setCurrentWidget(
            self._table if shown else self._none if self._lines else self._empty
        )
        self._chose(self.rows.current())

    def _chose(self, line: object) -> None:
        self.details.show_line(line if isinstance(line, HostLine) else None)

    def _menu(self, spot: QPoint) -> None:
        line = self.rows.current()
        if not isinstance(line, HostLine):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        icon = self._desk.kit.icon
        if self.details.can_check():
            menu.addAction(icon("arrows-clockwise"), tr("Check now…"), self.details.check)
        if not line.host.marker:
            menu.addAction(tr("Never accept this key again"), self.details.revoke)
        menu.addSeparator()
        menu.addAction(icon("trash", "danger"), tr("Remove entry"), self.details.remove)
        menu.popup(self.rows.viewport().mapToGlobal(spot))


class HostDetails(DetailsPane):
    """The pane right of the table of hosts."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._line: HostLine | None = None
        kit = desk.kit
        self._check = kit.button(tr("Check now…"), "arrows-clockwise", self.check)
        remove = kit.button(tr("Remove entry"), "", self.remove, danger=True)
        self.stand(self._check, STRETCH, remove)

    def show_line(self, line: HostLine | None) -> None:
        """Show another entry."""
        if line == self._line:
            return
        self._line = line
        if not self.begin(host_name(line.host) if line else None) or line is None:
            return
        host, kit, put, fact = line.host, self._desk.kit, self.put, self.fact
        icon, tone, said = standing(host)
        owner = Elided(line.tenant.name)
        fact(tr("Tenant"), Dot(line.tenant.colour), owner)
        fact(tr("This entry"), kit.state(icon, said, tone))
        fact(tr("Key"), label(kind_of(host.key_type)))
        if host.since:
            fact(tr("Since"), label(moment(host.since)))
        fact(tr("Line"), label(f"{host.line:,}"))
        if host.comment:
            fact(tr("Comment"), Elided(host.comment))
        self.section(tr("Fingerprint"))
        put(long_text(kit, tr("Fingerprint"), host.fingerprint))
        if host.hashed:
            put(words(tr("The file holds only a hash of the name, so that nobody can read it."),
                      "small"))  # fmt: skip
        if not host.marker:
            self.lines.addSpacing(12)
            never = kit.link(tr("Never accept this key again"), self.revoke)
            put(holder(hbox(never, STRETCH)))
        self._check.setEnabled(self.can_check())
        self._check.setToolTip(
            "" if self.can_check() else tr("An entry without a plain name cannot be asked.")
        )

    def can_check(self) -> bool:
        """Whether the entry names a host that can be asked."""
        line = self._line
        plain = line is not None and not line.host.hashed and not line.host.marker
        return plain and line is not None and not any(sign in line.host.host for sign in "*?!,")

    def check(self) -> None:
        """Ask the host which key it shows now."""
        line = self._line
        if line is not None and self.can_check():
            from aiops_desktop.ui.dialogs.host_look import LookAtHostDialog, parted

            host, port = parted(line.host.host)
            LookAtHostDialog(self._desk, over(), line.tenant.id, host, port).open()

    def remove(self) -> None:
        """Trust it no more."""
        line = self._line
        if line is None:
            return
        house = self._desk.house
        self._desk.start(
            tr("Trust {host} no more", host=host_name(line.host)),
            lambda _job: house.hosts.remove(line.tenant.id, line.host.host, line=line.host.line),
            done=lambda done: self._desk.toast("check-circle", done.summary),
        )

    def revoke(self) -> None:
        """Mark its key, so that nobody of this tenant accepts it from any host."""
        line = self._line
        if line is None or line.host.marker:
            return
        house = self._desk.house
        self._desk.start(
            tr("Never accept the key of {host} again", host=host_name(line.host)),
            lambda _job: house.hosts.revoke(line.tenant.id, line.host.fingerprint),
            done=lambda done: self._desk.toast("check-circle", done.summary),
        )
