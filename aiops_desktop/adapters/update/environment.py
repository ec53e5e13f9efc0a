"""The Python environment beside the program's checkout: kept, brought in line, put back."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiops_desktop.adapters import living, process
from aiops_desktop.adapters.update import journal
from aiops_desktop.domain.trouble import Failed, Missing
from aiops_desktop.jobs.job import Job

#: Variables that choose the interpreter and how packages are reached.
_PASSED = ("PYTHON_SPEC", "UV_", "PIP_", "NO_UV")
#: Seconds between the birth of a process and its note.
SAME = 5.0
#: Bytes from which a file of the environment is linked instead of copied.
LINKED = 1 << 18
#: Seconds after which a step that says nothing is given up.
PATIENCE = 600.0


class Environment:
    """`.venv` of a checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._place = root / ".venv"
        self._kept = journal.folder(root) / "venv"

    @property
    def python(self) -> Path:
        """Its interpreter."""
        windows = sys.platform == "win32"
        return self._place / ("Scripts/python.exe" if windows else "bin/python")

    def keep(self) -> bool:
        """Keep it as it is; whether there is one.

        Libraries are linked, which takes neither time nor room: they are only ever replaced. A
        small file may be written anew in its place, so each of those is copied.
        """
        if not self._place.is_dir() or self._place.is_symlink():
            return False
        part = self._kept.with_name("venv.part")
        shutil.rmtree(part, ignore_errors=True)
        try:
            shutil.copytree(self._place, part, symlinks=True, copy_function=_link)
        except (OSError, shutil.Error) as error:
            raise Failed(
                "The Python environment could not be kept for the way back.",
                f"Check the space and permissions of {part.parent}.",
                str(error)[-2000:],
            ) from error
        part.rename(self._kept)
        return True

    def sync(self, job: Job, say: Callable[[str], None]) -> None:
        """Bring it in line with what the checkout's version needs.

        Raises:
            Failed: a package could not be had, or the set-up itself did not work.
            Missing: there is no set-up script.
            Stopped: the job was stopped.
        """
        script = self.root / "scripts" / "setup.sh"
        if not script.is_file():
            raise Missing(
                "The new version has no scripts/setup.sh.", "Check the branch that is followed."
            )
        done = self._run(["bash", str(script), "run"], job=job, say=say)
        if done.code:
            raise Failed(
                "The packages of the new version could not be installed.",
                "Check the connection to the package index, then try again.",
                (done.text + done.error_text)[-2000:],
            )

    def restore(self) -> None:
        """Put back what was kept; right from any place on the way.

        Raises:
            Failed: it cannot be moved.
        """
        if not self._kept.is_dir():
            return
        failed = self._kept.with_name("venv.failed")
        try:
            shutil.rmtree(failed, ignore_errors=True)
            if self._place.exists():
                self._place.rename(failed)
            self._kept.rename(self._place)
        except OSError as error:
            raise Failed(
                f"The Python environment could not be put back: {error.strerror}.",
                f"Move {self._kept} to {self._place} yourself.",
            ) from error
        shutil.rmtree(failed, ignore_errors=True)

    def program(
        self,
        *words: str,
        job: Job,
        say: Callable[[str], None],
        more: Mapping[str, str],
        timeout: float,
    ) -> process.Finished:
        """Run the checkout's program with it; `say` hears its lines.

        Raises:
            Failed: it took too long.
            Missing: there is no environment.
            Stopped: the job was stopped.
        """
        argv = [str(self.python), "-m", "aiops_desktop", *words]
        return self._run(argv, job=job, say=say, more=more, timeout=timeout)

    def end_left(self) -> None:
        """End what an updater that was killed had started; it would go on changing things."""
        note = journal.child(self.root)
        try:
            pid, begun = int(note.read_text()), note.stat().st_mtime
        except (OSError, ValueError):
            return
        for _ in range(100):
            born = living.birth(pid)
            if born is None or abs(born - begun) > SAME:  # gone, or another one by now
                return
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            time.sleep(0.05)

    def _run(
        self,
        words: Sequence[str],
        *,
        job: Job,
        say: Callable[[str], None],
        more: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> process.Finished:
        try:
            return process.run(
                journal.noted(self.root, words),
                env=environment(more),
                cwd=self.root,
                job=job,
                on_line=say,
                on_error_line=say,
                timeout=timeout,
                idle_timeout=None if timeout else PATIENCE,
            )
        finally:
            journal.child(self.root).unlink(missing_ok=True)

    def has_window(self) -> bool:
        """Whether Qt's widgets can be loaded by it; on a computer without a desktop they cannot."""
        try:
            found = process.run(
                [str(self.python), "-c", "import PySide6.QtWidgets"],
                env=environment(),
                cwd=self.root,
                timeout=60,
            )
        except (Missing, Failed):
            return False
        return found.code == 0


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the set-up and the new program get of our own environment."""
    passed = {name: os.environ[name] for name in os.environ if name.startswith(_PASSED)}
    return process.environment({**passed, **(more or {})})


def _link(source: str, target: str) -> str:
    if Path(source).stat().st_size >= LINKED:
        with contextlib.suppress(OSError):  # on another file system links are not to be had
            os.link(source, target, follow_symlinks=False)
            return target
    shutil.copy2(source, target, follow_symlinks=False)
    return target
