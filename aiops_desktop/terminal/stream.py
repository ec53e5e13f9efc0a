"""Feeds bytes into a screen: the frequent operations run on local variables, the rest are calls."""

from __future__ import annotations

import codecs
import re

import pyte

from aiops_desktop.terminal.dispatch import CR, CRLF, CUF, CUP, EL, LF, Action, Dispatcher, Screen
from aiops_desktop.terminal.rows import Line, Row, Wrapped
from aiops_desktop.terminal.styles import DEFAULT
from aiops_desktop.terminal.tokens import SGR, Tokenizer
from aiops_desktop.terminal.widths import simple

_ACTIONS_MOST = 30_000
#: Characters of a sequence whose action is remembered; OSC strings are not.
_REMEMBERED = 64
#: Characters of text and CR LF alone that make the bulk path worth its set-up.
_BULK_LEAST = 2_048
_TEXT_ONLY = re.compile("[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]*").match


class Stream(pyte.ByteStream):
    """pyte's stream with another engine; `feed` takes any bytes and never raises."""

    def __init__(self, screen: Screen) -> None:
        self.listener = self.screen = screen
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._tokens = Tokenizer()
        self._dispatch = Dispatcher(screen)
        self._actions: dict[str, Action] = {}

    def feed(self, data: bytes) -> None:  # type: ignore[override]  # as pyte's ByteStream does
        """Show what a program wrote. Sequences and characters may be split anywhere."""
        text = self._decode(data)
        if not text:
            return
        if self._tokens.idle and self._may_bulk():
            end = self._bulk(text)
            if end:
                text = text[end:]
        parts = self._tokens.cut(text)
        if parts:
            self._run(parts)
        self.screen.history.compact()

    def _may_bulk(self) -> bool:
        screen = self.screen
        return (
            screen.pen is DEFAULT
            and screen.trans is None
            and screen.autowrap
            and not screen.insert
            and not screen.alternate
            and screen.top == 0
            and screen.bottom == screen.lines - 1
            and not any(row.chars for row in screen.rows[screen.y + 1 :])
        )

    def _bulk(self, text: str) -> int:
        """Show many lines of plain text at once; how many characters were taken.

        Only the last screenful becomes rows; what would scroll through goes to the history as text.
        """
        screen = self.screen
        found = _TEXT_ONLY(text)
        end = text.rfind("\r\n", 0, found.end()) + 2 if found else 0
        if end < _BULK_LEAST:
            return 0
        part = text[:end]
        count = part.count("\n")
        if count < 3 * screen.lines or part.count("\r\n") != count or part.count("\r") != count:
            return 0
        if not simple(part):
            return 0
        first, *lines = part.split("\r\n")[:-1]
        self._run([first, "\r\n"])
        lines = _cut(lines, screen.columns)
        keep = screen.lines - 1
        away: list[Line] = [*screen.rows[: screen.y], *lines[:-keep]] if keep else [*lines]
        screen.history.push(away)
        screen.rows[:] = [self._row(line) for line in (lines[-keep:] if keep else [])]
        screen.rows.append(Row(screen.gen))
        screen.x, screen.y = 0, screen.lines - 1
        last = next((line for line in reversed([first, *lines]) if line), "")
        screen.last = last[-1:] or screen.last
        return end

    def _row(self, line: str) -> Row:
        row = Row(self.screen.gen)
        row.chars = list(line)
        row.styles = [DEFAULT] * len(line)
        row.wrap = isinstance(line, Wrapped)
        return row

    def _action(self, sequence: str) -> Action:
        made = self._dispatch.action(sequence)
        if len(sequence) <= _REMEMBERED:
            if len(self._actions) > _ACTIONS_MOST:
                self._actions.clear()
            self._actions[sequence] = made
        return made

    def _run(self, parts: list[str]) -> None:
        """Execute tokens: text and sequence in turn."""
        if len(parts) & 1:
            parts.append("")
        screen = self.screen
        x, y, pen, rows, columns, gen = (
            screen.x, screen.y, screen.pen, screen.rows, screen.columns, screen.gen,
        )  # fmt: skip
        row = rows[y]
        row.gen = gen
        chars, looks, wide = row.chars, row.styles, row.wide
        steps = pen.steps
        known = self._actions.get
        special = screen.special
        direct = (
            screen.trans is None and not screen.insert and screen.autowrap and not screen.margined
        )
        top, bottom, last_row, newline = screen.top, screen.bottom, screen.lines - 1, screen.newline
        history, alternate = screen.history, screen.alternate
        keep = history.lines.append
        written = ""
        pairs = iter(parts)
        for text, sequence in zip(pairs, pairs, strict=True):
            if text:
                written = text
                size = len(text)
                end = x + size
                if direct and end <= columns and text.isascii():
                    filled = len(chars)
                    if x > filled:
                        chars += [" "] * (x - filled)
                        looks += [DEFAULT] * (x - filled)
                    elif wide and x < filled:
                        row.part(x, end)
                    if size == 1:
                        if x < filled:
                            chars[x] = text
                            looks[x] = pen
                        else:
                            chars.append(text)
                            looks.append(pen)
                    else:
                        chars[x:end] = text
                        looks[x:end] = [pen] * size
                    x = end
                else:
                    screen.x, screen.y, screen.pen = x, y, pen
                    screen.draw(text)
                    x, y = screen.x, screen.y
                    row = rows[y]
                    row.gen = gen
                    chars, looks, wide = row.chars, row.styles, row.wide
            step = steps.get(sequence)
            if step is not None:
                pen = step
                steps = pen.steps
                continue
            action = known(sequence)
            if action is None:
                if not sequence:
                    continue
                if SGR.fullmatch(sequence):
                    pen = pen.after(sequence)
                    steps = pen.steps
                    continue
                action = self._action(sequence)
            kind, call, line, column = action
            if kind == CUP and not special:
                x = column if column < columns else columns - 1
                if line != y:
                    y = line if line < last_row else last_row
                    row = rows[y]
                    row.gen = gen
                    chars, looks, wide = row.chars, row.styles, row.wide
                continue
            if (kind == CRLF or (kind == LF and not newline)) and not special:
                if kind == CRLF:
                    x = 0
                if y != bottom:
                    if y < last_row:
                        y += 1
                    row = rows[y]
                elif pen.blank is DEFAULT:
                    if top == 0 and not alternate:
                        keep(rows[0])
                        history.pushed += 1
                    del rows[top]
                    row = Row()
                    rows.insert(bottom, row)
                else:
                    screen.y, screen.pen = y, pen
                    screen.index()
                    row = rows[y]
                row.gen = gen
                chars, looks, wide = row.chars, row.styles, row.wide
                continue
            if kind == CR and not special:
                x = 0
                continue
            if kind == EL and pen.blank is DEFAULT and not special:
                row.wrap = False
                left = x if x < columns else columns - 1
                if left < len(chars):
                    if wide and left and chars[left] == "":
                        chars[left - 1] = " "
                    del chars[left:]
                    del looks[left:]
                continue
            if kind == CUF and not special:
                x += column
                if x >= columns:
                    x = columns - 1
                continue
            screen.x, screen.y, screen.pen = x, y, pen
            if written:
                screen.last = written[-1]
                written = ""
            call()
            x, y, pen, rows = screen.x, screen.y, screen.pen, screen.rows
            steps = pen.steps
            row = rows[y]
            row.gen = gen
            chars, looks, wide = row.chars, row.styles, row.wide
            special = screen.special
            direct = (
                screen.trans is None
                and not screen.insert
                and screen.autowrap
                and not screen.margined
            )
            top, bottom, newline = screen.top, screen.bottom, screen.newline
            alternate, columns, last_row = screen.alternate, screen.columns, screen.lines - 1
        screen.x, screen.y, screen.pen = x, y, pen
        if written:
            screen.last = written[-1]


def _cut(lines: list[str], columns: int) -> list[str]:
    """Lines wrapped at the right edge; those that go on are `Wrapped`."""
    if len(max(lines, key=len)) <= columns:
        return lines
    made: list[str] = []
    for line in lines:
        rest = line
        while len(rest) > columns:
            made.append(Wrapped(rest[:columns]))
            rest = rest[columns:]
        made.append(rest)
    return made
