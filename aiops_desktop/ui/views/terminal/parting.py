"""Finds out why a terminal's view of tmux has ended, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.domain.sessions import Inventory, ServerState
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.views.terminal.pane import Pane


def tell_end(pane: Pane) -> None:
    """Ask the server of a pane whose tmux client has ended; say what became of its window."""
    desk, opening = pane.desk, pane.opening
    if opening is None or not opening.lasting or not desk.ready:
        return
    house, leaf = desk.house, pane.leaf

    def told(found: Inventory) -> None:
        if pane.opening is opening and not pane.terminal.running:
            sentence, button = _said(found, leaf.window)
            pane.terminal.prompt.say(sentence, (button, pane.again))

    desk.read(lambda _job: house.sessions.inventory(leaf.tenant), told, trouble=lambda _t: None)


def _said(found: Inventory, window: str) -> tuple[str, str]:
    """A sentence, and the words of the button."""
    lives = any(
        one.id == window and not one.dead for session in found.sessions for one in session.windows
    )
    if lives:
        return tr("This terminal was detached. What runs in it goes on."), tr("Attach again")
    if not any(one.state is ServerState.RUNNING for one in found.servers):
        return tr("The tmux server has ended with what ran in it."), tr("Restart")
    return tr("This session has ended."), tr("Restart")
