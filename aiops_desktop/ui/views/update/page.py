"""System update: from what to what, the steps as they run, the log under them, the way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.deployments import LogLine
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.domain.updates import Kind, Standing, Step, StepState, Updated
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord, JobState
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    SECTION,
    STRETCH,
    bar,
    hbox,
    hline,
    holder,
    label,
    retone,
    reveal,
    scroller,
    vline,
)
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.restart import restart, why_not
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.deploy.logview import LogView
from aiops_desktop.ui.views.update.facts import Facts
from aiops_desktop.ui.views.update.loading import load_everything
from aiops_desktop.ui.views.update.looks import at_work, ended, inked
from aiops_desktop.ui.views.update.packaged import Packaged
from aiops_desktop.ui.views.update.steps import NAMES, Steps

#: Pixels of eight rows with their heading.
UPPER = 272


class UpdatePage(Page):
    """Looks for a newer version and moves to it; everything is put back when a step fails."""

    interest = Touched.SETTINGS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.standing: Standing | None = None
        self._record: JobRecord | None = None
        self._seen = 0
        self._failed: Trouble | None = None
        self._done: Updated | None = None
        self.facts, self.steps, self.packaged = Facts(desk), Steps(desk), Packaged(desk)
        self.log = LogView(desk.theme)
        self._progress, self._rule = self.kit.line(), hline()
        self._right = QStackedWidget()
        self._right.addWidget(self.steps)
        self._right.addWidget(self.packaged)
        self.facts.setMinimumWidth(280)
        self.facts.setMaximumWidth(400)
        whole = holder(hbox((self.facts, 4), vline(), (self._right, 6), gap=0), height=UPPER)
        upper = scroller(whole)  # gives way to the log where the window is low
        upper.setMinimumHeight(UPPER // 3)
        upper.setMaximumHeight(UPPER)
        self.log.setMinimumHeight(UPPER // 4)
        for part in (self._head(), self._progress, self._rule):
            self.body.addWidget(part)
        self.body.addWidget(upper, 100)
        for part in (hline(), self._title()):
            self.body.addWidget(part)
        self.body.addWidget(self.log, 1)
        self.body.addWidget(hline())
        self.body.addWidget(self._foot())
        self.facts.news.connect(self._show_news)
        desk.jobs.moved.connect(self._moved)
        desk.operator_changed.connect(self._look)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tell)
        self._look()

    # Building --------------------------------------------------------------------------------

    def _head(self) -> QWidget:
        self._way = Elided("", "muted")
        gear = self.kit.tool(
            "gear-six",
            tr("Remote, branch and restart command"),
            lambda: self.desk.go("settings", "update"),
        )
        return bar(label(tr("System update"), "title"), self._way, STRETCH, gear)

    def _title(self) -> QWidget:
        self._what = label(tr("Log"), "section")
        self._file = label("", "mono-small")
        self.search = self.kit.search(tr("Search the log"))
        self.search.setFixedWidth(200)
        self.search.textChanged.connect(self.log.search)
        self.search.returnPressed.connect(lambda: self.log.step(1))
        self.copy = self.kit.tool("copy", tr("Copy the log"), self.log.copy, slim=True)
        row = hbox(
            self._what, self._file, STRETCH, self.search, self.copy, margins=(MARGIN, 0, MARGIN, 0)
        )
        return holder(row, height=SECTION + 8)

    def _foot(self) -> QWidget:
        kit = self.kit
        self._glyph = kit.glyph("circle", "muted")
        self._said = label("")
        self._more = Elided("", "muted")
        self.restart_too = kit.check(tr("Restart when it is done"))
        self.restart_too.setChecked(True)
        self.look_again = kit.button(tr("Look for an update"), "arrows-clockwise", self.look)
        self.stop = kit.button(tr("Stop and roll back"), "stop", self._stop)
        self.act = kit.button("", "", self.primary, primary=True)
        return bar(
            self._glyph,
            self._said,
            (self._more, 20),
            STRETCH,
            self.restart_too,
            self.look_again,
            self.stop,
            self.act,
        )

    # Showing ---------------------------------------------------------------------------------

    def ask(self) -> Callable[[Job], Standing]:
        """What runs and what is known; asks no server."""
        house = self.desk.house
        return lambda _job: house.updates.standing()

    def fill(self, data: Standing) -> None:
        """Show it."""
        first = self.standing is None
        self.standing = data
        self.facts.show_standing(data)
        self.packaged.show_standing(data)
        package = data.kind is not Kind.CHECKOUT
        self._right.setCurrentWidget(self.packaged if package else self.steps)
        if first and data.available and not self.log.lines:
            self._show_news()
        self._look()

    @property
    def running(self) -> bool:
        """Whether an update is under way."""
        return self._record is not None and self._record.alive

    def primary(self) -> None:
        """Do what is sensible next."""
        verb = self._next()[1]
        if verb is not None and self.act.isEnabled():
            verb()

    def look(self) -> None:
        """Ask the server."""
        house = self.desk.house
        self.look_again.setEnabled(False)
        self._failed = self._record = None
        self.desk.start(
            tr("Look for an update"),
            house.updates.look,
            done=self._found,
            trouble=self._not_found,
            ended=self._look,
            lane="update",
        )

    def _found(self, found: Standing) -> None:
        self.show_notice(None)
        self.fill(found)
        if found.available:
            self._show_news()

    def _not_found(self, trouble: Trouble) -> None:
        self.fail(trouble)
        self._look()

    def _show_news(self) -> None:
        """What the newer version brings, where the log will be."""
        found = self.standing
        if found is None or self.running:
            return
        self._what.setText(tr("What is new"))
        self._file.setText("")
        self.log.clear()
        told = found.release.notes.splitlines() if found.release else found.commits
        self.log.append(LogLine(text) for text in told)
        self.log.set_follow(False)
        self.log.verticalScrollBar().setValue(0)

    # Updating --------------------------------------------------------------------------------

    def update_now(self) -> None:
        """Start it."""
        if self.running or self.standing is None or self.standing.available is None:
            return
        house, bridge = self.desk.house, self.desk.bridge
        restart = self.restart_too.isChecked()
        self._failed = self._done = None
        self._seen = 0
        self.show_notice(None)
        self.steps.clear()
        self.log.clear()
        self.log.set_follow(True)
        self._what.setText(tr("Log"))

        def tell(step: Step) -> None:
            bridge.post(partial(self._take, step))

        def work(job: Job) -> Updated:
            load_everything()
            return house.updates.update(job, tell=tell, restart=restart)

        self._record = self.desk.start(
            tr("Update to {n}", n=self.standing.available.beside(self.standing.running)),
            work,
            done=self._updated,
            trouble=self._broke,
            ended=self._ended,
            lane="update",
        )
        self._clock.start()
        self._look()

    def _take(self, step: Step) -> None:
        self.steps.take(step)
        self._look()

    def _moved(self, record: JobRecord) -> None:
        """New lines of the update."""
        if record is not self._record:
            return
        lines = list(record.lines)[self._seen :]
        self._seen += len(lines)
        now = datetime.now(UTC)
        self.log.append(LogLine(inked(text), now) for text in lines)

    def _updated(self, done: Updated) -> None:
        self._done = done
        self._file.setText(done.log.name if done.log and done.before != done.after else "")
        again = done.before != done.after and self.restart_too.isChecked() and not done.restarting
        if again and not self._why_no_restart():
            QTimer.singleShot(0, self, self.restart)

    def _broke(self, trouble: Trouble) -> None:
        self._failed = trouble

    def _ended(self) -> None:
        self._clock.stop()
        if self._record is not None:
            self._moved(self._record)
            if self._record.state is not JobState.DONE:
                self.steps.end()
        self.desk.announce(Changes(Touched.SETTINGS))
        self._look()

    def _stop(self) -> None:
        if self._record:
            self._record.stop()
            self.stop.setEnabled(False)

    def _roll_back(self) -> None:
        house = self.desk.house
        self.desk.start(
            tr("Roll back the update"),
            house.updates.roll_back,
            done=lambda _done: self.show_notice(None),
            trouble=self.fail,
            lane="update",
        )

    def restart(self) -> None:
        """Close the window and open the new version's."""
        if not self._why_no_restart():
            restart(self.desk)

    def _why_no_restart(self) -> str:
        return why_not(self.desk, but=self._record)

    # The foot --------------------------------------------------------------------------------

    def _next(self) -> tuple[str, Callable[[], None] | None, str]:
        """The primary button's words, what it does, and why it cannot."""
        found = self.standing
        if self.running or found is None:
            return "", None, ""
        if found.unfinished:
            why = self.desk.refusal("updates.roll_back")
            return tr("Roll back to {n}", n=found.running.number), self._roll_back, why
        if found.moved:
            return tr("Restart now"), self.restart, self._why_no_restart()
        if found.available is None or found.kind is not Kind.CHECKOUT:
            return tr("Look for an update"), self.look, self.desk.refusal("updates.look")
        again = self._failed is not None and self._record is not None
        newer = found.available.beside(found.running)
        words = tr("Try again") if again else tr("Update to {n}", n=newer)
        return words, self.update_now, self.desk.refusal("updates.update") or found.blocked

    def _look(self) -> None:
        """Foot and head as things stand."""
        words, verb, why = self._next()
        found, busy = self.standing, self.running
        reveal(self.act, bool(words))
        if verb == self.look:
            self.look_again.hide()
        else:
            reveal(self.look_again, not busy and found is not None and not found.unfinished)
        may_not = self.desk.refusal("updates.look")
        self.look_again.setEnabled(not may_not)
        self.look_again.setToolTip(may_not)
        self.act.setText(words)
        self.act.setEnabled(verb is not None and not why)
        self.act.setToolTip(why)
        reveal(self.stop, busy)
        self.stop.setEnabled(busy and self._record is not None and not _stopping(self._record))
        reveal(self.restart_too, verb == self.update_now)
        for part in (self.search, self.copy):
            reveal(part, bool(self.log.lines))
        if not self.log.lines and not busy:
            self._what.setText(tr("Log: what an update does is written here"))
        to = found.available if found else None
        self._way.setText(
            tr("{old} to {new}", old=found.running.number, new=to.number) if found and to else ""
        )
        done = sum(1 for one in self.steps.steps.values() if one.state is StepState.DONE)
        self._progress.set_part(done / len(NAMES))
        reveal(self._progress, busy)
        reveal(self._rule, not busy)
        self._tell()

    def _tell(self) -> None:
        """The sentence at the left."""
        found, record = self.standing, self._record
        icon, tone, said, more = "", "muted", "", ""
        if record is not None and record.alive:
            icon, tone, said, more = at_work(record)
        elif found is not None:
            state = record.state if record is not None else None
            every = self.steps.steps.values()
            icon, tone, said, more = ended(found, state, self._failed, every)
        reveal(self._glyph, bool(icon))
        if icon:
            self._glyph.show_icon(icon, tone)
        self._said.setText(said)
        retone(self._said, tone=tone if tone in ("danger", "warning", "success") else "")
        self._more.setText(more)


def _stopping(record: JobRecord) -> bool:
    return record.job is not None and record.job.stopping
