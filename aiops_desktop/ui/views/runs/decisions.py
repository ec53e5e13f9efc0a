"""What a person decided about the hunks of a run, and what that means for the worktree. No Qt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from aiops_desktop.domain.repositories import FileDiff, Hunk, Pick

#: A file without hunks (binary, renamed, mode changed) is decided as a whole, under this number.
WHOLE = -1


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a hunk.

    `lines` are the discarded changed lines; None with `kept` False means all of them.
    """

    kept: bool
    lines: frozenset[int] | None = None

    @property
    def whole(self) -> bool:
        """Nothing of the hunk stays."""
        return not self.kept and self.lines is None


KEPT = Decision(kept=True)
DISCARDED = Decision(kept=False)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many hunks there are, stay, go, and are not decided yet (those stay, too)."""

    hunks: int = 0
    kept: int = 0
    discarded: int = 0
    open: int = 0


class Decisions:
    """Decisions about one run's hunks.

    A decision belongs to the content of its hunk, so it survives reading the review again when
    another part of the worktree has changed.
    """

    def __init__(self) -> None:
        self._files: dict[str, FileDiff] = {}
        self._marks: dict[tuple[str, int], str] = {}
        self._made: dict[str, Decision] = {}
        self._viewed: dict[str, str] = {}

    def take(self, files: tuple[FileDiff, ...]) -> None:
        """These are the changes now."""
        self._files = {file.path: file for file in files}
        self._marks = {}
        for file in files:
            seen: dict[str, int] = {}
            for number in numbers(file):
                text = _content(file, number)
                seen[text] = seen.get(text, 0) + 1
                mark = hashlib.sha256(f"{file.path}\0{seen[text]}\0{text}".encode()).hexdigest()
                self._marks[file.path, number] = mark
        self._made = {mark: self._made[mark] for mark in self._marks.values() if mark in self._made}

    # Looking ---------------------------------------------------------------------------------

    def of(self, path: str, number: int) -> Decision | None:
        """The decision about a hunk; None: not decided."""
        return self._made.get(self._marks.get((path, number), ""))

    def tally(self, path: str | None = None) -> Tally:
        """Counts of one file or of all."""
        kept = discarded = open_ = total = 0
        for file in self._files.values():
            if path not in (None, file.path):
                continue
            for number in numbers(file):
                total += 1
                decision = self.of(file.path, number)
                if decision is None:
                    open_ += 1
                elif decision.whole:
                    discarded += 1
                else:
                    kept += 1
        return Tally(total, kept + open_, discarded, open_)

    def picks(self) -> dict[str, Pick | None]:
        """What to discard: path → hunks and lines; None: the whole file."""
        made: dict[str, Pick | None] = {}
        for file in self._files.values():
            pick: dict[int, frozenset[int] | None] = {}
            for number in numbers(file):
                decision = self.of(file.path, number)
                if decision is not None and not decision.kept:
                    pick[number] = decision.lines
            if not pick:
                continue
            every = len(pick) == len(list(numbers(file))) and all(v is None for v in pick.values())
            made[file.path] = None if every else pick
        return made

    # Deciding --------------------------------------------------------------------------------

    def keep(self, path: str, number: int, lines: frozenset[int] | None = None) -> None:
        """Keep a hunk, or of it only these lines (more of them, when some are discarded)."""
        hunk = self._hunk(path, number)
        if hunk is None or lines is None:
            self._decide(path, number, KEPT)
            return
        before = self.of(path, number)
        gone = changed(hunk) if before is None or before.kept else before.lines or changed(hunk)
        self._lose(path, number, hunk, gone - lines)

    def discard(self, path: str, number: int, lines: frozenset[int] | None = None) -> None:
        """Discard a hunk, or these lines of it (beside those already discarded)."""
        hunk = self._hunk(path, number)
        if hunk is None or lines is None:
            self._decide(path, number, DISCARDED)
            return
        before = self.of(path, number)
        gone = before.lines if before is not None and not before.kept and before.lines else None
        self._lose(path, number, hunk, lines | (gone or frozenset()))

    def undo(self, path: str, number: int) -> None:
        """The hunk is not decided any more."""
        self._made.pop(self._marks.get((path, number), ""), None)

    def discard_rest(self) -> int:
        """Discard what is not decided; how many hunks."""
        rest = [
            (file.path, number)
            for file in self._files.values()
            for number in numbers(file)
            if self.of(file.path, number) is None
        ]
        for path, number in rest:
            self._decide(path, number, DISCARDED)
        return len(rest)

    def _lose(self, path: str, number: int, hunk: Hunk, gone: frozenset[int]) -> None:
        gone &= changed(hunk)
        if not gone:
            self._decide(path, number, KEPT)
        elif gone == changed(hunk):
            self._decide(path, number, DISCARDED)
        else:
            self._decide(path, number, Decision(False, gone))

    def _decide(self, path: str, number: int, decision: Decision) -> None:
        mark = self._marks.get((path, number))
        if mark:
            self._made[mark] = decision

    def _hunk(self, path: str, number: int) -> Hunk | None:
        file = self._files.get(path)
        return file.hunks[number] if file and 0 <= number < len(file.hunks) else None

    # Viewed ----------------------------------------------------------------------------------

    def viewed(self, path: str) -> bool:
        """Whether the person ticked the file off, as it is now."""
        return path in self._files and self._viewed.get(path) == self._print(path)

    def set_viewed(self, path: str, on: bool) -> None:
        """Tick a file off; a later change of it takes the tick away."""
        if on:
            self._viewed[path] = self._print(path)
        else:
            self._viewed.pop(path, None)

    def _print(self, path: str) -> str:
        return "".join(self._marks[path, number] for number in numbers(self._files[path]))


def numbers(file: FileDiff) -> Iterator[int]:
    """The numbers under which a file's parts are decided."""
    yield from range(len(file.hunks)) if file.hunks else (WHOLE,)


def changed(hunk: Hunk) -> frozenset[int]:
    """The added and removed lines of a hunk."""
    return frozenset(n for n, line in enumerate(hunk.lines) if line.kind != " ")


def _content(file: FileDiff, number: int) -> str:
    if number == WHOLE:
        return f"{file.state} {file.old_path} {file.note} {hash((file.before, file.after))}"
    return "\n".join(line.kind + line.text for line in file.hunks[number].lines)
