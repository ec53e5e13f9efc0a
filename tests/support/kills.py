"""Kills the program (SIGKILL) at random and at chosen moments of its work.

The moments are drawn from a seed: AIOPS_TEST_KILLS_SEED, else always the same one. A test that
fails says which moment it was.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

SEED = os.environ.get("AIOPS_TEST_KILLS_SEED", "5")
ROOT = Path(__file__).parents[2]
#: Seconds a command may take at most.
LIMIT = 120.0
#: A shell without a display, which is what the commands get of the environment.
_PASSED = ("PATH", "HOME", "LANG", "PYTHON_KEYRING_BACKEND", "TMUX_TMPDIR", "XDG_")
#: Looks at a folder a second, at most.
_GLANCE = 0.0005


@dataclass(frozen=True)
class Newer:
    """What makes the program a newer one: its migrations, and the revision they end with."""

    migrations: Path
    revision: str


@dataclass(frozen=True)
class Moment:
    """When to kill: `later` seconds after something is `seen`, or after the start."""

    told: str
    later: float
    seen: Callable[[], object] | None = None


class Warm:
    """A program whose imports are done (see `warm.py`); commands run one after the other.

    Args of the constructor: `folder` is for its own use; `root` is the checkout it comes from.
    """

    def __init__(self, folder: Path, root: Path = ROOT, python: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        environment = {n: os.environ[n] for n in ("PATH", "LANG") if n in os.environ}
        environment |= {
            "HOME": str(folder),
            "PYTHONPATH": str(root),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        self._process = subprocess.Popen(
            [python or sys.executable, "-P", ROOT / "tests/support/warm.py", folder / "scratch"],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # select(2) is to see each answer
        )
        self._commands: IO[bytes] = self._process.stdin  # type: ignore[assignment]  # a pipe
        self._answers: IO[bytes] = self._process.stdout  # type: ignore[assignment]  # the same

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._commands.close()
        self._process.wait(30)
        self._answers.close()

    def __call__(self, data: Path, *words: str, code: int | None = 0, **more: Any) -> str:
        """Run a command to its end, and expect its exit code; what it said."""
        begun = self._start(data, words, **more)
        found = begun.end()
        assert "Traceback" not in begun.said(), begun.said()
        assert code is None or found == code, f"{words}: {found}\n{begun.said()}"
        return begun.said()

    def timed(self, data: Path, *words: str, **more: Any) -> float:
        """The same; how many seconds it took."""
        begin = time.monotonic()
        self(data, *words, **more)
        return time.monotonic() - begin

    def killed(self, moment: Moment, data: Path, *words: str, **more: Any) -> bool:
        """Run a command and kill it; False when it had ended by then."""
        begin = time.monotonic()
        begun = self._start(data, words, **more)
        if moment.seen is not None:
            while not moment.seen() and not begun.ended(_GLANCE):
                assert time.monotonic() - begin < LIMIT, f"{words} did not end"
        begun.ended(moment.later)
        begun.kill()
        found = begun.end()
        assert found in (0, -signal.SIGKILL), f"{words}: {found}\n{begun.said()}"
        return found == -signal.SIGKILL

    def _start(
        self,
        data: Path,
        words: Sequence[str],
        *,
        typed: str = "",
        newer: Newer | None = None,
        more: dict[str, str] | None = None,
    ) -> _Begun:
        log = self._folder / "said"
        log.unlink(missing_ok=True)
        environment = {n: v for n, v in os.environ.items() if n.startswith(_PASSED)}
        told = {
            "words": words,
            "environment": {**environment, "AIOPS_DATA_DIR": str(data), **(more or {})},
            "input": typed,
            "log": str(log),
            "newer": str(newer.migrations) if newer else "",
            "revision": newer.revision if newer else "",
        }
        self._commands.write(f"{json.dumps(told)}\n".encode())
        return _Begun(int(self._answers.readline()), self._commands, self._answers, log)


@dataclass
class _Begun:
    """A command at work."""

    pid: int
    commands: IO[bytes]
    answers: IO[bytes]
    log: Path

    def ended(self, within: float) -> bool:
        """Whether it ends within so many seconds."""
        return bool(select.select([self.answers], [], [], max(0.0, within))[0])

    def kill(self) -> None:
        """End it and its group, without warning; its id is its own until `end`."""
        with contextlib.suppress(ProcessLookupError):  # before it has made its group
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait for its end; the exit code."""
        if not self.ended(LIMIT):
            self.kill()
        assert self.answers.readline() == b"ended\n"
        self.commands.write(b"\n")
        return int(self.answers.readline())

    def said(self) -> str:
        """What it wrote."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def moments(
    what: str,
    count: int,
    seconds: float,
    sights: Mapping[str, Callable[[], object]],
    *,
    behind: bool = False,
) -> list[Moment]:
    """When to kill: directly after each sight, and at random.

    Args:
        what: a name for the row of moments; another one gives another row.
        count: how many.
        seconds: how long the work takes, or within how many seconds `behind` a sight to kill.
        sights: what to look for, by how it is called.
        behind: the random moments are so long behind a sight drawn at random, and not behind the
            start; for work whose steps take very different times.
    """
    chance = random.Random(f"{SEED} {what}")
    found = [Moment(f"after “{told}”", 0.0, seen) for told, seen in sights.items()]
    while len(found) < count:
        later = chance.uniform(0.0, seconds)
        told, seen = chance.choice(list(sights.items())) if behind else ("the start", None)
        found.append(Moment(f"{later:.4f} s after “{told}”", later, seen))
    chance.shuffle(found)
    return found[:count]


def strike(moment: Moment, kill: Callable[[Moment], bool]) -> None:
    """Kill at a moment; earlier when it came too late, until it did not.

    `kill` begins with the same state each time.
    """
    for _ in range(30):
        if kill(moment):
            return
        seen = moment.seen if moment.later else None  # what was seen too late is not waited for
        seconds = (moment.later or 0.1) / 2
        moment = Moment(f"{moment.told}, then {seconds:.5f} s", seconds, seen)
    raise AssertionError(f"it ends before it can be killed ({moment.told})")


@contextlib.contextmanager
def at(what: str, number: int, moment: Moment) -> Iterator[None]:
    """Name the moment in whatever goes wrong within."""
    try:
        yield
    except BaseException as error:
        error.add_note(
            f"{what}: kill {number} {moment.told}; again with AIOPS_TEST_KILLS_SEED={SEED}"
        )
        raise
