"""The window comes first, remembers itself, and says what cannot be opened."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Clash, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.house import House
from aiops_desktop.storage.events import EventStore
from aiops_desktop.storage.open import open_database
from aiops_desktop.ui.application import Opened, asked_project
from aiops_desktop.ui.dialogs.leave import QuitDialog
from aiops_desktop.ui.instance import Doorbell
from aiops_desktop.ui.tabs import PAGES
from tests.support.stage import Stage, close_stage, open_stage


def test_importing_the_window_loads_nothing_heavy() -> None:
    code = (
        "import sys, aiops_desktop.ui.application\n"
        "heavy = {'sqlalchemy', 'alembic', 'pygit2', 'paramiko', 'requests', 'keyring', 'pyte'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_window_is_seen_before_the_services_are_built(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    seen: list[bool] = []

    def refuse(_layout: Layout) -> House:
        seen.append(opened.window.isVisible())
        raise Refused("The database was made by version 9.", "Install that version.")

    opened = Opened(qapp, layout, refuse, Doorbell(str(layout.data / "s")))
    opened.window.show()
    opened.open()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [True]
    page = opened.window.opening
    qtbot.waitUntil(lambda: bool(page.findChildren(QPushButton)))
    assert opened.window.stack.currentWidget() is page
    words = [button.text() for button in page.findChildren(QPushButton)]
    assert words == ["Open data folder", "Quit"]
    opened.window.leave()
    opened.close()


def test_an_empty_data_folder_opens_with_the_guide(stage: Stage) -> None:
    window = stage.window
    assert window.stack.currentWidget() is window.page_of("welcome")
    assert not window.edge.isVisible()
    assert not window.tabs.isVisible()
    assert stage.desk.page == ""


def test_ctrl_and_a_number_shows_each_page(stage: Stage) -> None:
    project = stage.project(stage.tenant())
    stage.desk.select(project.id, "overview")
    for number, name in enumerate(PAGES, 1):
        QTest.keyClick(
            stage.window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier
        )
        assert stage.desk.page == name
        assert stage.window.tabs.currentIndex() == number - 1
        assert stage.window.page is stage.window.page_of(name)
    stage.window.go("overview")
    stage.settle()


def test_full_pages_hide_tabs_and_edge_and_esc_leads_back(stage: Stage) -> None:
    window = stage.window
    stage.desk.select(stage.project(stage.tenant()).id, "changes")
    assert window.edge.isVisible()
    window.menus.run("view.keys")
    assert not window.edge.isVisible()
    assert not window.tabs.isVisible()
    assert stage.desk.page == ""
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert stage.desk.page == "changes"
    assert window.edge.isVisible()
    stage.settle()


def test_the_last_project_and_sizes_come_back(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    first = open_stage(qapp, qtbot, layout)
    project = first.project(first.tenant("Globex"), "billing")
    first.desk.select(project.id, "history")
    first.window.resize(1200, 700)
    first.window.split.setSizes([300, 900])
    wide = first.window.split.sizes()[0]
    first.settle()
    close_stage(first)
    second = open_stage(qapp, qtbot, layout)
    assert second.desk.project is not None
    assert second.desk.project.name == "billing"
    assert second.desk.page == "history"
    assert second.window.memory.place == ("globex/billing", "history")
    assert abs(second.window.split.sizes()[0] - wide) < 40
    second.settle()
    close_stage(second)


def test_the_smallest_window_still_holds_everything(stage: Stage) -> None:
    stage.desk.select(stage.project(stage.tenant()).id, "overview")
    stage.window.resize(1024, 640)
    QApplication.processEvents()
    assert (stage.window.width(), stage.window.height()) == (1024, 640)
    header = stage.window.header
    middle = header.search.geometry().center().x()
    assert abs(middle - 512) < 16, "the search stands in the middle"
    stage.settle()


def test_quitting_names_the_jobs_it_would_stop(stage: Stage) -> None:
    def work(job: Job) -> None:
        job.pause(60)

    stage.desk.start("Clone infra", work)
    stage.wait(lambda: any(record.begun for record in stage.desk.jobs.shown))
    stage.desk.restarting = True
    stage.window.close()
    dialog = stage.dialog(QuitDialog)
    assert stage.window.isVisible()
    assert dialog.windowTitle() == "1 job is still at work"
    dialog.reject()
    assert stage.window.isVisible()
    assert not stage.desk.restarting, "a later quit is meant to be one"
    stage.desk.jobs.shown[0].stop()
    stage.settle()


def test_a_dialog_about_quitting_leaves_by_itself_when_the_job_is_done(stage: Stage) -> None:
    left: list[bool] = []
    stage.window.leaving.connect(lambda: left.append(True))
    fetched = threading.Event()
    stage.desk.start("Fetch", lambda _job: fetched.wait(60))
    stage.window.close()
    stage.dialog(QuitDialog)
    fetched.set()
    stage.wait(lambda: bool(left))


def test_an_error_of_ours_becomes_a_report_and_a_notice(
    stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    def work(_job: Job) -> None:
        raise ZeroDivisionError("by a test")

    stage.desk.start("Divide", work)
    logs = stage.desk.layout.logs
    stage.wait(lambda: bool(list(logs.glob("crash-*.txt"))))
    report = next(logs.glob("crash-*.txt"))
    assert "ZeroDivisionError: by a test" in report.read_text()
    assert report.stat().st_mode & 0o077 == 0
    stage.wait(lambda: bool(stage.window.notices.shown))
    assert "inside the program" in stage.window.notices.shown[0].trouble.what
    report.unlink()  # it was meant; the stage fails on others


def test_a_clash_stands_above_the_page_with_its_next_steps(stage: Stage) -> None:
    desk, window = stage.desk, stage.window
    project = stage.project(stage.tenant())
    desk.select(project.id, "overview")

    def push(_job: Job) -> None:
        steps = ("git.fetch_rebase", "git.show_incoming", "git.push_lease")
        raise Clash("The server has commits you do not have.", steps=steps)

    desk.start("Push web-shop", push, project_id=project.id)
    stage.wait(lambda: bool(window.notices.shown))
    words = [button.text() for button in window.notices.slot.findChildren(QPushButton)]
    assert words[:3] == ["Show commits", "Push with lease…", "Fetch and rebase"]
    assert window.notices.slot.isVisible()
    stage.wait(lambda: any("server has commits" in need.text for need in window.needs.all))
    desk.start("Push web-shop", lambda _job: None, project_id=project.id)
    stage.wait(lambda: not window.notices.shown)
    assert not window.notices.slot.isVisible()
    stage.settle()


def test_a_banner_belongs_to_its_project(stage: Stage) -> None:
    desk, window = stage.desk, stage.window
    tenant = stage.tenant()
    shop, docs = stage.project(tenant, "shop"), stage.project(tenant, "docs")
    desk.select(shop.id, "overview")
    desk.banner_wanted.emit(docs.id, Refused("There is nothing to commit."))
    assert not window.notices.shown
    desk.select(docs.id)
    assert [notice.trouble.what for notice in window.notices.shown] == [
        "There is nothing to commit."
    ]
    desk.select(shop.id)
    assert not window.notices.shown
    stage.settle()


def test_what_a_killed_program_left_is_said_once(
    qapp: QApplication, qtbot: QtBot, layout: Layout
) -> None:
    events = EventStore(open_database(layout))
    events.add("clone", "acme / infra", actor="Ann", process="999999:1.0")
    stage = open_stage(qapp, qtbot, layout)
    stage.wait(lambda: bool(stage.window.notices.shown))
    assert "clone acme / infra" in stage.window.notices.shown[0].trouble.what
    stage.settle()
    close_stage(stage)


@pytest.mark.parametrize(
    ("argv", "wanted"),
    [
        ([], ""),
        (["--project", "acme/shop"], "acme/shop"),
        (["--project=acme/shop"], "acme/shop"),
        (["aiops://acme/shop/"], "acme/shop"),
        (["--project"], ""),
    ],
)
def test_the_project_asked_for_is_read_from_the_words(argv: list[str], wanted: str) -> None:
    assert asked_project(argv) == wanted
