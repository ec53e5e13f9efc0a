"""What an issues page says when there is nothing to list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.parts.kit import Kit


def unlinked(desk: Desk, sentence: str) -> QWidget:
    """Nothing is linked to a forge."""
    step = desk.kit.button(
        tr("Show integrations"), "share-network", lambda: desk.run_action("view.integrations")
    )
    return empty_state(desk.kit, sentence, step)


def filtered(kit: Kit, reset: Callable[[str], object]) -> QWidget:
    """There are issues, and none fits."""
    step = kit.button(tr("Show all issues"), "", lambda: reset("all"))
    return empty_state(kit, tr("No issue fits the filter."), step)


def none_yet(desk: Desk, *, never: bool) -> QWidget:
    """There is not a single one; `never`: nobody has looked yet."""
    if never:
        return empty_state(desk.kit, tr("The issues are read for the first time."))
    step = desk.kit.button(tr("New issue"), "plus", lambda: desk.run_action("issues.new"))
    return empty_state(
        desk.kit, tr("There are no issues yet. Describe what is wrong, or what is wanted."), step
    )
