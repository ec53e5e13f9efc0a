"""A sweep over many checkouts tells each page only what concerns it."""

from __future__ import annotations

import pytest

from aiops_desktop.ui.views.runs.page import RunsPage
from tests.support.stage import Stage


def test_a_page_is_not_filled_again_for_each_other_checkout(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = stage.tenant()
    shown, other = stage.project(tenant, "shown"), stage.project(tenant, "other")
    filled: list[int] = []
    monkeypatch.setattr(RunsPage, "_show_run", lambda _page: filled.append(1))
    stage.desk.select(shown.id, "runs")
    stage.settle()
    filled.clear()
    stage.desk.status_changed.emit(other.id)
    assert filled == []
    stage.desk.status_changed.emit(shown.id)
    stage.desk.status_changed.emit(0)
    assert len(filled) == 2
