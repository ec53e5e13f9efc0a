"""Folders of tenants and projects: made private, moved to the trash, never deleted."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Failed, Refused


class Folders:
    """Makes and retires folders below the data folder and the root of checkouts."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def make(self, *folders: Path) -> None:
        """Make folders nobody else may look into (0700); those that are there keep their mode.

        Raises:
            Failed: it is not possible there.
        """
        for folder in folders:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise Failed(
                    f"The folder {folder} could not be made: {error.strerror}.",
                    "Check its place and permissions.",
                ) from error

    def free(self, folder: Path) -> bool:
        """Whether nothing lies there yet."""
        try:
            return not any(folder.iterdir())
        except FileNotFoundError:
            return not folder.is_symlink()
        except OSError:
            return False

    def adoptable(self, typed: str, taken: Mapping[Path, str]) -> Path:
        """The folder of an existing checkout, as an absolute path.

        Args:
            typed: what the person chose.
            taken: checkouts of projects, with the projects' names.

        Raises:
            Refused: no checkout, or one that belongs to a project already.
        """
        path = Path(typed).expanduser()
        if not path.is_absolute():
            raise _not_adopted("A folder needs its whole path.", "Choose it with Browse.")
        path = path.resolve()
        if not path.is_dir():
            raise _not_adopted(f"The folder {path} is not there.", "Choose an existing checkout.")
        if not (path / ".git").exists():
            raise _not_adopted(
                f"The folder {path} holds no git checkout.",
                "Choose the folder that has .git in it, or leave this empty to clone.",
            )
        for other, name in taken.items():
            there = other.resolve()
            if path == there or path in there.parents or there in path.parents:
                raise _not_adopted(
                    f"This folder belongs to the project “{name}” already.", "Choose another one."
                )
        data = self._layout.data.resolve()
        if path == data or path in data.parents or path.is_relative_to(data / "tenants"):
            raise _not_adopted(
                "This folder belongs to the program itself.", "Choose another folder."
            )
        return path

    def trash(
        self,
        slug: str,
        what: Mapping[str, object],
        parts: Mapping[str, Path],
        rows: Mapping[str, object] | None = None,
    ) -> Path:
        """Move folders to the trash, beside a manifest.json that says what they were.

        Args:
            slug: for the folder's name.
            what: goes into the manifest.
            parts: name in the trash → folder; those that are not there are left out.
            rows: what the database remembers of it, for the way back (`trash.Trashcan`).

        Returns:
            The folder in the trash.

        Raises:
            Failed: something could not be moved; what was moved is moved back.
        """
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        place, number = self._layout.trash / f"{stamp}-{slug}", 2
        while place.exists():
            place, number = self._layout.trash / f"{stamp}-{slug}-{number}", number + 1
        self.make(self._layout.trash, place)
        here = {
            name: path
            for name, path in parts.items()
            if path.exists() and not place.is_relative_to(path)  # never the data folder itself
        }
        places = {name: self._layout.relative(path) for name, path in here.items()}
        folders = {name: str(path) for name, path in here.items()}
        manifest = {**what, "folders": folders, "places": places}
        moved: list[tuple[Path, Path]] = []
        try:
            _write(place / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))
            if rows:
                _write(place / "rows.json", json.dumps(rows))
            for name, path in here.items():
                shutil.move(path, place / name)
                moved.append((path, place / name))
        except OSError as error:
            for origin, now_at in reversed(moved):
                shutil.move(now_at, origin)
            raise Failed(
                f"A folder could not be moved to the trash: {error}.",
                "Close programs that use it, check the permissions, and try again.",
            ) from error
        return place


def _not_adopted(what: str, hint: str) -> Refused:
    return Refused(what, hint, field="checkout")


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
