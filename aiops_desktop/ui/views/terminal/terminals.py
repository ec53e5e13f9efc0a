"""All terminals of this program: opened, split, brought to the front, closed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QMenu

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.sessions import Opening, Session
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.terminal.hosts import is_here
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.attending import Attending
from aiops_desktop.ui.views.terminal.broadcast import Broadcast
from aiops_desktop.ui.views.terminal.deck import Deck, Tab
from aiops_desktop.ui.views.terminal.keeper import Keeper
from aiops_desktop.ui.views.terminal.opener import Opener
from aiops_desktop.ui.views.terminal.pane import Pane
from aiops_desktop.ui.views.terminal.shape import Leaf
from aiops_desktop.ui.views.terminal.splits import Splits
from aiops_desktop.ui.views.terminal.windows import Windows

#: What a terminal's context menu offers.
_MENU = (
    "terminal.copy",
    "terminal.copy_html",
    "terminal.paste",
    "terminal.select_all",
    "-",
    "terminal.search",
    "terminal.scrollback",
    "-",
    "terminal.split_right",
    "terminal.split_down",
    "terminal.zoom",
    "terminal.detach",
    "terminal.broadcast",
    "terminal.broadcast_tab",
    "-",
    "terminal.clear",
    "terminal.save",
    "terminal.print",
    "terminal.attach_command",
    "-",
    "terminal.close",
)


class Terminals(QObject):
    """What the page, the windows and the actions have in common.

    Attributes:
        of_projects: decks by project id, as far as they were wanted.
        windows: the detached ones.
        keeper: remembers all of it.
        broadcast: who shares input.
        page_deck: the deck the page shows now; None for none.
    """

    changed = Signal()
    """A deck has other tabs."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.of_projects: dict[int, Deck] = {}
        self.page_deck: Deck | None = None
        self.broadcast = Broadcast(self)
        self.windows = Windows(self)
        self.keeper = Keeper(self)
        self.opener = Opener(desk, lambda: self.panes)
        self._attending = Attending(self)
        self.broadcast.changed.connect(self._tell_broadcast)
        desk.leaving.connect(self.end_all)
        desk.loaded.connect(self._forget_deleted)

    # Decks -----------------------------------------------------------------------------------

    def deck(self, project: Project) -> Deck:
        """The deck of a project, restored when it is wanted first."""
        if project.id not in self.of_projects:
            self.of_projects[project.id] = deck = Deck(self.desk)
            self.listen(deck, project.id)
            self.keeper.fill(deck, project.id)
        return self.of_projects[project.id]

    @property
    def decks(self) -> list[Deck]:
        """Those of projects and those of windows."""
        return [*self.of_projects.values(), *(window.deck for window in self.windows.all)]

    @property
    def panes(self) -> list[Pane]:
        """All panes of all decks and windows."""
        return [pane for deck in self.decks for pane in deck.panes]

    @property
    def front(self) -> Deck | None:
        """The deck one works with: of the active window, else of the page; None for none."""
        active = QApplication.activeWindow()
        for window in self.windows.all:
            if window is active:
                return window.deck
        shown = self.desk.page == "terminal" and self.page_deck and self.page_deck.tabs
        return self.page_deck if shown else None

    def find(self, tenant: int, window: str) -> Pane | None:
        """The pane that looks at a tmux window."""
        same = (pane for pane in self.panes if pane.leaf.tenant == tenant)
        return next((pane for pane in same if window and pane.window_id == window), None)

    def deck_of(self, pane: Pane) -> Deck | None:
        """Where a pane is."""
        return next((deck for deck in self.decks if pane in deck.panes), None)

    # Opening and closing ---------------------------------------------------------------------

    def new(self, deck: Deck, project: Project, tool: str = "", *, fresh: bool = False) -> Pane:
        """Another terminal in a tab of its own; the first goes to the project's living window."""
        known = any(pane.leaf.project == project.id for pane in self.panes)
        first = not (fresh or tool or known)
        pane = self._another(project, tool=tool)
        pane.wants_focus = pane.asked = True  # here, not by being seen: that would open it twice
        deck.add(Tab(pane.name, Splits(pane)))
        self.opener.open(pane, fresh=not first)
        return pane

    def adopt(self, deck: Deck, project: Project, window: str) -> Pane:
        """A tab on a window that lives; attached when it is looked at."""
        pane = self._another(project, window=window)
        deck.add(Tab(pane.name, Splits(pane)), front=deck.shown is None)
        return pane

    def split(self, pane: Pane, *, upright: bool, tool: str = "shell") -> Pane | None:
        """A new terminal of the same project beside a pane, or below it."""
        project = self.desk.projects.get(pane.leaf.project)
        made = self._another(project, tool=tool) if project else None
        if made is not None:
            made.wants_focus = True
            self._beside(pane, made, upright=upright)
        return made

    def edit(self, pane: Pane, path: str, line: int, column: int) -> None:
        """Open a file that a terminal names in the person's editor, in a terminal below it."""
        house, leaf, name = self.desk.house, pane.leaf, Path(path).name
        host = pane.terminal.emulator.working_host
        if not is_here(host):
            self.desk.toast("file-x", tr("“{file}” is on {host}", file=name, host=host), "")
            return

        def work(_job: Job) -> Opening:
            return house.editing.open(leaf.project, path, line, column, near=leaf.window)

        def done(opening: Opening) -> None:
            made = self.pane(Leaf(leaf.tenant, leaf.project, name=name))
            made.passing = made.asked = made.wants_focus = True
            self._beside(pane, made, upright=True)
            made.begin(opening)

        def failed(trouble: Trouble) -> None:
            self.desk.toast("file-x", trouble.what, trouble.hint)

        if leaf.project:
            title = tr("Open {file} in the editor", file=name)
            self.desk.start(title, work, done=done, trouble=failed, project_id=leaf.project)

    def _beside(self, pane: Pane, made: Pane, *, upright: bool) -> None:
        deck = self.deck_of(pane)
        tab = deck.tab_of(pane) if deck else None
        if deck is None or tab is None:  # it was closed meanwhile
            made.deleteLater()
            return
        tab.splits.split(pane, made, upright=upright)
        deck.welcome(made)
        tab.splits.choose(made)

    def close(self, pane: Pane) -> None:
        """Close a pane; what runs in tmux goes on, for anything else the person is asked."""
        if pane.lost_by_closing:
            pane.ask_close(lambda: self.drop(pane))
        else:
            self.drop(pane)

    def drop(self, pane: Pane) -> None:
        """Take a pane away."""
        deck = self.deck_of(pane)
        if deck is None:
            return
        self.broadcast.leave(pane)
        pane.end()
        deck.remove(pane)
        self.opener.close_view(pane)
        pane.deleteLater()
        window = self.windows.of(deck)
        if window is not None and not deck.tabs:
            self.windows.drop(window)
        self.changed.emit()

    def reveal(self, pane: Pane) -> None:
        """Bring a pane to the front of where it is."""
        deck = self.deck_of(pane)
        tab = deck.tab_of(pane) if deck else None
        if deck is None or tab is None:
            return
        deck.show_tab(tab)
        tab.splits.choose(pane)
        window = self.windows.of(deck)
        if window is not None:
            window.raise_()
            window.activateWindow()

    def attach_seen(self, deck: Deck) -> None:
        """Attach the panes of the tab in front that were never looked at."""
        if deck.shown is None or not deck.isVisible() or not self.desk.ready:
            return
        for pane in deck.shown.splits.panes:
            if not pane.asked:
                self.opener.open(pane, fresh=not pane.window_id)

    # Making ----------------------------------------------------------------------------------

    def home(self, deck: Deck) -> int:
        """The project a deck's terminals belong to; 0 for none."""
        window = self.windows.of(deck)
        if window is not None:
            return window.home
        return next((number for number, one in self.of_projects.items() if one is deck), 0)

    def listen(self, deck: Deck, project_id: int) -> None:
        """Do what is wanted in a deck."""
        deck.closeWanted.connect(self.close)
        deck.outside.connect(lambda tab, spot: self.windows.let_go(deck, tab, spot))
        deck.shownAnother.connect(lambda: self.attach_seen(deck))
        deck.changed.connect(self.keeper.touch)
        deck.newWanted.connect(lambda tool: self._new_in(deck, project_id, tool))

    def _new_in(self, deck: Deck, project_id: int, tool: str) -> None:
        project = self.desk.projects.get(project_id)
        if project is not None:
            self.new(deck, project, tool)
            self.changed.emit()

    def _another(self, project: Project, *, window: str = "", tool: str = "") -> Pane:
        tenant = self.desk.tenants.get(project.tenant_id)
        base = f"{tenant.slug}-shell" if tenant else project.slug
        taken = {pane.name for pane in self.panes if pane.leaf.project == project.id}
        names = (base if n == 1 else f"{base} {n}" for n in range(1, len(taken) + 2))
        name = next(name for name in names if name not in taken)
        return self.pane(Leaf(project.tenant_id, project.id, "", window, tool, name))

    def pane(self, leaf: Leaf) -> Pane:
        """A pane that is attached when it is looked at."""
        tenant = self.desk.tenants.get(leaf.tenant)
        pane = Pane(self.desk, leaf, tenant.colour if tenant else "")
        pane.reopenWanted.connect(lambda: self.opener.again(pane))
        pane.changed.connect(self.keeper.touch)
        pane.passed.connect(lambda: self._passed(pane))
        pane.looked.connect(lambda: self._attending.seen(pane))
        pane.menuWanted.connect(lambda spot: self._menu(pane, spot))
        pane.fileActivated.connect(lambda *place: self.edit(pane, *place))
        return pane

    def _menu(self, pane: Pane, spot: QPoint) -> None:
        """What can be done with a terminal; the list of actions says what can be done now."""
        pane.focused.emit(pane)
        menu = QMenu(pane)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        links = pane.view.filterActions(pane.view.viewport().mapFromGlobal(spot))
        for action in links:
            action.setParent(menu)
            menu.addAction(action)
        if links:
            menu.addSeparator()
        self.desk.fill_menu(menu, _MENU)
        menu.popup(spot)

    # What comes from elsewhere ---------------------------------------------------------------

    def find_living(self, project: Project, sessions: list[Session]) -> None:
        """Make a tab for each living window of a project without any."""
        deck = self.deck(project)
        if deck.tabs:
            return
        for session in sessions:
            for window in session.windows:
                mine = project.id == window.project_id and window.run_id is None
                if mine and not window.dead and not self.find(project.tenant_id, window.id):
                    self.adopt(deck, project, window.id)

    def _passed(self, pane: Pane) -> None:
        """The editor was left: its pane and window go."""
        house, leaf = self.desk.house, pane.leaf
        if pane.opening is not None and pane.opening.lasting:
            self.desk.read(
                lambda _job: house.sessions.kill(leaf.tenant, leaf.session, leaf.window),
                lambda _done: None,
            )
        self.drop(pane)

    def _tell_broadcast(self) -> None:
        group = self.broadcast
        for deck in self.decks:
            mine = group.on and any(pane in deck.panes for pane in group.panes)
            deck.say(group.words if mine else "")

    def _forget_deleted(self) -> None:
        """Terminals of projects that are gone go, too."""
        for pane in self.panes:
            if pane.leaf.project and pane.leaf.project not in self.desk.projects:
                self.drop(pane)

    def end_all(self) -> None:
        """Remember all, then hang up every terminal; sessions in tmux go on."""
        self.keeper.close()
        self.broadcast.stop()
        for pane in self.panes:
            pane.end()
        for window in list(self.windows.all):
            self.windows.drop(window)
