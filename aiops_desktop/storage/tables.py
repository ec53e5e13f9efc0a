"""All tables of the database, for migrations and for tests that compare them with the models."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import MutableMapping
from typing import Any, Literal

from sqlalchemy import Connection, MetaData

from aiops_desktop import storage
from aiops_desktop.storage.database import BEYOND, Base

Kind = Literal[
    "schema",
    "table",
    "column",
    "index",
    "unique_constraint",
    "foreign_key_constraint",
    "check_constraint",
]
_NO_TABLES = {"migrations", "tables"}


def all_tables() -> MetaData:
    """Import every module of this package that holds a table; their metadata."""
    for module in pkgutil.iter_modules(storage.__path__):
        if module.name not in _NO_TABLES:
            importlib.import_module(f"{storage.__name__}.{module.name}")
    return Base.metadata


def make_beyond(connection: Connection) -> None:
    """Make what the models cannot say: virtual tables and triggers (see `database.beyond`)."""
    for statements in all_tables().info.get(BEYOND, {}).values():
        for statement in statements:
            connection.exec_driver_sql(statement)


def is_modelled(name: str | None, kind: Kind, _parents: MutableMapping[Any, str | None]) -> bool:
    """Whether a name in the database belongs to a model; Alembic's `include_name`.

    A virtual table keeps its own in further tables named after it (sqlite.org/fts5.html, 9).
    """
    beyond = tuple(all_tables().info.get(BEYOND, {}))
    return not (
        kind == "table"
        and name
        and any(name == one or name.startswith(f"{one}_") for one in beyond)
    )
