"""Verbs of integrations: add, edit, test, give a new token, pause, link, remove."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.actions.keys import over
from aiops_desktop.ui.text import counted, tr

if TYPE_CHECKING:
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.integrations.lines import IntegrationLine


def _ready(desk: Desk) -> str:
    return "" if desk.ready else tr("The data folder is still being opened.")


def _needs_tenant(desk: Desk) -> str:
    if desk.tenants:
        return _ready(desk)
    return _ready(desk) or tr("An integration belongs to a tenant. Create a tenant first.")


def _chosen(desk: Desk) -> str:
    if desk.integration is not None:
        return ""
    return _needs_tenant(desk) or tr("Show the integrations and choose one first.")


def _proposed(desk: Desk) -> str:
    if desk.integration is not None and not desk.integration.entry.proposals:
        return tr("No address of a project says that it lies on this server.")
    return _chosen(desk)


def _linkable(desk: Desk) -> str:
    line = desk.integration
    if line is not None and not line.one.enabled:
        return tr("{name} is paused. Use it again first.", name=line.one.name)
    if line is not None and not any(
        project.tenant_id == line.tenant.id for project in desk.projects.values()
    ):
        return tr("{tenant} has no projects yet.", tenant=line.tenant.name)
    return _chosen(desk)


def _with(act: Callable[[Desk, IntegrationLine], object]) -> Callable[[Desk], None]:
    def run(desk: Desk) -> None:
        if desk.integration is not None:
            act(desk, desk.integration)

    return run


def _test(desk: Desk, line: IntegrationLine) -> None:
    house, one = desk.house, line.one
    desk.start(
        tr("Test {name}", name=one.name),
        lambda job: house.integrations.look(one.id, job),
        done=lambda made: desk.toast(
            *(
                ("check-circle", tr("{name} works", name=one.name))
                if made.report is None or made.report.good
                else ("x-circle", tr("{name} does not work", name=one.name), made.report.what)
            )
        ),
        lane=("integration", one.id),
    )


def _pause(desk: Desk, line: IntegrationLine) -> None:
    house, one = desk.house, line.one
    title = _pause_title(desk)
    desk.start(title, lambda _job: house.integrations.set_enabled(one.id, not one.enabled))


def _pause_title(desk: Desk) -> str:
    line = desk.integration
    return tr("Use it again") if line is not None and not line.one.enabled else tr("Pause")


def _sync(desk: Desk) -> None:
    house = desk.house

    def work(job: Job) -> Done:
        ends = house.issues.sync_all(house.issues.syncs(), job)
        bad = [end for end in ends if isinstance(end, Trouble)]
        changes = Changes(Touched.ISSUES | Touched.INTEGRATIONS | Touched.HISTORY)
        if bad:
            return Done(changes, counted(len(bad), "{n} link failed", "{n} links failed"))
        return Done(changes, counted(len(ends), "{n} link is synced", "{n} links are synced"))

    desk.start(
        tr("Sync issues of all tenants"),
        work,
        done=lambda done: desk.toast("arrows-clockwise", done.summary),
        ended=lambda: desk.announce(Changes(Touched.ISSUES)),  # what came before Stop is there
        lane=("issues", "all"),
    )


def _remove(desk: Desk, line: IntegrationLine) -> None:
    from aiops_desktop.ui.dialogs.integration_remove import ask

    ask(desk, over(), line.one)


def _link_proposed(desk: Desk, line: IntegrationLine) -> None:
    house, found = desk.house, line.entry.proposals

    desk.start(
        tr("Link projects"),
        lambda job: house.integrations.projects.link_proposed(line.tenant.id, job),
        done=lambda done: desk.toast("link-simple", done.summary),
        lane=("integration", found[0].integration_id),
    )


def _link(desk: Desk, line: IntegrationLine) -> None:
    from aiops_desktop.ui.dialogs.integration_link import LinkProjectDialog

    LinkProjectDialog(desk, over(), line).open()


#: What the pane's own menu and the table's context menu offer.
MENU = (
    "integration.test",
    "integration.edit",
    "integration.rotate",
    "integration.link",
    "integration.link_proposed",
    "-",
    "integration.pause",
    "-",
    "integration.remove",
)

ACTIONS: tuple[Action, ...] = (
    Action(
        "view.integrations", tr("Show integrations of all tenants"),
        lambda desk: desk.go("integrations"), "View", "share-network", _ready,
        words="gitlab github token forge server",
    ),
    Action(
        "integrations.sync", tr("Sync the issues of all integrations"), _sync, "Tenant",
        "arrows-clockwise", _ready, words="gitlab github issues refresh", verb="issues.sync_all",
    ),
    Action(
        "integration.new", tr("New integration…"),
        lambda desk: desk.go("integrations", ("new", None)), "Tenant", "plus", _needs_tenant,
        words="gitlab github token add", verb="integrations.add",
    ),
    Action(
        "integration.edit", tr("Edit integration…"),
        _with(lambda desk, line: desk.go("integrations", ("edit", line.one))), "Tenant",
        "pencil-simple", _chosen, verb="integrations.edit",
    ),
    Action(
        "integration.rotate", tr("New token for the integration…"),
        _with(lambda desk, line: desk.go("integrations", ("token", line.one))), "Tenant", "key",
        _chosen, words="rotate expired", verb="integrations.rotate",
    ),
    Action(
        "integration.test", tr("Test integration"), _with(_test), "Tenant", "lightning", _chosen,
        verb="integrations.look",
    ),
    Action(
        "integration.pause", _pause_title, _with(_pause), "Tenant", "pause-circle", _chosen,
        words="disable enable switch off integration", verb="integrations.set_enabled",
    ),
    Action(
        "integration.link", tr("Link a project…"), _with(_link), "Tenant", "link-simple",
        _linkable, words="gitlab github issues", verb="integrations.projects.link",
    ),
    Action(
        "integration.link_proposed", tr("Link the projects that lie there"),
        _with(_link_proposed), "Tenant", "", _proposed, verb="integrations.projects.link_proposed",
    ),
    Action(
        "integration.remove", tr("Remove integration…"), _with(_remove), "Tenant", "trash",
        _chosen, danger=True, words="delete forget token", verb="integrations.remove",
    ),
)  # fmt: skip
