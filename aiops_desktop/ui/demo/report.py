"""What the demo did, step by step, in pictures and in a file others can check."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtWidgets import QWidget


@dataclass
class Step:
    """One step and how it went. `evidence` says what was found at the far end."""

    name: str
    ok: bool = False
    seconds: float = 0.0
    evidence: str = "not reached"


@dataclass
class Report:
    """Collects steps and writes them.

    Attributes:
        remote: the bare repository that was pushed to.
        commit: full id of the commit that arrived there.
        playbook_output: the file the playbook wrote.
        session: the tmux session that goes on.
        assistant: who made the change, with its label.
    """

    folder: Path
    remote: str = ""
    commit: str = ""
    playbook_output: str = ""
    session: str = ""
    assistant: str = ""
    steps: list[Step] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every step really happened."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    def picture(self, window: QWidget, number: int, name: str) -> None:
        """Save how the window looks after a step."""
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        window.grab().save(str(self.folder / f"{number:02d}-{plain}.png"))

    def write(self) -> None:
        """Write report.json, whole or not at all."""
        told = {
            "ok": self.ok,
            "remote": self.remote,
            "commit": self.commit,
            "playbook_output": self.playbook_output,
            "session": self.session,
            "assistant": self.assistant,
            "steps": [
                {
                    "name": step.name,
                    "ok": step.ok,
                    "seconds": round(step.seconds, 2),
                    "evidence": step.evidence,
                }
                for step in self.steps
            ],
        }
        half = self.folder / ".report.json"
        half.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        half.replace(self.folder / "report.json")


class Watch:
    """How long a step took."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since it was made."""
        return time.monotonic() - self._begun
