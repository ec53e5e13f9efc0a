"""A command of the person's own, for runs: prompt on standard input, text on standard output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.assistants.base import (
    Cli,
    EventReader,
    Launch,
    Story,
    Task,
    Verdict,
    write_prompt,
)
from aiops_desktop.adapters.supervisor import Exit, Line
from aiops_desktop.domain.runs import EventKind, RunEvent
from aiops_desktop.domain.trouble import Missing

#: Characters kept of a line, and lines that make one event.
WIDEST, TOGETHER = 4000, 500


class Custom(Cli):
    """Whatever stands in DEFAULT_AI_TOOL and is none of the assistants we know."""

    hint = "Check the default assistant in the settings."

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.id = command
        words = self.words()
        self.title = Path(words[0]).name if words else command

    def launch(self, task: Task) -> Launch:
        """The command as it is; what it changes in the worktree is what counts."""
        words = self.words()
        path = process.which(words[0], task.env) if words else ""
        if not path:
            raise Missing(f"“{self.title}” was not found on this computer.", self.hint)
        return Launch((path, *words[1:]), dict(task.env), "plain", write_prompt(task))

    def events(self, worktree: Path | None = None) -> EventReader:
        """A reader that hands every line on."""
        return TextReader(worktree)

    def judge(self, story: Story, ended: Exit, folder: Path) -> Verdict:
        """By its exit code, as it says nothing else."""
        del folder
        if ended.code == 0:
            return Verdict(ok=True)
        how = f"signal {ended.signal}" if ended.signal else f"exit code {ended.code}"
        told = f" Its last line was: {story.tail[-1][:300]}" if story.tail else ""
        return Verdict(False, f"“{self.title}” ended with {how}.{told}")


class TextReader(EventReader):
    """Every line is output."""

    def read_all(self, lines: Sequence[Line]) -> Iterator[tuple[Line, list[RunEvent]]]:
        """Lines of one stream that follow each other are one event, as they say nothing alone."""
        for stream, found in groupby(lines, key=attrgetter("stream")):
            if stream == "out":
                while together := list(islice(found, TOGETHER)):
                    text = "\n".join(line.text[:WIDEST] for line in together)
                    event = RunEvent(EventKind.OUTPUT, together[0].seconds, text=text)
                    yield together[-1], [event]
            else:
                yield from super().read_all(list(found))

    def parse(self, line: Line) -> list[RunEvent]:
        """The line."""
        return [RunEvent(EventKind.OUTPUT, line.seconds, text=line.text[:WIDEST])]
