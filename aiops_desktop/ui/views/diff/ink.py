"""What colours a diff: syntax runs and changed words, computed away from the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from aiops_desktop.domain.repositories import DiffLine, FileDiff, Hunk

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

#: A piece of a line: first column, column behind its last, kind of syntax.
Run = tuple[int, int, str]
#: Columns (from, to) that changed within a line.
Span = tuple[int, int]

#: Characters of a text that is lexed as a whole; of longer ones only the hunks are lexed.
WHOLE = 300_000
#: Lines alike by less than this part get no word highlights (UI.md, decision 4).
ALIKE = 0.55
#: Longer lines, and blocks with more pairs to compare, get no word highlights: too slow.
LONGEST, PAIRS = 400, 1_600


@dataclass(frozen=True, slots=True)
class Ink:
    """Runs and words of each line of each hunk, in columns of the line's own text."""

    runs: tuple[tuple[tuple[Run, ...], ...], ...]
    words: tuple[tuple[tuple[Span, ...], ...], ...]


def ink(diff: FileDiff, check: Callable[[], None] = lambda: None) -> Ink:
    """Colour a diff.

    Args:
        diff: whose texts before and after give the colours; without them its hunks do.
        check: called often; raises when nobody waits any more.
    """
    old = _wanted(diff.hunks, old=True)
    new = _wanted(diff.hunks, old=False)
    before = _syntax(diff.old_path or diff.path, diff.before, old, check)
    after = _syntax(diff.path, diff.after, new, check)
    runs, words = [], []
    for hunk in diff.hunks:
        check()
        runs.append(
            tuple(
                before.get(line.old or 0, ()) if line.kind == "-" else after.get(line.new or 0, ())
                for line in hunk.lines
            )
        )
        words.append(_words(hunk.lines, check))
    return Ink(tuple(runs), tuple(words))


# Syntax ------------------------------------------------------------------------------------------


def _wanted(hunks: Iterable[Hunk], *, old: bool) -> list[list[tuple[int, str]]]:
    """The lines of one side, a list of (number, text) per hunk."""
    skipped = "+" if old else "-"
    return [
        [
            ((line.old if old else line.new) or 0, line.text)
            for line in hunk.lines
            if line.kind != skipped
        ]
        for hunk in hunks
    ]


def _syntax(
    path: str,
    text: str | None,
    wanted: list[list[tuple[int, str]]],
    check: Callable[[], None],
) -> dict[int, tuple[Run, ...]]:
    """Runs by line number, for the lines that are wanted."""
    lexer = _lexer(path)
    if lexer is None or not any(wanted):
        return {}
    numbers = {number for hunk in wanted for number, _ in hunk}
    if text is not None and len(text) <= WHOLE:
        found: dict[int, tuple[Run, ...]] = {}
        for number, runs in enumerate(_lines(lexer, text, check), 1):
            if number in numbers:
                found[number] = runs
                if len(found) == len(numbers):
                    break
        return found
    if sum(len(line) for hunk in wanted for _, line in hunk) > WHOLE:
        return {}
    found = {}
    for hunk in wanted:
        lines = _lines(lexer, "\n".join(line for _, line in hunk), check)
        found.update((number, runs) for (number, _), runs in zip(hunk, lines, strict=False))
    return found


def _lines(lexer: Lexer, text: str, check: Callable[[], None]) -> Iterator[tuple[Run, ...]]:
    """The runs of each line. Plain text is no run."""
    runs: list[Run] = []
    column = 0
    # Pygments takes a lone CR for a line end, git does not; a blank keeps numbers and columns.
    for count, (_, token, value) in enumerate(
        lexer.get_tokens_unprocessed(text.replace("\r", " "))
    ):
        if count % 500 == 0:
            check()
        kind = _kind(token)
        for number, piece in enumerate(value.split("\n")):
            if number:
                yield tuple(runs)
                runs, column = [], 0
            if piece and kind:
                runs.append((column, column + len(piece), kind))
            column += len(piece)
    yield tuple(runs)


@lru_cache(maxsize=64)
def _lexer(path: str) -> Lexer | None:
    from pygments.lexers import get_lexer_for_filename
    from pygments.util import ClassNotFound

    name = path.rpartition("/")[2]
    for tried in (name, name.removesuffix(".j2")):
        try:
            return get_lexer_for_filename(tried, stripnl=False, ensurenl=False)
        except ClassNotFound:
            continue
    return None


@lru_cache(maxsize=512)
def _kind(token: _TokenType) -> str:
    from pygments.token import Token

    for parent, kind in (
        (Token.Comment, "comment"),
        (Token.Literal.String.Doc, "comment"),
        (Token.Literal.String.Interpol, ""),
        (Token.Literal.String, "string"),
        (Token.Literal.Number, "number"),
        (Token.Keyword.Constant, "number"),
        (Token.Operator.Word, "keyword"),
        (Token.Keyword, "keyword"),
        (Token.Name.Tag, "keyword"),
        (Token.Name.Decorator, "name"),
        (Token.Name.Function, "name"),
        (Token.Name.Class, "name"),
        (Token.Name.Attribute, "name"),
        (Token.Name.Builtin, "name"),
        (Token.Name.Exception, "name"),
    ):
        if token[: len(parent)] == parent:
            return kind
    return ""


# Words -------------------------------------------------------------------------------------------


def _words(lines: Sequence[DiffLine], check: Callable[[], None]) -> tuple[tuple[Span, ...], ...]:
    """What changed inside each line that has a like partner on the other side."""
    found: list[tuple[Span, ...]] = [()] * len(lines)
    at = 0
    while at < len(lines):
        if lines[at].kind != "-":
            at += 1
            continue
        removed = _block(lines, at, "-")
        added = _block(lines, removed.stop, "+")
        for old, new in _partners(lines, removed, added):
            check()
            found[old], found[new] = changed_words(lines[old].text, lines[new].text)
        at = added.stop
    return tuple(found)


def _block(lines: Sequence[DiffLine], first: int, kind: str) -> range:
    end = first
    while end < len(lines) and lines[end].kind == kind:
        end += 1
    return range(first, end)


def _partners(lines: Sequence[DiffLine], removed: range, added: range) -> Iterator[tuple[int, int]]:
    """Which removed line became which added one: as many on both sides go in order."""
    if len(removed) == len(added) <= PAIRS:
        pairs = zip(removed, added, strict=True)
        yield from (pair for pair in pairs if _alike(lines[pair[0]].text, lines[pair[1]].text))
        return
    if len(removed) * len(added) > PAIRS:
        return
    free = list(added)
    for old in removed:
        marks = [(_alike(lines[old].text, lines[new].text), -new) for new in free]
        best = max(marks, default=(0.0, 0))
        if best[0]:
            free.remove(-best[1])
            yield old, -best[1]


def _alike(old: str, new: str) -> float:
    """How alike two lines are, 0 when less than ALIKE."""
    old, new = old.strip(), new.strip()
    if not old or not new or max(len(old), len(new)) > LONGEST:
        return 0.0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= ALIKE else 0.0


def changed_words(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The columns that differ, by whole words, on both sides."""
    left, right = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (old, new))
    gone: list[Span] = []
    came: list[Span] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            gone.append((len("".join(left[:i1])), len("".join(left[:i2]))))
            came.append((len("".join(right[:j1])), len("".join(right[:j2]))))
    return _joined(gone, old), _joined(came, new)


def _joined(spans: list[Span], text: str) -> tuple[Span, ...]:
    """Spans that only a blank or a sign parts become one; blanks at their ends go."""
    made: list[Span] = []
    indent = len(text) - len(text.lstrip())
    for first, end in spans:
        start = max(first, indent)
        if start >= end:
            continue
        if made and start - made[-1][1] <= 2 and len(text[made[-1][1] : start].strip()) <= 1:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    trimmed = []
    for start, end in made:
        piece = text[start:end]
        if piece.strip():
            trimmed.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
    return tuple(trimmed)
