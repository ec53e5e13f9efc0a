"""The database of a backup: copied while it is in use, looked at, and laid ready to be moved."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiops_desktop.domain.runs import RunState
from aiops_desktop.domain.trouble import Clash, Failed, Refused
from aiops_desktop.storage.open import KNOWN, readable

#: Pages copied between two looks at Stop: 8 MiB of a database with pages of 4 KiB.
PAGES = 2048
#: Seconds to wait for whoever writes just now.
_PATIENCE = 5.0
#: What an archive counts: its word → the table.
_COUNTED = {
    "tenants": "tenants",
    "projects": "projects",
    "issues": "issues",
    "keys": "keys",
    "integrations": "integrations",
    "runs": "runs",
    "deployments": "deployments",
    "events": "events",
    "secrets": "secrets",
}
#: The name of a thing as a person knows it, and all that is remembered of it.
_NAMED = {
    "tenants": "SELECT name, t.* FROM tenants t",
    **{
        noun: f"SELECT t.name || ' / ' || x.name, x.* FROM {noun} x"  # noqa: S608 - ours
        " JOIN tenants t ON t.id = x.tenant_id"
        for noun in ("projects", "keys", "integrations")
    },
}
#: What changes by itself, so that it is no change a person made.
_BY_ITSELF = {
    *("id", "tenant_id", "name_key", "created", "key_id", "replaces", "owner_id", "last_used"),
    *("state", "clone_error", "busy_by", "favourite", "tested", "version", "what", "hint"),
    *("person", "scopes", "expires"),
}
_OUTSIDE = """SELECT t.name || ' / ' || p.name, p.checkout FROM projects p
JOIN tenants t ON t.id = p.tenant_id WHERE p.state != 'absent'"""
_ALIVE = frozenset(state.value for state in RunState if state.alive)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a database holds, as `About` says it too; `at_work` names runs."""

    schema: str
    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    data_key: str = ""
    at_work: tuple[str, ...] = ()
    marks: dict[str, dict[str, str]] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)


class Snapshot:
    """A database that others use, as it is at one moment: looked at, and copied in a thread.

    Args of the constructor: `base` is a connection in a transaction that has read.
    """

    def __init__(self, base: sqlite3.Connection, source: Path) -> None:
        self._base, self._source = base, source
        self._trouble: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._given_up = False

    def glimpse(self) -> Glimpse:
        """What it holds; before the copy begins.

        Raises:
            Failed: it is damaged, or no database of this program.
        """
        try:
            return _look(self._base, self._source)
        except sqlite3.Error as error:
            raise _not_copied(self._source, error) from error

    def copy(self, target: Path, check: Callable[[], object], ended: int | None = None) -> None:
        """Begin to copy it.

        Args:
            target: a file that is not there yet; 0600.
            check: called now and then in another thread; may raise to stop.
            ended: the event of this very work; in the copy it has ended well.
        """
        target.touch(mode=0o600)

        def work() -> None:
            try:
                self._copy(target, check, ended)
            except BaseException as error:
                self._trouble = error

        self._thread = threading.Thread(target=work, name="database copy", daemon=True)
        self._thread.start()

    def copied(self) -> None:
        """Wait until all of it is copied.

        Raises:
            Failed: it cannot be read, or there is no room.
        """
        if self._thread is not None:
            self._thread.join()
        error = self._trouble
        if isinstance(error, sqlite3.Error):
            raise _not_copied(self._source, error) from error
        if error is not None:
            raise error

    def give_up(self) -> None:
        """End the copying, wherever it is."""
        self._given_up = True
        if self._thread is not None:
            self._thread.join()

    def _copy(self, target: Path, check: Callable[[], object], ended: int | None) -> None:
        def told(_state: int, _left: int, _all: int) -> None:
            check()
            if self._given_up:
                raise _GivenUp

        with contextlib.closing(sqlite3.connect(target)) as there:
            there.execute("PRAGMA synchronous=OFF")  # the archive is brought to the disk, not this
            self._base.backup(there, pages=PAGES, progress=told)
            # Moved alone to where nobody has it open, it is read without a log beside it.
            there.execute("PRAGMA journal_mode=DELETE")
            if ended is not None:
                there.execute("UPDATE events SET outcome = 'done' WHERE id = ?", (ended,))
                there.commit()


class _GivenUp(Exception):
    """Nobody waits for the copy any more."""


@contextlib.contextmanager
def snapshot(source: Path) -> Iterator[Snapshot]:
    """A database as it is at this moment (WAL), while others read and write it.

    Raises:
        Failed: it cannot be read.
    """
    try:
        here = sqlite3.connect(source, timeout=_PATIENCE, check_same_thread=False)
        here.isolation_level = None
        here.execute("BEGIN")  # from here on it sees one state, and never begins again
        here.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raise _not_copied(source, error) from error
    made = Snapshot(here, source)
    try:
        yield made
    finally:
        made.give_up()
        here.close()


def _not_copied(source: Path, error: sqlite3.Error) -> Failed:
    return Failed(
        f"The database {source} could not be copied: {error}.",
        "Check its permissions and the room on the disk.",
        str(error),
    )


def glimpse(path: Path) -> Glimpse:
    """Look into a database without changing it; others may have it open.

    Raises:
        Failed: it is damaged, or no database of this program.
    """
    with readable(path) as base:
        return _look(base, path)


def _look(base: sqlite3.Connection, path: Path) -> Glimpse:
    base.execute("PRAGMA trusted_schema=OFF")
    tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master")}
    row = (
        base.execute("SELECT version_num FROM alembic_version").fetchone()
        if "alembic_version" in tables
        else None
    )
    if row is None:
        raise Failed(f"{path.name} is no database of this program.")
    counts = {
        word: base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
        for word, table in _COUNTED.items()
        if table in tables
    }
    marks = {word: _marks(base, query) for word, query in _NAMED.items() if word in tables}
    outside = {
        str(name): str(path)
        for name, path in base.execute(_OUTSIDE)
        if Path(str(path)).is_absolute()
    }
    keeper = base.execute("SELECT place FROM secret_keeper").fetchone()
    at_work = tuple(
        str(title)
        for title, state in base.execute("SELECT title, state FROM runs")
        if state in _ALIVE
    )
    return Glimpse(
        schema=str(row[0]),
        counts=counts,
        names={word: tuple(found) for word, found in marks.items()},
        data_key=str(keeper[0]) if keeper else "",
        at_work=at_work,
        marks=marks,
        outside=outside,
    )


def _marks(base: sqlite3.Connection, query: str) -> dict[str, str]:
    """Name → a short checksum of what a person could have changed."""
    rows = base.execute(query)
    told = [column[0] for column in rows.description]
    kept = [at for at, name in enumerate(told) if at and name not in _BY_ITSELF]
    return {
        str(row[0]): hashlib.sha256(repr([row[at] for at in kept]).encode()).hexdigest()[:12]
        for row in rows
    }


def check(path: Path) -> Glimpse:
    """The same after a look at every page.

    Raises:
        Failed: something in it is not as it should be.
        Refused: a newer program made it.
    """
    found = glimpse(path)
    if found.schema not in KNOWN:
        raise Refused(
            f"The database in it was made by a newer version of this program ({found.schema}).",
            "Update this program first, then restore.",
        )
    with readable(path) as base:
        base.execute("PRAGMA trusted_schema=OFF")
        told = base.execute("PRAGMA integrity_check(5)").fetchall()
        orphans = base.execute("PRAGMA foreign_key_check").fetchall()
    if told != [("ok",)] or orphans:
        raise Failed(
            "The database in it is damaged.", "Take another backup.", str(told or orphans)[:500]
        )
    return found


def close_all(path: Path) -> None:
    """Make the database one single file that nobody has open, ready to be moved.

    A damaged one is left as it is: what is to take its place is meant to help then.

    Raises:
        Clash: another program has it open.
    """
    if not path.exists():
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1.0, isolation_level=None)) as base:
            mode = base.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise _in_use() from error
        return
    except sqlite3.DatabaseError:
        return
    if mode != "delete":
        raise _in_use()


def room(folder: Path) -> int:
    """Bytes free on the disk of a folder, or of its nearest parent that is there."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free


def _in_use() -> Clash:
    return Clash(
        "Another program has this data folder open, so its data cannot be replaced.",
        "Close the window (“aiops-desktop stop”) and other commands, then try again.",
    )
