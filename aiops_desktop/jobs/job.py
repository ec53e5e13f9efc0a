"""A Job is the string between work that runs elsewhere and the person who waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiops_desktop.domain.scrubber import Scrubber
from aiops_desktop.domain.trouble import Stopped, Trouble


@dataclass(frozen=True, slots=True)
class Question:
    """Something a job must know before it can go on.

    Attributes:
        text: the whole question.
        detail: what stands under it, smaller.
        choices: the answers to choose from; empty: free text.
        secret: the answer is a passphrase or token: hide it, never log it.
        remember: offer "Remember it"; the answer then comes with `Answer.remember`.
        session: offer to keep it until the program ends or locks; comes with `Answer.session`.
    """

    text: str
    detail: str = ""
    choices: tuple[str, ...] = ()
    secret: bool = False
    remember: bool = False
    session: bool = False


@dataclass(frozen=True, slots=True)
class HostQuestion(Question):
    """An SSH host nobody of this tenant has met; the answer is "trust" or the job is stopped.

    Attributes:
        host: as the remote names it.
        port: TCP port.
        address: the IP address that answered.
        key_type: such as "ssh-ed25519".
        fingerprint: "SHA256:…" as ssh-keygen -l prints it.
        tenant: the name of the tenant who would trust it.
        randomart: the picture `ssh-keygen -lv` draws of the key.
    """

    host: str = ""
    port: int = 22
    address: str = ""
    key_type: str = ""
    fingerprint: str = ""
    tenant: str = ""
    randomart: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person answered."""

    text: str
    remember: bool = False
    session: bool = False


class Ear(Protocol):
    """Who listens to a job. Every call may come from the worker's thread."""

    def progress(self, message: str, done: int, total: int) -> None:
        """`done` of `total`; `total` 0 means that the end is not known."""

    def line(self, text: str) -> None:
        """One line of output, without its line end."""

    def ask(self, reply: Reply) -> None:
        """A question; answer with `reply.give` from any thread."""


class Silent:
    """An ear for work nobody watches: questions end the job."""

    def progress(self, message: str, done: int, total: int) -> None:
        """Nobody looks."""

    def line(self, text: str) -> None:
        """Nobody reads."""

    def ask(self, reply: Reply) -> None:
        """Nobody answers."""
        reply.cancel()


class Job:
    """One piece of work one waits for. The work talks through it; the watcher stops it.

    `scrubber` takes secrets out of all that it says, and learns those that a person answers.
    """

    #: Seconds between two progress reports; a clone reports 100,000 times.
    PAUSE = 0.05

    def __init__(
        self, title: str, ear: Ear | None = None, scrubber: Scrubber | None = None
    ) -> None:
        self.title = title
        self._ear: Ear = ear or Silent()
        self._scrubber = scrubber or Scrubber()
        self._stop = threading.Event()
        self._lock = threading.Lock()  # a stop and an on_stop may come at the same moment
        self._on_stop: list[Callable[[], None]] = []
        self._last = ("", 0.0)

    # For the work ----------------------------------------------------------------------------

    def progress(self, message: str, done: int = 0, total: int = 0) -> None:
        """Say how far the work is; throttled, so it may be called from a tight loop.

        Raises:
            Stopped: the person pressed Stop.
        """
        self.check()
        now = time.monotonic()
        if message == self._last[0] and now - self._last[1] < self.PAUSE and done != total:
            return
        self._last = (message, now)
        self._ear.progress(self._scrubber.scrub(message), done, total)

    def line(self, text: str) -> None:
        """Hand on one line of output."""
        self._ear.line(self._scrubber.scrub(text))

    def ask(self, question: Question) -> Answer:
        """Wait for the person's answer; blocks this worker only.

        Raises:
            Stopped: the person stopped the job or cancelled the question.
            Trouble: nobody is there who could answer; says so.
        """
        self.check()
        reply = Reply(question)
        self.on_stop(reply.cancel)
        self._ear.ask(reply)
        answer = reply.wait()
        if question.secret:
            self._scrubber.learn(answer.text)
        return answer

    def check(self) -> None:
        """Raise Stopped when the person pressed Stop."""
        if self._stop.is_set():
            raise Stopped

    def pause(self, seconds: float) -> None:
        """Sleep, but wake at once and raise Stopped when the person presses Stop."""
        if self._stop.wait(seconds):
            raise Stopped

    def on_stop(self, callback: Callable[[], None]) -> Callable[[], None]:
        """What to do at once when Stop is pressed (end the process, shut the socket).

        Returns:
            A call that takes the callback back, for when the thing it would stop is over.
        """
        with self._lock:
            if not self._stop.is_set():
                self._on_stop.append(callback)
                return lambda: self._forget(callback)
        callback()
        return lambda: None

    def _forget(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if callback in self._on_stop:
                self._on_stop.remove(callback)

    # For the watcher -------------------------------------------------------------------------

    @property
    def stopping(self) -> bool:
        """Whether Stop was pressed."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Press Stop. Returns at once; the work ends when it notices."""
        with self._lock:
            self._stop.set()
            callbacks, self._on_stop = self._on_stop, []
        for callback in callbacks:
            callback()


class Reply:
    """A question on its way to the person and back."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self._done = threading.Event()
        self._answer: Answer | None = None
        self._trouble: Trouble | None = None

    def give(self, text: str, *, remember: bool = False, session: bool = False) -> None:
        """Answer."""
        self._answer = Answer(text, remember, session)
        self._done.set()

    def refuse(self, trouble: Trouble) -> None:
        """Nobody can answer here: the question raises this in the job."""
        self._trouble = trouble
        self._done.set()

    def cancel(self) -> None:
        """Do not answer: the job ends as if Stop had been pressed."""
        self._done.set()

    @property
    def over(self) -> bool:
        """Answered or cancelled, so that a dialog for it can close."""
        return self._done.is_set()

    def wait(self) -> Answer:
        """Block until there is an answer.

        Raises:
            Stopped: there will be none.
            Trouble: why there cannot be one.
        """
        self._done.wait()
        if self._trouble is not None:
            raise self._trouble
        if self._answer is None:
            raise Stopped
        return self._answer
