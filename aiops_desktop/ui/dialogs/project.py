"""New project and Edit project."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.projects import Project, ProjectDraft, ProjectSaved
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.project_form import ProjectForm
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import from_home, tr


class ProjectDialog(Dialog):
    """Creates a project and clones it, or changes the given one."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget | None,
        *,
        project: Project | None = None,
        tenant_id: int | None = None,
        address: str = "",
        token: bool = False,
    ) -> None:
        """`token` puts the cursor into the access token's field."""
        self.project_id = project.id if project else None
        self._project = project
        super().__init__(
            desk,
            parent,
            tr("Edit project {name}", name=project.name) if project else tr("New project"),
            from_home(project.checkout)
            if project
            else tr("A repository of a tenant. It is cloned into the tenant's folder."),
            verb=tr("Save project") if project else tr("Create and clone"),
        )
        self._tenants = sorted(desk.tenants.values(), key=lambda t: t.name.casefold())
        chosen = project.tenant_id if project else tenant_id or self._likely()
        self.tenant = self.kit.choice(*(tenant.name for tenant in self._tenants))
        self.tenant.setEnabled(project is None)
        ids = [tenant.id for tenant in self._tenants]
        if chosen in ids:
            self.tenant.setCurrentIndex(ids.index(chosen))
        self.form = ProjectForm(desk, self, chosen)
        self.fields = {
            "tenant_id": Field(
                self.kit,
                tr("Tenant"),
                self.tenant,
                tr("A project stays with its tenant.") if project else "",
            ),
            **self.form.fields,
        }
        self.body.addLayout(self.fields["tenant_id"].layout)
        self.body.addLayout(self.form.layout())
        self.tenant.currentIndexChanged.connect(self._turn)
        self.form.edited.connect(self._look)
        self.form.show_tenant(chosen)
        if project:
            self.form.fill(project)
        elif address:
            self.form.address.setText(address)
        self._look()
        first = self.form.name if project else self.form.address
        (self.form.token if token else first).setFocus()

    def submit(self) -> None:
        """Create and clone, or save."""
        try:
            draft = self.form.draft(self._project)
        except Refused as refused:
            self.show_trouble(refused)
            return
        house, project = self.desk.house, self._project
        if project:
            self.work(
                tr("Save project {name}", name=project.name),
                lambda _job: house.projects.edit(project.id, draft),
            )
        else:
            create(self, draft)

    def _likely(self) -> int | None:
        tenant = self.desk.tenant
        return tenant.id if tenant else self._tenants[0].id if self._tenants else None

    def _turn(self, number: int) -> None:
        if 0 <= number < len(self._tenants):
            self.form.show_tenant(self._tenants[number].id)
            self.form.address.textChanged.emit(self.form.address.text())

    def _look(self) -> None:
        self.accept_button.setEnabled(
            self.form.error is None and bool(self.form.address.text().strip())
        )


def create(dialog: Dialog, draft: ProjectDraft) -> None:
    """Create the project with the dialog open, then show it and clone it."""
    desk, house = dialog.desk, dialog.desk.house

    def done(saved: object) -> None:
        if isinstance(saved, ProjectSaved):
            show_and_clone(desk, saved.project)

    dialog.work(
        tr("Create project {name}", name=draft.name or draft.checked().name),
        lambda _job: house.projects.create(draft),
        done=done,
    )


def show_and_clone(desk: Desk, project: Project) -> None:
    """Show a new project and begin to clone it.

    The desk's list is read in the background; the project is shown at once, as it was created.
    """
    desk.projects[project.id] = project
    desk.select(project.id, "overview")
    desk.run_action("project.clone")
