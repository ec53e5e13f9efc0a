"""Events become steps: commands end where they began, output is gathered, failures stand out."""

from __future__ import annotations

import random

from aiops_desktop.domain.runs import EventKind, RunEvent, Usage
from aiops_desktop.ui.views.runs.heights import Heights
from aiops_desktop.ui.views.runs.steps import Folder, clock, failing_lines

COMMAND = EventKind.COMMAND


def test_a_command_keeps_its_row_when_it_ends() -> None:
    folder = Folder()
    begun = folder.take(
        [RunEvent(COMMAND, 3, "1", "pytest -q"), RunEvent(EventKind.MESSAGE, 4, "2", "Let me see.")]
    )
    assert [step.running for step in begun.new] == [True, False]
    ended = folder.take([RunEvent(COMMAND, 9, "1", "pytest -q", "1 failed\n", 1, 2.4)])
    assert ended.new == ()
    step = ended.changed[0]
    assert (step.at, step.exit_code, step.running, step.failing) == (3, 1, False, ("1 failed",))


def test_a_command_that_begins_and_ends_in_one_batch_is_one_step() -> None:
    events = [RunEvent(COMMAND, 1, "1", "ls"), RunEvent(COMMAND, 2, "1", "ls", "a\nb", 0, 0.1)]
    folded = Folder().take(events)
    assert len(folded.new) == 1
    assert folded.new[0].lines == ("a", "b")
    assert folded.changed == {}


def test_output_is_gathered_without_its_colours() -> None:
    folder = Folder()
    lines = [RunEvent(EventKind.OUTPUT, n, text=f"\x1b[31mline\x1b[0m {n}") for n in range(1200)]
    first = folder.take(lines[:600])
    assert [len(step.lines) for step in first.new] == [500, 100]
    assert first.new[0].lines[0] == "line 0"
    then = folder.take(lines[600:])
    assert len(then.changed[1].lines) == 500
    assert [len(step.lines) for step in then.new] == [200]


def test_usage_and_the_open_question_are_handed_on() -> None:
    folder = Folder()
    usage = Usage(300, 60, 30)
    question = RunEvent(EventKind.QUESTION, 1, "q", "Which one?", choices=("a", "b"))
    folded = folder.take([RunEvent(EventKind.USAGE, usage=usage), question])
    assert folded.usage == usage
    assert folded.question == question
    assert folder.take([RunEvent(EventKind.MESSAGE, 2, text="Then a.")]).question is None


def test_unknown_and_empty_events_are_no_steps() -> None:
    events = [
        RunEvent(EventKind.THREAD, thread="x"),
        RunEvent(EventKind.MESSAGE, text="  \n"),
        RunEvent(EventKind.END, ok=True),
    ]
    assert Folder().take(events).new == ()
    bad = Folder().take([RunEvent(EventKind.END, 5, ok=False, text="401 Unauthorized")])
    assert [step.kind for step in bad.new] == [EventKind.WARNING]


def test_of_a_failed_command_only_what_went_wrong_is_shown() -> None:
    lines = (
        "collected 5 items",
        *(f"tests/test_{n}.py ok" for n in range(20)),
        "    def test_all(inventory):",
        '>       assert rollout("web") == 0',
        "E       TypeError: missing arguments",
        "",
        "1 failed, 4 passed in 1.92s",
    )
    assert failing_lines(lines) == (lines[21], lines[22], lines[23], lines[25])
    assert failing_lines(("a", "b", "c", "d", "e")) == ("b", "c", "d", "e")


def test_the_clock() -> None:
    assert [clock(n) for n in (4, 118.9, 3727)] == ["0:04", "1:58", "1:02:07"]


def test_heights_agree_with_plain_sums() -> None:
    chance = random.Random(7)
    plain = [chance.randint(10, 90) for _ in range(3000)]
    heights = Heights()
    heights.extend(plain[:100])
    heights.extend(plain[100:])
    for _ in range(200):
        row = chance.randrange(len(plain))
        plain[row] = chance.randint(10, 90)
        heights.set(row, plain[row])
    assert heights.total == sum(plain)
    for row in (0, 1, 255, 256, 257, 2999, 3000):
        assert heights.top(row) == sum(plain[:row])
    for y in (0, 5, heights.total // 2, heights.total - 1):
        row = heights.row_at(y)
        assert heights.top(row) <= y < heights.top(row) + heights[row]
    assert heights.row_at(-3) == 0
    assert heights.row_at(heights.total + 9) == 2999
    assert Heights().row_at(0) == -1
