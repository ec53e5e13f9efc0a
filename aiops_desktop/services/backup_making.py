"""Making an archive: the database copied, everything packed, the file named when it is whole."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING

from aiops_desktop.adapters import backup, living
from aiops_desktop.adapters.secrets import Sealing
from aiops_desktop.domain.backups import About, BackupKind
from aiops_desktop.domain.setting_values import text
from aiops_desktop.domain.settings import schema
from aiops_desktop.domain.trouble import Failed, Refused
from aiops_desktop.storage import backups as bases
from aiops_desktop.storage import settings as files

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.jobs.job import Job

_WORK = ".backup-"
#: What a file in the making is called behind its own name; SQLite puts a journal beside its own.
_PART = re.compile(r"\.(\d+)\.part(-journal)?$")


@dataclass(frozen=True, slots=True)
class Base:
    """The database of an archive in the making.

    Attributes:
        path: its copy, which may still be written while the other files are packed.
        size: bytes it will have, about.
        ready: waits until it is there.
    """

    path: Path
    size: int
    ready: Callable[[], object]


class Maker:
    """Makes archives of one data folder."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    @contextlib.contextmanager
    def work(self, target: Path) -> Iterator[Path]:
        """A folder for the database's copy; what killed processes left is removed.

        Args:
            target: the archive that will be made; only its own parts are looked for beside it, and
                those of all copies in the backups folder.
        """
        for old in self._layout.data.glob(f"{_WORK}*"):
            if _left(old.name.removeprefix(_WORK)):
                shutil.rmtree(old, ignore_errors=True)
        parts = target.parent.glob(f".{glob.escape(target.name)}.*.part")
        for old in (*self._layout.backups.glob(".*.part*"), *parts):
            found = _PART.search(old.name)
            if found and _left(found[1]):
                with contextlib.suppress(OSError):
                    old.unlink()
        folder = self._layout.data / f"{_WORK}{os.getpid()}"
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def about(
        self, found: bases.Glimpse, made: datetime, kind: BackupKind, *, checkouts: bool
    ) -> About:
        """What the archive will say of itself; `found` is what its database holds."""
        return About(
            made=made.replace(microsecond=0),
            program=_version(),
            kind=kind,
            schema=found.schema,
            checkouts=checkouts and kind is not BackupKind.SNAPSHOT,
            counts=found.counts,
            data_key=found.data_key,
            settings=told_settings(self._layout.settings),
            names=found.names,
            marks=found.marks,
            outside=found.outside,
        )

    def write(
        self, target: Path, base: Base, about: About, passphrase: str, job: Job
    ) -> tuple[str, ...]:
        """Write the archive, under another name first; what could not go into it.

        Raises:
            Refused: the file is there already, or the passphrase is too short.
            Failed: it cannot be written. No half archive is left.
        """
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb", buffering=backup.PIECE) as file:
                head = {
                    "made": about.made.isoformat(),
                    "kind": about.kind,
                    "program": about.program,
                }
                plain = Sealing(file, passphrase, head) if passphrase else file
                left = self._pack(plain, base, about, job)  # type: ignore[arg-type]  # writes alike
                if plain is not file:
                    plain.close()
                file.flush()
                job.progress("Bringing it to the disk")
                os.fsync(file.fileno())
            _place(part, target)
        except OSError as error:
            raise Failed(
                f"The backup could not be written: {error.strerror or error}.",
                f"Check the room and the permissions of {target.parent}.",
            ) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink()
        return left

    # How -----------------------------------------------------------------------------------------

    def _pack(self, file: IO[bytes], base: Base, about: About, job: Job) -> tuple[str, ...]:
        places = backup.Places(self._layout.data)
        only = not about.whole
        found = list(places.all(checkouts=about.checkouts, only_settings=only))
        total = max(1, base.size + sum(one.size for one in found))
        done = 0

        def told(size: int) -> None:
            nonlocal done
            done += size
            job.progress("Packing", min(done, total - 1), total)

        packer = backup.Packer(file, about, told)
        left: list[str] = []
        for one in found:
            if one.trouble:
                left.append(f"{one.name} ({one.trouble})")
            elif one.folder:
                packer.folder(one.name)
            elif one.target:
                packer.link(one.name, one.target)
            else:
                try:
                    packer.add(one.name, one.path)
                except PermissionError:
                    left.append(f"{one.name} (it cannot be read)")
        job.progress("Copying the database", min(done, total - 1), total)
        base.ready()
        packer.add(base.path.name, base.path)
        packer.close()
        if about.checkouts:
            left += [
                f"the checkout of {name} (it lies outside of the data folder, at {path})"
                for name, path in about.outside.items()
            ]
        return (*left, *(f"{name} (it changed meanwhile)" for name in packer.torn))


def told_settings(path: Path) -> dict[str, str]:
    """The settings a file holds, by path, without secrets and what is no setting."""
    known = {item.path for item in schema()}
    values = files.read_toml(path).layer.values
    return {name: text(value) for name, value in values.items() if name in known}


def _place(part: Path, target: Path) -> None:
    """Give the finished file its name, unless another one has it by now; on the disk, too."""
    try:
        os.link(part, target)
    except FileExistsError as error:
        raise Refused(f"{target} is there already.", "Choose another name.") from error
    except OSError:  # no hard links there (FAT)
        part.replace(target)
    with contextlib.suppress(OSError):
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _version() -> str:
    try:
        return metadata.version("aiops-desktop")
    except metadata.PackageNotFoundError:
        return "0"


def _left(pid: str) -> bool:
    """Whether nobody works any more at what is called after this process."""
    return not pid.isdigit() or int(pid) == os.getpid() or not living.alive(int(pid))
