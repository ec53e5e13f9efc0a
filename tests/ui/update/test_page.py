"""The system update in the window: what is new, the steps, the way back, and packages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.trouble import Failed
from aiops_desktop.domain.updates import (
    Kind,
    Release,
    Stage,
    Standing,
    Step,
    StepState,
    Updated,
    Version,
)
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.updates import Updates
from aiops_desktop.ui.views.update.page import UpdatePage
from tests.support.stage import Stage as Window

_OLD, _NEW = Version("0.1.0", "a" * 40), Version("0.2.0", "b" * 40)
_KNOWN = Standing(
    Kind.CHECKOUT,
    _OLD,
    _NEW,
    commits=("Second", "First"),
    count=2,
    changed=("hosts.ini",),
    root=Path("/program"),
    remote="origin",
    address="https://git.example/aiops",
    branch="main",
)


class Scripted:
    """Stands for the service: tells what a test wants told."""

    def __init__(self) -> None:
        self.known = _KNOWN
        self.ends: Callable[[Job, Callable[[Step], object]], Updated] = self.well
        self.rolled = 0

    def standing(self) -> Standing:
        return self.known

    def look(self, job: Job) -> Standing:
        return self.known

    def update(self, job: Job, *, tell: Callable[[Step], object], restart: bool) -> Updated:
        return self.ends(job, tell)

    def well(self, job: Job, tell: Callable[[Step], object]) -> Updated:
        for stage in Stage:
            tell(Step(stage, StepState.DONE, f"did {stage}", 1.0))
        job.line("$ aiops-desktop db-init")
        self.known = replace(_KNOWN, available=None, count=0, commits=(), moved=True)
        return Updated(Changes(Touched.SETTINGS), _OLD, _NEW)

    def badly(self, job: Job, tell: Callable[[Step], object]) -> Updated:
        tell(Step(Stage.FETCH, StepState.DONE))
        tell(Step(Stage.CHECK, StepState.FAILED, "It did not open.", 3.0))
        job.line("error: no such module")
        raise Failed("It did not open. Everything is as it was before the update.", "Wait.")

    def slowly(self, job: Job, tell: Callable[[Step], object]) -> Updated:
        tell(Step(Stage.DEPENDENCIES, StepState.RUNNING))
        job.pause(60)
        raise AssertionError("nobody stopped it")

    def roll_back(self, job: Job) -> None:
        self.rolled += 1
        self.known = _KNOWN


@pytest.fixture
def service() -> Scripted:
    return Scripted()


@pytest.fixture
def page(stage: Window, service: Scripted, monkeypatch: pytest.MonkeyPatch) -> UpdatePage:
    house = replace(stage.desk.house, updates=cast(Updates, service))
    monkeypatch.setattr(stage.desk, "_house", house)
    monkeypatch.setattr("aiops_desktop.ui.views.update.page.load_everything", lambda: 0)
    stage.desk.run_action("view.update")
    stage.settle()
    made = stage.window.page
    assert isinstance(made, UpdatePage)
    return made


def _texts(page: UpdatePage) -> str:
    return "\n".join(found.text() for found in page.findChildren(QLabel) if found.isVisible())


def test_what_is_new_stands_there_before_anything_is_done(page: UpdatePage) -> None:
    told = _texts(page)
    for text in ("0.1.0 to 0.2.0", "2 commits", "1 changed file", "https://git.example/aiops"):
        assert text in told
    assert [page.log.lines.plain(n) for n in range(2)] == ["Second", "First"]
    assert page.act.text() == "Update to 0.2.0"
    assert page.restart_too.isVisible()
    assert not page.stop.isVisible()


def test_an_update_that_ends_well_wants_a_restart(stage: Window, page: UpdatePage) -> None:
    page.restart_too.setChecked(False)
    page.act.click()
    stage.wait(lambda: page.act.text() == "Restart now")
    assert page.steps.steps[Stage.CHECK].said == "did check"
    assert "8 of 8 done" in _texts(page)
    assert "The new version is ready." in _texts(page)
    assert page.log.lines.plain(0) == "$ aiops-desktop db-init"
    assert not stage.desk.restarting


def test_restart_closes_the_window_for_a_new_one(stage: Window, page: UpdatePage) -> None:
    page.act.click()
    stage.wait(lambda: stage.desk.restarting)
    stage.wait(lambda: not stage.window.isVisible())


def test_other_work_is_not_cut_off_by_a_restart(stage: Window, page: UpdatePage) -> None:
    other = stage.desk.start("Clone infra", lambda job: job.pause(60))
    page.act.click()
    stage.wait(lambda: page.act.text() == "Restart now")
    assert not page.act.isEnabled()
    assert page.act.toolTip() == "“Clone infra” is still at work; restart when it has ended."
    assert not stage.desk.restarting
    other.stop()
    stage.settle()


def test_a_step_that_fails_is_named_and_can_be_tried_again(
    stage: Window, page: UpdatePage, service: Scripted
) -> None:
    service.ends = service.badly
    page.act.click()
    stage.wait(lambda: page.act.isVisible() and page.act.text() == "Try again")
    told = _texts(page)
    assert "Try out failed." in told
    assert "It did not open." in told
    assert page.steps.steps[Stage.RESTART].said == "not reached"
    assert page.steps.steps[Stage.FETCH].state is StepState.DONE
    service.ends = service.well
    page.restart_too.setChecked(False)
    page.primary()
    stage.wait(lambda: page.act.text() == "Restart now")


def test_stop_is_offered_while_it_runs_and_nothing_else(
    stage: Window, page: UpdatePage, service: Scripted
) -> None:
    service.ends = service.slowly
    page.act.click()
    stage.wait(lambda: page.steps.steps[Stage.DEPENDENCIES].state is StepState.RUNNING)
    assert page.stop.isVisible()
    assert not page.act.isVisible()
    assert not page.look_again.isVisible()
    page.stop.click()
    stage.wait(lambda: page.act.isVisible())
    assert "Stopped." in _texts(page)
    assert "0.1.0 runs on; everything is as it was." in _texts(page)


def test_one_that_was_cut_off_is_rolled_back_first(
    stage: Window, page: UpdatePage, service: Scripted
) -> None:
    service.known = replace(_KNOWN, unfinished=True)
    page.refresh()
    stage.wait(lambda: page.act.text() == "Roll back to 0.1.0")
    assert "An update was cut off." in _texts(page)
    page.act.click()
    stage.wait(lambda: service.rolled == 1)
    page.refresh()
    stage.wait(lambda: page.act.text() == "Update to 0.2.0")


def test_why_it_cannot_be_updated_stands_there(
    stage: Window, page: UpdatePage, service: Scripted
) -> None:
    service.known = replace(_KNOWN, blocked="A merge is under way.")
    page.refresh()
    stage.wait(lambda: not page.act.isEnabled())
    assert page.act.toolTip() == "A merge is under way."
    assert "A merge is under way." in _texts(page)


def test_who_may_not_update_reads_why(stage: Window, page: UpdatePage) -> None:
    assert stage.desk.operator is not None
    stage.desk.set_operator(replace(stage.desk.operator, role=Role.VIEWER))
    assert not page.act.isEnabled()
    assert "This needs the role admin" in page.act.toolTip()
    assert not page.look_again.isEnabled()
    page.primary()
    assert not page.running


def test_a_package_says_how_it_gets_newer(
    stage: Window, page: UpdatePage, service: Scripted
) -> None:
    release = Release("0.3.0", files=(("x_0.3.0.deb", "https://forge.example/x"),))
    service.known = Standing(
        Kind.DEB,
        Version("0.2.0"),
        Version("0.3.0"),
        release=release,
        install=("sudo apt install ./x_0.3.0.deb",),
    )
    page.refresh()
    stage.wait(lambda: page.packaged.isVisible())
    links = [found.text() for found in page.packaged.findChildren(QPushButton)]
    assert "x_0.3.0.deb" in links
    assert page.act.text() == "Look for an update"
    assert not page.restart_too.isVisible()


def test_the_settings_lead_to_it(stage: Window) -> None:
    stage.window.go("settings", "update")
    stage.settle()
    page: Any = stage.window.page
    shown = [found for found in page.findChildren(QPushButton) if found.isVisible()]
    next(one for one in shown if one.text() == "Show the system update").click()
    assert isinstance(stage.window.page, UpdatePage)
    stage.settle()


def test_everything_of_the_running_version_is_loaded_before_its_files_change() -> None:
    from aiops_desktop.ui.views.update.loading import load_everything

    assert load_everything() > 300
    assert "aiops_desktop.ui.views.keys.page" in sys.modules
    assert "aiops_desktop.adapters.ssh.putty" in sys.modules
