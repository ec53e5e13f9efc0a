"""The trash folder: what lies in it, and the way of each folder back to its place."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Failed

MANIFEST, ROWS = "manifest.json", "rows.json"


class Trashcan:
    """Reads what `Folders.trash` wrote. Nothing in it is believed to be whole."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def all(self) -> list[tuple[Path, dict[str, Any] | None]]:
        """Each folder with its manifest, None where that cannot be read."""
        try:
            places = sorted(path for path in self._layout.trash.iterdir() if path.is_dir())
        except OSError:
            return []
        return [(place, _read(place / MANIFEST)) for place in places]

    def has_rows(self, name: str) -> bool:
        """Whether its rows were kept."""
        return (self._layout.trash / name / ROWS).is_file()

    def rows(self, name: str) -> dict[str, list[dict[str, Any]]]:
        """Its rows by table.

        Raises:
            Failed: they cannot be read.
        """
        found = _read(self._layout.trash / name / ROWS)
        if found is None:
            raise Failed(
                "What is remembered of it cannot be read.",
                f"Its folders can be taken from {self._layout.trash / name} by hand.",
            )
        return found

    def places(self, name: str) -> dict[str, str]:
        """Its folders: name there → where it was, as paths are remembered."""
        told = (_read(self._layout.trash / name / MANIFEST) or {}).get("places")
        found = told if isinstance(told, dict) else {}
        return {str(part): str(path) for part, path in found.items() if "/" not in str(part)}

    def holds(self, name: str, part: str) -> bool:
        """Whether this folder of it still lies there."""
        return (self._layout.trash / name / part).exists()

    def size(self, name: str) -> int:
        """Bytes of all files in it; those that cannot be looked at count as none."""
        total = 0
        for place, _folders, files in os.walk(self._layout.trash / name):
            for file in files:
                with contextlib.suppress(OSError):
                    total += os.lstat(Path(place, file)).st_size
        return total

    @contextlib.contextmanager
    def out(self, name: str, places: Mapping[str, Path]) -> Iterator[None]:
        """Move folders to their places; back again when what is done inside fails.

        A folder that is in its place already was moved before a crash and stays there.

        Raises:
            Failed: something lies in the way, or cannot be moved.
        """
        moved: list[tuple[Path, Path]] = []
        try:
            for part, target in places.items():
                source = self._layout.trash / name / part
                if source.exists():
                    _make_way(target)
                    shutil.move(source, target)
                    moved.append((source, target))
            yield
        except OSError as error:
            _undo(moved)
            raise Failed(
                f"A folder could not be brought back: {error}.",
                "Look at what lies in its place, and try again.",
            ) from error
        except BaseException:
            _undo(moved)
            raise
        self.remove(name)

    def private(self, name: str) -> list[Path]:
        """Files that hold private keys, to be overwritten before they go."""
        place = self._layout.trash / name
        folders = [place / "tenant" / "keys", *place.glob("tenants/*/keys")]
        return [
            path
            for folder in folders
            if folder.is_dir()
            for path in folder.iterdir()
            if path.is_file() and path.suffix != ".pub"
        ]

    def remove(self, name: str) -> None:
        """Remove a folder of the trash for good.

        Raises:
            Failed: it cannot be removed.
        """
        try:
            shutil.rmtree(self._layout.trash / name)
        except FileNotFoundError:
            return
        except OSError as error:
            raise Failed(
                f"{self._layout.trash / name} could not be removed: {error.strerror}.",
                "Close programs that use it, and check the permissions.",
            ) from error


def _make_way(target: Path) -> None:
    """An empty folder in the way goes; anything else stays, and is said."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        for path in sorted(target.rglob("*"), reverse=True):  # folders made anew hold folders
            path.rmdir()
        target.rmdir()
    elif target.exists():
        raise FileExistsError(f"{target} is there")


def _undo(moved: list[tuple[Path, Path]]) -> None:
    for source, target in reversed(moved):
        with contextlib.suppress(OSError):
            shutil.move(target, source)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None
