"""How the states of deployments look: icon, tone and word."""

from __future__ import annotations

from aiops_desktop.domain.deployments import Deployment, DeploymentState
from aiops_desktop.ui.text import tr

_LOOKS = {
    DeploymentState.WAITING: ("hourglass", "accent", "Waiting"),
    DeploymentState.STARTING: ("spinner", "accent", "Starting"),
    DeploymentState.RUNNING: ("spinner", "accent", "Running"),
    DeploymentState.CONFIRMING: ("hand-palm", "warning", "Waits for you"),
    DeploymentState.STOPPING: ("spinner", "warning", "Stopping"),
    DeploymentState.SUCCESS: ("check-circle", "success", "Succeeded"),
    DeploymentState.WARNING: ("warning-circle", "warning", "With warnings"),
    DeploymentState.ERROR: ("x-circle", "danger", "Failed"),
    DeploymentState.STOPPED: ("stop-circle", "muted", "Stopped"),
    DeploymentState.LOST: ("question", "warning", "Lost"),
}


def look(state: DeploymentState | None) -> tuple[str, str, str]:
    """(icon, tone, word); None is for what was never deployed."""
    if state is None:
        return "circle-dashed", "muted", tr("never")
    icon, tone, word = _LOOKS[state]
    return icon, tone, tr(word)


def seconds(one: Deployment) -> float | None:
    """How long it ran, by the clock of whoever ran it; None while that is not known."""
    if one.started is None or one.finished is None:
        return None
    return max(0.0, (one.finished - one.started).total_seconds())
