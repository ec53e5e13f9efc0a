"""Random edits on both sides and syncs cut off anywhere: nothing twice, nothing lost."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from aiops_desktop.domain.forges import Unanswered, Unreachable
from aiops_desktop.domain.issues import IssueDraft, IssueState
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.trouble import Stopped, Trouble
from aiops_desktop.jobs.job import Job
from tests.support.issues import tracker

WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon"])
PICK = st.integers(0, 99)


class _Killed(BaseException):
    """The program dies: nobody catches this."""


class Sides(RuleBasedStateMachine):
    """A forge that others work on, and this program."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="aiops-issues-"))
        self.here = tracker(Layout(self.folder, is_default=False))
        self.forge = self.here.linked(self.here.ground.project(self.here.ground.tenant()))
        self.said: set[str] = set()
        self.made: set[str] = set()
        self.count = 0

    def teardown(self) -> None:
        self.agree()
        self.here.ground.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(count=st.integers(2, 9))
    def there_are_some(self, count: int) -> None:
        for number in range(count):
            self.forge.add(f"old {number}")

    # The others -------------------------------------------------------------------------------

    @rule(words=WORDS)
    def others_add(self, words: str) -> None:
        self.forge.add(words)

    @precondition(lambda self: self.forge.items)
    @rule(pick=PICK, words=WORDS, closed=st.booleans())
    def others_edit(self, pick: int, words: str, closed: bool) -> None:
        self.forge.edit(
            self.theirs(pick), title=words, closed=closed, state="closed" if closed else "opened"
        )

    @precondition(lambda self: self.forge.items)
    @rule(pick=PICK, words=WORDS)
    def others_say(self, pick: int, words: str) -> None:
        self.forge.say(self.theirs(pick), words)

    @precondition(lambda self: self.forge.items)
    @rule(pick=PICK)
    def others_delete(self, pick: int) -> None:
        self.forge.delete(self.theirs(pick))

    @rule(hours=st.sampled_from([1, 30]))
    def time_goes_by(self, hours: int) -> None:
        self.forge.wait(hours=hours)

    # This program -----------------------------------------------------------------------------

    @rule(sweep=st.booleans(), pick=PICK, meanwhile=st.integers(0, 6))
    def sync_while_others_work(self, sweep: bool, pick: int, meanwhile: int) -> None:
        """An edit arrives in the middle of the list."""
        self.forge.asked.clear()

        def edit(_name: str) -> None:
            if len(self.forge.asked) == meanwhile and self.forge.items:
                self.forge.edit(self.theirs(pick))

        self.forge.before = edit
        self.here.sync(sweep=sweep)
        self.forge.before = lambda _name: None

    @rule(
        sweep=st.booleans(),
        after=st.integers(1, 8),
        end=st.sampled_from([Unreachable("No."), Unanswered("Cut."), Stopped(), _Killed()]),
    )
    def sync_cut_off(self, sweep: bool, after: int, end: BaseException) -> None:
        left = [after]

        def cut(_name: str) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise end

        self.forge.before = cut
        with contextlib.suppress(Trouble, Stopped, _Killed):
            self.here.sync(sweep=sweep)
        self.forge.before = lambda _name: None

    @rule(lost=st.sampled_from(["", "before", "after"]))
    def create(self, lost: str) -> None:
        self.count += 1
        title = f"ours {self.count}"
        self.made.add(title)
        draft = IssueDraft(self.here.links[0].project_id, title, "text")
        self.asking(lost, "create", lambda: self.here.issues.create(draft, Job("Create")))

    @precondition(lambda self: self.known())
    @rule(pick=PICK, lost=st.sampled_from(["", "before", "after"]))
    def comment(self, pick: int, lost: str) -> None:
        self.count += 1
        issue = self.ours(pick)
        self.said.add(f"said {self.count}")
        self.asking(
            lost,
            "comment",
            lambda: self.here.issues.comment(issue, f"said {self.count}", Job("Comment")),
        )

    @precondition(lambda self: self.known())
    @rule(pick=PICK, close=st.booleans(), lost=st.sampled_from(["", "before", "after"]))
    def close_or_reopen(self, pick: int, close: bool, lost: str) -> None:
        issue, verbs = self.ours(pick), self.here.issues
        does = verbs.close if close else verbs.reopen
        self.asking(lost, "close" if close else "reopen", lambda: does(issue, Job("Close")))

    @precondition(lambda self: self.known())
    @rule(pick=PICK)
    def open_it(self, pick: int) -> None:
        self.here.issues.read(self.ours(pick), Job("Read"))

    # What must be -----------------------------------------------------------------------------

    @invariant()
    def nothing_is_missed(self) -> None:
        """After an undisturbed sync only what was deleted on the forge may still be shown."""
        self.here.sync()
        assert self.there() <= self.mine()

    @rule()
    def agree(self) -> None:
        """After a look around, both sides know the same, comments of what was opened included."""
        self.here.sync(sweep=True)
        known = self.here.shown()
        assert self.mine() == self.there()
        assert len(known) == len(self.forge.items)
        for issue in known:
            said, fresh, _draft = self.here.store.talk(issue.id)
            if issue.open and fresh:
                assert said == self.forge.talk[issue.number]
        every = [said.body for talk in self.forge.talk.values() for said in talk]
        assert all(every.count(body) <= 1 for body in self.said), "no comment was sent twice"
        titles = [one.title for one in self.forge.items.values()]
        assert all(titles.count(title) <= 1 for title in self.made), "no issue was made twice"

    # How --------------------------------------------------------------------------------------

    def asking(self, lost: str, name: str, does: object) -> None:
        """Do it, the request or its answer being lost once, and again when it says it failed."""
        left = [1]

        def fail(asked: str) -> None:
            if asked == name and left[0]:
                left[0] = 0
                raise Unanswered("The answer was cut.")

        if lost:
            setattr(self.forge, lost, fail)
        try:
            for _time in range(2):
                try:
                    does()  # type: ignore[operator]  # a call without arguments
                except Unanswered:
                    continue
                except Trouble:  # it was deleted there
                    break
                break
        finally:
            self.forge.before = self.forge.after = lambda _name: None

    def there(self) -> set[tuple[object, ...]]:
        return {
            (one.external_id, one.number, one.title, one.closed, one.updated)
            for one in self.forge.items.values()
        }

    def mine(self) -> set[tuple[object, ...]]:
        return {
            (one.external_id, one.number, one.title, one.state is IssueState.CLOSED, one.updated)
            for one in self.here.shown()
        }

    def theirs(self, pick: int) -> int:
        numbers = sorted(self.forge.items)
        return numbers[pick % len(numbers)]

    def known(self) -> list[int]:
        return [issue.id for issue in self.here.shown()]

    def ours(self, pick: int) -> int:
        ids = self.known()
        return ids[pick % len(ids)]


def test_both_sides_agree_whatever_happens() -> None:
    run_state_machine_as_test(
        Sides,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
