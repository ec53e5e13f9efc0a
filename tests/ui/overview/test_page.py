"""The Overview: next steps, what needs the person, facts, activity, clone states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.deployments import Deployment, DeploymentState, Source
from aiops_desktop.domain.events import Outcome
from aiops_desktop.domain.integrations import Integration, IntegrationKind
from aiops_desktop.domain.issues import SyncState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.repositories import FileChange, FileState
from aiops_desktop.domain.runs import Run, RunState
from aiops_desktop.domain.trouble import Failed, Missing
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.acting import Acting
from aiops_desktop.ui.views.overview.page import OverviewPage
from tests.support.git_pages import (
    CLEAN,
    DIRTY,
    HEAD,
    STAGED,
    FakeHouse,
    ago,
    event,
    idle,
    make_desk,
    project,
    shown,
    theme,
)
from tests.support.real_house import real_house

WITHIN = "acme / web-shop"


@pytest.fixture
def house(layout: Layout) -> FakeHouse:
    return FakeHouse(layout)


@pytest.fixture
def desk(qtbot: QtBot, layout: Layout, house: FakeHouse) -> Iterator[Desk]:
    made = make_desk(layout, house)
    idle(qtbot, made)
    yield made
    made.close()


@pytest.fixture
def open_page(qtbot: QtBot, desk: Desk) -> Callable[[], OverviewPage]:
    def make() -> OverviewPage:
        page = OverviewPage(desk)
        shown(qtbot, desk, page)
        return page

    return make


def run(state: RunState, number: int = 1, last: str = "") -> Run:
    return Run(
        number, 1, 1, "codex", "Roll out in batches", "Roll out in batches", state, "b", "main",
        HEAD.id, Path("/x"), Path("/y"), "Ann", ago(minutes=6), last=last,
    )  # fmt: skip


def deployment(state: DeploymentState) -> Deployment:
    return Deployment(
        5, 1, 1, Source.SEMAPHORE, "3", "Deploy to production", state, "x", "Ann", ago(days=1),
        Path("/z"), commit=HEAD.id,
    )  # fmt: skip


def texts(page: OverviewPage) -> list[str]:
    return [one.text() for one in page.findChildren(QLabel) if one.isVisible() and one.text()]


def buttons(page: OverviewPage) -> list[str]:
    return [one.text() for one in page.findChildren(QPushButton) if one.isVisible()]


def click(page: OverviewPage, words: str) -> None:
    next(b for b in page.findChildren(QPushButton) if b.text() == words and b.isVisible()).click()


@pytest.mark.parametrize(
    ("status", "primary"),
    [
        (CLEAN, "New run"),
        (replace(CLEAN, ahead=2), "Push 2 commits"),
        (DIRTY, "Push 2 commits"),
        (replace(CLEAN, staged=STAGED), "Commit 2 files"),
        (replace(CLEAN, behind=3), "Pull 3 commits"),
        (replace(CLEAN, ahead=1, behind=3), "Fetch and rebase"),
        (replace(CLEAN, upstream=""), "Push main"),
        (replace(CLEAN, conflicts=(FileChange("a", FileState.CONFLICTED),)), "Solve 1 conflict"),
    ],
)
def test_the_primary_button_is_the_most_sensible_step(
    house: FakeHouse, desk: Desk, open_page: Callable[[], OverviewPage], status: Any, primary: str
) -> None:
    house.repositories.state = status
    page = open_page()
    assert page.buttons[-1].text() == primary
    assert page.buttons[-1].property("primary") == "true"
    assert sum(b.property("primary") == "true" for b in page.findChildren(QPushButton)) == 1


def test_a_step_that_cannot_be_taken_says_why(
    house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    house.repositories.state = replace(CLEAN, ahead=1, upstream="", branch="side")
    page = open_page()
    pull = next(b for b in page.buttons if b.text() == "Pull")
    assert not pull.isEnabled()
    assert "follows no branch" in pull.toolTip()


def test_after_a_rejected_push_the_next_step_is_not_to_push_again(
    house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    refused = event(2, "push", WITHIN, Outcome.REFUSED, note="The server has commits.")
    house.history.events = [refused]
    house.repositories.state = replace(CLEAN, ahead=2)
    page = open_page()
    assert page.buttons[-1].text() == "Push 2 commits"
    assert not page.buttons[-1].isEnabled()
    assert page.buttons[-1].toolTip() == "The server has commits."


def test_after_a_pull_the_push_is_offered_again(
    house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    house.history.events = [event(1, "pull", WITHIN), event(2, "push", WITHIN, Outcome.REFUSED)]
    house.repositories.state = replace(CLEAN, ahead=2)
    assert open_page().buttons[-1].isEnabled()


def test_pressing_the_step_does_it(
    qtbot: QtBot, house: FakeHouse, desk: Desk, open_page: Callable[[], OverviewPage]
) -> None:
    house.repositories.state = replace(CLEAN, behind=3)
    page = open_page()
    page.primary()
    idle(qtbot, desk)
    assert house.repositories.calls == [("pull", "ff-only")]


def test_what_needs_the_person_is_named_with_the_step_that_solves_it(
    qtbot: QtBot, house: FakeHouse, desk: Desk, open_page: Callable[[], OverviewPage]
) -> None:
    house.runs.items = [run(RunState.WAITING, 3, "Per batch or overall?"), run(RunState.READY, 2)]
    house.deployments.items = [deployment(DeploymentState.ERROR)]
    house.history.events = [
        event(1, "push", WITHIN, Outcome.REFUSED, note="The server has commits you do not have.")
    ]
    page = open_page()
    said = texts(page)
    for words in (
        "Codex waits for your answer",
        "Per batch or overall?",
        "Codex is ready for review",
        "Deployment failed",
        "Push rejected",
    ):
        assert words in said
    with qtbot.waitSignal(desk.page_wanted) as caught:
        click(page, "Answer")
    assert caught.args == ["runs", 3]
    with qtbot.waitSignal(desk.page_wanted) as caught:
        click(page, "Review")
    assert caught.args == ["runs", ("review", 2)]
    with qtbot.waitSignal(desk.page_wanted) as caught:
        click(page, "Open")
    assert caught.args == ["deploy", 5]
    click(page, "Rebase")
    idle(qtbot, desk)
    assert house.repositories.calls == [("pull", "rebase")]


def test_a_token_that_ends_and_a_link_that_fails_are_named_with_their_steps(
    qtbot: QtBot, desk: Desk, house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    now = datetime.now(UTC)
    one = Integration(
        7, 1, IntegrationKind.GITLAB, "Work", "https://git.acme.example", "ann", now, tested=now
    )
    soon = replace(one, id=8, name="Soon", expires=now + timedelta(days=3))
    sync = SyncState(1, 1, 1, "Work: a/b", failures=2, what="Nobody answers.", integration_id=7)
    house.linked.links = [(one, sync), (soon, replace(sync, failures=0, integration_id=8))]
    page = open_page()
    said = texts(page)
    for words in ("Issues do not sync", "Nobody answers.", "A token ends soon"):
        assert words in said
    with qtbot.waitSignal(desk.page_wanted) as caught:
        click(page, "New token")
    assert caught.args == ["integrations", ("token", soon)]


def test_without_needs_there_is_no_empty_heading(
    house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    house.runs.items = [run(RunState.MERGED)]
    assert "Needs you" not in texts(open_page())


def test_facts_tell_branch_distance_commit_run_and_deployment(
    house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    house.runs.items = [run(RunState.MERGED)]
    house.deployments.items = [deployment(DeploymentState.SUCCESS)]
    said = texts(open_page())
    for words in ("main", "origin/main", "2 commits", "not pushed yet, none behind", "8e41c07b",
                  HEAD.summary, "Merged", "Succeeded", "Deploy to production",
                  "git@git.acme.example:shop/web-shop.git"):  # fmt: skip
        assert words in said


def test_an_id_is_copied_whole_by_click_and_key(
    desk: Desk, house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    page = open_page()
    label = next(one for one in page.findChildren(Acting) if one.text() == "8e41c07b")
    QTest.mouseClick(label, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == HEAD.id
    QGuiApplication.clipboard().clear()
    QTest.keyClick(label, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == HEAD.id


def test_activity_is_said_in_words_and_leads_to_the_history(
    qtbot: QtBot, desk: Desk, house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    house.history.events = [
        event(1, "commit", WITHIN, note="Wait longer", facts={"commit": HEAD.id}),
        event(2, "push", WITHIN, Outcome.REFUSED, note="The server has commits."),
        event(3, "run", "web-shop: Roll out", Outcome.RUNNING),
        event(4, "fetch", WITHIN, note="nothing new"),
        event(5, "polish", "the silver"),
    ]
    page = open_page()
    names = [page.activity.rows.index(n, 0).data() for n in range(5)]
    assert [name.partition(",")[0] for name in names] == [
        "Ann committed 8e41c07b",
        "Ann push refused: The server has commits.",
        "Ann started a run: Roll out",
        "Ann fetched: nothing new",
        "Ann polish done: the silver",
    ]
    page.grab()
    page.activity.choose(2)
    with qtbot.waitSignal(desk.page_wanted) as caught:
        page.activity.opened.emit(page.activity.current())
    assert caught.args == ["history", 2]


def test_an_unchanged_state_is_not_built_anew(
    desk: Desk, open_page: Callable[[], OverviewPage]
) -> None:
    page = open_page()
    before = page.findChildren(Acting)
    desk.status_changed.emit(1)
    assert page.findChildren(Acting) == before


def test_a_folder_that_is_gone_stays_said(
    house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    house.repositories.state = Missing("The folder of web-shop is gone.", "Clone it again.")
    page = open_page()
    assert "The folder of web-shop is gone." in texts(page)
    assert "Try again" in buttons(page)


def test_not_cloned_offers_to_clone(
    qtbot: QtBot, desk: Desk, house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    desk.projects[1] = desk.project = project(CheckoutState.ABSENT)
    page = open_page()
    assert "web-shop is not cloned yet." in texts(page)
    click(page, "Clone")
    idle(qtbot, desk)
    assert house.repositories.calls == [("clone",)]


def test_a_clone_at_work_shows_how_far_it_is_and_can_be_stopped(
    qtbot: QtBot, desk: Desk, house: FakeHouse, open_page: Callable[[], OverviewPage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def clone(_project: int, job: Job) -> None:
        job.progress("Receiving objects", 62, 100)
        job.pause(60)

    monkeypatch.setattr(house.repositories, "clone", clone)
    house.projects.items = [project(CheckoutState.ABSENT)]
    desk.projects[1] = desk.project = house.projects.items[0]
    page = open_page()
    click(page, "Clone")
    qtbot.waitUntil(lambda: "62 %" in texts(page))
    assert "Cloning web-shop" in texts(page)
    assert "Receiving objects" in texts(page)
    click(page, "Stop")
    idle(qtbot, desk)
    assert "web-shop is not cloned yet." in texts(page)


def test_a_failed_clone_is_a_state_with_its_sentence_and_details(
    qtbot: QtBot, desk: Desk, house: FakeHouse, open_page: Callable[[], OverviewPage]
) -> None:
    sentence = "git.acme.example did not answer. Check the address."
    house.projects.items = [project(CheckoutState.FAILED, clone_error=sentence)]
    desk.projects[1] = desk.project = house.projects.items[0]
    page = open_page()
    assert "web-shop could not be cloned" in texts(page)
    assert sentence in texts(page)
    house.repositories.problem = Failed("No.", detail="ssh: connect to host: timed out")
    click(page, "Try again")
    idle(qtbot, desk)
    assert house.repositories.calls == [("clone",)]
    assert "Details" in buttons(page)


def test_a_real_clone_that_fails_can_be_tried_again(
    qtbot: QtBot, layout: Layout, tmp_path: Path
) -> None:
    real = real_house(layout, {"README.md": "# Shop\n\nSells things.\n"}, clone=False)
    real.remote.rename(tmp_path / "hidden.git")
    desk = Desk(layout, theme())
    desk.open_house(real.house)
    idle(qtbot, desk)
    desk.select(real.project.id)
    page = OverviewPage(desk)
    desk.selected.connect(lambda: page.show_project(desk.project))
    shown(qtbot, desk, page)
    click(page, "Clone")
    idle(qtbot, desk)
    assert "web-shop could not be cloned" in texts(page)
    (tmp_path / "hidden.git").rename(real.remote)
    click(page, "Try again")
    idle(qtbot, desk)
    assert page.buttons[-1].text() == "New run"
    assert "README.md" in texts(page)
    assert "Sells things." in page.readme.toPlainText()
    desk.close()
