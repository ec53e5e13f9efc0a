"""AI command line programs: how each is found, started, read and judged."""

from __future__ import annotations

from collections.abc import Callable

from aiops_desktop.adapters.assistants.base import (
    Cli,
    EventReader,
    Launch,
    Story,
    Task,
    Verdict,
)
from aiops_desktop.adapters.assistants.choice import Choice, by_id, choose, known
from aiops_desktop.adapters.assistants.custom import Custom
from aiops_desktop.adapters.assistants.readable import readable_events, tell
from aiops_desktop.adapters.supervisor.folder import Line

__all__ = [
    "Choice",
    "Cli",
    "Custom",
    "EventReader",
    "Launch",
    "Story",
    "Task",
    "Verdict",
    "by_id",
    "choose",
    "known",
    "readable",
    "tell",
]


def readable(reader: str) -> Callable[[str, str, float], list[str]]:
    """What turns a line of an assistant's output into lines a person can read in a terminal."""
    from aiops_desktop.adapters.assistants.aider import AiderReader
    from aiops_desktop.adapters.assistants.codex import CodexReader
    from aiops_desktop.adapters.assistants.custom import TextReader

    kinds: dict[str, type[EventReader]] = {
        "codex": CodexReader,
        "demo": CodexReader,
        "aider": AiderReader,
    }
    events = kinds.get(reader, TextReader)()
    if reader == "aider":  # it is readable as it is
        return lambda line, _stream, _at: [line]
    return lambda line, stream, at: readable_events(events.read(Line(at, stream, line)))
