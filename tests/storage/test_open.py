"""Opening the database: made, upgraded, copied before that, or refused and left alone."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sqlite3
import stat
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.storage import open as opening
from aiops_desktop.storage.open import KNOWN, REVISION, database_file, open_database
from aiops_desktop.storage.tables import all_tables, is_modelled
from aiops_desktop.storage.tenants import TenantStore


def _print(path: Path) -> dict[str, str]:
    """Names and contents of everything in a folder."""
    return {
        str(p.relative_to(path)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in path.rglob("*")
        if p.is_file()
    }


def test_a_first_start_makes_everything_private(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "not" / "there")
    open_database(layout).close()
    assert stat.S_IMODE(layout.data.stat().st_mode) == 0o700
    assert stat.S_IMODE(layout.database.stat().st_mode) == 0o600
    assert not layout.backups.exists(), "there was nothing to copy"


def test_the_migrations_make_exactly_what_the_models_say(layout: Layout) -> None:
    database = open_database(layout)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_modelled}
        )
        assert compare_metadata(context, all_tables()) == []
    database.close()


def test_the_newest_revision_is_the_one_the_program_asks_for() -> None:
    folder = Path(opening.__file__).parent / "migrations" / "versions"
    numbers = sorted(path.name.partition("_")[0] for path in folder.glob("0*.py"))
    assert tuple(numbers) == KNOWN
    assert numbers[-1] == REVISION


def test_every_write_is_durable_and_keeps_foreign_keys(layout: Layout) -> None:
    database = open_database(layout)
    with database.engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    database.close()
    assert told == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 5000}


def test_a_second_start_does_not_load_the_migration_tool(layout: Layout) -> None:
    open_database(layout).close()
    code = (
        "import sys; from pathlib import Path; from aiops_desktop.domain.layout import Layout;"
        "from aiops_desktop.storage.open import open_database;"
        f"open_database(Layout(Path({str(layout.data)!r}))).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    assert os.spawnv(os.P_WAIT, sys.executable, [sys.executable, "-c", code]) == 0


def test_a_newer_database_is_refused_and_left_untouched(layout: Layout) -> None:
    open_database(layout).close()
    with sqlite3.connect(layout.database) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = _print(layout.data)
    with pytest.raises(Refused) as caught:
        open_database(layout)
    assert "newer version" in caught.value.what
    assert _print(layout.data) == before, "not even -wal or -shm files"


def test_a_database_of_another_program_is_refused_and_left_untouched(layout: Layout) -> None:
    raw = sqlite3.connect(layout.database)
    raw.execute("CREATE TABLE recipes (title TEXT)")
    raw.commit()
    raw.close()
    before = _print(layout.data)
    with pytest.raises(Refused, match="another program"):
        open_database(layout)
    assert _print(layout.data) == before


@pytest.mark.parametrize("content", [b"this is no database, and long enough for a header" * 40])
def test_a_damaged_file_is_said_to_be_damaged(layout: Layout, content: bytes) -> None:
    layout.database.write_bytes(content)
    with pytest.raises(Failed) as caught:
        open_database(layout)
    assert "damaged" in caught.value.what
    assert "backups" in caught.value.hint
    assert layout.database.read_bytes() == content


def _made_at(path: Path, revision: str) -> None:
    """A database as the program of that revision made it."""
    config = Config()
    config.set_main_option("script_location", str(opening.MIGRATIONS))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_what_the_first_revision_held_is_there_after_the_upgrade(layout: Layout) -> None:
    layout.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _made_at(layout.database, KNOWN[0])
    with sqlite3.connect(layout.database) as old:
        held = {name: _row_in(old, name) for name in _by_need(old)}
        old.execute("UPDATE sqlite_sequence SET seq = 77")
        numbered = [name for (name,) in old.execute("SELECT name FROM sqlite_sequence")]
    open_database(layout).close()
    with sqlite3.connect(layout.database) as new:
        new.row_factory = sqlite3.Row
        for name, row in held.items():
            (found,) = new.execute(f"SELECT * FROM {name}").fetchall()
            assert {column: found[column] for column in row} == row, name
        assert new.execute("PRAGMA foreign_key_check").fetchall() == []
        given = dict(new.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        assert given == dict.fromkeys(numbered, 77), "a number is never given again"


def _by_need(base: sqlite3.Connection) -> list[str]:
    """The tables, those that others point to first."""
    tables = [
        str(name)
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not str(name).startswith(("sqlite_", "alembic_"))
    ]
    needs = {
        name: {row[2] for row in base.execute(f"PRAGMA foreign_key_list({name})")}
        for name in tables
    }
    return list(TopologicalSorter({name: needs[name] - {name} for name in tables}).static_order())


def _row_in(base: sqlite3.Connection, table: str) -> dict[str, object]:
    """Put a row into a table, every column filled; rows of others are number 1."""
    points = {row[3] for row in base.execute(f"PRAGMA foreign_key_list({table})")}
    row: dict[str, object] = {}
    for _number, name, kind, _needed, _default, _primary in base.execute(
        f"PRAGMA table_info({table})"
    ):
        if name == "id" or name in points:
            row[name] = 1
        elif kind == "DATETIME":
            row[name] = "2026-01-02 03:04:05.000000"
        elif kind == "JSON":
            row[name] = "[]"
        elif kind in {"INTEGER", "BOOLEAN", "DOUBLE", "BIGINT"}:
            row[name] = 1
        else:
            row[name] = "ssh-ed25519" if name == "type" else f"{name} of {table}"
    marks = ", ".join("?" * len(row))
    names = ", ".join(f'"{name}"' for name in row)
    base.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))
    return row


def test_the_file_is_copied_before_an_upgrade(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(layout)
    TenantStore(database).add(TenantDraft("Acme").checked(), "acme")
    monkeypatch.setattr(opening, "REVISION", "9999")  # so this one has to be upgraded
    open_database(layout).close()  # the tenant is still only in the write-ahead log
    (copy,) = layout.backups.iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    kept = sqlite3.connect(copy)
    assert kept.execute("SELECT name FROM tenants").fetchall() == [("Acme",)]
    kept.close()
    assert [tenant.name for tenant in TenantStore(database).all()] == ["Acme"]
    database.close()


def test_a_copy_that_cannot_be_made_stops_the_upgrade(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_database(layout).close()
    layout.backups.write_text("a file where the folder should be")
    before = layout.database.read_bytes()
    monkeypatch.setattr(opening, "REVISION", "9999")
    with pytest.raises(Failed, match="could not be copied"):
        open_database(layout)
    assert layout.database.read_bytes() == before


def _open_in_child(data: str) -> None:
    database = open_database(Layout(Path(data)))
    TenantStore(database).all()
    database.close()


def test_several_first_starts_at_once_all_work(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "data")
    children = [
        multiprocessing.get_context("spawn").Process(
            target=_open_in_child, args=(str(layout.data),)
        )
        for _ in range(3)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("", "aiops.db"),
        ("sqlite:///other.db", "other.db"),
        ("sqlite:///instance/app.db", "instance/app.db"),
        ("sqlite+pysqlite:///x%20y.db?timeout=3", "x y.db"),
    ],
)
def test_relative_addresses_start_at_the_data_folder(
    layout: Layout, url: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (tmp_path, Path("/")):
        monkeypatch.chdir(folder)
        assert database_file(layout, url) == layout.data / place
    if url:
        open_database(layout, url).close()
        assert (layout.data / place).exists()


def test_an_absolute_address_is_taken_as_it_is(layout: Layout, tmp_path: Path) -> None:
    assert database_file(layout, f"sqlite:///{tmp_path}/a.db") == tmp_path / "a.db"


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:p4ssword@h/x", "mysql://h/x", "nonsense", "sqlite://", "sqlite:///:memory:"],
)
def test_other_databases_are_refused_in_a_sentence(layout: Layout, url: str) -> None:
    with pytest.raises(Refused) as caught:
        open_database(layout, url)
    assert "p4ssword" not in str(caught.value)
    assert not layout.database.exists()


def test_all_the_nouns_have_their_table(layout: Layout) -> None:
    database = open_database(layout)
    names = set(inspect(database.engine).get_table_names())
    database.close()
    assert names >= {"tenants", "projects", "operators", "events", "integrations", "issues"}
