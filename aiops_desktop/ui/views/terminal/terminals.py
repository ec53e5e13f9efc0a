"""All terminals of this program: the decks of projects, the windows, what is remembered of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMenu

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.sessions import Attention, AttentionKind, Session, SessionWindow
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.terminal.broadcast import Broadcast
from aiops_desktop.ui.views.terminal.deck import Deck, Tab
from aiops_desktop.ui.views.terminal.floating import TerminalWindow
from aiops_desktop.ui.views.terminal.opener import Opener
from aiops_desktop.ui.views.terminal.pane import Mark, Pane
from aiops_desktop.ui.views.terminal.shape import (
    DeckShape,
    Everything,
    Leaf,
    TabShape,
    WindowShape,
    leaves,
    load,
    save,
)
from aiops_desktop.ui.views.terminal.splits import Splits
from aiops_desktop.ui.views.terminal.strip import Strip

#: Milliseconds after a change until it is written down.
_WRITE = 700
#: Milliseconds that changes of the servers are gathered.
_GATHER = 120
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
    """Opens, splits, moves and remembers terminals.

    Attributes:
        windows: the detached ones.
        broadcast: who shares input.
        page_deck: the deck the page shows now; None for none.
    """

    changed = Signal()
    """A deck has other tabs."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.windows: list[TerminalWindow] = []
        self.page_deck: Deck | None = None
        self.broadcast = Broadcast(self)
        self.opener = Opener(desk, lambda: self.panes)
        self._decks: dict[int, Deck] = {}
        self._remembered: dict[int, DeckShape] = {}
        self._ready = False
        self._write = QTimer(self)
        self._write.setSingleShot(True)
        self._write.setInterval(_WRITE)
        self._write.timeout.connect(self._save_soon)
        self.broadcast.changed.connect(self._tell_broadcast)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_GATHER)
        self._look.timeout.connect(self._look_now)
        desk.attention.connect(self._attend)
        desk.changed.connect(self._heard)
        desk.leaving.connect(self.end_all)
        desk.loaded.connect(self._forget_deleted)

    # Decks -----------------------------------------------------------------------------------

    def load(self, then: Callable[[], object]) -> None:
        """Read what was remembered, open the windows, then go on."""
        layout = self.desk.layout

        def loaded(found: Everything) -> None:
            self._remembered = dict(found.decks)
            self._ready = True
            for window in found.windows:
                self._restore_window(window)
            then()

        self.desk.read(lambda _job: load(layout), loaded, lane="terminals")

    @property
    def ready(self) -> bool:
        """Whether it is known what was remembered."""
        return self._ready

    def deck(self, project: Project) -> Deck:
        """The deck of a project, restored when it is wanted first."""
        if project.id not in self._decks:
            self._decks[project.id] = deck = self._made(Deck(self.desk), project.id)
            shape = self._remembered.pop(project.id, None)
            if shape is not None:
                self._restore(deck, shape)
        return self._decks[project.id]

    @property
    def panes(self) -> list[Pane]:
        """All panes of all decks and windows."""
        return [pane for deck in self._all_decks() for pane in deck.panes]

    @property
    def front(self) -> Deck | None:
        """The deck one works with: of the active window, else of the page; None for none."""
        active = QApplication.activeWindow()
        for window in self.windows:
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
        return next((deck for deck in self._all_decks() if pane in deck.panes), None)

    # Opening and closing ---------------------------------------------------------------------

    def new(self, deck: Deck, project: Project, tool: str = "", *, fresh: bool = False) -> Pane:
        """Another terminal in a tab of its own; the first goes to the project's living window."""
        known = any(pane.leaf.project == project.id for pane in self.panes)
        first = not (fresh or tool or known)
        pane = self._pane(project, tool=tool)
        deck.add(Tab(pane.name, Splits(pane)))
        pane.wants_focus = True
        self.opener.open(pane, fresh=not first)
        return pane

    def adopt(self, deck: Deck, project: Project, window: str) -> Pane:
        """A tab on a window that lives; attached when it is looked at."""
        pane = self._pane(project, window=window)
        deck.add(Tab(pane.name, Splits(pane)), front=deck.shown is None)
        return pane

    def split(self, pane: Pane, *, upright: bool, tool: str = "shell") -> Pane | None:
        """A new terminal of the same project beside a pane, or below it."""
        deck = self.deck_of(pane)
        tab = deck.tab_of(pane) if deck else None
        project = self.desk.projects.get(pane.leaf.project)
        if deck is None or tab is None or project is None:
            return None
        made = self._pane(project, tool=tool)
        tab.splits.split(pane, made, upright=upright)
        deck.welcome(made)
        made.wants_focus = True
        tab.splits.choose(made)
        return made

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
        window = next((one for one in self.windows if one.deck is deck), None)
        if window is not None and not deck.tabs:
            self._drop_window(window)
        self.changed.emit()

    def show_window(self, tenant: int, session: str, window: str, name: str = "") -> None:
        """Look at a window that belongs to no project, in a window of its own."""
        pane = self.find(tenant, window)
        if pane is not None:
            self.reveal(pane)
            return
        leaf = Leaf(tenant, 0, session, window, "", name or session)
        made = self._made_pane(leaf)
        floating = self._window(0, tenant)
        floating.deck.add(Tab(made.name, Splits(made)))
        floating.show()
        self.attach_seen(floating.deck)
        made.setFocus()

    def reveal(self, pane: Pane) -> None:
        """Bring a pane to the front of where it is."""
        deck = self.deck_of(pane)
        tab = deck.tab_of(pane) if deck else None
        if deck is None or tab is None:
            return
        deck.show_tab(tab)
        tab.splits.choose(pane)
        window = deck.window()
        if isinstance(window, TerminalWindow):
            window.raise_()
            window.activateWindow()

    def attach_seen(self, deck: Deck) -> None:
        """Attach the panes of the tab in front that were never looked at."""
        if deck.shown is None or not deck.isVisible() or not self.desk.ready:
            return
        for pane in deck.shown.splits.panes:
            if not pane.asked:
                self.opener.open(pane, fresh=not pane.window_id)

    # Windows ---------------------------------------------------------------------------------

    def detach(self, tab: Tab, spot: QPoint | None = None) -> TerminalWindow | None:
        """Give a tab a window of its own."""
        deck = next((one for one in self._all_decks() if tab in one.tabs), None)
        pane = tab.splits.current
        if deck is None or pane is None:
            return None
        home = pane.leaf.project
        deck.take(tab)
        window = self._window(home, pane.leaf.tenant)
        window.deck.add(tab)
        if spot is not None:
            window.stand_at(spot)
        window.show()
        window.activateWindow()
        self.attach_seen(window.deck)
        pane.setFocus()
        self.changed.emit()
        return window

    def bring_home(self, window: TerminalWindow) -> None:
        """Put a window's tabs back among those of their project; others are closed."""
        project = self.desk.projects.get(window.home)
        for tab in list(window.deck.tabs):
            if project is None:
                for pane in tab.splits.panes:
                    self.drop(pane)
            else:
                window.deck.take(tab)
                self.deck(project).add(tab)
        self._drop_window(window)
        self.changed.emit()

    def _window(self, home: int, tenant: int) -> TerminalWindow:
        found = self.desk.tenants.get(tenant)
        made = TerminalWindow(self.desk, home, found.colour if found else "")
        self._made(made.deck, home)
        made.left.connect(lambda: self.bring_home(made))
        made.moved.connect(self._write.start)
        self.windows.append(made)
        return made

    def _drop_window(self, window: TerminalWindow) -> None:
        if window in self.windows:
            self.windows.remove(window)
            window.shut()
            self._write.start()

    def _let_go(self, deck: Deck, tab: Tab, spot: QPoint) -> None:
        """A tab was dropped outside of its row: on another row, or nowhere."""
        under = QApplication.widgetAt(spot)
        while under is not None and not isinstance(under, Strip):
            under = under.parentWidget()
        target = next((one for one in self._all_decks() if one.strip is under), None)
        window = deck.window()
        if target is not None and target is not deck and self._same(target, tab):
            deck.take(tab)
            target.add(tab)
            self.attach_seen(target)
            if isinstance(window, TerminalWindow) and not deck.tabs:
                self._drop_window(window)
            self.changed.emit()
        elif isinstance(window, TerminalWindow) and len(deck.tabs) == 1:
            window.stand_at(spot)
        else:
            self.detach(tab, spot)

    def _same(self, deck: Deck, tab: Tab) -> bool:
        """Whether a deck is for terminals of the tab's project."""
        pane = tab.splits.current
        return pane is not None and self._homes.get(deck) == pane.leaf.project

    # Making ----------------------------------------------------------------------------------

    @property
    def _homes(self) -> dict[Deck, int]:
        made = {deck: number for number, deck in self._decks.items()}
        return made | {window.deck: window.home for window in self.windows}

    def _all_decks(self) -> list[Deck]:
        return [*self._decks.values(), *(window.deck for window in self.windows)]

    def _made(self, deck: Deck, project_id: int) -> Deck:
        deck.closeWanted.connect(self.close)
        deck.outside.connect(lambda tab, spot: self._let_go(deck, tab, spot))
        deck.shownAnother.connect(lambda: self.attach_seen(deck))
        deck.changed.connect(self._write.start)
        deck.newWanted.connect(lambda tool: self._new_in(deck, project_id, tool))
        return deck

    def _new_in(self, deck: Deck, project_id: int, tool: str) -> None:
        project = self.desk.projects.get(project_id)
        if project is not None:
            self.new(deck, project, tool)
            self.changed.emit()

    def _pane(self, project: Project, *, window: str = "", tool: str = "") -> Pane:
        tenant = self.desk.tenants.get(project.tenant_id)
        base = f"{tenant.slug}-shell" if tenant else project.slug
        taken = {pane.name for pane in self.panes if pane.leaf.project == project.id}
        names = (base if n == 1 else f"{base} {n}" for n in range(1, len(taken) + 2))
        name = next(name for name in names if name not in taken)
        return self._made_pane(Leaf(project.tenant_id, project.id, "", window, tool, name))

    def _made_pane(self, leaf: Leaf) -> Pane:
        tenant = self.desk.tenants.get(leaf.tenant)
        pane = Pane(self.desk, leaf, tenant.colour if tenant else "")
        pane.reopenWanted.connect(lambda: self.opener.again(pane))
        pane.changed.connect(self._write.start)
        pane.looked.connect(lambda: self._seen(pane))
        pane.menuWanted.connect(lambda spot: self._menu(pane, spot))
        return pane

    def _menu(self, pane: Pane, spot: QPoint) -> None:
        """What can be done with a terminal; the list of actions says what can be done now."""
        pane.focused.emit(pane)
        menu = QMenu(pane)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk.fill_menu(menu, _MENU)
        menu.popup(spot)

    # Remembering -----------------------------------------------------------------------------

    def _restore(self, deck: Deck, shape: DeckShape) -> None:
        for number, tab in enumerate(shape.tabs):
            self._restore_tab(deck, tab, front=number == shape.shown)

    def _restore_tab(self, deck: Deck, tab: TabShape, *, front: bool) -> None:
        splits = Splits.restored(tab.root, self._known)
        if splits is not None:
            name = tab.name or (splits.current.name if splits.current else tr("Terminal"))
            deck.add(Tab(name, splits), front=front)

    def _known(self, leaf: Leaf) -> Pane | None:
        """The pane of a remembered terminal, unless its tenant or project is gone or shown."""
        gone = leaf.tenant not in self.desk.tenants
        gone = gone or bool(leaf.project and leaf.project not in self.desk.projects)
        gone = gone or bool(not leaf.project and not leaf.window)
        return None if gone or self.find(leaf.tenant, leaf.window) else self._made_pane(leaf)

    def _restore_window(self, shape: WindowShape) -> None:
        first = next((leaf for tab in shape.deck.tabs for leaf in leaves(tab.root)), None)
        if first is None or first.tenant not in self.desk.tenants:
            return
        window = self._window(first.project, first.tenant)
        self._restore(window.deck, shape.deck)
        if not window.deck.tabs:
            self._drop_window(window)
            return
        if shape.place:
            window.place(shape.place)
        window.show()
        self.attach_seen(window.deck)

    @property
    def shape(self) -> Everything:
        """What to remember."""
        decks = {number: deck.shape for number, deck in self._decks.items()}
        windows = tuple(window.shape for window in self.windows)
        return Everything({**self._remembered, **decks}, windows)

    def _save_soon(self) -> None:
        if self._ready:
            layout, shape = self.desk.layout, self.shape
            self.desk.read(lambda _job: save(layout, shape), lambda _none: None, lane="terminals")

    # What comes from elsewhere ---------------------------------------------------------------

    def find_living(self, project: Project, sessions: list[Session]) -> None:
        """Make a tab for each living window of a project without any."""
        deck = self.deck(project)
        if deck.tabs:
            return
        for session in sessions:
            for window in session.windows:
                mine = project.id == window.project_id and window.run_id is None
                mine = mine or window.name == project.slug  # TEMP
                if mine and not window.dead and not self.find(project.tenant_id, window.id):
                    self.adopt(deck, project, window.id)

    def _attend(self, told: Attention) -> None:
        pane = self.find(told.tenant_id, told.window)
        if pane is None:
            return
        if told.kind is AttentionKind.ENDED and not pane.dead:
            pane.ended(told.exit_code)
        elif told.kind is AttentionKind.BELL:
            pane.note(Mark.BELL)
            if pane.seen:
                self._seen(pane)

    def _heard(self, changes: Changes) -> None:
        """The servers changed: look soon at what our windows do."""
        if changes.touched & Touched.SESSIONS and not self._look.isActive():
            self._look.start()

    def _look_now(self) -> None:
        tenants = {pane.leaf.tenant for pane in self.panes if pane.opening and pane.window_id}
        if not tenants or not self.desk.ready:
            return
        house = self.desk.house

        def show(found: list[SessionWindow]) -> None:
            known = {(window.session, window.id): window for window in found}
            for pane in self.panes:
                window = known.get((pane.leaf.session, pane.leaf.window))
                if window is not None and pane.opening is not None:
                    pane.know(window)

        self.desk.read(
            lambda _job: [
                window
                for tenant in tenants
                for session in house.sessions.inventory(tenant).sessions
                for window in session.windows
            ],
            show,
            lane="terminal states",
        )

    def _seen(self, pane: Pane) -> None:
        """The bell of a window that one looks at need not be told any more."""
        leaf = pane.leaf
        if leaf.window and self.desk.ready and pane.opening and pane.opening.lasting:
            house = self.desk.house
            self.desk.read(
                lambda _job: house.sessions.seen(leaf.tenant, leaf.window), lambda _none: None
            )

    def _tell_broadcast(self) -> None:
        group = self.broadcast
        for deck in self._all_decks():
            mine = group.on and any(pane in deck.panes for pane in group.panes)
            deck.say(group.words if mine else "")

    def _forget_deleted(self) -> None:
        """Terminals of projects that are gone go, too."""
        for pane in self.panes:
            if pane.leaf.project and pane.leaf.project not in self.desk.projects:
                self.drop(pane)

    def end_all(self) -> None:
        """Remember all, then hang up every terminal; sessions in tmux go on."""
        if self._ready:
            save(self.desk.layout, self.shape)
            self._ready = False
        self._write.stop()
        self.broadcast.stop()
        for pane in self.panes:
            pane.end()
        for window in list(self.windows):
            self._drop_window(window)
