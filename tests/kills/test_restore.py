"""Killed at any moment of a restore: the data is that of before or the archive's, and whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aiops_desktop.domain.layout import Layout
from tests.support.archives import contents
from tests.support.fake_gitlab import FakeGitLab
from tests.support.kills import Moment, Warm, at, moments, strike
from tests.support.stock import Rows, rows, stock

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

State = tuple[Rows, dict[str, bytes]]


@pytest.mark.parametrize("then", ["a look", "the restore again"])
def test_a_restore(
    then: str, warm: Warm, layout: Layout, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    data, archive, made = layout.data, tmp_path / "archive.aiops.tar", tmp_path / "made"
    stock(Layout(tmp_path / "other"), gitlab, name="Brook", events=500)
    warm(tmp_path / "other", "backup", str(archive))
    stock(layout, gitlab)
    shutil.copytree(data, made)
    words = ("restore", str(archive), "--yes")
    before = _state(data)
    seconds = warm.timed(data, *words)
    after = _state(data)
    assert after[0]["tenants"] != before[0]["tenants"]
    sights = {
        "the archive unpacked": lambda: (data / ".restore/staged/aiops.db").exists(),
        "the decision": lambda: (data / ".restore/journal.json").exists(),
        "the trash": lambda: any(layout.trash.glob("*/manifest.json")),
        "the database gone": lambda: not layout.database.exists(),
        "the first key come": lambda: (data / "tenants/brook/keys").exists(),
    }

    def kill(moment: Moment) -> bool:
        shutil.rmtree(data)
        shutil.copytree(made, data)
        return warm.killed(moment, data, *words)

    for number, moment in enumerate(moments(f"restore {then}", 10, seconds, sights)):
        with at(f"restore, then {then}", number, moment):
            strike(moment, kill)
            if then == "a look":
                warm(data, "doctor" if number % 3 == 0 else "history")
                assert _state(data) in (before, after)
                _assert_way_back(layout, [before] if _state(data) == after else [])
            warm(data, *words)
            assert _state(data) == after
            _assert_way_back(layout, [before])
            warm(data, "tenant", "add", "It goes on")


def _state(folder: Path) -> State:
    """What must be one or the other, and not a mixture; the history says more every time."""
    found = rows(folder / "aiops.db")
    assert len({event[0] for event in found["events"]}) == len(found["events"])
    del found["events"]
    return found, contents(folder / "tenants")


def _assert_way_back(layout: Layout, wanted: list[State]) -> None:
    """What was replaced lies in the trash, whole and once; nothing lies ready any more."""
    assert not (layout.data / ".restore").exists()
    found = [_state(aside) for aside in sorted(layout.trash.glob("*"))]
    assert found[: len(wanted)] == wanted
    assert bool(found) == bool(wanted)
    assert wanted == [] or wanted[0] not in found[1:]
