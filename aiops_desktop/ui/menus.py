"""Runs actions by their ids, and shows the one list of them as menus and shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.actions.all import MENUS, every_action
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.text import tr

#: Menus whose actions stand in the main menu itself, below the others.
_FLAT = ("Help", "File")


class Menus:
    """The actions of a window."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self._desk, self._window = desk, window
        self.actions: tuple[Action, ...] = every_action()
        self._by_id = {action.id: action for action in self.actions}
        self._register()

    def find(self, action_id: str) -> Action | None:
        """The action with this id."""
        return self._by_id.get(action_id)

    def run(self, action_id: str) -> None:
        """Run an action, or say why it cannot be run now."""
        action = self._by_id.get(action_id)
        if action is None or self._desk.locked:
            return
        reason = action.reason(self._desk)
        if reason:
            self._desk.toast("prohibit", action.title_for(self._desk), reason)
            return
        action.run(self._desk)

    def offer(self, action_id: str) -> tuple[str, Callable[[], object]] | None:
        """What a button for an action says and does; None when it cannot be run now."""
        action = self._by_id.get(action_id)
        if action is None or action.reason(self._desk):
            return None
        return action.title_for(self._desk), partial(self.run, action_id)

    def fill(self, menu: QMenu, ids: Iterable[str]) -> None:
        """Put actions into a menu; "-" is a line. Those that cannot be run show their reason."""
        menu.setToolTipsVisible(True)
        for action_id in ids:
            action = self._by_id.get(action_id)
            if action_id == "-":
                menu.addSeparator()
            elif action is not None:
                self._add(menu, action)

    def main(self) -> QMenu:
        """The whole list, by menu."""
        menu = QMenu(self._window)
        for name in MENUS:
            if name not in _FLAT:
                self.fill(menu.addMenu(tr(name)), self._of(name))
        for name in _FLAT:
            menu.addSeparator()
            self.fill(menu, self._of(name))
        return menu

    def popup(self, button: QWidget) -> None:
        """Open the main menu below a button, right edges in line."""
        menu = self.main()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        corner = button.mapToGlobal(QPoint(button.width(), button.height() + 2))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _of(self, menu: str) -> list[str]:
        return [action.id for action in self.actions if action.menu == menu]

    def _add(self, menu: QMenu, action: Action) -> None:
        reason = action.reason(self._desk)
        title = action.title_for(self._desk)
        act = menu.addAction(title.replace("&", "&&"))
        if action.icon:
            tone = "danger" if action.danger else "text"
            act.setIcon(self._desk.kit.icon(action.icon, tone))
        if action.shortcut:
            act.setText(f"{act.text()}\t{action.shortcut.replace('Return', 'Enter')}")
        act.setEnabled(not reason)
        act.setToolTip(reason or title)
        act.triggered.connect(partial(self._triggered, action.id))

    def _register(self) -> None:
        """One QAction a shortcut; a focused terminal takes its keys before they get here."""
        self._give(self._window, self.actions)

    def give_keys(self, window: QWidget) -> None:
        """Have a window of terminals take the shortcuts of terminals, too."""
        self._give(window, [action for action in self.actions if action.menu == "Terminal"])

    def _give(self, window: QWidget, actions: Iterable[Action]) -> None:
        for action in actions:
            if not action.shortcut:
                continue
            act = QAction(action.title_for(self._desk), window)
            keys = [QKeySequence(action.shortcut)]
            if "Return" in action.shortcut:
                keys.append(QKeySequence(action.shortcut.replace("Return", "Enter")))
            act.setShortcuts(keys)
            act.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            act.triggered.connect(partial(self._triggered, action.id))
            window.addAction(act)

    def _triggered(self, action_id: str, _checked: bool = False) -> None:
        self.run(action_id)
