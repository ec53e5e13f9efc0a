"""Whether a database is well, looked at without changing it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from aiops_desktop.domain.trouble import Failed

_HINT = "Restore a copy from the backups folder, or move the file away to start anew."


def examine(path: Path) -> str:
    """A sentence on its size and schema, after SQLite itself has looked through every page.

    Raises:
        Failed: damaged, or it cannot be read.
    """
    if not path.exists():
        return f"{path} is not there yet; it is made at the first start."
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            told = [str(row[0]) for row in opened.execute("PRAGMA quick_check(5)")]
            revision = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise Failed(f"{path} cannot be read: {error}.", _HINT) from error
    if told != ["ok"]:
        raise Failed(f"{path} is damaged: {told[0]}.", _HINT, "\n".join(told))
    size = path.stat().st_size / 2**20
    return f"{path}, {size:.1f} MiB, schema {revision[0] if revision else 'none'}"
