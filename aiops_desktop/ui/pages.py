"""Which pages there are, and how each is made when it is wanted first."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.page import Page

#: Pages over all tenants, and what the header names them.
FULL = {"keys": "All tenants", "settings": "Settings", "welcome": "Welcome"}
_PLACES = {
    "overview": "OverviewPage",
    "terminal": "TerminalPage",
    "changes": "ChangesPage",
    "runs": "RunsPage",
    "deploy": "DeployPage",
    "history": "HistoryPage",
    "keys": "KeysPage",
    "settings": "SettingsPage",
    "welcome": "WelcomePage",
}


def make(name: str, desk: Desk) -> Page:
    """Import and build a page; imported late, because the window is to be seen first."""
    module = import_module(f"aiops_desktop.ui.views.{name}.page")
    page: Callable[[Desk], Page] = getattr(module, _PLACES[name])
    return page(desk)
