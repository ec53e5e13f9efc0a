"""The right side of the page before a launch: form, command, what it adds, and the one button."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.deployments import Deployment, Source, Template
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.repositories import Commit
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    BAR,
    FORM,
    MARGIN,
    STRETCH,
    Sheds,
    clear,
    hbox,
    hline,
    holder,
    label,
    retone,
    scroller,
    vbox,
    vline,
    words,
)
from aiops_desktop.ui.parts.notice import trouble_banner
from aiops_desktop.ui.text import age, counted, tr
from aiops_desktop.ui.views.deploy.form import Form

#: Milliseconds of rest after typing before the command is made again.
REST = 150
#: Commits listed beside the form.
COMMITS = 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """A template as read for its form, the last good deployment with it, and what came since."""

    template: Template
    before: Deployment | None
    commits: tuple[Commit, ...]


class Launch(QWidget):
    """Fills itself for a template; the launch itself is the page's.

    Signals:
        wanted(DeployDraft): the primary button was pressed.
    """

    wanted = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, kit = desk, desk.kit
        self._project: Project | None = None
        self._asked = 0
        self._busy = False
        self.title = Elided("", "title")
        self.subtitle = Elided("", "small")
        self.form = Form(desk)
        self.command, self._frame = kit.command()
        self._said = vbox(gap=0)
        self._line = kit.line()
        self._line.setVisible(False)
        column = vbox(
            self.title,
            self.subtitle,
            12,
            self.form,
            16,
            label(tr("Command"), "section"),
            self._frame,
            STRETCH,
            gap=4,
            margins=(24, MARGIN, 24, MARGIN),
        )
        inner = holder(column)
        inner.setMaximumWidth(FORM + 48)
        around = holder(hbox((inner, 1000), STRETCH, gap=0))
        self._side_box = vbox(gap=8, margins=(MARGIN, MARGIN, MARGIN, MARGIN))
        self._side = holder(self._side_box, width=288)
        rule = vline()
        upper = holder(hbox((scroller(around), 1), rule, self._side, gap=0))
        self._sheds = Sheds(upper, (800, rule), (800, self._side))
        self.setLayout(vbox(self._line, self._said, (upper, 1), hline(), self._bar(), gap=0))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST)
        self._timer.timeout.connect(self._preview)
        self.form.changed.connect(self._changed)
        desk.when_concerned(self._show_bar)

    def _bar(self) -> QWidget:
        kit = self._desk.kit
        self._commit = label("", "mono")
        self._subject = Elided("")
        self._aside = label("", "small")
        self.button = kit.button("", "rocket-launch", self.press, primary=True)
        made = holder(
            hbox(
                kit.glyph("git-commit", "muted"),
                self._commit,
                self._subject,
                STRETCH,
                self._aside,
                8,
                self.button,
                margins=(24, 0, MARGIN, 0),
            ),
            "bar",
            height=BAR,
        )
        self._bar_sheds = Sheds(made, (640, self._aside))
        return made

    def showEvent(self, event: QShowEvent) -> None:
        """Seen again: the command catches up."""
        super().showEvent(event)
        self._timer.start()

    # What the page does with it ---------------------------------------------------------------

    def show_template(self, project: Project, template: Template) -> None:
        """Show a template of the list at once, and read it whole."""
        same = self.form.template is not None and self.form.template.id == template.id
        same = same and self._project is not None and self._project.id == project.id
        self._project = project
        self._asked += 1
        asked = self._asked
        self.say(None)
        if not same:
            self.form.template = None
            self.title.setText(template.name)
            self.subtitle.setText(_subtitle(template))
            self.form.setVisible(False)
            self._frame.setVisible(False)
        self._line.setVisible(True)
        self._line.set_part(None)
        self._show_bar()
        house, project_id, template_id = self._desk.house, project.id, template.id

        def read(_job: Job) -> Prepared:
            found = house.deployments.template(project_id, template_id)
            past = [
                one
                for one in house.deployments.all(project_id)
                if one.template_id == template_id and one.state == "success" and not one.dry_run
            ]
            commits: tuple[Commit, ...] = ()
            if past and past[0].commit:
                try:
                    since = past[0].commit
                    commits = tuple(house.repositories.log(project_id, limit=50, since=since))
                except Trouble:
                    commits = ()  # not cloned, or the commit is gone: the form works all the same
            return Prepared(found, past[0] if past else None, commits)

        def done(found: Prepared) -> None:
            if asked == self._asked:
                self._fill(found)

        def trouble(problem: Trouble) -> None:
            if asked == self._asked:
                self._rest()
                again = self._desk.kit.button(
                    tr("Try again"),
                    "arrows-clockwise",
                    lambda: self.show_template(project, template),
                )
                self.say(trouble_banner(self._desk.kit, problem, steps=(again,)))

        self._desk.read(read, done, trouble=trouble)

    def press(self) -> None:
        """The primary button."""
        if self._project and self.form.template and self.button.isEnabled():
            self.wanted.emit(self.form.draft(self._project.id, self._head()))

    def set_busy(self, busy: bool) -> None:
        """While a launch is handed over."""
        self._busy = busy
        self._show_bar()

    def show_trouble(self, trouble: Trouble) -> None:
        """At its field, else above the form."""
        if not self.form.wrong(trouble):
            closed = self._desk.kit.button(tr("Hide"), "", lambda: self.say(None))
            self.say(trouble_banner(self._desk.kit, trouble, steps=(closed,)))

    def say(self, notice: QWidget | None) -> None:
        """A strip above the form."""
        clear(self._said)
        if notice:
            self._said.addWidget(notice)
            self._said.addWidget(hline())

    # How it does it ---------------------------------------------------------------------------

    def _fill(self, found: Prepared) -> None:
        self._rest()
        self.title.setText(found.template.name)
        self.subtitle.setText(_subtitle(found.template))
        self.form.setVisible(True)
        self._frame.setVisible(True)
        self.form.show_template(found.template, commit=self._head())
        self._show_side(found)
        self._changed()

    def _rest(self) -> None:
        self._line.setVisible(False)
        self._line.set_part(0)

    def _changed(self) -> None:
        self._timer.start()
        self._show_bar()

    def _preview(self) -> None:
        if self._project is None or self.form.template is None or not self.isVisible():
            return
        draft, house, asked = self.form.draft(self._project.id), self._desk.house, self._asked

        def done(text: str) -> None:
            if asked == self._asked:
                self.command.set_text(text)

        def trouble(problem: Trouble) -> None:
            if asked == self._asked and problem.field:
                self.form.wrong(problem)

        self._desk.read(
            lambda _job: house.deployments.command(draft), done, trouble=trouble, lane="command"
        )

    def _head(self) -> str:
        status = self._desk.status
        return status.head.id if status and status.head else ""

    def _show_bar(self) -> None:
        status, found = self._desk.status, self.form.template
        head = status.head if status else None
        self._commit.setText(head.id[:8] if head else "")
        self._subject.setText(head.summary if head else tr("No commit to deploy is known."))
        is_local = found is None or found.source is Source.LOCAL
        aside, tone = "", "muted"
        if status and is_local and status.changed:
            aside = counted(
                status.changed,
                "{n} uncommitted change goes along",
                "{n} uncommitted changes go along",
            )
            tone = "warning"
        elif status:
            pushed = tr("pushed") if not status.ahead else tr("not pushed")
            aside = ", ".join(filter(None, (status.branch, pushed)))
        self._aside.setText(aside)
        retone(self._aside, tone=tone)
        missing = self.form.missing() if found else ""
        self.button.setText(self._verb(head.id[:8] if head else ""))
        self.button.setEnabled(found is not None and not missing and not self._busy)
        self.button.setToolTip(tr("“{title}” needs an answer.", title=missing) if missing else "")

    def _verb(self, commit: str) -> str:
        found = self.form.template
        if self._busy:
            return tr("Handing over")
        switches = self.form.switches
        dry = switches["dry_run"].isChecked() if "dry_run" in switches else False
        bound = "commit" in switches and switches["commit"].isChecked()
        if found and found.source is Source.SEMAPHORE and not bound:
            value = self.form.fields.get("branch")
            branch = value.control.property("text") if value else ""
            what = str(branch or "") or tr("the newest commit")
        else:
            what = commit or tr("the checkout")
        return (
            tr("Try {what} without changes", what=what) if dry else tr("Deploy {what}", what=what)
        )

    def _show_side(self, found: Prepared) -> None:
        clear(self._side_box)
        box, kit = self._side_box, self._desk.kit
        before = found.before
        box.addWidget(label(tr("Deployed now"), "section"))
        if before is None:
            box.addWidget(words(tr("Nothing was deployed with this from here yet."), "small"))
        else:
            box.addLayout(hbox(label(before.commit[:8] or tr("unknown"), "mono-muted"), STRETCH))
            by = tr("{age} ago by {who}", age=age(before.finished), who=before.operator)
            box.addWidget(label(by, "small"))
        if found.commits:
            box.addSpacing(12)
            count = len(found.commits)
            adds = counted(count, "Adds {n} commit", "Adds {n} commits")
            box.addWidget(label(adds if count < 50 else tr("Adds 50 commits or more"), "section"))
            for commit in found.commits[:COMMITS]:
                row = hbox(label(commit.id[:8], "mono-muted"), Elided(commit.summary), STRETCH)
                box.addLayout(row)
            if count > COMMITS:
                box.addWidget(
                    kit.link(
                        counted(count - COMMITS, "{n} more", "{n} more"),
                        lambda: self._desk.go("overview"),
                    )
                )
        box.addStretch(1)


def _subtitle(found: Template) -> str:
    return ", ".join(filter(None, (found.playbook, found.description)))
