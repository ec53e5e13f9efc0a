"""Who listens to a job in a test: keeps what was said and answers as told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aiops_desktop.jobs.job import HostQuestion, Job, Question, Reply


class Listener:
    """Answers questions in order; what runs out of answers is cancelled.

    Host questions are answered with "trust" unless `trusting` is False, and take no answer away.
    """

    def __init__(
        self, answers: Sequence[str] = (), *, remember: bool = False, trusting: bool = True
    ) -> None:
        self.answers = list(answers)
        self.remember = remember
        self.trusting = trusting
        self.asked: list[Question] = []
        self.lines: list[str] = []
        self.told: list[tuple[str, int, int]] = []
        self.on_progress: Callable[[str, int, int], None] = lambda _m, _d, _t: None

    def progress(self, message: str, done: int, total: int) -> None:
        self.told.append((message, done, total))
        self.on_progress(message, done, total)

    def line(self, text: str) -> None:
        self.lines.append(text)

    def ask(self, reply: Reply) -> None:
        self.asked.append(reply.question)
        if isinstance(reply.question, HostQuestion):
            if self.trusting:
                reply.give("trust")
            else:
                reply.cancel()
        elif self.answers:
            reply.give(self.answers.pop(0), remember=self.remember)
        else:
            reply.cancel()

    def job(self, title: str = "Test") -> Job:
        """A job this listens to."""
        return Job(title, self)

    @property
    def phases(self) -> list[str]:
        """The messages of the progress, each once, in order."""
        return list(dict.fromkeys(message for message, _, _ in self.told))
