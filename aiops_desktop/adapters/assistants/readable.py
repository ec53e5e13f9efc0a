"""Events as lines for a terminal, and as the story they come to."""

from __future__ import annotations

from collections.abc import Iterable

from aiops_desktop.adapters.assistants.base import Story
from aiops_desktop.adapters.supervisor import Line
from aiops_desktop.domain.runs import EventKind, RunEvent

#: Lines of a command's output shown in a terminal.
SHOWN = 20
#: Warnings and lines of standard error kept.
KEPT = 20


def readable_events(events: Iterable[RunEvent]) -> list[str]:
    """One or more lines an event; nothing for what only machines need."""
    made: list[str] = []
    for event in events:
        made += _lines(event)
    return made


def _lines(event: RunEvent) -> list[str]:
    if event.kind is EventKind.COMMAND:
        if event.exit_code is None:
            return [f"$ {event.text}"]
        output = event.output.splitlines()
        more = [f"  … {len(output) - SHOWN} lines more"] if len(output) > SHOWN else []
        return [*(f"  {line}" for line in output[:SHOWN]), *more, f"  exit code {event.exit_code}"]
    if event.kind is EventKind.CHANGE:
        return [f"changed {', '.join(event.paths)}"]
    if event.kind is EventKind.USAGE and event.usage:
        return [f"tokens: {event.usage.tokens_in} in, {event.usage.tokens_out} out"]
    if event.kind is EventKind.END:
        return ["done" if event.ok else f"failed: {event.text}"]
    if event.kind is EventKind.THREAD:
        return []
    mark = {EventKind.THOUGHT: "· ", EventKind.WARNING: "! "}.get(event.kind, "")
    return [f"{mark}{line}" for line in event.text.splitlines()]


def tell(story: Story, line: Line, events: Iterable[RunEvent]) -> None:
    """Add a line and its events to the story."""
    if line.stream == "sup":
        if line.text == "begin":
            story.attempt += 1
            story.ended, story.failure = None, ""
            story.warnings, story.tail = [], []
        return
    if line.stream == "err" and line.text.strip():
        story.tail = [*story.tail, line.text.strip()][-KEPT:]
    for event in events:
        if event.kind is EventKind.MESSAGE and event.text:
            story.last = event.text
        elif event.kind is EventKind.THREAD:
            story.thread = event.thread
        elif event.kind is EventKind.USAGE and event.usage:
            story.usage = event.usage
        elif event.kind is EventKind.WARNING:
            story.warnings = [*story.warnings, event.text][-KEPT:]
        elif event.kind is EventKind.END:
            story.ended = event.ok
            story.failure = "" if event.ok else event.text
