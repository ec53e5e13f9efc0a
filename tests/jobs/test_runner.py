"""Jobs: lanes, stop, questions, and errors told apart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from aiops_desktop.adapters import living, process
from aiops_desktop.domain.trouble import Refused, Stopped, Trouble
from aiops_desktop.jobs.job import Answer, Job, Question, Reply, Silent
from aiops_desktop.jobs.runner import Runner
from tests.support.waiting import until

ENDS = {"done", "trouble", "stopped", "bug"}


class Watcher:
    """Writes down what it hears; answers questions when it has an answer."""

    def __init__(self, answer: str = "") -> None:
        self.heard: list[tuple[str, object]] = []
        self.over = threading.Event()
        self.asked = threading.Event()
        self._answer = answer

    def _hear(self, what: str, with_: object = None) -> None:
        self.heard.append((what, with_))
        if what in ENDS:
            self.over.set()

    def begun(self) -> None:
        self._hear("begun")

    def progress(self, message: str, done: int, total: int) -> None:
        self._hear("progress", (message, done, total))

    def line(self, text: str) -> None:
        self._hear("line", text)

    def ask(self, reply: Reply) -> None:
        self._hear("ask", reply.question.text)
        if self._answer:
            reply.give(self._answer)
        self.asked.set()

    def done(self, result: object) -> None:
        self._hear("done", result)

    def trouble(self, trouble: Trouble) -> None:
        self._hear("trouble", trouble)

    def stopped(self) -> None:
        self._hear("stopped")

    def bug(self, error: BaseException) -> None:
        self._hear("bug", error)

    @property
    def kinds(self) -> list[str]:
        return [what for what, _ in self.heard]


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner(lambda call: call(), threads=8)
    yield made
    made.close()


def test_a_job_reports_and_ends_with_its_result(runner: Runner) -> None:
    watcher = Watcher()

    def work(job: Job) -> int:
        job.progress("Counting", 1, 2)
        job.line("one")
        return 42

    runner.start("Count", work, watcher)
    assert watcher.over.wait(5)
    assert watcher.heard == [
        ("begun", None),
        ("progress", ("Counting", 1, 2)),
        ("line", "one"),
        ("done", 42),
    ]


def test_trouble_and_bugs_are_told_apart(runner: Runner) -> None:
    troubled, buggy = Watcher(), Watcher()

    def refuse(job: Job) -> None:
        raise Refused("There is nothing to push.")

    def fail(job: Job) -> float:
        return 1 / 0

    runner.start("Push", refuse, troubled)
    runner.start("Oops", fail, buggy)
    assert troubled.over.wait(5)
    assert buggy.over.wait(5)
    assert isinstance(troubled.heard[-1][1], Refused)
    assert troubled.kinds[-1] == "trouble"
    assert buggy.kinds[-1] == "bug"
    assert isinstance(buggy.heard[-1][1], ZeroDivisionError)


def test_an_answer_reaches_the_work(runner: Runner) -> None:
    watcher = Watcher("Overwrite")
    runner.start("Push", lambda job: job.ask(Question("Overwrite?")).text, watcher)
    assert watcher.over.wait(5)
    assert watcher.heard[-1] == ("done", "Overwrite")


def test_stop_while_asking_ends_the_job_and_closes_the_question(runner: Runner) -> None:
    watcher = Watcher()
    replies: list[Reply] = []
    real = watcher.ask

    def ask(reply: Reply) -> None:
        replies.append(reply)
        real(reply)

    watcher.ask = ask  # type: ignore[method-assign]  # to keep the reply
    job = runner.start("Push", lambda job: job.ask(Question("Sure?")), watcher)
    assert watcher.asked.wait(5)
    assert not replies[0].over
    job.stop()
    assert watcher.over.wait(5)
    assert watcher.kinds[-1] == "stopped"
    assert replies[0].over


def test_a_cancelled_question_is_a_stop() -> None:
    with pytest.raises(Stopped):
        Job("Push", Silent()).ask(Question("Sure?"))


def test_stop_ends_the_process_at_once(runner: Runner) -> None:
    watcher = Watcher()
    pids: list[int] = []

    def work(job: Job) -> None:
        process.run(
            ["sh", "-c", "echo $$; exec sleep 60"],
            env=process.environment(),
            job=job,
            on_line=lambda line: pids.append(int(line)),
        )

    job = runner.start("Sleep", work, watcher)
    until(lambda: bool(pids))
    begun = time.monotonic()
    job.stop()
    assert watcher.over.wait(5)
    assert watcher.kinds[-1] == "stopped"
    assert time.monotonic() - begun < 2
    assert not living.alive(pids[0])


def test_one_lane_is_a_queue_and_lanes_run_side_by_side(runner: Runner) -> None:
    lock = threading.Lock()
    busy: dict[str, int] = {"a": 0, "b": 0}
    worst: dict[str, int] = {"a": 0, "b": 0}
    order: dict[str, list[int]] = {"a": [], "b": []}
    meeting = threading.Barrier(2, timeout=5)  # broken, unless both lanes work at once

    def work(lane: str, number: int) -> Callable[[Job], None]:
        def run(job: Job) -> None:
            with lock:
                busy[lane] += 1
                worst[lane] = max(worst[lane], busy[lane])
                order[lane].append(number)
            meeting.wait()
            with lock:
                busy[lane] -= 1

        return run

    watchers = []
    for number in range(5):
        for lane in "ab":
            watchers.append(Watcher())
            runner.start(f"{lane}{number}", work(lane, number), watchers[-1], lane=lane)
    assert all(watcher.over.wait(10) for watcher in watchers)
    assert {watcher.kinds[-1] for watcher in watchers} == {"done"}
    assert worst == {"a": 1, "b": 1}
    assert order == {"a": list(range(5)), "b": list(range(5))}


def test_a_job_that_waits_for_its_lane_can_be_stopped(runner: Runner) -> None:
    gate, first, second, third = threading.Event(), Watcher(), Watcher(), Watcher()
    runner.start("1", lambda job: gate.wait(5), first, lane="x")
    waiting = runner.start("2", lambda job: "never", second, lane="x")
    runner.start("3", lambda job: "third", third, lane="x")
    waiting.stop()
    gate.set()
    assert third.over.wait(5)
    assert second.kinds == ["stopped"]
    assert third.heard[-1] == ("done", "third")


def test_closing_stops_what_works_and_what_waits() -> None:
    runner = Runner(lambda call: call())
    working, waiting = Watcher(), Watcher()
    begun = threading.Event()

    def work(job: Job) -> None:
        begun.set()
        job.pause(60)

    runner.start("1", work, working, lane="x")
    runner.start("2", work, waiting, lane="x")
    assert begun.wait(5)
    assert runner.busy
    runner.close()
    assert working.kinds[-1] == "stopped"
    assert waiting.kinds[-1] == "stopped"
    assert not runner.busy


def test_progress_from_a_tight_loop_is_thinned_but_never_loses_the_end(runner: Runner) -> None:
    watcher = Watcher()

    def work(job: Job) -> None:
        for number in range(10_001):
            job.progress("Receiving", number, 10_000)

    runner.start("Clone", work, watcher)
    assert watcher.over.wait(10)
    reports = [with_ for what, with_ in watcher.heard if what == "progress"]
    assert len(reports) < 1_000
    assert reports[-1] == ("Receiving", 10_000, 10_000)


def test_a_callback_taken_back_is_not_called_on_stop() -> None:
    job, called = Job("x"), list[str]()
    job.on_stop(lambda: called.append("kept"))
    job.on_stop(lambda: called.append("taken back"))()
    job.stop()
    job.on_stop(lambda: called.append("late"))
    assert called == ["kept", "late"]
    with pytest.raises(Stopped):
        job.check()


def test_an_answer_carries_whether_to_remember_it() -> None:
    reply = Reply(Question("Passphrase?", secret=True, remember=True))
    reply.give("x", remember=True)
    assert reply.wait() == Answer("x", True)


def test_a_question_nobody_can_answer_says_so_in_the_job() -> None:
    class Nobody(Silent):
        def ask(self, reply: Reply) -> None:
            reply.refuse(Refused("Nobody is here."))

    job = Job("Ask", Nobody())
    with pytest.raises(Refused, match="Nobody is here"):
        job.ask(Question("Well?"))
    assert not job.stopping


def test_a_job_started_after_the_close_is_stopped_before_it_begins() -> None:
    runner = Runner(lambda call: call())
    runner.close()
    late = Watcher()
    runner.start("Late", lambda _job: 1 / 0, late)
    assert late.kinds == ["stopped"]


def test_what_a_job_says_and_ends_with_has_no_secrets_in_it(runner: Runner) -> None:
    secret = "t0ken-of-this-test"
    runner.scrubber.learn(secret)
    watcher = Watcher()

    def work(job: Job) -> None:
        job.line(f"remote: {secret}")
        job.progress(f"Pushing to https://{secret}@host", 1, 1)
        raise Refused(f"No {secret}.", f"Change {secret}.", f"git push https://{secret}@host")

    runner.start("A job", work, watcher)
    assert watcher.over.wait(10)
    trouble = watcher.heard[-1][1]
    assert isinstance(trouble, Refused)
    told = [str(watcher.heard), trouble.what, trouble.hint, trouble.detail, repr(trouble)]
    assert secret not in "".join(told)
    assert trouble.detail == "git push https://••••••@host"
    assert ("line", "remote: ••••••") in watcher.heard


def test_a_secret_answer_is_taken_out_of_what_comes_after_it(runner: Runner) -> None:
    watcher = Watcher(answer="pass-of-the-key")

    def work(job: Job) -> None:
        told = job.ask(Question("Passphrase?", secret=True)).text
        assert told == "pass-of-the-key"
        job.line(f"got {told}")
        shown = job.ask(Question("Name?")).text
        job.line(f"{shown}-and-more")

    runner.start("A job", work, watcher)
    assert watcher.over.wait(10)
    assert [told for what, told in watcher.heard if what == "line"] == [
        "got ••••••",
        "••••••-and-more",
    ]
