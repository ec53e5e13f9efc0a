"""The supervisor process itself: starts one tool, keeps its output, ends its whole tree."""

from __future__ import annotations

import json
import os
import selectors
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import IO

from aiops_desktop.adapters import living, process
from aiops_desktop.adapters.supervisor.console import Console
from aiops_desktop.adapters.supervisor.folder import (
    EVENTS,
    EXIT,
    JOB,
    LINE_MAX,
    RECORD,
    STOP,
    write_atomically,
)
from aiops_desktop.adapters.supervisor.tree import Ending, adopt_orphans, reap
from aiops_desktop.domain.trouble import Trouble

#: Seconds between two looks at the stop file and at the tool.
TICK = 0.1
#: Seconds without output after which pipes that a left-over process still holds are given up.
DRAIN = 0.5


def serve(folder: Path) -> int:
    """Run what `prepare` wrote into the folder, to its end; 0 when the end was written down."""
    try:
        job = json.loads((folder / JOB).read_bytes())
        return _Supervisor(folder, job).run()
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"There is nothing to run in {folder}: {error}", file=sys.stderr)
        return 2


class _Supervisor:
    def __init__(self, folder: Path, job: dict[str, object]) -> None:
        self._folder = folder
        self._job = job
        self._grace = float(str(job.get("grace", 3.0)))
        self._clock = max(0.0, time.time() - float(str(job["epoch"]))) - time.monotonic()
        self._begun = time.monotonic()
        self._asked_by_signal = False
        self._error = ""
        self._console = Console(str(job.get("reader") or "plain"))
        self._pid = os.getpid()

    def run(self) -> int:
        if not self._claim():
            return 3
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._on_signal)
        adopt_orphans()
        with self._open_events() as events:
            self._events = events
            self._write([("sup", "begin")])
            if self._stop_wanted():
                self._finish(None, stopped=True)
                return 0
            try:
                tool = self._start()
            except Trouble as trouble:
                self._error = str(trouble)
                self._console.say(self._error)
                self._finish(None, stopped=False)
                return 0
            stopped = self._attend(tool)
            self._finish(tool, stopped=stopped)
        return 0

    # Beginning and end ------------------------------------------------------------------------

    def _claim(self) -> bool:
        """Be the one supervisor of this folder."""
        record = self._folder / RECORD
        try:
            record.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            print("This is supervised already.", file=sys.stderr)
            return False
        self._born = living.birth(self._pid)
        write_atomically(record, {"pid": self._pid, "born": self._born})
        return True

    def _open_events(self) -> IO[bytes]:
        path = self._folder / EVENTS
        path.touch(mode=0o600)
        sink = path.open("ab+", buffering=0)
        if sink.seek(0, os.SEEK_END):
            sink.seek(-1, os.SEEK_END)
            if sink.read(1) != b"\n":
                sink.write(b"\n")  # a killed predecessor left half a line
        return sink

    def _start(self) -> process.Program:
        job = self._job
        argv, env, source = job["argv"], job["env"], job.get("stdin_file")
        if not isinstance(argv, list) or not isinstance(env, dict):
            raise TypeError("its job file is not whole")
        tool = process.pipe(
            argv,
            env=env,
            cwd=Path(str(job["cwd"])),
            stdin=Path(str(source)) if source else None,
        )
        write_atomically(
            self._folder / RECORD,
            {
                "pid": self._pid,
                "born": self._born,
                "child": tool.pid,
                "child_born": living.birth(tool.pid),
            },
        )
        # Its secrets need not lie on disk any longer.
        write_atomically(self._folder / JOB, {**job, "env": dict.fromkeys(env, "")})
        return tool

    def _finish(self, tool: process.Program | None, *, stopped: bool) -> None:
        code = tool.returncode if tool else None
        self._console.close()
        write_atomically(
            self._folder / EXIT,
            {
                "code": code if code is not None and code >= 0 else None,
                "signal": -code if code is not None and code < 0 else None,
                "stopped": stopped,
                "asked": (self._folder / STOP).exists(),
                "seconds": round(time.monotonic() - self._begun, 3),
                "error": self._error,
                "ended": time.time(),
            },
        )

    # While it runs ----------------------------------------------------------------------------

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._asked_by_signal = True

    def _stop_wanted(self) -> bool:
        return self._asked_by_signal or (self._folder / STOP).exists()

    def _attend(self, tool: process.Program) -> bool:
        """Keep the output until the tool has ended; whether we ended it."""
        ending: Ending | None = None
        over: float | None = None
        with selectors.DefaultSelector() as chooser:
            for name, pipe in (("out", tool.stdout), ("err", tool.stderr)):
                if pipe:
                    os.set_blocking(pipe.fileno(), False)
                    chooser.register(pipe, selectors.EVENT_READ, _Lines(name))
            last = time.monotonic()
            while True:
                if self._pump(chooser):
                    last = time.monotonic()
                now = time.monotonic()
                reap(tool.pid)
                if tool.poll() is not None and over is None:
                    over = now
                    if ending is None and not self._stop_wanted():
                        ending = self._normal_end(tool)
                if ending is None and self._stop_wanted():
                    ending = Ending(self._pid, tool, self._first_signal(), self._grace)
                finished = ending.step(now) if ending else over is not None
                quiet = not chooser.get_map() or now - last > DRAIN
                if finished and over is not None and quiet:
                    for key in list(chooser.get_map().values()):
                        self._write(key.data.end())
                    return ending is not None and ending.stops

    def _normal_end(self, tool: process.Program) -> Ending | None:
        if self._job.get("keep_children"):
            return None
        return Ending(self._pid, tool, None, self._grace)

    def _first_signal(self) -> int:
        return signal.SIGTERM if self._job.get("stop_signal") == "TERM" else signal.SIGINT

    def _pump(self, chooser: selectors.BaseSelector) -> bool:
        if not chooser.get_map():
            time.sleep(TICK / 4)
            return False
        some = False
        for key, _mask in chooser.select(TICK):
            try:
                data = os.read(key.fd, 1 << 18)
            except BlockingIOError:
                continue
            some = True
            if data:
                self._write(key.data.add(data))
            else:
                self._write(key.data.end())
                chooser.unregister(key.fileobj)
        return some

    def _write(self, lines: list[tuple[str, str]]) -> None:
        if not lines:
            return
        at = round(self._clock + time.monotonic(), 3)
        text = "".join(
            json.dumps({"t": at, "s": stream, "l": line}, ensure_ascii=False) + "\n"
            for stream, line in lines
        )
        try:
            self._events.write(text.encode("utf-8", "replace"))
        except OSError as error:  # a full disk shall not end the tool's work
            self._error = f"Its output could not be kept: {error.strerror}."
        for stream, line in lines:
            if stream != "sup":
                self._console.show(line, stream, at)


class _Lines:
    """Cuts a stream into lines; what is too long for one is cut off."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._rest = b""
        self._skipping = False

    def add(self, data: bytes) -> list[tuple[str, str]]:
        *whole, rest = data.split(b"\n")
        made = []
        for part in whole:
            if not self._skipping:
                made.append((self._stream, _decoded(self._rest + part)))
            self._rest, self._skipping = b"", False
        if not self._skipping:
            self._rest += rest
            if len(self._rest) > LINE_MAX:
                made.append((self._stream, _decoded(self._rest)))
                self._rest, self._skipping = b"", True
        return made

    def end(self) -> list[tuple[str, str]]:
        made = [(self._stream, _decoded(self._rest))] if self._rest else []
        self._rest, self._skipping = b"", False
        return made


def _decoded(raw: bytes) -> str:
    return raw[:LINE_MAX].removesuffix(b"\r").decode("utf-8", "replace")
