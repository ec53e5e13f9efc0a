"""The check-up: what the program works with, whether it is well, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        title: what it is, such as "tmux".
        ok: whether it is well; None: not well, but one can do without.
        detail: what was found, as a sentence or a path with a version.
        hint: what a person can do about it; "" when it is well.
        fix: the name under which `doctor.fix` repairs it; "" when the program cannot.
        does: what that repair would do, for the button and the question.
    """

    title: str
    ok: bool | None
    detail: str = ""
    hint: str = ""
    fix: str = ""
    does: str = ""
