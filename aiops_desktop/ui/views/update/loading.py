"""Loads all of the running version, so that nothing of the next one is mixed into it."""

from __future__ import annotations

import contextlib
import importlib
import pkgutil

import aiops_desktop

#: Run as programs of their own, or read by Alembic as files.
_NOT = ("__main__", ".versions.", ".migrations.env")


def load_everything() -> int:
    """Import every module of the package; how many there are.

    Pages are imported when they are wanted first. While an update runs, their files become those
    of another version, which the rest of this process would not fit.
    """
    names = [
        found.name
        for found in pkgutil.walk_packages(aiops_desktop.__path__, "aiops_desktop.")
        if not any(part in found.name for part in _NOT)
    ]
    for name in names:
        with contextlib.suppress(Exception):  # what does not load now would not load later
            importlib.import_module(name)
    return len(names)
