"""The push dialog: which commits go, as whom, where to, with which command."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.repositories import PushPlan
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.push_parts import CommitRows, acts_as, facts, host_words
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.layout import hline, label
from aiops_desktop.ui.text import counted, short_id, tr


class PushDialog(Dialog):
    """Shows a PushPlan; pressing its button starts the push as a job."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, project: Project, plan: PushPlan
    ) -> None:
        tenant = desk.tenants.get(project.tenant_id)
        place = f"{tenant.name}/{project.name}" if tenant else project.name
        super().__init__(desk, parent, _title(plan, place), _moves(plan), verb=_verb(plan))
        self.project, self.plan = project, plan
        if plan.commits:
            self.body.addWidget(CommitRows(desk, plan.commits))
            self.body.addWidget(hline())
        self.body.addLayout(
            facts(
                (tr("Acts as"), acts_as(self.kit, plan.identity)),
                (tr("To"), self._target()),
                (tr("Result"), self._result()),
            )
        )
        shown, frame = self.kit.command(plan.command)
        shown.resize(440, 20)  # about its width in the dialog, so that its first height is right
        self.body.addWidget(label(tr("Command"), "section"))
        self.body.addWidget(frame)
        if plan.identity.author_missing:
            self.say(tr("The tenant has no author yet; commits carry the operator's name."))
        self.accept_button.setFocus()

    def submit(self) -> None:
        """Push."""
        self.accept()
        git.push(self.desk, self.project)

    def _target(self) -> list[QWidget]:
        identity = self.plan.identity
        met = bool(identity.host_since or identity.credential or not identity.host)
        icon, tone = ("shield-check", "muted") if met else ("shield-warning", "warning")
        host = Elided(identity.host or tr("a folder on this computer"))
        said = ", ".join(words for words in (self.plan.branch, host_words(identity)) if words)
        return [self.kit.glyph(icon, tone), host, Elided(said, "muted")]

    def _result(self) -> list[QWidget]:
        plan = self.plan
        if plan.creates_branch:
            icon, tone = "plus-circle", "success"
            words = tr("{branch} is new on {remote}", branch=plan.branch, remote=plan.remote)
        elif plan.fast_forward:
            icon, tone = "check-circle", "success"
            words = tr("Fast-forward, nothing is overwritten")
        else:
            icon, tone = "warning-circle", "warning"
            words = tr("Will be rejected: {to} has commits you do not have", to=_to(plan))
        said = Elided(words)
        said.setProperty("tone", tone)
        return [self.kit.glyph(icon, tone), said]


def _verb(plan: PushPlan) -> str:
    if not plan.commits:
        return tr("Push {branch}", branch=plan.branch)
    return counted(len(plan.commits), "Push {n} commit", "Push {n} commits")


def _title(plan: PushPlan, place: str) -> str:
    if not plan.commits:
        return tr("Push {branch} to {place}", branch=plan.branch, place=place)
    return counted(
        len(plan.commits), "Push {n} commit to {place}", "Push {n} commits to {place}", place=place
    )


def _moves(plan: PushPlan) -> str:
    new = short_id(plan.new_id)
    if plan.creates_branch or not plan.old_id:
        return tr("{to} begins at {new}.", to=_to(plan), new=new)
    return tr(
        "{branch} on {remote} moves from {old} to {new}.",
        branch=plan.branch,
        remote=plan.remote,
        old=short_id(plan.old_id),
        new=new,
    )


def _to(plan: PushPlan) -> str:
    return f"{plan.remote}/{plan.branch}"
