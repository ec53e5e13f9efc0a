"""Has a forge replace a token by a new one, and never loses the only copy of it without a word."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.forges import Rejected, Unanswered
from aiops_desktop.domain.integrations import (
    TOKEN_DAYS,
    TOKEN_MOST,
    Integration,
    IntegrationSaved,
)
from aiops_desktop.domain.trouble import Refused, Trouble
from aiops_desktop.services.integration_check import check
from aiops_desktop.services.integration_parts import draft_of, facts, seen
from aiops_desktop.services.integration_tokens import owner_of

if TYPE_CHECKING:
    from aiops_desktop.domain.forges import Forge
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import History
    from aiops_desktop.services.secrets import Secrets
    from aiops_desktop.storage.integrations import IntegrationStore

_PASTE = "Test it. When it is refused, make a new token there and paste it."
_UNKNOWN = "The server was asked to replace the token, and its answer never came."


class Renewal:
    """Rotates tokens on the server that made them."""

    def __init__(
        self,
        store: IntegrationStore,
        secrets: Secrets,
        history: History,
        forge: Callable[[int], Forge],
        timeout: Callable[[], float],
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._history = history
        self._forge = forge
        self._timeout = timeout

    def renew(self, integration_id: int, job: Job, days: int = TOKEN_DAYS) -> IntegrationSaved:
        """Put a token that the server makes in the place of the old one.

        The old one is dead the moment the server answers, and the answer is the only copy of the
        new one: it is kept before anything else is done. That the server is being asked is written
        down before, so that a program that dies in between says so when it comes back. Other
        integrations of the tenant with the same token get the new one, too.

        Args:
            integration_id: which.
            job: says where it is; Stop works until the server is asked.
            days: how long the new one lives.

        Raises:
            Refused: this server, or this token, cannot; nothing happened.
            NotTrusted: the token is dead already, or the secret store cannot be opened.
            Failed: the server did not answer; what is known then stands at the integration.
            Stopped: before the server was asked.
        """
        before = self._store.get(integration_id)
        now = datetime.now(UTC)
        reason = before.not_renewed(now)
        if reason:
            raise Refused(reason, "Make a new token there and paste it.")
        if not 1 <= days <= TOKEN_MOST:
            raise Refused(
                f"A token lives for 1 to {TOKEN_MOST} days.", "Choose another number.", field="days"
            )
        with self._history.doing(
            "rotate token on the server", before.name, tenant_id=before.tenant_id
        ) as entry:
            forge = self._forge(integration_id)
            sharing = self._sharing(before)
            for one in sharing:  # as it will be done: a store that cannot be written says so now
                self._secrets.put(owner_of(one), self._secrets.get(owner_of(one)))
            job.progress(f"Asking {before.host} for a new token")
            job.check()
            with self._told(before, forge):
                made = forge.renew_token((now + timedelta(days=days)).date())
                for one in sharing:
                    self._secrets.put(owner_of(one), made.token)
            kept = [self._store.change(_well(one, made.expires)) for one in sharing]
            after = next(one for one in kept if one.id == integration_id)
            report = None
            with contextlib.suppress(Trouble):  # it is kept; a look at it may come later
                report = check(draft_of(after), made.token, job, self._timeout())
                after = self._store.change(seen(after, report))
            entry.facts = facts(after)
            others = [one.name for one in sharing if one.id != integration_id]
            entry.note = f"Kept for {', '.join(others)}, too." if others else ""
        return IntegrationSaved(after, Changes(Touched.INTEGRATIONS | Touched.HISTORY), report)

    @contextlib.contextmanager
    def _told(self, before: Integration, forge: Forge) -> Iterator[None]:
        """Say at the integration that the token may be another one, until that is known."""
        self._store.change(replace(before, what=_UNKNOWN, hint=_PASTE))
        try:
            yield
        except Unanswered as lost:
            self._look(before, forge, lost)
            raise
        except Refused:  # read and refused: the token is what it was
            self._store.change(before)
            raise
        except Trouble as trouble:
            self._store.change(replace(before, what=trouble.what, hint=trouble.hint))
            raise

    def _look(self, before: Integration, forge: Forge, lost: Unanswered) -> None:
        """No answer came: whether the old token still opens something tells what happened."""
        try:
            forge.account()
        except Rejected:
            lost.what = "The server replaced the token, and its answer was lost."
            lost.hint = "Make a new token there and paste it: nobody can read the lost one."
            self._store.change(replace(before, what=lost.what, hint=lost.hint))
        except Trouble:
            lost.what, lost.hint = _UNKNOWN, _PASTE
        else:
            lost.what = "The server did not answer, and the token is the old one still."
            lost.hint = "Try again later, or make a new token there and paste it."
            self._store.change(before)

    def _sharing(self, before: Integration) -> list[Integration]:
        """Those of the tenant on this server with the same token, itself among them."""
        token = self._secrets.get(owner_of(before))
        mine = [one for one in self._store.all(before.tenant_id) if one.base_url == before.base_url]
        return [one for one in mine if self._secrets.get(owner_of(one)) == token]


def _well(one: Integration, expires: datetime | None) -> Integration:
    return replace(one, expires=expires, what="", hint="")
