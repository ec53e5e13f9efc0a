"""The door of the shell: the same verbs as the window, without Qt and without a display."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiops_desktop.domain.layout import Layout
    from aiops_desktop.services.house import House


def main(
    words: Sequence[str], layout: Callable[[], Layout], build: Callable[[Layout], House]
) -> int:
    """Do what the words say; the exit code (see `aiops-desktop --help`)."""
    from aiops_desktop.cli.line import run

    return run(words, layout, build)
