"""Semaphore UI over its HTTP interface: templates, launches, tasks and their output.

What its versions do and do not do stands in `shapes`; how its answers are distrusted in `http`.
"""

from __future__ import annotations

from aiops_desktop.adapters.semaphore.client import Semaphore
from aiops_desktop.adapters.semaphore.http import NotThere, Unreachable, clean_address
from aiops_desktop.adapters.semaphore.shapes import Task, Version

__all__ = ["NotThere", "Semaphore", "Task", "Unreachable", "Version", "clean_address"]
