"""The one list of everything a person can do."""

from __future__ import annotations

from aiops_desktop.ui.actions import (
    backups,
    deploy,
    git,
    integrations,
    issues,
    keys,
    people,
    runs,
    sessions,
    tenants,
    terminal,
    view,
)
from aiops_desktop.ui.actions.action import Action

#: The menus, in their order.
MENUS = ("File", "Tenant", "Project", "Git", "Terminal", "Run", "Deploy", "Issue", "View", "Help")


def every_action() -> tuple[Action, ...]:
    """All actions, an area after the other."""
    areas = (
        tenants,
        keys,
        integrations,
        git,
        terminal,
        sessions,
        runs,
        deploy,
        issues,
        people,
        backups,
        view,
    )
    return tuple(action for area in areas for action in area.ACTIONS)
