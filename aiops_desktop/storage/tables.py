"""All tables of the database, for migrations and for tests that compare them with the models."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import MetaData

from aiops_desktop import storage
from aiops_desktop.storage.database import Base

_NO_TABLES = {"migrations", "tables"}


def all_tables() -> MetaData:
    """Import every module of this package that holds a table; their metadata."""
    for module in pkgutil.iter_modules(storage.__path__):
        if module.name not in _NO_TABLES:
            importlib.import_module(f"{storage.__name__}.{module.name}")
    return Base.metadata
