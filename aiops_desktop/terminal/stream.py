"""Feeds bytes into a screen: the frequent operations run on local variables, the rest are calls."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pyte

from aiops_desktop.terminal.bulk import Bulk
from aiops_desktop.terminal.clusters import ZWJ
from aiops_desktop.terminal.dispatch import (
    ASCII,
    CALL,
    CR,
    CRLF,
    CUF,
    CUP,
    EL,
    LF,
    Dispatcher,
    Screen,
)
from aiops_desktop.terminal.lines import Lines
from aiops_desktop.terminal.pairs import Pairs
from aiops_desktop.terminal.rows import Row
from aiops_desktop.terminal.styles import DEFAULT
from aiops_desktop.terminal.tokens import SGR, Tokenizer
from aiops_desktop.terminal.widths import simple

_ACTIONS_MOST = 30_000
#: Characters of a sequence whose action is remembered; OSC strings are not.
_REMEMBERED = 64
#: Characters whose tokens are made at a time: few enough that they stay in the processor's cache.
_SLICE = 32_768
#: An `Action` as a plain tuple, which Python takes apart three times faster.
_Action = tuple[int, Callable[[], object], int, int]


class Stream(pyte.ByteStream):
    """pyte's stream with another engine; `feed` takes any bytes and never raises."""

    def __init__(self, screen: Screen) -> None:
        self.listener = self.screen = screen
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._tokens = Tokenizer()
        self._dispatch = Dispatcher(screen)
        self._actions: dict[str, _Action] = {}
        self._lines = Lines(screen, self._run)
        self._bulk = Bulk(screen, self._run)
        self._pairs = Pairs(screen, self._dispatch, self._run)

    def feed(self, data: bytes) -> None:  # type: ignore[override]  # as pyte's ByteStream does
        """Show what a program wrote. Sequences and characters may be split anywhere."""
        text = self._decode(data)
        if not text:
            return
        if self._tokens.idle:
            text = text[self._bulk.take(text) :]
        for at in range(0, len(text), _SLICE):
            self._take(text[at : at + _SLICE])
        self.screen.history.compact()

    def _take(self, text: str) -> None:
        parts = self._tokens.cut(text)
        if len(parts) & 1:
            parts.append("")
        if "\n" in text:
            self._lines.run(parts)
        elif parts:
            self._pairs.run(parts)

    def _action(self, sequence: str) -> _Action:
        kind, call, line, column = self._dispatch.action(sequence)
        made = (kind, call, line, column)
        if len(sequence) <= _REMEMBERED:
            if len(self._actions) > _ACTIONS_MOST:
                self._actions.clear()
            self._actions[sequence] = made
        return made

    def _run(self, parts: list[str]) -> None:
        """Execute tokens: text and sequence in turn."""
        screen = self.screen
        x, y, pen, rows, columns, gen = (
            screen.x, screen.y, screen.pen, screen.rows, screen.columns, screen.gen,
        )  # fmt: skip
        row = rows[y]
        row.gen = gen
        chars, looks, wide = row.chars, row.styles, row.wide
        steps = pen.steps
        known = self._actions
        special, direct = screen.special, screen.direct
        top, bottom, last_row, newline = screen.top, screen.bottom, screen.lines - 1, screen.newline
        history, alternate = screen.history, screen.alternate
        keep = history.lines.append
        first = "" if parts[0] else screen.last
        pairs = iter(parts)
        for text, sequence in zip(pairs, pairs, strict=True):
            if text:
                if direct and x < len(chars) and len(text) == 1 and text < "\x7f" and not wide:
                    # One character over another: what dense screens are made of.
                    chars[x] = text
                    looks[x] = pen
                    x += 1
                else:
                    size = len(text)
                    end = x + size
                    filled = len(chars)
                    if end > columns or not direct:
                        plain = False
                    elif text.isascii():
                        plain = True
                    else:
                        before = (chars[x - 1] or chars[x - 2]) if 0 < x <= filled else ""
                        plain = simple(text) and not before.endswith(ZWJ)
                    if plain:
                        if x < filled:
                            if wide:
                                row.part(x, end)
                            if size == 1:
                                chars[x] = text
                                looks[x] = pen
                            else:
                                chars[x:end] = text
                                looks[x:end] = [pen] * size
                        else:
                            if x > filled:
                                chars += [" "] * (x - filled)
                                looks += [DEFAULT] * (x - filled)
                            if size == 1:
                                chars.append(text)
                                looks.append(pen)
                            else:
                                chars += text
                                looks += [pen] * size
                        x = end
                    else:
                        screen.x, screen.y, screen.pen = x, y, pen
                        screen.draw(text)
                        x, y = screen.x, screen.y
                        row = rows[y]
                        row.gen = gen
                        chars, looks, wide = row.chars, row.styles, row.wide
            if sequence in steps:
                pen = steps[sequence]
                steps = pen.steps
                continue
            if sequence in known:
                kind, call, line, column = known[sequence]
            elif not sequence:
                continue
            elif SGR.fullmatch(sequence):
                pen = pen.after(sequence)
                steps = pen.steps
                continue
            else:
                kind, call, line, column = self._action(sequence)
            if kind == CUP and not special:
                x = column if column < columns else columns - 1
                if line != y:
                    y = line if line < last_row else last_row
                    row = rows[y]
                    row.gen = gen
                    chars, looks, wide = row.chars, row.styles, row.wide
                continue
            if kind == CALL or special:
                pass
            elif kind == CUF:
                x += column
                if x >= columns:
                    x = columns - 1
                continue
            elif kind == CR:
                x = 0
                continue
            elif kind == ASCII:
                if screen.sets[0] == "B":
                    continue
            elif pen.blank is DEFAULT and not (newline and kind == LF):
                # An erasure, a line's end, or both.
                if kind != CRLF and kind != LF:
                    row.wrap = False
                    left = x if x < columns else columns - 1
                    if left < len(chars):
                        if wide and left and chars[left] == "":
                            chars[left - 1] = " "
                        del chars[left:]
                        del looks[left:]
                    if kind == EL:
                        continue
                if kind != LF:
                    x = 0
                if y != bottom:
                    if y < last_row:
                        y += 1
                    row = rows[y]
                else:
                    if top == 0 and not alternate:
                        keep(rows[0])
                        history.pushed += 1
                    del rows[top]
                    row = Row()
                    rows.insert(bottom, row)
                row.gen = gen
                chars, looks, wide = row.chars, row.styles, row.wide
                continue
            screen.x, screen.y, screen.pen = x, y, pen
            # What REP repeats: only what stands straight before it.
            screen.last = text[-1:] or (first if sequence is parts[1] else "")
            call()
            x, y, pen, rows, columns = screen.x, screen.y, screen.pen, screen.rows, screen.columns
            steps = pen.steps
            row = rows[y]
            row.gen = gen
            chars, looks, wide = row.chars, row.styles, row.wide
            special, direct = screen.special, screen.direct
            top, bottom, last_row = screen.top, screen.bottom, screen.lines - 1
            newline, alternate = screen.newline, screen.alternate
            keep = history.lines.append
        screen.x, screen.y, screen.pen = x, y, pen
        if sequence or len(parts) > 2 or text:
            screen.last = "" if sequence else text[-1:]
