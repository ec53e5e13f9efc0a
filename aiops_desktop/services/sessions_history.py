"""A pane's history, which tmux keeps: for an overlay that scrolls, and for looking things up."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from wcwidth import wcswidth

from aiops_desktop.domain.sessions import HistoryMatch, HistoryMatches, Scrollback
from aiops_desktop.domain.trouble import Refused

if TYPE_CHECKING:
    from aiops_desktop.adapters.tmux import Tmux


def scrollback(server: Tmux, window: str, *, lines: int, joined: bool, colours: bool) -> Scrollback:
    """The newest lines of a pane and its screen (see `Sessions.scrollback`)."""
    first = "0" if lines <= 0 else str(-lines)
    told, found = server.capture_lines(window, first=first, colours=colours, joined=joined)
    columns, rows, total, alternate = _sizes(told)
    return Scrollback(
        data=b"\r\n".join(found),
        columns=columns,
        rows=rows,
        history=min(max(lines, 0), total),
        total=total,
        alternate=alternate,
    )


def search(
    server: Tmux, window: str, text: str, *, regex: bool, case: bool, limit: int
) -> HistoryMatches:
    """Look for text in all that tmux keeps of a pane (see `Sessions.search`).

    Lines are searched as they stand on the screen, because a match must be found there again.
    """
    try:
        pattern = re.compile(text if regex else re.escape(text), 0 if case else re.IGNORECASE)
    except re.error as error:
        raise Refused(
            f"This is no regular expression: {error.msg}.", "Correct it.", field="text"
        ) from error
    _told, raw = server.capture_lines(window, first="-", colours=False, joined=False)
    lines = [line.decode("utf-8", "replace") for line in raw]
    if not text:
        return HistoryMatches((), 0, len(lines))
    found: list[HistoryMatch] = []
    total = 0
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        spans = [match.span() for match in pattern.finditer(line) if match.end() > match.start()]
        total += len(spans)
        for left, right in islice(reversed(spans), max(0, limit - len(found))):
            start = _cells(line[:left])
            found.append(HistoryMatch(number, start, start + _cells(line[left:right]), line))
    return HistoryMatches(tuple(reversed(found)), total, len(lines))


def _sizes(told: str) -> tuple[int, int, int, bool]:
    numbers = [int(word) if word.isdigit() else 0 for word in told.split()]
    columns, rows, history, alternate = [*numbers, 0, 0, 0, 0][:4]
    return columns, rows, history, alternate == 1


def _cells(text: str) -> int:
    """How many cells text takes."""
    if text.isascii():
        return len(text)
    width = wcswidth(text)
    return width if width >= 0 else sum(not unicodedata.combining(c) for c in text)
