"""Public keys at forges: registered with an account or as deploy key, and taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.fingerprints import blob_of
from aiops_desktop.domain.integrations import FORGES, Integration
from aiops_desktop.domain.keys import KeySaved, Registration
from aiops_desktop.domain.trouble import Refused, Trouble
from aiops_desktop.services.key_parts import CHANGED

if TYPE_CHECKING:
    from aiops_desktop.domain.keys import Key
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History
    from aiops_desktop.services.integrations import Integrations
    from aiops_desktop.storage.keys import KeyStore

USER = "user"
_DEPLOY = "deploy key of "


def deploy_place(path: str) -> str:
    """How a registration names a project's deploy keys."""
    return f"{_DEPLOY}{path}"


class Registrations:
    """Keys of a tenant on the forges it has integrations with; the door of key rotations, too."""

    def __init__(self, keys: KeyStore, integrations: Integrations, history: History) -> None:
        self._keys = keys
        self._integrations = integrations
        self._history = history

    # Verbs ------------------------------------------------------------------------------------

    def add(
        self,
        key_id: int,
        integration_id: int,
        job: Job,
        *,
        project: str = "",
        writes: bool = False,
    ) -> KeySaved:
        """Register a key's public half.

        Args:
            key_id: of the same tenant as the integration.
            integration_id: whose account registers it.
            job: makes it stoppable.
            project: "" with the account itself, else the path of the project on the forge that
                gets it as deploy key.
            writes: the deploy key may push.

        Raises:
            Refused: another tenant's; the token may not do it.
            Taken: another account has it.
            Trouble: the forge does not answer as it should.
        """
        key, one = self._both(key_id, integration_id)
        place = deploy_place(project) if project else USER
        with self._history.doing("register key", key.name, tenant_id=key.tenant_id) as entry:
            entry.facts = {"server": one.host, "as": place, "fingerprint": key.fingerprint}
            job.progress(f"Registering “{key.name}” with {one.host}")
            made = self._integrations.forge(one.id).add_key(
                key.name, key.public, project, job, writes=writes
            )
            saved = self._keys.register(key.id, Registration(one.host, place, made.external_id))
        return KeySaved(saved, Changes(CHANGED | Touched.INTEGRATIONS))

    def remove(self, key_id: int, where: Registration, job: Job) -> Done:
        """Take a key away from a forge, and forget that it was there.

        Raises:
            Refused: no integration leads there.
            Trouble: the forge does not answer as it should.
        """
        key = self._keys.get(key_id)
        with self._history.doing("unregister key", key.name, tenant_id=key.tenant_id) as entry:
            entry.facts = {"server": where.forge, "as": where.place}
            self._withdraw(key.tenant_id, where, key.public, job)
            self._keys.unregister(key_id, where.forge, where.place)
        return Done(Changes(CHANGED), f"“{key.name}” was removed from {where.forge}.")

    def find(self, tenant_id: int, job: Job) -> Done:
        """Ask the tenant's forges which of its keys they know; remember what they say.

        Accounts and the deploy keys of linked projects are looked at; one forge that does not
        answer is left out.

        Raises:
            Trouble: none answered; the first reason.
        """
        known = {blob_of(key.public): key for key in self._keys.all(tenant_id)}
        found, troubles, asked = 0, list[Trouble](), 0
        for one in self._forges(tenant_id):
            links = self._integrations.links(integration_id=one.id)
            for path in ("", *sorted({link.path for link in links})):
                job.progress(f"Asking {one.host} for its keys")
                try:
                    told = self._integrations.forge(one.id).keys(path, job)
                except Trouble as trouble:
                    troubles.append(trouble)
                    continue
                asked += 1
                place = deploy_place(path) if path else USER
                for theirs in told:
                    key = known.get(blob_of(theirs.public))
                    if key is not None:
                        where = Registration(one.host, place, theirs.external_id)
                        self._keys.register(key.id, where)
                        found += 1
        if troubles and not asked:
            raise troubles[0]
        noun = "registration was" if found == 1 else "registrations were"
        return Done(Changes(CHANGED), f"{found} {noun} found.")

    # The door of rotations --------------------------------------------------------------------

    def can(self, tenant_id: int, where: Registration) -> bool:
        """Whether an integration of the tenant leads there."""
        return self._leading(tenant_id, where) is not None

    def register(
        self, tenant_id: int, where: Registration, title: str, public: str
    ) -> Registration:
        """Add a public key where another one is."""
        one = self._must(tenant_id, where)
        made = self._integrations.forge(one.id).add_key(title, public, _project(where), writes=True)
        return Registration(where.forge, where.place, made.external_id)

    def unregister(self, tenant_id: int, where: Registration) -> None:
        """Take it away again; needs the forge's own id of it."""
        self._withdraw(tenant_id, where, "", None)

    # How it does it ---------------------------------------------------------------------------

    def _withdraw(self, tenant_id: int, where: Registration, public: str, job: Job | None) -> None:
        forge = self._integrations.forge(self._must(tenant_id, where).id)
        remote_id = where.remote_id
        if not remote_id and public:
            wanted = blob_of(public)
            for theirs in forge.keys(_project(where), job):
                if blob_of(theirs.public) == wanted:
                    remote_id = theirs.external_id
        if remote_id:
            forge.delete_key(remote_id, _project(where), job)

    def _both(self, key_id: int, integration_id: int) -> tuple[Key, Integration]:
        key, one = self._keys.get(key_id), self._integrations.get(integration_id)
        if key.tenant_id != one.tenant_id:
            raise Refused(
                "The key and the integration belong to different tenants.",
                "Choose an integration of the key's tenant.",
            )
        return key, one

    def _forges(self, tenant_id: int) -> list[Integration]:
        return [
            one for one in self._integrations.all(tenant_id) if one.enabled and one.kind in FORGES
        ]

    def _leading(self, tenant_id: int, where: Registration) -> Integration | None:
        return next((one for one in self._forges(tenant_id) if one.host == where.forge), None)

    def _must(self, tenant_id: int, where: Registration) -> Integration:
        found = self._leading(tenant_id, where)
        if found is None:
            raise Refused(
                f"No integration of this tenant leads to {where.forge}.",
                "Add one, or change the key's registration there yourself.",
                steps=("view.integrations",),
            )
        return found


def _project(where: Registration) -> str:
    return where.place.removeprefix(_DEPLOY) if where.place.startswith(_DEPLOY) else ""
