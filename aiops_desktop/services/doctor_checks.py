"""What can be looked at without the services: folders, disk, database, programs."""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from aiops_desktop.adapters import instance, process
from aiops_desktop.adapters.tmux.version import find_tmux, version_of
from aiops_desktop.domain.doctor import Finding
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Missing, Trouble
from aiops_desktop.storage.health import examine

#: Bytes free on the data folder's disk: below the first nothing works for long, below the second
#: a clone may fail.
NO_ROOM, LITTLE_ROOM = 100 * 2**20, 2**30
#: Seconds a program gets to tell its version.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Tool:
    """A program the work needs, or can do without.

    Attributes:
        ask: the words that make it tell its version; () when it has none.
        without: what does not work when it is missing.
        needed: whether its absence is a fault.
    """

    name: str
    ask: tuple[str, ...]
    without: str
    needed: bool = False


TOOLS = (
    Tool("git", ("--version",), "nothing can be cloned or pushed", needed=True),
    Tool("ssh", ("-V",), "SSH remotes cannot be reached", needed=True),
    Tool("ssh-agent", (), "passphrases are asked for each time"),
    Tool("ssh-keygen", (), "commits cannot be signed with SSH keys"),
    Tool("tmux", ("-V",), "terminals end with the program"),
    Tool("git-lfs", ("version",), "projects with large files (LFS) get pointers instead of them"),
)


def basics(layout: Layout, database: Path) -> Iterator[Finding]:
    """Everything that can be looked at even when the data folder cannot be opened."""
    yield _program()
    yield _folder(layout)
    yield _room(layout)
    yield from _private_files(layout)
    yield _database(database)
    yield from _lock(layout)
    for tool in TOOLS:
        yield _tool(tool)


def open_to_others(path: Path) -> bool:
    """Whether others than the owner may read it; False when it is not there or on Windows."""
    try:
        return os.name != "nt" and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False


def private_files(layout: Layout) -> list[Path]:
    """Files of the data folder in which tokens or the data key may stand."""
    return [layout.env, layout.settings, layout.data_key, layout.database]


def _program() -> Finding:
    try:
        version = metadata.version("aiops-desktop")
    except metadata.PackageNotFoundError:
        version = "from source"
    system = f"{platform.system()} {platform.release()}"
    return Finding(
        "aiops-desktop", True, f"{version}, Python {platform.python_version()}, {system}"
    )


def _folder(layout: Layout) -> Finding:
    title, data = "Data folder", layout.data
    if not data.is_dir():
        return Finding(title, None, f"{data} is not there yet; it is made at the first start.")
    if not os.access(data, os.W_OK):
        hint = "Give it to your account, or set AIOPS_DATA_DIR to another folder."
        return Finding(title, False, f"{data} cannot be written.", hint)
    if open_to_others(data):
        detail = f"Others on this computer may look into {data}."
        does = "Take the folder away from others (0700)."
        return Finding(title, False, detail, does, "folder", does)
    return Finding(title, True, str(data))


def _room(layout: Layout) -> Finding:
    there = next(up for up in (layout.data, *layout.data.parents) if up.exists())
    free = shutil.disk_usage(there).free
    detail = f"{free / 2**30:.1f} GiB are free."
    hint = "Make room, or set AIOPS_DATA_DIR to a folder on another disk."
    if free < NO_ROOM:
        return Finding("Disk", False, detail, hint)
    return Finding("Disk", True if free >= LITTLE_ROOM else None, detail, hint)


def _private_files(layout: Layout) -> Iterator[Finding]:
    seen = [path for path in private_files(layout) if open_to_others(path)]
    if seen:
        names = ", ".join(path.name for path in seen)
        does = "Take these files away from others (0600)."
        ok = False if open_to_others(layout.data) else None  # a closed folder protects them, too
        yield Finding("Private files", ok, f"Others may read {names}.", does, "files", does)


def _database(path: Path) -> Finding:
    try:
        return Finding("Database", True, examine(path))
    except Trouble as trouble:
        return Finding("Database", False, trouble.what, trouble.hint)


def _lock(layout: Layout) -> Iterator[Finding]:
    if not layout.socket.exists():
        return
    found = instance.read(layout.socket)
    if found is not None and found.alive:
        yield Finding("Window", True, f"It is running with PID {found.pid}.")
        return
    does = "Remove the lock file of a window that is gone."
    yield Finding("Window", None, "A stale lock file lies there.", does, "lock", does)


def _tool(tool: Tool) -> Finding:
    path = process.which(tool.name, process.environment())
    if not path:
        detail = f"Not found; {tool.without}."
        return Finding(tool.name, False if tool.needed else None, detail, f"Install {tool.name}.")
    if tool.name == "tmux":
        try:
            find_tmux(process.environment())
        except Missing as missing:
            return Finding(tool.name, None, f"{path}: {missing.what}", missing.hint)
    told = version(path, tool.ask)
    lacks = " ".join(version_of(path).missing) if tool.name == "tmux" else ""
    return Finding(tool.name, True, f"{path}, {told}. {lacks}".strip(" .,") if told else path)


def version(program: str, ask: tuple[str, ...]) -> str:
    """The first line a program says of its version, "" when it says none."""
    if not ask:
        return ""
    try:
        done = process.run([program, *ask], env=process.environment(), timeout=PATIENCE)
    except Trouble:
        return ""
    lines = (done.text or done.error_text).strip().splitlines()
    return lines[0][:80] if lines else ""


def command(title: str, words: str, which: Callable[[str], str]) -> Finding:
    """Whether the program of a command of the settings is there."""
    program = words.split()[0] if words.split() else ""
    path = which(program)
    hint = f"Install {title}, or name its program in the settings."
    return Finding(title, True, path) if path else Finding(title, None, "Not found.", hint)
