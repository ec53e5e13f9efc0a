"""Reads Ansible's output: counts per host while it runs, and its own counts at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from aiops_desktop.domain.deployments import HostRecap, LogLine

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_RESULT = re.compile(r"(ok|changed|skipping|fatal): \[([^\]\s]+)(?: -> [^\]]+)?\](.*)")
_HEADING = re.compile(r"(TASK|RUNNING HANDLER|PLAY) \[(.*)\] \**\s*$")
_COUNTS = re.compile(r"(\S+)\s+: (ok=\d+.*)")
_COUNT = re.compile(r"(\w+)=(\d+)")


class Recap:
    """Fed with lines as they come; `hosts` is what is known by then.

    Attributes:
        tasks: headings of tasks and handlers seen so far.
        now: the heading of the last one.
        started: a play has begun, so Ansible has read all it was given.
    """

    def __init__(self) -> None:
        self._hosts: dict[str, HostRecap] = {}
        self._here: dict[str, str] = {}
        self._final = False
        self._last_failed = ""
        self.tasks = 0
        self.now = ""
        self.started = False

    @property
    def hosts(self) -> tuple[HostRecap, ...]:
        """In the order they were first heard of."""
        return tuple(self._hosts.values())

    def feed(self, lines: Iterable[LogLine]) -> None:
        """Take further lines into account."""
        for line in lines:
            self._line(_COLOUR.sub("", line.text).rstrip())

    def _line(self, text: str) -> None:
        if text.startswith("PLAY RECAP"):
            self._final = True
        elif found := _HEADING.match(text):
            self._final, self.started, self._here = False, True, {}
            if found[1] != "PLAY":
                self.tasks += 1
                self.now = found[2]
        elif self._final:
            if found := _COUNTS.match(text):
                self._count(found[1], dict(_COUNT.findall(found[2])))
        elif text.startswith("...ignoring") and self._last_failed:
            self._add(self._last_failed, failed=-1, ok=1)
            self._last_failed = ""
        elif found := _RESULT.match(text):
            self._result(found[1], found[2], found[3])

    def _result(self, kind: str, host: str, rest: str) -> None:
        before = self._here.get(host, "")
        self._last_failed = ""
        if kind == "ok" and not before:
            self._add(host, ok=1)
        elif kind == "changed" and before in ("", "ok"):
            self._add(host, ok=0 if before else 1, changed=1)
        elif kind == "skipping" and not before and "(item=" not in rest:
            self._add(host, skipped=1)
        elif kind == "fatal" and before != "fatal":
            if "UNREACHABLE" in rest:
                self._add(host, unreachable=1)
            else:
                self._add(host, failed=1)
                self._last_failed = host
        else:
            return
        self._here[host] = kind

    def _add(self, host: str, **more: int) -> None:
        old = self._hosts.get(host, HostRecap(host))
        self._hosts[host] = replace(
            old, **{name: max(0, getattr(old, name) + n) for name, n in more.items()}
        )

    def _count(self, host: str, counts: dict[str, str]) -> None:
        names = ("ok", "changed", "skipped", "failed", "unreachable")
        self._hosts[host] = HostRecap(host, **{n: int(counts.get(n, 0)) for n in names})
