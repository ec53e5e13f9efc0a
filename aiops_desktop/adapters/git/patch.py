"""Git's patches as bytes, and texts made from parts of them; nothing here touches a file."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from aiops_desktop.domain.repositories import Pick

_HUNK = re.compile(rb"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a hunk; `text` has no newline, but keeps a carriage return."""

    kind: str
    text: bytes
    no_newline: bool = False

    @property
    def whole(self) -> bytes:
        """As it stands in the file."""
        return self.text if self.no_newline else self.text + b"\n"


@dataclass(frozen=True, slots=True)
class RawHunk:
    """A hunk as git wrote it."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    context: bytes
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of a diff. Modes are git's octal texts, "000000" for absent; ids may be zeros."""

    path: str
    old_path: str
    letter: str
    old_mode: str
    new_mode: str
    old_id: str
    new_id: str
    hunks: tuple[RawHunk, ...] = ()
    binary: bool = False


def parse(output: bytes) -> list[RawFile]:
    """The output of a diff with `--raw -z -p`: records first, then one section a record.

    The names come from the records, which need no unquoting.
    """
    files, place = _records(output)
    sections = list(_sections(output[place:]))
    made: list[RawFile] = []
    for file in files:
        if file.letter == "U":
            continue  # an unmerged path has a second record when there is something to compare
        count = 2 if file.letter == "T" else 1  # a type change is a deletion and an addition
        mine, sections = sections[:count], sections[count:]
        if file.letter == "T" or not mine:
            made.append(file)
        else:
            hunks, binary = _hunks(mine[0])
            made.append(replace(file, hunks=hunks, binary=binary))
    return made


def take(old: bytes, hunks: Sequence[RawHunk], pick: Pick | None) -> bytes:
    """The old text with the picked changes made; `pick` None: all of them.

    A pick names hunks by their number, and in a hunk lines by theirs; both count from 0.
    """
    return _walk(old, hunks, pick, forward=True)


def leave(new: bytes, hunks: Sequence[RawHunk], pick: Pick | None) -> bytes:
    """The new text with the picked changes undone."""
    return _walk(new, hunks, pick, forward=False)


def _walk(base: bytes, hunks: Sequence[RawHunk], pick: Pick | None, *, forward: bool) -> bytes:
    kept, gone, come = (" ", "-", "+") if forward else (" ", "+", "-")
    lines = re.findall(rb"[^\n]*\n|[^\n]+", base)
    made: list[bytes] = []
    at = 0
    for number, hunk in enumerate(hunks):
        start, count = (
            (hunk.old_start, hunk.old_count) if forward else (hunk.new_start, hunk.new_count)
        )
        begin = start - 1 if count else start  # an empty side is counted as the line before it
        made.extend(lines[at:begin])
        at = begin
        for index, line in enumerate(hunk.lines):
            picked = _picked(pick, number, index)
            if line.kind in (kept, gone):
                if line.kind == kept or not picked:
                    made.extend(lines[at : at + 1])
                at += 1
            elif line.kind == come and picked:
                made.append(line.whole)
    made.extend(lines[at:])
    # A last line without a newline gets one when another line now follows it.
    return b"".join(
        piece if piece.endswith(b"\n") or place == len(made) - 1 else piece + b"\n"
        for place, piece in enumerate(made)
    )


def _picked(pick: Pick | None, number: int, index: int) -> bool:
    if pick is None:
        return True
    if number not in pick:
        return False
    lines = pick[number]
    return lines is None or index in lines


def _records(output: bytes) -> tuple[list[RawFile], int]:
    files: list[RawFile] = []
    place = 0
    while output[place : place + 1] == b":":
        end = output.index(b"\0", place)
        old_mode, new_mode, old_id, new_id, status = output[place + 1 : end].decode().split(" ")
        place = end + 1
        names = []
        for _ in range(2 if status[0] in "RC" else 1):
            end = output.index(b"\0", place)
            names.append(os.fsdecode(output[place:end]))
            place = end + 1
        files.append(
            RawFile(
                path=names[-1],
                old_path=names[0] if len(names) > 1 else "",
                letter=status[0],
                old_mode=old_mode,
                new_mode=new_mode,
                old_id=old_id,
                new_id=new_id,
            )
        )
    return files, place + 1


def _sections(patch: bytes) -> Iterator[list[bytes]]:
    """The patch cut at its file headers; only headers begin with a letter of "diff"."""
    section: list[bytes] | None = None
    for line in patch.split(b"\n"):
        if line.startswith(b"diff --git "):
            if section is not None:
                yield section
            section = []
        elif section is not None:
            section.append(line)
    if section is not None:
        yield section


def _hunks(section: Sequence[bytes]) -> tuple[tuple[RawHunk, ...], bool]:
    made: list[RawHunk] = []
    lines: list[Line] = []
    head: RawHunk | None = None
    binary = False
    for line in section:
        found = _HUNK.match(line) if line.startswith(b"@@") else None
        if found:
            if head:
                made.append(replace(head, lines=tuple(lines)))
            lines = []
            head = RawHunk(
                int(found[1]),
                int(found[2] if found[2] is not None else 1),
                int(found[3]),
                int(found[4] if found[4] is not None else 1),
                found[5],
                (),
            )
        elif head and line[:1] in (b" ", b"+", b"-"):
            lines.append(Line(line[:1].decode(), line[1:]))
        elif head and line[:1] == b"\\" and lines:
            lines[-1] = replace(lines[-1], no_newline=True)
        elif not head and line.startswith(b"Binary files "):
            binary = True
    if head:
        made.append(replace(head, lines=tuple(lines)))
    return tuple(made), binary
