"""The tree of tenants and projects: quick, filtered, keyboard and badges."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from aiops_desktop.domain.projects import CheckoutState, Project
from aiops_desktop.domain.repositories import CheckoutStatus, FileChange, FileState
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.domain.trouble import Missing
from aiops_desktop.ui.dialogs.project import ProjectDialog
from aiops_desktop.ui.parts.rows import ITEM, Section
from aiops_desktop.ui.sidebar import Sidebar
from aiops_desktop.ui.sidebar_rows import badges, told
from tests.support.stage import Stage

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def crowd(stage: Stage, tenants: int, each: int) -> None:
    """Put many tenants and projects on the desk without a database."""
    for t in range(tenants):
        tenant = Tenant(t, f"tenant-{t:03}", f"tenant-{t:03}", "", "#2F7FBF", "", "", NOW)
        stage.desk.tenants[t] = tenant
        for p in range(each):
            number = t * each + p
            stage.desk.projects[number] = Project(
                number, t, f"project-{number:04}", f"p{number}", "u", "main", "",
                Path("/nowhere"), CheckoutState.ABSENT, NOW,
            )  # fmt: skip
    stage.desk.loaded.emit()


def shown(sidebar: Sidebar) -> list[str]:
    """What the tree holds, a tenant's projects behind it."""
    found: list[str] = []
    model = sidebar.model
    for row in range(model.rowCount()):
        index = model.index(row, 0)
        found.append(str(index.data()))
        found += [str(model.index(n, 0, index).data()) for n in range(model.rowCount(index))]
    return found


def test_the_model_is_sound_while_it_is_filtered_and_refilled(stage: Stage) -> None:
    sidebar = stage.window.sidebar
    QAbstractItemModelTester(
        sidebar.model, QAbstractItemModelTester.FailureReportingMode.Warning, sidebar
    )
    crowd(stage, 5, 4)
    for text in ("project-0003", "tenant-002", "nothing at all", ""):
        sidebar.search.setText(text)
    stage.desk.tenants.clear()
    stage.desk.projects.clear()
    stage.desk.loaded.emit()
    assert shown(sidebar) == []


def test_a_thousand_projects_are_filtered_within_a_frame(stage: Stage) -> None:
    sidebar = stage.window.sidebar
    crowd(stage, 100, 10)
    QApplication.processEvents()
    times: list[float] = []
    for text in ("p", "pr", "proj", "project-05", "project-055", "project-0555", "", "t"):
        began = time.thread_time()
        sidebar.search.setText(text)
        times.append(time.thread_time() - began)
        QApplication.processEvents()
    # The promise of 16 ms is measured by the benchmarks; here, that nothing grows out of hand.
    assert sorted(times)[len(times) // 2] < 0.1, [round(t * 1000, 1) for t in times]
    assert sum(isinstance(i.data(ITEM), Tenant) for i in sidebar.model.tenants()) == 100


def test_the_filter_keeps_the_tenants_of_what_it_finds(stage: Stage) -> None:
    sidebar = stage.window.sidebar
    crowd(stage, 3, 2)
    sidebar.search.setText("project-0003")
    assert shown(sidebar) == ["Tenants", "tenant-001", "project-0003"]
    sidebar.search.setText("tenant-002")
    assert shown(sidebar) == ["Tenants", "tenant-002", "project-0004", "project-0005"]
    sidebar.search.setText("tenant-002 0005")
    assert shown(sidebar) == ["Tenants", "tenant-002", "project-0005"]
    sidebar.search.setText("zzz")
    assert not sidebar.tree.isVisible()
    QTest.keyClick(sidebar.search, Qt.Key.Key_Escape)
    assert sidebar.search.text() == ""
    assert sidebar.tree.isVisible()


def test_typing_in_the_tree_filters_and_enter_opens_the_first(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.project(tenant, "api", clone=False)
    ledger = stage.project(tenant, "ledger", clone=False)
    sidebar = stage.window.sidebar
    sidebar.tree.setFocus()
    QTest.keyClicks(sidebar.tree, "l")
    QTest.keyClicks(sidebar.search, "ed")
    assert shown(sidebar) == ["Tenants", "acme", "ledger"]
    QTest.keyClick(sidebar.search, Qt.Key.Key_Return)
    assert stage.desk.project is not None
    assert stage.desk.project.id == ledger.id
    stage.settle()


def test_arrows_and_enter_choose_a_project(stage: Stage) -> None:
    tenant = stage.tenant()
    for name in ("api", "ledger"):
        stage.project(tenant, name, clone=False)
    sidebar = stage.window.sidebar
    sidebar.search.setFocus()
    QTest.keyClick(sidebar.search, Qt.Key.Key_Down)
    QTest.keyClick(sidebar.tree, Qt.Key.Key_Down)
    QTest.keyClick(sidebar.tree, Qt.Key.Key_Return)
    assert stage.desk.project is not None
    assert stage.desk.project.name == "ledger"
    stage.settle()


def test_folding_is_kept_over_a_reload(stage: Stage) -> None:
    tenant = stage.tenant()
    stage.project(tenant, "api", clone=False)
    sidebar = stage.window.sidebar
    sidebar.tree.collapse(sidebar.model.tenants()[0])
    sidebar.show_all()
    assert not sidebar.tree.isExpanded(sidebar.model.tenants()[0])
    assert sidebar.unfolded == set()
    stage.desk.select(next(iter(stage.desk.projects)))
    assert sidebar.tree.isExpanded(sidebar.model.tenants()[0]), "what is shown is seen"
    stage.settle()


def test_favourites_stand_on_top(stage: Stage) -> None:
    tenant = stage.tenant()
    project = stage.project(tenant, "docs", clone=False)
    stage.desk.select(project.id)
    stage.window.menus.run("project.star")
    stage.wait(lambda: shown(stage.window.sidebar)[:2] == ["Favourites", "docs"])
    stage.settle()


def test_a_failed_clone_needs_you_and_leads_to_its_page(stage: Stage) -> None:
    tenant = stage.tenant()
    made = stage.project(tenant, "infra", clone=False)
    failed = Project(**{
        **{name: getattr(made, name) for name in Project.__dataclass_fields__},
        "state": CheckoutState.FAILED,
    })  # fmt: skip
    stage.desk.projects[made.id] = failed
    stage.desk.loaded.emit()
    sidebar = stage.window.sidebar
    stage.wait(lambda: "infra: clone failed" in shown(sidebar))
    assert stage.window.header.bell.text() == "1"
    section = sidebar.model.index(0, 0).data(ITEM)
    assert section == Section("Needs you", "1")
    sidebar.tree.activated.emit(sidebar.model.index(1, 0))
    assert stage.desk.page == "overview"
    stage.settle()


STATUS = CheckoutStatus("main", None, "origin/main")
CHANGED = FileChange("a", FileState.MODIFIED)


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (STATUS, ""),
        (CheckoutStatus("main", None, "origin/main", ahead=2), "↑2"),
        (CheckoutStatus("main", None, "origin/main", ahead=1, behind=3), "↑1 ↓3"),
        (CheckoutStatus("main", None, unstaged=(CHANGED,)), "1 changed"),
        (CheckoutStatus("main", None, conflicts=(CHANGED,)), "has conflicts, 1 changed"),
        (Missing("The folder is gone."), "cannot be read"),
    ],
)
def test_badges_tell_the_state_in_words_too(
    stage: Stage, status: CheckoutStatus | Missing, wanted: str
) -> None:
    crowd(stage, 1, 1)
    project = stage.desk.projects[0]
    ready = Project(**{
        **{name: getattr(project, name) for name in Project.__dataclass_fields__},
        "state": CheckoutState.READY,
    })  # fmt: skip
    stage.desk.statuses[0] = status
    assert told(badges(stage.desk, stage.window.needs, ready)) == wanted


def test_the_status_of_every_checkout_is_swept(stage: Stage) -> None:
    tenant = stage.tenant()
    first = stage.project(tenant, "api")
    (first.checkout / "new.txt").write_text("x")
    stage.window.sweep.run()

    def swept() -> bool:
        found = stage.desk.statuses.get(first.id)
        return isinstance(found, CheckoutStatus) and found.changed == 1

    stage.wait(swept)
    stage.settle()


def test_a_dropped_folder_becomes_a_new_project(stage: Stage, tmp_path: Path) -> None:
    stage.tenant()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    stage.window.sidebar.tree.dropEvent(drop)
    dialog = stage.dialog(ProjectDialog)
    assert isinstance(dialog, ProjectDialog)
    assert dialog.form.address.text() == str(tmp_path)
    dialog.reject()
    stage.settle()
