"""Killed at any moment of a sync of issues: nothing is lost or twice, the next takes it up."""

from __future__ import annotations

import json
import shutil
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from aiops_desktop.domain.layout import Layout
from tests.support.fake_forge import TOKEN, FakeProject
from tests.support.fake_gitlab import FakeGitLab
from tests.support.kills import Moment, Warm, at, moments, strike
from tests.support.stock import SECRET, assert_kept, holding, rows, stock

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

_TABLES = ("issues", "issue_comments", "issue_syncs")
_ISSUES = "SELECT external_id, number, title, body, closed IS NULL FROM issues WHERE gone IS NULL"


@pytest.mark.parametrize("which", ["first", "later"])
def test_a_sync(which: str, warm: Warm, layout: Layout, gitlab: FakeGitLab, tmp_path: Path) -> None:
    data, made, there = layout.data, tmp_path / "made", gitlab.projects[_first(gitlab)]
    stock(layout, gitlab, sync=which == "later", events=100)
    shutil.copytree(data, made)
    before, known = rows(layout.database), _remembered(layout)
    if which == "later":
        _change(gitlab, there)
    words = ("sync-issues", "--sweep")
    truth = _truth(there)
    seconds = warm.timed(data, *words)
    assert _remembered(layout) == truth
    sights = {f"{n} requests": partial(_asked_for, gitlab, n) for n in (2, 5, 8, 11)}

    def kill(moment: Moment) -> bool:
        shutil.rmtree(data)
        shutil.copytree(made, data)
        gitlab.asked.clear()
        return warm.killed(moment, data, *words)

    for number, moment in enumerate(moments(f"sync {which}", 10, seconds, sights)):
        with at(f"sync, {which}", number, moment):
            strike(moment, kill)
            assert_kept(before, rows(layout.database), but=_TABLES)
            assert _remembered(layout) <= truth | known, "each is as it was, or as it is there"
            _assert_once(layout)
            _assert_kept_draft(layout, which)
            if number % 3 == 0:
                warm(data, "doctor")
            told = json.loads(warm(data, "history", "--verb", "sync issues", "--json"))
            assert {event["outcome"] for event in told} <= {"done", "interrupted"}
            warm(data, *words)
            assert _remembered(layout) == truth
            _assert_once(layout)
            _assert_kept_draft(layout, which)
            assert holding(data, SECRET) == holding(data, TOKEN) == []
    assert "0 changed, 0 gone" in warm(data, *words)


def _asked_for(gitlab: FakeGitLab, count: int) -> bool:
    return len(gitlab.asked) >= count


def _first(gitlab: FakeGitLab) -> int:
    return next(iter(gitlab.projects))


def _change(gitlab: FakeGitLab, there: FakeProject) -> None:
    """What people did on the forge meanwhile."""
    for number in range(5, 95, 9):
        gitlab.edit(there.issues[number], title=f"Voucher {number}, again", open=number % 2 == 0)
    for number in (30, 60, 61):
        gitlab.delete(there, there.issues[number])
    for number in range(12):
        gitlab.comment(gitlab.add_issue(there, f"Newer {number}"), "Seen here, too.")


def _truth(there: FakeProject) -> set[tuple[Any, ...]]:
    return {
        (str(one.id), one.number, one.title, one.body, one.open) for one in there.issues.values()
    }


def _remembered(layout: Layout) -> set[tuple[Any, ...]]:
    found = _asked(layout, _ISSUES)
    assert len({row[0] for row in found}) == len({row[1] for row in found}) == len(found)
    return {(*row[:4], bool(row[4])) for row in found}


def _assert_once(layout: Layout) -> None:
    """No issue and no comment is there twice; the words that are searched are those of the rows."""
    for columns, table in (("link_id, external_id", "issues"), ("external_id", "issue_comments")):
        query = f"SELECT {columns}, count(*) FROM {table} GROUP BY {columns} HAVING count(*) > 1"
        assert _asked(layout, query) == []
    base = sqlite3.connect(layout.database)
    for index in ("issues_text", "issue_talk_text"):  # fails when they differ
        base.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
    base.rollback()
    base.close()


def _assert_kept_draft(layout: Layout, which: str) -> None:
    drafts = _asked(layout, "SELECT number, draft FROM issues WHERE draft <> ''")
    assert drafts == ([(1, "A draft that nobody sent yet.")] if which == "later" else [])


def _asked(layout: Layout, query: str) -> list[Any]:
    base = sqlite3.connect(f"file:{layout.database}?mode=ro", uri=True)
    try:
        return base.execute(query).fetchall()
    finally:
        base.close()
