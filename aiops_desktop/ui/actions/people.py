"""Verbs of operators and of the history of everything: show, add, lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk


def _needs_house(desk: Desk) -> str:
    return "" if desk.ready else tr("The data folder is still being opened.")


def _needs_passphrase(desk: Desk) -> str:
    if desk.operator is None:
        return _needs_house(desk) or tr("Who is at the desk is still being read.")
    if not desk.operator.locks:
        return tr("Set a passphrase first; without one nobody could unlock the window.")
    return ""


def _add(desk: Desk) -> None:
    from aiops_desktop.ui.actions.keys import over
    from aiops_desktop.ui.dialogs.operator import AddOperatorDialog

    AddOperatorDialog(desk, over()).open()


def _passphrase(desk: Desk) -> None:
    from aiops_desktop.ui.actions.keys import over
    from aiops_desktop.ui.dialogs.operator import OwnPassphraseDialog

    if desk.operator is not None:
        OwnPassphraseDialog(desk, over(), desk.operator).open()


def _needs_operator(desk: Desk) -> str:
    if desk.operator is None:
        return _needs_house(desk) or tr("Who is at the desk is still being read.")
    return ""


ACTIONS: tuple[Action, ...] = (
    Action(
        "view.operators",
        tr("Show operators"),
        lambda desk: desk.go("operators"),
        "View",
        "users",
        _needs_house,
        words="people roles admin viewer",
    ),
    Action(
        "view.all_history",
        tr("Show the history of everything"),
        lambda desk: desk.go("all_history"),
        "View",
        "clock-counter-clockwise",
        _needs_house,
        words="audit log events who did what",
    ),
    Action(
        "operators.add",
        tr("Add operator…"),
        _add,
        "File",
        "user-plus",
        _needs_operator,
        words="people new person",
        verb="operators.add",
    ),
    Action(
        "operators.passphrase",
        tr("Set your passphrase…"),
        _passphrase,
        "File",
        "lock-key",
        _needs_operator,
        words="lock password change",
    ),
    Action(
        "operators.lock",
        tr("Lock the window"),
        lambda desk: desk.lock_wanted.emit(),
        "File",
        "lock",
        _needs_passphrase,
        "Ctrl+Alt+L",
        words="away screen sign out",
    ),
)
