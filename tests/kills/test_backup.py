"""Killed at any moment of a backup: nothing is lost, and no half archive counts as one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.jobs.job import Job
from aiops_desktop.services.restoring import Restoring
from tests.support.archives import contents
from tests.support.fake_forge import TOKEN
from tests.support.fake_gitlab import FakeGitLab
from tests.support.kills import Warm, at, moments, strike
from tests.support.stock import SECRET, assert_kept, holding, rows, stock

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

PHRASE = "seven words are easy"


@pytest.mark.parametrize("how", ["--open", "--encrypt"])
def test_a_backup(how: str, warm: Warm, layout: Layout, gitlab: FakeGitLab) -> None:
    stock(layout, gitlab)
    typed = f"{PHRASE}\n"
    seconds = warm.timed(layout.data, "backup", how, typed=typed)
    before, files = rows(layout.database), contents(layout.data / "tenants")
    known = set(_archives(layout))
    sights = {
        "the copy's folder": lambda: any(layout.data.glob(".backup-*")),
        "the database's copy": lambda: any(layout.data.glob(".backup-*/aiops.db")),
        "the archive in the making": lambda: _parts(layout),
        "the archive": lambda: len(_archives(layout)) > len(known),
    }
    for number, moment in enumerate(moments(f"backup {how}", 10, seconds, sights)):
        known = set(_archives(layout))
        with at(f"backup {how}", number, moment):
            strike(moment, lambda one: warm.killed(one, layout.data, "backup", how, typed=typed))
            assert_kept(before, rows(layout.database))
            _assert_whole(layout, warm, known)
            if how == "--encrypt":
                assert all(name.startswith("tenants/") for name in _in_clear(layout))
            assert contents(layout.data / "tenants") == files
            if number % 3 == 0:
                warm(layout.data, "doctor")
            told = json.loads(warm(layout.data, "history", "--verb", "back up", "--json"))
            assert {event["outcome"] for event in told} <= {"done", "interrupted"}
            warm(layout.data, "backup", how, typed=typed)
            _assert_whole(layout, warm, known)
            assert not _parts(layout), "what is left of a killed one goes with the next"
            assert not list(layout.data.glob(".backup-*"))


def _archives(layout: Layout) -> list[Path]:
    return [path for path in layout.backups.glob("*.aiops.*") if not path.name.startswith(".")]


def _parts(layout: Layout) -> list[Path]:
    return list(layout.backups.glob(".*.aiops.*.part"))


def _in_clear(layout: Layout) -> list[str]:
    """Where private keys lie; tokens may lie nowhere."""
    assert holding(layout.data, SECRET) == holding(layout.data, TOKEN) == []
    return holding(layout.data, "PRIVATE KEY")


def _assert_whole(layout: Layout, warm: Warm, known: set[Path]) -> None:
    """Everything the list shows can be read to its last byte."""
    listed = json.loads(warm(layout.data, "backups", "list", "--json"))
    assert sorted(one["path"] for one in listed) == sorted(map(str, _archives(layout)))
    for path in set(_archives(layout)) - known:
        Restoring(layout).verify(path, PHRASE, Job("Verify"))
