"""How the issues of one link are brought in line with its forge, and when that is done again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.forges import Hidden, Limited
from aiops_desktop.domain.issues import Issue, Synced, SyncState, state_of
from aiops_desktop.domain.trouble import Refused, Trouble

if TYPE_CHECKING:
    from aiops_desktop.domain.forges import Forge, ForgeIssue
    from aiops_desktop.domain.integrations import Link
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.storage.issues import IssueStore

#: Changes are asked for from so long before the newest known one: clocks and transactions of the
#: server may put an older change behind a newer one (facts: forges, 7).
OVERLAP = timedelta(seconds=60)
#: Seconds between two syncs in the background unless the settings say otherwise, and after the
#: first failure; the pause doubles with every further one up to the longest. Each is taken a fifth
#: (`JITTER`) shorter or longer.
PAUSE, RETRY, LONGEST, JITTER = 300.0, 60.0, 3600.0, 0.2
#: How often deleted, moved and hidden issues are looked for.
SWEEP = timedelta(hours=24)
#: Lists are asked for again so often when rows moved between their pages.
ROUNDS = 3
#: Vanished issues looked at one by one in one sweep, and comments caught up with in one sync.
LOOKS, TALKS = 500, 25


@dataclass
class _Pass:
    """One walk through a forge's list."""

    seen: set[str] = field(default_factory=set)
    fresh: int = 0
    newest: datetime | None = None
    shifted: bool = False
    """An issue came twice, so another one may have slipped between two pages."""


class Syncer:
    """Syncs links. Interrupted anywhere, the next one takes up what is missing.

    The cursor moves only when a sync came to its end; issues are taken over by the forge's own id.

    Args of the constructor: `pause` says how many seconds lie between two syncs; `now` and `chance`
    (0 to 1) are for tests.
    """

    def __init__(
        self,
        store: IssueStore,
        *,
        pause: Callable[[], float] = lambda: PAUSE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._pause = pause
        self._now = now
        self._chance = chance

    def sync(
        self, link: Link, state: SyncState, forge: Callable[[], Forge], job: Job, *, sweep: bool
    ) -> Synced:
        """Take over what changed, or everything with `sweep` and when a look around is due.

        Raises:
            Trouble: of the forge; it stands at the link, too, and the next try has its time.
            Stopped: what was taken over by then stays.
        """
        begun = self._now()
        self._store.save_sync(link.id, tried=begun)
        try:
            return self._sync(link, state, forge(), job, begun, sweep=sweep)
        except Trouble as trouble:
            failures = state.failures + 1
            pause = min(RETRY * 2 ** min(failures - 1, 10), LONGEST)
            due = self._later(pause)
            if isinstance(trouble, Limited):
                due = max(due, trouble.until)
            self._store.save_sync(
                link.id, failures=failures, what=trouble.what, hint=trouble.hint, due=due
            )
            raise

    # How --------------------------------------------------------------------------------------

    def _sync(
        self, link: Link, state: SyncState, forge: Forge, job: Job, begun: datetime, *, sweep: bool
    ) -> Synced:
        whole = state.cursor is None
        sweep = sweep or whole or state.swept is None or begun - state.swept >= SWEEP
        if sweep:
            self._look_around(link, forge, job)
        walked = self._walk(link, forge, job, state, whole=whole, before=None)
        everything = walked
        if sweep and not whole:
            everything = self._walk(link, forge, job, state, whole=True, before=begun)
        gone, through = self._vanished(link, forge, job, everything.seen) if sweep else (0, True)
        cursor = max((t for t in (state.cursor, walked.newest) if t), default=None)
        swept = begun if sweep and through and not everything.shifted else state.swept
        due = self._later(self._pause())
        self._store.save_sync(
            link.id,
            cursor=cursor,
            synced=self._now(),
            swept=swept,
            failures=0,
            what="",
            hint="",
            due=due,
        )
        self._catch_up(link, forge, job)
        after = self._store.sync(link.id, link.project_id, link.tenant_id, state.title)
        fresh = walked.fresh + (everything.fresh if everything is not walked else 0)
        changes = Changes(Touched.ISSUES | Touched.HISTORY, link.project_id)
        return Synced(after, len(everything.seen), fresh, gone, sweep, changes)

    def _look_around(self, link: Link, forge: Forge, job: Job) -> None:
        """Whose token it is, and what one may choose from; not every account may know."""
        job.progress("Reading labels and people")
        values: dict[str, object] = {"login": forge.account(job).person.login}
        reads = (
            ("labels", forge.labels),
            ("members", forge.members),
            ("milestones", forge.milestones),
        )
        for name, read in reads:
            try:
                values[name] = read(link.external_id, job)
            except (Refused, Hidden):
                continue
        self._store.save_sync(link.id, **values)

    def _walk(
        self,
        link: Link,
        forge: Forge,
        job: Job,
        state: SyncState,
        *,
        whole: bool,
        before: datetime | None,
    ) -> _Pass:
        since = None if whole or state.cursor is None else state.cursor - OVERLAP
        walked = _Pass()
        for _round in range(ROUNDS):
            this: set[str] = set()
            walked.shifted = False
            for page in forge.issues(link.external_id, since, job):
                issues = {one.external_id: told(link, one, self._now()) for one in page}
                walked.fresh += self._store.put(list(issues.values()), before=before)
                walked.shifted |= len(issues) < len(page) or bool(this & issues.keys())
                this |= issues.keys()
                times = [one.updated for one in page if one.updated]
                walked.newest = max(
                    [*times, *([walked.newest] if walked.newest else [])], default=None
                )
                walked.seen |= this
                job.progress("Reading issues", len(this))
            if not walked.shifted:
                break
        return walked

    def _vanished(self, link: Link, forge: Forge, job: Job, seen: set[str]) -> tuple[int, bool]:
        """Look at each known issue the forge's list did not hold: it may have slipped through.

        Returns:
            How many are gone, and whether all were looked at.
        """
        known = self._store.external_ids(link.id)
        missing = [issue for key, issue in known.items() if key not in seen]
        gone = 0
        for count, issue in enumerate(missing[:LOOKS]):
            job.progress("Looking for deleted issues", count, min(len(missing), LOOKS))
            try:
                found = forge.issue(link.external_id, issue.number, job)
            except Hidden:
                found = None
            if found is not None and found.external_id == issue.external_id and not found.moved:
                self._store.put([told(link, found, self._now())])
            else:
                self._store.set_gone([issue.id], self._now())
                gone += 1
        return gone, len(missing) <= LOOKS

    def _catch_up(self, link: Link, forge: Forge, job: Job) -> None:
        """Read the comments of a few open issues that changed, so that they can be searched.

        What does not come now is read when somebody opens the issue, or by the next sync.
        """
        for issue in self._store.untalked(link.id, TALKS):
            job.progress("Reading comments")
            try:
                said = forge.comments(link.external_id, issue.number, job)
            except (Refused, Hidden):
                said = ()
            except Trouble:
                return
            self._store.put_talk(issue.id, said, issue.updated)

    def _later(self, pause: float) -> datetime:
        return self._now() + timedelta(seconds=pause * (1 - JITTER + 2 * JITTER * self._chance()))


def told(link: Link, found: ForgeIssue, at: datetime) -> Issue:
    """An issue of a forge as this program remembers it; `at` is now."""
    same = ("external_id", "number", "title", "url", "author", "assignees", "labels", "milestone")
    more = ("due", "created", "updated", "confidential", "comments", "body")
    state = state_of("closed" if found.closed else found.state, found.labels)
    return Issue(
        id=0,
        link_id=link.id,
        project_id=link.project_id,
        tenant_id=link.tenant_id,
        state=state,
        original=found.state,
        closed=found.closed_at,
        gone=at if found.moved else None,
        **{name: getattr(found, name) for name in (*same, *more)},
    )
