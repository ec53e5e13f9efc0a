"""The demo assistant: shows a run without any model; it only makes a prepared change."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.assistants.base import Launch, Task, write_prompt
from aiops_desktop.adapters.assistants.codex import Codex
from aiops_desktop.domain.runs import Assistant


class Demo(Codex):
    """Built in. It speaks like Codex, so it is read and judged like Codex."""

    id = "demo"
    title = "Demo assistant"
    labelled = "Demo assistant, built in: it only makes a prepared change."
    sandboxes = ()

    def find(self, env: Mapping[str, str], home: Path) -> Assistant:
        """It is always there."""
        del env, home
        return Assistant(
            id=self.id,
            title=self.title,
            command="built in",
            path=sys.executable,
            labelled=self.labelled,
            resumable=True,
        )

    def launch(self, task: Task) -> Launch:
        """Our own interpreter with the prepared change."""
        argv = (*demo_command(), str(task.worktree))
        return Launch(argv, dict(task.env), "demo", write_prompt(task))

    def tidy(self, worktree: Path) -> None:
        """It leaves nothing."""

    def interactive(self, path: str, env: Mapping[str, str]) -> list[str]:
        """It has no terminal of its own; it makes its change and says so."""
        del path, env
        return [*demo_command(), "."]


def demo_command() -> list[str]:
    """What runs the demo assistant."""
    if getattr(sys, "frozen", False):
        return [*process.interpreter(), "demo-assistant"]
    return [sys.executable, "-P", "-m", "aiops_desktop.adapters.assistants.demo_assistant"]
