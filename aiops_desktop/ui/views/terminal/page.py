"""The terminal page: the open terminals of a project as filled tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from aiops_desktop.domain.states import CheckoutState
from aiops_desktop.ui.parts.layout import hbox, holder
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.terminals import Terminals

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.sessions import Session
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.terminal.deck import Deck
    from aiops_desktop.ui.views.terminal.pane import Pane


class TerminalPage(Page):
    """Tabs of terminals, kept for each project while the window is open, and after."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.terminals = Terminals(desk, self)
        desk.terminals = self.terminals
        self._looked: set[int] = set()
        self._wanted: list[Callable[[], object]] = []
        self._stack = QStackedWidget()
        self._empty = holder(hbox())
        self._stack.addWidget(self._empty)
        self.body.addWidget(self._stack, 1)
        self.terminals.changed.connect(self._show)
        if desk.ready and desk.projects:
            self.terminals.keeper.load(self._loaded)
        else:
            desk.loaded.connect(self._begin)

    # What the base asks for

    def switched(self) -> None:
        """Show the terminals of another project."""
        self._show()

    def ask(self) -> Callable[[Job], Any]:
        """The tenant's living sessions, to find terminals from before."""
        project = self.project
        if project is None or not self._usable(project) or project.id in self._looked:
            return lambda _job: None
        house, tenant = self.desk.house, project.tenant_id
        return lambda _job: house.sessions.all(tenant)

    def fill(self, data: list[Session] | None) -> None:
        """Make a tab for each window of the project that lives, the first time it is shown."""
        project = self.project
        if project is None or not self.terminals.keeper.ready:
            return
        if data is not None and project.id not in self._looked:
            self._looked.add(project.id)
            self.terminals.find_living(project, data)
        self._show()

    def primary(self) -> None:
        """Open a terminal where there is none."""
        if self.project and not self._tabs:
            self.new()

    def open_argument(self, argument: object) -> None:
        """("tool", name) opens another terminal, ("window", id) shows one of this project."""
        if not self.terminals.keeper.ready:
            self._wanted.append(lambda: self.open_argument(argument))
        elif isinstance(argument, tuple) and argument[0] == "tool":
            tool = str(argument[1])
            self.new("" if tool == "default" else tool, fresh=tool == "default")
        elif isinstance(argument, tuple) and argument[0] == "window":
            self._show_window(str(argument[1]))

    # What a person does

    def new(self, tool: str = "", *, fresh: bool = False) -> None:
        """Open another terminal; the first goes to the project's living window unless `fresh`."""
        project = self.project
        if project is None or not self._usable(project):
            return
        if not self.terminals.keeper.ready:
            self._wanted.append(lambda: self.new(tool, fresh=fresh))
            return
        self.terminals.new(self.terminals.deck(project), project, tool, fresh=fresh)
        self._show()

    @property
    def deck(self) -> Deck | None:
        """The project's tabs."""
        known = self.project is not None and self.terminals.keeper.ready
        return self.terminals.deck(self.project) if known and self.project else None

    @property
    def pane(self) -> Pane | None:
        """The terminal with the keyboard, or that had it last."""
        return self.deck.pane if self.deck else None

    @property
    def _tabs(self) -> bool:
        return bool(self.deck and self.deck.tabs)

    # How

    def _begin(self) -> None:
        self.desk.loaded.disconnect(self._begin)
        self.terminals.keeper.load(self._loaded)

    def _loaded(self) -> None:
        self._show()
        wanted, self._wanted = self._wanted, []
        for call in wanted:
            call()
        self.refresh()

    @staticmethod
    def _usable(project: Project) -> bool:
        return project.state is CheckoutState.READY

    def _show_window(self, window: str) -> None:
        project = self.project
        if project is None or not self._usable(project):
            return
        pane = self.terminals.find(project.tenant_id, window)
        if pane is None:
            deck = self.terminals.deck(project)
            pane = self.terminals.adopt(deck, project, window)
        self._show()
        self.terminals.reveal(pane)

    def _show(self) -> None:
        """The tabs, or what to do first."""
        project, deck = self.project, self.deck
        self.terminals.page_deck = deck
        if deck is None or not deck.tabs:
            self._show_empty(project)
            return
        if self._stack.indexOf(deck) < 0:
            self._stack.addWidget(deck)
        self._stack.setCurrentWidget(deck)
        self.terminals.attach_seen(deck)

    def showEvent(self, event: Any) -> None:  # noqa: ANN401 - Qt's show event
        """Seen: what was never attached is attached now."""
        super().showEvent(event)
        self._show()

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
        elif not self.terminals.keeper.ready:
            sentence, button = "", None
        else:
            sentence = tr("No terminal yet.")
            button = self.kit.button(tr("Open terminal"), "terminal-window", self.new, primary=True)
        self._empty = empty_state(self.kit, sentence, *((button,) if button else ()))
        self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)
        self._stack.removeWidget(old)
        old.deleteLater()
