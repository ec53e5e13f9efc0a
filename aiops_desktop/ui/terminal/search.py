"""Searches what a terminal shows and keeps, a slice at a time, also while it grows."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression

from aiops_desktop.ui.terminal.paragraphs import (
    ROWS_MOST,
    Lines,
    Paragraph,
    Span,
    paragraph_from,
)

#: Seconds a slice of searching may take.
SLICE = 0.006
#: Matches kept; more are not told apart by a person.
MATCHES_MOST = 5_000
#: Characters of a line that a regular expression looks at: some take quadratic time.
_TEXT_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for.

    Attributes:
        text: as typed.
        regex: it is a regular expression (PCRE), else plain text.
        case: capital letters count.
    """

    text: str = ""
    regex: bool = False
    case: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One match; several spans where it was wrapped."""

    spans: tuple[Span, ...]

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of its beginning."""
        return self.spans[0][:2]


class Pattern:
    """Finds a text or an expression in a line.

    Expressions are left to PCRE, whose match limit ends those that would run for ever; Python's
    own module would hold the window until they end.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._plain: re.Pattern[str] | None = None
        self._pcre = QRegularExpression()
        self.error = ""
        if not wanted.regex:
            flags = re.NOFLAG if wanted.case else re.IGNORECASE
            self._plain = re.compile(re.escape(wanted.text), flags)
            return
        option = QRegularExpression.PatternOption
        options = option.UseUnicodePropertiesOption
        if not wanted.case:
            options |= option.CaseInsensitiveOption
        self._pcre = QRegularExpression(wanted.text, options)
        if not self._pcre.isValid():
            self.error = self._pcre.errorString()

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where it is found; empty matches do not count."""
        if self._plain is not None:
            for match in self._plain.finditer(text):
                yield match.span()
            return
        if self.error:
            return
        text = text[:_TEXT_MOST]
        offsets = None if text.isascii() else _offsets(text)
        found = self._pcre.globalMatch(text)
        while found.hasNext():
            hit = found.next()
            start, end = hit.capturedStart(), hit.capturedEnd()
            if start < end:
                yield (start, end) if offsets is None else (offsets[start], offsets[end])


def _offsets(text: str) -> list[int]:
    """The index of the character for every UTF-16 unit, which Qt counts in."""
    made: list[int] = []
    for at, char in enumerate(text):
        made += [at] * (2 if ord(char) > 0xFFFF else 1)
    return [*made, len(text)]


class Search:
    """One search. Matches are in the order of the lines.

    Lines of the history never change: they are searched once. Rows of the screen are searched
    again whenever `step` is called after they changed.

    Attributes:
        matches: what was found until now.
        full: there are more than are kept.
    """

    def __init__(self, wanted: Wanted, lines: Lines) -> None:
        self.pattern = Pattern(wanted)
        self.matches: list[Match] = []
        self.full = False
        self._lines = lines
        self._settled: list[Match] = []
        self._next = -1

    def step(self, first: int, pushed: int, rows: int, seconds: float = SLICE) -> bool:
        """Search on for some time; whether everything was searched.

        Args:
            first: the absolute number of the oldest line kept.
            pushed: of the first row of the screen.
            rows: of the screen.
            seconds: the time that may be taken.
        """
        end = time.monotonic() + seconds
        self._next = max(self._next, first)
        while self._next < pushed:
            found = paragraph_from(self._lines, self._next)
            if found is None:
                self._next += 1
                continue
            if found.last >= pushed:
                break  # it goes on on the screen, where it may still change
            self._settled += self._in(found)
            self._next = found.last + 1
            if time.monotonic() > end:
                return self._done(first, [], done=False)
        live: list[Match] = []
        at = max(self._next, first, pushed - ROWS_MOST)
        while at < pushed + rows:
            found = paragraph_from(self._lines, at)
            if found is None:
                break
            live += self._in(found)
            at = found.last + 1
        return self._done(first, live, done=True)

    def _in(self, found: Paragraph) -> list[Match]:
        if len(self._settled) >= MATCHES_MOST:
            self.full = True
            del self._settled[: MATCHES_MOST // 10]
        spans = (found.spans(*span) for span in self.pattern.spans(found.text))
        return [Match(parts) for parts in spans if parts][:MATCHES_MOST]

    def _done(self, first: int, live: list[Match], *, done: bool) -> bool:
        settled = self._settled
        gone = 0
        while gone < len(settled) and settled[gone].place[0] < first:
            gone += 1
        del settled[:gone]
        self.matches = settled + live
        return done
