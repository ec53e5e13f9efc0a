"""The one window of a data folder: who has it, and where it listens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.adapters import instance

if TYPE_CHECKING:
    from aiops_desktop.adapters.instance import Instance
    from aiops_desktop.domain.layout import Layout


class WindowLock:
    """Lets a second start find the first window instead of opening another one."""

    def __init__(self, layout: Layout) -> None:
        self._lock = layout.socket

    def claim(self, address: str) -> Instance | None:
        """Take the data folder for this process; the window that has it already, else None.

        Args:
            address: path of the Unix socket on which this window will listen.

        Raises:
            Failed: the lock file cannot be written.
        """
        return instance.claim(self._lock, address)

    def release(self) -> None:
        """Give the data folder free again."""
        instance.release(self._lock)
