"""The one list of everything a person can do."""

from __future__ import annotations

from aiops_desktop.ui.actions import git, keys, tenants, view
from aiops_desktop.ui.actions.action import Action

#: The menus, in their order.
MENUS = ("File", "Tenant", "Project", "Git", "Terminal", "Run", "Deploy", "View", "Help")


def _late() -> tuple[tuple[Action, ...], ...]:
    found: list[tuple[Action, ...]] = []
    from importlib import import_module

    for name in ("changes", "terminal", "runs", "deploy"):
        try:
            found.append(import_module(f"aiops_desktop.ui.actions.{name}").ACTIONS)
        except ModuleNotFoundError:
            continue
    return tuple(found)


def every_action() -> tuple[Action, ...]:
    """All actions, an area after the other."""
    made: list[Action] = []
    for area in (tenants.ACTIONS, keys.ACTIONS, git.ACTIONS, *_late(), view.ACTIONS):
        made.extend(area)
    return tuple(made)
