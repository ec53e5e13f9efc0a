"""Killed at any moment of a migration: the database is the older or the newer one, and whole."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.storage.open import MIGRATIONS, REVISION
from tests.support.fake_gitlab import FakeGitLab
from tests.support.kills import Moment, Newer, Warm, at, moments, strike
from tests.support.stock import Rows, rows, stock

pytestmark = [pytest.mark.journey, pytest.mark.timeout(900)]

NEWER = "9999"
#: Makes two tables anew, which is what takes SQLite longest, and fills another one.
_REVISION = f'''
import sqlalchemy as sa
from alembic import op

revision = "{NEWER}"
down_revision = "{REVISION}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = (sa.Column("id", sa.Integer(), primary_key=True), sa.Column("told", sa.String()))
    op.create_table("newer", *columns)
    op.execute("INSERT INTO newer SELECT id, subject || note FROM events")
    for table in ("tenants", "issues"):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(sa.Column("newer", sa.String(), server_default="yes"))
    op.execute("UPDATE issues SET newer = title || body")
'''


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_migration(
    size: str, warm: Warm, layout: Layout, gitlab: FakeGitLab, tmp_path: Path
) -> None:
    data, made = layout.data, tmp_path / "made"
    shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    (tmp_path / "migrations/versions/9999_newer.py").write_text(_REVISION)
    newer = Newer(tmp_path / "migrations", NEWER)
    stock(layout, gitlab, events=6000 if size == "large" else 100)
    shutil.copytree(data, made)
    before = rows(layout.database)
    seconds = warm.timed(data, "db-init", newer=newer)
    assert _revision(layout.database) == NEWER
    _assert_same(before, layout)
    log = layout.database.with_name("aiops.db-wal")
    sights = {
        "the copy in the making": lambda: any(layout.backups.glob(".*.part")),
        "the copy": lambda: any(layout.backups.glob("aiops-*.db")),
        "the log": lambda: log.exists(),
        "the first writes": lambda: log.exists() and log.stat().st_size > 200_000,
    }

    def kill(moment: Moment) -> bool:
        shutil.rmtree(data)
        shutil.copytree(made, data)
        return warm.killed(moment, data, "db-init", newer=newer)

    for number, moment in enumerate(moments(f"migration {size}", 10, seconds, sights)):
        with at(f"migration, {size}", number, moment):
            strike(moment, kill)
            _assert_same(before, layout)
            done = _revision(layout.database) == NEWER
            assert _ways_back(layout, before) or not done
            warm(data, "tenant", "list", code=3 if done else 0)  # by the older program
            _assert_same(before, layout)
            assert (_revision(layout.database) == NEWER) is done
            if number % 3 == 0:
                warm(data, "doctor", newer=newer)
            warm(data, "db-init", newer=newer)
            assert _revision(layout.database) == NEWER
            _assert_same(before, layout)
            assert _ways_back(layout, before)
    warm(data, "backup", newer=newer)
    assert not list(layout.backups.glob(".*.part*")), "what a killed copy left is gone"


def _revision(database: Path) -> str:
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as base:
        (found,) = base.execute("SELECT version_num FROM alembic_version").fetchone()
    base.close()
    return str(found)


def _assert_same(before: Rows, layout: Layout, database: Path | None = None) -> None:
    """Every row is there once, with what it said before."""
    found = rows(database or layout.database)
    for table in before.keys() - {"alembic_version"}:
        width = len(before[table][0]) if before[table] else 0
        assert [row[:width] for row in found[table]] == before[table], table


def _ways_back(layout: Layout, before: Rows) -> int:
    """How many copies there are; each is whole, and the older one."""
    copies = list(layout.backups.glob("aiops-*.db"))
    for copy in copies:
        assert _revision(copy) == REVISION
        _assert_same(before, layout, copy)
    return len(copies)
