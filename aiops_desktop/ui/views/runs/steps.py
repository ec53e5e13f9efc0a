"""What an assistant reports, folded into the steps a person reads. No Qt: workers do it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from aiops_desktop.domain.runs import EventKind, RunEvent, Usage

#: Lines of plain output gathered in one step before the next one begins.
OUTPUT_LINES = 500
#: Failing lines shown of a command that failed.
FAILING = 6

_BAD = re.compile(
    r"^(E\s|>\s)|^(FAILED|ERROR|FATAL)\b|^fatal:|^Traceback|\b[Ee]rror:|\b\w+(Error|Exception):"
    r"|\b\d+ failed\b|: command not found|No such file or directory|[Pp]ermission denied"
)
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\n]*\x07|[\x00-\x08\x0b-\x1f\x7f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

_SHOWN = {
    EventKind.MESSAGE,
    EventKind.THOUGHT,
    EventKind.COMMAND,
    EventKind.CHANGE,
    EventKind.TOOL,
    EventKind.PLAN,
    EventKind.WARNING,
    EventKind.QUESTION,
    EventKind.OUTPUT,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the timeline.

    Attributes:
        kind: what happened.
        at: seconds since the run began.
        text: message, command line, warning.
        lines: the output, cleaned of control characters.
        failing: the lines of it that say what went wrong; shown unfolded.
        running: a command that has not ended.
    """

    kind: EventKind
    at: float
    text: str = ""
    lines: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    exit_code: int | None = None
    seconds: float | None = None
    paths: tuple[str, ...] = ()
    running: bool = False

    @property
    def foldable(self) -> bool:
        """Whether there is more to see than what is shown at rest."""
        return bool(self.lines) and self.kind in {
            EventKind.COMMAND,
            EventKind.TOOL,
            EventKind.OUTPUT,
        }


@dataclass(frozen=True, slots=True)
class Folded:
    """What a batch of events adds: new steps at the end, and later states of older ones."""

    new: tuple[Step, ...] = ()
    changed: dict[int, Step] = field(default_factory=dict)
    usage: Usage | None = None
    question: RunEvent | None = None


def clean(text: str) -> str:
    """Text without colours and control characters; tabs become blanks."""
    return _ANSI.sub("", text).expandtabs(4).rstrip()


def failing_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Which lines of a failed command say what went wrong; the last ones when none does."""
    marked = [number for number, line in enumerate(lines) if _BAD.search(line)]
    if not marked:
        return lines[-4:]
    chosen = set(marked[-(FAILING - 1) :])
    if min(chosen) - 1 >= 0 and lines[min(chosen) - 1].strip():
        chosen.add(min(chosen) - 1)  # the line before says where it happened
    last = max((n for n, line in enumerate(lines) if line.strip()), default=-1)
    if last >= 0:
        chosen.add(last)
    return tuple(lines[number] for number in sorted(chosen))[-FAILING:]


class Folder:
    """Folds the events of one run, batch after batch; used by one thread at a time."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._rows: dict[tuple[EventKind, str], int] = {}
        self._question: RunEvent | None = None
        self._usage: Usage | None = None

    def take(self, events: Iterable[RunEvent]) -> Folded:
        """What these events add to the steps so far."""
        first = len(self._steps)
        changed: set[int] = set()
        output: list[str] = []
        at = 0.0
        for event in events:
            if event.kind is EventKind.OUTPUT:
                at = at if output else event.at
                output += clean_lines(event.text) or [""]
                continue
            self._flush(output, at, changed)
            self._one(event, changed)
        self._flush(output, at, changed)
        return Folded(
            tuple(self._steps[first:]),
            {row: self._steps[row] for row in changed if row < first},
            self._usage,
            self._question,
        )

    def _one(self, event: RunEvent, changed: set[int]) -> None:
        if event.kind is EventKind.USAGE:
            self._usage = event.usage or self._usage
            return
        if event.kind is EventKind.END:
            self._question = None
            if event.ok is False and event.text.strip():
                self._steps.append(Step(EventKind.WARNING, event.at, clean(event.text)))
            return
        if event.kind not in _SHOWN:
            return
        self._question = event if event.kind is EventKind.QUESTION else None
        step = _step(event)
        if not (step.text or step.paths or step.lines):
            return
        key = (event.kind, event.key)
        row = self._rows.get(key) if event.key else None
        if row is not None:
            before = self._steps[row]
            self._steps[row] = replace(step, at=before.at, text=step.text or before.text)
            changed.add(row)
            return
        if event.key:
            self._rows[key] = len(self._steps)
        self._steps.append(step)

    def _flush(self, output: list[str], at: float, changed: set[int]) -> None:
        if not output:
            return
        last = self._steps[-1] if self._steps else None
        if last and last.kind is EventKind.OUTPUT and len(last.lines) < OUTPUT_LINES:
            room = OUTPUT_LINES - len(last.lines)
            row = len(self._steps) - 1
            self._steps[row] = _output(last.at, (*last.lines, *output[:room]))
            changed.add(row)
            del output[:room]
        for start in range(0, len(output), OUTPUT_LINES):
            self._steps.append(_output(at, tuple(output[start : start + OUTPUT_LINES])))
        output.clear()


def _output(at: float, lines: tuple[str, ...]) -> Step:
    return Step(EventKind.OUTPUT, at, lines=lines, failing=lines[-3:] if len(lines) > 3 else lines)


def _step(event: RunEvent) -> Step:
    lines = tuple(clean(line) for line in event.output.splitlines())
    while lines and not lines[-1]:
        lines = lines[:-1]
    bad = event.exit_code not in (None, 0)
    running = event.kind is EventKind.COMMAND and event.exit_code is None and not lines
    text = event.text.strip()
    if event.kind in {EventKind.COMMAND, EventKind.TOOL}:
        text = " ⏎ ".join(part.strip() for part in clean_lines(text) if part.strip())
    else:
        text = "\n".join(clean_lines(text))
    return Step(
        kind=event.kind,
        at=event.at,
        text=text,
        lines=lines,
        failing=failing_lines(lines) if bad else (),
        exit_code=event.exit_code,
        seconds=event.seconds,
        paths=event.paths,
        running=running,
    )


def clean_lines(text: str) -> list[str]:
    """The lines of a text, each without colours and control characters."""
    whole = "\n".join(text.splitlines())
    if _CONTROL.search(whole):  # most output has none, and looking for them alone is quick
        whole = _ANSI.sub("", whole)
    return [line.rstrip() for line in whole.expandtabs(4).split("\n")] if whole else []


def clock(seconds: float) -> str:
    """Time since the run began as a timeline shows it: "0:04", "1:02:07"."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    if hours:
        return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
    return f"{rest // 60}:{rest % 60:02d}"
