"""The folder of a supervised process: what the program writes for it, and reads from it.

| file | written by | holds |
|---|---|---|
| `job.json` | the program | what to run; 0600, the environment is taken out once it has started |
| `supervisor.json` | the supervisor, first | its pid and birth, and those of the tool |
| `events.jsonl` | the supervisor | one line each: `{"t": seconds, "s": stream, "l": text}` |
| `stop` | the program | a person asked for the end |
| `exit.json` | the supervisor, last | how it ended; atomic, so it is there whole or not at all |
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from aiops_desktop.adapters import living, process
from aiops_desktop.jobs import pace

JOB, RECORD, EVENTS, STOP, EXIT = (
    "job.json",
    "supervisor.json",
    "events.jsonl",
    "stop",
    "exit.json",
)
#: Bytes of one line of output that are kept; the rest of a longer line is dropped.
LINE_MAX = 1 << 20
#: Bytes of the event file read at once, more than the longest line can take when written as JSON.
CHUNK = 8 << 20
#: Lines of it decoded at once.
BATCH = 500
#: Seconds within which a prepared supervisor is expected to show itself.
START_LIMIT = 20.0

StopSignal = Literal["INT", "TERM"]
Reader = Literal["codex", "aider", "demo", "plain"]


class Line(NamedTuple):
    """A line of output.

    Attributes:
        seconds: since the first start of this folder.
        stream: "out", "err", or "sup" for the supervisor's own words ("begin" at each start).
        text: the line without its end.
    """

    seconds: float
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Exit:
    """How a supervised process ended.

    Attributes:
        code: its exit code; None when it was ended by a signal or never started.
        signal: the number of the signal that ended it, else None.
        stopped: the supervisor ended it, because it was asked to or got a signal itself.
        asked: a person asked (`request_stop`); with `stopped` and not `asked` its window was closed
            or the computer shut down.
        seconds: how long it ran.
        error: why it could not be started, as a sentence.
        ended: when, in seconds since the epoch.
    """

    code: int | None
    signal: int | None = None
    stopped: bool = False
    asked: bool = False
    seconds: float = 0.0
    error: str = ""
    ended: float = 0.0


def prepare(
    folder: Path,
    argv: Sequence[str],
    cwd: Path,
    env: Mapping[str, str],
    *,
    stop_signal: StopSignal = "INT",
    grace: float = 3.0,
    stdin_file: Path | None = None,
    reader: Reader = "plain",
    keep_children: bool | None = None,
) -> None:
    """Write down what the supervisor of this folder shall run; it may have run something before.

    Args:
        folder: made when it is not there (0700).
        argv: the program and its arguments; never a secret among them.
        cwd: its working directory; PWD is set to it.
        env: its whole environment. It lies in a 0600 file until the program has started.
        stop_signal: the first signal to the program on Stop.
        grace: seconds from that signal to SIGTERM for the whole tree, and again to SIGKILL.
        stdin_file: what it reads from standard input; None: nothing.
        reader: how its output is made readable for whoever attaches to the window.
        keep_children: processes it leaves behind at a normal end go on; None: only for "plain",
            because a playbook may start a service. On Stop nothing is ever left.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    epoch = _number(_read(folder / JOB).get("epoch")) or time.time()
    for name in (STOP, EXIT, RECORD):
        (folder / name).unlink(missing_ok=True)
    write_atomically(
        folder / JOB,
        {
            "argv": list(argv),
            "cwd": str(cwd),
            "env": {**env, "PWD": str(cwd)},
            "stop_signal": stop_signal,
            "grace": grace,
            "stdin_file": str(stdin_file) if stdin_file else "",
            "reader": reader,
            "keep_children": reader == "plain" if keep_children is None else keep_children,
            "epoch": epoch,
            "prepared": time.time(),
        },
    )


def command(folder: Path) -> list[str]:
    """The command that runs the supervisor of a folder, in tmux or detached.

    From source it is started without this program's main module, because that is quicker, and with
    -P, so that nothing in the working directory is taken for a module.
    """
    if getattr(sys, "frozen", False):
        return [*process.interpreter(), "supervise", str(folder)]
    return [sys.executable, "-P", "-m", "aiops_desktop.adapters.supervisor", str(folder)]


def start(folder: Path) -> int:
    """Run the supervisor of a prepared folder as a process of its own, without tmux; its pid."""
    log = folder / "supervisor.log"
    return process.start_detached(command(folder), env=process.environment(), cwd=folder, log=log)


def read_events(folder: Path, offset: int = 0, limit: int = CHUNK) -> tuple[list[Line], int]:
    """The lines behind `offset` bytes of the event file, and the offset to go on from.

    About `limit` bytes are read, so a caller who wants all calls until the offset stays. Half
    lines are left for the next call; what is no event is passed over.
    """
    try:
        with (folder / EVENTS).open("rb") as source:
            if offset > os.fstat(source.fileno()).st_size:
                offset = 0  # another file than the one the offset belongs to
            source.seek(offset)
            data = source.read(limit)
            if b"\n" not in data:
                data += source.read(CHUNK - limit)
    except OSError:
        return [], offset
    whole = data.rfind(b"\n") + 1
    if not whole:
        return [], offset + (len(data) if len(data) == CHUNK else 0)
    return _lines(data[:whole]), offset + whole


def read_exit(folder: Path) -> Exit | None:
    """How it ended; None when it has not, or when nobody could write it down."""
    found = _read(folder / EXIT)
    if not found:
        return None
    code, number = found.get("code"), found.get("signal")
    return Exit(
        code if isinstance(code, int) else None,
        number if isinstance(number, int) else None,
        found.get("stopped") is True,
        found.get("asked") is True,
        _number(found.get("seconds")),
        str(found.get("error") or ""),
        _number(found.get("ended")),
    )


def is_alive(folder: Path) -> bool:
    """Whether the supervisor of this folder runs (the very process, not just its number).

    One that has written its last word counts as ended, though its process may take a moment more.
    """
    if (folder / EXIT).exists():
        return False
    return _living(_read(folder / RECORD), "pid", "born") is not None


def is_prepared(folder: Path) -> bool:
    """Whether there is something to run in this folder."""
    return (folder / JOB).exists()


def is_starting(folder: Path) -> bool:
    """Whether it was prepared just now and has not shown itself yet."""
    # The record is claimed empty and filled a moment later; that moment still counts as starting.
    if _read(folder / RECORD) or (folder / EXIT).exists():
        return False
    prepared = _number(_read(folder / JOB).get("prepared"))
    return 0 <= time.time() - prepared < START_LIMIT


def is_gone(folder: Path) -> bool:
    """Whether it has vanished without a word: not starting, not alive, and no record of its end.

    The order matters, because it may go from one to the next while we look.
    """
    return not is_starting(folder) and not is_alive(folder) and read_exit(folder) is None


def request_stop(folder: Path) -> None:
    """Ask for the end of the whole process tree; returns at once, `wait` tells when it is done."""
    if not folder.is_dir():
        return
    (folder / STOP).touch(mode=0o600)
    pid = _living(_read(folder / RECORD), "pid", "born")
    if pid is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGTERM)


def wait(folder: Path, timeout: float) -> Exit | None:
    """Wait for the end, at most `timeout` seconds; None when it has not come by then."""
    deadline = time.monotonic() + timeout
    while (found := read_exit(folder)) is None and time.monotonic() < deadline:
        if is_gone(folder):
            return None
        time.sleep(0.03)
    return found


def sweep(folder: Path) -> bool:
    """End what a killed supervisor left running; whether there was something."""
    if is_alive(folder):
        return False
    pid = _living(_read(folder / RECORD), "child", "child_born")
    if pid is None:
        return False
    living.end_tree(pid)
    return True


def write_atomically(path: Path, data: Mapping[str, object]) -> None:
    """Write a small JSON file (0600) so that a reader sees all of it or nothing."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sink:  # noqa: PTH123 - a file descriptor
        json.dump(data, sink)
        sink.flush()
        os.fsync(sink.fileno())
    part.replace(path)


def _read(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _lines(data: bytes) -> list[Line]:
    """The events among whole lines; decoded a batch at a time, as a call for each takes thrice."""
    rows = data.split(b"\n")
    made: list[Line] = []
    for start in range(0, len(rows), BATCH):
        pace.breathe()
        batch = [row for row in rows[start : start + BATCH] if row]
        made += filter(None, map(_line, _decoded(batch)))
    return made


def _decoded(batch: Sequence[bytes]) -> list[object]:
    with contextlib.suppress(ValueError):
        found = json.loads(b"[" + b",".join(batch) + b"]")
        if len(found) == len(batch):
            return list(found)
    return [_alone(row) for row in batch]  # one of them is damaged: each by itself


def _alone(row: bytes) -> object:
    try:
        return json.loads(row)
    except ValueError:
        return None


def _line(found: object) -> Line | None:
    if not isinstance(found, dict):
        return None
    text, seconds = found.get("l"), found.get("t")
    if not isinstance(text, str):
        return None
    if type(seconds) is not float:
        seconds = _number(seconds)
    return Line(seconds, str(found.get("s") or "out"), text)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _living(record: Mapping[str, object], pid: str, born: str) -> int | None:
    number = record.get(pid)
    if not isinstance(number, int) or number <= 1:
        return None
    return number if living.alive(number, _number(record.get(born))) else None
