"""What comes next in a project: the buttons of its head, and the rows that need the person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aiops_desktop.domain.deployments import Deployment, DeploymentState
from aiops_desktop.domain.events import Event, Outcome
from aiops_desktop.domain.integrations import Integration, IntegrationState
from aiops_desktop.domain.issues import SyncState
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.runs import Run, RunState
from aiops_desktop.ui.actions import git
from aiops_desktop.ui.actions import git_reasons as why
from aiops_desktop.ui.actions.action import needs_checkout
from aiops_desktop.ui.actions.issues import sync_link
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.needs import TRIES
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.overview.parts import Need
from aiops_desktop.ui.views.runs.looks import assistant_title, heading


@dataclass(frozen=True, slots=True)
class Step:
    """A button of the head; `id` is an action's, or "page:…" to go to a page."""

    id: str
    title: str
    icon: str
    reason: str = ""
    primary: bool = False


def steps(desk: Desk, events: Sequence[Event] = ()) -> tuple[Step, ...]:
    """The buttons, the most sensible one last and primary.

    After a rejected push the next step stands in the banner; pushing again would be rejected again.
    """
    if desk.project is None or not desk.cloned:
        return ()
    usual = (
        Step("git.pull", why.pull_title(desk), "arrow-down", why.no_pull(desk)),
        Step("runs.new", tr("New run"), "robot", needs_checkout(desk)),
        Step("page:deploy", tr("Deploy"), "rocket-launch", needs_checkout(desk)),
    )
    first, refused = _first(desk), rejected(desk, events)
    if refused is not None and first.id == "git.push":
        first = replace(first, reason=refused.note or tr("It was rejected."), primary=False)
    return (*(step for step in usual if step.id != first.id), first)


def _first(desk: Desk) -> Step:
    status = desk.status
    if status is None:
        return Step("git.push", why.push_title(desk), "arrow-up", why.no_push(desk), True)
    if status.conflicts:
        words = counted(len(status.conflicts), "Solve {n} conflict", "Solve {n} conflicts")
        return Step("page:changes", words, "warning-circle", "", True)
    if status.ahead and status.behind:
        reason = why.no_rebase(desk)
        return Step("git.fetch_rebase", tr("Fetch and rebase"), "arrows-clockwise", reason, True)
    if status.ahead or (status.head and status.branch and not status.upstream):
        return Step("git.push", why.push_title(desk), "arrow-up", why.no_push(desk), True)
    if status.changed:
        words = counted(status.changed, "Commit {n} file", "Commit {n} files")
        return Step("page:changes", words, "git-commit", "", True)
    if status.behind:
        return Step("git.pull", why.pull_title(desk), "arrow-down", why.no_pull(desk), True)
    return Step("runs.new", tr("New run"), "robot", needs_checkout(desk), True)


def needs(
    desk: Desk,
    runs: Iterable[Run],
    deployment: Deployment | None,
    events: Iterable[Event],
    links: Iterable[tuple[Integration, SyncState]] = (),
) -> list[Need]:
    """What waits for the person in the project shown."""
    made = [need for run in runs for need in _of_run(desk, run)]
    made += _of_deployment(desk, deployment)
    if desk.status:
        made += _of_checkout(desk, desk.status, events)
    for one, sync in links:
        made += _of_link(desk, one, sync)
    return made


def _of_run(desk: Desk, run: Run) -> list[Need]:
    who = assistant_title(run.assistant)
    kinds = {
        RunState.WAITING: (
            "hourglass-medium", "warning", tr("{who} waits for your answer"), tr("Answer"),
            run.last,
        ),
        RunState.READY: (
            "eye", "accent", tr("{who} is ready for review"), tr("Review"), heading(run),
        ),
        RunState.INTERRUPTED: (
            "warning-circle", "warning", tr("{who} was interrupted"), tr("Open"), heading(run),
        ),
    }  # fmt: skip
    if run.state not in kinds:
        return []
    icon, tone, words, step, about = kinds[run.state]
    argument: object = ("review", run.id) if run.state is RunState.READY else run.id
    return [
        Need(
            icon,
            tone,
            words.format(who=who),
            " ".join((about or heading(run)).split()),
            run.finished or run.created,
            step,
            lambda: desk.go("runs", argument),
        )
    ]


def _of_deployment(desk: Desk, deployment: Deployment | None) -> list[Need]:
    if deployment is None:
        return []
    at = deployment.finished or deployment.created

    def show() -> None:
        desk.go("deploy", deployment.id)

    if deployment.state is DeploymentState.CONFIRMING:
        words, about = tr("Deployment waits for you"), deployment.message or deployment.template
        return [Need("hand-palm", "warning", words, about, at, tr("Open"), show)]
    if deployment.state in {DeploymentState.ERROR, DeploymentState.LOST}:
        about = ", ".join(part for part in (deployment.template, deployment.message) if part)
        return [Need("x-circle", "danger", tr("Deployment failed"), about, at, tr("Open"), show)]
    return []


def _of_checkout(desk: Desk, status: CheckoutStatus, events: Iterable[Event]) -> list[Need]:
    made = []
    if status.conflicts:
        files = ", ".join(change.path for change in status.conflicts)
        count = len(status.conflicts)
        words = counted(count, "{n} file is in conflict", "{n} files are in conflict")
        made.append(
            Need("warning-circle", "warning", words, files, None, tr("Solve"),
                 lambda: desk.go("changes"))
        )  # fmt: skip
    refused = rejected(desk, events)
    if refused is not None:
        made.append(
            Need("warning-circle", "warning", tr("Push rejected"), refused.note, refused.started,
                 tr("Rebase"), lambda: git.pull(desk, "rebase"))
        )  # fmt: skip
    return made


def _of_link(desk: Desk, one: Integration, sync: SyncState) -> list[Need]:
    """Its token, else its sync: a bad token is why nothing is synced."""
    step = tr("New token")

    def renew() -> None:
        desk.go("integrations", ("token", one))

    match one.state(datetime.now(UTC)):
        case IntegrationState.EXPIRED:
            words = tr("A token has expired")
            return [Need("x-circle", "danger", words, one.name, one.expires, step, renew)]
        case IntegrationState.EXPIRING:
            words, about = tr("A token ends soon"), f"{one.name}, {one.expires:%-d %b %Y}"
            return [Need("calendar-blank", "warning", words, about, None, step, renew)]
        case IntegrationState.TROUBLE:
            words = tr("An integration does not work")
            about = f"{one.name}: {one.what}"
            return [Need("x-circle", "danger", words, about, one.tested, step, renew)]
    if sync.failures < TRIES:
        return []
    return [
        Need("link-break", "danger", tr("Issues do not sync"), sync.what, sync.synced,
             tr("Try again"), lambda: sync_link(desk, sync))
    ]  # fmt: skip


def rejected(desk: Desk, events: Iterable[Event]) -> Event | None:
    """The last push, when it was rejected and nothing was pulled or fetched since."""
    last = next((event for event in events if event.verb in {"push", "pull", "fetch"}), None)
    ahead = desk.status is not None and desk.status.ahead > 0
    if last is None or last.verb != "push" or last.outcome is not Outcome.REFUSED or not ahead:
        return None
    return last
