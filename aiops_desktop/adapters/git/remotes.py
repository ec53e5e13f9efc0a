"""The addresses in a checkout's own configuration, and the tokens somebody put into them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aiops_desktop.adapters.git.command import Git
from aiops_desktop.domain.remotes import RemoteUrl, parse_remote
from aiops_desktop.domain.tenants import TenantRoom
from aiops_desktop.domain.trouble import Refused


@dataclass(frozen=True, slots=True)
class Tainted:
    """An address with a password or token in it.

    Attributes:
        remote: the remote's name.
        address: what it is without the secret, which is in its `secret`.
    """

    remote: str
    address: RemoteUrl


class Remotes:
    """The remotes of one checkout."""

    def __init__(self, folder: Path, room: TenantRoom) -> None:
        self._git = Git(folder, room)

    def tainted(self) -> tuple[Tainted, ...]:
        """Addresses that hold a secret; a checkout without remotes has none.

        Raises:
            Trouble: it is no repository.
        """
        if not self._may_hold():
            return ()
        found = (
            Tainted(_name(key), address)
            for key, values in self._all().items()
            for address in map(_parsed, values)
            if address is not None and address.secret
        )
        return tuple(found)

    def clean(self) -> tuple[Tainted, ...]:
        """Write those addresses without their secrets; what they held is given back."""
        found = self.tainted()
        for key, values in self._all().items():
            clean = [_clean(value) for value in values]
            if clean == values:
                continue
            self._git.run("config", "--local", "--replace-all", key, clean[0])
            for more in clean[1:]:
                self._git.run("config", "--local", "--add", key, more)
        return found

    def _may_hold(self) -> bool:
        """Whether a look at the file cannot rule it out; for most, git need not be asked."""
        try:
            text = (self._git.folder / ".git" / "config").read_text(errors="replace")
        except OSError:
            return True
        return "include" in text.lower() or re.search(r"://[^/\s]*@", text) is not None

    def _all(self) -> dict[str, list[str]]:
        told = self._git.run(
            "config", "--local", "--null", "--get-regexp", r"^remote\..*\.(url|pushurl)$", ok=(0, 1)
        )
        made: dict[str, list[str]] = {}
        for key, value in _pairs(told.text):
            made.setdefault(key, []).append(value)
        return made


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for entry in text.split("\0"):
        key, newline, value = entry.partition("\n")
        if newline:
            yield key, value


def _name(key: str) -> str:
    return key.split(".", 1)[1].rsplit(".", 1)[0]


def _parsed(value: str) -> RemoteUrl | None:
    with contextlib.suppress(Refused):
        return parse_remote(value)
    return None


def _clean(value: str) -> str:
    address = _parsed(value)
    return address.text if address is not None and address.secret else value
