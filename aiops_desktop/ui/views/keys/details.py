"""What is known of one key, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from aiops_desktop.domain.keys import KnownHost
from aiops_desktop.domain.tenants import Doomed
from aiops_desktop.ui.actions.keys import over
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.delete import DeleteDialog
from aiops_desktop.ui.dialogs.key_rename import RenameKeyDialog
from aiops_desktop.ui.dialogs.key_text import long_text, type_name
from aiops_desktop.ui.parts.controls import Dot, Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    Item,
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

if TYPE_CHECKING:
    from aiops_desktop.ui.views.keys.page import KeyLine

WIDTH = 344


class KeyDetails(QWidget):
    """The pane right of the table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self._desk = desk
        self._line: KeyLine | None = None
        kit = desk.kit
        self._shown: QVBoxLayout = vbox(gap=4, margins=(MARGIN, 14, MARGIN, MARGIN))
        self._more = kit.tool("dots-three", tr("More"), self._menu)
        self._foot = bar(
            kit.button(tr("Copy public key"), "copy", self._copy),
            kit.button(tr("Rename…"), "pencil-simple", self._rename),
            STRETCH,
            self._more,
        )
        body = scroller(holder(vbox(self._shown, STRETCH, gap=0)))
        self.setLayout(vbox((body, 1), hline(), self._foot, gap=0))

    def show_line(self, line: KeyLine | None) -> None:
        """Show another key."""
        self._line = line
        clear(self._shown)
        self._foot.setVisible(line is not None)
        if line is None:
            return
        from aiops_desktop.ui.views.keys.page import used

        key, kit = line.key, self._desk.kit
        put = self._shown.addWidget
        name = Elided(key.name, "title")
        put(name)
        self._shown.addSpacing(8)
        made = label(tr("{kind}, made {when}", kind=type_name(key), when=_ago(line)))
        made.setToolTip(moment(key.created))
        put(_fact(tr("Type"), made))
        put(_fact(tr("Tenant"), Dot(line.tenant.colour), Elided(line.tenant.name)))
        put(_fact(tr("Used by"), label(used(line))))
        if line.used_by:
            put(words(", ".join(line.used_by), "small"))
        asked = tr("Asked for, or remembered") if key.encrypted else tr("None")
        put(_fact(tr("Passphrase"), label(asked)))
        seen = age(key.last_used) if key.last_used else tr("never")
        last = label(seen)
        last.setToolTip(moment(key.last_used))
        put(_fact(tr("Last used"), last))
        if key.type.value == "rsa" and 0 < key.bits < 3072:
            put(words(tr("Short for today. Make an Ed25519 key instead."), "fine", "warning"))
        for title, text in (
            (tr("Fingerprint"), key.fingerprint),
            (tr("Public key"), key.public),
        ):
            self._shown.addSpacing(12)
            put(label(title, "section"))
            put(long_text(kit, title, text))
        self._hosts(line)

    def _hosts(self, line: KeyLine) -> None:
        kit = self._desk.kit
        self._shown.addSpacing(12)
        title = tr("Hosts {tenant} trusts", tenant=line.tenant.name)
        self._shown.addWidget(label(title, "section"))
        if not line.hosts:
            self._shown.addWidget(words(tr("None yet. The first connection asks."), "muted"))
        for host in line.hosts:
            name = Elided(host.host, "mono", Qt.TextElideMode.ElideMiddle)
            name.setToolTip(f"{host.host} {host.key_type} {host.fingerprint}")
            remove = kit.tool(
                "x",
                tr("Trust {host} no more", host=host.host),
                lambda host=host: self._distrust(line, host),  # type: ignore[misc]  # bound early
                slim=True,
            )
            since = label(age(host.since) if host.since else "", "small")
            since.setToolTip(moment(host.since))
            self._shown.addWidget(
                holder(
                    hbox(kit.glyph("shield-check", "success"), name, STRETCH, since, remove),
                    height=24,
                )
            )

    def _copy(self) -> None:
        if self._line:
            QGuiApplication.clipboard().setText(self._line.key.public)
            self._desk.toast("copy", tr("The public key is copied"))

    def _rename(self) -> None:
        if self._line:
            RenameKeyDialog(self._desk, over(), self._line.key).open()

    def _menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._desk.kit.icon("trash", "danger"), tr("Delete key…"), self.delete)
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def delete(self) -> None:
        """Ask, then delete the key."""
        line = self._line
        if line is None:
            return
        house = self._desk.house
        unsaved = (
            counted(
                len(line.used_by),
                "{n} project puts it first: {names}",
                "{n} projects put it first: {names}",
                names=", ".join(line.used_by),
            ),
        )
        doomed = Doomed(
            line.key.name,
            unsaved=unsaved if line.used_by else (),
            way_back=tr("Its file moves to the trash of the data folder."),
        )
        DeleteDialog(
            self._desk,
            over(),
            tr("key"),
            doomed,
            lambda _job: house.keys.delete(line.key.id),
            typed=False,
        ).open()

    def _distrust(self, line: KeyLine, host: KnownHost) -> None:
        house = self._desk.house
        self._desk.start(
            tr("Trust {host} no more", host=host.host),
            lambda _job: house.keys.distrust(line.tenant.id, host.host),
        )


def _ago(line: KeyLine) -> str:
    said = age(line.key.created)
    return said if said == tr("now") else tr("{age} ago", age=said)


def _fact(name: str, *said: Item) -> QWidget:
    left = label(name, "muted")
    left.setFixedWidth(90)
    return holder(hbox(left, *said, STRETCH, gap=6), height=24)
