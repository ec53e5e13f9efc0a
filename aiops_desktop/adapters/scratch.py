"""Private folders for the time of one command; those of dead processes go with the next one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiops_desktop.adapters import living

_NAME = re.compile(r"aiops-git-(\d+)-(\d+)-\w+")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder nobody else may look into (0700); it is gone when the `with` ends."""
    made = make()
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def make() -> Path:
    """The same without an end; whoever makes it removes it."""
    return Path(tempfile.mkdtemp(prefix=f"aiops-git-{mark()}-"))


def mark() -> str:
    """This process, in a form that `dead` reads: its number and when it began."""
    pid = os.getpid()
    return f"{pid}-{int(living.birth(pid) or 0)}"


def dead(pid: str, began: str) -> bool:
    """Whether the process with this mark has ended."""
    return not living.alive(int(pid), float(began))


def clean_up() -> None:
    """Remove the folders of dead processes of this account."""
    for place in Path(tempfile.gettempdir()).glob("aiops-git-*"):
        found = _NAME.fullmatch(place.name)
        if found and dead(found[1], found[2]) and place.lstat().st_uid == os.getuid():
            shutil.rmtree(place, ignore_errors=True)
