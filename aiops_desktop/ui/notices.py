"""The one place that decides how each kind of Trouble looks and how long it stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.trouble import Clash, Failed, Refused, Trouble
from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.jobs import JobRecord, JobState
from aiops_desktop.ui.parts.layout import clear, hline, vbox
from aiops_desktop.ui.parts.notice import Banner, trouble_banner
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.needs import Needs

#: Steps a service names by the noun it knows.
_ALIASES = {"git.clone": "project.clone"}
Steps = Callable[[str], Action | None]


@dataclass(eq=False)
class Notice:
    """A banner that waits to be solved or closed.

    `record` is the job that failed, `pressed` whether one of the steps was tried: a job of the
    project that ends well after that has solved it. `exchanged` says that the server was reached
    since: a clash with it is solved when the checkout is no longer behind.
    """

    project_id: int | None
    trouble: Trouble
    record: JobRecord | None = None
    pressed: bool = False
    exchanged: bool = False


class Notices(QObject):
    """Keeps one banner a project (and one for the whole window) above its pages.

    A refusal or a clash leads to next steps, so the best one is the primary button; a failure
    offers Try again where the job can be run again.
    """

    def __init__(
        self, desk: Desk, needs: Needs, find: Steps, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._needs, self._find = desk, needs, find
        self._notices: dict[int | None, Notice] = {}
        self.slot = QWidget()
        self._box: QVBoxLayout = vbox(gap=0)
        self.slot.setLayout(self._box)
        self.slot.hide()
        desk.banner_wanted.connect(self.show_trouble)
        desk.selected.connect(self._draw)
        desk.jobs.failed.connect(self._remember)
        desk.jobs.listed.connect(self._solve)
        desk.changed.connect(self._exchanged)
        desk.status_changed.connect(self._level)

    def show_trouble(self, project_id: int | None, trouble: Trouble) -> None:
        """Put a Trouble above the pages of a project (None: of all)."""
        self._notices[project_id] = Notice(project_id, trouble)
        if project_id is not None:
            self._needs.banners[project_id] = _short(trouble)
            self._needs.again()
        self._draw()

    def close(self, notice: Notice) -> None:
        """Take a banner away."""
        if self._notices.get(notice.project_id) is notice:
            del self._notices[notice.project_id]
            if notice.project_id is not None:
                self._needs.banners.pop(notice.project_id, None)
                self._needs.again()
            self._draw()

    @property
    def shown(self) -> list[Notice]:
        """What stands above the page now: the window's own, then the project's."""
        project = self._desk.project
        keys = [None, project.id] if project else [None]
        return [self._notices[key] for key in keys if key in self._notices]

    def _draw(self) -> None:
        clear(self._box)
        for notice in self.shown:
            self._box.addWidget(self._banner(notice))
            self._box.addWidget(hline())
        self.slot.setVisible(bool(self.shown))

    def _banner(self, notice: Notice) -> Banner:
        buttons: list[QPushButton] = []
        found = [self._find(_ALIASES.get(step, step)) for step in notice.trouble.steps]
        actions = [action for action in found if action is not None]
        for action in reversed(actions):  # the best one stands last, at the right
            best = action is actions[0] and not action.danger
            buttons.append(
                self._desk.kit.button(
                    action.title_for(self._desk),
                    action.icon if best else "",
                    partial(self._press, notice, action),
                    primary=best,
                    danger=action.danger,
                )
            )
        if not actions and notice.record and notice.record.again:
            buttons.append(
                self._desk.kit.button(
                    tr("Try again"), "arrows-clockwise", partial(self._again, notice)
                )
            )
        _never_first(buttons)
        return trouble_banner(
            self._desk.kit, notice.trouble, steps=buttons, closed=partial(self.close, notice)
        )

    def _press(self, notice: Notice, action: Action) -> None:
        notice.pressed = True
        self._desk.run_action(action.id)

    def _again(self, notice: Notice) -> None:
        self.close(notice)
        if notice.record and notice.record.again:
            notice.record.again()

    def _remember(self, record: JobRecord) -> None:
        for notice in self._notices.values():
            if notice.trouble is record.trouble:
                notice.record = record
                self._draw()

    def _solve(self) -> None:
        """Take away what a later job of the same project has solved."""
        for notice in list(self._notices.values()):
            began = notice.record.number if notice.record else None
            for record in self._desk.jobs.shown:
                if record.state is not JobState.DONE or record.project_id != notice.project_id:
                    continue
                later = began is not None and record.number > began
                same = notice.record is not None and record.title == notice.record.title
                if later and (same or notice.pressed):
                    self.close(notice)
                    break

    def _exchanged(self, changes: Changes) -> None:
        """A fetch, pull or push ended well: only those touch refs and the use of a key at once."""
        notice = self._notices.get(changes.project)
        if notice and Touched.REFS | Touched.KEYS in changes.touched:
            notice.exchanged = True

    def _level(self, project_id: int) -> None:
        """The status was read again: what came between is in, wherever that was asked for."""
        notice, status = self._notices.get(project_id), self._desk.status_of(project_id)
        if not notice or not notice.exchanged or not status:
            return
        clash = isinstance(notice.trouble, Clash) and "git.fetch_rebase" in notice.trouble.steps
        if clash and not status.behind and not status.operation:
            self.close(notice)


def _never_first(buttons: list[QPushButton]) -> None:
    """A dangerous button never stands first."""
    if len(buttons) > 1 and buttons[0].property("danger"):
        buttons[0], buttons[1] = buttons[1], buttons[0]


def _short(trouble: Trouble) -> str:
    """A few words for the sidebar."""
    text = trouble.what.rstrip(".")
    return text[:1].lower() + text[1:] if isinstance(trouble, (Refused, Failed)) else text
