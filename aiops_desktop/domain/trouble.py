"""All that can go wrong and is not our bug; an exception outside this tree is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class Trouble(Exception):
    """Something the person can read and act upon.

    Attributes:
        what: a whole sentence a customer may read: what happened, and why.
        hint: a whole sentence: what to do about it; may be empty.
        detail: the command and the last lines of a tool; secrets are taken out by `clean` before
            anybody sees it.
        steps: ids of the actions that are sensible next, the best one first.
        field: the name of the draft's field the trouble belongs to, "" when to none.
    """

    def __init__(
        self,
        what: str,
        hint: str = "",
        detail: str = "",
        *,
        steps: Sequence[str] = (),
        field: str = "",
    ) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint
        self.detail = detail
        self.steps = tuple(steps)
        self.field = field

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()

    def clean(self, scrub: Callable[[str], str]) -> None:
        """Take the secrets out of all it says; whoever hands it to a person or a file does so."""
        self.what, self.hint, self.detail = map(scrub, (self.what, self.hint, self.detail))
        self.args = (self.what,)


class Refused(Trouble):
    """The request cannot be carried out as asked (nothing to commit, name taken, bad input)."""


class Clash(Trouble):
    """The world moved on in the meantime (push rejected, merge conflict, stale worktree)."""


class NotTrusted(Trouble):
    """Who is it: locked key, unknown or changed host key, expired or wrong token."""


class Missing(Trouble):
    """A tool or a file we lean on is not there (git, tmux, codex, a checkout)."""


class Failed(Trouble):
    """A tool or a server said no: exit code or HTTP status, with the tail of its output."""


class Unreachable(Failed):
    """Nothing was sent: the server could not be connected to."""


class Unanswered(Failed):
    """Something was sent and no usable answer came; what was asked may have happened."""


class Stopped(Exception):
    """The person pressed Stop. Never shown, never logged as an error."""
