"""The terminal page: the open terminals of a project as filled tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.sessions import Opening, Session
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import SLIM, STRETCH, clear, hbox, hline, holder, retone, vbox
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.pane import Pane

#: What a new terminal can start: tool of `Sessions.open`, its words.
TOOLS = (("", "Default assistant"), ("shell", "Shell"), ("codex", "Codex"), ("aider", "Aider"))


@dataclass
class _Desktop:
    """The terminals of one project."""

    panes: list[Pane] = field(default_factory=list)
    shown: Pane | None = None
    looked: bool = False
    """Whether terminals that live from before were looked for."""


class TerminalPage(Page):
    """Tabs of terminals, kept for each project while the window is open."""

    interest = Touched.SESSIONS

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._desktops: dict[int, _Desktop] = {}
        self._pills = hbox(gap=4)
        self._plus = self.kit.tool("plus", tr("New terminal"), self.new, slim=True)
        self._more = self.kit.tool("caret-down", tr("New terminal with …"), slim=True)
        self._menu = QMenu(self)
        for tool, words in TOOLS:
            self._menu.addAction(tr(words), partial(self.new, tool))
        self._more.setMenu(self._menu)
        self._attach = self.kit.tool(
            "copy",
            tr("Copy the command that attaches from another terminal"),
            self.copy_attach_command,
            text=tr("Attach command"),
            slim=True,
        )
        row = hbox(
            holder(self._pills),
            self._plus,
            self._more,
            STRETCH,
            self._attach,
            gap=4,
            margins=(8, 0, 12, 0),
        )
        self._bar = holder(vbox(holder(row, "bar", height=SLIM), hline(), gap=0))
        self._stack = QStackedWidget()
        self._empty = holder(hbox())
        self._stack.addWidget(self._empty)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._stack, 1)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.end_all)
        self._show()

    # What the base asks for

    def switched(self) -> None:
        """Show the terminals of another project."""
        self._show()

    def ask(self) -> Callable[[Job], Any]:
        """The tenant's living sessions, to find terminals from before."""
        project = self.project
        if project is None or not self._usable(project) or self._desktop(project).looked:
            return lambda _job: None
        house, tenant = self.desk.house, project.tenant_id
        return lambda _job: house.sessions.all(tenant)

    def fill(self, data: list[Session] | None) -> None:
        """Make a tab for each window of the project that lives, the first time it is shown."""
        project = self.project
        if project is None:
            return
        desktop = self._desktop(project)
        if data is not None and not desktop.looked:
            desktop.looked = True
            known = {pane.window_id for pane in desktop.panes}
            for session in data:
                for window in session.windows:
                    mine = window.name == project.slug and not window.dead
                    if mine and window.id not in known:
                        self._add(project, window.id)
        self._show()

    def primary(self) -> None:
        """Open a terminal where there is none."""
        if self.project and not self._desktop(self.project).panes:
            self.new()

    def open_argument(self, argument: object) -> None:
        """Do what an action asks for.

        "new", "close" or "attach_command"; ("tool", name); ("window", id) of this project.
        """
        if argument == "close":
            if pane := self.pane:
                self.close_pane(pane)
        elif argument == "attach_command":
            self.copy_attach_command()
        elif argument == "new":
            self.new()
        elif isinstance(argument, tuple) and argument[0] == "tool":
            self.new(str(argument[1]))
        elif isinstance(argument, tuple) and argument[0] == "window":
            self._show_window(str(argument[1]))

    # What a person does

    def new(self, tool: str = "") -> None:
        """Open another terminal; the first one goes to the project's living window."""
        project = self.project
        if project is None or not self._usable(project):
            return
        desktop = self._desktop(project)
        first = not desktop.panes and not tool
        pane = self._add(project)
        pane.tool = tool
        desktop.shown = pane
        self._open(pane, project, fresh=not first)
        self._show()

    def close_pane(self, pane: Pane) -> None:
        """Close a tab; what runs in tmux goes on."""
        if pane.lost_by_closing:
            pane.ask_close(lambda: self._remove(pane))
        else:
            self._remove(pane)

    def copy_attach_command(self) -> None:
        """Put the attach command into the clipboard."""
        pane = self.pane
        command = pane.opening.attach_command if pane and pane.opening else ""
        if command:
            QGuiApplication.clipboard().setText(command)
            self.desk.toast("copy", tr("Attach command copied"), command)

    @property
    def pane(self) -> Pane | None:
        """The terminal shown."""
        return self._desktop(self.project).shown if self.project else None

    def end_all(self) -> None:
        """Hang up every terminal; sessions in tmux go on."""
        for desktop in self._desktops.values():
            for pane in desktop.panes:
                pane.end()

    # How

    def _desktop(self, project: Project) -> _Desktop:
        return self._desktops.setdefault(project.id, _Desktop())

    @staticmethod
    def _usable(project: Project) -> bool:
        return project.state is CheckoutState.READY

    def _add(self, project: Project, window: str = "") -> Pane:
        """A tab that is attached when it is looked at."""
        desktop = self._desktop(project)
        tenant = self.desk.tenants.get(project.tenant_id)
        base = f"{tenant.slug}-shell" if tenant else project.slug
        taken = {pane.name for pane in desktop.panes}
        names = (base if n == 1 else f"{base} {n}" for n in range(1, len(taken) + 2))
        name = next(name for name in names if name not in taken)
        pane = Pane(self.desk, name, tenant.colour if tenant else "", window)
        pane.closeWanted.connect(lambda: self.close_pane(pane))
        pane.reopenWanted.connect(lambda: self._reopen(pane, project))
        desktop.panes.append(pane)
        desktop.shown = desktop.shown or pane
        self._stack.addWidget(pane)
        return pane

    def _open(self, pane: Pane, project: Project, *, fresh: bool = False) -> None:
        """Have the service say how to attach, then attach."""
        pane.asked = True
        house, tool, window = self.desk.house, pane.tool, pane.window_id

        def work(_job: Job) -> Opening:
            return house.sessions.open(project.id, tool=tool, fresh=fresh, window=window)

        def done(opening: Opening) -> None:
            if pane not in self._desktop(project).panes:
                self._close_view(project, opening)
                return
            pane.begin(opening)
            self._show()
            if pane.isVisible():
                pane.terminal.setFocus()

        def failed(trouble: Trouble) -> None:
            pane.fail(trouble, lambda: self._reopen(pane, project))

        self.desk.start(
            tr("Open terminal of {project}", project=project.name),
            work,
            done=done,
            trouble=failed,
            lane=("terminal", project.id),
            project_id=project.id,
        )

    def _reopen(self, pane: Pane, project: Project) -> None:
        """Attach again; where the window has ended, to a new one."""
        if pane.opening is not None:
            self._close_view(project, pane.opening)
        pane.say("")
        pane.window_id = ""
        others = [other for other in self._desktop(project).panes if other is not pane]
        self._open(pane, project, fresh=bool(others))

    def _close_view(self, project: Project, opening: Opening) -> None:
        if opening.view:
            house, tenant, view = self.desk.house, project.tenant_id, opening.view
            self.desk.read(lambda _job: house.sessions.close_view(tenant, view), lambda _none: None)

    def _remove(self, pane: Pane) -> None:
        for number, desktop in self._desktops.items():
            if pane not in desktop.panes:
                continue
            at = desktop.panes.index(pane)
            desktop.panes.remove(pane)
            if desktop.shown is pane:
                left = desktop.panes
                desktop.shown = left[min(at, len(left) - 1)] if left else None
            pane.end()
            project = self.desk.projects.get(number) or self.project
            if pane.opening is not None and project is not None:
                self._close_view(project, pane.opening)
        self._stack.removeWidget(pane)
        pane.hide()
        pane.deleteLater()
        self._show()

    def _show_window(self, window: str) -> None:
        project = self.project
        if project is None or not self._usable(project):
            return
        desktop = self._desktop(project)
        pane = next((pane for pane in desktop.panes if pane.window_id == window), None)
        desktop.shown = pane or self._add(project, window)
        self._show()

    # What is shown

    def _show(self) -> None:
        """Tabs, the terminal in front, or what to do first."""
        project = self.project
        desktop = self._desktop(project) if project else _Desktop()
        self._fill_pills(desktop)
        pane = desktop.shown
        self._bar.setVisible(bool(desktop.panes))
        opening = pane.opening if pane else None
        self._attach.setVisible(bool(opening and opening.attach_command))
        if pane is None:
            self._show_empty(project)
            return
        self._stack.setCurrentWidget(pane)
        if project and not pane.asked and self.isVisible():
            self._open(pane, project)

    def _fill_pills(self, desktop: _Desktop) -> None:
        clear(self._pills)
        for pane in desktop.panes:
            pill = self.kit.pill(pane.name, partial(self._choose, desktop, pane))
            pill.setAccessibleName(tr("Terminal {name}", name=pane.name))
            retone(pill, on="true" if pane is desktop.shown else "")
            self._pills.addWidget(pill)

    def _choose(self, desktop: _Desktop, pane: Pane) -> None:
        desktop.shown = pane
        self._show()
        pane.terminal.setFocus()

    def _show_empty(self, project: Project | None) -> None:
        old = self._empty
        if project is None:
            sentence, button = tr("Choose a project first."), None
        elif not self._usable(project):
            sentence = tr("{project} is not cloned yet.", project=project.name)
            button = self.kit.button(
                tr("Clone project"),
                "download-simple",
                lambda: self.desk.run_action("project.clone"),
                primary=True,
            )
        else:
            sentence = tr("No terminal yet.")
            button = self.kit.button(tr("Open terminal"), "terminal-window", self.new, primary=True)
        self._empty = empty_state(self.kit, sentence, *((button,) if button else ()))
        self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)
        self._stack.removeWidget(old)
        old.deleteLater()
