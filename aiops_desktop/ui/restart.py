"""Opens the window anew: what runs in tmux, assist runs and deployments go on meanwhile."""

from __future__ import annotations

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.text import tr


def why_not(desk: Desk, *, but: JobRecord | None = None) -> str:
    """Why the window cannot be opened anew just now, "" when it can; the job `but` may be alive."""
    busy = [one for one in desk.jobs.shown if one.alive and one is not but]
    if busy:
        return tr("“{job}” is still at work; restart when it has ended.", job=busy[0].title)
    return ""


def restart(desk: Desk) -> None:
    """Close the window and open it again; ask `why_not` first."""
    desk.restarting = True
    desk.go("quit")
