"""Finds what of a data folder belongs into a backup."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.adapters.backup.names import (
    CHECKOUTS,
    DATABASE,
    SNAPSHOT,
    TENANTS,
    TOP,
    WORKTREES,
    checked,
    links,
)
from aiops_desktop.domain.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Found:
    """Something to pack: a file, a folder (`folder`), or a link (`target`).

    `name` is as in the archive; `size` in bytes; `trouble` says why it cannot be packed.
    """

    name: str
    path: Path
    size: int = 0
    folder: bool = False
    target: str = ""
    trouble: str = ""


class Places:
    """What lies in a data folder. The database is left out: it is copied while it is in use."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def all(self, *, checkouts: bool, only_settings: bool = False) -> Iterator[Found]:
        """Everything, in the order it is packed.

        Args:
            checkouts: with checkouts and worktrees.
            only_settings: what a snapshot holds.
        """
        for name in TOP:
            path = self._data / name
            wanted = not only_settings or name in SNAPSHOT
            if wanted and name != DATABASE and path.is_file() and not path.is_symlink():
                yield Found(name, path, path.stat().st_size)
        if only_settings:
            return
        yield from self._below(TENANTS, () if checkouts else (WORKTREES,))
        if checkouts:
            yield from self._below(CHECKOUTS, ())

    def _below(self, top: str, without: tuple[str, ...]) -> Iterator[Found]:
        waiting = [top] if (self._data / top).is_dir() else []
        while waiting:
            folder = waiting.pop()
            yield Found(folder, self._data / folder, folder=True)
            try:
                entries = sorted(os.scandir(self._data / folder), key=lambda entry: entry.name)
            except FileNotFoundError:
                continue
            except OSError as error:
                yield Found(folder, self._data / folder, trouble=str(error.strerror))
                continue
            for entry in entries:
                name = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    if not (folder.count("/") == 1 and entry.name in without):
                        waiting.append(name)
                else:
                    yield from _one(name, entry)


def _one(name: str, entry: os.DirEntry[str]) -> Iterator[Found]:
    try:
        checked(name)
        state = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(state.st_mode):
            target = str(Path(entry.path).readlink())
            away = "" if links(name, target) else "a link that leads out of its checkout"
            yield Found(name, Path(entry.path), target=target, trouble=away)
        elif stat.S_ISREG(state.st_mode):
            yield Found(name, Path(entry.path), state.st_size)
    except FileNotFoundError:
        return
    except (OSError, Trouble) as error:
        why = error.strerror if isinstance(error, OSError) else "its name"
        yield Found(name, Path(entry.path), trouble=str(why))
