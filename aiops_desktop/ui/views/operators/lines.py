"""How an operator is said in a row."""

from __future__ import annotations

from aiops_desktop.domain.operators import Operator, OperatorEntry, Role
from aiops_desktop.ui.dialogs.operator import ROLES
from aiops_desktop.ui.parts.rows import Cell
from aiops_desktop.ui.text import age, moment, tr


def comes_in(operator: Operator) -> str:
    """How this person comes to the desk."""
    if operator.account and operator.locks:
        return tr("account {name}, passphrase", name=operator.account)
    if operator.account:
        return tr("account {name}", name=operator.account)
    return tr("passphrase") if operator.locks else tr("no way yet")


def seen(entry: OperatorEntry) -> str:
    """When this person did something last."""
    if entry.here:
        return tr("now")
    return age(entry.seen) if entry.seen else tr("never")


def said_of(entry: OperatorEntry) -> str:
    """All that the filter looks at."""
    one = entry.operator
    return f"{one.name} {one.email} {one.role} {one.account}".casefold()


def cells(item: object) -> tuple[Cell, ...]:
    """An operator's row."""
    if not isinstance(item, OperatorEntry):
        return ()
    one = item.operator
    return (
        Cell(one.name, "user", strong=item.here, tip=one.name),
        Cell(one.email or tr("none"), text_tone="text" if one.email else "muted"),
        Cell(
            ROLES[one.role][0],
            aside=tr("the last") if item.last_admin else "",
            text_tone="muted" if one.role is Role.VIEWER else "text",
            tip=tr("The last admin stays.") if item.last_admin else "",
        ),
        Cell(comes_in(one), text_tone="muted"),
        Cell(seen(item), tip=moment(item.seen)),
    )


def name_of(item: object) -> str:
    """What a screen reader says of a row."""
    if not isinstance(item, OperatorEntry):
        return ""
    one = item.operator
    return f"{one.name}, {one.email}, {ROLES[one.role][0]}, {seen(item)}"
