"""What this computer says to a setting's value: is the program, the file, the folder there?"""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.settings import Schema

#: Words that name an assistant without being a program.
_BUILT_IN = {"", "codex", "aider", "demo", "shell"}


def look(item: Schema, value: str, layout: Layout) -> str:
    """A sentence when the value names something that is not on this computer, "" otherwise.

    Touches the disk; never raises for a value that is valid by its form.
    """
    kind, value = item.option.kind, value.strip()
    if not value:
        return ""
    if kind == "command" or (kind == "assistant" and value not in _BUILT_IN):
        return _program(value)
    place = layout.data / Path(value).expanduser()
    if kind == "file" and not place.is_file():
        return f"The file {place} does not exist."
    if kind == "folder":
        return _folder(place)
    return ""


def _program(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    if words and not process.which(words[0], process.environment()):
        return f"“{words[0]}” is not found on this computer."
    return ""


def _folder(place: Path) -> str:
    if place.exists() and not place.is_dir():
        return f"{place} is a file."
    there = next(up for up in (place, *place.parents) if up.exists())
    if not os.access(there, os.W_OK):
        return f"Nothing can be written in {there}."
    return "" if place.exists() else f"{place} is made when it is first needed."
