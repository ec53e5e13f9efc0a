"""Where issues stand, and which words of forges mean what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum


class IssueState(StrEnum):
    """Where an issue stands, whatever its forge calls it."""

    ACTIVE = "in progress"
    OPEN = "open"
    CLOSED = "closed"


_CLOSED = re.compile(
    "clos(e|ed|ing)|done|resolved|fixed|completed?|finished|rejected|cancell?ed|duplicate|merged"
    "|declined|obsolete|not planned|won'?t ?fix|wont do|geschlossen|erledigt|fertig|abgeschlossen"
    "|abgelehnt|behoben"
)
_ACTIVE = re.compile(
    "(work )?in progress|doing|started|wip|indeterminate|in dev(elopment)?|(in |code )?review"
    "|(in )?test(ing)?|in (arbeit|bearbeitung)"
)


def state_of(original: str, labels: Iterable[str] = ()) -> IssueState:
    """The state a forge's word means; of an open issue the labels may say that work is under way.

    Words nobody knows mean open, so that no issue is lost to sight. Scoped labels of GitLab count
    by their last part ("workflow::in dev"); "test" and "review" only there.
    """
    word = _plain(original)
    if _CLOSED.fullmatch(word):
        return IssueState.CLOSED
    if _ACTIVE.fullmatch(word) or any(_says_active(name) for name in labels):
        return IssueState.ACTIVE
    return IssueState.OPEN


def _says_active(label: str) -> bool:
    scope, _, last = label.rpartition("::")
    word = _plain(last)
    return bool(_ACTIVE.fullmatch(word)) and bool(scope or word not in {"test", "review"})


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", " ", word).strip().casefold()
