"""Reads git's `--progress` lines and tells an answer from chatter."""

from __future__ import annotations

import re
from collections.abc import Callable

from aiops_desktop.jobs.job import Job

_COUNTED = re.compile(r"^(?:remote: )?(\w[\w ]+):\s+\d+% \((\d+)/(\d+)\)")
_UNCOUNTED = re.compile(r"^(?:remote: )?(\w[\w ]+): (\d+)(?:, done)?\.?$")
_REMOTE = re.compile(r"^remote: ?(.*?)\s*$")

#: Names the folder a clone is made in, which is moved to its real place in the end.
_OURS = re.compile(r"^(Cloning into '.*'\.\.\.|done\.)$")

#: Server-side phases are said in the server's name.
_SERVER = {"Counting objects", "Compressing objects", "Enumerating objects"}


def listener(job: Job, heard: Callable[[], None], said: list[str]) -> Callable[[str], None]:
    """A callback for lines of standard error.

    Args:
        job: gets progress, and every other line as output.
        heard: called for each line, so that silence can be measured.
        said: collects what the server says in words (hooks, links to merge requests).
    """

    def line(text: str) -> None:
        heard()
        found = _COUNTED.match(text)
        if found:
            job.progress(_phase(found[1], text), int(found[2]), int(found[3]))
            return
        found = _UNCOUNTED.match(text)
        if found:
            job.progress(_phase(found[1], text), int(found[2]), 0)
            return
        job.check()
        words = _REMOTE.match(text)
        if words:
            said.append(words[1])
        if text.strip() and not _OURS.match(text):
            job.line(text.rstrip())

    return line


def _phase(name: str, text: str) -> str:
    return f"{name} on the server" if text.startswith("remote:") and name in _SERVER else name
