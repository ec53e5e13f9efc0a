"""Issues of forges: look at them, change them there, and keep what is remembered in line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from aiops_desktop.domain.changes import Changes, Done, Touched
from aiops_desktop.domain.forges import NewIssue
from aiops_desktop.domain.issues import (
    Brief,
    Issue,
    IssueBoard,
    IssueDetail,
    IssueDraft,
    IssueEdit,
    IssueFilter,
    IssueSaved,
    Synced,
    SyncState,
)
from aiops_desktop.domain.trouble import Clash, Missing, NotTrusted, Refused, Trouble
from aiops_desktop.services.issue_brief import Briefs
from aiops_desktop.services.issue_doors import Doors, Ways, alike, left_out, sure
from aiops_desktop.services.issue_sync import JITTER, OVERLAP, PAUSE, Syncer, told

if TYPE_CHECKING:
    from aiops_desktop.domain.forges import Comment, Forge, ForgeIssue
    from aiops_desktop.domain.integrations import Link
    from aiops_desktop.jobs.job import Job
    from aiops_desktop.services.history import Entry, History
    from aiops_desktop.services.issue_filters import IssueFilters
    from aiops_desktop.services.projects import Projects
    from aiops_desktop.services.tenants import Tenants
    from aiops_desktop.storage.issues import IssueStore

T = TypeVar("T")


class Issues:
    """Issues of projects. Lane for syncs: ("issues", link_id).

    Everything that is changed is changed on the forge first; its answer is what is remembered.

    Attributes:
        filters: what each operator looks for.
    """

    def __init__(
        self,
        store: IssueStore,
        doors: Doors,
        projects: Projects,
        tenants: Tenants,
        history: History,
        syncer: Syncer | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        minutes: Callable[[], int] = lambda: round(PAUSE / 60),
        *,
        filters: IssueFilters,
    ) -> None:
        """`minutes` lie between two syncs in the background; 0: there are none."""
        self._store = store
        self._projects = projects
        self._history = history
        self._now = now
        self._ways = Ways(doors)
        self._minutes = minutes
        self._syncer = syncer or Syncer(store, pause=lambda: 60.0 * minutes() or PAUSE)
        self.filters = filters
        self._briefs = Briefs(store, projects, tenants)

    # Looking ----------------------------------------------------------------------------------

    def board(self, wanted: IssueFilter = IssueFilter()) -> IssueBoard:  # noqa: B008 - frozen
        """The issues that fit, what one may choose from, and how their syncs stand."""
        syncs = self.syncs(project_id=wanted.project_id, tenant_id=wanted.tenant_id)
        return replace(self._store.board(wanted), syncs=tuple(syncs))

    def open_by_project(self) -> dict[int, int]:
        """How many issues of each project are not closed."""
        return self._store.open_by_project()

    def get(self, issue_id: int) -> Issue:
        """One issue with its text, as last synced.

        Raises:
            Missing: it is not remembered.
        """
        return self._store.get(issue_id)

    def find(self, project_id: int, number: int) -> Issue:
        """One by the number people see.

        Raises:
            Missing: the project has none with this number, or it was never synced.
            Refused: several links of the project have one.
        """
        found = self._store.numbered(project_id, number)
        if not found:
            raise Missing(f"There is no issue #{number} here.", "Sync the issues, then try again.")
        if len(found) > 1:
            raise Refused(f"Several forges of this project have an issue #{number}.")
        return found[0]

    def detail(self, issue_id: int) -> IssueDetail:
        """One issue with its comments, as last read; asks nobody.

        Raises:
            Missing: it is not remembered.
        """
        issue = self.get(issue_id)
        said, _fresh, draft = self._store.talk(issue_id)
        state = self._store.sync(issue.link_id, issue.project_id, issue.tenant_id, "")
        return IssueDetail(issue, tuple(said), state.labels, state.members, draft)

    def read(self, issue_id: int, job: Job) -> IssueDetail:
        """The same, brought up to date with the forge; `stale` says when that did not work.

        Raises:
            Missing: it is not remembered.
        """
        issue = self.get(issue_id)
        try:
            link, forge = self._ways.door(issue)
            now = told(link, forge.issue(link.external_id, issue.number, job), self._now())
            said = forge.comments(link.external_id, issue.number, job)
            if now.external_id == issue.external_id:
                self._store.put([now])
                self._store.put_talk(issue.id, said, now.updated)
        except Trouble as trouble:
            return replace(self.detail(issue_id), stale=str(trouble))
        return self.detail(issue_id)

    def syncs(
        self,
        *,
        project_id: int | None = None,
        tenant_id: int | None = None,
        integration_id: int | None = None,
    ) -> list[SyncState]:
        """How the syncs of links stand; disabled integrations are left out."""
        found = []
        for link in self._ways.doors.links(project_id=project_id):
            if tenant_id not in (None, link.tenant_id):
                continue
            if integration_id not in (None, link.integration_id):
                continue
            integration = self._ways.doors.get(link.integration_id)
            if integration.enabled:
                found.append(self._state(link))
        return found

    def due(self) -> list[SyncState]:
        """Syncs whose time in the background has come, the longest waiting first."""
        now, first = self._now(), datetime.min.replace(tzinfo=UTC)
        states = [state for state in self.syncs() if state.alone]
        waiting = [state for state in states if state.due is None or state.due <= now]
        return sorted(waiting, key=lambda state: state.due or first)

    # Syncing ----------------------------------------------------------------------------------

    def sync(self, link_id: int, job: Job, *, sweep: bool = False, quiet: bool = False) -> Synced:
        """Take over what changed on the forge; with `sweep` look for deleted issues now.

        A `quiet` one leaves an event only when it fails after good ones, or the other way round.

        Raises:
            Trouble: the forge said no; it stands at the link until the next good sync.
        """
        link = self._ways.link(link_id)
        state = self._state(link)
        title = state.title

        def work() -> Synced:
            try:
                done = self._syncer.sync(
                    link, state, lambda: self._ways.open(link), job, sweep=sweep
                )
            except NotTrusted as trouble:  # it concerns all that goes through the integration
                self._ways.doors.failed(link.integration_id, trouble)
                raise
            if state.failures:
                self._ways.doors.failed(link.integration_id, None)
            return done

        if not quiet:
            with self._doing("sync issues", link, title) as entry:
                done = work()
                entry.note = done.summary
            return done
        try:
            done = work()
        except Trouble as trouble:
            if not state.failures:
                self._tell(link, title, trouble)
            raise
        if state.failures:
            self._tell(link, title)
        return done

    def sync_all(
        self,
        states: Sequence[SyncState],
        job: Job,
        each: Callable[[Synced | Trouble], object] = lambda _end: None,
        *,
        sweep: bool = False,
    ) -> list[Synced | Trouble]:
        """Sync several links one after the other; one that fails does not stop the others.

        Args:
            states: which, as `syncs` gives them.
            job: Stop ends all of it.
            each: is told how each of them ended, at once.
            sweep: look for deleted issues now.
        """
        ends: list[Synced | Trouble] = []
        for state in states:
            try:
                ends.append(self.sync(state.link_id, job, sweep=sweep))
            except Trouble as trouble:
                ends.append(trouble)
            each(ends[-1])
        return ends

    # Changing ---------------------------------------------------------------------------------

    def create(self, draft: IssueDraft, job: Job) -> IssueSaved:
        """Make an issue on the forge.

        Raises:
            Refused: no title; the project is linked to no forge, or to several and none is named.
            Trouble: of the forge.
        """
        title = _title(draft.title)
        link = self._ways.only_link(draft.project_id, draft.link_id)
        forge = self._ways.open(link)
        new = NewIssue(
            title,
            draft.body.strip(),
            draft.labels,
            draft.assignees,
            draft.milestone,
            draft.confidential,
        )
        with self._doing("create issue", link, title) as entry:
            cursor = self._state(link).cursor
            # By the server's own clock, which may be far from this computer's.
            before = cursor - OVERLAP if cursor else None

            def look() -> ForgeIssue | None:
                """What a cut-off request may have made: the account's own, new, the same words."""
                me = forge.account(job).person.login
                known = self._store.external_ids(link.id)
                for page in forge.issues(link.external_id, before, job):
                    for one in page:
                        same = alike(one.title, title) and alike(one.body, new.body)
                        if same and one.author == me and one.external_id not in known:
                            return one
                return None

            made = sure(lambda: forge.create_issue(link.external_id, new, job), look)
            issue = self._take(link, made)
            entry.facts = {"issue": f"#{issue.number}", "address": issue.url}
            missing = left_out(draft, issue)
            entry.note = missing
        return IssueSaved(issue, _changes(issue), missing)

    def comment(self, issue_id: int, text: str, job: Job) -> IssueSaved:
        """Write under an issue; the draft of it is forgotten.

        Raises:
            Refused: there is nothing to write.
            Trouble: of the forge; the text is kept as a draft.
        """
        body = text.strip()
        if not body:
            raise Refused("The comment is empty.", "Write something first.", field="text")
        issue = self.get(issue_id)
        link, forge = self._ways.door(issue)
        self._store.keep_draft(issue_id, body)
        with self._doing("comment on issue", link, _called(issue)):
            known = {said.external_id for said in self._store.talk(issue_id)[0]}

            def look() -> Comment | None:
                me = forge.account(job).person.login
                for said in reversed(forge.comments(link.external_id, issue.number, job)):
                    later = not (said.created and issue.updated) or said.created >= issue.updated
                    new = said.external_id not in known and later
                    if new and said.author == me and alike(said.body, body):
                        return said
                return None

            said = sure(lambda: forge.comment(link.external_id, issue.number, body, job), look)
            self._store.add_comment(issue_id, said)
        return IssueSaved(self.get(issue_id), _changes(issue))

    def edit(
        self, issue_id: int, edit: IssueEdit, job: Job, *, seen: Issue | None = None
    ) -> IssueSaved:
        """Change title, text, labels, people or the milestone.

        Args:
            issue_id: which.
            edit: what is to be another.
            job: shows where it is, and stops it.
            seen: as it was when the person began to write; with it a title or text that somebody
                else changed since is not written over.

        Raises:
            Refused: it would have no title.
            Clash: somebody else changed it meanwhile; what they wrote is remembered by then.
            Trouble: of the forge.
        """
        if edit.title is not None:
            edit = replace(edit, title=_title(edit.title))
        issue = self.get(issue_id)
        if seen is not None and (edit.title, edit.body) != (None, None):
            link, forge = self._ways.door(issue)
            now = self._take(link, forge.issue(link.external_id, issue.number, job))
            if (now.title, now.body) not in ((seen.title, seen.body), (edit.title, edit.body)):
                raise Clash(
                    "Somebody else changed this issue meanwhile.",
                    "Look at what they wrote; saving again writes over it.",
                )
        return self._edit("edit issue", issue, edit, job)

    def set_labels(self, issue_id: int, labels: Sequence[str], job: Job) -> IssueSaved:
        """Replace an issue's labels."""
        wanted = IssueEdit(labels=tuple(dict.fromkeys(labels)))
        return self._edit("label issue", self.get(issue_id), wanted, job, ", ".join(labels))

    def assign(self, issue_id: int, logins: Sequence[str], job: Job) -> IssueSaved:
        """Replace an issue's assignees; none takes it from everybody."""
        wanted = IssueEdit(assignees=tuple(dict.fromkeys(logins)))
        return self._edit("assign issue", self.get(issue_id), wanted, job, ", ".join(logins))

    def close(self, issue_id: int, job: Job) -> IssueSaved:
        """Close an issue."""
        return self._change(
            "close issue",
            self.get(issue_id),
            lambda forge, link, n: forge.close(link.external_id, n, job),
        )

    def reopen(self, issue_id: int, job: Job) -> IssueSaved:
        """Open a closed issue again."""
        return self._change(
            "reopen issue",
            self.get(issue_id),
            lambda forge, link, n: forge.reopen(link.external_id, n, job),
        )

    def keep_draft(self, issue_id: int, text: str) -> Done:
        """Remember a comment that was begun; nobody else sees it."""
        self._store.keep_draft(issue_id, text)
        return Done(Changes())

    def brief(self, issue_id: int) -> Brief:
        """Write the context file of an issue, and give the prompt for an assist run about it."""
        return self._briefs.write(self.get(issue_id), self._store.talk(issue_id)[0])

    # How --------------------------------------------------------------------------------------

    def _edit(
        self, verb: str, issue: Issue, edit: IssueEdit, job: Job, note: str = ""
    ) -> IssueSaved:
        return self._change(
            verb,
            issue,
            lambda forge, link, n: forge.edit_issue(link.external_id, n, edit, job),
            note,
            partial(left_out, edit),
        )

    def _change(
        self,
        verb: str,
        issue: Issue,
        does: Callable[[Forge, Link, int], ForgeIssue],
        note: str = "",
        lacks: Callable[[Issue], str] = lambda _now: "",
    ) -> IssueSaved:
        link, forge = self._ways.door(issue)
        with self._doing(verb, link, _called(issue)) as entry:
            entry.note = note
            # These name the wanted end, so that a second try after a lost answer does no harm.
            found = sure(
                lambda: does(forge, link, issue.number), lambda: does(forge, link, issue.number)
            )
            now = self._take(link, found)
            missing = lacks(now)
            entry.note = missing or note
        return IssueSaved(now, _changes(now), missing)

    @contextlib.contextmanager
    def _doing(self, verb: str, link: Link, what: str) -> Iterator[Entry]:
        project = self._projects.get(link.project_id)
        with self._history.doing(
            verb,
            f"{project.name}: {what}",
            tenant_id=link.tenant_id,
            project_id=link.project_id,
        ) as entry:
            yield entry

    def _tell(self, link: Link, title: str, trouble: Trouble | None = None) -> None:
        """Leave an event of a quiet sync."""
        with contextlib.suppress(Trouble), self._doing("sync issues", link, title):
            if trouble is not None:
                raise trouble

    def _state(self, link: Link) -> SyncState:
        integration = self._ways.doors.get(link.integration_id)
        title = f"{integration.name}: {link.path}"
        known = self._store.sync(link.id, link.project_id, link.tenant_id, title)
        minutes, due = self._minutes(), known.due
        if due and known.synced and not known.failures:  # the setting may be shorter by now
            due = min(due, known.synced + timedelta(minutes=minutes * (1 + JITTER)))
        return replace(
            known,
            due=due,
            alone=minutes > 0,
            integration_id=integration.id,
            integration=integration.name,
        )

    def _take(self, link: Link, found: ForgeIssue) -> Issue:
        self._store.put([told(link, found, self._now())])
        mine = [i for i in self._store.numbered(link.project_id, found.number, link.id)]
        return next(issue for issue in mine if issue.external_id == found.external_id)


def _title(told: str) -> str:
    title = " ".join(told.split())
    if not title:
        raise Refused("The issue needs a title.", "Say what it is about.", field="title")
    return title


def _called(issue: Issue) -> str:
    return f"#{issue.number} {issue.title}"


def _changes(issue: Issue) -> Changes:
    return Changes(Touched.ISSUES | Touched.HISTORY, issue.project_id)
