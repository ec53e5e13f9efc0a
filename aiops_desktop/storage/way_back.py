"""A copy of a database others may have open, and the way back to it; standard library alone."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from aiops_desktop.domain.trouble import Failed

#: Seconds a copy waits for writers.
PATIENCE = 30.0


def copy(source: Path, target: Path) -> int:
    """Copy a database with all that was committed, and look that the copy is whole; its bytes.

    Raises:
        Failed: it cannot be read or written; no half copy is left.
    """
    part = target.with_name(f".{target.name}.{os.getpid()}.part")  # the next backup removes it
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with _open(source) as ours, _open(part) as theirs:
            ours.backup(theirs)
            # A copy has no other readers: without a log beside it, it is one file.
            theirs.execute("PRAGMA journal_mode=DELETE")
            found = theirs.execute("PRAGMA quick_check(1)").fetchone()
        if not found or found[0] != "ok":
            raise sqlite3.DatabaseError(str(found))
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise Failed(
            f"The database could not be copied: {error}.",
            f"Make room in {target.parent}. The database was not changed.",
        ) from error
    finally:
        with contextlib.suppress(OSError):  # its folder may be what is in the way
            part.unlink(missing_ok=True)
    return target.stat().st_size


def put_back(copied: Path, target: Path) -> None:
    """Make a database what a copy of it is; programs that have it open see it at once.

    Raises:
        Failed: it cannot be written; then it is as it was before.
    """
    try:
        with _open(copied) as ours, _open(target) as theirs:
            ours.backup(theirs)
    except sqlite3.Error as error:
        raise Failed(
            f"The database could not be put back: {error}.",
            f"The copy lies in {copied}. Close other programs that use {target}, then try again.",
        ) from error


def _open(path: Path) -> contextlib.closing[sqlite3.Connection]:
    return contextlib.closing(sqlite3.connect(path, timeout=PATIENCE))
