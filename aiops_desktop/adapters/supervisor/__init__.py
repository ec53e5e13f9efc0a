"""The supervisor: a small process that runs a command line tool for us and outlives the window.

It starts the tool, writes every line of its output to a file, ends the whole process tree when it
is asked to, and writes how it ended last. The program only reads the files; so a run goes on when
the program dies, and is found again. `folder` holds the program's side, `serve` the process itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aiops_desktop.adapters.supervisor.folder import (
    Exit,
    Line,
    Reader,
    StopSignal,
    command,
    is_alive,
    is_gone,
    is_prepared,
    is_starting,
    prepare,
    read_events,
    read_exit,
    request_stop,
    start,
    sweep,
    wait,
)

__all__ = [
    "Exit",
    "Line",
    "Reader",
    "StopSignal",
    "command",
    "is_alive",
    "is_gone",
    "is_prepared",
    "is_starting",
    "main",
    "prepare",
    "read_events",
    "read_exit",
    "request_stop",
    "start",
    "sweep",
    "wait",
]


def main(words: Sequence[str]) -> int:
    """`aiops-desktop supervise FOLDER`: be the supervisor of a prepared folder; its exit code."""
    from aiops_desktop.adapters.supervisor.serve import serve

    return serve(Path(words[0])) if words else 2
