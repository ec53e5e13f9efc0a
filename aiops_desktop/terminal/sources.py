"""Wraps a paragraph of the history anew as text, without making cells of it."""

from __future__ import annotations

from collections.abc import Sequence

from aiops_desktop.terminal.rows import Line, Packed, Row, Wrapped, split_source
from aiops_desktop.terminal.styles import DEFAULT, Style


def cut_sources(lines: Sequence[Line], columns: int) -> list[Line] | None:
    """The lines of a paragraph, `columns` wide; None when that needs its cells.

    Blanks at its end that do not fit into its last line are left out.
    """
    plain = [line for line in lines if isinstance(line, str)]
    if len(plain) < len(lines):
        return _cut_coloured(lines, columns)
    text = "".join(plain)
    if not text.isascii():
        return None
    used = len(text.rstrip(" ")) or 1
    starts = range(0, used, columns)
    pieces: list[Line] = [Wrapped(text[at : at + columns]) for at in starts[:-1]]
    pieces.append(text[starts[-1] : starts[-1] + columns])
    return pieces


def _cut_coloured(lines: Sequence[Line], columns: int) -> list[Line] | None:
    made: list[Packed] = []
    source: list[str] = []
    begins = look = _look(lines[0])
    room = columns
    for line in lines:
        if isinstance(line, Packed) and line.counts:
            return None
        whole = line if isinstance(line, str) else line.source
        if whole is None or not whole.isascii() or _look(line) is not look:
            return None
        parts = split_source(whole)
        for text, sequence in zip(parts[::2], [*parts[1::2], ""], strict=True):
            rest = text
            while len(rest) > room:
                source.append(rest[:room])
                made.append(Packed("".join(source), (begins,), (), True))
                rest, source, begins, room = rest[room:], [], look, columns
            source += (rest, sequence)
            room -= len(rest)
            if sequence.endswith("m"):
                look = look.steps.get(sequence) or look.after(sequence)
    made.append(Packed("".join(source), (begins,), (), False))
    while len(made) > 1 and not made[-1].text:
        made.pop()
        made[-1].wrap = False
    return list(made)


def _look(line: Line) -> Style:
    """The style in which a line begins."""
    if isinstance(line, Packed):
        return line.looks[0]
    return line.look if isinstance(line, Row) else DEFAULT
