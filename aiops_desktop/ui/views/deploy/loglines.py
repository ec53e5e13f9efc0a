"""A deployment's log as rows: tasks as headings that fold, colours read once, matches found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiops_desktop.domain.deployments import LogLine

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_OTHER = re.compile(
    r"\x1b(?:\[[0-9;?]*[A-Za-ln-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]"
)
_HEADING = re.compile(r"(PLAY RECAP|(?:PLAY|TASK|RUNNING HANDLER)(?= \[))(?: \[(.*)\])? \*{3,}\s*$")
_RESULT = re.compile(r"(ok|changed|skipping|fatal|failed): \[")
_KINDS = {"ok": "ok", "changed": "changed", "skipping": "skipped", "fatal": "failed"}
#: Characters of a line that are shown; the whole is in what is copied.
SHOWN = 2_000
#: Matches that are counted.
MATCHES = 10_000


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line in one colour: a number of the palette, None for the text's own."""

    text: str
    colour: int | None = None
    bold: bool = False


@dataclass(slots=True)
class Heading:
    """A play or a task with what came of it; `kind` is "play" or "task"."""

    kind: str
    name: str
    line: int
    time: datetime | None
    counts: dict[str, int] = field(default_factory=dict)
    ended: datetime | None = None
    open: bool = True
    touched: bool = False
    """The person opened or closed it; nothing does so by itself any more."""

    @property
    def failed(self) -> bool:
        """Whether a host failed in it."""
        return bool(self.counts.get("failed"))

    @property
    def quiet(self) -> bool:
        """Whether nothing in it wants to be seen."""
        return bool(self.counts) and not (self.counts.keys() & {"changed", "failed"})


def plain(text: str) -> str:
    """The text without colours and other control sequences."""
    if "\x1b" not in text and text.isprintable():
        return text
    return _OTHER.sub("", _SGR.sub("", text.rstrip("\r").rsplit("\r", 1)[-1])).expandtabs(8)


def runs(text: str) -> list[Run]:
    """The text in its colours (SGR of ECMA-48: 30-37, 90-97, 38;5;n below 16, bold)."""
    made: list[Run] = []
    colour: int | None = None
    bold = False
    parts = _SGR.split(text.rstrip("\r").rsplit("\r", 1)[-1][: SHOWN * 2])
    for at, part in enumerate(parts):
        if at % 2 == 0:
            shown = _OTHER.sub("", part).expandtabs(8)
            if shown:
                made.append(Run(shown, colour, bold))
        else:
            colour, bold = _applied(part, colour, bold)
    return made


def _applied(codes: str, colour: int | None, bold: bool) -> tuple[int | None, bool]:
    numbers = [int(code) if code else 0 for code in codes.split(";")]
    while numbers:
        code = numbers.pop(0)
        if code == 0:
            colour, bold = None, False
        elif code == 1:
            bold = True
        elif code == 22:
            bold = False
        elif code == 39:
            colour = None
        elif 30 <= code <= 37:
            colour = code - 30
        elif 90 <= code <= 97:
            colour = code - 82
        elif code in (38, 48):
            rest = numbers[:2] if numbers[:1] == [5] else numbers[:4]
            del numbers[: len(rest)]
            if code == 38 and len(rest) == 2 and rest[1] < 16:
                colour = rest[1]
    return colour, bold


class LogLines:
    """All lines, and the rows that are to be seen.

    Attributes:
        rows: the numbers of the lines shown, from top to bottom.
        matches: the numbers of the lines that hold the needle.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget everything but the needle."""
        self._lines: list[LogLine] = []
        self._plain: list[str] = []
        self._headings: dict[int, Heading] = {}
        self._under: list[int] = []
        self._current = -1
        self._last_task = -1
        self.rows: list[int] = []
        self.matches: list[int] = []
        self._needle = getattr(self, "_needle", "")
        self.widest = 0

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, number: int) -> LogLine:
        """A line as it came."""
        return self._lines[number]

    def plain(self, number: int) -> str:
        """A line without colours."""
        return self._plain[number]

    def heading(self, number: int) -> Heading | None:
        """The heading that stands on this line."""
        return self._headings.get(number)

    @property
    def running(self) -> int:
        """The line of the last task's heading; -1 when there is none."""
        return self._last_task

    @property
    def needle(self) -> str:
        """What is searched."""
        return self._needle

    def append(self, lines: Iterable[LogLine]) -> None:
        """Add lines at the end."""
        refold = False
        for line in lines:
            number = len(self._lines)
            text = plain(line.text)
            self._lines.append(line)
            self._plain.append(text)
            found = _HEADING.match(text) if text[:1] in "PTR" else None
            if found:
                refold |= self._begin(number, found, line.time)
            self._under.append(self._current)
            if not found:
                self._count(text)
            self.widest = max(self.widest, min(SHOWN, len(text)))
            if self._is_shown(number):
                self.rows.append(number)
            if self._holds(number):
                self.matches.append(number)
        if refold:
            self._refold()

    def toggle(self, number: int) -> None:
        """Open or close the task on this line."""
        heading = self._headings.get(number)
        if heading and heading.kind == "task":
            heading.open, heading.touched = not heading.open, True
            self._refold()

    def search(self, needle: str) -> None:
        """Find all lines with this text, without case; "" finds none."""
        self._needle = needle.casefold()
        self.matches = [n for n in range(len(self._plain)) if self._holds(n)]

    def reveal(self, number: int) -> int:
        """Make a line seen; its row."""
        heading = self._headings.get(self._under[number])
        if heading and not heading.open and number != heading.line:
            heading.open, heading.touched = True, True
            self._refold()
        return self.row_of(number)

    def row_of(self, number: int) -> int:
        """The row of a line, or of the first one shown behind it."""
        low, high = 0, len(self.rows)
        while low < high:
            middle = (low + high) // 2
            if self.rows[middle] < number:
                low = middle + 1
            else:
                high = middle
        return min(low, max(0, len(self.rows) - 1))

    def text(self, numbers: Sequence[int]) -> str:
        """Lines for the clipboard."""
        return "\n".join(self._plain[n] for n in numbers)

    # How it does it ---------------------------------------------------------------------------

    def _begin(self, number: int, found: re.Match[str], at: datetime | None) -> bool:
        before = self._headings.get(self._last_task)
        refold = False
        if before is not None and before.ended is None:
            before.ended = at
            if before.quiet and before.open and not before.touched:
                before.open, refold = False, True
        is_task = found[1] in ("TASK", "RUNNING HANDLER")
        name = found[2] if found[2] is not None else found[1].capitalize()
        self._headings[number] = Heading("task" if is_task else "play", name, number, at)
        self._current = number
        self._last_task = number if is_task else -1
        return refold

    def _count(self, text: str) -> None:
        heading = self._headings.get(self._last_task)
        found = _RESULT.match(text) if heading else None
        if heading and found and "(item=" not in text and found[1] in _KINDS:
            kind = _KINDS[found[1]]
            heading.counts[kind] = heading.counts.get(kind, 0) + 1

    def _holds(self, number: int) -> bool:
        return (
            bool(self._needle)
            and len(self.matches) < MATCHES
            and self._needle in self._plain[number].casefold()
        )

    def _is_shown(self, number: int) -> bool:
        if number in self._headings:
            return True
        if not self._plain[number].strip():
            return False  # Ansible parts its headings with empty lines; here the headings do it
        heading = self._headings.get(self._under[number])
        return heading is None or heading.open

    def _refold(self) -> None:
        self.rows = [n for n in range(len(self._lines)) if self._is_shown(n)]
