"""The project's facts, each a row: branch, distance to the server, last commit, run, deployment."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from aiops_desktop.domain.deployments import Deployment
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.repositories import CheckoutStatus
from aiops_desktop.domain.runs import Run
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.acting import Acting, id_label
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import label
from aiops_desktop.ui.text import age, counted, from_home, tr
from aiops_desktop.ui.views.deploy.looks import look as deployment_look
from aiops_desktop.ui.views.overview.parts import right_elided, since
from aiops_desktop.ui.views.runs.looks import heading
from aiops_desktop.ui.views.runs.looks import look as run_look

Row = tuple[str, list[QWidget], QLabel | None]


def facts(
    desk: Desk,
    project: Project,
    status: CheckoutStatus | None,
    run: Run | None,
    deployment: Deployment | None,
) -> list[Row]:
    """All rows that have something to say."""
    rows: list[Row] = []
    if status is not None:
        rows += [_branch(desk, status), _distance(status), _commit(desk, status)]
    rows += [_run(desk, run), _deployment(desk, deployment)]
    rows.append((tr("Remote"), [Elided(from_home(project.remote_url), "mono-muted")], None))
    return rows


def _branch(desk: Desk, status: CheckoutStatus) -> Row:
    name = tr("Branch")
    if not status.branch:
        return name, [label(tr("none, a single commit is checked out"), "", "warning")], None
    pieces: list[QWidget] = [Elided(status.branch, "mono")]
    if status.upstream:
        pieces += [label(tr("follows"), "muted"), Elided(status.upstream, "mono-muted")]
    else:
        pieces.append(right_elided(tr("follows no branch of a server yet"), "muted"))
    if status.operation:
        words = tr("{operation} under way", operation=status.operation)
        pieces += [desk.kit.glyph("warning-circle", "warning"), label(words, "", "warning")]
    return name, pieces, None


def _distance(status: CheckoutStatus) -> Row:
    fetched = tr("fetched {age} ago", age=age(status.fetched)) if status.fetched else ""
    if age(status.fetched) == tr("now"):
        fetched = tr("fetched just now")
    if status.ahead:
        behind = tr("{n} behind", n=status.behind) if status.behind else tr("none behind")
        said = tr("not pushed yet, {behind}", behind=behind)
        commits = counted(status.ahead, "{n} commit", "{n} commits")
        return tr("Ahead"), [label(commits), right_elided(said, "muted")], None
    if status.behind:
        commits = counted(status.behind, "{n} commit", "{n} commits")
        return tr("Behind"), [label(commits), right_elided(fetched, "muted")], None
    if not status.upstream:
        return tr("Ahead"), [label(tr("nothing is pushed yet"), "muted")], None
    words = tr("level with {up}", up=status.upstream)
    return tr("Ahead"), [label(words), right_elided(fetched, "muted")], None


def _commit(desk: Desk, status: CheckoutStatus) -> Row:
    head = status.head
    if head is None:
        return tr("Last commit"), [label(tr("none yet"), "muted")], None
    pieces: list[QWidget] = [id_label(desk, head.id), right_elided(head.summary)]
    pieces[1].setToolTip(f"{head.summary}\n{head.author_name} <{head.author_email}>")
    return tr("Last commit"), pieces, since(head.time)


def _run(desk: Desk, run: Run | None) -> Row:
    if run is None:
        return tr("Last run"), [label(tr("none yet"), "muted")], None
    seen = run_look(run.state)
    pieces: list[QWidget] = [
        desk.kit.glyph(seen.icon, seen.tone),
        Acting(seen.word, lambda: desk.go("runs", run.id), "", seen.tone),
        right_elided(heading(run), "muted"),
    ]
    return tr("Last run"), pieces, since(run.finished or run.created)


def _deployment(desk: Desk, deployment: Deployment | None) -> Row:
    if deployment is None:
        return tr("Last deployment"), [label(tr("none yet"), "muted")], None
    icon, tone, word = deployment_look(deployment.state)
    pieces: list[QWidget] = [
        desk.kit.glyph(icon, tone),
        Acting(word, lambda: desk.go("deploy", deployment.id), "", tone),
    ]
    if deployment.commit:
        pieces.append(id_label(desk, deployment.commit))
    dry = tr("{name}, dry run", name=deployment.template)
    pieces.append(right_elided(dry if deployment.dry_run else deployment.template, "muted"))
    return tr("Last deployment"), pieces, since(deployment.finished or deployment.created)
