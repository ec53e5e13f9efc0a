"""Ask a host for its key, and decide: trust it, replace a changed key, or leave it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.keys import HostShown
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.fitting import spin
from aiops_desktop.ui.dialogs.host_key import (
    BigFingerprint,
    FoldedArt,
    bare,
    kind_of,
    pasted,
)
from aiops_desktop.ui.dialogs.tenant_choice import TenantChoice
from aiops_desktop.ui.parts.controls import Dot
from aiops_desktop.ui.parts.details import fact
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import hbox, holder, label, retone, vbox, words
from aiops_desktop.ui.text import counted, moment, tr


def parted(name: str) -> tuple[str, int]:
    """Host and port of a name as known_hosts writes it: "[host]:2222", or "host"."""
    host, sign, port = name.rpartition("]:")
    if sign and port.isdigit():
        return host.removeprefix("["), int(port)
    return name.strip("[]"), 22


class LookAtHostDialog(Dialog):
    """Asks whom and where; what the host shows opens the dialog that decides."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        tenant_id: int | None = None,
        host: str = "",
        port: int = 22,
    ) -> None:
        super().__init__(
            desk,
            parent,
            tr("Ask a host for its key"),
            tr("Nothing is trusted before you have compared it."),
            verb=tr("Ask the host"),
        )
        kit = self.kit
        self.tenant = TenantChoice(desk, tenant_id)
        self.host = kit.edit("git.acme.example", mono=True)
        self.host.setText(host)
        self.port = spin(1, 65_535)
        self.port.setValue(port)
        self.fields = {
            "tenant_id": Field(kit, tr("Tenant"), self.tenant, tr("Others are asked again.")),
            "host": Field(kit, tr("Host"), self.host),
            "port": Field(kit, tr("Port"), self.port),
        }
        self.body.addLayout(self.fields["tenant_id"].layout)
        left, right = holder(self.fields["host"].layout), holder(self.fields["port"].layout)
        right.setFixedWidth(112)
        self.body.addLayout(hbox((left, 1), right, gap=12))
        self.host.textChanged.connect(
            lambda text: self.accept_button.setEnabled(bool(text.strip()))
        )
        self.accept_button.setEnabled(bool(host))
        self.host.setFocus()

    def submit(self) -> None:
        """Ask it."""
        host, port = self.host.text().strip(), self.port.value()
        if not host:
            return
        house, tenant = self.desk.house, self.tenant.tenant_id
        self.work(
            tr("Ask {host} for its key", host=host),
            lambda job: house.hosts.look(tenant, host, port, job=job),
            done=lambda shown: self._shown(tenant, shown),
        )

    def _shown(self, tenant_id: int, shown: object) -> None:
        if isinstance(shown, HostShown) and self.lives:
            HostShownDialog(self.desk, self.parentWidget(), tenant_id, shown).open()


class HostShownDialog(Dialog):
    """What a host shows beside what the tenant knows, and the one thing that can be done.

    A changed key is replaced only when its new fingerprint was pasted from elsewhere.
    """

    def __init__(
        self, desk: Desk, parent: QWidget | None, tenant_id: int, shown: HostShown
    ) -> None:
        tenant = desk.tenants.get(tenant_id)
        name = tenant.name if tenant else ""
        title, said, verb = _sentences(shown, name)
        super().__init__(
            desk,
            parent,
            title,
            said,
            verb=verb or tr("Done"),
            danger=shown.standing == "changed",
            cancel=tr("Close"),
        )
        self._tenant_id, self.shown = tenant_id, shown
        self._verb = verb
        self._colour = tenant.colour if tenant else ""
        self._print = bare(shown.fingerprint)
        self.big = BigFingerprint(desk.theme, self._print)
        self.field = self.kit.edit("SHA256:…", mono=True)
        self._glyph = self.kit.glyph("check-circle", "success")
        self._said = words("")
        self._verdict = holder(hbox(self._glyph, (self._said, 1)))
        self.body.setSpacing(4)
        self._fill(name)
        self.accept_button.setVisible(bool(verb))
        self.field.textChanged.connect(self._compare)
        self._compare("")
        if verb:
            self.field.setFocus()
        else:
            self.cancel.setFocus()

    def submit(self) -> None:
        """Trust it, or put its new key in the place of the old one."""
        if not self._verb or not self.accept_button.isEnabled():
            return
        hosts, shown, tenant = self.desk.house.hosts, self.shown, self._tenant_id
        if shown.standing == "changed":
            old = shown.known[0].fingerprint
            self.work(
                tr("Replace the key of {host}", host=shown.host),
                lambda job: hosts.resolve(
                    tenant, shown.host, shown.port, old=old, new=shown.fingerprint, job=job
                ),
                done=self._told,
            )
        else:
            self.work(
                tr("Trust {host}", host=shown.host),
                lambda job: hosts.trust(tenant, shown.host, shown.port, shown.fingerprint, job=job),
                done=self._told,
            )

    def _told(self, done: object) -> None:
        summary = getattr(done, "summary", "")
        self.desk.toast("shield-check", tr("{host} is trusted", host=self.shown.host), summary)

    def _fill(self, tenant: str) -> None:
        shown, put = self.shown, self.body.addWidget
        where = tr("{address}, port {n}", address=shown.address, n=shown.port)
        put(fact(tr("Host"), label(shown.host, "mono"), label(where, "muted")))
        kind = kind_of(shown.key_type)
        put(fact(tr("Key"), label(tr("{kind}, SHA-256", kind=kind))))
        put(fact(tr("Tenant"), Dot(self._colour), label(tenant)))
        self.body.addSpacing(12)
        if shown.standing == "changed":
            self._old()
            put(label(tr("It shows this one now"), "section"))
        put(self.big)
        if self._verb:
            self.body.addSpacing(8)
            changed = shown.standing == "changed"
            compare = Field(
                self.kit,
                tr("Compare with what the host’s owner gave you"),
                self.field,
                note=tr("required") if changed else tr("optional"),
            )
            self.body.addLayout(compare.layout)
            put(self._verdict)
        else:
            self.field.setParent(self)
            self.field.hide()
            self._verdict.setParent(self)
            self._verdict.hide()
        put(FoldedArt(self.kit, shown.randomart))

    def _old(self) -> None:
        for known in self.shown.known:
            title = tr("The key known until now")
            if known.since:
                title = tr("The key known since {when}", when=moment(known.since))
            self.body.addLayout(
                vbox(
                    label(title, "section"),
                    words(known.fingerprint, "mono"),
                    8,
                    gap=4,
                )
            )

    def _compare(self, typed: str) -> None:
        """Say whether it matches; a changed key wants a match, a new one only no difference."""
        text = pasted(typed)
        right = text == self._print
        self._verdict.setVisible(bool(text) and bool(self._verb))
        self.big.compare("" if right else text)
        needs = self.shown.standing == "changed"
        self.accept_button.setEnabled(right or (not text and not needs))
        if right:
            self._glyph.show_icon("check-circle", "success")
            said = counted(len(text), "Matches, all {n} characters", "Matches, all {n} characters")
        else:
            self._glyph.show_icon("x-circle", "danger")
            said = tr("It differs. Ask the owner before you go on.")
        self._said.setText(said)
        retone(self._said, tone="success" if right else "danger")


def _sentences(shown: HostShown, tenant: str) -> tuple[str, str, str]:
    """Title, what it means, and the verb; no verb where nothing is to be done."""
    host = shown.host
    if shown.standing == "known":
        return (
            tr("{host} shows the key that {tenant} knows", host=host, tenant=tenant),
            tr("Nothing is to be done."),
            "",
        )
    if shown.standing == "revoked":
        return (
            tr("The key of {host} is never to be accepted", host=host),
            tr("It is marked as revoked. Ask whoever runs the server."),
            "",
        )
    if shown.standing == "changed":
        return (
            tr("The key of {host} has changed", host=host),
            tr("Someone may be in between, or the server was set up anew. Ask whoever runs it."),
            tr("Replace the old key"),
        )
    if shown.standing == "certified":
        return (
            tr("{tenant} knows an authority for {host}", host=host, tenant=tenant),
            tr("It decides when you connect. You can also trust this key alone."),
            tr("Trust for tenant {tenant}", tenant=tenant),
        )
    return (
        tr("{host} is new to tenant {tenant}", host=host, tenant=tenant),
        tr("The first connection decides whom you trust from then on."),
        tr("Trust for tenant {tenant}", tenant=tenant),
    )
