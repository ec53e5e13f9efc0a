"""Makes sure that nothing stays of a private key that is to be gone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from aiops_desktop.domain.trouble import Failed


def erase(path: Path) -> None:
    """Overwrite a key file and remove it with what lies beside it; no trouble when it is gone.

    What a disk keeps of overwritten blocks is its own business (flash, snapshots, backups).

    Raises:
        Failed: it cannot be removed.
    """
    try:
        if path.is_file() and not path.is_symlink():
            with suppress(PermissionError), path.open("r+b") as file:
                overwrite(file.fileno())
        path.unlink(missing_ok=True)
        for beside in (".pub", "-cert.pub"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
    except OSError as error:
        raise Failed(
            f"The key file {path} cannot be removed: {error.strerror}.", "Check its permissions."
        ) from error


def overwrite(handle: int) -> None:
    """Fill an open file with noise, on the disk."""
    size = os.fstat(handle).st_size
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, os.urandom(size))
    os.fsync(handle)
