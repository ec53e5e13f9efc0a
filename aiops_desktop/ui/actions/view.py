"""Verbs of the window itself: pages, palette, theme, help, quit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from aiops_desktop.ui.actions.action import Action, needs_project
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk


def _go(place: str) -> Callable[[Desk], None]:
    return lambda desk: desk.go(place)


def _needs_house(desk: Desk) -> str:
    return "" if desk.ready else tr("The data folder is still being opened.")


def _theme_title(desk: Desk) -> str:
    dark = desk.theme.scheme.dark
    return tr("Switch to the light theme") if dark else tr("Switch to the dark theme")


def _turn_theme(desk: Desk) -> None:
    """Light becomes dark and the other way round; remembered as a setting."""
    choice = "light" if desk.theme.scheme.dark else "dark"
    desk.theme.choose(choice)
    desk.settings_theme = choice
    house = desk.house
    desk.start(tr("Remember the theme"), lambda _job: house.settings.choose_theme(choice))


def _no_finished(desk: Desk) -> str:
    ended = any(not record.alive for record in desk.jobs.shown)
    return "" if ended else tr("No job has ended yet.")


def _no_page(desk: Desk) -> str:
    return needs_project(desk)


def _open_data(desk: Desk) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(desk.layout.data)))


def _page(name: str, title: str, icon: str, number: int) -> Action:
    return Action(
        f"view.{name}", title, _go(name), "View", icon, _no_page, f"Ctrl+{number}", words="page tab"
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        "view.palette",
        tr("Search or run a command"),
        _go("palette"),
        "View",
        "magnifying-glass",
        shortcut="Ctrl+K",
        words="find command palette",
    ),
    Action(
        "view.projects",
        tr("Switch project…"),
        _go("projects"),
        "Project",
        "git-branch",
        lambda desk: "" if desk.projects else tr("There is no project yet."),
        "Ctrl+P",
        words="open jump go",
    ),
    _page("overview", tr("Show Overview"), "squares-four", 1),
    _page("terminal", tr("Show Terminal"), "terminal-window", 2),
    _page("changes", tr("Show Changes"), "git-diff", 3),
    _page("runs", tr("Show Runs"), "robot", 4),
    _page("deploy", tr("Show Deploy"), "rocket-launch", 5),
    _page("issues", tr("Show Issues"), "circle-half", 6),
    _page("history", tr("Show History"), "clock-counter-clockwise", 7),
    Action(
        "view.keys",
        tr("Show keys of all tenants"),
        _go("keys"),
        "View",
        "key",
        _needs_house,
        words="ssh known hosts",
    ),
    Action(
        "view.settings",
        tr("Show settings"),
        _go("settings"),
        "View",
        "gear-six",
        _needs_house,
        "Ctrl+,",
        words="preferences options configure",
    ),
    Action(
        "view.update",
        tr("Show the system update"),
        _go("update"),
        "Help",
        "arrow-circle-up",
        _needs_house,
        words="version upgrade release newer",
    ),
    Action(
        "settings.semaphore",
        tr("Show the Semaphore settings"),
        lambda desk: desk.go("settings", "semaphore"),
        "Deploy",
        "gear-six",
        _needs_house,
        words="server token address",
    ),
    Action(
        "view.jobs",
        tr("Show or hide jobs"),
        _go("jobs"),
        "View",
        "list-bullets",
        shortcut="Ctrl+J",
        words="progress drawer output",
    ),
    Action(
        "view.clear_jobs",
        tr("Clear finished jobs"),
        lambda desk: desk.jobs.clear_finished(),
        "View",
        "eraser",
        _no_finished,
    ),
    Action(
        "view.filter",
        tr("Filter projects"),
        _go("filter"),
        "View",
        "funnel",
        shortcut="Ctrl+Shift+P",
        words="sidebar tree find",
    ),
    Action(
        "view.primary",
        tr("Press the page's main button"),
        _go("primary"),
        "View",
        "arrow-elbow-down-left",
        shortcut="Ctrl+Return",
    ),
    Action(
        "view.refresh",
        tr("Refresh"),
        _go("refresh"),
        "View",
        "arrows-clockwise",
        _needs_house,
        "F5",
        words="reload read again",
    ),
    Action("view.theme", _theme_title, _turn_theme, "View", "circle-half", _needs_house),
    Action(
        "view.data",
        tr("Open the data folder"),
        _open_data,
        "Help",
        "folder-open",
        words="logs settings files",
    ),
    Action(
        "help.shortcuts",
        tr("Show keyboard shortcuts"),
        _go("shortcuts"),
        "Help",
        "keyboard",
        shortcut="F1",
        words="keys help",
    ),
    Action("app.quit", tr("Quit"), _go("quit"), "File", "power", shortcut="Ctrl+Q", words="exit"),
)
