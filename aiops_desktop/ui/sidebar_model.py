"""The sidebar's tree as data: what needs one, favourites, tenants and their projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.ui.needs import Need
from aiops_desktop.ui.parts.rows import ITEM, Section
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk

_Index = QModelIndex | QPersistentModelIndex
Thing = Section | Need | Tenant | Project

# Made once: Qt asks for the flags of every row of the tree when it lays them out.
_HEADING = Qt.ItemFlag.ItemIsEnabled
_BRANCH = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_LEAF = _BRANCH | Qt.ItemFlag.ItemNeverHasChildren


@dataclass(eq=False, slots=True)
class Node:
    """A row: its thing, its place, and its children."""

    thing: Thing
    number: int = 0
    row: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    favourite: bool = False
    """A project's row among the favourites, not the one under its tenant."""

    @property
    def key(self) -> tuple[str, object]:
        """The identity that outlives a reload."""
        if isinstance(self.thing, (Tenant, Project)):
            kind = "favourite" if self.favourite else type(self.thing).__name__
            return kind, self.thing.id
        if isinstance(self.thing, Need):
            return "need", (self.thing.project_id, self.thing.page, self.thing.argument)
        return "section", self.thing.title


class TreeModel(QAbstractItemModel):
    """Rows of the sidebar. Replaced as a whole; a thousand projects take a few milliseconds."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._roots: list[Node] = []
        self._nodes: list[Node] = []
        self._of_project: dict[int, list[Node]] = {}
        self._of_tenant: dict[int, Node] = {}
        self.filter = ""

    # Filling ---------------------------------------------------------------------------------

    def rebuild(self, needs: Sequence[Need] = ()) -> None:
        """Make all rows again from the desk's tenants and projects and the filter."""
        self.beginResetModel()
        self._roots, self._nodes, self._of_project, self._of_tenant = [], [], {}, {}
        words = self.filter.casefold().split()
        if needs and not words:
            self._root(Section(tr("Needs you"), str(len(needs))))
            for need in needs:
                self._root(need)
        projects = sorted(self._desk.projects.values(), key=lambda p: p.name.casefold())
        self._favourites([p for p in projects if p.favourite and not words])
        self._tenants(projects, words)
        self.endResetModel()

    def _favourites(self, projects: list[Project]) -> None:
        if projects:
            self._root(Section(tr("Favourites")))
        for project in projects:
            node = self._root(project)
            node.favourite = True
            self._of_project.setdefault(project.id, []).append(node)

    def _tenants(self, projects: list[Project], words: list[str]) -> None:
        below: dict[int, list[Project]] = {}
        for project in projects:
            below.setdefault(project.tenant_id, []).append(project)
        tenants = sorted(self._desk.tenants.values(), key=lambda t: t.name.casefold())
        headed = False
        for tenant in tenants:
            name = tenant.name.casefold()
            rest = [word for word in words if word not in name]
            mine = below.get(tenant.id, [])
            if rest:
                mine = [p for p in mine if all(word in p.name.casefold() for word in rest)]
                if not mine:
                    continue
            if not headed:
                headed = True
                self._root(Section(tr("Tenants")))
            self._tenant(tenant, mine)

    def _tenant(self, tenant: Tenant, projects: list[Project]) -> None:
        node = self._root(tenant)
        self._of_tenant[tenant.id] = node
        for row, project in enumerate(projects):
            child = Node(project, len(self._nodes), row, node)
            self._nodes.append(child)
            node.children.append(child)
            self._of_project.setdefault(project.id, []).append(child)

    def _root(self, thing: Thing) -> Node:
        node = Node(thing, len(self._nodes), len(self._roots))
        self._nodes.append(node)
        self._roots.append(node)
        return node

    def touch(self, project_id: int) -> None:
        """A project's badges are others now."""
        for node in self._of_project.get(project_id, []):
            index = self._index(node)
            self.dataChanged.emit(index, index)

    def touch_all(self) -> None:
        """All badges may be others now."""
        for node in [node for nodes in self._of_project.values() for node in nodes]:
            index = self._index(node)
            self.dataChanged.emit(index, index)

    # Looking ---------------------------------------------------------------------------------

    def node(self, index: _Index) -> Node | None:
        """The row at an index."""
        # A number, not a pointer: an index from before the last reset then finds a wrong row
        # or none, but never freed memory.
        number = index.internalId() if index.isValid() else -1
        return self._nodes[number] if 0 <= number < len(self._nodes) else None

    def tenants(self) -> list[QModelIndex]:
        """The rows of tenants."""
        return [self._index(node) for node in self._of_tenant.values()]

    def of_project(self, project_id: int) -> QModelIndex:
        """A project's row under its tenant; no index when the filter hides it."""
        for node in self._of_project.get(project_id, []):
            if not node.favourite:
                return self._index(node)
        return QModelIndex()

    def of_key(self, key: tuple[str, object]) -> QModelIndex:
        """The row with this identity."""
        for root in self._roots:
            for node in (root, *root.children):
                if node.key == key:
                    return self._index(node)
        return QModelIndex()

    def first_project(self) -> QModelIndex:
        """The first project shown, for Enter in the filter."""
        for node in self._of_tenant.values():
            if node.children:
                return self._index(node.children[0])
        return QModelIndex()

    @property
    def empty(self) -> bool:
        """Nothing is shown."""
        return not self._roots

    def _index(self, node: Node) -> QModelIndex:
        return self.createIndex(node.row, 0, node.number)

    # Qt's questions --------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008 - Qt's signature
        """The index of a row."""
        rows = self._rows(parent)
        if column == 0 and 0 <= row < len(rows):
            return self._index(rows[row])
        return QModelIndex()

    def parent(self, child: _Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008 - QObject's parent() is overloaded in Qt
        """The tenant of a project."""
        node = self.node(child)
        return self._index(node.parent) if node and node.parent else QModelIndex()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Rows below."""
        return len(self._rows(parent))

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One."""
        return 1

    def hasChildren(self, parent: _Index = QModelIndex()) -> bool:  # noqa: B008 - Qt's signature
        """Whether there is something below."""
        return bool(self._rows(parent))

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's view of a row."""
        node = self.node(index)
        if node is None:
            return None
        if role == ITEM:
            return node.thing
        name = _name(node.thing)
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._told(node.thing)
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings cannot be chosen; nothing is below a project."""
        node = self.node(index)
        if node is None:
            return Qt.ItemFlag.NoItemFlags
        if isinstance(node.thing, Section):
            return _HEADING
        return _BRANCH if isinstance(node.thing, Tenant) else _LEAF

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        """The view takes drops itself."""
        return False

    def _rows(self, parent: _Index) -> list[Node]:
        if not parent.isValid():
            return self._roots
        node = self.node(parent)
        return node.children if node and parent.column() == 0 else []

    def _told(self, thing: Thing) -> str:
        if isinstance(thing, Project):
            tenant = self._desk.tenants.get(thing.tenant_id)
            return f"{tenant.name} / {thing.name}" if tenant else thing.name
        return _name(thing)


def _name(thing: Thing) -> str:
    if isinstance(thing, Section):
        return thing.title
    return thing.text if isinstance(thing, Need) else thing.name
