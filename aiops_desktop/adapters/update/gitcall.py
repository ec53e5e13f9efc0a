"""Calls of git on the program's own checkout, with the person's own configuration and agent."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.update import journal
from aiops_desktop.domain.trouble import Failed
from aiops_desktop.jobs.job import Job

#: Hooks are for those who work on the program, not for its update.
_ALWAYS = (
    "git",
    "--no-pager",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.quotePath=false",
    "-c",
    "advice.detachedHead=false",
    "-c",
    "gc.auto=0",
)
#: Variables of the person's shell that decide how their git reaches a server.
_PASSED = ("SSH_AUTH_SOCK", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH")
#: A token of the person's own in a remote's address; git prints it.
_CREDENTIALS = re.compile(r"//[^/\s@]+@")
#: Seconds without a byte after which a server is given up.
PATIENCE = 120.0


class Call:
    """Runs git in one folder; `noted` calls are ended with an update that was killed."""

    def __init__(self, root: Path, *, noted: bool = False) -> None:
        self.root = root
        self._noted = noted

    def run(
        self,
        *args: str,
        ok: Sequence[int] = (0,),
        more: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        job: Job | None = None,
        on_line: Callable[[str], None] | None = None,
    ) -> process.Finished:
        """One verb to its end.

        Raises:
            Failed: any exit code that is not in `ok`.
            Missing: there is no git.
            Stopped: the job was stopped.
        """
        env = process.environment({n: os.environ[n] for n in _PASSED if n in os.environ})
        env.update(LC_ALL="C.UTF-8", GIT_TERMINAL_PROMPT="0", GIT_EDITOR=":", **(more or {}))
        words = [*_ALWAYS, *args]
        try:
            done = process.run(
                journal.noted(self.root, words) if self._noted else words,
                env=env,
                cwd=cwd or self.root,
                job=job,
                on_line=on_line,
                on_error_line=on_line,
                idle_timeout=PATIENCE if job else None,
            )
        finally:
            if self._noted:
                journal.child(self.root).unlink(missing_ok=True)
        if done.code not in ok:
            tail = done.error_text.strip() or done.text.strip()
            raise Failed(
                f"“git {args[0]}” did not work in {self.root}.",
                "The details say why.",
                f"{process.shown(['git', *args])}\n{_CREDENTIALS.sub('//', tail)}",
            )
        return done

    def text(self, *args: str, ok: Sequence[int] = (0,)) -> str:
        """The one line a verb prints; "" for an exit code other than 0 that is `ok`."""
        done = self.run(*args, ok=ok)
        return os.fsdecode(done.out).strip() if done.code == 0 else ""

    def names(self, *args: str) -> tuple[str, ...]:
        """Paths, as `-z` prints them."""
        out = os.fsdecode(self.run(*args).out)
        return tuple(part for part in out.split("\0") if part)
