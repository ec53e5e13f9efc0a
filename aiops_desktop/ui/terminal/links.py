"""Finds what leads somewhere in the lines of a terminal: addresses, files, OSC 8 links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiops_desktop.terminal import styles
from aiops_desktop.terminal.hosts import is_here
from aiops_desktop.terminal.rows import Line, line_row, line_wraps
from aiops_desktop.ui.terminal.paragraphs import Lines, Span, paragraph_at

#: Addresses that a click may open outside; nothing that starts a program with arguments.
SAFE_SCHEMES = frozenset(("http", "https", "ftp", "ftps", "mailto"))

_ADDRESS = re.compile(
    r"(?:(?:https?|ftps?|file|ssh|git)://|mailto:)[^\s<>\"'`\u2500-\u257f]+", re.IGNORECASE
)
#: A path with a folder or a suffix, a line and perhaps a column, as compilers print them.
_FILE = re.compile(
    r"(?<![\w./~:-])"
    r"((?:~|\.{1,2})?/?(?:[\w.@%+=,-]+/)*[\w.@%+=,-]*\w)"
    r":(\d{1,7})(?::(\d{1,5}))?(?![\w.])"
)
#: Python's way of saying it in a traceback.
_TRACEBACK = re.compile(r'File "([^"\n]+)", line (\d{1,7})')
_SUFFIX = re.compile(r"(?:^|[^.])\.[A-Za-z]\w{0,9}$")
_TRAILING = ".,;:!?"
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Link:
    """Something that leads somewhere.

    Attributes:
        address: where to; "" for a file.
        spans: the cells that belong to it.
        path: the file as printed, "" for an address.
        line: of the file, from 1; 0 when none was said.
        column: of the line, from 1; 0 when none was said.
    """

    address: str
    spans: tuple[Span, ...] = ()
    path: str = ""
    line: int = 0
    column: int = 0

    @property
    def told(self) -> str:
        """Where it truly leads, as shown before one goes there."""
        if not self.path:
            return self.address
        place = "".join(f":{number}" for number in (self.line, self.column) if number)
        return self.path + place

    @property
    def safe(self) -> bool:
        """Whether a click may open it outside."""
        return bool(self.path) or scheme(self.address) in SAFE_SCHEMES


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    address: str = ""
    path: str = ""
    line: int = 0
    column: int = 0


def scheme(address: str) -> str:
    """The scheme of an address in small letters."""
    return address.partition(":")[0].lower()


def links_in(text: str) -> Iterator[tuple[int, int, Link]]:
    """Addresses and files in a text: where they begin, where they end, and what they are.

    A full stop behind an address is not part of it, nor a bracket that was opened before it.
    """
    for found in _found(text):
        link = Link(found.address, (), found.path, found.line, found.column)
        yield found.start, found.end, link


def _found(text: str) -> Iterator[_Found]:
    taken: list[tuple[int, int]] = []
    if ":" not in text and "line " not in text:
        return
    for match in _ADDRESS.finditer(text):
        address = _trimmed(match.group())
        if len(address) > len(scheme(address)) + 3:
            taken.append(match.span())
            yield _Found(match.start(), match.start() + len(address), address)
    for pattern in (_TRACEBACK, _FILE):
        for match in pattern.finditer(text):
            inside = any(left < match.end() and match.start() < right for left, right in taken)
            path = match.group(1)
            if inside or not ("/" in path or _SUFFIX.search(path)) or path.endswith("//"):
                continue
            taken.append(match.span())
            last = match.lastindex or 2
            column = int(match.group(3)) if last == 3 else 0
            yield _Found(match.start(), match.end(), "", path, int(match.group(2)), column)


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        unopened = last in _PAIRS and address.count(last) > address.count(_PAIRS[last])
        if last not in _TRAILING and not unopened:
            break
        address = address[:-1]
    return address


class LinkFinder:
    """Finds the link at a place."""

    def __init__(self, lines: Lines, columns: Callable[[], int]) -> None:
        """`lines` gives lines by absolute number; `columns` the width of the grid."""
        self._lines = lines
        self._columns = columns

    def at(self, number: int, column: int, visible: range) -> Link | None:
        """The link under a cell, None for none.

        Args:
            number: the absolute line.
            column: the cell.
            visible: the absolute lines in view; parts of one OSC 8 link are looked for there.
        """
        line = self._lines(number)
        if line is None:
            return None
        row = line_row(line)
        if column < len(row.styles) and row.styles[column].link:
            return self._told(number, column, visible)
        around = paragraph_at(self._lines, number, goes_on=self._goes_on)
        if around is None:
            return None
        place = around.offset(number, column)
        for found in _found(around.text):
            if found.start <= place < found.end:
                spans = around.spans(found.start, found.end)
                return _local(Link(found.address, spans, found.path, found.line, found.column))
        return None

    def _goes_on(self, line: Line) -> bool:
        """Programs that draw themselves break a long address at the edge without saying so."""
        if line_wraps(line):
            return True
        chars = line_row(line).chars
        return len(chars) >= self._columns() and bool(chars[-1].strip() or chars[-1] == "")

    def _told(self, number: int, column: int, visible: range) -> Link:
        """An OSC 8 link; those of one id are one, others are one where they touch."""
        row = line_row(self._lines(number) or "")
        link: styles.Link = row.styles[column].link or ("", "")
        parts = dict(part.partition("=")[::2] for part in link[0].split(":"))
        found: list[Span] = []
        if parts.get("id"):
            for other in visible:
                found += self._stretches(other, link)
        else:
            found = self._touching(number, column, link)
        return _local(Link(link[1], tuple(found)))

    def _stretches(self, number: int, link: styles.Link) -> list[Span]:
        line = self._lines(number)
        found: list[Span] = []
        if line is None or isinstance(line, str):
            return found
        looks = line_row(line).styles
        at = 0
        while at < len(looks):
            end = at
            while end < len(looks) and looks[end].link == link:
                end += 1
            if end > at:
                found.append((number, at, end))
            at = max(end, at + 1)
        return found

    def _touching(self, number: int, column: int, link: styles.Link) -> list[Span]:
        """The stretch around a cell, and those it was wrapped over."""
        here = [span for span in self._stretches(number, link) if span[1] <= column < span[2]]
        up = here[:1]
        while up and up[0][1] == 0:
            above = self._lines(up[0][0] - 1)
            wider = self._stretches(up[0][0] - 1, link)
            if above is None or not wider or wider[-1][2] < len(line_row(above).styles):
                break
            if not line_wraps(above):
                break
            up.insert(0, wider[-1])
        down = here[:1]
        while down:
            line = self._lines(down[-1][0])
            if line is None or not line_wraps(line) or down[-1][2] < len(line_row(line).styles):
                break
            lower = self._stretches(down[-1][0] + 1, link)
            if not lower or lower[0][1] != 0:
                break
            down.append(lower[0])
        return up[:-1] + down


def _local(link: Link) -> Link:
    """A link to a file as that file; GCC and `ls` print such addresses (OSC 8)."""
    if scheme(link.address) != "file":
        return link
    try:
        parts = urlsplit(link.address)
    except ValueError:
        return link
    if not is_here(parts.netloc):
        return link
    line, _, column = parts.fragment.removeprefix("L").partition(":")
    return Link(
        "",
        link.spans,
        unquote(parts.path, errors="replace"),
        int(line) if line.isdecimal() and len(line) < 8 else 0,
        int(column) if column.isdecimal() and len(column) < 6 else 0,
    )
