"""Makes sure that nothing stays of a private key that is to be gone."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

from aiops_desktop.domain.trouble import Failed

#: Seconds.
_YOUNG = 60.0


def erase(path: Path) -> None:
    """Overwrite a key file and remove it with what lies beside it; no trouble when it is gone.

    What a disk keeps of overwritten blocks is its own business (flash, snapshots, backups).

    Raises:
        Failed: it cannot be removed.
    """
    try:
        for private in (path, half_written(path)):
            if private.is_file() and not private.is_symlink():
                with suppress(PermissionError), private.open("r+b") as file:
                    overwrite(file.fileno())
            private.unlink(missing_ok=True)
        for beside in (".pub", "-cert.pub"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
    except OSError as error:
        raise Failed(
            f"The key file {path} cannot be removed: {error.strerror}.", "Check its permissions."
        ) from error


def half_written(path: Path) -> Path:
    """Where the next content of a key file is written, before it takes the file's place."""
    return path.with_name(f".{path.name}.new")


def erase_strays(folder: Path) -> int:
    """Erase what a program that was killed left half-written in a folder of keys; how many.

    What is younger than a minute may be at work in another program.
    """
    erased = 0
    for place in folder.glob(".*.new"):
        with suppress(OSError, Failed):
            if time.time() - place.lstat().st_mtime > _YOUNG:
                erase(place)
                erased += 1
    return erased


def overwrite(handle: int) -> None:
    """Fill an open file with noise, on the disk."""
    size = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, os.urandom(size))
    os.fsync(handle)
