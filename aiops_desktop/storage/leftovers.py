"""The rows of a deleted tenant or project: taken down before they go, and put back."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Column, Connection, ForeignKey, Table

from aiops_desktop.domain.layout import Layout
from aiops_desktop.storage.database import Database, name_key
from aiops_desktop.storage.tables import all_tables

#: Table → rows, as SQLite has them; bytes as {"bytes": base64}.
Rows: TypeAlias = dict[str, list[dict[str, Any]]]

#: Columns that hold paths relative to the data folder.
_PATHS: Mapping[str, tuple[str, ...]] = {
    "projects": ("checkout",),
    "keys": ("path",),
    "runs": ("worktree", "folder"),
    "deployments": ("folder",),
}
_ROOTS = {"tenant": "tenants", "project": "projects"}
_SECRETS, _KEEPER = "secrets", "secret_keeper"


class Leftovers:
    """Takes rows down with everything that goes with them, and makes them again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take_down(self, noun: str, number: int) -> Rows:
        """All rows that go when this "tenant" or "project" goes; a tenant's sealed secrets, too."""
        with self._database.read() as session:
            base = session.connection()
            found: Rows = {_ROOTS[noun]: _rows(base, _ROOTS[noun], "id", [number])}
            for table in all_tables().sorted_tables:
                for key in _parents(table):
                    above = [row["id"] for row in found.get(key.column.table.name, ())]
                    if key.ondelete == "CASCADE" and above:
                        _add(found, table.name, _rows(base, table.name, key.parent.name, above))
            if noun == "tenant":
                mine = _rows(base, _SECRETS, "1", [1])
                owner = f"tenant:{number}/"
                found[_SECRETS] = [row for row in mine if str(row["owner"]).startswith(owner)]
                found[_KEEPER] = _rows(base, _KEEPER, "1", [1])
            return {name: rows for name, rows in found.items() if rows}

    def there(self, noun: str, number: int) -> bool:
        """Whether it is in the database."""
        with self._database.read() as session:
            return bool(_rows(session.connection(), _ROOTS[noun], "id", [number]))

    def free_name(self, noun: str, row: Mapping[str, Any]) -> str:
        """Its name, with a number behind it when another one has it by now."""
        name, number = str(row["name"]), 2
        taken = self._values(noun, row, "name_key")
        while name_key(name) in taken:
            name, number = f"{row['name']} ({number})", number + 1
        return name

    def slugs(self, noun: str, row: Mapping[str, Any]) -> set[str]:
        """Slugs that others of the same tenant (or other tenants) have."""
        return self._values(noun, row, "slug")

    def put_back(self, rows: Rows, moved: Sequence[tuple[str, str]], layout: Layout) -> int:
        """Make the rows again, in one transaction; how many there are.

        A row whose other end is gone meanwhile goes without it, or not at all.

        Args:
            rows: as `take_down` gave them.
            moved: beginnings of remembered paths, before and now.
            layout: of the data folder.
        """
        referred = {
            key.column.table.name for t in all_tables().sorted_tables for key in _parents(t)
        }
        made = 0
        with self._database.write() as session:
            base = session.connection()
            if not _same_key(rows.get(_KEEPER, ()), _rows(base, _KEEPER, "1", [1])):
                rows = {**rows, _SECRETS: []}  # nobody can open them any more
            for table in all_tables().sorted_tables:
                for row in rows.get(table.name, ()) if table.name != _KEEPER else ():
                    plain = {c.name: _bytes(row[c.name]) for c in table.columns if c.name in row}
                    if table.name not in referred and not _never_again(table):
                        plain.pop("id", None)
                    if "name_key" in plain:
                        plain["name_key"] = name_key(str(plain["name"]))
                    for column in _PATHS.get(table.name, ()):
                        plain[column] = elsewhere(str(plain.get(column) or ""), moved)
                    if _tied(base, table, plain):
                        made += _insert(base, table, plain)
        return made

    def _values(self, noun: str, row: Mapping[str, Any], column: str) -> set[str]:
        with self._database.read() as session:
            base = session.connection()
            if noun == "tenant":
                rows = _rows(base, "tenants", "1", [1])
            else:
                rows = _rows(base, "projects", "tenant_id", [row["tenant_id"]])
            return {str(one[column]) for one in rows if one["id"] != row["id"]}


def _never_again(table: Table) -> bool:
    """Whether a number, once used, is not given to another row: then the row keeps it."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def _parents(table: Table) -> list[ForeignKey]:
    return sorted(table.foreign_keys, key=lambda key: key.parent.name)


def _rows(base: Connection, table: str, column: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for start in range(0, len(values), 500):
        some = tuple(values[start : start + 500])
        marks = ",".join("?" * len(some))
        query = f"SELECT * FROM {table} WHERE {column} IN ({marks})"  # noqa: S608 - names of ours
        for row in base.exec_driver_sql(query, some).mappings():
            found.append({name: _text(value) for name, value in row.items()})
    return found


def _add(found: Rows, table: str, rows: list[dict[str, Any]]) -> None:
    """Two ways can lead to the same row."""
    there = found.setdefault(table, [])
    there += [row for row in rows if row not in there]


def _tied(base: Connection, table: Table, row: dict[str, Any]) -> bool:
    """Whether all that the row speaks of is there; what may be left open is."""
    for key in _parents(table):
        column: Column[Any] = key.parent
        value = row.get(column.name)
        if value is None or _rows(base, key.column.table.name, key.column.name, [value]):
            continue
        if not column.nullable:
            return False
        row[column.name] = None
    return True


def _insert(base: Connection, table: Table, row: dict[str, Any]) -> int:
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    query = f'INSERT OR IGNORE INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - ours
    return int(base.exec_driver_sql(query, tuple(row.values())).rowcount)


def _same_key(then: Sequence[dict[str, Any]], now: Sequence[dict[str, Any]]) -> bool:
    return [row["digest"] for row in then] == [row["digest"] for row in now]


def elsewhere(path: str, moved: Sequence[tuple[str, str]]) -> str:
    """A remembered path after these moves."""
    for before, now in moved:
        if path == before or path.startswith(f"{before}/"):
            return now + path[len(before) :]
    return path


def _text(value: object) -> object:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _bytes(value: object) -> object:
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value
