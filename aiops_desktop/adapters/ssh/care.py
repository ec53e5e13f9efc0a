"""Looks after key files: who may read them, and under which passphrase they lie."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat

from aiops_desktop.adapters.ssh import keys
from aiops_desktop.adapters.ssh.erasing import half_written, overwrite
from aiops_desktop.adapters.ssh.keys import KeyPair
from aiops_desktop.domain.keys import FileState
from aiops_desktop.domain.trouble import Failed, Missing


def state(path: Path) -> FileState:
    """How a private key lies there: ssh refuses one that others may read (ssh(1))."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return FileState.MISSING
    return FileState.OPEN if mode & 0o077 or not stat.S_ISREG(mode) else FileState.SAFE


def folder_open(folder: Path) -> bool:
    """Whether others may look into a folder of keys."""
    with suppress(OSError):
        return bool(folder.stat().st_mode & 0o077)
    return False


def protect(path: Path) -> None:
    """Take a key file away from others, as ssh demands (0600); no trouble when it is gone."""
    with suppress(OSError):
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def repair(*paths: Path) -> list[Path]:
    """Take keys (0600) and their folders (0700) away from others; what was changed.

    Raises:
        Failed: the system does not allow it.
    """
    changed = []
    for path in paths:
        try:
            wanted = 0o700 if path.is_dir() else 0o600
            if path.exists() and path.stat().st_mode & 0o077:
                path.chmod(wanted)
                changed.append(path)
        except OSError as error:
            raise Failed(
                f"The permissions of {path} cannot be changed: {error.strerror}.",
                "The file may belong to another account.",
            ) from error
    return changed


def with_passphrase(path: Path, old: str, new: str, comment: str) -> KeyPair:
    """The key of a file under another passphrase ("" for none); the file stays as it is.

    Raises:
        Missing, Failed, Refused: as `keys.read_file`.
        NotTrusted: the old passphrase is wrong.
    """
    return keys.locked(keys.opened(path, old), new, comment)


def rewrite(pair: KeyPair, path: Path) -> None:
    """Put a key in the place of a file; the old content is overwritten, too.

    Raises:
        Missing: the file is gone.
        Failed: it cannot be written; the old file then stands.
    """
    fresh = half_written(path)
    try:
        fresh.unlink(missing_ok=True)
        with path.open("r+b") as old:
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", newline="\n") as file:
                file.write(pair.private)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            overwrite(old.fileno())
    except FileNotFoundError as error:
        raise Missing(f"The key file {path} is gone.", "Import the key again.") from error
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise Failed(f"The key cannot be written: {error.strerror}.", "Check the disk.") from error


def plain_text(path: Path, passphrase: str) -> bytes:
    """The unlocked key for an agent's ear; never written, never shown.

    Raises:
        Missing, Failed, Refused: as `keys.read_file`.
        NotTrusted: the passphrase is wrong or missing.
    """
    return keys.opened(path, passphrase).private_bytes(
        Encoding.PEM, PrivateFormat.OpenSSH, serialization.NoEncryption()
    )


def listed(folder: Path) -> list[Path]:
    """The files of a folder, not those of folders in it.

    Raises:
        Failed: it cannot be read.
    """
    try:
        return [path for path in folder.iterdir() if path.is_file()]
    except OSError as error:
        raise Failed(
            f"The folder {folder} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error
