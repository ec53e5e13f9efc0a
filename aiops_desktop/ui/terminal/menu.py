"""The menu a terminal offers where no page builds a fuller one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiops_desktop.ui.terminal.widget import TerminalWidget


def plain_menu(terminal: TerminalWidget, at: QPoint) -> QMenu:
    """Links under the pointer, copying, pasting, searching, clearing.

    Args:
        terminal: what it is for.
        at: the position in its viewport.
    """
    menu = QMenu(terminal)
    links = terminal.filterActions(at)
    for action in links:
        action.setParent(menu)
        menu.addAction(action)
    if links:
        menu.addSeparator()
    chosen = terminal.selection is not None
    writable = not terminal.isReadOnly()

    def add(words: str, act: Callable[[], object], *, on: bool = True) -> None:
        made = menu.addAction(words)
        made.setEnabled(on)
        made.triggered.connect(lambda _checked=False: act())

    add(tr("Copy"), terminal.copyClipboard, on=chosen)
    add(tr("Copy as HTML"), terminal.copy_html, on=chosen)
    add(tr("Copy with colour sequences"), terminal.copy_ansi, on=chosen)
    add(tr("Paste"), terminal.pasteClipboard, on=writable)
    add(tr("Select all"), terminal.select_all)
    menu.addSeparator()
    add(tr("Search"), terminal.toggleShowSearchBar)
    add(tr("Clear"), terminal.clear)
    return menu
