"""Delete a tenant or a project: what goes, what exists nowhere else, the way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.tenants import Doomed
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, retone, vbox, words
from aiops_desktop.ui.text import counted, from_home, tr

#: Lines of a list before the rest is only counted.
MOST = 6


class DeleteDialog(Dialog):
    """Asks before something goes; `typed` wants the name typed first."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        noun: str,
        doomed: Doomed,
        verb: Callable[[Job], object],
        *,
        typed: bool,
        lost: str = "",
    ) -> None:
        """`lost` is the heading of what is lost, where it is not work that exists nowhere else."""
        self._doomed, self._verb, self._noun = doomed, verb, noun
        self._lost_title = lost or tr("Exists nowhere else")
        count = len(doomed.projects)
        name = doomed.title
        words_ = tr("Delete {name}", name=name)
        if noun == tr("tenant") and count:
            words_ = counted(
                count,
                "Delete {name} and {n} project",
                "Delete {name} and {n} projects",
                name=name,
            )
        super().__init__(
            desk,
            parent,
            tr("Delete {noun} {name}", noun=noun, name=name),
            tr("The repository on the server stays as it is.")
            if noun == tr("project")
            else tr("Repositories on servers stay as they are."),
            verb=words_,
            danger=True,
        )
        self.body.setSpacing(16)
        if doomed.unsaved:
            self.body.addWidget(self._lost())
        goes = self._goes()
        if goes is not None:
            self.body.addWidget(goes)
        if doomed.way_back:
            self.body.addWidget(words(doomed.way_back, "muted"))
        self.field = self.kit.edit()
        self._typed = Field(self.kit, tr("Type {name} to confirm", name=name), self.field)
        if typed:
            self.body.addLayout(self._typed.layout)
            self.field.textChanged.connect(self._look)
            self._look("")
            self.field.setFocus()
        else:
            self.field.setParent(self)
            self.field.hide()
            self.cancel.setFocus()
        self._needs_name = typed

    def submit(self) -> None:
        """Delete, with the dialog open until it is done."""
        if self._needs_name and self.field.text().strip() != self._doomed.title:
            return
        self.work(
            tr("Delete {noun} {name}", noun=self._noun, name=self._doomed.title),
            self._verb,
            done=lambda _result: self.desk.toast(
                "check-circle",
                tr("{name} is deleted", name=self._doomed.title),
                self._doomed.way_back,
            ),
        )

    def _look(self, text: str) -> None:
        title, left = self._doomed.title, len(self._doomed.title) - len(text.strip())
        right = text.strip() == title
        self.accept_button.setEnabled(right)
        begins = title.startswith(text.strip())
        said = self._typed.control
        retone(said, wrong="" if begins or right else "true")
        if right:
            self.say("")
        elif begins:
            self.say(counted(left, "{n} letter to go", "{n} letters to go"))
        else:
            self.say(tr("This is another name"), "danger")

    def _goes(self) -> QWidget | None:
        doomed = self._doomed
        rows: list[tuple[str, str, str]] = []
        if self._noun == tr("tenant") and doomed.projects:
            rows.append(
                (
                    "git-branch",
                    counted(len(doomed.projects), "{n} project: {names}", "{n} projects: {names}",
                            names=", ".join(doomed.projects)),
                    "",
                )
            )  # fmt: skip
        for checkout in doomed.checkouts[:MOST]:
            rows.append(("folder", from_home(checkout), tr("moves to the trash")))
        if len(doomed.checkouts) > MOST:
            rest = len(doomed.checkouts) - MOST
            rows.append(("folder", counted(rest, "{n} more folder", "{n} more folders"), ""))
        if doomed.keys:
            rows.append(
                ("key", counted(len(doomed.keys), "{n} key: {names}", "{n} keys: {names}",
                                names=", ".join(doomed.keys)),
                 tr("private files move to the trash"))
            )  # fmt: skip
        if doomed.sessions:
            rows.append(
                (
                    "terminal-window",
                    counted(len(doomed.sessions), "{n} session", "{n} sessions"),
                    tr("ends"),
                )
            )
        if doomed.runs:
            rows.append(("robot", counted(doomed.runs, "{n} run", "{n} runs"), ""))
        if doomed.deployments:
            rows.append(
                (
                    "rocket-launch",
                    counted(
                        doomed.deployments, "{n} deployment's record", "{n} deployments' records"
                    ),
                    "",
                )
            )
        if not rows:
            return None
        made = vbox(label(tr("Goes from this computer"), "section"), gap=0)
        for icon, text, aside in rows:
            made.addWidget(self._point(icon, text, aside))
        return holder(made)

    def _lost(self) -> QWidget:
        made = vbox(label(self._lost_title, "section"), gap=0)
        for phrase in self._doomed.unsaved[:MOST]:
            made.addWidget(self._point("warning", phrase, "", "warning"))
        rest = len(self._doomed.unsaved) - MOST
        if rest > 0:
            said = counted(rest, "{n} more", "{n} more")
            made.addWidget(self._point("warning", said, "", "warning"))
        return holder(made)

    def _point(self, icon: str, text: str, aside: str, tone: str = "muted") -> QWidget:
        said = Elided(text, "", Qt.TextElideMode.ElideMiddle)
        if tone != "muted":
            said.setProperty("tone", tone)
        return holder(
            hbox(self.kit.glyph(icon, tone), said, STRETCH, label(aside, "small")), height=28
        )
