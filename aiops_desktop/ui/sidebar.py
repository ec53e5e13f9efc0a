"""The sidebar: where one is. Filter, tree of tenants and projects, and the buttons at its foot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QMenu, QTreeView, QWidget

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.actions import tenants as verbs
from aiops_desktop.ui.needs import Need, Needs
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, vbox, words
from aiops_desktop.ui.parts.rows import ITEM
from aiops_desktop.ui.sidebar_model import TreeModel
from aiops_desktop.ui.sidebar_rows import TreeDelegate
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk

#: Up to so many projects all tenants are unfolded at first.
FEW = 40


class Tree(QTreeView):
    """Tenants and projects; typing goes to the filter, what is dropped on it becomes a project."""

    def __init__(self, desk: Desk, model: TreeModel, needs: Needs, find: QLineEdit) -> None:
        super().__init__()
        self._desk, self._find = desk, find
        self.setModel(model)
        self.setItemDelegate(TreeDelegate(desk, needs, self))
        self.setAccessibleName(tr("Tenants and projects"))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRootIsDecorated(False)
        self.setIndentation(14)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setAnimated(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAcceptDrops(True)
        desk.theme.changed.connect(self.viewport().update)

    def minimumSizeHint(self) -> QSize:
        """The tree gives way; the filter and the foot do not."""
        return QSize(60, 60)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters go to the filter, Space folds a tenant, Enter opens, the rest is Qt's."""
        text = event.text()
        strong = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not strong:
            self.activated.emit(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape and self._find.text():
            self._find.clear()
        elif text.isprintable() and text.strip() and not strong:
            self._find.setFocus()
            self._find.setText(self._find.text() + text)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Folders and addresses are welcome."""
        if address_of(event) and self._desk.tenants:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragEnterEvent) -> None:  # type: ignore[override]  # Qt's move event is one, too
        """Anywhere."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open New project with the address, under the tenant it was dropped on."""
        index = self.indexAt(event.position().toPoint())
        thing = index.data(ITEM)
        tenant = thing.id if isinstance(thing, Tenant) else None
        if isinstance(thing, Project):
            tenant = thing.tenant_id
        event.acceptProposedAction()
        text = address_of(event)
        QTimer.singleShot(0, lambda: verbs.new_project(self._desk, tenant, text))


def address_of(event: QDropEvent) -> str:
    """The folder or address that is dragged; "" when it is something else."""
    data = event.mimeData()
    for url in data.urls():
        return url.toLocalFile() if url.isLocalFile() else url.toString()
    text = data.text().strip() if data.hasText() else ""
    return text if text and "\n" not in text and len(text) < 2_000 else ""


class Sidebar(QWidget):
    """Where one is."""

    def __init__(self, desk: Desk, needs: Needs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(200)
        self.setMaximumWidth(480)
        self._desk, self._needs = desk, needs
        #: Names of actions a tree's context menu offers; filled by the window.
        self.menu_for: Callable[[QMenu, Iterable[str]], None] = lambda _menu, _ids: None
        #: Slugs of the tenants that are unfolded; None: nobody has folded anything yet.
        self.unfolded: set[str] | None = None
        self._folding = False
        self.search = desk.kit.search(tr("Filter projects"))
        self.model = TreeModel(desk, self)
        self.tree = Tree(desk, self.model, needs, self.search)
        self._empty = words("", "muted")
        self._build()
        self.tree.expanded.connect(lambda index: self._folded(index, True))
        self.tree.collapsed.connect(lambda index: self._folded(index, False))
        self.tree.activated.connect(self._open)
        self.tree.clicked.connect(self._click)
        self.tree.customContextMenuRequested.connect(self._menu)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._open_first)
        self.search.installEventFilter(self)
        desk.loaded.connect(self.show_all)
        desk.selected.connect(self.mark)
        desk.status_changed.connect(self._badge)
        needs.changed.connect(self.show_all)
        self._ages = QTimer(self)
        self._ages.setInterval(30_000)
        self._ages.timeout.connect(self.tree.viewport().update)
        self._ages.start()
        self.show_all()

    def _build(self) -> None:
        foot = hbox(gap=4)
        kit = self._desk.kit
        add = kit.tool("plus", tr("New tenant, project or key"))
        add.clicked.connect(lambda: self._add_menu(add))
        foot.addWidget(add)
        for icon, tip, action in (
            ("key", tr("Keys"), "view.keys"),
            ("share-network", tr("Integrations"), "view.integrations"),
            ("terminal-window", tr("Sessions"), "view.sessions"),
            ("gear-six", tr("Settings"), "view.settings"),
        ):
            tool = kit.tool(icon, tip, partial(self._desk.run_action, action))
            foot.addWidget(tool)
        foot.addStretch(1)
        self._hint = holder(vbox(self._empty, STRETCH, margins=(14, 4, 12, 0)))
        self.setLayout(
            vbox(
                hbox(self.search, margins=(10, 10, 10, 0)),
                (self._hint, 1),
                (self.tree, 1),
                holder(foot, height=44),
                gap=8,
                margins=(0, 0, 1, 0),
            )
        )
        foot.setContentsMargins(10, 0, 10, 0)

    def sizeHint(self) -> QSize:
        """As the pictures have it."""
        return QSize(268, 400)

    # What is shown ---------------------------------------------------------------------------

    def show_all(self) -> None:
        """Make the tree again; fold, scroll and selection stay."""
        at = self.tree.verticalScrollBar().value()
        current = self.model.node(self.tree.currentIndex())
        key = current.key if current and self.tree.hasFocus() else None
        self.model.rebuild(self._needs.all)
        self._fold()
        if self.model.filter:
            said = tr("No project is called so.")
        else:
            said = tr("Tenants and their projects appear here.")
        self._empty.setText(said)
        self.tree.setVisible(not self.model.empty)
        self._hint.setVisible(self.model.empty)
        index = self.model.of_key(key) if key else QModelIndex()
        if index.isValid():
            self.tree.setCurrentIndex(index)
        else:
            self.mark()
        self.tree.verticalScrollBar().setValue(at)

    def _fold(self) -> None:
        self._folding = True
        everything = bool(self.model.filter) or (
            self.unfolded is None and len(self._desk.projects) <= FEW
        )
        if everything:
            self.tree.expandAll()
        else:
            open_ = self.unfolded or set()
            if self.unfolded is None and self._desk.tenant:
                open_ = {self._desk.tenant.slug}
            for index in self.model.tenants():
                if index.data(ITEM).slug in open_:
                    self.tree.expand(index)
        self._folding = False

    def _folded(self, index: QModelIndex, open_: bool) -> None:
        thing = index.data(ITEM)
        if self._folding or self.model.filter or not isinstance(thing, Tenant):
            return
        if self.unfolded is None:
            self.unfolded = {
                row.data(ITEM).slug for row in self.model.tenants() if self.tree.isExpanded(row)
            }
        (self.unfolded.add if open_ else self.unfolded.discard)(thing.slug)

    def mark(self) -> None:
        """Mark the project shown."""
        project = self._desk.project
        index = self.model.of_project(project.id) if project else QModelIndex()
        if not index.isValid():
            self.tree.clearSelection()
            self.tree.setCurrentIndex(QModelIndex())
            return
        if not self.tree.isExpanded(index.parent()):
            self.tree.expand(index.parent())
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index)

    def unmark(self) -> None:
        """A page over all tenants is shown."""
        self.tree.clearSelection()
        self.tree.setCurrentIndex(QModelIndex())

    def _badge(self, project_id: int) -> None:
        if project_id:
            self.model.touch(project_id)
        else:
            self.tree.viewport().update()

    # What one does ---------------------------------------------------------------------------

    def _filter(self, text: str) -> None:
        self.model.filter = text.strip()
        self.show_all()

    def _open_first(self) -> None:
        index = self.model.first_project()
        if index.isValid():
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        thing = index.data(ITEM)
        if isinstance(thing, Project):
            self._desk.select(thing.id)
            self._desk.go("project")
        elif isinstance(thing, Need):
            if thing.project_id:
                self._desk.select(thing.project_id)
            self._desk.go(thing.page or "project", thing.argument)
        elif isinstance(thing, Tenant):
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _click(self, index: QModelIndex) -> None:
        self._open(index)

    def _menu(self, spot: QPoint) -> None:
        index = self.tree.indexAt(spot)
        thing = index.data(ITEM)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if isinstance(thing, Project):
            self._desk.select(thing.id)
            self.menu_for(
                menu,
                [
                    "project.clone",
                    "git.pull",
                    "git.push",
                    "git.fetch",
                    "-",
                    "runs.new",
                    "terminal.new",
                    "-",
                    "git.open_folder",
                    "git.copy_path",
                    "-",
                    "project.star",
                    "project.edit",
                    "project.delete",
                ],
            )
        elif isinstance(thing, Tenant):
            self._tenant_menu(menu, thing)
        else:
            self.menu_for(menu, ("tenant.new", "project.new"))
        menu.popup(self.tree.viewport().mapToGlobal(spot))

    def _tenant_menu(self, menu: QMenu, tenant: Tenant) -> None:
        from aiops_desktop.ui.actions.keys import import_key, new_key

        desk, icon = self._desk, self._desk.kit.icon
        menu.addAction(icon("plus"), tr("New project…"), lambda: verbs.new_project(desk, tenant.id))
        menu.addAction(icon("key"), tr("New key…"), lambda: new_key(desk, tenant.id))
        menu.addAction(
            icon("download-simple"), tr("Import key…"), lambda: import_key(desk, tenant.id)
        )
        menu.addSeparator()
        menu.addAction(
            icon("pencil-simple"),
            tr("Edit tenant {name}…", name=tenant.name),
            lambda: verbs.edit_tenant(desk, tenant),
        )
        menu.addSeparator()
        menu.addAction(
            icon("trash", "danger"),
            tr("Delete tenant {name}…", name=tenant.name),
            lambda: verbs.delete_tenant(desk, tenant),
        )

    def _add_menu(self, button: QWidget) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_for(menu, ("tenant.new", "project.new", "-", "key.new", "key.import"))
        menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the filter: Down goes to the tree, Esc clears."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                first = self.model.first_project()
                if not self.tree.currentIndex().isValid() and first.isValid():
                    self.tree.setCurrentIndex(first)
                self.tree.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)
