"""The data key in a file of its own, 0600: a line for each key that is in use or about to be."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from aiops_desktop.domain.secrets import KeyLost
from aiops_desktop.domain.trouble import Failed


class KeyFile:
    """Lines of "profile key". Whoever writes holds the database's write lock, so none is lost.

    While keys are changed the old and the new one stand in it, so that whichever of them the
    database speaks of after a crash is there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, profile: str) -> str:
        """A key.

        Raises:
            KeyLost: it is not there, or the file cannot be read.
        """
        try:
            found = self._lines().get(profile)
        except OSError as error:
            raise KeyLost(
                f"The file with the data key, {self.path}, cannot be read: {error.strerror}."
            ) from error
        if found is None:
            raise KeyLost(f"The file {self.path} does not hold the data key of these secrets.")
        return found

    def add(self, profile: str, text: str) -> None:
        """Keep one more key.

        Raises:
            Failed: the file cannot be written.
        """
        self._change({profile: text}, set())

    def drop(self, profiles: set[str]) -> None:
        """Destroy keys: overwritten where the file system writes in place, then removed.

        Raises:
            Failed: the file cannot be written.
        """
        self._change({}, profiles)

    def exposed(self) -> bool:
        """Whether others on this computer may read it."""
        try:
            return os.name == "posix" and bool(self.path.stat().st_mode & 0o077)
        except OSError:
            return False

    def protect(self) -> None:
        """Make it 0600 again."""
        with contextlib.suppress(OSError):
            self.path.chmod(0o600)

    def set_aside(self) -> None:
        """Keep the file under another name: it opens nothing any more but old backups."""
        with contextlib.suppress(OSError):
            self.path.replace(self.path.with_suffix(".old"))

    def _change(self, more: dict[str, str], gone: set[str]) -> None:
        try:
            before = self._lines() if self.path.exists() else {}
            lines = {name: text for name, text in before.items() if name not in gone} | more
            if lines == before:
                return
            if lines:
                self._write("".join(f"{name} {text}\n" for name, text in lines.items()))
            else:
                _overwrite(self.path)
                self.path.unlink()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise Failed(
                f"The file {self.path} could not be written: {reason}.",
                "Check the data folder's space and permissions.",
            ) from error

    def _write(self, text: str) -> None:
        """Whole or not at all; the former content is overwritten when it has another name left."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            old = os.open(self.path, os.O_WRONLY) if self.path.exists() else None
            part.replace(self.path)
            _settle(self.path.parent)
            if old is not None:
                _fill(old)
        finally:
            part.unlink(missing_ok=True)

    def _lines(self) -> dict[str, str]:
        pairs = (line.split() for line in self.path.read_text(errors="replace").splitlines())
        return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _overwrite(path: Path) -> None:
    _fill(os.open(path, os.O_WRONLY))


def _fill(descriptor: int) -> None:
    """Zeros over all of a file; on disks that write elsewhere this reaches nothing."""
    with contextlib.suppress(OSError), os.fdopen(descriptor, "wb", buffering=0) as file:
        file.write(b"\0" * os.fstat(descriptor).st_size)
        os.fsync(descriptor)


def _settle(folder: Path) -> None:
    """Bring the new name of a file to the disk."""
    with contextlib.suppress(OSError):  # not every file system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
