"""The main window: header, sidebar, tabs, pages, drawer and status line, and what is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QStackedWidget, QWidget

from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs import pace
from aiops_desktop.ui import pages
from aiops_desktop.ui.backing_up import BackingUp
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.drawer import Drawer
from aiops_desktop.ui.header import Header
from aiops_desktop.ui.issue_sync import IssueSync
from aiops_desktop.ui.locking import Locking
from aiops_desktop.ui.memory import Memory
from aiops_desktop.ui.menus import Menus
from aiops_desktop.ui.needs import Needs
from aiops_desktop.ui.notices import Notices
from aiops_desktop.ui.opening import OpeningPage
from aiops_desktop.ui.parts.layout import hline, holder, vbox
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.questions import Questions
from aiops_desktop.ui.sidebar import Sidebar
from aiops_desktop.ui.sleeping import Sleeping
from aiops_desktop.ui.statusline import StatusLine
from aiops_desktop.ui.sweep import Sweep
from aiops_desktop.ui.tabs import PAGES, Tabs
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.toasts import Toasts
from aiops_desktop.ui.watching import Watching

if TYPE_CHECKING:
    from aiops_desktop.ui.palette import Palette


class Window(QMainWindow):
    """The frame. Pages are built when they are wanted first.

    `leaving` is emitted when the window was closed and the program may end.
    """

    leaving = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.menus = Menus(desk, self)
        self._pages: dict[str, Page] = {}
        self._tab = "overview"
        self._full = ""
        #: Whether tenants and projects were read and the last place was found again.
        self.placed = False
        self.closing = False
        self.memory = Memory(desk.layout)
        self.needs = Needs(desk, self)
        self.sweep = Sweep(desk, self)
        self.watching = Watching(desk, self)
        self.issue_sync = IssueSync(desk, self)
        self.sleeping = Sleeping(desk, self)
        self.backing_up = BackingUp(desk, self)
        self.locking = Locking(desk, self)
        self.setWindowTitle("aiops desktop")
        self.setMinimumSize(QSize(800, 480))
        desk.run_action, desk.fill_menu = self.menus.run, self.menus.fill
        desk.give_keys = self.menus.give_keys
        self._build()
        self.questions = Questions(desk, self)
        self._places: dict[str, Callable[[object], object]] = {
            "project": lambda _arg: self._show_tab(self._tab, None),
            "palette": lambda _arg: self.palette_.open(),
            "projects": lambda _arg: self.palette_.open(projects=True),
            "jobs": lambda _arg: self.drawer.toggle(),
            "filter": lambda _arg: self.sidebar.search.setFocus(),
            "attach": self._attach,
            "primary": lambda _arg: self._primary(),
            "refresh": lambda _arg: self._refresh(),
            "shortcuts": lambda _arg: self._show_shortcuts(),
            "quit": lambda _arg: self.close(),
        }
        desk.page_wanted.connect(self.go)
        desk.selected.connect(self._selected)
        desk.loaded.connect(self._loaded)
        desk.theme.changed.connect(self._edge_colour)
        desk.lock_changed.connect(self._entitle)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.memory.restore(self, self.split)
        self.sidebar.unfolded = self.memory.unfolded

    # Building --------------------------------------------------------------------------------

    def _build(self) -> None:
        desk = self.desk
        self.header = Header(desk, self.needs)
        self.sidebar = Sidebar(desk, self.needs)
        self.sidebar.menu_for = self.menus.fill
        self.edge = QWidget()
        self.edge.setFixedHeight(3)
        self.edge.setAutoFillBackground(True)
        self.tabs = Tabs(desk)
        self._tab_row = holder(vbox(self.tabs, hline(), gap=0), "surface")
        self.notices = Notices(desk, self.needs, self.menus.find, self)
        self.stack = QStackedWidget()
        self.opening = OpeningPage(desk)
        self.stack.addWidget(self.opening)
        column = vbox(self.edge, self._tab_row, self.notices.slot, (self.stack, 1), gap=0)
        self.right = holder(column, "page")
        self.drawer = Drawer(desk, self.right)
        self.drawer.resized.connect(self._place_drawer)
        self.right.installEventFilter(self)
        self.split = QSplitter()
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.addWidget(self.sidebar)
        self.split.addWidget(self.right)
        self.split.setStretchFactor(1, 1)
        self.split.setSizes([268, 1172])
        self.status = StatusLine(desk)
        self.setCentralWidget(
            holder(vbox(self.header, (self.split, 1), self.status, gap=0), "surface")
        )
        self.toasts = Toasts(desk, self.right, self.menus.offer)
        self.header.more.clicked.connect(lambda _checked=False: self.menus.popup(self.header.more))
        self.tabs.wanted.connect(lambda name: self.go(name, None))
        self.edge.hide()
        self._tab_row.hide()

    @cached_property
    def palette_(self) -> Palette:
        """The command palette, built when it is wanted first."""
        from aiops_desktop.ui.palette import Palette

        made = Palette(self.desk, self, self.menus.actions)
        made.recent = self.memory.recent
        return made

    # What is shown ---------------------------------------------------------------------------

    def go(self, place: str, argument: object = None) -> None:
        """Show a page, or what stands in for one ("palette", "jobs", …)."""
        if place in self._places:
            self._places[place](argument)
        elif place in pages.FULL:
            self._show_full(place, argument)
        elif place in PAGES:
            self._show_tab(place, argument)

    @property
    def page(self) -> Page | None:
        """The page shown."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def page_of(self, name: str) -> Page:
        """A page by its name, built when it is wanted first."""
        if name not in self._pages:
            self._pages[name] = made = pages.make(name, self.desk)
            self.stack.addWidget(made)
        return self._pages[name]

    def _show_tab(self, name: str, argument: object) -> None:
        if self.desk.project is None:
            if self.desk.ready:
                self._show_full("welcome", None)
            return
        self._tab, self._full = name, ""
        self.desk.page = name
        page = self.page_of(name)
        if page.project != self.desk.project:
            page.show_project(self.desk.project)
        self._show(page, argument)
        self.tabs.show_page(name)
        self.header.set_scope("")
        self.status.tell("")
        self.sidebar.mark()
        self._frame(inside=True)

    def _show_full(self, name: str, argument: object) -> None:
        self._full = name
        self.desk.page = ""
        page = self.page_of(name)
        if page is not self.stack.currentWidget():  # what it said itself goes on being true
            self.status.tell("")
        self._show(page, argument)
        self.header.set_scope(tr(pages.FULL[name]))
        self.sidebar.unmark()
        self._frame(inside=False)

    def _show(self, page: Page, argument: object) -> None:
        self.stack.setCurrentWidget(page)
        open_argument = getattr(page, "open_argument", None)
        if argument is not None and callable(open_argument):
            open_argument(argument)
        self._place_drawer()

    def _frame(self, *, inside: bool) -> None:
        self.edge.setVisible(inside)
        self._tab_row.setVisible(inside)
        self._edge_colour()
        self._entitle()

    def _entitle(self) -> None:
        """The title names what is shown, but not while that is locked away."""
        project, tenant = self.desk.project, self.desk.tenant
        inside = not self._full and not self.desk.locked
        where = f"{tenant.name} / {project.name}" if inside and project and tenant else ""
        self.setWindowTitle(f"{where} – aiops desktop" if where else "aiops desktop")

    def _edge_colour(self) -> None:
        tenant = self.desk.tenant
        palette = self.edge.palette()
        palette.setColor(QPalette.ColorRole.Window, QColor(tenant.colour if tenant else "#000000"))
        self.edge.setPalette(palette)

    def _selected(self) -> None:
        """Another project, or its row changed."""
        project = self.desk.project
        if project is None:
            if not self._full and self.desk.ready:
                self._show_full("welcome", None)
            return
        for name, page in self._pages.items():
            if name in PAGES and page.project != project:
                page.show_project(project)
        if not self._full or self._full == "welcome":
            self._show_tab(self._tab, None)

    def _loaded(self) -> None:
        """Tenants and projects were read; the first time, go where one was."""
        if self.placed:
            self._frame(inside=bool(self.desk.project) and not self._full)
            return
        self.placed = True
        from aiops_desktop.ui.views.runs.follow import Elsewhere  # late: the window is seen first
        from aiops_desktop.ui.views.terminal import shape

        Elsewhere.of(self.desk)
        self.desk.read(lambda _job: shape.load(self.desk.layout).windows, self._restore_windows)
        slug, page = self.memory.place
        self._tab = page if page in PAGES else "overview"
        found = next((p for p in self.desk.projects.values() if self._slug(p.id) == slug), None)
        if found is not None:
            self.desk.select(found.id, self._tab)
        elif self.desk.project is None:
            self._show_full("welcome", None)

    def _slug(self, project_id: int) -> str:
        project = self.desk.projects.get(project_id)
        tenant = self.desk.tenants.get(project.tenant_id) if project else None
        return f"{tenant.slug}/{project.slug}" if project and tenant else ""

    def _restore_windows(self, windows: tuple[object, ...]) -> None:
        """Terminals that had windows of their own come back with the page that looks after them."""
        if windows:
            self.page_of("terminal")

    def _attach(self, argument: object) -> None:
        """Look at a window of no project: (tenant id, session, window id, name)."""
        self.page_of("terminal")
        if self.desk.terminals is not None and isinstance(argument, tuple):
            self.desk.terminals.windows.look_at(*argument)

    def open_named(self, tenant: str, project: str) -> None:
        """Show a project by names or slugs, as the shell asks for it."""
        wanted = tenant.casefold(), project.casefold()
        for found in self.desk.projects.values():
            owner = self.desk.tenants.get(found.tenant_id)
            names = {found.slug, found.name.casefold()}
            owners = {owner.slug, owner.name.casefold()} if owner else set()
            if wanted[0] in owners and wanted[1] in names:
                self.desk.select(found.id)
                self.go("project")
                return
        self.desk.toast("prohibit", tr("There is no project {name}.", name=f"{tenant}/{project}"))

    def show_opening_trouble(self, trouble: Trouble) -> None:
        """The data folder could not be opened."""
        self.stack.setCurrentWidget(self.opening)
        self.opening.show_trouble(trouble, self.close)

    # Keys ------------------------------------------------------------------------------------

    def _primary(self) -> None:
        if self.page:
            self.page.primary()

    def _refresh(self) -> None:
        self.desk.reload()
        self.sweep.run()
        if self.page:
            self.page.refresh()

    def _show_shortcuts(self) -> None:
        from aiops_desktop.ui.dialogs.shortcuts import ShortcutsDialog

        ShortcutsDialog(self.desk, self, self.menus.actions).open()

    def back(self) -> None:
        """Esc: close the drawer, leave the page's inner view, or leave a full page."""
        if self.page and self.page.back():
            return
        if self.drawer.isVisible():
            self.drawer.shut()
        elif self._full and self._full != "welcome" and self.desk.project:
            self._show_tab(self._tab, None)
        elif self._full and self._full != "welcome":
            self._show_full("welcome", None)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """Focus that lost its place belongs to the page, not to the first button of the header.

        Qt gives it to whatever comes next when its widget was hidden or disabled.
        """
        if new is None or not self.header.isAncestorOf(new):
            return
        if old is None or not old.isVisible() or not old.isEnabled():
            shown = self.stack.currentWidget()
            (shown or self.stack).setFocus()

    def event(self, event: QEvent) -> bool:
        """Painting the whole window is one piece of work."""
        if event.type() == QEvent.Type.UpdateRequest:
            with pace.window:
                return super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, when nothing inside wanted it."""
        if event.key() == Qt.Key.Key_Escape:
            self.back()
            return
        super().keyPressEvent(event)

    # Places ----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The drawer and the toasts follow the right side's size."""
        if watched is self.right and event.type() == QEvent.Type.Resize:
            self._place_drawer()
        return super().eventFilter(watched, event)

    def _place_drawer(self) -> None:
        """Over the foot; pages give way, but a terminal keeps its rows."""
        wide, whole = self.right.width(), self.right.height()
        high = 0
        if self.drawer.isVisibleTo(self.right):
            high = min(self.drawer.sizeHint().height(), int(whole * 0.45))
            self.drawer.setGeometry(0, whole - high, wide, high)
            self.drawer.raise_()
        terminal = self.desk.page == "terminal"
        layout = self.right.layout()
        if layout:
            layout.setContentsMargins(0, 0, 0, 0 if terminal else high)
        self.toasts.place(high)

    # Leaving ---------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask when jobs are at work; remember the window; end."""
        busy = [record for record in self.desk.jobs.shown if record.alive]
        if busy and not self.closing:
            from aiops_desktop.ui.dialogs.leave import QuitDialog

            event.ignore()
            asked = QuitDialog(self.desk, self, busy, self.leave)
            asked.rejected.connect(self._stay)
            asked.open()
            return
        self._remember()
        self.closing = True
        self.desk.leaving.emit()
        event.accept()
        self.leaving.emit()

    def leave(self) -> None:
        """Close without asking."""
        self.closing = True
        self.close()

    def _stay(self) -> None:
        """The person stays after all: what closes the window next time does not open it again."""
        self.desk.restarting = False

    def _remember(self) -> None:
        project = self.desk.project
        if self.placed:
            self.memory.place = (self._slug(project.id) if project else "", self._tab)
        if "palette_" in vars(self):
            self.memory.recent = self.palette_.recent
        self.memory.unfolded = self.sidebar.unfolded
        self.memory.save(self, self.split, self.desk.settings_theme)
