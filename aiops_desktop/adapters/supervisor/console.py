"""What whoever attaches to a run's tmux window reads; it must never hold the run up."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from importlib import import_module

#: Bytes waiting for a terminal that does not take them (Ctrl-S); more is dropped.
PENDING = 1 << 18
#: Named, not imported: other adapters are supervised, too, and must not come to know this one.
_READERS = "aiops_desktop.adapters.assistants"
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")


class Console:
    """Standard output as a courtesy: closed, broken or stuck, the work goes on."""

    def __init__(self, reader: str) -> None:
        self._reader = reader
        self._readable: Callable[[str, str, float], list[str]] | None = None
        self._pending = b""
        try:
            os.set_blocking(1, False)
            self._open = True
        except OSError:
            self._open = False

    def show(self, line: str, stream: str, at: float) -> None:
        """One line of the tool's output, made readable."""
        if not self._open:
            return
        if self._reader == "plain":
            self.say(line, keep_colours=True)
            return
        if self._readable is None:
            self._readable = import_module(_READERS).readable(self._reader)
        for text in self._readable(line, stream, at):
            self.say(text)

    def say(self, text: str, *, keep_colours: bool = False) -> None:
        """One line."""
        if not keep_colours:
            text = _CONTROL.sub("", text)
        if len(self._pending) < PENDING:
            self._pending += text.encode("utf-8", "replace") + b"\r\n"
        self._flush()

    def close(self) -> None:
        """Write what can still be written."""
        self._flush()
        with contextlib.suppress(OSError):
            os.set_blocking(1, True)

    def _flush(self) -> None:
        while self._open and self._pending:
            try:
                self._pending = self._pending[os.write(1, self._pending[:65536]) :]
            except BlockingIOError:
                return
            except OSError:
                self._open = False
