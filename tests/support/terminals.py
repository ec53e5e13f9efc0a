"""A terminal page on a desk with real sessions in a private tmux server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.services.house import House
from aiops_desktop.ui.desk import Desk
from tests.support.work import Work, work


def terminal_house(bench: Work) -> House:
    """The services that the page uses; the rest is not there."""
    made = SimpleNamespace(
        tenants=bench.ground.tenants,
        projects=bench.ground.projects,
        sessions=bench.sessions,
        repositories=SimpleNamespace(status=lambda _id: CheckoutStatus("main", None, "")),
        runs=SimpleNamespace(all=list),
    )
    return cast(House, made)


def bench_with_shell(layout: Layout) -> tuple[Work, Project]:
    """A cloned project whose terminals start a plain shell."""
    bench = work(layout)
    bench.chosen.assistants(default_tool="shell", default_shell="/bin/bash --norc --noprofile")
    return bench, bench.project(bench.tenant(), "web-shop")


def select(desk: Desk, project: Project) -> None:
    """Show a project, as a click in the sidebar does."""
    desk.projects.setdefault(project.id, project)
    desk.select(project.id)
