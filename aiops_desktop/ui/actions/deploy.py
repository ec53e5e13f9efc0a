"""What a person can do with deployments; the page itself carries it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.ui.actions.action import Action, needs_project

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk


def _needs_running(desk: Desk) -> str:
    reason = needs_project(desk)
    if reason:
        return reason
    return "" if desk.property("deployment") else "No deployment that is at work is shown."


def _needs_waiting(desk: Desk) -> str:
    reason = needs_project(desk)
    if reason:
        return reason
    return "" if desk.property("confirming") else "No deployment that is shown waits for you."


ACTIONS: tuple[Action, ...] = (
    Action(
        "deploy.launch",
        "Deploy…",
        lambda desk: desk.go("deploy"),
        "Deploy",
        "rocket-launch",
        needs_project,
        words="semaphore playbook ansible template release",
        verb="deployments.launch",
    ),
    Action(
        "deploy.follow",
        "Follow deployment",
        lambda desk: desk.go("deploy", "follow"),
        "Deploy",
        "arrow-line-down",
        _needs_running,
    ),
    Action(
        "deploy.confirm",
        "Confirm deployment",
        lambda desk: desk.go("deploy", "confirm"),
        "Deploy",
        "check",
        _needs_waiting,
        verb="deployments.confirm",
    ),
    Action(
        "deploy.stop",
        "Stop deployment",
        lambda desk: desk.go("deploy", "stop"),
        "Deploy",
        "stop",
        _needs_running,
        danger=True,
        verb="deployments.stop",
    ),
)
