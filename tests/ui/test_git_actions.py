"""Git's actions: what they do, and why they cannot be used in every state of a project."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import CheckoutState
from aiops_desktop.domain.repositories import FileChange, FileState
from aiops_desktop.domain.trouble import Clash, Failed, Missing, NotTrusted, Refused
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui import icons
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.push import PushDialog
from aiops_desktop.ui.dialogs.push_incoming import IncomingDialog
from aiops_desktop.ui.dialogs.push_lease import PushLeaseDialog
from aiops_desktop.ui.dialogs.switch_branch import SwitchDialog
from aiops_desktop.ui.parts.dialog import Dialog
from tests.support.git_pages import (
    CHANGED,
    CLEAN,
    DIRTY,
    STAGED,
    FakeHouse,
    idle,
    make_desk,
    project,
)

BY_ID: dict[str, Action] = {action.id: action for action in git.ACTIONS}
CONFLICT = (FileChange("a.py", FileState.CONFLICTED),)


@pytest.fixture
def house(layout: Layout) -> FakeHouse:
    return FakeHouse(layout)


@pytest.fixture
def desk(qtbot: QtBot, layout: Layout, house: FakeHouse) -> Iterator[Desk]:
    made = make_desk(layout, house)
    idle(qtbot, made)
    yield made
    made.close()
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, Dialog):
            widget.deleteLater()


def reason(desk: Desk, action: str) -> str:
    return BY_ID[action].unavailable(desk)


def asked(kind: type[Dialog]) -> Any:
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    assert len(found) == 1
    return found[0]


def words_of(dialog: Dialog) -> str:
    return " | ".join(one.text() for one in dialog.findChildren(QLabel))


STATES: dict[str, tuple[Any, dict[str, str]]] = {
    "clean and level": (
        CLEAN,
        {
            "git.push": "Nothing to push: main is level with origin/main.",
            "git.push_lease": "Nothing to push: main is level with origin/main.",
            "git.commit": "Nothing to commit. The checkout is clean.",
            "git.pull": "",
            "git.fetch": "",
            "git.switch": "",
            "git.fetch_rebase": "",
            "git.show_incoming": "",
        },
    ),
    "two ahead, dirty": (
        DIRTY,
        {
            "git.push": "",
            "git.commit": "",
            "git.commit_push": "",
            "git.pull": "",
            "git.fetch_rebase": "6 changed files are in the way. Commit or discard them first.",
        },
    ),
    "behind": (
        replace(CLEAN, behind=3),
        {"git.push": "Nothing to push: main is 3 behind origin/main.", "git.pull": ""},
    ),
    "diverged": (
        replace(CLEAN, ahead=1, behind=3),
        {"git.push": "", "git.push_lease": "", "git.fetch_rebase": ""},
    ),
    "only an untracked file": (
        replace(CLEAN, unstaged=(CHANGED[-1],)),
        {"git.fetch_rebase": "", "git.commit": ""},
    ),
    "no upstream": (
        replace(CLEAN, upstream=""),
        {
            "git.push": "",
            "git.pull": "main follows no branch of a server yet. Push it first.",
            "git.push_lease": "main follows no branch of a server yet. Push it first.",
            "git.show_incoming": "main follows no branch of a server yet. Push it first.",
        },
    ),
    "detached": (
        replace(CLEAN, branch="", upstream=""),
        {
            "git.push": "No branch is checked out. Switch to one first.",
            "git.pull": "No branch is checked out. Switch to one first.",
            "git.switch": "",
        },
    ),
    "before the first commit": (
        replace(CLEAN, head=None, upstream="", staged=STAGED),
        {
            "git.push": "There is no commit yet.",
            "git.switch": "There is no commit yet.",
            "git.commit": "",
        },
    ),
    "conflicts": (
        replace(DIRTY, conflicts=CONFLICT, operation="merge"),
        {
            "git.push": "Solve the conflicts first.",
            "git.commit": "Solve the conflicts first.",
            "git.pull": "Solve the conflicts first.",
            "git.switch": "Solve the conflicts first.",
        },
    ),
    "a rebase under way": (
        replace(CLEAN, operation="rebase"),
        {"git.push": "A rebase is under way.", "git.pull": "A rebase is under way."},
    ),
    "the folder is gone": (
        Missing("The folder of web-shop is gone."),
        {
            "git.push": "The folder of web-shop is gone.",
            "git.commit": "The folder of web-shop is gone.",
        },
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_reasons_are_right_in_every_state_of_a_checkout(desk: Desk, name: str) -> None:
    status, wanted = STATES[name]
    desk.statuses[1] = status
    assert {action: reason(desk, action) for action in wanted} == wanted
    for action in git.ACTIONS:
        said = action.unavailable(desk)
        assert said == "" or said.endswith(".")
        assert action.title_for(desk)


def test_without_a_project_everything_says_so(desk: Desk) -> None:
    desk.project = None
    assert {action.unavailable(desk) for action in git.ACTIONS} == {"Choose a project first."}


def test_without_a_checkout_there_is_only_clone(desk: Desk) -> None:
    desk.project = project(CheckoutState.ABSENT)
    usable = {action.id for action in git.ACTIONS if not action.unavailable(desk)}
    assert usable == {"project.clone", "git.copy_path"}
    assert reason(desk, "git.push") == "web-shop is not cloned yet."
    desk.project = project(CheckoutState.CLONING)
    assert reason(desk, "project.clone") == "web-shop is being cloned."
    desk.project = project(CheckoutState.FAILED)
    assert reason(desk, "project.clone") == ""


def test_while_a_job_works_in_the_checkout_the_others_wait(qtbot: QtBot, desk: Desk) -> None:
    def work(job: Job) -> None:
        job.pause(60)

    record = desk.start("Pull web-shop", work, lane=("checkout", 1), project_id=1)
    assert reason(desk, "git.push") == "“Pull web-shop” is still at work in this checkout."
    record.stop()
    idle(qtbot, desk)
    assert reason(desk, "git.push") == ""


def test_other_jobs_of_a_project_hold_nothing_up(qtbot: QtBot, desk: Desk) -> None:
    record = desk.start("Deploy", lambda job: job.pause(60), project_id=1)
    assert reason(desk, "git.push") == ""
    record.stop()
    idle(qtbot, desk)


def test_titles_say_how_much(desk: Desk) -> None:
    desk.statuses[1] = replace(CLEAN, ahead=1, behind=3)
    assert BY_ID["git.push"].title_for(desk) == "Push 1 commit"
    assert BY_ID["git.pull"].title_for(desk) == "Pull 3 commits"
    desk.statuses[1] = replace(CLEAN, upstream="")
    assert BY_ID["git.push"].title_for(desk) == "Push main"


def test_ids_shortcuts_and_icons_are_in_order(desk: Desk) -> None:
    assert len(BY_ID) == len(git.ACTIONS)
    shortcuts = [action.shortcut for action in git.ACTIONS if action.shortcut]
    assert len(set(shortcuts)) == len(shortcuts)
    assert all(icons.exists(action.icon) for action in git.ACTIONS)


@pytest.mark.parametrize(
    ("action", "call"),
    [
        ("git.fetch", ("fetch",)),
        ("git.pull", ("pull", "ff-only")),
        ("git.fetch_rebase", ("pull", "rebase")),
        ("project.clone", ("clone",)),
    ],
)
def test_verbs_run_as_jobs_in_the_checkouts_lane(
    qtbot: QtBot, desk: Desk, house: FakeHouse, action: str, call: tuple[str, ...]
) -> None:
    BY_ID[action].run(desk)
    (record,) = desk.jobs.shown
    assert record.lane == ("checkout", 1)
    idle(qtbot, desk)
    assert house.repositories.calls == [call]


def test_the_push_dialog_says_whom_one_acts_as_and_what_happens(
    qtbot: QtBot, desk: Desk, house: FakeHouse
) -> None:
    BY_ID["git.push"].run(desk)
    idle(qtbot, desk)
    dialog = asked(PushDialog)
    said = words_of(dialog)
    for words in (
        "Push 2 commits to acme/web-shop",
        "main on origin moves from b07c91ae to 8e41c07b.",
        "acme-deploy",
        "Ann <ann@acme.example>",
        "git.acme.example",
        "known since March",
        "Fast-forward, nothing is overwritten",
    ):
        assert words in said
    assert dialog.accept_button.text() == "Push 2 commits"
    assert ("push", "") not in house.repositories.calls
    dialog.accept_button.click()
    idle(qtbot, desk)
    assert ("push", "") in house.repositories.calls


def test_a_rejected_push_becomes_a_banner_with_steps_and_no_success(
    qtbot: QtBot, desk: Desk, house: FakeHouse
) -> None:
    banners: list[Any] = []
    toasts: list[Any] = []
    desk.banner_wanted.connect(lambda *said: banners.append(said))
    desk.toast_wanted.connect(lambda *said: toasts.append(said))
    steps = ("git.fetch_rebase", "git.show_incoming", "git.push_lease")
    house.repositories.problem = Clash("The server has commits you do not have.", steps=steps)
    git.push(desk, project())
    idle(qtbot, desk)
    assert [(number, trouble.what) for number, trouble in banners] == [
        (1, "The server has commits you do not have.")
    ]
    assert set(steps) <= set(BY_ID)
    assert toasts == []


def test_a_plan_that_cannot_be_made_is_said_above_the_page(
    qtbot: QtBot, desk: Desk, house: FakeHouse
) -> None:
    house.repositories.problem = Refused("This checkout has no remote named origin.")
    with qtbot.waitSignal(desk.banner_wanted) as caught:
        BY_ID["git.push"].run(desk)
    assert caught.args is not None
    assert caught.args[1].what == "This checkout has no remote named origin."


def test_overwriting_names_what_is_lost_and_pushes_with_the_lease_just_seen(
    qtbot: QtBot, desk: Desk, house: FakeHouse
) -> None:
    BY_ID["git.push_lease"].run(desk)
    idle(qtbot, desk)
    dialog = asked(PushLeaseDialog)
    assert "1 commit of origin/main that you do not have would be lost there." in words_of(dialog)
    assert dialog.accept_button.property("danger") == "true"
    assert dialog.cancel.hasFocus() or not dialog.isActiveWindow()
    dialog.accept_button.click()
    idle(qtbot, desk)
    assert house.repositories.calls[0] == ("fetch",)
    assert house.repositories.calls[-1] == ("push", "b07c91ae" + "0" * 32)


def test_incoming_commits_are_listed_after_asking_the_server(
    qtbot: QtBot, desk: Desk, house: FakeHouse
) -> None:
    BY_ID["git.show_incoming"].run(desk)
    idle(qtbot, desk)
    dialog = asked(IncomingDialog)
    assert "1 commit on origin/main to come" in words_of(dialog)
    assert dialog.accept_button.text() == "Fetch and rebase"  # two own commits are ahead
    dialog.accept_button.click()
    idle(qtbot, desk)
    assert house.repositories.calls == [("fetch",), ("pull", "rebase")]


def test_another_branch_is_found_by_typing(qtbot: QtBot, desk: Desk, house: FakeHouse) -> None:
    BY_ID["git.switch"].run(desk)
    idle(qtbot, desk)
    dialog = asked(SwitchDialog)
    dialog._filter.setText("redis")
    assert dialog.accept_button.text() == "Switch to try-redis"
    dialog._filter.setText("nothing of this kind")
    assert not dialog.accept_button.isEnabled()
    dialog._filter.setText("main")
    assert not dialog.accept_button.isEnabled()
    dialog._filter.setText("2.14")
    dialog.submit()
    idle(qtbot, desk)
    assert house.repositories.calls == [("switch", "release/2.14")]


def test_a_failed_clone_is_left_to_the_page_but_an_unknown_host_is_told(
    qtbot: QtBot, desk: Desk, house: FakeHouse
) -> None:
    banners: list[Any] = []
    desk.banner_wanted.connect(lambda *said: banners.append(said))
    house.repositories.problem = Failed("git.acme.example did not answer.")
    git.clone(desk)
    idle(qtbot, desk)
    assert banners == []
    house.repositories.problem = NotTrusted("The host's key changed.")
    git.clone(desk)
    idle(qtbot, desk)
    assert len(banners) == 1


def test_the_path_is_copied(desk: Desk) -> None:
    BY_ID["git.copy_path"].run(desk)
    assert QGuiApplication.clipboard().text() == "/home/ann/acme/web-shop"


def test_commit_leads_to_the_page_where_it_is_written(qtbot: QtBot, desk: Desk) -> None:
    with qtbot.waitSignal(desk.page_wanted) as caught:
        BY_ID["git.commit_push"].run(desk)
    assert caught.args == ["changes", "commit_push"]
