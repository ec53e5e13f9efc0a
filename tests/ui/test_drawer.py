"""The drawer shows what works, failed and ended; toasts come and go."""

from __future__ import annotations

import threading

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from aiops_desktop.domain.changes import Changes, Done
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.drawer_row import JobRow
from aiops_desktop.ui.jobs import JobState
from tests.support.stage import Stage


def rows(stage: Stage) -> list[JobRow]:
    """The rows from top to bottom."""
    found = stage.window.drawer.findChildren(JobRow)
    alive = [row for row in found if row.isVisibleTo(stage.window.drawer)]
    return sorted(alive, key=lambda row: row.y())


def button(row: JobRow, words: str) -> QPushButton:
    return next(b for b in row.findChildren(QPushButton) if b.text() == words)


def test_a_job_that_takes_its_time_opens_the_drawer_and_can_be_stopped(stage: Stage) -> None:
    def work(job: Job) -> None:
        while True:
            job.progress("Receiving objects", 62, 100)
            job.pause(0.02)

    record = stage.desk.start("Clone infra", work)
    drawer = stage.window.drawer
    assert not drawer.isVisible()
    stage.wait(drawer.isVisible)
    assert stage.window.header.jobs.text() == "1"
    button(rows(stage)[0], "Stop").click()
    stage.wait(lambda: record.state is JobState.STOPPED)
    assert stage.window.header.jobs.text() == ""


def test_a_queued_job_names_what_it_waits_for_and_is_cancelled(stage: Stage) -> None:
    go = threading.Event()
    first = stage.desk.start("Clone infra", lambda _job: go.wait(20), lane="x")
    second = stage.desk.start("Push infra", lambda _job: None, lane="x")
    stage.wait(lambda: first.state is JobState.RUNNING)
    stage.window.drawer.open()
    assert "waits for Clone infra" in rows(stage)[1]._said.text()
    button(rows(stage)[1], "Cancel").click()
    go.set()
    stage.wait(lambda: second.state is JobState.STOPPED)


def test_a_failure_says_why_and_can_be_tried_again(stage: Stage) -> None:
    tries: list[int] = []

    def start() -> None:
        stage.desk.start("Sync", work, again=start, trouble=lambda _trouble: None)

    def work(_job: Job) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Failed("The server answers 401.", "Make another token.", "HTTP 401")

    start()
    stage.wait(lambda: bool(rows(stage)) and stage.window.drawer.isVisible())
    row = rows(stage)[0]
    button(row, "Copy details").click()
    button(row, "Try again").click()
    stage.wait(lambda: len(tries) == 2)
    stage.wait(lambda: [r.state for r in stage.desk.jobs.shown] == [JobState.DONE])


def test_a_row_unfolds_to_what_was_printed(stage: Stage) -> None:
    def work(job: Job) -> Done:
        for number in range(3):
            job.line(f"line {number}")
        return Done(Changes(), "3 lines")

    record = stage.desk.start("Fetch", work)
    stage.wait(lambda: record.state is JobState.DONE)
    stage.window.drawer.open()
    row = rows(stage)[0]
    row.unfold()
    shown = row.findChild(QPlainTextEdit)
    assert shown is not None
    assert shown.toPlainText() == "line 0\nline 1\nline 2"
    assert shown.isReadOnly()
    row.unfold()
    stage.window.menus.run("view.clear_jobs")
    assert stage.desk.jobs.shown == []


def test_esc_closes_the_drawer_and_pages_give_way_to_it(stage: Stage) -> None:
    window = stage.window
    stage.desk.select(stage.project(stage.tenant()).id, "overview")
    high = window.stack.height()
    window.menus.run("view.jobs")
    stage.wait(lambda: window.stack.height() < high)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.drawer.isVisible()
    stage.wait(lambda: window.stack.height() == high)
    stage.settle()


def test_reads_in_the_background_are_not_listed(stage: Stage) -> None:
    stage.desk.read(lambda _job: None, lambda _none: None)
    stage.settle()
    assert rows(stage) == []


def test_a_refusal_at_a_field_does_not_open_the_drawer(stage: Stage) -> None:
    def work(_job: Job) -> None:
        raise Refused("The name is taken.", field="name")

    record = stage.desk.start("Create tenant", work, trouble=lambda _trouble: None)
    stage.wait(lambda: record.state is JobState.FAILED)
    assert not stage.window.drawer.isVisible()


def test_at_most_three_toasts_stand_in_the_corner(stage: Stage) -> None:
    toasts = stage.window.toasts
    for number in range(5):
        stage.desk.toast("info", f"Toast {number}")
    names = [toast.accessibleName() for toast in toasts.shown]
    assert names == ["Toast 2", "Toast 3", "Toast 4"]
    right = stage.window.right.width()
    assert all(toast.geometry().right() < right for toast in toasts.shown)
    tops = [toast.y() for toast in toasts.shown]
    assert tops == sorted(tops), "the newest stands lowest"
    for toast in list(toasts.shown):
        toast.leave()
    assert toasts.shown == []


def test_a_toast_offers_its_action(stage: Stage) -> None:
    stage.desk.toast("eye", "Look at the keys", "", "view.settings")
    toast = stage.window.toasts.shown[-1]
    offered = next(b for b in toast.findChildren(QPushButton) if b.text() == "Show settings")
    offered.click()
    assert stage.window.page is stage.window.page_of("settings")
    assert toast not in stage.window.toasts.shown
    stage.settle()
