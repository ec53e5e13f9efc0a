"""A desk with the deployments of a `Site` on it, for tests of the Deploy page and its pictures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QApplication

from aiops_desktop.domain.repositories import CheckoutStatus, Commit
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.theme import Theme
from tests.support.deploying import COMMIT, Site

if TYPE_CHECKING:
    from aiops_desktop.services.house import House


def commit(number: str, summary: str, minutes: int = 12) -> Commit:
    """A commit of a made-up history."""
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    return Commit(number, summary, "", "Ann", "ann@acme.example", at)


HEAD = commit(COMMIT, "Retry payment webhooks")
NEW = (HEAD, commit("91fe02d3" + "0" * 32, "Back off between retries", 60))


def desk_for(app: QApplication, at: Site, theme: Theme | None = None) -> Desk:
    """A desk whose house has tenants, projects, deployments, and a checkout with one commit."""
    house = SimpleNamespace(
        tenants=at.ground.tenants,
        projects=at.ground.projects,
        deployments=at.deployments,
        repositories=SimpleNamespace(
            status=lambda _project: CheckoutStatus("main", HEAD, "origin/main", ahead=2),
            log=lambda _project, **_more: list(NEW),
        ),
        runs=SimpleNamespace(all=list),
    )
    desk = Desk(at.ground.layout, theme or Theme(app, "light"))
    desk.open_house(cast("House", house))
    return desk
