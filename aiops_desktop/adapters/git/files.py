"""Files of a work tree as git sees them: plain, executable, or a symbolic link."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.domain.trouble import Failed, Refused

#: Bytes of a README that are read.
README = 200_000
PLAIN, EXECUTABLE, LINK = "100644", "100755", "120000"


@dataclass(frozen=True, slots=True)
class File:
    """A file's mode (git's octal text) and its bytes as on disk; a link's are its target."""

    mode: str
    data: bytes

    @property
    def digest(self) -> str:
        """Two files with the same digest are the same."""
        return hashlib.sha256(self.mode.encode() + b"\0" + self.data).hexdigest()


def read_file(folder: Path, path: str) -> File | None:
    """A file; None when there is none, or a folder.

    Raises:
        Failed: it cannot be read.
    """
    place = inside(folder, path)
    try:
        if place.is_symlink():
            return File(LINK, os.fsencode(place.readlink()))
        if not place.is_file():
            return None
        return File(EXECUTABLE if place.stat().st_mode & 0o100 else PLAIN, place.read_bytes())
    except OSError as error:
        raise Failed(
            f"{path} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error


def write_file(folder: Path, path: str, file: File | None) -> None:
    """Put a file there, whole or not at all; None removes it, and folders that are then empty.

    Raises:
        Failed: it cannot be written.
    """
    place = inside(folder, path)
    try:
        if file is None:
            _remove(place, folder)
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.mode == LINK:
            place.unlink(missing_ok=True)
            place.symlink_to(os.fsdecode(file.data))
            return
        fresh = place.with_name(f".aiops-{secrets.token_hex(6)}")
        try:
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666), "wb") as to:
                to.write(file.data)
            fresh.chmod(_permissions(place if place.is_file() else fresh, file.mode))
            fresh.replace(place)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Failed(
            f"{path} cannot be written: {error.strerror}.", "Check its permissions and the disk."
        ) from error


def readme(folder: Path) -> tuple[str, str]:
    """(name, text) of the README in a folder; never one that a link leads out of it to."""
    names = ("readme.md", "readme.markdown", "readme.rst", "readme.txt", "readme")
    try:
        found = {place.name.lower(): place for place in folder.iterdir()}
        place = next((found[name] for name in names if name in found), None)
        if place is None or not place.resolve().is_relative_to(folder.resolve()):
            return "", ""
        with place.open("rb") as source:
            return place.name, source.read(README).decode("utf-8", "replace")
    except OSError:
        return "", ""


def inside(folder: Path, path: str) -> Path:
    """The place of a path in a work tree.

    Raises:
        Refused: it leads out of it, or into git's own folder.
    """
    parts = Path(path).parts
    place = folder / path
    if (
        not parts
        or Path(path).is_absolute()
        or ".." in parts
        or parts[0].lower() == ".git"
        or not place.parent.resolve().is_relative_to(folder.resolve())
    ):
        raise Refused(f"“{path}” is no file of this work tree.", "Choose another file.")
    return place


def _remove(place: Path, folder: Path) -> None:
    place.unlink(missing_ok=True)
    parent = place.parent
    with contextlib.suppress(OSError):  # the first folder that is not empty ends it
        while parent != folder:
            parent.rmdir()
            parent = parent.parent


def _permissions(like: Path, mode: str) -> int:
    """The permissions of a file that is there, with or without the right to execute."""
    old = like.stat().st_mode & 0o777
    return (old | ((old & 0o444) >> 2)) if mode == EXECUTABLE else old & ~0o111
