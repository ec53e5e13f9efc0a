"""Killed at any moment of an update: the next start puts everything back as it was before it."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import pytest

from aiops_desktop.adapters.update import journal
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.domain.updates import Stage
from aiops_desktop.services.update_rollback import recover
from tests.support.fake_gitlab import FakeGitLab
from tests.support.kills import Moment, Warm, at, moments, strike
from tests.support.repos import git, write
from tests.support.stock import assert_kept, rows, stock
from tests.support.update import NEWER, Clone, Server, environment, without_window

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

_STAGES = (
    Stage.BACKUP,
    Stage.STASH,
    Stage.SWITCH,
    Stage.DEPENDENCIES,
    Stage.CHECK,
    Stage.MIGRATE,
)
#: Seconds behind the begin of a step in which a kill may fall.
_BEHIND = 0.5


@pytest.mark.parametrize("changes", [False, True], ids=["clean", "with local changes"])
def test_an_update(
    changes: bool,
    update_clone: Clone,
    update_server: Server,
    gitlab: FakeGitLab,
    tmp_path: Path,
) -> None:
    clone, more = update_clone, environment(update_server.tools)
    stock(clone.layout, gitlab, events=500)
    without_window(clone)
    if changes:
        write(clone.root, {"hosts.ini": "one\ntwo\nthree\nFOUR\n", "notes.txt": "mine\n"})
        (clone.root / "LICENSE").write_text("staged\n")
        git(clone.root, "add", "LICENSE")
    before, kept = clone.picture(), rows(clone.layout.database)
    python = clone.root / ".venv/bin/python"
    spares = {tmp_path / "spare": clone.root, tmp_path / "spare data": clone.layout.data}
    for spare, place in spares.items():
        shutil.copytree(place, spare, symlinks=True)
    with Warm(tmp_path / "warm", clone.root, python) as warm:

        def kill(moment: Moment) -> bool:
            killed = warm.killed(moment, clone.layout.data, "update", "run", more=more)
            under_way = journal.read(clone.root) is not None
            if under_way or git(clone.root, "rev-parse", "HEAD") == before["head"]:
                return killed
            assert clone.revision == NEWER, "it came to its end"
            for spare, place in spares.items():
                shutil.rmtree(place)
                shutil.copytree(spare, place, symlinks=True)
            return False

        steps = {f"step {stage}": partial(_reached, clone.root, stage) for stage in _STAGES}
        drawn = moments(f"update {changes}", 10, _BEHIND, steps, behind=True)
        for number, moment in enumerate(drawn):
            with at(f"update, local changes {changes}", number, moment):
                strike(moment, kill)
                _assert_back(clone, before, by_a_start=number == 0)
                assert_kept(kept, rows(clone.layout.database))
        warm(clone.layout.data, "update", "run", more=more)
    assert clone.revision == NEWER
    assert git(clone.root, "rev-parse", "HEAD") == git(clone.root, "rev-parse", "origin/main")
    assert clone.picture()["left"] == []
    assert list(clone.layout.backups.glob("before-update-*.db"))
    if changes:
        assert (clone.root / "hosts.ini").read_text() == "ONE\ntwo\nthree\nFOUR\n"
        assert (clone.root / "notes.txt").read_text() == "mine\n"


def _reached(root: Path, stage: Stage) -> bool:
    """Whether an update has come so far."""
    try:
        found = journal.read(root)
    except Trouble:
        return False
    return found is not None and found.stage is stage


def _assert_back(clone: Clone, before: dict[str, object], *, by_a_start: bool = False) -> None:
    """What the next start finds and does."""
    if by_a_start:
        done = clone.run("tenant", "list")
        assert done.returncode == 0, done.stderr
        assert "Acme" in done.stdout
    else:
        recover(clone.root, lambda _text: None)
    assert clone.picture() == before
    if before["status"]:
        assert (clone.root / "notes.txt").read_text() == "mine\n"
