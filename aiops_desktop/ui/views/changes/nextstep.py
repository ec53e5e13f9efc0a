"""What a clean checkout offers: the next sensible step."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.actions import git_reasons as why
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.text import tr


def clean_state(desk: Desk, status: CheckoutStatus) -> QWidget:
    """One sentence and one button: push, pull, or let an assistant change something."""
    kit = desk.kit
    if not why.no_push(desk):
        step = kit.button(why.push_title(desk), "arrow-up", lambda: git.ask_push(desk))
    elif status.behind and not why.no_pull(desk):
        step = kit.button(why.pull_title(desk), "arrow-down", lambda: git.pull(desk))
    else:
        step = kit.button(tr("New run"), "robot", lambda: desk.run_action("runs.new"))
    return empty_state(kit, tr("Nothing to commit. The checkout is clean."), step)
