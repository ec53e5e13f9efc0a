"""The sidebar's tree against a plain Qt tree with the same rows."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QTreeView, QVBoxLayout, QWidget

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.tenants import COLOURS, Tenant
from aiops_desktop.ui.application import application
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.needs import Needs
from aiops_desktop.ui.sidebar import Sidebar
from aiops_desktop.ui.theme import Theme
from tests.benchmarks.result import Result, seconds

TENANTS, PROJECTS, ROUNDS, TURNS = 100, 10, 20, 5
#: What somebody types, letter by letter, then takes back: a project, a tenant, both, nonsense.
TYPED = ("web-shop", "tenant-07", "billing 42", "tenant-1 dns", "xyzzy", "a")
_KINDS = (
    "web-shop",
    "billing",
    "dns",
    "firewalls",
    "monitoring",
    "mail",
    "database-cluster",
    "kubernetes",
    "backup",
    "intranet",
)


def measure(folder: Path) -> list[Result]:
    """Build and filter 100 tenants with 10 projects each, every time until it is painted."""
    app = application()
    ours, plain = _Ours(app, folder), _Plain()
    for tree in (ours, plain):
        tree.build()
        for _ in range(20):
            app.processEvents()
    builds = [(seconds(ours.build), seconds(plain.build)) for _ in range(ROUNDS)]
    mine, theirs = (min(times) * 1000 for times in zip(*builds, strict=True))
    keys = [_type(ours.find, ours.paint) for _ in range(TURNS)]
    peers = [_type(plain.find, plain.paint) for _ in range(TURNS)]
    best, best_peer = _best(keys), _best(peers)
    median, peer = statistics.median(best), statistics.median(best_peer)
    p95, peer95 = _p95(best), _p95(best_peer)
    for tree in (ours, plain):
        tree.close()
    rows = f"{TENANTS} tenants × {PROJECTS} projects, all unfolded, 268×860"
    other = "a plain QTreeView on QStandardItemModel and QSortFilterProxyModel with the same rows"
    built = (
        f"model made anew, view laid out and painted: {rows}; best of {ROUNDS} {mine:.1f} ms, "
        f"{other} {theirs:.1f} ms in turns"
    )
    typed = (
        f"a key into the filter until the tree is painted: {rows}; {len(best)} keystrokes typed "
        f"and taken back ({', '.join(TYPED)}), the best of {TURNS} of each; median {median:.1f} "
        f"ms, p95 {p95:.1f} ms, worst {max(best):.1f} ms; {other}: median {peer:.1f} ms, p95 "
        f"{peer95:.1f} ms"
    )
    return [
        Result("tree.build_ms", mine, "ms", 16, "lower", built),
        Result("tree.build", mine / theirs, "x", 2.5, "lower", built),
        Result("tree.filter_keystroke_ms", median, "ms", 16, "lower", typed),
        Result("tree.filter_keystroke_p95_ms", p95, "ms", 16, "lower", typed),
        Result("tree.filter_keystroke", p95 / peer95, "x", 2.5, "lower", f"{typed}; of the p95"),
    ]


def _type(find: QLineEdit, paint: Callable[[], None]) -> list[float]:
    """Milliseconds of each keystroke, from the changed text to the painted tree."""
    took = []
    for word in TYPED:
        steps = [word[:end] for end in range(1, len(word) + 1)]
        for text in (*steps, *reversed(steps[:-1]), ""):

            def key(text: str = text) -> None:
                find.setText(text)
                paint()

            took.append(seconds(key) * 1000)
    return took


def _best(turns: list[list[float]]) -> list[float]:
    """Each keystroke's best: what it costs, without what else the machine did."""
    return [min(times) for times in zip(*turns, strict=True)]


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


class _Ours:
    """The sidebar, with tenants and projects as the services give them."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.desk = Desk(Layout(folder / "tree", is_default=False), Theme(app, "light"))
        now = datetime.now(UTC)
        for number in range(TENANTS):
            colour = COLOURS[number % len(COLOURS)]
            name = f"tenant-{number:02d}"
            self.desk.tenants[number] = Tenant(number, name, name, "", colour, "", "", now)
            for which in range(PROJECTS):
                id_, title = number * PROJECTS + which, _title(number, which)
                self.desk.projects[id_] = Project(
                    id_,
                    number,
                    title,
                    title,
                    f"git@git.example.org:{name}/{title}.git",
                    "main",
                    "",
                    folder / name / title,
                    CheckoutState.READY,
                    now,
                )
        self.sidebar = Sidebar(self.desk, Needs(self.desk))
        self.sidebar.unfolded = {tenant.slug for tenant in self.desk.tenants.values()}
        self.sidebar.resize(268, 940)
        self.sidebar.show()
        self.find = self.sidebar.search

    def build(self) -> None:
        self.sidebar.show_all()
        self.paint()

    def paint(self) -> None:
        self.sidebar.tree.viewport().repaint()

    def close(self) -> None:
        self.sidebar.close()
        self.desk.close()


class _Plain:
    """What one gets from Qt without writing a model."""

    def __init__(self) -> None:
        self.top = QWidget()
        self.find = QLineEdit()
        self.view = QTreeView()
        self.view.setHeaderHidden(True)
        self.view.setUniformRowHeights(True)
        self.proxy = QSortFilterProxyModel()
        self.proxy.setRecursiveFilteringEnabled(True)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view.setModel(self.proxy)
        self.find.textChanged.connect(self._filter)
        column = QVBoxLayout(self.top)
        column.addWidget(self.find)
        column.addWidget(self.view)
        self.top.resize(268, 940)
        self.top.show()

    def build(self) -> None:
        model = QStandardItemModel(self.proxy)
        for number in range(TENANTS):
            tenant = QStandardItem(f"tenant-{number:02d}")
            tenant.appendRows([QStandardItem(_title(number, at)) for at in range(PROJECTS)])
            model.appendRow(tenant)
        before = self.proxy.sourceModel()
        self.proxy.setSourceModel(model)
        if before is not None:
            before.deleteLater()
        self.view.expandAll()
        self.paint()

    def paint(self) -> None:
        self.view.viewport().repaint()

    def close(self) -> None:
        self.top.close()

    def _filter(self, text: str) -> None:
        self.proxy.setFilterFixedString(text)
        self.view.expandAll()


def _title(tenant: int, which: int) -> str:
    return f"{_KINDS[which]}-{tenant}"
