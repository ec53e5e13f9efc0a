"""Errors of ours: a report in the logs, a notice in the window, and life goes on."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import qVersion

from aiops_desktop.domain.trouble import Failed
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr

#: Reports kept; the oldest go first.
KEPT = 20


class Crashes:
    """Takes every exception nobody caught, in any thread.

    Attributes:
        broke: whether there was one.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        #: Takes secrets out of a report; the store's scrubber, once the services are open.
        self.scrub: Callable[[str], str] = lambda text: text
        self._before = (sys.excepthook, threading.excepthook)
        self._shown: set[str] = set()
        self.broke = False
        sys.excepthook = self._uncaught
        threading.excepthook = self._in_thread
        desk.jobs.crashed.connect(lambda _record, error: self.report(error))

    def close(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def report(self, error: BaseException) -> None:
        """Write a report and say so; the same error again is written but not shown again.

        May be called from any thread: only the notice goes through the bridge.
        """
        self.broke = True
        told = self.scrub("".join(traceback.format_exception(error)))
        path = self._write(told)
        print(told, file=sys.stderr)
        place = told.strip().splitlines()[-1] + _where(error)
        if place in self._shown:
            return
        self._shown.add(place)
        hint = tr("The rest keeps working. A report lies in {path}.", path=path)
        trouble = Failed(
            tr("Something went wrong inside the program."),
            hint if path else tr("The rest keeps working."),
            told,
            steps=("view.data",),
        )
        self._desk.bridge.post(lambda: self._desk.banner_wanted.emit(None, trouble))

    def _uncaught(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self.report(error)

    def _in_thread(self, args: threading.ExceptHookArgs) -> None:
        error = args.exc_value
        if error is not None:
            self.report(error)

    def _write(self, told: str) -> Path | None:
        import platform

        now = datetime.now(UTC)
        head = (
            f"{now:%Y-%m-%d %H:%M:%S} UTC\nPython {platform.python_version()}, Qt {qVersion()}, "
            f"{platform.system()} {platform.release()}\n\n"
        )
        folder = self._desk.layout.logs
        path = folder / f"crash-{now:%Y%m%d-%H%M%S-%f}.txt"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.write_text(head + told)
            path.chmod(0o600)
            for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
                old.unlink()
        except OSError:
            return None  # a full disk must not make it worse; the notice says it without a path
        return path


def _where(error: BaseException) -> str:
    trace = traceback.extract_tb(error.__traceback__)
    return f"{trace[-1].filename}:{trace[-1].lineno}" if trace else ""
