"""What runs in a pane below its own program."""

from __future__ import annotations

import psutil

from aiops_desktop.adapters import living


def programs_below(pid: int) -> list[str]:
    """Names of the living descendants of a pane's program, such as what a shell has started."""
    names = []
    for one in living.descendants(pid):
        try:
            if one.status() != psutil.STATUS_ZOMBIE:
                names.append(one.name())
        except psutil.Error:  # it ended in this very moment
            continue
    return names
