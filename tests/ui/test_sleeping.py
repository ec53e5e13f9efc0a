"""The window has keys locked when the computer falls asleep, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Clash
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.parts.notice import Banner
from tests.support.logind import logind
from tests.support.stage import Stage, close_stage, open_stage
from tests.ui.keys.pages import words


def test_keys_are_locked_before_the_computer_sleeps_and_that_is_said(
    qapp: QApplication,
    qtbot: QtBot,
    layout: Layout,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with logind(tmp_path, monkeypatch) as manager:
        stage = open_stage(qapp, qtbot, layout)
        tenant = stage.tenant()
        stage.house.keys.generate(tenant.id, "deploy")
        stage.house.agents.load(tenant.id, Job("Load"))
        held = manager.held()
        manager.tell(falls=True)
        assert manager.let_go(held)
        assert not stage.house.agents.loaded(tenant.id)
        stage.wait(lambda: "1 agent is locked." in words(stage.window))
        stage.settle()
        close_stage(stage)


def test_what_could_not_be_locked_is_said(stage: Stage) -> None:
    stage.window.sleeping._tell(Clash("Another program has changed the secret store.", "Again."))
    stage.wait(
        lambda: any(
            "Another program" in one.accessibleName() or "Another program" in words(one)
            for one in stage.window.findChildren(Banner)
        )
    )
    stage.settle()
