"""The database: one file, write-ahead log, immediate write transactions."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import DateTime, Dialect, Engine, MetaData, create_engine, event
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Failed

#: Milliseconds a writer waits for another one.
BUSY_TIMEOUT = 5000
#: Where the metadata keeps what `beyond` told it.
BEYOND = "beyond"
#: Bytes of free disk below which an I/O error is taken for a full disk.
ROOM = 1 << 18


class UtcTime(TypeDecorator[datetime]):
    """Aware times in UTC; SQLite itself forgets the zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On the way in."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """On the way out."""
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    """All tables. Constraint names are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime}  # noqa: RUF012 - SQLAlchemy's own attribute


def beyond(name: str, *statements: str) -> None:
    """Tell of something in the database that models cannot say: a virtual table, triggers.

    Args:
        name: the virtual table's own, or one for the triggers.
        statements: SQLite's; each does nothing when it was done before (IF NOT EXISTS). They run
            after the migrations, when all tables are there.
    """
    Base.metadata.info.setdefault(BEYOND, {})[name] = statements


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def name_key(name: str) -> str:
    """A name as names are compared: without case, in any script."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold()).strip()


class Database:
    """Opens sessions. Thread-safe; a session never leaves the `with` that opened it."""

    def __init__(self, url: str, layout: Layout) -> None:
        """Open nothing yet; `url` is SQLAlchemy's, such as sqlite:////path/aiops.db."""
        self.layout = layout
        self.engine = create_engine(
            url, connect_args={"check_same_thread": False} if url.startswith("sqlite") else {}
        )
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
        self._here = threading.local()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; inside a `write` of this thread it is that one."""
        outer: Session | None = getattr(self._here, "session", None)
        if outer is not None:
            yield outer
            return
        with _translated(self.layout.data), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"aiops_write": False})
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A write transaction: commits at the end, rolls back on any exception.

        Nested calls of the same thread join the outer transaction, so that a service can make
        several stores' writes one.

        Raises:
            Failed: disk full, file read-only, locked for longer than `BUSY_TIMEOUT`.
        """
        outer: Session | None = getattr(self._here, "session", None)
        if outer is not None:
            yield outer
            outer.flush()
            return
        with _translated(self.layout.data), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={"aiops_write": True})
            self._here.session = session
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                self._here.session = None

    def checkpoint(self) -> bool:
        """Write what was committed to the disk itself; False when somebody's reading is in the way.

        With synchronous=NORMAL a power cut may take the last transactions back until then.
        """
        with _translated(self.layout.data), self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            busy, log, moved = raw.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        return not busy and log == moved

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own type
        connection.isolation_level = (
            None  # the "begin" event below decides (SQLAlchemy's SQLite page)
        )
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT}",
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=NORMAL",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's own type
        write = connection.get_execution_options().get("aiops_write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (OperationalError, DatabaseError) as error:
        text = str(error.orig)
        # Without room for its shared memory SQLite only speaks of an I/O error.
        if "full" in text or ("disk I/O" in text and shutil.disk_usage(folder).free < ROOM):
            raise Failed(
                "The disk is full; nothing was saved.", "Free some space and try again.", text
            ) from error
        if "disk I/O" in text:
            raise Failed(
                "The disk did not read or write what it should.",
                "Look at the disk's health; copies of the database lie in the backups folder.",
                text,
            ) from error
        if "locked" in text:
            raise Failed(
                "Another program holds the database.", "Close it and try again.", text
            ) from error
        if "readonly" in text or "unable to open" in text:
            raise Failed(
                "The database cannot be written.", "Check the data folder's permissions.", text
            ) from error
        if "malformed" in text or "not a database" in text:
            raise Failed(
                "The database file is damaged.", "Restore a copy from the backups folder.", text
            ) from error
        raise
