"""What is known of one key, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from aiops_desktop.domain.keys import FileState, KnownHost
from aiops_desktop.ui.actions.keys import MENU
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_text import (
    art,
    breaking,
    fact,
    long_text,
    short_for_today,
    type_name,
)
from aiops_desktop.ui.parts.controls import Dot, Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    bar,
    clear,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    words,
)
from aiops_desktop.ui.text import age, counted, moment, tr
from aiops_desktop.ui.views.keys.lines import (
    KeyLine,
    host_name,
    passphrase,
    standing,
    used,
)

WIDTH = 344
#: Hosts shown before the rest is only counted.
MOST = 6
_FACT = 90


class KeyDetails(QWidget):
    """The pane right of the table."""

    def __init__(self, desk: Desk, show_hosts: Callable[[str], object]) -> None:
        """`show_hosts` leads to the known hosts of the tenant it is called with."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._desk, self._show_hosts = desk, show_hosts
        self._line: KeyLine | None = None
        kit, run = desk.kit, desk.run_action
        self._shown: QVBoxLayout = vbox(gap=4, margins=(MARGIN, 14, MARGIN, MARGIN))
        self._more = kit.tool("dots-three", tr("More"), self._menu)
        self._foot = bar(
            kit.button(tr("Copy public key"), "copy", partial(run, "key.copy")),
            kit.button(tr("Rotate…"), "arrows-clockwise", partial(run, "key.rotate")),
            STRETCH,
            self._more,
        )
        body = scroller(holder(vbox(self._shown, STRETCH, gap=0)))
        self.setLayout(vbox((body, 1), hline(), self._foot, gap=0))

    def show_line(self, line: KeyLine | None) -> None:
        """Show another key; the same one as before is left as it is."""
        if line == self._line:
            return
        self._line = line
        clear(self._shown)
        self._foot.setVisible(line is not None)
        if line is None:
            return
        self._shown.addWidget(Elided(line.key.name, "title"))
        self._shown.addSpacing(8)
        self._facts(line)
        self._warnings(line)
        self._fingerprint(line)
        self._places(line)
        self._hosts(line)
        self._title(tr("Public key"))
        self._shown.addWidget(long_text(self._desk.kit, tr("Public key"), line.key.public))

    def _facts(self, line: KeyLine) -> None:
        key, put = line.key, self._shown.addWidget
        made = label(tr("{kind}, made {when}", kind=type_name(key), when=_ago(line)))
        made.setToolTip(moment(key.created))
        put(fact(tr("Type"), made, width=_FACT))
        if key.bits:
            put(fact(tr("Size"), label(counted(key.bits, "{n} bit", "{n} bits")), width=_FACT))
        owner = Elided(line.tenant.name)
        put(fact(tr("Tenant"), Dot(line.tenant.colour), owner, width=_FACT))
        by = label(used(line))
        by.setToolTip(", ".join(line.used_by))
        put(fact(tr("Used by"), by, width=_FACT))
        if line.used_by:
            put(words(", ".join(line.used_by), "small"))
        put(fact(tr("Passphrase"), label(passphrase(line.entry)[0]), width=_FACT))
        last = label(age(key.last_used) if key.last_used else tr("never"))
        last.setToolTip(moment(key.last_used))
        put(fact(tr("Last used"), last, width=_FACT))
        if key.comment:
            put(fact(tr("Comment"), Elided(key.comment), width=_FACT))
        if key.hosts:
            put(fact(tr("Only for"), Elided(", ".join(key.hosts), "mono"), width=_FACT))
        if line.entry.file is FileState.SAFE:
            safe = label(tr("readable by you alone"))
            safe.setToolTip(str(key.path))
            put(fact(tr("File"), safe, width=_FACT))

    def _warnings(self, line: KeyLine) -> None:
        kit, put = self._desk.kit, self._shown.addWidget
        said = {
            FileState.OPEN: tr("Others can read its file, so ssh refuses it."),
            FileState.MISSING: tr("Its file is gone. Bring the key in again, or delete it."),
        }.get(line.entry.file)
        if said:
            glyph = vbox(kit.glyph("warning", "warning"), STRETCH, margins=(0, 1, 0, 0))
            put(holder(hbox(glyph, (words(said, "", "warning"), 1), margins=(0, 4, 0, 0))))
        if line.entry.file is FileState.OPEN:
            repair = kit.button(
                tr("Repair"), "wrench", partial(self._desk.run_action, "key.repair"), small=True
            )
            put(holder(hbox(24, repair, STRETCH, gap=0)))
        if short_for_today(line.key):
            put(words(tr("Short for today. Rotate it to an Ed25519 key."), "fine", "warning"))

    def _fingerprint(self, line: KeyLine) -> None:
        kit, key = self._desk.kit, line.key
        self._title(tr("Fingerprint"))
        self._shown.addWidget(long_text(kit, tr("Fingerprint"), key.fingerprint))
        self._shown.addWidget(breaking(key.md5, "mono-small", 3))
        self._shown.addSpacing(4)
        self._shown.addWidget(art(key.randomart))

    def _places(self, line: KeyLine) -> None:
        if not line.key.registered:
            return
        self._title(tr("Registered"))
        for where in line.key.registered:
            since = Elided(where.place, "small")
            self._shown.addWidget(
                holder(
                    hbox(
                        self._desk.kit.glyph("check-circle", "success"),
                        Elided(where.forge, "mono"),
                        STRETCH,
                        since,
                    ),
                    height=24,
                )
            )

    def _hosts(self, line: KeyLine) -> None:
        self._title(tr("Hosts {tenant} trusts", tenant=line.tenant.name))
        if not line.hosts:
            self._shown.addWidget(words(tr("None yet. The first connection asks."), "muted"))
        for host in line.hosts[:MOST]:
            self._shown.addWidget(self._host(line, host))
        if line.hosts:
            rest = len(line.hosts) - MOST
            said = tr("Show known hosts")
            if rest > 0:
                said = counted(rest, "{n} more, show known hosts", "{n} more, show known hosts")
            link = self._desk.kit.link(said, partial(self._show_hosts, line.tenant.name))
            self._shown.addWidget(holder(hbox(link, STRETCH)))

    def _host(self, line: KeyLine, host: KnownHost) -> QWidget:
        kit = self._desk.kit
        icon, tone, _said = standing(host)
        name = Elided(host_name(host), "mono", Qt.TextElideMode.ElideMiddle)
        name.setToolTip(f"{host.host} {host.key_type} {host.fingerprint}")
        remove = kit.tool(
            "x",
            tr("Trust {host} no more", host=host_name(host)),
            partial(self._distrust, line, host),
            slim=True,
        )
        since = label(age(host.since) if host.since else "", "small")
        since.setToolTip(moment(host.since))
        return holder(hbox(kit.glyph(icon, tone), name, STRETCH, since, remove), height=24)

    def _title(self, text: str) -> None:
        self._shown.addSpacing(12)
        self._shown.addWidget(label(text, "section"))

    def _menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk.fill_menu(menu, MENU)
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _distrust(self, line: KeyLine, host: KnownHost) -> None:
        house = self._desk.house
        self._desk.start(
            tr("Trust {host} no more", host=host_name(host)),
            lambda _job: house.hosts.remove(line.tenant.id, host.host, line=host.line),
        )


def _ago(line: KeyLine) -> str:
    said = age(line.key.created)
    return said if said == tr("now") else tr("{age} ago", age=said)
