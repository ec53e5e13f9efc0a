"""A lasting connection to one tmux server, over which it is asked without starting processes."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.tmux.protocol import Answer, Notice, Overflow, Reader, quoted
from aiops_desktop.adapters.tmux.stale import owned
from aiops_desktop.adapters.tmux.told import trouble
from aiops_desktop.domain.trouble import Failed, Missing

_log = logging.getLogger(__name__)

#: Seconds an answer may take; a server that needs longer is stopped or in trouble.
TIMEOUT = 5.0
#: Seconds the client has to go when its input is closed.
GRACE = 1.0


class _Asked:
    """A command whose answer is awaited."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: Answer | None = None

    def settle(self, answer: Answer | None) -> None:
        self.answer = answer
        self.done.set()


class Control:
    """A client in control mode; it sees the server, and nobody sees it.

    Made from any thread, asked from any thread. It reads in a thread of its own, in which
    `on_notice` is called too. Once it is not `alive` any more it stays so: make another one.
    """

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        on_notice: Callable[[Notice], None] = lambda _notice: None,
    ) -> None:
        """Connect.

        Args:
            argv: the client, such as `Tmux.control_argv` gives it.
            env: its whole environment.
            on_notice: told of each notification; "exit" is the last, also when the client died.

        Raises:
            Missing: there is no tmux, or nothing to attach to.
            Failed: the server does not answer.
        """
        self._on_notice = on_notice
        self._lock = threading.Lock()
        self._asked: deque[_Asked] = deque()
        self._ended = False
        self._said = b""
        self._process = process.converse(argv, env={**env, **owned()}, cwd=Path("/"))
        self._first = _Asked()  # the block that answers the attaching itself
        self._thread = threading.Thread(target=self._read, name="tmux-control", daemon=True)
        self._thread.start()
        if not self._first.done.wait(TIMEOUT) or self._first.answer is None:
            self.close()
            raise trouble(self._said.decode("utf-8", "replace"), argv)
        if not self._first.answer.ok:
            self.close()
            raise trouble("\n".join(self._first.answer.lines), argv)

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not self._ended

    def ask(self, words: Sequence[str], timeout: float = TIMEOUT) -> tuple[str, ...]:
        """The lines a command prints.

        Raises:
            Trouble: as tmux said no; Missing when the connection has ended.
        """
        return self.ask_all([words], timeout)[0]

    def ask_all(
        self, commands: Sequence[Sequence[str]], timeout: float = TIMEOUT
    ) -> list[tuple[str, ...]]:
        """The same for several commands, sent at once and answered in one go."""
        waiting = [_Asked() for _ in commands]
        line = b"".join(quoted(list(words)) for words in commands)
        with self._lock:
            if self._ended:
                raise _over()
            self._asked.extend(waiting)
            self._write(line)
        until = time.monotonic() + timeout
        answers = []
        for asked, words in zip(waiting, commands, strict=True):
            if not asked.done.wait(max(0.0, until - time.monotonic())):
                self.close()
                raise Failed(
                    "tmux does not answer.",
                    "Its server may be stopped or very busy; it is asked again in a moment.",
                    process.shown(words),
                )
            answers.append(_lines(asked.answer, words))
        return answers

    def close(self) -> None:
        """Detach; the server and its sessions go on. Waits until nothing is left of the client."""
        with self._lock:
            self._ended = True
            if self._process.stdin:
                with contextlib.suppress(OSError):
                    self._process.stdin.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(GRACE)
        process.end_group(self._process, grace=GRACE)
        if threading.current_thread() is not self._thread:
            self._thread.join(GRACE)

    # How --------------------------------------------------------------------------------------

    def _write(self, line: bytes) -> None:
        """A few short lines always fit into the pipe, so this does not wait."""
        stdin = self._process.stdin
        if stdin is None:
            raise _over()
        try:
            stdin.write(line)
            stdin.flush()
        except (OSError, ValueError) as error:
            self._ended = True
            raise _over() from error

    def _read(self) -> None:
        reader = Reader()
        pipe = self._process.stdout
        try:
            while pipe is not None and (data := os.read(pipe.fileno(), 1 << 16)):
                for told in reader.feed(data):
                    self._take(told)
        except Overflow:
            _log.warning("tmux sent more than any answer can be; connecting anew")
        except (OSError, ValueError):  # closed under us
            pass
        self._over()

    def _take(self, told: Answer | Notice) -> None:
        if isinstance(told, Notice):
            if told.name != "exit":  # said once, when the stream has ended
                self._tell(told)
        elif not self._first.done.is_set():
            self._first.settle(told)
        elif told.ours:
            with self._lock:
                asked = self._asked.popleft() if self._asked else None
            if asked is not None:
                asked.settle(told)

    def _tell(self, notice: Notice) -> None:
        try:
            self._on_notice(notice)
        except Exception:  # a listener's fault must not end the reading
            _log.exception("a listener of tmux failed")

    def _over(self) -> None:
        stderr = self._process.stderr
        with contextlib.suppress(OSError, ValueError):
            self._said = stderr.read(4096) if stderr else b""
        with self._lock:
            self._ended = True
            left, self._asked = self._asked, deque()
        self._first.settle(self._first.answer)
        for asked in left:
            asked.settle(None)
        process.end_group(self._process, grace=GRACE)
        for pipe in (self._process.stdin, self._process.stdout, stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._tell(Notice("exit", ""))


def _lines(answer: Answer | None, words: Sequence[str]) -> tuple[str, ...]:
    if answer is None:
        raise _over()
    if not answer.ok:
        raise trouble("\n".join(answer.lines), words)
    return answer.lines


def _over() -> Missing:
    return Missing("The connection to tmux has ended.", "It is made again in a moment.")
