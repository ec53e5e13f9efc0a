"""Tells names of this computer from names of others."""

from __future__ import annotations

import functools
import socket


def is_here(host: str) -> bool:
    """Whether an address without a host, or with this one, leads to this computer (RFC 8089)."""
    name = host.casefold().rstrip(".")
    return name in ("", "localhost") or name in _own()


@functools.cache
def _own() -> frozenset[str]:
    name = socket.gethostname().casefold()
    return frozenset((name, name.partition(".")[0]))
