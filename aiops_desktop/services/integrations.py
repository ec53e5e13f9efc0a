"""Integrations: accounts of tenants on forges, tested before they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.adapters import authorities, forges
from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.integrations import (
    FORGES,
    DoomedIntegration,
    Integration,
    IntegrationDraft,
    IntegrationEntry,
    IntegrationReport,
    IntegrationSaved,
    Link,
    LinkEntry,
    lacking,
)
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Missing, NotTrusted, Refused, Trouble
from aiops_desktop.services.integration_check import check
from aiops_desktop.services.integration_links import Links
from aiops_desktop.services.integration_parts import by_web, draft_of, facts, seen
from aiops_desktop.services.integration_tokens import owner_of
from aiops_desktop.services.remote_tokens import RemoteTokens
from aiops_desktop.services.token_renewal import Renewal

if TYPE_CHECKING:
    from aiops_desktop.domain.forges import Forge
    from aiops_desktop.domain.settings import Settings
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.integrations import IntegrationStore
    from aiops_desktop.storage.keys import KeyStore
    from aiops_desktop.storage.projects import ProjectStore

CHANGED = Touched.INTEGRATIONS | Touched.HISTORY
_ALL = CHANGED | Touched.ISSUES


class Integrations:
    """Accounts on forges. Lane for tests: ("integration", id).

    Attributes:
        projects: links of projects to those of forges, and which ones suggest themselves.
        remotes: tokens in the addresses of checkouts.
        tokens: has servers replace them.
    """

    def __init__(
        self,
        store: IntegrationStore,
        projects: ProjectStore,
        keys: KeyStore,
        tenants: Tenants,
        secrets: Secrets,
        history: History,
        settings: Callable[[], Settings],
    ) -> None:
        self._store = store
        self._projects = projects
        self._keys = keys
        self._tenants = tenants
        self._secrets = secrets
        self._history = history
        self._settings = settings
        self.projects = Links(store, projects, history, self.forge)
        self.remotes = RemoteTokens(projects, tenants, secrets, history)
        self.tokens = Renewal(
            store, secrets, history, self.forge, lambda: settings().git.connect_timeout
        )

    # Looking ----------------------------------------------------------------------------------

    def all(self, tenant_id: int | None = None) -> list[Integration]:
        """A tenant's, or all, by name."""
        return self._store.all(tenant_id)

    def get(self, integration_id: int) -> Integration:
        """One.

        Raises:
            Missing: it is not there.
        """
        return self._store.get(integration_id)

    def find(self, tenant_id: int, name: str) -> Integration:
        """By name or number, without case.

        Raises:
            Missing: the tenant has none of this name.
        """
        wanted = name.strip().casefold()
        for one in self._store.all(tenant_id):
            if wanted in {one.name.casefold(), str(one.id)}:
                return one
        raise Missing(
            f"This tenant has no integration “{name[:60]}”.", "Look at the list of integrations."
        )

    def entries(self, tenant_id: int | None = None) -> list[IntegrationEntry]:
        """All with their links, and with the links that suggest themselves."""
        names = {tenant.id: tenant.name for tenant in self._tenants.all()}
        projects = {project.id: project for project in self._projects.all(tenant_id)}
        integrations = self._store.all(tenant_id)
        links: dict[int, list[LinkEntry]] = {}
        for link in self._store.links(tenant_id=tenant_id):
            entry = LinkEntry(link, projects[link.project_id].name)
            links.setdefault(link.integration_id, []).append(entry)
        proposed = self.projects.proposals(tenant_id)
        return [
            IntegrationEntry(
                one,
                names.get(one.tenant_id, ""),
                tuple(links.get(one.id, ())),
                tuple(p for p in proposed if p.integration_id == one.id),
                lacking(one.kind, one.scopes),
            )
            for one in integrations
        ]

    def links(
        self,
        *,
        tenant_id: int | None = None,
        integration_id: int | None = None,
        project_id: int | None = None,
    ) -> list[Link]:
        """All links that fit, by path."""
        return self._store.links(
            tenant_id=tenant_id, integration_id=integration_id, project_id=project_id
        )

    def forge(self, integration_id: int) -> Forge:
        """The account on its forge, with the token of the secret store.

        Raises:
            Refused: it is switched off, or no forge.
            NotTrusted: there is no token, or the secret store cannot be opened.
        """
        one = self._store.get(integration_id)
        if not one.enabled:
            raise Refused(
                f"The integration “{one.name}” is switched off.",
                "Switch it on under Integrations.",
                steps=("view.integrations",),
            )
        return self._door(one)

    # Changing ---------------------------------------------------------------------------------

    def test(
        self, draft: IntegrationDraft, job: Job, integration_id: int | None = None
    ) -> IntegrationReport:
        """Look at what a draft would save; nothing is kept, nothing is raised for a bad one.

        Args:
            draft: without a token that of `integration_id` is used.
            job: shows where it is, and stops it.
            integration_id: the one that is being edited.

        Raises:
            Refused: no address, at its field; no token.
            Stopped: the person pressed Stop.
        """
        token = self._told(draft)
        if not token and integration_id is not None:
            one = self._own(integration_id, draft.tenant_id)
            token = self._secrets.get(owner_of(one))
            if forges.clean_address(draft.base_url, draft.kind) != one.base_url:
                raise Refused(
                    "A token goes to the server it was made for, and no other.",
                    "Enter a token of the new server.",
                    field="token",
                )
        if not token:
            raise Refused("A token is needed.", "Make one there, then paste it.", field="token")
        return check(draft, token, job, self._settings().git.connect_timeout)

    def add(self, draft: IntegrationDraft, job: Job) -> IntegrationSaved:
        """Keep an account that passes its test; the token goes to the secret store.

        Raises:
            Refused: no address, no token, name taken.
            NotTrusted: the token or the certificate was refused.
            Failed: not reached, or not such a server.
            Stopped: the person pressed Stop.
        """
        tenant = self._tenants.get(draft.tenant_id)
        self._told(draft)
        name = self._name(draft)
        with self._history.doing("add integration", name, tenant_id=tenant.id) as entry:
            report = self._good(draft, job)
            made = Integration(
                0, tenant.id, draft.kind, name, report.base_url, "", datetime.now(UTC)
            )
            made = replace(made, ca_file=self._authority(draft))
            made = self._store.add(seen(made, report))
            try:
                self._secrets.put(owner_of(made), draft.token.strip())
            except BaseException:
                self._store.remove(made.id)
                raise
            entry.facts = facts(made)
        return IntegrationSaved(made, Changes(CHANGED), report)

    def edit(self, integration_id: int, draft: IntegrationDraft, job: Job) -> IntegrationSaved:
        """Change one, after a test; a token of "" keeps the one there is.

        Raises:
            Refused: as `add`; the draft is of another tenant or kind.
            NotTrusted, Failed, Stopped: as `add`.
        """
        before = self._own(integration_id, draft.tenant_id)
        if draft.kind is not before.kind:
            raise Refused(
                "An integration cannot become one of another kind.",
                "Add another one.",
                field="kind",
            )
        self._told(draft)
        name = self._name(draft)
        with self._history.doing(
            "edit integration", before.name, tenant_id=before.tenant_id
        ) as entry:
            report = self._good(draft, job, integration_id)
            after = replace(
                before, name=name, base_url=report.base_url, ca_file=self._authority(draft)
            )
            after = self._store.change(seen(after, report))
            if draft.token.strip():
                self._secrets.put(owner_of(after), draft.token.strip())
            entry.facts = facts(after) | {"token": "new" if draft.token.strip() else "kept"}
        return IntegrationSaved(after, Changes(_ALL), report)

    def rotate(self, integration_id: int, token: str, job: Job) -> IntegrationSaved:
        """Put a new token in the place of the old one, once it has passed the test.

        Raises:
            Refused: the new token belongs to another account.
            NotTrusted, Failed, Stopped: as `add`; the old token stays.
        """
        before = self._store.get(integration_id)
        draft = replace(draft_of(before), token=token)
        self._told(draft)
        with self._history.doing("rotate token", before.name, tenant_id=before.tenant_id) as entry:
            report = self._good(draft, job)
            login = report.account.person.login if report.account else ""
            if before.username and login.casefold() != before.username.casefold():
                raise Refused(
                    f"This token belongs to {login}, not to {before.username}.",
                    "Take a token of the same account, or edit the integration.",
                    field="token",
                )
            self._secrets.put(owner_of(before), token.strip())
            after = self._store.change(seen(before, report))
            entry.facts = facts(after)
        return IntegrationSaved(after, Changes(CHANGED), report)

    def look(self, integration_id: int, job: Job) -> IntegrationSaved:
        """Test one that is kept, and remember what was found; a bad outcome is not raised.

        Raises:
            NotTrusted: the secret store cannot be opened.
            Stopped: the person pressed Stop.
        """
        before = self._store.get(integration_id)
        with self._history.doing(
            "test integration", before.name, tenant_id=before.tenant_id
        ) as entry:
            report = self.test(draft_of(before), job, integration_id)
            after = self._store.change(seen(self._store.get(integration_id), report))
            entry.note = report.what
            entry.facts = facts(after)
        return IntegrationSaved(after, Changes(CHANGED), report)

    def set_enabled(self, integration_id: int, on: bool) -> IntegrationSaved:
        """Switch one off, so that nothing is sent with its token; or on again."""
        before = self._store.get(integration_id)
        verb = "switch integration on" if on else "switch integration off"
        with self._history.doing(verb, before.name, tenant_id=before.tenant_id):
            after = self._store.change(replace(before, enabled=on))
        return IntegrationSaved(after, Changes(_ALL))

    def doomed(self, integration_id: int) -> DoomedIntegration:
        """What removing one would take with it."""
        one = self._store.get(integration_id)
        names = {project.id: project for project in self._projects.all(one.tenant_id)}
        links = self._store.links(integration_id=integration_id)
        pushes = [
            project.name for project in names.values() if by_web(project.remote_url, one.base_url)
        ]
        keys = [
            key.name
            for key in self._keys.all(one.tenant_id)
            if any(where.forge == one.host for where in key.registered)
        ]
        return DoomedIntegration(
            one.name,
            tuple(sorted({names[link.project_id].name for link in links})),
            tuple(keys),
            tuple(pushes),
            f"Nothing changes on {one.host}: revoke the token there when nobody else uses it.",
        )

    def remove(self, integration_id: int) -> Done:
        """Forget one, its token and its links; issues synced through them go with these."""
        one = self._store.get(integration_id)
        doomed = self.doomed(integration_id)
        with self._history.doing("remove integration", one.name, tenant_id=one.tenant_id) as entry:
            entry.facts = facts(one) | {"projects": ", ".join(doomed.projects)}
            self._secrets.put(owner_of(one), "")
            self._store.remove(integration_id)
        return Done(Changes(_ALL), f"“{one.name}” was removed.")

    def failed(self, integration_id: int, trouble: Trouble | None) -> None:
        """Remember how work through it went (a sync); None: well."""
        one = self._store.get(integration_id)
        what, hint = (trouble.what, trouble.hint) if trouble else ("", "")
        if (one.what, one.hint) != (what, hint):
            self._store.change(replace(one, what=self._secrets.scrub(what), hint=hint))

    # How it does it ---------------------------------------------------------------------------

    def _door(self, one: Integration) -> Forge:
        token = self._secrets.get(owner_of(one))
        if not token:
            raise NotTrusted(
                f"The integration “{one.name}” has no token.",
                "Enter one under Integrations.",
                steps=("view.integrations",),
            )
        return forges.connect(
            one.kind,
            one.base_url,
            token,
            ca_file=one.ca_file,
            timeout=self._settings().git.connect_timeout,
        )

    def _own(self, integration_id: int, tenant_id: int) -> Integration:
        one = self._store.get(integration_id)
        if one.tenant_id != tenant_id:
            raise Refused("This integration belongs to another tenant.", "Choose another one.")
        return one

    def _told(self, draft: IntegrationDraft) -> str:
        if draft.kind not in FORGES:
            raise Refused(f"{draft.kind.shown} is no forge.", "Choose another kind.", field="kind")
        token = draft.token.strip()
        if token:
            self._secrets.learn(token)
        return token

    def _name(self, draft: IntegrationDraft) -> str:
        base = forges.clean_address(draft.base_url, draft.kind)
        usual = f"{draft.kind.shown} {base.partition('://')[2]}"
        return checked_name(draft.name.strip() or usual.replace("/", " "), "integration")

    def _good(
        self, draft: IntegrationDraft, job: Job, integration_id: int | None = None
    ) -> IntegrationReport:
        report = self.test(draft, job, integration_id)
        if report.good:
            return report
        kind = NotTrusted if report.field == "token" else Refused
        raise kind(report.what, report.hint, field=report.field)

    def _authority(self, draft: IntegrationDraft) -> str:
        """A copy of the authority's certificate in the tenant's own folder; its path."""
        if not draft.ca_file:
            return ""
        folder = self._tenants.room(draft.tenant_id).folder / "authorities"
        return str(authorities.keep(Path(draft.ca_file), folder))
