"""Which pages there are, and how each is made when it is wanted first."""

from __future__ import annotations

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.page import Page

#: Pages over all tenants, and what the header names them.
FULL = {
    "all_issues": "All tenants",
    "all_history": "All tenants",
    "integrations": "All tenants",
    "backups": "All tenants",
    "keys": "All tenants",
    "operators": "This data folder",
    "sessions": "All tenants",
    "settings": "Settings",
    "trash": "All tenants",
    "update": "This computer",
    "welcome": "Welcome",
}


def make(name: str, desk: Desk) -> Page:
    """Build a page; it is imported here, because the window is to be seen first.

    Raises:
        KeyError: there is no such page.
    """
    if name == "overview":
        from aiops_desktop.ui.views.overview.page import OverviewPage

        return OverviewPage(desk)
    if name == "terminal":
        from aiops_desktop.ui.views.terminal.page import TerminalPage

        return TerminalPage(desk)
    if name == "changes":
        from aiops_desktop.ui.views.changes.page import ChangesPage

        return ChangesPage(desk)
    if name == "runs":
        from aiops_desktop.ui.views.runs.page import RunsPage

        return RunsPage(desk)
    if name == "deploy":
        from aiops_desktop.ui.views.deploy.page import DeployPage

        return DeployPage(desk)
    if name == "issues":
        from aiops_desktop.ui.views.issues.page import IssuesPage

        return IssuesPage(desk)
    if name == "all_issues":
        from aiops_desktop.ui.views.issues.everywhere import AllIssuesPage

        return AllIssuesPage(desk)
    if name == "history":
        from aiops_desktop.ui.views.history.page import HistoryPage

        return HistoryPage(desk)
    if name == "all_history":
        from aiops_desktop.ui.views.history.page import HistoryPage

        return HistoryPage(desk, everything=True)
    if name == "operators":
        from aiops_desktop.ui.views.operators.page import OperatorsPage

        return OperatorsPage(desk)
    if name == "integrations":
        from aiops_desktop.ui.views.integrations.page import IntegrationsPage

        return IntegrationsPage(desk)
    if name == "keys":
        from aiops_desktop.ui.views.keys.page import KeysPage

        return KeysPage(desk)
    if name == "sessions":
        from aiops_desktop.ui.views.sessions.page import SessionsPage

        return SessionsPage(desk)
    if name == "settings":
        from aiops_desktop.ui.views.settings.page import SettingsPage

        return SettingsPage(desk)
    if name == "update":
        from aiops_desktop.ui.views.update.page import UpdatePage

        return UpdatePage(desk)
    if name == "welcome":
        from aiops_desktop.ui.views.welcome.page import WelcomePage

        return WelcomePage(desk)
    if name == "backups":
        from aiops_desktop.ui.views.backup.page import BackupsPage

        return BackupsPage(desk)
    if name == "trash":
        from aiops_desktop.ui.views.backup.trash import TrashPage

        return TrashPage(desk)
    raise KeyError(name)
