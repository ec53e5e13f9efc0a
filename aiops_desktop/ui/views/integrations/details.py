"""What is known of one integration, what is linked through it, and what can be done with it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.forges import Need
from aiops_desktop.domain.integrations import IntegrationState, LinkEntry
from aiops_desktop.domain.issues import SyncState
from aiops_desktop.ui.actions.integrations import MENU
from aiops_desktop.ui.actions.issues import sync_link
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Dot, Elided
from aiops_desktop.ui.parts.details import DetailsPane
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, retone, vbox, words
from aiops_desktop.ui.text import age, counted, moment, tr
from aiops_desktop.ui.views.integrations.lines import STATES, IntegrationLine, day, expires, scopes
from aiops_desktop.ui.views.issues.strip import standing

WIDTH = 400
#: Links shown before the rest is only counted.
MOST = 12
_LOST = {
    Need.ISSUES: "Issues can only be read: the scope for more is missing.",
    Need.PUSH: "No push over https: the scope for it is missing.",
}


class IntegrationDetails(DetailsPane):
    """The pane right of the table."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, MENU, width=WIDTH)
        self._line: IntegrationLine | None = None
        kit, run = desk.kit, desk.run_action
        self.test = kit.button(tr("Test"), "lightning", partial(run, "integration.test"))
        self.token = kit.button(tr("New token…"), "key", partial(run, "integration.rotate"))
        edit = kit.button(tr("Edit…"), "pencil-simple", partial(run, "integration.edit"))
        self.stand(self.test, self.token, edit, STRETCH, self.more)

    def show_line(self, line: IntegrationLine | None) -> None:
        """Show another one; the same one as before is left as it is."""
        if line == self._line:
            return
        self._line = line
        if not self.begin(line.one.name if line else None) or line is None:
            return
        self._facts(line)
        self._warnings(line)
        self._links(line)

    def _facts(self, line: IntegrationLine) -> None:
        one, fact = line.one, self.fact
        icon, tone, word = STATES[line.state()]
        fact(tr("State"), self._desk.kit.state(icon, tr(word), tone))
        fact(tr("Server"), Elided(one.address, "mono"))
        fact(tr("Tenant"), Dot(line.tenant.colour), Elided(line.tenant.name))
        who = f"{one.person} (@{one.username})" if one.person else f"@{one.username}"
        fact(tr("Account"), Elided(who))
        fact(tr("Scopes"), Elided(scopes(one)))
        said, end_tone = expires(one)
        end = label(said, "", end_tone if end_tone != "text" else "")
        end.setToolTip(moment(one.expires))
        fact(tr("Expires"), end, label(day(one.expires), "small"))
        version = f"{one.kind.shown} {one.version}".strip()
        fact(tr("Version"), label(version))
        tested = label(age(one.tested) if one.tested else tr("never"))
        tested.setToolTip(moment(one.tested))
        fact(tr("Tested"), tested)
        if one.ca_file:
            fact(tr("Authority"), label(tr("its own certificate")))

    def _warnings(self, line: IntegrationLine) -> None:
        one = line.one
        if one.what:
            self._warn(f"{one.what} {one.hint}".strip(), "danger")
        elif line.state() is IntegrationState.EXPIRED:
            self._warn(tr("Its token has ended. Give it a new one."), "danger")
        elif line.state() is IntegrationState.EXPIRING:
            self._warn(tr("Its token ends soon. Give it a new one in time."))
        for need in line.entry.lacking:
            if need in _LOST:
                self._warn(tr(_LOST[need]))

    def _warn(self, sentence: str, tone: str = "warning") -> None:
        glyph = vbox(self._desk.kit.glyph("warning", tone), STRETCH, margins=(0, 1, 0, 0))
        said = hbox(glyph, (words(sentence, "", tone), 1), margins=(0, 4, 0, 0))
        self.put(holder(said))

    def _links(self, line: IntegrationLine) -> None:
        entry, kit = line.entry, self._desk.kit
        count = len(entry.links)
        linked = counted(count, "{n} linked project", "{n} linked projects")
        self.section(linked if count else tr("Linked projects"))
        if not entry.links:
            self.put(words(tr("None yet. A linked project shows its issues here."), "muted"))
        for link in entry.links[:MOST]:
            self.put(self._link(link, line.syncs.get(link.link.id)))
        rest = len(entry.links) - MOST
        if rest > 0:
            self.put(label(counted(rest, "{n} more", "{n} more"), "muted"))
        found = entry.proposals
        if found:
            names = ", ".join(one.project for one in found[:4]) + (", …" if len(found) > 4 else "")
            self.lines.addSpacing(4)
            lie = counted(
                len(found),
                "By its address {names} lies on this server, too.",
                "By their addresses {names} lie on this server, too.",
                names=names,
            )
            self.put(words(lie, "small"))
            act = counted(len(found), "Link {n} project", "Link {n} projects")
            made = kit.button(
                act, "link-simple", partial(self._desk.run_action, "integration.link_proposed")
            )
            self.put(holder(hbox(made, STRETCH)))
        other = kit.link(
            tr("Link another project…"), partial(self._desk.run_action, "integration.link")
        )
        self.put(holder(hbox(other, STRETCH)))

    def _link(self, entry: LinkEntry, sync: SyncState | None) -> QWidget:
        kit, link = self._desk.kit, entry.link
        remove = kit.tool(
            "x",
            tr("Take the link of {name} away", name=entry.project),
            partial(self._unlink, entry),
            slim=True,
        )
        reason = self._desk.refusal("integrations.projects.unlink")
        remove.setEnabled(not reason)
        if reason:
            remove.setToolTip(reason)
        path = Elided(link.path, "mono-small")
        path.setToolTip(link.url or link.path)
        name = Elided(entry.project)
        name.setMaximumWidth(140)
        glyph = kit.glyph("git-branch", "muted")
        if sync is None:
            return holder(hbox(glyph, name, (path, 1), remove), height=28)
        again = kit.tool(
            "arrows-clockwise",
            tr("Sync the issues of {name} now", name=entry.project),
            partial(sync_link, self._desk, sync),
            slim=True,
        )
        said, tip = standing(sync)
        state = Elided(said, "small")
        state.setToolTip(tip)
        if sync.what:
            retone(state, tone="danger")
        first = hbox(glyph, name, (path, 1), again, remove)
        return holder(vbox(first, hbox(16, state, STRETCH), gap=0, margins=(0, 4, 0, 4)))

    def _unlink(self, entry: LinkEntry) -> None:
        house, desk = self._desk.house, self._desk
        desk.start(
            tr("Take the link of {name} away", name=entry.project),
            lambda _job: house.integrations.projects.unlink(entry.link.id),
            done=lambda done: desk.toast(
                "check-circle", done.summary, tr("Link it again to bring its issues back.")
            ),
        )
