"""Opens the database of a data folder: made, upgraded or refused."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.setting_values import database_name
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.storage import way_back
from aiops_desktop.storage.database import BUSY_TIMEOUT, Database

#: The revision this program works with: the newest file of migrations/versions.
REVISION = "0002"
#: Revisions this program can upgrade from; anything else was made by a newer one.
KNOWN = ("0001", "0002")
#: The folder of the revisions, with Alembic's env.py.
MIGRATIONS = Path(__file__).parent / "migrations"
_DAMAGED = "Restore a copy from the backups folder, or move the file away to start anew."


def open_database(layout: Layout, database_url: str = "") -> Database:
    """The database, its tables as this program wants them.

    Args:
        layout: the data folder; made (0700) when it is not there.
        database_url: the setting of that name; "" is the file in the data folder.

    Raises:
        Refused: another kind of database, or one made by a newer program. It is left untouched.
        Failed: damaged, not writable, or the upgrade did not work; then it is as it was before.
    """
    path = database_file(layout, database_url)
    try:
        layout.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(
            f"The data folder {layout.data} could not be made: {error.strerror}.",
            "Check its place and permissions, or set AIOPS_DATA_DIR.",
        ) from error
    found = _revision(path)
    if found != REVISION:
        if found and found not in KNOWN:
            raise Refused(
                f"The database {path} was made by a newer version of this program (its revision "
                f"is {found}, this program knows {REVISION}).",
                "Update the program. Nothing was changed.",
            )
        if found:
            _copy(path, layout, found)
        _upgrade(path, layout)
    return Database(f"sqlite:///{path}", layout)


def database_file(layout: Layout, database_url: str) -> Path:
    """The SQLite file that DATABASE_URL names; relative paths start at the data folder.

    Raises:
        Refused: not an SQLite address.
    """
    if not database_url.strip():
        return layout.database
    try:
        name = database_name(database_url)
    except ValueError as error:
        raise Refused(
            f"DATABASE_URL cannot be used: {error}", field="storage.database_url"
        ) from error
    return layout.data / Path(name).expanduser()


def _revision(path: Path) -> str:
    """The revision a file says it has, "" for a new one; leaves no trace beside the file."""
    if not path.exists() or path.stat().st_size == 0:
        return ""
    with readable(path) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "alembic_version" not in tables:
            if tables:
                raise Refused(
                    f"The file {path} is a database of another program.",
                    "Choose another DATABASE_URL, or move the file away.",
                )
            return ""
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""


@contextlib.contextmanager
def readable(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads; what it finds damaged becomes a Trouble.

    `immutable` keeps SQLite from making -wal and -shm files; it may not be used while another
    process has the database open, and then those files are there.
    """
    open_elsewhere = path.with_name(path.name + "-wal").exists()
    address = f"{path.resolve().as_uri()}?mode=ro{'' if open_elsewhere else '&immutable=1'}"
    try:
        connection = sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT / 1000)
    except sqlite3.Error as error:
        raise _not_opened(path, error) from error
    try:
        yield connection
    except sqlite3.DatabaseError as error:
        raise _not_opened(path, error) from error
    finally:
        connection.close()


def _not_opened(path: Path, error: sqlite3.Error) -> Failed:
    if isinstance(error, sqlite3.OperationalError):
        return Failed(
            f"The database {path} could not be opened: {error}.",
            "Check its permissions, and whether another program holds it.",
            str(error),
        )
    return Failed(f"The database {path} is damaged.", _DAMAGED, str(error))


def _copy(path: Path, layout: Layout, revision: str) -> Path:
    """Copy the database to the backups before it is changed."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target = layout.backups / f"{path.stem}-{revision}-{stamp}.db"
    way_back.copy(path, target)
    return target


def _upgrade(path: Path, layout: Layout) -> None:
    """Apply the revisions that are missing, in one transaction."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import event
    from sqlalchemy.exc import IntegrityError, SQLAlchemyError

    from aiops_desktop.storage.tables import make_beyond

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    path.touch(mode=0o600, exist_ok=True)
    database = Database(f"sqlite:///{path}", layout)
    # SQLite alters a table by making it anew; with foreign keys on, its children would go.
    event.listen(database.engine, "connect", _without_foreign_keys)
    try:
        # The "begin" event takes the write lock: a second program waits and finds the work done.
        with database.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            make_beyond(connection)
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if orphans:
                raise IntegrityError("PRAGMA foreign_key_check", None, Exception(str(orphans[:5])))
    except SQLAlchemyError as error:
        raise Failed(
            f"The database {path} could not be upgraded.",
            f"It is as it was before. Copies lie in {layout.backups}.",
            str(error),
        ) from error
    finally:
        database.close()


def _without_foreign_keys(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")
