"""What can be done with a hunk, and what was decided about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiops_desktop.ui.text import counted


@dataclass(frozen=True, slots=True)
class HunkAction:
    """A button in a hunk's header.

    Attributes:
        id: what `DiffView.acted` names it by.
        hunk: its words for the whole hunk, "Stage hunk".
        line, lines: its words for selected lines, "Stage {n} line" and "Stage {n} lines"; without
            them the action is always about the whole hunk.
        tone: "text", or "danger" for what destroys; that one is never first.
    """

    id: str
    hunk: str
    line: str = ""
    lines: str = ""
    tone: str = "text"

    def words(self, selected: int) -> str:
        """Its words while so many changed lines of the hunk are selected."""
        if not selected or not self.line:
            return self.hunk
        return counted(selected, self.line, self.lines)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a hunk: icon and word, and the way back.

    Attributes:
        icon, text, tone: such as "check-circle", "Kept", "success".
        undo: id of the action its Undo emits; "" for none.
        pale: the hunk is shown without colours, but readable (discarded).
    """

    icon: str
    text: str
    tone: str = "muted"
    undo: str = "undo"
    pale: bool = False


Actions = Callable[[int], Sequence[HunkAction]]
Verdicts = Callable[[int], Verdict | None]


def no_actions(_hunk: int) -> Sequence[HunkAction]:
    """For a diff one only reads."""
    return ()


def no_verdict(_hunk: int) -> Verdict | None:
    """Nothing is decided."""
    return None
