"""Where notes of the program's own work go: a file in the logs folder, and standard error."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

#: Bytes of a log file, and how many full ones are kept.
SIZE, FULL = 1 << 20, 3
NAME = "aiops.log"


class Logbook:
    """Writes down warnings of this program and of its libraries, without secrets.

    Args of the constructor: `scrub` takes secrets out of a whole entry, its traceback included;
    `folder` None: no file; `screen` None: no copy for who started the program.
    """

    def __init__(
        self, scrub: Callable[[str], str], folder: Path | None, screen: TextIO | None
    ) -> None:
        self._handlers: list[logging.Handler] = []
        form = _Clean(scrub)
        if screen is not None:
            self._handlers.append(_Screen(screen))
        if folder is not None:
            with contextlib.suppress(OSError):  # a full disk keeps nobody from working
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._handlers.append(_File(folder / NAME, maxBytes=SIZE, backupCount=FULL))
        for handler in self._handlers:
            handler.setFormatter(form)
            handler.setLevel(logging.WARNING)
            logging.getLogger().addHandler(handler)

    def close(self) -> None:
        """Write no more."""
        for handler in self._handlers:
            logging.getLogger().removeHandler(handler)
            handler.close()
        self._handlers.clear()


class _Clean(logging.Formatter):
    """An entry as text; secrets are taken out last, so that none hides in an argument."""

    def __init__(self, scrub: Callable[[str], str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._scrub = scrub

    def format(self, record: logging.LogRecord) -> str:
        return self._scrub(super().format(record))


class _Screen(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: logging's own report would show the arguments as they are."""


class _File(RotatingFileHandler):
    def _open(self) -> TextIO:  # type: ignore[override]  # a TextIOWrapper is all it needs
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: logging's own report would show the arguments as they are."""
