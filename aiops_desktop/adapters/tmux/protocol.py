r"""tmux's control mode, read: what comes out of `tmux -C`, line by line.

The source is the section CONTROL MODE of tmux(1): each command is answered by a block between
`%begin` and `%end` (or `%error`) that carry the same time, number and flags; everything else that
begins with % is a notification. In notifications characters below space and the backslash are
written as octal \nnn.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: Bytes of one answer or one line; more is no answer to anything we ask.
LIMIT = 64 * 1024 * 1024

_GUARD = re.compile(rb"%(begin|end|error) (\d+) (\d+)(?: (\d+))?\s*$")
_OCTAL = re.compile(rb"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Answer:
    """The block that answers a command; `ours` is false for what we did not ask over this client.

    tmux answers the commands of one client in their order.
    """

    number: int
    lines: tuple[str, ...]
    ok: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification: its name without the %, and the rest of the line, unescaped."""

    name: str
    text: str


class Overflow(Exception):
    """More came than any answer could be."""


@dataclass
class _Block:
    """An answer that is still coming."""

    guard: tuple[bytes, bytes]
    ours: bool
    size: int = 0
    lines: list[str] = field(default_factory=list)


class Reader:
    """Cuts the stream into answers and notices; lines may come in halves."""

    def __init__(self) -> None:
        self._rest = b""
        self._block: _Block | None = None

    def feed(self, data: bytes) -> list[Answer | Notice]:
        """What has become whole with these bytes.

        Raises:
            Overflow: a line or an answer is longer than `LIMIT`.
        """
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LIMIT:
            raise Overflow
        return [told for line in lines if (told := self._line(line)) is not None]

    def _line(self, line: bytes) -> Answer | Notice | None:
        guard = _GUARD.match(line) if line.startswith(b"%") else None
        if self._block is not None:
            if guard is None or guard[1] == b"begin" or guard.group(2, 3) != self._block.guard:
                self._inside(self._block, line)
                return None
            block, self._block = self._block, None
            return Answer(int(guard[3]), tuple(block.lines), guard[1] == b"end", block.ours)
        if guard is not None and guard[1] == b"begin":
            # Flag 1: the command came over this client's own input.
            self._block = _Block((guard[2], guard[3]), bool(int(guard[4] or b"1") & 1))
            return None
        if not line.startswith(b"%"):
            return None  # nothing tmux says outside of a block looks like this
        name, _, text = line[1:].rstrip(b"\r").partition(b" ")
        return Notice(_text(name), _text(unescape(text)))

    @staticmethod
    def _inside(block: _Block, line: bytes) -> None:
        block.size += len(line)
        if block.size > LIMIT:
            raise Overflow
        block.lines.append(_text(line))


def unescape(text: bytes) -> bytes:
    r"""Undo \nnn; numbers beyond a byte stay as they are."""
    return _OCTAL.sub(_byte, text)


def quoted(words: list[str] | tuple[str, ...]) -> bytes:
    r"""A command as one line of tmux's own language (tmux(1), COMMAND PARSING AND EXECUTION).

    Everything is quoted, so that no word means anything to tmux's parser.
    """
    return " ".join(map(_quoted, words)).encode("utf-8", "surrogateescape") + b"\n"


def _quoted(word: str) -> str:
    if "'" not in word and "\n" not in word:
        return f"'{word}'"
    for plain, safe in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n")):
        word = word.replace(plain, safe)
    return f'"{word}"'


def _byte(found: re.Match[bytes]) -> bytes:
    number = int(found[1], 8)
    return bytes((number,)) if number < 256 else found[0]


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace")
