"""What is known of one key, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.keys import FileState, KnownHost, Registration
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions.keys import MENU
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_certificate import standing as certificate_standing
from aiops_desktop.ui.dialogs.key_certificate import told
from aiops_desktop.ui.dialogs.key_text import (
    art,
    breaking,
    long_text,
    short_for_today,
    type_name,
)
from aiops_desktop.ui.parts.controls import Dot, Elided
from aiops_desktop.ui.parts.details import DetailsPane
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    hbox,
    holder,
    label,
    vbox,
    words,
)
from aiops_desktop.ui.text import age, counted, moment, tr
from aiops_desktop.ui.views.keys.lines import (
    KeyLine,
    host_name,
    owner,
    passphrase,
    standing,
    used,
)

#: Hosts shown before the rest is only counted.
MOST = 6


class KeyDetails(DetailsPane):
    """The pane right of the table of keys."""

    def __init__(self, desk: Desk, show_hosts: Callable[[str], object]) -> None:
        """`show_hosts` leads to the known hosts of the tenant it is called with."""
        super().__init__(desk, MENU)
        self._show_hosts = show_hosts
        self._line: KeyLine | None = None
        kit, run = desk.kit, desk.run_action
        self.stand(
            kit.button(tr("Copy public key"), "copy", partial(run, "key.copy")),
            kit.button(tr("Rotate…"), "arrows-clockwise", partial(run, "key.rotate")),
            STRETCH,
            self.more,
        )

    def show_line(self, line: KeyLine | None) -> None:
        """Show another key; the same one as before is left as it is."""
        if line == self._line:
            return
        self._line = line
        if not self.begin(line.key.name if line else None) or line is None:
            return
        self._facts(line)
        self._warnings(line)
        self._fingerprint(line)
        self._certificate(line)
        self._places(line)
        self._hosts(line)
        self.section(tr("Public key"))
        self.put(long_text(self._desk.kit, tr("Public key"), line.key.public))
        self.history(line.key.name, line.tenant.id)

    def _facts(self, line: KeyLine) -> None:
        key, fact = line.key, self.fact
        made = label(tr("{kind}, made {when}", kind=type_name(key), when=_ago(line)))
        made.setToolTip(moment(key.created))
        fact(tr("Type"), made)
        if key.bits:
            fact(tr("Size"), label(counted(key.bits, "{n} bit", "{n} bits")))
        fact(tr("Tenant"), Dot(line.tenant.colour), Elided(line.tenant.name))
        whose = Elided(owner(line))
        alone = label(tr("alone"), "small") if key.personal else None
        fact(tr("Owner"), whose, *([alone] if alone else []))
        by = label(used(line))
        by.setToolTip(", ".join(line.used_by))
        fact(tr("Used by"), by)
        if line.used_by:
            self.put(words(", ".join(line.used_by), "small"))
        fact(tr("Passphrase"), label(passphrase(line.entry)[0]))
        last = label(age(key.last_used) if key.last_used else tr("never"))
        last.setToolTip(moment(key.last_used))
        fact(tr("Last used"), last)
        if key.comment:
            fact(tr("Comment"), Elided(key.comment))
        if key.hosts:
            fact(tr("Only for"), Elided(", ".join(key.hosts), "mono"))
        if line.entry.file is FileState.SAFE:
            safe = label(tr("readable by you alone"))
            safe.setToolTip(str(key.path))
            fact(tr("File"), safe)

    def _warnings(self, line: KeyLine) -> None:
        kit, put = self._desk.kit, self.put
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
        found = line.entry.certificate
        if found and found.warning():
            put(words(found.warning(), "fine", "warning"))
        if short_for_today(line.key):
            put(words(tr("Short for today. Rotate it to an Ed25519 key."), "fine", "warning"))

    def _fingerprint(self, line: KeyLine) -> None:
        kit, key = self._desk.kit, line.key
        self.section(tr("Fingerprint"))
        self.put(long_text(kit, tr("Fingerprint"), key.fingerprint))
        self.put(breaking(key.md5, "mono-small", 3))
        self.lines.addSpacing(4)
        self.put(art(key.randomart))

    def _certificate(self, line: KeyLine) -> None:
        found = line.entry.certificate
        if found is None:
            return
        self.section(tr("Certificate"))
        tone, said = certificate_standing(found)
        self.put(words(said, "small", tone))
        for name, value in told(found):
            self.fact(name, Elided(value, "mono" if value.startswith("SHA256:") else ""))

    def _places(self, line: KeyLine) -> None:
        self.section(tr("Registered"))
        for where in line.key.registered:
            remove = self._desk.kit.tool(
                "x",
                tr("Take the key away from {forge}", forge=where.forge),
                partial(self._withdraw, line, where),
                slim=True,
            )
            self.put(
                holder(
                    hbox(
                        self._desk.kit.glyph("check-circle", "success"),
                        Elided(where.forge, "mono"),
                        STRETCH,
                        Elided(where.place, "small"),
                        remove,
                    ),
                    height=24,
                )
            )
        link = self._desk.kit.link(
            tr("Register with a forge"), partial(self._desk.run_action, "key.register")
        )
        self.put(holder(hbox(link, STRETCH)))

    def _withdraw(self, line: KeyLine, where: Registration) -> None:
        """Take it away at the forge; where no integration leads, it is forgotten here alone."""
        house, key = self._desk.house, line.key

        def work(job: Job) -> Done:
            if house.registrations.can(line.tenant.id, where):
                return house.registrations.remove(key.id, where, job)
            done = house.keys.care.unregister(key.id, where)
            told = tr("No integration leads to {forge}: take it away there.", forge=where.forge)
            return Done(done.changes, told)

        self._desk.start(
            tr("Take {name} away from {forge}", name=key.name, forge=where.forge),
            work,
            done=lambda done: self._desk.toast("check-circle", done.summary),
        )

    def _hosts(self, line: KeyLine) -> None:
        self.section(tr("Hosts {tenant} trusts", tenant=line.tenant.name))
        if not line.hosts:
            self.put(words(tr("None yet. The first connection asks."), "muted"))
        for host in line.hosts[:MOST]:
            self.put(self._host(line, host))
        if line.hosts:
            rest = len(line.hosts) - MOST
            said = tr("Show known hosts")
            if rest > 0:
                said = counted(rest, "{n} more, show known hosts", "{n} more, show known hosts")
            link = self._desk.kit.link(said, partial(self._show_hosts, line.tenant.name))
            self.put(holder(hbox(link, STRETCH)))

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

    def _distrust(self, line: KeyLine, host: KnownHost) -> None:
        house = self._desk.house
        self._desk.start(
            tr("Trust {host} no more", host=host_name(host)),
            lambda _job: house.hosts.remove(line.tenant.id, host.host, line=host.line),
        )


def _ago(line: KeyLine) -> str:
    said = age(line.key.created)
    return said if said == tr("now") else tr("{age} ago", age=said)
