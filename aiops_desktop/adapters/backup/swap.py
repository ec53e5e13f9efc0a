"""Puts what was laid ready in the place of the data, whole or not at all, whenever it is killed.

What is to come lies in `.restore/staged` of the data folder. `.restore/journal.json` is written
when all of it is there and on the disk: from then on the swap goes forward only. Each step is the
renaming of one file or folder, and can be done twice without harm; the next start does those that
are missing. What was there before goes to the trash.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.adapters.backup.names import (
    CHECKOUTS,
    DATABASE,
    SNAPSHOT,
    TENANTS,
    TOP,
    WORKTREES,
    checked,
)
from aiops_desktop.domain.trouble import Clash, Failed, Trouble

FOLDER = ".restore"
_SIDES = tuple(f"{DATABASE}{tail}" for tail in ("-wal", "-shm", "-journal"))


@dataclass(frozen=True, slots=True)
class Swapped:
    """What a swap did: the folder in the trash, and the name of the archive."""

    aside: Path | None
    archive: str
    made: str


class Swap:
    """The swap of one data folder. Only one process may lay ready or swap at a time."""

    def __init__(self, data: Path, trash: Path) -> None:
        self._data, self._trash = data, trash
        self._folder = data / FOLDER
        self._journal = self._folder / "journal.json"

    @property
    def staged(self) -> Path:
        """Where what is to come is laid ready."""
        return self._folder / "staged"

    @property
    def waits(self) -> bool:
        """Whether a swap was decided and not finished yet."""
        return self._journal.exists()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from laying ready and swapping meanwhile.

        Raises:
            Clash: another one is at it.
        """
        with contextlib.ExitStack() as stack:
            if os.name == "posix":
                import fcntl

                path = self._data / ".restore.lock"
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
                stack.callback(os.close, descriptor)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise Clash(
                        "Another program is restoring this data folder just now.",
                        "Wait for its end.",
                    ) from error
            yield

    def clear(self) -> None:
        """Make room for something to be laid ready; what was decided before is given up."""
        self._journal.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        self.staged.mkdir(mode=0o700, parents=True)

    def decide(self, archive: str, made: str, *, whole: bool) -> None:
        """All is there: from now on it counts.

        Args:
            archive: the name of the file it came from, for the history.
            made: when that was made.
            whole: it is more than a snapshot; keys and all that is in tenants' folders go, too.
        """
        _settle(self.staged)
        told = {"archive": archive, "made": made, "whole": whole}
        _write(self._journal, told)

    def decide_back(self, aside: Path, *, whole: bool) -> None:
        """The same for what an earlier swap put aside; it is not moved before it counts."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        source = str(aside.relative_to(self._data))
        _write(self._journal, {"archive": aside.name, "whole": whole, "source": source})

    def give_up(self) -> None:
        """Forget what was laid ready."""
        self._journal.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def finish(self) -> Swapped | None:
        """Do what is left of a decided swap; None when there is none. The database is closed.

        Raises:
            Failed: something could not be moved; the next call goes on.
        """
        if not self.waits:
            return None
        try:
            told = json.loads(self._journal.read_text())
            if told.get("source") and not self.staged.exists():
                (self._data / str(told["source"])).rename(self.staged)
            if "moves" not in told:
                told = self._plan(told)
                _write(self._journal, told)
            if told.get("manifest"):  # the folder in the trash is the journal's from its first file
                _write(self._data / told["aside"] / "manifest.json", told["manifest"])
            for start, end in told["moves"]:
                self._move(str(start), str(end))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Failed(
                f"The restore could not be finished: {error}.",
                f"Look at {self._folder}; the next start goes on with it.",
            ) from error
        aside = self._data / told["aside"]
        found = aside if aside.is_dir() else None
        self.give_up()
        return Swapped(found, str(told.get("archive", "")), str(told.get("made", "")))

    # How -------------------------------------------------------------------------------------

    def _plan(self, told: dict[str, object]) -> dict[str, object]:
        """Every step: first what is here goes aside, then what was laid ready comes."""
        stamp = datetime.now(UTC)
        aside, number = f"{self._trash.name}/{stamp:%Y%m%d-%H%M%S}-before-restore", 2
        while (self._data / aside).exists() or aside == told.get("source"):
            aside, number = f"{aside.rstrip('0123456789')}{number}", number + 1
        come = list(_units(self.staged))
        go = set(come) & set(_units(self._data))
        covered = TOP if told.get("whole") else SNAPSHOT
        go |= {name for name in covered if (self._data / name).exists()}
        if told.get("whole"):
            go |= {unit for unit in _units(self._data) if _is_tenants(unit)}
        if DATABASE in come:  # what lies beside a database belongs to it alone
            go |= {name for name in _SIDES if (self._data / name).exists()}
        moves = [(unit, f"{aside}/{unit}") for unit in sorted(go)]
        moves += [(f"{FOLDER}/staged/{unit}", unit) for unit in come]
        manifest = {
            "what": "restore",
            "deleted": stamp.isoformat(),
            "title": told.get("archive", ""),
            "whole": bool(told.get("whole")),
        }
        return {**told, "aside": aside, "moves": moves, "manifest": manifest if go else None}

    def _move(self, start: str, end: str) -> None:
        source, target = self._data / start, self._data / end
        going = end.startswith(f"{self._trash.name}/")
        if not _there(source) or (going and _there(target)):
            return  # done before
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        source.rename(target)
        _settle_folder(target.parent)


def _units(root: Path) -> Iterator[str]:
    """What is moved as one: files at the top, the parts of a tenant's folder, checkouts."""
    for name in (*TOP, *_SIDES):
        if _there(root / name):
            yield name
    for top in (TENANTS, CHECKOUTS):
        for tenant in _inside(root / top):
            for part in _inside(root / top / tenant):
                if top == TENANTS and part == WORKTREES:
                    yield from (
                        f"{top}/{tenant}/{part}/{one}"
                        for one in _inside(root / top / tenant / part)
                    )
                else:
                    yield f"{top}/{tenant}/{part}"


def _is_tenants(unit: str) -> bool:
    parts = unit.split("/")
    return parts[0] == TENANTS and parts[2:3] != [WORKTREES]


def _inside(folder: Path) -> list[str]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [name for name in names if _named(f"{TENANTS}/{name}")]


def _named(name: str) -> bool:
    try:
        checked(name)
    except Trouble:
        return False
    return True


def _there(path: Path) -> bool:
    return os.path.lexists(path)


def _write(path: Path, told: object) -> None:
    """Whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    _settle_folder(path.parent)


def _settle(folder: Path) -> None:
    """Bring all that lies in a folder to the disk."""
    for place, _folders, files in os.walk(folder):
        for name in files:
            path = Path(place, name)
            if not path.is_symlink():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        _settle_folder(Path(place))


def _settle_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system can
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
