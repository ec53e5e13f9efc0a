"""Answers ssh and git when they ask for a secret, through two pipes only this account can open.

ssh and git can only start a program that prints the answer. Ours is three lines of shell that
write the question into one named pipe and print what comes out of another: the secret is never in
an argument, an environment variable or a file. What ssh only wants to be shown (SSH_ASKPASS_PROMPT
is "none": touch the security key) it shows until ssh ends the program.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from aiops_desktop.adapters import process
from aiops_desktop.adapters.scratch import clean_up, make

_HELPER = """#!/bin/sh
if [ "$SSH_ASKPASS_PROMPT" = none ]; then
    printf '\\001%s' "$1" > {question}
    exec sleep 600
fi
printf '%s' "$1" > {question}
exec cat {answer}
"""


class Askpass:
    """A private folder with the helper in it, and the thread that answers; used by `with`.

    `answer` gets the question as ssh or git wrote it and gives the secret. Whatever it raises is
    kept in `error`, and `refuse` is called so that the asking program can be ended. `told` gets
    what is only to be shown.
    """

    def __init__(
        self,
        answer: Callable[[str], str],
        refuse: Callable[[], None],
        told: Callable[[str], object] = lambda _text: None,
    ) -> None:
        self._answer = answer
        self._told = told
        self._refuse = refuse
        self._over = threading.Event()
        self._asking = threading.Event()
        self.error: BaseException | None = None
        self.folder = Path()
        self._thread = threading.Thread(target=self._serve, name="askpass", daemon=True)

    def __enter__(self) -> Askpass:
        clean_up()
        self.folder = make()
        for name in ("question", "answer"):
            os.mkfifo(self.folder / name, 0o600)
        self.program.touch(0o700)
        self.program.write_text(
            _HELPER.format(
                question=shlex.quote(str(self.folder / "question")),
                answer=shlex.quote(str(self.folder / "answer")),
            )
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(2)  # it may still wait for the person; it is a daemon
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def program(self) -> Path:
        """For GIT_ASKPASS and SSH_ASKPASS."""
        return self.folder / "askpass"

    @property
    def asking(self) -> bool:
        """Whether the person is being asked just now: nobody may lose patience meanwhile."""
        return self._asking.is_set()

    def _serve(self) -> None:
        # Opened for both ways, the pipe never reports an end between two questions.
        pipe = os.open(self.folder / "question", os.O_RDWR | os.O_NONBLOCK)
        try:
            while not self._over.is_set():
                if not process.readable(pipe, 0.1):
                    continue
                question = os.read(pipe, 4096).decode("utf-8", "replace").strip()
                if question.startswith("\1"):
                    self._told(question[1:])
                elif question and not self._reply(question):
                    return
        finally:
            os.close(pipe)

    def _reply(self, question: str) -> bool:
        self._asking.set()
        try:
            secret = self._answer(question)
        except BaseException as error:  # handed on by the one who waits
            self.error = error
            self._refuse()
            return False
        finally:
            self._asking.clear()
        return self._write(secret.encode() + b"\n")

    def _write(self, data: bytes) -> bool:
        while not self._over.is_set():
            try:
                pipe = os.open(self.folder / "answer", os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # the helper has not come to reading yet
                self._over.wait(0.01)
                continue
            with contextlib.suppress(OSError):
                os.write(pipe, data)
            os.close(pipe)
            return True
        return False
