"""Verbs of tenants and projects: create, edit, delete, star."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.ui.actions.action import Action, needs_project
from aiops_desktop.ui.actions.keys import over
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.domain.tenants import Doomed, Tenant
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.desk import Desk


def _needs_house(desk: Desk) -> str:
    return "" if desk.ready else tr("The data folder is still being opened.")


def _needs_tenant(desk: Desk) -> str:
    return _needs_house(desk) or ("" if desk.tenants else tr("Create a tenant first."))


def _shown_tenant(desk: Desk) -> Tenant | None:
    """The tenant of the project shown, or the only one there is."""
    if desk.tenant:
        return desk.tenant
    return next(iter(desk.tenants.values())) if len(desk.tenants) == 1 else None


def _needs_shown_tenant(desk: Desk) -> str:
    reason = _needs_tenant(desk)
    return reason or ("" if _shown_tenant(desk) else tr("Choose a project of the tenant first."))


def _busy(desk: Desk) -> str:
    reason = needs_project(desk)
    record = desk.busy(desk.project.id) if desk.project else None
    if reason or record is None:
        return reason
    return tr("“{title}” is still at work in this checkout.", title=record.title)


# Tenants -----------------------------------------------------------------------------------------


def new_tenant(desk: Desk) -> None:
    """Ask for name, colour and author."""
    from aiops_desktop.ui.dialogs.tenant import TenantDialog

    TenantDialog(desk, over()).open()


def edit_tenant(desk: Desk, tenant: Tenant | None = None) -> None:
    """Change what a tenant is called and acts as."""
    from aiops_desktop.ui.dialogs.tenant import TenantDialog

    tenant = tenant or _shown_tenant(desk)
    if tenant:
        TenantDialog(desk, over(), tenant).open()


def delete_tenant(desk: Desk, tenant: Tenant | None = None) -> None:
    """Show what would go, then ask for the typed name."""
    tenant = tenant or _shown_tenant(desk)
    if tenant is None:
        return
    which, house = tenant, desk.house

    def show(doomed: Doomed) -> None:
        from aiops_desktop.ui.dialogs.delete import DeleteDialog

        DeleteDialog(
            desk,
            over(),
            tr("tenant"),
            doomed,
            lambda job: house.tenants.delete(which.id, job),
            typed=bool(doomed.projects),
        ).open()

    _look(desk, lambda: house.tenants.doomed(which.id), show)


# Projects ----------------------------------------------------------------------------------------


def new_project(desk: Desk, tenant_id: int | None = None, address: str = "") -> None:
    """Ask for the address of a repository, then clone it."""
    from aiops_desktop.ui.dialogs.project import ProjectDialog

    ProjectDialog(desk, over(), tenant_id=tenant_id, address=address).open()


def edit_project(desk: Desk, project: Project | None = None, *, token: bool = False) -> None:
    """Change name, address, branch, key or access token of a project."""
    from aiops_desktop.ui.dialogs.project import ProjectDialog

    project = project or desk.project
    if project:
        ProjectDialog(desk, over(), project=project, token=token).open()


def _no_token(desk: Desk) -> str:
    reason = needs_project(desk)
    if reason or desk.project is None or desk.project.remote_url.startswith("https://"):
        return reason
    return tr("Only https addresses take an access token.")


def delete_project(desk: Desk, project: Project | None = None) -> None:
    """Show what would go, then ask."""
    project = project or desk.project
    if project is None:
        return
    which, house = project, desk.house

    def show(doomed: Doomed) -> None:
        from aiops_desktop.ui.dialogs.delete import DeleteDialog

        DeleteDialog(
            desk,
            over(),
            tr("project"),
            doomed,
            lambda job: house.projects.delete(which.id, job),
            typed=bool(doomed.unsaved),
        ).open()

    _look(desk, lambda: house.projects.doomed(which.id), show)


def star(desk: Desk, project: Project | None = None) -> None:
    """Put a project among the favourites, or take it out."""
    project = project or desk.project
    if project is None:
        return
    which, house = project, desk.house
    desk.read(
        lambda _job: house.projects.favourite(which.id, not which.favourite),
        lambda saved: desk.announce(saved.changes),
    )


def _look(desk: Desk, look: Callable[[], Doomed], show: Callable[[Doomed], None]) -> None:
    """Read what a deletion would take; a Trouble of that becomes a banner."""
    desk.read(lambda _job: look(), show, trouble=lambda problem: _tell(desk, problem))


def _tell(desk: Desk, problem: Trouble) -> None:
    desk.banner_wanted.emit(desk.project.id if desk.project else None, problem)


def _star_title(desk: Desk) -> str:
    starred = desk.project is not None and desk.project.favourite
    return tr("Remove from favourites") if starred else tr("Add to favourites")


def _tenant_title(sentence: str, bare: str) -> Callable[[Desk], str]:
    def title(desk: Desk) -> str:
        tenant = _shown_tenant(desk)
        return tr(sentence, name=tenant.name) if tenant else tr(bare)

    return title


def seed_data(desk: Desk) -> None:
    """Add the tenants dcx, iwf and kbe with their projects; what is there stays as it is."""
    from aiops_desktop.services.seeding import seed

    house = desk.house
    desk.start(
        tr("Add the seed tenants"),
        lambda job: seed(house, job=job),
        done=lambda planted: desk.toast(
            "buildings", tr("Seed tenants dcx, iwf and kbe"), planted.summary
        ),
        lane="seed",
    )


ACTIONS: tuple[Action, ...] = (
    Action(
        "tenant.new",
        tr("New tenant…"),
        new_tenant,
        "Tenant",
        "buildings",
        _needs_house,
        words="create customer add",
        verb="tenants.create",
    ),
    Action(
        "tenant.edit",
        _tenant_title("Edit tenant {name}…", "Edit tenant…"),
        edit_tenant,
        "Tenant",
        "pencil-simple",
        _needs_shown_tenant,
        words="rename colour author",
        verb="tenants.edit",
    ),
    Action(
        "tenant.delete",
        _tenant_title("Delete tenant {name}…", "Delete tenant…"),
        delete_tenant,
        "Tenant",
        "trash",
        _needs_shown_tenant,
        danger=True,
        words="remove",
        verb="tenants.delete",
    ),
    Action(
        "tenant.seed",
        tr("Add the seed tenants dcx, iwf and kbe"),
        seed_data,
        "Tenant",
        "stack",
        _needs_house,
        words="seed-data example projects",
        verb="tenants.create",
    ),
    Action(
        "project.new",
        tr("New project…"),
        new_project,
        "Project",
        "plus",
        _needs_tenant,
        "Ctrl+N",
        words="create add clone repository",
        verb="projects.create",
    ),
    Action(
        "project.edit",
        tr("Edit project…"),
        edit_project,
        "Project",
        "pencil-simple",
        needs_project,
        words="rename address key branch remote",
        verb="projects.edit",
    ),
    Action(
        "git.token",
        tr("Enter another access token…"),
        lambda desk: edit_project(desk, token=True),
        "Project",
        "key",
        _no_token,
        words="https login credential password",
        verb="projects.edit",
    ),
    Action(
        "project.star",
        _star_title,
        star,
        "Project",
        "star",
        needs_project,
        words="favourite",
        verb="projects.favourite",
    ),
    Action(
        "project.delete",
        tr("Delete project…"),
        delete_project,
        "Project",
        "trash",
        _busy,
        danger=True,
        words="remove",
        verb="projects.delete",
    ),
)
