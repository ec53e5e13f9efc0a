"""How an assist run gets on, told by the files of its supervisor alone."""

from __future__ import annotations

import copy
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.adapters import supervisor
from aiops_desktop.adapters.assistants import Cli, EventReader, Story, tell
from aiops_desktop.domain.runs import Run, RunEvent, RunState

#: Bytes of the event file read for one update, so that a flood comes in portions.
PORTION = 512 * 1024
#: Seconds without a line after which a run at work is said to be quiet.
QUIET = 120.0
#: Seconds that making a worktree may take before the run counts as one that never began.
MAKING = 180.0
#: Characters of the last message that the table keeps.
LAST = 2000
#: Readers kept for those who follow; more are made anew by reading from the beginning.
KEPT = 32


@dataclass
class _Seen:
    """What was read of a run so far."""

    reader: EventReader
    offset: int = 0
    story: Story = field(default_factory=Story)


class Progress:
    """Reads runs' event files on from where it was; nothing in it is needed after a restart.

    `scrub` takes out the secrets that an assistant printed.
    """

    def __init__(self, scrub: Callable[[str], str] = str) -> None:
        self._scrub = scrub
        self._seen: dict[int, _Seen] = {}
        self._readers: OrderedDict[tuple[int, int], EventReader] = OrderedDict()
        self._lock = threading.RLock()

    def look(self, run: Run, cli: Cli) -> Run:
        """A run at work as its files tell it now; when it has ended, with state and sentence.

        States that are not alive are provisional: whether an ended run is READY or EMPTY is for
        who can look at the worktree.
        """
        with self._lock:
            age = (datetime.now(UTC) - run.created).total_seconds()
            if age < MAKING and not supervisor.is_prepared(run.folder):
                return run
            if supervisor.is_gone(run.folder):
                return self._interrupted(self._told(run, cli))
            ended = supervisor.read_exit(run.folder)  # before the events: then they are whole
            told = self._told(run, cli)
            if ended is None:
                state = RunState.WORKING if self._seen[run.id].offset else RunState.STARTING
                return replace(told, state=state, error=self._quiet(run, cli))
            return self._ended(told, cli, ended)

    def events(self, run: Run, cli: Cli, offset: int) -> tuple[tuple[RunEvent, ...], int]:
        """A portion of the events behind an offset, and the offset to go on from."""
        with self._lock:
            lines, end = supervisor.read_events(run.folder, offset, PORTION)
            if end == offset:
                return (), offset
            reader = self._reader_at(run, cli, offset)
            read = reader.read_all(lines)
            found = tuple(self._clean(event) for _line, events in read for event in events)
            self._keep(run.id, end, reader)
            return found, end

    def forget(self, run_id: int) -> None:
        """Nobody needs the readers of a run that has ended or begins anew."""
        with self._lock:
            self._seen.pop(run_id, None)

    # How --------------------------------------------------------------------------------------

    def _clean(self, event: RunEvent) -> RunEvent:
        text, output = self._scrub(event.text), self._scrub(event.output)
        if (text, output) == (event.text, event.output):
            return event
        return replace(event, text=text, output=output)

    def _told(self, run: Run, cli: Cli) -> Run:
        seen = self._seen.get(run.id)
        if seen is None:
            seen = self._seen[run.id] = _Seen(cli.events(run.worktree))
        while True:
            lines, end = supervisor.read_events(run.folder, seen.offset)
            for line, events in seen.reader.read_all(lines):
                tell(seen.story, line, events)
            if end == seen.offset:
                break
            seen.offset = end
        story = seen.story
        return replace(
            run,
            thread=story.thread or run.thread,
            usage=story.usage,
            last=self._scrub(story.last)[:LAST] or run.last,
        )

    def _ended(self, run: Run, cli: Cli, ended: supervisor.Exit) -> Run:
        finished = datetime.fromtimestamp(ended.ended, UTC) if ended.ended else datetime.now(UTC)
        run = replace(run, finished=finished, exit_code=ended.code, error="")
        if ended.error and ended.code is None and ended.signal is None:
            return replace(run, state=RunState.FAILED, error=ended.error)
        verdict = cli.judge(self._seen[run.id].story, ended, run.folder)
        run = replace(run, usage=verdict.usage or run.usage)
        if ended.stopped and ended.asked:
            return replace(run, state=RunState.STOPPED)
        if verdict.ok:
            return replace(run, state=RunState.READY)
        if ended.stopped:
            sentence = "It was ended from outside: its tmux window was closed, or the computer."
            return replace(run, state=RunState.INTERRUPTED, error=sentence)
        return replace(run, state=RunState.FAILED, error=self._scrub(verdict.sentence))

    def _interrupted(self, run: Run) -> Run:
        supervisor.sweep(run.folder)
        return replace(
            run,
            state=RunState.INTERRUPTED,
            finished=datetime.now(UTC),
            exit_code=None,
            error="Its process has vanished without a word, as when the computer goes down.",
        )

    def _quiet(self, run: Run, cli: Cli) -> str:
        silent = time.time() - _changed(run.folder / "events.jsonl")
        if silent < QUIET:
            return ""
        warnings = self._seen[run.id].story.warnings
        told = f" Its last words: {self._scrub(warnings[-1])[:200]}" if warnings else ""
        minutes = int(silent // 60)
        return f"{cli.title} has said nothing for {minutes} minutes.{told} Stop it or wait."

    def _reader_at(self, run: Run, cli: Cli, offset: int) -> EventReader:
        found = self._readers.get((run.id, offset))
        if found is not None:
            return copy.deepcopy(found)
        reader, at = cli.events(run.worktree), 0
        while at < offset:
            lines, end = supervisor.read_events(run.folder, at, min(PORTION, offset - at))
            if end == at:
                break
            deque(reader.read_all(lines), maxlen=0)
            at = end
        return reader

    def _keep(self, run_id: int, offset: int, reader: EventReader) -> None:
        self._readers[run_id, offset] = reader
        while len(self._readers) > KEPT:
            self._readers.popitem(last=False)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()
