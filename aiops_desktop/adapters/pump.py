"""Moves bytes between us and a program, and cuts what it says into lines."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from aiops_desktop.domain.trouble import Stopped
from aiops_desktop.jobs.job import Job

if TYPE_CHECKING:
    from aiops_desktop.adapters.process import Program

#: Bytes of each stream kept of a command whose output is only looked at when it fails.
TAIL = 64 * 1024
#: Seconds between asking a process group to end and making it end.
GRACE = 3.0


class TookTooLong(Exception):
    """`how` says what took too long, as the rest of a sentence."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class Gather:
    """Keeps a stream's bytes and cuts it into lines on the way."""

    _END = re.compile(rb"\r\n|\n|\r")

    def __init__(self, on_line: Callable[[str], None] | None, keep: int | None) -> None:
        """`on_line` gets each line; `keep` is how many bytes from the end stay, None for all."""
        self._on_line = on_line
        self._keep = keep
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._rest = b""

    def add(self, data: bytes) -> None:
        """Take what came."""
        self._parts.append(data)
        self._size += len(data)
        while (
            self._keep is not None
            and len(self._parts) > 1
            and self._size - len(self._parts[0]) >= self._keep
        ):
            self._size -= len(self._parts.popleft())
        if self._on_line:
            *lines, self._rest = self._END.split(self._rest + data)
            for line in lines:
                self._on_line(line.decode("utf-8", "replace"))

    def finish(self) -> bytes:
        """What was kept; a last line without an end is told, too."""
        if self._rest and self._on_line:
            self._on_line(self._rest.decode("utf-8", "replace"))
            self._rest = b""
        return b"".join(self._parts)

    def text_tail(self) -> str:
        """The end of it, for a message."""
        return b"".join(self._parts)[-TAIL:].decode("utf-8", "replace")


def pump(
    process: Program,
    sinks: Mapping[object, Gather],
    stdin: bytes,
    begun: float,
    timeout: float | None,
    idle_timeout: float | None,
    job: Job | None,
) -> None:
    """Move bytes until both streams have ended."""
    last = time.monotonic()
    with selectors.DefaultSelector() as chooser:
        for pipe in sinks:
            os.set_blocking(pipe.fileno(), False)  # type: ignore[attr-defined] # both are pipes
            chooser.register(pipe, selectors.EVENT_READ)  # type: ignore[arg-type] # both are pipes
        feed = memoryview(stdin)
        if process.stdin:
            if feed:
                os.set_blocking(process.stdin.fileno(), False)
                chooser.register(process.stdin, selectors.EVENT_WRITE)
            else:
                process.stdin.close()
        exited: float | None = None
        while any(key.fileobj in sinks for key in chooser.get_map().values()):
            for key, _ in chooser.select(0.2):
                if key.fileobj is process.stdin:
                    feed = _feed(process, feed, chooser)
                    continue
                data = os.read(key.fd, 1 << 16)
                last = time.monotonic()
                if data:
                    sinks[key.fileobj].add(data)
                else:
                    chooser.unregister(key.fileobj)
            now = time.monotonic()
            if job and job.stopping and now - last > GRACE:
                raise Stopped  # it ignores SIGTERM; the caller's end_group makes it end
            if timeout is not None and now - begun > timeout:
                raise TookTooLong(f"took longer than {timeout:g} s")
            if idle_timeout is not None and now - last > idle_timeout:
                raise TookTooLong(f"said nothing for {idle_timeout:g} s")
            # A grandchild that keeps the pipe open does not keep us.
            if process.poll() is not None:
                exited = exited or now
                if now - max(exited, last) > 1.0:
                    return


def _feed(process: Program, feed: memoryview, chooser: selectors.BaseSelector) -> memoryview:
    pipe = process.stdin
    if pipe is None:
        return feed
    try:
        feed = feed[os.write(pipe.fileno(), feed[: 1 << 16]) :]
    except BlockingIOError:
        return feed
    except BrokenPipeError:
        feed = feed[:0]
    if not feed:
        chooser.unregister(pipe)
        with contextlib.suppress(OSError):
            pipe.close()
    return feed
