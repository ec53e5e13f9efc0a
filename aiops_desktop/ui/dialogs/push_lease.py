"""The dialog before a push with lease: which commits of others it would throw away."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.repositories import Commit, PushPlan
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.push_parts import CommitRows, acts_as, facts
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.layout import hline, label, words
from aiops_desktop.ui.text import counted, short_id, tr


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A push that overwrites: the plan, and the commits the server would lose."""

    plan: PushPlan
    lost: tuple[Commit, ...]


class PushLeaseDialog(Dialog):
    """Names what goes. The lease is the commit just seen: should the server move, it refuses."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, project: Project, found: Overwrite
    ) -> None:
        plan, count = found.plan, len(found.lost)
        to = f"{plan.remote}/{plan.branch}"
        lead = counted(
            count,
            "{n} commit of {to} that you do not have would be lost there.",
            "{n} commits of {to} that you do not have would be lost there.",
            to=to,
        )
        super().__init__(
            desk,
            parent,
            tr("Overwrite {to}", to=to),
            lead if count else tr("{to} has no commits you do not have; nothing is lost.", to=to),
            verb=tr("Overwrite {to}", to=to),
            danger=True,
        )
        self.project, self.plan = project, plan
        if found.lost:
            self.body.addWidget(label(tr("Would be lost"), "section"))
            self.body.addWidget(CommitRows(desk, found.lost))
        if plan.commits:
            self.body.addWidget(label(tr("Takes their place"), "section"))
            self.body.addWidget(CommitRows(desk, plan.commits))
        self.body.addWidget(hline())
        self.body.addLayout(
            facts(
                (tr("Acts as"), acts_as(self.kit, plan.identity)),
                (tr("Only if"), [Elided(tr("{to} is still at", to=to)),
                                 label(short_id(plan.old_id), "mono")]),
            )
        )  # fmt: skip
        if found.lost:
            self.body.addWidget(
                words(
                    tr("Whoever made these commits keeps them only in their own checkout."), "small"
                )
            )
        self.cancel.setFocus()

    def submit(self) -> None:
        """Push with the lease."""
        self.accept()
        git.push(self.desk, self.project, lease=self.plan.old_id)
