"""Archives as nobody should make them, and what a data folder holds, to be compared."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiops_desktop.domain.layout import Layout

#: Tables that say of a data folder what must come back.
TABLES = ("tenants", "projects", "keys", "runs", "deployments", "secrets", "operators")


def remembered(layout: Layout) -> dict[str, list[Any]]:
    """All rows that must come back, by SQLite's own word, and that the database is whole."""
    base = sqlite3.connect(layout.database)
    try:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            table: base.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES
        }
    finally:
        base.close()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def members(archive: Path) -> dict[str, bytes]:
    """The files of an archive, as tar reads them."""
    with tarfile.open(archive) as tar:
        return {
            member.name: tar.extractfile(member).read()  # type: ignore[union-attr]  # files only
            for member in tar.getmembers()
            if member.isfile()
        }


def forged(
    path: Path,
    archive: Path,
    more: Mapping[str, bytes] = {},
    extra: tuple[tarfile.TarInfo, ...] = (),
    *,
    about: Mapping[str, object] = {},
    without: tuple[str, ...] = (),
) -> Path:
    """An archive like another one, with other or more things in it and a manifest that fits."""
    files = {**members(archive), **more}
    told = {**json.loads(files.pop("about.json")), **about}
    files.pop("manifest.json")
    files = {name: data for name, data in files.items() if name not in without}
    sums = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    links = {one.name: one.linkname for one in extra if one.issym()}
    manifest = json.dumps({"files": sums, "links": links}).encode()
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, data in {"about.json": json.dumps(told).encode(), **files}.items():
            _put(tar, name, data)
        for one in extra:
            tar.addfile(one)
        _put(tar, "manifest.json", manifest)
    whole = path.read_bytes().rstrip(b"\0")
    path.write_bytes(whole + b"\0" * (-len(whole) % 512 + 1024))  # tar itself ends with more
    return path


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    """A member that is no file."""
    made = tarfile.TarInfo(name)
    made.type, made.linkname = kind, target
    return made


def _put(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))
