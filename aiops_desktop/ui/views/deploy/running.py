"""A deployment's own view: how it stands, its log as it comes, its hosts."""

from __future__ import annotations

import time
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.deployments import Deployment, DeploymentState, DeploymentUpdate, Launched
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    BAR,
    MARGIN,
    ROW,
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
)
from aiops_desktop.ui.parts.notice import Banner, trouble_banner
from aiops_desktop.ui.text import counted, duration, tr
from aiops_desktop.ui.views.deploy.logview import LogView
from aiops_desktop.ui.views.deploy.looks import look, seconds
from aiops_desktop.ui.views.deploy.recap import MOST, Recap

#: Milliseconds of rest after typing before the log is searched.
REST = 120


class Running(QWidget):
    """Follows one deployment at a time while it is seen.

    Signals:
        left: Back was pressed.
    """

    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.deployment: Deployment | None = None
        self._follower: JobRecord | None = None
        self._seen = 0
        self._begun = 0.0
        self.log = LogView(desk.theme)
        self.recap = Recap(desk.theme)
        self._said = vbox(gap=0)
        self._progress = desk.kit.line()
        self._hosts = scroller(self.recap)
        self._hosts_rule = hline()
        self.setLayout(
            vbox(
                self._bar(),
                self._progress,
                self._said,
                (self.log, 1),
                self._hosts_rule,
                self._hosts,
                gap=0,
            )
        )
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tick)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(REST)
        self._typing.timeout.connect(lambda: self.log.search(self.search.text()))
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(lambda: self.log.step(1))
        self.log.found.connect(self._show_found)
        self.log.follow_changed.connect(lambda on: retone(self.follow, on="true" if on else ""))
        back = QShortcut(QKeySequence("Shift+Return"), self.search)
        back.setContext(Qt.ShortcutContext.WidgetShortcut)
        back.activated.connect(lambda: self.log.step(-1))
        self._show_hosts((), 0)

    def _bar(self) -> QWidget:
        kit = self._desk.kit
        self.title = Elided("", "title")
        self._commit = label("", "mono-muted")
        self._glyph = kit.glyph("spinner", "accent")
        self.state = label("")
        self._tasks = label("")
        # It gives way before the title does: a silent server is told in a whole sentence here.
        self._took = Elided("", "muted", Qt.TextElideMode.ElideRight)
        self._stale = ""
        self.search = kit.search(tr("Search the log"))
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(232)
        self._found = QLabel("")
        self._found.setProperty("role", "small")
        self.search.setLayout(hbox(STRETCH, self._found, margins=(0, 0, 8, 0)))
        self.search.setTextMargins(0, 0, 44, 0)
        self.follow = kit.tool(
            "arrow-line-down",
            tr("Follow the end (F)"),
            lambda: self.log.set_follow(not self.log.follow),
            text=tr("Follow"),
        )
        retone(self.follow, on="true")
        self.confirm = kit.button(tr("Confirm"), "check", self.press_confirm, primary=True)
        self.stop = kit.button(tr("Stop"), "stop", self.press_stop, danger=True)
        made = holder(
            hbox(
                kit.tool("arrow-left", tr("Back to templates"), self.leave),
                (self.title, 0),
                self._commit,
                4,
                holder(hbox(self._glyph, self.state, gap=6)),
                self._tasks,
                self._took,
                STRETCH,
                (self.search, 1),
                self.follow,
                self.stop,
                self.confirm,
                gap=12,
                margins=(8, 0, MARGIN, 0),
            ),
            "bar",
            height=BAR,
        )
        self._sheds = Sheds(made, (980, self._commit), (980, self._tasks), (820, self._took))
        return made

    # What the page does with it ---------------------------------------------------------------

    def show_deployment(self, one: Deployment) -> None:
        """Show this one from its first line, and follow it."""
        if self.deployment is not None and self.deployment.id == one.id and self._follower:
            return
        self.rest()
        self.log.clear()
        self._seen, self._begun = 0, 0.0
        self._say(None)
        self._tasks.setText("")
        self._stale = ""
        self._show_hosts((), 0)
        self._show_state(one)
        self.resume()

    def resume(self) -> None:
        """Follow again, from where it was left."""
        one = self.deployment
        if one is None or (self._follower and self._follower.alive):
            return
        house, bridge = self._desk.house, self._desk.bridge
        number, seen = one.id, self._seen

        def each(update: DeploymentUpdate) -> None:
            bridge.post(partial(self._take, number, update))

        def work(job: Job) -> DeploymentUpdate:
            return house.deployments.follow(number, job, each, seen)

        self._follower = self._desk.read(
            work, lambda _last: self._ended(number), trouble=partial(self._lost, number)
        )
        self._clock.start()

    def rest(self) -> None:
        """Stop following; the deployment goes on."""
        self._clock.stop()
        if self._follower:
            self._follower.stop()
        self._follower = None

    def leave(self) -> None:
        """Back to the templates."""
        self.rest()
        self.deployment = None
        self._desk.setProperty("deployment", None)
        self._desk.setProperty("confirming", None)
        self.left.emit()

    def press_stop(self) -> None:
        """Ask for the end; a second time forces it."""
        one, house = self.deployment, self._desk.house
        if one is None or one.state.over:
            return
        self.stop.setEnabled(False)
        self._desk.start(
            tr("Stop {name}", name=one.template),
            lambda job: house.deployments.stop(one.id, job),
            done=self._told,
            trouble=self._failed,
            ended=lambda: self.stop.setEnabled(True),
        )

    def press_confirm(self) -> None:
        """Let it go on."""
        one, house = self.deployment, self._desk.house
        if one is None:
            return
        self.confirm.setEnabled(False)
        self._desk.start(
            tr("Confirm {name}", name=one.template),
            lambda job: house.deployments.confirm(one.id, job),
            done=self._told,
            trouble=self._failed,
            ended=lambda: self.confirm.setEnabled(True),
        )

    # What comes in ----------------------------------------------------------------------------

    def _take(self, number: int, update: DeploymentUpdate) -> None:
        if self.deployment is None or self.deployment.id != number or self._follower is None:
            return
        before = self.deployment.state
        self._seen = update.seen
        self.log.alive = not update.deployment.state.over
        self.log.append(update.lines)
        self._show_state(update.deployment)
        self._show_hosts(update.recap, update.tasks)  # after the state: it says whether it is over
        self._show_stale(update.stale)
        if update.tasks:
            self._tasks.setText(counted(update.tasks, "task {n}", "task {n}"))
        if update.deployment.state is not before:
            self._announce()

    def _ended(self, number: int) -> None:
        if self.deployment and self.deployment.id == number:
            self._clock.stop()
            self._tick()
            self._announce()

    def _announce(self) -> None:
        if self.deployment:
            touched = Touched.DEPLOYMENTS | Touched.HISTORY
            self._desk.announce(Changes(touched, self.deployment.project_id))

    def _told(self, launched: Launched) -> None:
        if self.deployment and self.deployment.id == launched.deployment.id:
            self._say(None)  # a try before this one may have failed
            self._spoken = ""
            self._show_state(launched.deployment)
            self.resume()

    def _failed(self, trouble: Trouble) -> None:
        hide = self._desk.kit.button(tr("Hide"), "", lambda: self._say(None))
        self._say(trouble_banner(self._desk.kit, trouble, steps=(hide,)))

    def _lost(self, number: int, trouble: Trouble) -> None:
        if self.deployment is None or self.deployment.id != number:
            return
        self._clock.stop()
        self._follower = None
        self._progress.set_part(0)

        def again() -> None:
            self._say(None)
            self.resume()

        button = self._desk.kit.button(tr("Follow again"), "arrows-clockwise", again)
        self._say(trouble_banner(self._desk.kit, trouble, steps=(button,)))

    # What is shown ----------------------------------------------------------------------------

    def _show_state(self, one: Deployment) -> None:
        self.deployment = one
        icon, tone, word = look(one.state)
        self.title.setText(one.template)
        self.title.setMinimumWidth(min(160, self.title.sizeHint().width()))
        self._commit.setText(one.commit[:8])
        self._glyph.show_icon(icon, tone)
        self.state.setText(tr("{state}, dry run", state=word) if one.dry_run else word)
        self.state.setToolTip(one.message)
        retone(self.state, tone=tone)
        self.stop.setVisible(not one.state.over)
        self.stop.setText(tr("Force stop") if one.state is DeploymentState.STOPPING else tr("Stop"))
        waits = one.state is DeploymentState.CONFIRMING
        self.confirm.setVisible(waits)
        self._desk.setProperty("deployment", None if one.state.over else one.id)
        self._desk.setProperty("confirming", one.id if waits else None)
        if one.state.over:
            self._progress.set_part(1 if one.state is DeploymentState.SUCCESS else 0)
        else:
            self._progress.set_part(0 if waits else None)
        if not one.state.over and one.state is not DeploymentState.WAITING and not self._begun:
            self._begun = time.monotonic()
        self._show_message(one)
        self._tick()

    def _show_message(self, one: Deployment) -> None:
        """Why it failed or what it waits for stands above the log until that is over."""
        speaks = one.message and one.state in (
            DeploymentState.CONFIRMING,
            DeploymentState.ERROR,
            DeploymentState.WARNING,
            DeploymentState.STOPPED,
            DeploymentState.LOST,
        )
        key = f"{one.id}{one.state}{one.message}" if speaks else ""
        if key == getattr(self, "_spoken", ""):
            return
        self._spoken = key
        if not speaks:
            self._say(None)
            return
        icon, tone, _word = look(one.state)
        ground = "fail" if tone == "danger" else "warn"
        self._say(Banner(self._desk.kit, icon, tone, ground, one.message))

    def _show_stale(self, sentence: str) -> None:
        self._stale = sentence
        if sentence:
            self._took.setText(sentence)

    def _say(self, notice: QWidget | None) -> None:
        clear(self._said)
        if notice is not None:
            self._said.addWidget(notice)
            self._said.addWidget(hline())

    def _show_hosts(self, hosts: tuple[object, ...], tasks: int) -> None:
        over = self.deployment is not None and self.deployment.state.over
        self.recap.show_hosts(hosts, tasks, over=over)  # type: ignore[arg-type]  # HostRecap, or none
        self._hosts.setVisible(bool(hosts))
        self._hosts_rule.setVisible(bool(hosts))
        self._hosts.setFixedHeight(min(self.recap.sizeHint().height(), ROW * (MOST + 1) + 8))

    def _show_found(self, current: int, count: int) -> None:
        if not self.search.text():
            self._found.setText("")
        else:
            self._found.setText(tr("{n} of {m}", n=current, m=count) if count else tr("none"))

    def _tick(self) -> None:
        one = self.deployment
        if one is None:
            return
        if one.state.over:
            self._took.setText(duration(seconds(one)))
        elif self._begun and not self._stale:
            self._took.setText(duration(round(time.monotonic() - self._begun + 0.0)))
