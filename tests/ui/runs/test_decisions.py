"""Decisions about hunks become exactly the parts that are taken out of the worktree."""

from __future__ import annotations

from aiops_desktop.domain.repositories import DiffLine, FileDiff, FileState, Hunk
from aiops_desktop.ui.views.runs.decisions import WHOLE, Decisions, Tally


def hunk(start: int, *lines: str) -> Hunk:
    made = tuple(DiffLine(line[0], start, start, line[1:]) for line in lines)
    return Hunk(start, len(lines), start, len(lines), "", made)


ROLLOUT = FileDiff(
    "deploy/rollout.py",
    FileState.MODIFIED,
    (
        hunk(1, " a", "-b", "+c", " d"),
        hunk(20, "+x", "+y", " z"),
        hunk(40, "-gone"),
    ),
)
LOGO = FileDiff("logo.png", FileState.ADDED, binary=True)


def decisions() -> Decisions:
    made = Decisions()
    made.take((ROLLOUT, LOGO))
    return made


def test_what_nobody_decided_is_kept() -> None:
    made = decisions()
    assert made.picks() == {}
    assert made.tally() == Tally(hunks=4, kept=4, discarded=0, open=4)


def test_discarded_hunks_become_a_pick_and_undo_takes_them_back() -> None:
    made = decisions()
    made.discard("deploy/rollout.py", 1)
    made.keep("deploy/rollout.py", 0)
    assert made.picks() == {"deploy/rollout.py": {1: None}}
    assert made.tally("deploy/rollout.py") == Tally(hunks=3, kept=2, discarded=1, open=1)
    made.undo("deploy/rollout.py", 1)
    assert made.picks() == {}


def test_selected_lines_are_discarded_or_are_all_that_is_kept() -> None:
    made = decisions()
    made.discard("deploy/rollout.py", 0, frozenset({1}))
    assert made.picks() == {"deploy/rollout.py": {0: frozenset({1})}}
    made.discard("deploy/rollout.py", 0, frozenset({2}))
    assert made.picks() == {"deploy/rollout.py": {0: None}}, "all changed lines mean the hunk"
    made.keep("deploy/rollout.py", 0, frozenset({2}))
    assert made.picks() == {"deploy/rollout.py": {0: frozenset({1})}}
    made.keep("deploy/rollout.py", 1, frozenset({0}))
    assert made.picks()["deploy/rollout.py"] == {0: frozenset({1}), 1: frozenset({1})}
    assert made.tally("deploy/rollout.py") == Tally(hunks=3, kept=3, discarded=0, open=1)


def test_context_lines_are_never_picked() -> None:
    made = decisions()
    made.discard("deploy/rollout.py", 0, frozenset({0, 3}))
    assert made.picks() == {}


def test_the_rest_is_discarded_and_a_file_that_loses_all_goes_as_a_whole() -> None:
    made = decisions()
    made.keep("deploy/rollout.py", 0)
    assert made.discard_rest() == 3
    assert made.picks() == {"deploy/rollout.py": {1: None, 2: None}, "logo.png": None}
    made.discard("deploy/rollout.py", 0)
    assert made.picks() == {"deploy/rollout.py": None, "logo.png": None}


def test_a_file_without_hunks_is_decided_as_a_whole() -> None:
    made = decisions()
    made.discard("logo.png", WHOLE)
    assert made.picks() == {"logo.png": None}


def test_decisions_follow_their_hunks_when_the_worktree_moved() -> None:
    made = decisions()
    made.discard("deploy/rollout.py", 1)
    made.set_viewed("deploy/rollout.py", True)
    moved = FileDiff(ROLLOUT.path, ROLLOUT.state, (hunk(1, "+new"), *ROLLOUT.hunks))
    made.take((moved, LOGO))
    assert made.picks() == {"deploy/rollout.py": {2: None}}
    assert not made.viewed("deploy/rollout.py"), "a changed file has to be looked at again"
    made.take((LOGO,))
    assert made.picks() == {}


def test_equal_hunks_of_a_file_are_told_apart() -> None:
    twice = FileDiff("a", FileState.MODIFIED, (hunk(1, "+same"), hunk(9, "+same")))
    made = Decisions()
    made.take((twice,))
    made.discard("a", 1)
    assert made.picks() == {"a": {1: None}}
