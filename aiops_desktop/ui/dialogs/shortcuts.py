"""The list of keyboard shortcuts, made from the one list of actions."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.rows import Cell, Column, Rows, Section
from aiops_desktop.ui.text import tr


class ShortcutsDialog(Dialog):
    """What the keys do, by menu."""

    def __init__(self, desk: Desk, parent: QWidget | None, actions: Sequence[Action]) -> None:
        super().__init__(
            desk,
            parent,
            tr("Keyboard shortcuts"),
            tr("Terminals keep all keys but those with Ctrl+Shift."),
            verb=tr("Close"),
        )
        self.cancel.hide()
        rows = Rows(
            desk.theme,
            (Column(tr("What")), Column(tr("Keys"), 160)),
            lambda item: _cells(desk, item),
            edge=0,
        )
        shown: list[object] = []
        for menu in dict.fromkeys(action.menu for action in actions):
            mine = [action for action in actions if action.menu == menu and action.shortcut]
            shown += [Section(tr(menu)), *mine] if mine else []
        shown += [Section(tr("Everywhere")), (tr("Go back, close or clear"), "Esc")]
        rows.show_rows(shown)
        rows.setMinimumHeight(min(480, 30 * len(shown) + 8))
        rows.setAccessibleName(tr("Keyboard shortcuts"))
        self.body.addWidget(rows)


def _cells(desk: Desk, item: object) -> tuple[Cell, ...]:
    if isinstance(item, Action):
        keys = item.shortcut.replace("Return", "Enter")
        return Cell(item.title_for(desk), item.icon), Cell(keys, mono=True)
    if isinstance(item, tuple):
        return Cell(item[0], "arrow-u-up-left"), Cell(item[1], mono=True)
    return ()
