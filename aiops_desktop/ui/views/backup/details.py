"""What is known of one backup."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.backups import Check
from aiops_desktop.ui.actions.backups import MENU
from aiops_desktop.ui.dialogs.backup import not_inside
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.details import DetailsPane
from aiops_desktop.ui.parts.layout import STRETCH, explain, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import counted, moment, size, tr
from aiops_desktop.ui.views.backup.lines import CHECKS, KINDS, when

if TYPE_CHECKING:
    from aiops_desktop.domain.backups import About, Backup
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.desk import Desk

#: What an archive counts → icon, one, many.
_INSIDE = {
    "tenants": ("buildings", "{n} tenant", "{n} tenants"),
    "projects": ("git-branch", "{n} project", "{n} projects"),
    "issues": ("circle-half", "{n} issue", "{n} issues"),
    "keys": ("key", "{n} key", "{n} keys"),
    "integrations": ("share-network", "{n} integration", "{n} integrations"),
    "runs": ("robot", "{n} run", "{n} runs"),
    "deployments": ("rocket-launch", "{n} deployment", "{n} deployments"),
    "events": ("clock-counter-clockwise", "{n} event of the history", "{n} events of the history"),
    "secrets": ("lock-key", "{n} token or passphrase", "{n} tokens and passphrases"),
}


class BackupDetails(DetailsPane):
    """The pane right of the table of backups."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, MENU)
        self._backup: Backup | None = None
        kit, run = desk.kit, desk.run_action
        self.verify = kit.button(tr("Verify"), "shield-check", partial(run, "backup.verify"))
        self.restore = kit.button(
            tr("Restore…"), "clock-counter-clockwise", partial(run, "backup.restore")
        )
        self.stand(self.verify, self.restore, STRETCH, self.more)
        self.begin(None)

    def look(self) -> None:
        """What the one at the desk may do with it."""
        explain(self.verify, self._desk.refusal("backups.verify"))
        explain(self.restore, self._desk.refusal("backups.stage"))

    def show_backup(self, backup: Backup | None) -> None:
        """Show another one; what is inside is read in a worker."""
        if backup == self._backup:
            return
        self._backup = backup
        now = None if backup is None else datetime.now(UTC)
        title = when(backup.made, now) if backup and now else None
        if not self.begin(title) or backup is None:
            return
        self._facts(backup)
        house, path = self._desk.house, backup.path

        def got(about: About) -> None:
            if self._backup is not None and self._backup.path == path:
                self._inside(about)

        def failed(trouble: Trouble) -> None:
            if self._backup is not None and self._backup.path == path and not backup.sentence:
                self.put(words(str(trouble), "muted"))

        self._desk.read(
            lambda _job: house.backups.about(path), got, trouble=failed, lane="backup details"
        )

    def _facts(self, backup: Backup) -> None:
        kit, fact = self._desk.kit, self.fact
        icon, tone, word = CHECKS[backup.check]
        made = label(tr("{kind}, aiops {n}", kind=tr(KINDS[backup.kind][1]), n=backup.program))
        made.setToolTip(moment(backup.made))
        fact(tr("Made"), made)
        fact(tr("Size"), label(size(backup.size)))
        said = tr(word)
        if backup.check is Check.WHOLE:
            files = counted(backup.files, "{n} file", "{n} files")
            said = tr("{word}, {files}", word=said, files=files)
        state = kit.state(icon, said, tone)
        state.setToolTip(moment(backup.checked))
        fact(tr("Check"), state)
        if backup.sentence:
            self.put(words(backup.sentence, "small", "danger"))
        if backup.sealed:
            fact(tr("Protection"), kit.state("lock-key", tr("Under a passphrase"), "text"))
        else:
            fact(tr("Protection"), kit.state("lock-key-open", tr("Open to who has it"), "warning"))
        file = Elided(backup.path.name, "mono")
        file.setToolTip(str(backup.path))
        fact(tr("File"), file)

    def _inside(self, about: About) -> None:
        kit = self._desk.kit
        if about.warning:
            top = holder(vbox(kit.glyph("warning", "warning"), STRETCH, margins=(0, 2, 0, 0)))
            sealed = self._backup is not None and self._backup.sealed
            who = (
                tr("Whoever has the file and its passphrase can act as you. Keep them apart.")
                if sealed
                else tr("Whoever has the file can act as you.")
            )
            said = vbox(words(about.warning, "", "warning"), words(who, "muted"), gap=2)
            self.lines.addSpacing(8)
            self.put(holder(hbox(top, (holder(said), 1))))
        self.section(tr("Inside"))
        for noun, (icon, one, many) in _INSIDE.items():
            number = about.counts.get(noun, 0)
            if number or noun in ("tenants", "projects", "keys"):
                self.put(self._point(icon, counted(number, one, many)))
        held = tr("with checkouts") if about.checkouts else tr("without checkouts")
        whole = held if about.whole else tr("database and settings alone; no keys")
        self.put(self._point("folder", whole))
        if about.whole and about.outside:
            left = words(not_inside(about.outside), "small", "warning")
            left.setToolTip("\n".join(f"{name}: {path}" for name, path in about.outside.items()))
            self.put(left)
        if self._backup is not None:
            self.history(self._backup.path.name)

    def _point(self, icon: str, text: str) -> QWidget:
        glyph = self._desk.kit.glyph(icon, "muted")
        return holder(hbox(glyph, label(text), STRETCH), height=28)
